"""Balls: what they say of a number, and how numbers of any size are written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import mpmath
import pytest
from flint import ctx

from gradcalc.base.errors import LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.engines.exact.ball import ONE, ZERO, Ball, Undecided, as_fraction, as_real, from_fraction, working
from gradcalc.engines.exact.ball import known as known_to

pytestmark = pytest.mark.torchless


def ball(middle: int, exponent: int, radius_exponent: int) -> Ball:
    """The ball around middle * 2**exponent, of a radius that is a power of two."""
    return Ball((middle, exponent), Ball((1, radius_exponent)))


KNOWN = [
    (ONE, 1000, True),
    (ZERO, 1000, True),
    (ball(1, 0, -50), 40, True),
    (ball(1, 0, -50), 60, False),
    (ball(1, 0, -50), 50, False),
    (ball(0, 0, -500), 1, False),
    (ball(-5, 100, 0), 100, True),
]


@pytest.mark.parametrize(("number", "bits", "known"), KNOWN)
def test_a_number_is_known_to_so_many_bits(number: Ball, bits: int, known: bool) -> None:
    assert known_to(number, bits) is known


TEXTS = [  # the far ones by Python's decimal, whose exponents reach 10**18
    (0, 0, "0"),
    (1, 0, "1.0000000000000000000"),
    (-1, -1, "-0.50000000000000000000"),
    (1, 10, "1024.0000000000000000"),
    (1, -20, "9.5367431640625000000e-7"),
    (1, 1000, "1.0715086071862673209e301"),
    (-1, -1000, "-9.3326361850321887899e-302"),
    (1, 1 << 22, "2.0650635398358879244e1262611"),
    (3, -(1 << 30), "7.1476947146638532196e-323228497"),
    (-1, 1 << 40, "-8.0572322450658238256e330985980541"),
]


@pytest.mark.parametrize(("mantissa", "exponent", "text"), TEXTS)
def test_a_number_is_written_with_twenty_digits(mantissa: int, exponent: int, text: str) -> None:
    assert as_real(Ball((mantissa, exponent))).text == text


def test_a_number_just_below_a_power_of_ten_is_written_as_that() -> None:
    with mpmath.workdps(60):
        nearly = mpmath.mpf(10) ** 400_000 * (1 - mpmath.mpf(10) ** -30)
    assert as_real(Ball(tuple(map(int, nearly.man_exp)))).text == "1.0000000000000000000e400000"


def test_a_number_too_large_to_be_written_is_refused() -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        as_real(Ball((1, 1 << 13_001)))


def test_a_number_of_any_size_rounds_to_a_float() -> None:
    assert as_real(Ball((-1, 1 << 12_000))).nearest(FORMATS["float64"]) == float("-inf")
    assert as_real(Ball((1, -(1 << 12_000)))).nearest(FORMATS["float64"]) == 0.0
    assert as_real(Ball((3, -1))).nearest(FORMATS["float64"]) == 1.5


FRACTIONS = [
    (3, -2, Fraction(3, 4)),
    (-7, 0, Fraction(-7)),
    (0, 0, Fraction(0)),
    (1, 40_000, Fraction(2) ** 40_000),
    (1, 40_001, None),
    (1, -40_001, None),
]


@pytest.mark.parametrize(("mantissa", "exponent", "value"), FRACTIONS)
def test_a_number_near_ordinary_size_is_a_fraction(mantissa: int, exponent: int, value: Fraction | None) -> None:
    assert as_fraction(Ball((mantissa, exponent))) == value


def test_a_fraction_becomes_the_nearest_number_of_200_bits() -> None:
    there = as_fraction(from_fraction(Fraction(1, 3)))
    assert there is not None
    assert abs(there - Fraction(1, 3)) <= Fraction(1, 2**201)


def test_a_precision_is_at_work_until_the_end_of_its_block_whatever_happens() -> None:
    with working(200):
        with pytest.raises(Undecided), working(300):
            assert ctx.prec == 300
            raise Undecided
        assert ctx.prec == 200


def test_a_thread_waits_until_another_has_done_with_its_precision() -> None:
    def precision() -> int:
        with working(77):
            return int(ctx.prec)

    with ThreadPoolExecutor(1) as other:
        with working(200):
            waiting = other.submit(precision)
            assert not waiting.done()
            assert ctx.prec == 200
        assert waiting.result() == 77
