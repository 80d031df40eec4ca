"""Where a warm process is found, and what must be equal between it and whoever calls.

Every call reads this file and `client`, `wire`: they import nothing that Python has not loaded by itself.
"""

import os
import sys

from gradcalc import __version__

PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHOICE = "GRADCALC_WARM"  # the environment variable: 0 never, 1 where there is a warm process, auto starts one too
NEVER, WHERE_THERE, AUTO = "0", "1", "auto"
READ_WHEN_LOADED = (  # names of environment variables, by how they begin, that Python and libraries read but once
    "PYTHON", "LANG", "LC_", "LD_", "DYLD_", "MALLOC_", "GLIBC_", "OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "TORCH",
    "PYTORCH", "ATEN_", "CUDA_", "NVIDIA_", "SYMPY_", "MPMATH_", "FLINT_",
)  # fmt: skip
LONGEST_LIMIT = 32  # one more than any number that a system has for a limit of a process
Identity = tuple[object, ...]


def folder() -> str:
    """The folder of this user's own that holds sockets."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return os.path.join(runtime, "gradcalc") if runtime else f"/tmp/gradcalc-{os.getuid()}"


def is_private(path: str) -> bool:
    """Is it a folder that this user owns and that nobody else may look into?"""
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return found.st_mode & 0o170000 == 0o040000 and found.st_uid == os.getuid() and not found.st_mode & 0o077


def socket_path() -> str:
    """Where a warm process of this very installation listens."""
    return os.path.join(folder(), f"{_short(f'{sys.executable} {PACKAGE} {__version__}')}.socket")


def _short(text: str) -> str:
    """A few letters for a long text. Source: Fowler, Noll and Vo, FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in os.fsencode(text):
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return f"{value:016x}"


def identity() -> Identity:
    """All that an answer may depend on and that a process cannot change afterwards: versions, rights, limits."""
    return (
        __version__, PACKAGE, sys.executable, sys.version, tuple(sys.flags), tuple(sys.warnoptions), sys.path[1:],
        sorted(sys._xoptions.items()), sys.getfilesystemencoding(), os.getuid(), os.geteuid(), os.getgid(),
        sorted(os.getgroups()), _root(), os.getpriority(os.PRIO_PROCESS, 0), _cores(), _limits(), _environment(),
    )  # fmt: skip


def _root() -> tuple[int, int]:
    found = os.stat("/")
    return found.st_dev, found.st_ino


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _limits() -> list[tuple[int, int]]:
    """What `ulimit` tells."""
    import resource  # here, as a call that finds no warm process needs it not

    found = []
    for number in range(LONGEST_LIMIT):
        try:
            found.append(resource.getrlimit(number))
        except ValueError:
            break
    return found


def _environment() -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in os.environ.items() if name.startswith(READ_WHEN_LOADED))
