"""`gradcalc repl`: a prompt, where definitions stay."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from gradcalc.answers.gradient.scalar import load_engines
from gradcalc.base.errors import GradcalcError, MissingProgramError
from gradcalc.cli import child
from gradcalc.cli.prompt.program import Program, told
from gradcalc.cli.prompt.session import Session
from gradcalc.cli.signature import command

WELCOME = "an expression, f = x^2*y, x = 3, steps f, :help; Ctrl-D leaves\n"


@command()
def repl() -> int:
    """Begin a session in which definitions stay: f = x^2*y, x = 3, then f, steps f, or any command under its name.

    The line before is `_`, the derivative that it found. Ctrl-C ends a computation, not the session, and :help tells
    the rest. Lines may come from stdin too; the session is typed with prompt_toolkit, of the extra `repl`.

    gradcalc repl
    """
    program = told[-1]
    child.forbid()  # each line has a child of its own
    session = Session(tuple(name for name in program.commands if name != "repl"), program.main)
    if sys.stdin is None or not sys.stdin.isatty():
        load_engines()  # once, for every line
        return _answered(session, sys.stdin or (), program)
    try:
        from gradcalc.cli.prompt import terminal
    except ImportError:
        raise MissingProgramError("the prompt needs prompt_toolkit", hint="pip install 'gradcalc[repl]'") from None
    load_engines()
    sys.stdout.write(WELCOME)
    return _answered(session, terminal.lines(session), program)


def _answered(session: Session, lines: Iterable[str], program: Program) -> int:
    """Answer line by line; an error is told, and the session goes on."""
    for line in lines:
        try:
            if not session.answer(line):
                break
        except GradcalcError as error:
            sys.stdout.flush()
            program.report(error, ())
            sys.stderr.flush()
        except KeyboardInterrupt:
            sys.stderr.write("\ninterrupted\n")
    return 0
