"""The process around the program: how it starts and ends.

At the end the streams are flushed and the process leaves at once. Tearing down a million objects of torch and SymPy
takes longer than most computations; nothing is lost by leaving them to the operating system.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from gradcalc.base.errors import FileError, LimitError
from gradcalc.cli import child
from gradcalc.cli.signals import INTERRUPTED, PIPE_CLOSED, taken
from gradcalc.files.streams import Target, Unheard, as_text, occupy_standard

NO_MEMORY = b"error: the memory is used up\n"


def run() -> NoReturn:
    """The console script: run the command line and leave with its exit code."""
    child.allow()
    occupy_standard()
    sys.stdout = as_text(Target(1, "cannot write the output"))
    sys.stderr = as_text(Unheard(2, "cannot write remarks"))
    try:
        from gradcalc.cli.app import main  # here, so that Ctrl-C ends the loading too

        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    except MemoryError:  # there was none left to say so, or to load what says it
        os.write(2, NO_MEMORY)
        code = LimitError.exit_code
    leave(code)


def leave(code: int) -> NoReturn:
    """End the process at once, with nothing lost that was written."""
    taken(lambda number, frame: None)  # a second Ctrl-C would end it with a traceback
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = PIPE_CLOSED
    except FileError as error:  # the disk is full, as main has told unless all was buffered up to here
        code = code or error.exit_code
    sys.stderr.flush()
    os._exit(code)
