"""`%load_ext gradcalc`: the commands as magics of IPython and Jupyter, in a session where definitions stay."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from IPython.core.magic import no_var_expand
from IPython.display import display

from gradcalc.base.errors import GradcalcError, UsageError
from gradcalc.base.faults import fault
from gradcalc.cli import app, output, typed
from gradcalc.cli.output import Result
from gradcalc.cli.prompt.session import Session
from gradcalc.cli.signals import INTERRUPTED
from gradcalc.render.error import render

ELSEWHERE = ("repl", "serve")  # commands that are processes of their own
VALUE = re.compile(r"\$[^\W\d]\w*|\{[^{}]*\}")  # what IPython has for the value of a variable


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext gradcalc` calls: `%gradcalc` and `%%gradcalc` are there from now on."""
    session = NotebookSession(shell)

    def gradcalc(line: str, cell: str | None = None) -> Result | None:
        """Run a gradcalc command: `%gradcalc diff x**2 --at 3`; it returns the result, which is shown.

        Without a command it is `diff`, and definitions stay: `%gradcalc f = x^2*y`. Of `%%gradcalc` the cell is the
        expression or the program, or the input of a command that has none. An expression needs no quotes. In options,
        `{name}` and `$name` are values of the notebook's variables, and so is an expression that is nothing else.
        """
        return session.ask(line, cell)

    told = no_var_expand(gradcalc)  # nothing in a line before its time: the braces of an expression are LaTeX's own
    shell.register_magic_function(told, "line_cell", "gradcalc")


class NotebookSession(Session):
    """A session whose commands run in this process, and hand over their results."""

    def __init__(self, shell: Any) -> None:
        super().__init__([name for name in app.COMMANDS if name not in ELSEWHERE], app.main)
        self.shell = shell
        self.results: list[Result] = []
        self.cell: str | None = None

    def ask(self, line: str, cell: str | None) -> Result | None:
        """The last result of a line, or of a cell. Raises a GradcalcError that IPython shows as its message alone."""
        self.results, self.cell = [], cell
        try:
            if line.strip().partition(" ")[0] in ELSEWHERE:
                raise UsageError("this is a session already", hint="definitions stay: %gradcalc f = x^2*y")
            if cell is None:
                self.answer(line)
            else:
                self.answer_cell(line, cell)
        except GradcalcError as error:
            text = render(error)
            error._render_traceback_ = text.splitlines  # type: ignore[attr-defined]  # which IPython asks for
            raise
        for one in self.results[:-1]:
            display(one)
        return self.results[-1] if self.results else None

    def taken_apart(self, rest: str) -> tuple[str, list[str]]:
        """An expression, which a variable may hold, and the words of the options behind it."""
        text, words = super().taken_apart(rest)
        return self.shell.var_expand(text) if VALUE.fullmatch(text) else text, words

    def words_of(self, options: str) -> list[str]:
        """Words as a shell has them; the value of a variable is a part of one word, whatever is in it."""
        values: list[str] = []

        def kept(found: re.Match[str]) -> str:
            values.append(self.shell.var_expand(found[0]))
            return f"\0{len(values) - 1}\0"

        words = super().words_of(VALUE.sub(kept, options))
        return [re.sub("\0(\\d+)\0", lambda found: values[int(found[1])], word) for word in words]

    def _call(self, words: Sequence[str]) -> None:
        with self._streams():
            output.takers.append(self.results.append)
            try:
                code = typed.run(words, app.COMMANDS)
            except GradcalcError:
                raise
            except Exception as error:  # as the command line ends, so does this
                raise fault(error) from error
            finally:
                output.takers.pop()
        if code == INTERRUPTED:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def _streams(self) -> Iterator[None]:
        """Standard streams as programs have them: those of a notebook take no bytes. The cell is the input."""
        told, outer = io.TextIOWrapper(io.BytesIO(), "utf-8"), sys.stdin
        with tempfile.TemporaryFile("w+", encoding="utf-8") as asked:
            asked.write(self.cell or "")
            asked.seek(0)
            sys.stdin = asked
            try:
                with contextlib.redirect_stdout(told):
                    yield
            finally:
                sys.stdin = outer
                told.seek(0)
                sys.stdout.write(told.read())
