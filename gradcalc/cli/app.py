"""The application: its commands, its version, and the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from gradcalc import __version__
from gradcalc.base.errors import GradcalcError, UsageError
from gradcalc.base.faults import fault
from gradcalc.base.loading import load
from gradcalc.cli import installing
from gradcalc.cli.child import speak, starved
from gradcalc.cli.command import Command, Instead, require_command
from gradcalc.cli.help import Commands
from gradcalc.cli.prompt.program import Program, told
from gradcalc.cli.signals import INTERRUPTED, PIPE_CLOSED, Finished

COMMANDS = {  # where each is, what it is for, and what it does in one line; only the one that is called is imported
    "diff": (
        "gradcalc.cli.diff:diff",
        "Calculate",
        "Derive an expression; with --at, compare autograd with the truth.",
    ),
    "jacobian": (
        "gradcalc.cli.jacobian:jacobian",
        "Calculate",
        "Derive every component of a function by every variable.",
    ),
    "hessian": (
        "gradcalc.cli.hessian:hessian",
        "Calculate",
        "Second derivatives: matrix, eigenvalues, minimum or saddle.",
    ),
    "critical": (
        "gradcalc.cli.critical:critical",
        "Calculate",
        "Every critical point in a box, proven; what each is.",
    ),
    "functions": (
        "gradcalc.cli.functions:functions",
        "Calculate",
        "List every function with its derivative rule and its domain.",
    ),
    "repl": ("gradcalc.cli.repl:repl", "Calculate", "Begin a session in which definitions stay."),
    "check": (
        "gradcalc.cli.check:check",
        "Check",
        "Mark a gradient worked out by hand; a counter-example where wrong.",
    ),
    "audit": (
        "gradcalc.cli.audit:audit",
        "Check",
        "Find the line of your PyTorch code where a gradient goes wrong.",
    ),
    "explain": (
        "gradcalc.cli.explain:explain",
        "Check",
        "Explain a verdict, a reason or an error, with an example.",
    ),
    "steps": ("gradcalc.cli.steps:steps", "Learn", "Derive an expression rule by rule, each step verified."),
    "graph": ("gradcalc.cli.graph:graph", "Learn", "Draw the graph: values forward, gradients backward."),
    "nn": (
        "gradcalc.cli.nn:nn",
        "Learn",
        "Train one neuron: forward, loss, backward, update, all shown.",
    ),
    "accumulate": ("gradcalc.cli.accumulate:accumulate", "Learn", "Show what repeated backward() does to .grad."),
    "nograd": ("gradcalc.cli.nograd:nograd", "Learn", "Show the three ways of disabling gradient tracking."),
    "lessons": ("gradcalc.cli.lessons:lessons", "Learn", "List the lecture's examples, or run one."),
    "quiz": ("gradcalc.cli.quiz:quiz", "Learn", "Set exercises in deriving; with --answers, solve them."),
    "batch": (
        "gradcalc.cli.batch:batch",
        "Scripts",
        "Derive many expressions: JSON Lines in, JSON Lines out.",
    ),
    "map": ("gradcalc.cli.map:map", "Scripts", "Value and gradient at every row of a table of any size."),
    "schema": ("gradcalc.cli.schema:schema", "Scripts", "Print the JSON Schema of what --json prints."),
    "serve": ("gradcalc.cli.serve:serve", "Scripts", "Keep a process with the libraries loaded, for fast calls."),
}
ASKED = "_GRADCALC_COMPLETE"  # by a shell, how a line may go on
ClickError: type[Exception] = typer.BadParameter.__mro__[2]  # of whichever click typer brings along


def application(called: str | None) -> typer.Typer:
    """The application with every command in its list, and the one that is called ready to run."""
    app = typer.Typer(
        name="gradcalc",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback(cls=Commands)(gradcalc)
    for name, (address, purpose, summary) in COMMANDS.items():
        function = load(address) if name == called else _unopened
        app.command(name, cls=Command, short_help=summary, rich_help_panel=purpose)(function)
    return app


def _unopened() -> None:
    """Stands for a command that is not called."""


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"gradcalc {__version__}")
        raise typer.Exit


def gradcalc(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    install: Annotated[
        bool, typer.Option("--install-completion", help="Complete commands in your shell; name it where it is another.")
    ] = False,
    show: Annotated[bool, typer.Option("--show-completion", help="Print what --install-completion installs.")] = False,
) -> None:
    """Derive a gradient symbolically and by torch autograd, and see whether the two agree."""


def main(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code.

    0: all agree; 1: something does not, or has no derivative; 2: bad input; 3: a limit; 70: a bug; 130: interrupted.
    """
    try:
        if ASKED in os.environ:
            return _completed(os.environ[ASKED].rpartition("_")[2])
        called = next((text for text in arguments if not text.startswith("-")), None)
        if arguments and arguments[0] in installing.OPTIONS:
            sys.stdout.write(installing.run(arguments[0], arguments[1:]))
            return 0
        if not arguments:
            with contextlib.redirect_stdout(sys.stderr):
                _run(["--help"], None)
            return UsageError.exit_code
        require_command(arguments, COMMANDS, called)
        code = _run(arguments, called)
        return code if isinstance(code, int) else 0
    except Finished as child:
        return child.code
    except Instead as other:
        return main(other.arguments)
    except GradcalcError as error:
        return report(error, arguments)
    except ClickError as error:
        return report(UsageError(_clause(error), hint="see gradcalc --help"), arguments)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return PIPE_CLOSED
    except Exception as error:  # whatever gradcalc did not foresee ends in a message too
        return report(fault(error), arguments)


def _run(arguments: Sequence[str], called: str | None) -> object:
    """What the command returns; of help and the like, whatever click does."""
    return typer.main.get_command(application(called)).main(list(arguments), "gradcalc", standalone_mode=False)


def _completed(shell: str) -> int:
    """Tell a shell how its command line may go on."""
    from gradcalc.cli import completion  # here, as only shells ask

    sys.stdout.write(completion.answer(shell, COMMANDS, opened))
    return 0


def opened(name: str) -> object:
    """A command, ready to be asked for its options."""
    group: Any = typer.main.get_command(application(name))
    return group.commands[name]


def function(name: str) -> Any:
    """What a command calls."""
    return load(COMMANDS[name][0])


def _clause(error: BaseException) -> str:
    """What click says, as a clause in the house's style."""
    text = str(getattr(error, "format_message", lambda: error)()).strip().rstrip(".")
    return text[:1].lower() + text[1:]


def report(error: GradcalcError, arguments: Sequence[str]) -> int:
    """Say what went wrong: to people on stderr, and with --json as a record on stdout too."""
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


told[:] = [Program(COMMANDS, main, report, function, opened)]
