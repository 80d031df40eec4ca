"""Autograd, on the user's own operations."""

import contextlib
import os
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def _somewhere() -> Iterator[None]:
    """Another working folder where there is none any more: torch's mathematics library ends a program that has none."""
    try:
        os.getcwd()  # noqa: PTH109  # whether there is one is all that is asked
    except OSError:
        gone = os.open(".", os.O_RDONLY)
        os.chdir("/")
        try:
            yield
        finally:
            os.fchdir(gone)
            os.close(gone)
    else:
        yield


with warnings.catch_warnings(), _somewhere():
    warnings.simplefilter("ignore")  # torch says that NumPy is missing; gradcalc does not need it
    import torch as torch
