"""What can stand at the end of a command line that is being typed: commands, options, functions, files, number formats.

A shell asks by calling the program with `_GRADCALC_COMPLETE=complete_bash` (or zsh, or fish) and the line up to the
cursor in `COMP_LINE`; or its words in `COMP_WORDS` and the number of the current one in `COMP_CWORD`.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias, get_args

from typer.models import ParameterInfo

from gradcalc.base.floating import FORMATS
from gradcalc.cli.command import EXPRESSION, kind
from gradcalc.cli.installing import shell_of
from gradcalc.cli.typed import opened
from gradcalc.files.columns.kinds import KINDS
from gradcalc.functions import NAMED

LAST_NAME = re.compile(r"[^\W\d]\w*$")
ESCAPED = {"": '\\"$`', '"': '\\"$`', "'": ""}  # what a backslash takes the meaning of, outside and inside quotes
Candidates: TypeAlias = Iterable[tuple[str, str]]  # texts for the whole word, each with a few words about it


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as a shell takes it apart: the words before the current one, that as far as it is typed, its quote."""

    words: tuple[str, ...]
    current: str
    quote: str = ""


def taken_apart(line: str) -> Typed:
    """The words of a line, of which the last may still be inside quotes."""
    words: list[str] = []
    current, quote, begun = "", "", False
    letters = iter(line)
    for letter in letters:
        if letter == "\\" and quote != "'":
            follows = next(letters, "")
            current += follows if not quote or follows in ESCAPED[quote] else letter + follows
            begun = True
        elif letter == quote:
            quote = ""
        elif quote:
            current += letter
        elif letter in "\"'":
            quote, begun = letter, True
        elif letter.isspace():
            if begun:
                words.append(current)
            current, begun = "", False
        else:
            current, begun = current + letter, True
    return Typed(tuple(words), current, quote)


def typed() -> Typed:
    """What stands on the line, by the environment; the program's own name is left out."""
    line = os.environ.get("COMP_LINE", os.environ.get("_TYPER_COMPLETE_ARGS"))
    if line is not None:
        found = taken_apart(line[: int(os.environ.get("COMP_POINT") or len(line))])
    else:
        words, place = taken_apart(os.environ.get("COMP_WORDS", "") + " ").words, os.environ.get("COMP_CWORD", "")
        index = int(place) if place.isdigit() else len(words)
        found = Typed(words[:index], words[index] if index < len(words) else place if not place.isdigit() else "")
    return Typed(found.words[1:], found.current, found.quote)


def answer(shell: str, commands: Mapping[str, str]) -> str:
    """What a shell reads: a line for each candidate."""
    found = typed()
    name = next((word for word in found.words if not word.startswith("-")), None)
    if name is None:
        known = list(commands.items())
        shown = known if not found.current.startswith("-") else [*PROGRAM]
    else:
        shown = list(within(opened(name), found)) if name in commands else []
    fitting = [(text, about) for text, about in shown if text.startswith(found.current)]
    return shell_of(shell).lines(fitting, found.current, found.quote)


PROGRAM = (
    ("--help", "Show help."),
    ("--version", "Print the version."),
    ("--install-completion", "Complete in this shell from now on."),
    ("--show-completion", "Print the completion for this shell."),
)


def within(command: Any, found: Typed) -> Candidates:
    """The candidates behind a command."""
    options = [one for one in command.params if one.param_type_name == "option"]
    named = {text: one for one in options for text in (*one.opts, *one.secondary_opts)}
    flags = {text for text, one in named.items() if one.is_flag}
    rest, places = iter(found.words[found.words.index(command.name) + 1 :]), 0
    waiting = None  # for its value
    for word in rest:
        waiting = named[word] if word in named and word not in flags and waiting is None else None
        places += waiting is None and word not in named and not word.startswith("--")
    if waiting is not None:
        return values(waiting, command.callback, found.current, found.quote)
    option, equals, value = found.current.partition("=")
    if equals and option in named:
        return [
            (f"{option}={text}", about) for text, about in values(named[option], command.callback, value, found.quote)
        ]
    if found.current.startswith("-"):
        return [(text, one.help or "") for text, one in named.items() if text.startswith("--")] + [("--help", "")]
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    return values(arguments[places], command.callback, found.current, found.quote) if places < len(arguments) else []


def values(parameter: Any, callback: Any, current: str, quote: str) -> Candidates:
    """What the value of an option or an argument can be: what it declares itself, or what others of its kind can."""
    annotation = inspect.signature(callback).parameters[parameter.name].annotation
    info = next(one for one in get_args(annotation) if isinstance(one, ParameterInfo))
    declared: Callable[[], list[str]] | None = info.autocompletion
    wanted, metavar = kind(annotation), parameter.metavar or ""
    if declared is not None:
        return [(text, "") for text in declared()]
    if issubclass(wanted, StrEnum):
        return [(str(one), "") for one in wanted]
    if wanted is Path:
        return files(current)
    if "|" in metavar:
        return [(one, "") for one in metavar.split("|")]
    known = BY_METAVAR.get(metavar)
    return known(current, quote) if known else []


def files(current: str, ending: str = "") -> Iterator[tuple[str, str]]:
    """Files and folders that a path may go on to, folders with a slash; hidden ones where it says so."""
    folder, _, name = current.rpartition("/")
    start = f"{folder}/" if "/" in current else ""
    try:
        entries = sorted(Path(start or ".").expanduser().iterdir())
    except OSError:
        return
    for one in entries:
        if one.name.startswith(name) and one.name.startswith(".") <= name.startswith("."):
            if one.is_dir():
                yield f"{start}{one.name}/", ""
            elif one.name.endswith(ending):
                yield f"{start}{one.name}", ""


def expressions(current: str, quote: str) -> Candidates:
    """Functions that the last name of an expression may become; files after `@`."""
    if current.startswith("@"):
        return [(f"@{path}", about) for path, about in files(current[1:])]
    last = LAST_NAME.search(current)
    if current and last is None:
        return []
    before = current[: last.start()] if last else ""
    bracket = "(" if quote else ""  # without quotes a shell would take it for its own
    found = {name: row for row in NAMED.values() for name in (row.name, *row.aliases)}
    return [(f"{before}{name}{bracket}", row.definition or "") for name, row in sorted(found.items())]


def dtypes(current: str, quote: str) -> Candidates:
    """Number formats, with commas between several."""
    before = current[: current.rfind(",") + 1]
    return [(before + name, "") for name in FORMATS]


def code(current: str, quote: str) -> Candidates:
    """Files of Python code."""
    return files(current, ".py")


def points(current: str, quote: str) -> Candidates:
    """Files of numbers, after `@`."""
    before, mark, path = current.partition("@")
    return [(f"{before}@{text}", about) for text, about in files(path)] if mark else []


BY_METAVAR: dict[str, Callable[[str, str], Candidates]] = {
    EXPRESSION: expressions,
    "GRADIENT": expressions,
    "TYPE": dtypes,
    "TARGET": code,
    "FILE": lambda current, quote: files(current),
    "POINT": points,
    "KIND": lambda current, quote: [(name, "") for name in KINDS],
}
