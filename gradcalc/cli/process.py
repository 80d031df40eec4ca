"""The process around the program: how it starts and ends.

At the end the streams are flushed and the process leaves at once. Tearing down a million objects of torch and SymPy
takes longer than most computations; nothing is lost by leaving them to the operating system.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn, TextIO

from gradcalc.base.errors import FileError
from gradcalc.cli import child


def run() -> NoReturn:
    """The console script: run the command line and leave with its exit code."""
    child.allow()
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        from gradcalc.cli.app import main  # here, so that Ctrl-C ends the loading too

        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        code = child.INTERRUPTED
    leave(code)


def _nowhere() -> TextIO:
    """Stands for a stream that whoever called has closed: nobody wants to know."""
    return Path(os.devnull).open("w")


def leave(code: int) -> NoReturn:
    """End the process at once, with nothing lost that was written."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would end it with a traceback
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = child.PIPE_CLOSED
    except OSError:  # the disk is full, as main has told unless all was buffered up to here
        code = code or FileError.exit_code
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code)
