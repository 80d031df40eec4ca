"""Help: the first page, which is written without any library, and the options of a command in panels."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

TYPE_CHECKING = False  # `typing` takes as long to load as the page takes to write
if TYPE_CHECKING:
    from typing import Any

HELP = frozenset({"--help", "-h"})
VERSION = frozenset({"--version", "-V"})
FIRST = HELP | VERSION
DOES = "Derive a gradient symbolically and by torch autograd, and see whether the two agree."
INSTALLING = ("--install-completion", "--show-completion")
OPTIONS = {
    "-V, --version": "Print the version.",
    INSTALLING[0]: "Complete commands in your shell; name it where it is another.",
    INSTALLING[1]: "Print what --install-completion installs.",
    "-h, --help": "Show this message and exit.",
}
ARGUMENTS, OWN = "Arguments", "Options"  # the panels of what is in no other
EXAMPLES = (
    'gradcalc diff "sin(x**2)" --at 3',
    'gradcalc check "x*exp(-x)" --gradient "(1 - x)*exp(-x)"',
    'gradcalc graph "y = x^2; z = sin(y)" --at 3',
)
BEGIN = "gradcalc lessons is a tour of the lecture, each example a command to type."
NARROWEST, WIDEST = 50, 78  # columns, as the help of commands has them


def page(commands: Mapping[str, tuple[str, str]]) -> str:
    """The page for commands by name, each with what it is for and what it does, as wide as the terminal."""
    width = max(min(_columns() - 2, WIDEST), NARROWEST)
    purposes: dict[str, dict[str, str]] = {}
    for name, (purpose, summary) in commands.items():
        purposes.setdefault(purpose, {})[name] = summary
    lines = ["Usage: gradcalc [OPTIONS] COMMAND [ARGS]...", "", *_filled(DOES, "  ", width)]
    lines += ["", "Examples:", *(f"  {example}" for example in EXAMPLES), "", BEGIN]
    for title, rows in {**purposes, "Options": OPTIONS}.items():
        column = max(map(len, rows)) + 4
        lines += ["", f"{title}:"]
        for name, summary in rows.items():
            first, *rest = _filled(summary, " " * column, width)
            lines += [f"  {name}".ljust(column) + first.lstrip(), *rest]
    return "".join(f"{line}\n" for line in lines)


def _columns() -> int:
    """Of the terminal, as `shutil` finds them, which takes longer to load than the page takes to write."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(1).columns or WIDEST + 2
    except OSError:
        return WIDEST + 2


def _filled(text: str, indent: str, width: int) -> Iterator[str]:
    """A text in lines of at most so many columns."""
    line = indent
    for word in text.split():
        if line != indent and len(line) + len(word) + 1 > width:
            yield line
            line = indent
        line += word if line == indent else f" {word}"
    yield line


def write_panels(parameters: Iterable[Any], ctx: Any, formatter: Any) -> None:
    """A section for each panel, in the order of their first options; what all commands have in common comes last."""
    panels: dict[str, list[tuple[str, str]]] = {}
    for one in parameters:
        own = ARGUMENTS if one.param_type_name == "argument" else OWN
        common = list(panels)[-1] if panels and one.name == "help" else None
        if record := one.get_help_record(ctx):
            panels.setdefault(getattr(one, "rich_help_panel", None) or common or own, []).append(record)
    for title, records in panels.items():
        with formatter.section(title):
            formatter.write_dl(records)
