"""One session at the prompt: what a line asks for, and how that is run so that Ctrl-C ends it and not the session."""

from __future__ import annotations

import inspect
import os
import re
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from gradcalc.base.errors import GradcalcError, UsageError, did_you_mean
from gradcalc.cli import child
from gradcalc.cli.line import GRACE
from gradcalc.cli.options import Expression
from gradcalc.cli.prompt.notes import Notes
from gradcalc.cli.typed import function
from gradcalc.syntax.letters import GREEK

Run: TypeAlias = Callable[[Sequence[str]], int]  # the program
COMMAND = re.compile(r"[a-z]{3,} +[^\W\d]")  # as a command stands before its expression
OPTION = re.compile(r"""(?:^|\s)(?=--?[a-zA-Z])""")
HELP = """\
x^2*y                derive an expression; at a point where its variables have values
f = x^2*y, x = 3     definitions stay: a formula, or a variable's value
steps f --order 2    every command under its own name: {commands}
_                    the derivative of the line before
:help COMMAND        what a command takes
:list  :clear NAME   what is defined; forget it, or all
:quit                leave, as Ctrl-D does; Ctrl-C ends what is being computed
"""


class Session:
    """What a session knows; `commands` are the program's, by name; `run` runs one."""

    def __init__(self, commands: Sequence[str], run: Run) -> None:
        self.commands, self.run = commands, run
        self.notes = Notes()

    def answer(self, line: str) -> bool:
        """Do what a line asks for; False where it ends the session. Raises GradcalcError."""
        text = line.strip()
        word, _, rest = text.partition(" ")
        if word.startswith(":"):
            return self._colon(word[1:], rest.strip())
        if text in ("quit", "exit"):
            return False
        if word in self.commands and not rest.lstrip().startswith("="):
            self._call(self._words(word, rest.strip()))
        elif text and self.notes.define(text) is None:
            self._require_command(word, self.taken_apart(text)[0])
            self._call(self._words("diff", text))
        return True

    def answer_cell(self, line: str, cell: str) -> None:
        """Do what a line asks for about the cell below it: that is the expression, where the line has none.

        Raises GradcalcError.
        """
        word, _, rest = line.strip().partition(" ")
        command, rest = (word, rest) if word in self.commands else ("diff", line)
        if not self._takes_expression(command):
            self._call([command, *self.words_of(rest)])
            return
        text, words = self.taken_apart(rest)
        self._call(self._about(command, text or cell.strip(), words))

    def _require_command(self, word: str, text: str) -> None:
        """Raises UsageError where the first of two words is no name that is known: it is rather a command's."""
        if not COMMAND.match(text) or word in GREEK or word in self.notes.values:
            return
        try:
            names = self.notes.variables(text)
        except GradcalcError:  # of what cannot be read, the reader knows better what to say
            return
        if word in names:
            hint = did_you_mean(word, self.commands) or f"a product is written {word}*…"
            raise UsageError(f"unknown command `{word}`", hint=hint)

    def _colon(self, word: str, rest: str) -> bool:
        """What speaks of the session itself."""
        if word in ("quit", "q", "exit"):
            return False
        if word == "help" and rest:
            self._call([rest, "--help"])
        elif word == "help":
            sys.stdout.write(HELP.format(commands=", ".join(self.commands)))
        elif word == "list":
            lines = [*self.notes.formulas.values(), *(f"{name} = {text}" for name, text in self.notes.values.items())]
            sys.stdout.write("".join(f"{one}\n" for one in lines))
        elif word == "clear":
            self._clear(rest)
        else:
            near = did_you_mean(word, ("help", "list", "clear", "quit"))
            raise UsageError(f"unknown `:{word}`", hint=near or ":help lists what there is")
        return True

    def _clear(self, name: str) -> None:
        if not name:
            self.notes.formulas.clear()
            self.notes.values.clear()
        elif self.notes.formulas.pop(name, None) is self.notes.values.pop(name, None):
            raise UsageError(f"`{name}` is not defined", hint=":list shows what is")

    def _words(self, command: str, rest: str) -> list[str]:
        """The command line: the expression with what it uses before it, at the values that its variables have."""
        if not self._takes_expression(command):
            return [command, *self.words_of(rest)]
        return self._about(command, *self.taken_apart(rest))

    def _takes_expression(self, command: str) -> bool:
        parameters = inspect.signature(function(command)).parameters
        return any(one.annotation == Expression for one in parameters.values())

    def taken_apart(self, rest: str) -> tuple[str, list[str]]:
        """An expression, and the words of the options behind it."""
        place = OPTION.search(rest)
        text, options = (rest[: place.start()], rest[place.end() :]) if place else (rest, "")
        return _unquoted(text.strip()), self.words_of(options)

    def words_of(self, options: str) -> list[str]:
        """Words as a shell has them. Raises UsageError where quotes are not closed."""
        return _split(options)

    def _about(self, command: str, text: str, words: list[str]) -> list[str]:
        """The command line about an expression."""
        parameters = inspect.signature(function(command)).parameters
        if not text or {"--help", "-h"} & set(words) or text.startswith("@"):
            return [command, *([text] if text else []), *words]
        program = self.notes.program(text)
        if (
            not {"--at", "--points"} & {word.partition("=")[0] for word in words}
            and "at" in parameters
            and command != "check"
        ):  # which checks everywhere, not at one point
            point = self.notes.point(program, _ranges(words))
            words += ["--at", point] if point else []
        self.notes.last = program
        return [command, program, *words]

    def _call(self, words: Sequence[str]) -> None:
        """Run the program in a process of its own: what hangs there is ended, and nothing of it stays here."""
        if not hasattr(os, "fork"):
            self.run(words)
            return
        sys.stdout.flush()
        one = os.fork()
        if not one:
            child.allow()
            code = 70
            try:
                code = self.run(words)
                sys.stdout.flush()
                sys.stderr.flush()
            except KeyboardInterrupt:
                code = 130
            finally:
                os._exit(code)
        _waited(one)


def _waited(one: int) -> None:
    """Wait for a process; at Ctrl-C, which it hears too, for a moment more, and then end it."""
    while True:
        try:
            os.waitpid(one, 0)
            return
        except KeyboardInterrupt:
            signal.signal(signal.SIGALRM, lambda number, frame: os.kill(one, signal.SIGKILL))
            signal.setitimer(signal.ITIMER_REAL, GRACE)
            sys.stderr.write("\ninterrupted\n")
            os.waitpid(one, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            return


def _split(text: str) -> list[str]:
    """Words as a shell has them. Raises UsageError where quotes are not closed."""
    try:
        return shlex.split(text)
    except ValueError:
        raise UsageError("a quote is never closed", hint="write it in pairs, or leave it out") from None


def _unquoted(text: str) -> str:
    """An expression without the quotes that a shell would need."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _ranges(words: Sequence[str]) -> dict[str, str]:
    """The variables that --range gives."""
    texts = [text for word, text in pairwise(words) if word == "--range"]
    pairs = (one.partition("=") for text in texts for one in text.split(","))
    return {name.strip(): value for name, _, value in pairs}
