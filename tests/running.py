"""Command lines run in the process of the tests: how they end, and what they print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from gradcalc.cli.app import main


class Done(NamedTuple):
    """The exit code of a command line, and what it wrote to stdout and to stderr."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Run:
    """Runs command lines; `command` stands before the arguments that it is given."""

    capsys: pytest.CaptureFixture[str]
    command: tuple[str, ...]

    def __call__(self, *arguments: str) -> Done:
        """One that may end in any way."""
        code = main((*self.command, *arguments))
        return Done(code, *self.capsys.readouterr())

    def printed(self, *arguments: str, code: int = 0) -> str:
        """What one prints that ends with `code`."""
        done = self(*arguments)
        assert done.code == code, done.err
        return done.out

    def refused(self, *arguments: str) -> str:
        """What one says on stderr that is bad input: nothing else comes out."""
        done = self(*arguments)
        assert (done.code, done.out) == (2, "")
        return done.err

    def record(self, *arguments: str, code: int | None = None) -> dict[str, Any]:
        """The object that one prints as strict JSON, and that ends with `code` where that matters."""
        done = self(*arguments, "--json")
        assert code in (None, done.code), done.err
        found: dict[str, Any] = json.loads(done.out, parse_constant=pytest.fail)
        return found
