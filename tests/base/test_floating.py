"""Nearest numbers and units in the last place, against the conversions of Python's struct and of torch."""

from __future__ import annotations

import math
import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcalc.base.floating import FORMATS
from gradcalc.engines.torch.autograd import torch

DOUBLE, SINGLE, HALF, BRAIN = (FORMATS[name] for name in ("float64", "float32", "float16", "bfloat16"))

NEAREST = [
    ("float64", "0", 0.0),
    ("float64", "0.1", 0.1),
    ("float64", "-2.5", -2.5),
    ("float64", "1e400", math.inf),
    ("float64", "-1e400", -math.inf),
    ("float64", "1e-400", 0.0),
    ("float64", "9007199254740993", 9007199254740992.0),  # a tie, to the even neighbour below
    ("float64", "9007199254740995", 9007199254740996.0),  # a tie, to the even neighbour above
    ("float64", "9007199254740993.0000000001", 9007199254740994.0),  # the least bit more than a tie
    ("float64", "1.7976931348623157e308", 1.7976931348623157e308),
    ("float64", "1.7976931348623158e308", 1.7976931348623157e308),
    ("float64", "1.7976931348623159e308", math.inf),
    ("float64", "4.9e-324", 5e-324),
    ("float64", "2.4e-324", 0.0),
    ("float64", "2.5e-324", 5e-324),
    ("float64", "2.2250738585072011e-308", 2.225073858507201e-308),  # the largest subnormal
    ("float32", "0.1", 0.10000000149011612),
    ("float32", "16777217", 16777216.0),
    ("float32", "16777219", 16777220.0),
    ("float32", "3.4028235e38", 3.4028234663852886e38),
    ("float32", "3.4028236e38", math.inf),
    ("float32", "1e-45", 1.401298464324817e-45),
    ("float32", "7e-46", 0.0),
    ("float16", "0.1", 0.0999755859375),
    ("float16", "2049", 2048.0),
    ("float16", "2051", 2052.0),
    ("float16", "65519", 65504.0),
    ("float16", "65520", math.inf),
    ("float16", "6e-8", 5.960464477539063e-08),
    ("float16", "2.9e-8", 0.0),
    ("bfloat16", "0.1", 0.10009765625),
    ("bfloat16", "257", 256.0),
    ("bfloat16", "259", 260.0),
    ("bfloat16", "3.39e38", 3.3895313892515355e38),
    ("bfloat16", "3.4e38", math.inf),
    ("bfloat16", "9.2e-41", 9.183549615799121e-41),
]


@pytest.mark.parametrize(("name", "value", "nearest"), NEAREST)
def test_the_nearest_number(name: str, value: str, nearest: float) -> None:
    assert FORMATS[name].nearest(Fraction(value)) == nearest


def test_a_number_that_vanishes_keeps_its_sign() -> None:
    assert math.copysign(1.0, DOUBLE.nearest(Fraction("-1e-400"))) == -1.0


SCALED = [
    (1, 1, 1000, 1.0715086071862673e301),
    (1, 1, 10**30, math.inf),
    (-1, 1, 10**30, -math.inf),
    (1, 1, -(10**30), 0.0),
    (1, 3, 0, 0.3333333333333333),
    (3, 1, -1076, 5e-324),  # three quarters of the smallest
    (1, 1, -1075, 0.0),  # half of the smallest: a tie, to zero
    (2**54 - 1, 1, -1128, 5e-324),
    (2**53 - 1, 1, 971, 1.7976931348623157e308),
    (2**54 - 1, 1, 970, math.inf),  # halfway to the next power of two
]


@pytest.mark.parametrize(("numerator", "denominator", "exponent", "nearest"), SCALED)
def test_the_nearest_number_of_a_scaled_fraction(
    numerator: int, denominator: int, exponent: int, nearest: float
) -> None:
    assert DOUBLE.nearest_scaled(numerator, denominator, exponent) == nearest


@given(st.fractions())
def test_float64_rounds_as_python_divides(value: Fraction) -> None:
    assert DOUBLE.nearest(value) == value.numerator / value.denominator


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.integers(-(2**60), 2**60))
def test_float64_rounds_a_sum_once(value: float, small: int) -> None:
    tiny = Fraction(small, 2**120)
    exact = Fraction(value) * (1 + tiny)
    assert DOUBLE.nearest(exact) == exact.numerator / exact.denominator


DOUBLES = st.floats(allow_nan=False, allow_infinity=False)
NEAR_ONE = st.floats(min_value=-(2.0**17), max_value=2.0**17, allow_nan=False)


@given(DOUBLES)
def test_float32_rounds_as_torch_does(value: float) -> None:
    assert SINGLE.nearest(Fraction(value)) == torch.tensor(value, dtype=torch.float64).to(torch.float32).item()


@given(NEAR_ONE)
def test_float16_rounds_as_struct_does(value: float) -> None:
    try:
        expected = struct.unpack("<e", struct.pack("<e", value))[0]
    except OverflowError:  # struct has no infinity for what is too large
        expected = math.copysign(math.inf, value)
    assert HALF.nearest(Fraction(value)) == expected


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_bfloat16_rounds_as_torch_does_from_float32(value: float) -> None:
    assert BRAIN.nearest(Fraction(value)) == torch.tensor(value, dtype=torch.float32).to(torch.bfloat16).item()


def test_float16_is_rounded_once_where_torch_rounds_twice() -> None:
    just_above_a_tie = 1 + 2.0**-11 + 2.0**-40  # float32 drops the last bit, and makes a tie of it
    assert HALF.nearest(Fraction(just_above_a_tie)) == 1.0009765625
    assert torch.tensor(just_above_a_tie, dtype=torch.float64).to(torch.float32).to(torch.float16).item() == 1.0


ROUNDED = [
    ("float64", 0.1, 0.1),
    ("float32", 0.1, 0.10000000149011612),
    ("float16", 1e5, math.inf),
    ("bfloat16", -0.1, -0.10009765625),
]


@pytest.mark.parametrize(("name", "value", "rounded"), ROUNDED)
def test_a_double_in_another_format(name: str, value: float, rounded: float) -> None:
    assert FORMATS[name].rounded(value) == rounded


EXTREMES = [
    ("float64", 2.220446049250313e-16, 2.2250738585072014e-308, 1.7976931348623157e308),
    ("float32", 1.1920928955078125e-07, 1.1754943508222875e-38, 3.4028234663852886e38),
    ("float16", 0.0009765625, 6.103515625e-05, 65504.0),
    ("bfloat16", 0.0078125, 1.1754943508222875e-38, 3.3895313892515355e38),
]


@pytest.mark.parametrize(("name", "epsilon", "smallest_normal", "largest"), EXTREMES)
def test_the_extremes_are_those_of_torch(name: str, epsilon: float, smallest_normal: float, largest: float) -> None:
    form, info = FORMATS[name], torch.finfo(getattr(torch, name))
    assert (form.epsilon, form.smallest_normal, form.largest) == (epsilon, smallest_normal, largest)
    assert (info.eps, info.tiny, info.max) == (epsilon, smallest_normal, largest)


ULPS = [
    ("float64", 1.0, 2.0**-52),
    ("float64", -1.0, 2.0**-52),
    ("float64", 0.75, 2.0**-53),
    ("float64", 1.9999999999999998, 2.0**-52),
    ("float64", 0.0, 5e-324),
    ("float64", 5e-324, 5e-324),
    ("float64", 2.2250738585072014e-308, 5e-324),
    ("float64", 4.450147717014403e-308, 1e-323),
    ("float64", 1.7976931348623157e308, 2.0**971),
    ("float32", 1.0, 2.0**-23),
    ("float32", 0.0, 2.0**-149),
    ("float16", 1024.0, 1.0),
    ("float16", 0.0, 2.0**-24),
    ("bfloat16", 256.0, 2.0),
]


@pytest.mark.parametrize(("name", "value", "ulp"), ULPS)
def test_the_unit_in_the_last_place(name: str, value: float, ulp: float) -> None:
    assert FORMATS[name].ulp(value) == Fraction(ulp)


@given(st.floats(min_value=5e-324, max_value=1e308))
def test_the_unit_in_the_last_place_is_that_of_python(value: float) -> None:
    assert DOUBLE.ulp(value) == Fraction(math.ulp(value))
