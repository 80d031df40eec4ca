"""How many digits of an exact number are written: twenty, unless more or fewer were asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from gradcalc.base.errors import UsageError

USUAL = 20
MOST = 1_000
BITS = 3.3220  # of a digit
SPARE = 44  # bits, so that the last digit is rounded as it should be
_asked: ContextVar[int | None] = ContextVar("digits", default=None)


def asked() -> int | None:
    """How many digits were asked for; None where nobody did."""
    return _asked.get()


def require_digits(digits: object) -> None:
    """Raises UsageError at a number of digits that is none, or too large; None is for the usual one."""
    fits = isinstance(digits, int) and not isinstance(digits, bool) and 1 <= digits <= MOST
    if digits is not None and not fits:
        raise UsageError(f"--digits is {digits}, expected a whole number from 1 to {MOST:,}")


@contextmanager
def writing(digits: int | None) -> Iterator[None]:
    """Exact numbers that are found in the body are written with so many digits. Raises UsageError at no such number."""
    require_digits(digits)
    token = _asked.set(digits)
    try:
        yield
    finally:
        _asked.reset(token)


def needed_bits() -> int:
    """How well a number must be known, in bits, for its digits to be right."""
    return int(max(asked() or 0, USUAL) * BITS) + SPARE
