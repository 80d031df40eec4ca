"""The application: its commands, and the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from gradcalc import __version__
from gradcalc.base.errors import GradcalcError, UsageError
from gradcalc.cli import help
from gradcalc.cli.signals import INTERRUPTED, PIPE_CLOSED, Finished

COMMANDS = {  # what each is for, and what it does in one line; each stands in a file of its name, loaded when called
    "diff": ("Calculate", "Derive an expression; with --at, compare autograd with the truth."),
    "jacobian": ("Calculate", "Derive every component of a function by every variable."),
    "hessian": ("Calculate", "Second derivatives: matrix, eigenvalues, minimum or saddle."),
    "critical": ("Calculate", "Every critical point in a box, proven; what each is."),
    "plot": ("Calculate", "Draw an expression and its derivative: in the terminal, PNG, SVG, PDF."),
    "code": ("Calculate", "Write an expression and its gradient as a program: torch, C …"),
    "functions": ("Calculate", "List every function with its derivative rule and its domain."),
    "repl": ("Calculate", "Begin a session in which definitions stay."),
    "check": ("Check", "Mark a gradient worked out by hand; a counter-example where wrong."),
    "audit": ("Check", "Find the line of your PyTorch code where a gradient goes wrong."),
    "explain": ("Check", "Explain a verdict, a reason or an error, with an example."),
    "steps": ("Learn", "Derive an expression rule by rule, each step verified."),
    "graph": ("Learn", "Draw the graph: values forward, gradients backward."),
    "nn": ("Learn", "Train one neuron: forward, loss, backward, update, all shown."),
    "accumulate": ("Learn", "Show what repeated backward() does to .grad."),
    "nograd": ("Learn", "Show the three ways of disabling gradient tracking."),
    "lessons": ("Learn", "List the lecture's examples, or run one."),
    "quiz": ("Learn", "Set exercises in deriving; with --answers, solve them."),
    "batch": ("Scripts", "Derive many expressions: JSON Lines in, JSON Lines out."),
    "map": ("Scripts", "Value and gradient at every row of a table of any size."),
    "schema": ("Scripts", "Print the JSON Schema of what --json prints."),
    "serve": ("Scripts", "Keep a process with the libraries loaded, for fast calls."),
}
ASKED = "_GRADCALC_COMPLETE"  # by a shell, how a line may go on


def asks_first(arguments: Sequence[str]) -> bool:
    """Is it the first page that is wanted, or the version?"""
    return bool(arguments) and arguments[0] in help.FIRST


def first_page() -> str:
    """The commands by what they are for, as wide as the terminal."""
    return help.page(COMMANDS)


def main(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code.

    0: all agree; 1: something does not, or has no derivative; 2: bad input; 3: a limit; 70: a bug; 130: interrupted.
    """
    try:
        if ASKED in os.environ:
            return _completed(os.environ[ASKED].rpartition("_")[2])
        if not arguments:
            sys.stderr.write(first_page())
            return UsageError.exit_code
        if asks_first(arguments):
            sys.stdout.write(first_page() if arguments[0] in help.HELP else f"gradcalc {__version__}\n")
            return 0
        if arguments[0] in help.INSTALLING:
            from gradcalc.cli import installing  # here, as it is for once

            sys.stdout.write(installing.run(arguments[0], arguments[1:]))
            return 0
        from gradcalc.cli import typed  # here, as the first page needs none of what reads a command line

        if arguments[0] == "repl":
            _tell_of_itself()
        return typed.run(arguments, COMMANDS)
    except Finished as child:
        return child.code
    except GradcalcError as error:
        return report(error, arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_CLOSED
    except Exception as error:  # whatever gradcalc did not foresee ends in a message too
        from gradcalc.base.faults import fault  # here, as most calls go well

        return report(fault(error), arguments)


def _tell_of_itself() -> None:
    """Tell the prompt of the program that it is a part of."""
    from gradcalc.cli.prompt.program import Program, told

    told[:] = [Program(COMMANDS, main, report)]


def _completed(shell: str) -> int:
    """Tell a shell how its command line may go on."""
    from gradcalc.cli import completion  # here, as only shells ask

    sys.stdout.write(completion.answer(shell, {name: summary for name, (_, summary) in COMMANDS.items()}))
    return 0


def report(error: GradcalcError, arguments: Sequence[str]) -> int:
    """Say what went wrong: to people on stderr, and with --json as a record on stdout too."""
    from gradcalc.cli.child import speak, starved

    try:
        from gradcalc.render import colour  # here, as most calls go well
        from gradcalc.render.error import render

        record = ""
        if "--json" in arguments:
            from gradcalc.render import json

            record = json.render(json.error(error))
        remark = render(error, coloured=colour.wanted(sys.stderr))
    except MemoryError:
        starved()
        raise
    speak()
    sys.stdout.write(record)
    sys.stderr.write(remark)
    return error.exit_code
