"""Libraries loaded without the threads that they start, as a process that has some cannot be forked."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

THREADED = ("dask", "duckdb", "polars", "pyarrow")  # libraries for files
AT_ONCE = {"OPENBLAS_NUM_THREADS": "1"}  # how NumPy, which torch loads where it is there, is told to start none


@contextlib.contextmanager
def without_threads() -> Iterator[None]:
    """Libraries of THREADED cannot be imported in the body: whoever needs them imports them itself, later.

    Those that ask the environment for a number of threads are told one, unless it says another.
    """
    hidden = [name for name in THREADED if name not in sys.modules]
    told = [name for name in AT_ONCE if name not in os.environ]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python is told so
    os.environ.update({name: AT_ONCE[name] for name in told})
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        for name in told:
            del os.environ[name]
