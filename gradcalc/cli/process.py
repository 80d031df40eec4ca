"""The process around the program: how it starts and ends.

At the end the streams are flushed and the process leaves at once. Tearing down a million objects of torch and SymPy
takes longer than most computations; nothing is lost by leaving them to the operating system.

Where a warm process works in its place, nothing is loaded but what leads there: the imports stand in the functions.
"""

import sys

TYPE_CHECKING = False  # as in gradcalc/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from gradcalc.base.errors import GradcalcError
    from gradcalc.cli.warm.client import Failure
NO_MEMORY = b"error: the memory is used up\n"


def run() -> "NoReturn":
    """The console script: run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    try:
        if len(arguments) == 1 and arguments[0].startswith("-"):  # the first page, which takes less than a way to it
            finish(arguments)
        from gradcalc.cli.warm.client import called, wants_server

        failure = called(arguments)
        from gradcalc.cli import child

        if wants_server(arguments):
            from gradcalc.cli import serve

            equip()
            if serve.running() is None:
                serve.detached(serve.IDLE)
        child.allow()
        finish(arguments, failure)
    except KeyboardInterrupt:
        leave(130)


def equip() -> None:
    """Tell the part of the program that serves what it is to run."""
    from gradcalc.cli import app
    from gradcalc.cli.warm.work import program

    program.main, program.finish = app.main, finish


def finish(arguments: list[str], failure: "Failure | None" = None) -> "NoReturn":
    """Run the command line here, or tell how another process failed to, and leave with the exit code."""
    import os

    from gradcalc.base.errors import LimitError
    from gradcalc.files.streams import Target, Unheard, as_text, occupy_standard

    occupy_standard()
    sys.stdout = as_text(Target(1, "cannot write the output"))
    sys.stderr = as_text(Unheard(2, "cannot write remarks"))
    try:
        from gradcalc.cli import app  # here, so that Ctrl-C ends the loading too

        if arguments[:1] == ["serve"]:
            equip()
        code = app.main(arguments) if failure is None else app.report(_error(failure), arguments)
    except KeyboardInterrupt:
        code = 130
    except MemoryError:  # there was none left to say so, or to load what says it
        os.write(2, NO_MEMORY)
        code = LimitError.exit_code
    leave(code)


def _error(failure: "Failure") -> "GradcalcError":
    """What to say of a warm process that ended without an exit code."""
    from gradcalc.base.faults import fault
    from gradcalc.cli.child import broken, overdue
    from gradcalc.cli.warm import client

    name, seconds = failure
    errors: dict[str, Callable[[], GradcalcError]] = {
        client.OVERDUE: lambda: overdue(seconds),
        client.HUNGRY: lambda: fault(MemoryError()),
        client.BROKEN: broken,
    }
    return errors[name]()


def leave(code: int) -> "NoReturn":
    """End the process at once, with nothing lost that was written."""
    import os

    from gradcalc.base.errors import FileError
    from gradcalc.cli import signals
    from gradcalc.cli.warm.work import program

    signals.taken(lambda number, frame: None)  # a second Ctrl-C would end it with a traceback
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = signals.PIPE_CLOSED
    except FileError as error:  # the disk is full, as main has told unless all was buffered up to here
        code = code or error.exit_code
    sys.stderr.flush()
    program.ended(code)
    os._exit(code)
