"""Constants that would be too long to write out are refused before anything computes them."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.problem.resolve import read

SMALL = [
    "9**9**3",
    "10**3999",
    "2**13000",
    "1000!",
    "factorial(1000)",
    "gamma(1000)",
    "0**(10**100)",
    "1**(10**100)",
    "(-1)**(10**100)",
    "2**0.5",
    "(1/3)**8000",
    "x**(10**100)",
    "(10**100)**x",
    "exp(10**100)",
    "sin(10**100)",
    "1e3998",
    "1e-3998",
    "pi**(10**100)",
    "0**(-1)",
    "1/0",
]


@pytest.mark.parametrize("source", SMALL)
def test_a_constant_of_few_digits_is_left_alone(source: str) -> None:
    assert read(source, Limits()).source == source


LONG = [
    ("9**9**9", "about 369,693,100", Span(0, 7)),
    ("9**9**9**9", "about 369,693,100", Span(3, 10)),
    ("1 + 10**4001", "about 4,001", Span(4, 12)),
    ("10**-4001", "about 4,001", Span(0, 9)),
    ("(1/3)**8400", "about 4,008", Span(0, 11)),
    ("1.0001**1000000", "about 4,000,043", Span(0, 15)),
    ("10**2001*10**2001", "about 4,002", Span(0, 17)),
    ("2**1e300", "over 1,000,000,000,000,000", Span(0, 8)),
    ("2**1e3990", "over 1,000,000,000,000,000", Span(0, 9)),
    ("(10**8)!", "about 756,570,556", Span(0, 8)),
    ("factorial(10**8)", "about 756,570,556", Span(0, 16)),
    ("gamma(10**8)", "about 756,570,548", Span(0, 12)),
    ("y = 9**9; x*9**y", "about 369,693,100", Span(12, 16)),
]


@pytest.mark.parametrize(("source", "digits", "span"), LONG)
def test_a_constant_of_many_digits_is_refused(source: str, digits: str, span: Span) -> None:
    with pytest.raises(LimitError) as raised:
        read(source, Limits())
    error = raised.value
    assert error.message == f"this constant has {digits} digits, over the limit of 4,000 digits"
    assert (error.span, error.hint) == (span, "set GRADCALC_MAX_DIGITS to raise it")


def test_the_limit_can_be_raised() -> None:
    assert read("10**4001", Limits(digits=5_000)).variables == ()
