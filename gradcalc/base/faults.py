"""An exception that is no error of the user's: the limit it stands for, or a bug to report."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from pathlib import Path

from gradcalc.base.errors import FileError, GradcalcError, InternalError, LimitError, MissingProgramError, shortened

DEBUG = "GRADCALC_DEBUG"  # the environment variable that shows the traceback of a bug
PACKAGE = Path(__file__).parents[1]
LIMITS: dict[type[BaseException], tuple[str, str]] = {  # no option raises these two
    MemoryError: ("the memory is used up", "no option raises this limit: give smaller arrays, or a shorter expression"),
    RecursionError: (
        "the computation is nested too deep for Python",
        "no option raises this limit: write the expression as statements, each with a name",
    ),
}
REFUSALS = {  # of the system, by the numbers of its errors
    errno.EMFILE: ("this process may open no more files", "`ulimit -n` tells how many it may"),
    errno.ENFILE: ("the system can open no more files", "end other programs"),
    errno.EAGAIN: ("no more processes can be started", "`ulimit -u` tells how many there may be"),
}
NO_ROOM = ("the memory that this process may have is too small to load {}", "`ulimit -v` tells how much it may have")
UNMAPPED = ("failed to map segment", "cannot allocate memory", "out of memory")  # says the loader of libraries


def fault(error: BaseException) -> GradcalcError:
    """What to tell the user. The traceback goes to stderr where GRADCALC_DEBUG is set."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error, file=sys.stderr)
    for kind, (message, hint) in LIMITS.items():
        if isinstance(error, kind):
            return LimitError(message, hint=hint)
    if isinstance(error, ImportError) and any(words in str(error).lower() for words in UNMAPPED):
        return LimitError(NO_ROOM[0].format(_library(error)), hint=NO_ROOM[1])
    if isinstance(error, OSError):
        return _refused(error)
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith(PACKAGE.name):
        return MissingProgramError(f"the package `{error.name}` is missing", hint=f"pip install {error.name}")
    summary = " ".join(traceback.format_exception_only(error)).strip()
    return InternalError(
        f"gradcalc has a bug: {shortened(summary, 200)}{_place(error)}",
        hint=f"please report it with this command; {DEBUG}=1 shows the traceback",
    )


def _library(error: ImportError) -> str:
    """The library that was being loaded: `torch` for `libtorch_cpu.so: failed to map segment …`."""
    if "torch" in f"{error.path} {error}":
        return "torch"
    return (error.name or Path(str(error).partition(":")[0]).name).partition(".")[0]


def _refused(error: OSError) -> GradcalcError:
    """What the system did not allow: a limit that it sets, or something about a file."""
    if error.errno == errno.ENOMEM:
        return fault(MemoryError())
    if error.errno in REFUSALS:
        message, hint = REFUSALS[error.errno]
        return LimitError(message, hint=hint)
    name = f"`{error.filename}`: " if error.filename else ""
    return FileError(f"{name}{(error.strerror or str(error)).lower()}")


def _place(error: BaseException) -> str:
    """Where in gradcalc it happened: ` (gradcalc/engines/exact/truth.py:123)`."""
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    own = [(path, line) for path, line in frames if path.is_relative_to(PACKAGE)]
    return f" ({own[-1][0].relative_to(PACKAGE.parent).as_posix()}:{own[-1][1]})" if own else ""
