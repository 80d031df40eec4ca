"""Numbers far beyond floats: computed where their digits can be known, refused at once where they cannot."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.at_point import value
from gradcalc.problem.resolve import read

KNOWN = [
    ("log_ndtr(x)", -1e8, "-5000000000000019.3396"),
    ("log(erfc(x))", 1e8, "-10000000000000018.993"),
    ("erfc(x)*exp(x*x)", 1e10, "5.6418958354775628695e-11"),
    ("exp(exp(x))", 1000.0, "3.3963979692473013500e(8.5559e433)"),
    ("exp(2**x)", 70.0, "4.6747581981604983152"),
    ("exp(-2**x)", 70.0, "2.1391480748533617178"),
    ("exp(-exp(x))", 5000.0, "2.1173697538985606631e(-1.2888e2171)"),
    ("expm1(-exp(x))", 5000.0, "-1.0000000000000000000"),
    ("sinh(-2**x) / exp(2**x)", 70.0, "-0.50000000000000000000"),
    ("cosh(2**x) / exp(2**x)", 70.0, "0.50000000000000000000"),
    ("tanh(exp(x))", 5000.0, "1.0000000000000000000"),
    ("log(exp(x))", 10000.0, "10000.000000000000000"),
    ("sin(exp(x))", 3000.0, "0.63832445843261981301"),
    ("2**2**x / 2**(2**x - 1)", 70.0, "2.0000000000000000000"),
    ("sin(exp(x))", 10000.0, "0.39997939467210591213"),
]


@pytest.mark.parametrize(("text", "x", "digits"), KNOWN)
def test_a_number_whose_digits_can_be_known(text: str, x: float, digits: str) -> None:
    found = value(read(text, Limits()).root, {"x": x})
    assert found is not None
    assert found.text.startswith(digits)


UNKNOWN = [
    "exp(exp(x))",
    "sinh(exp(x))",
    "cosh(exp(x))",
    "expm1(exp(x))",
    "sin(exp(100*x))",
    "erfc(exp(x))",
    "3**floor(exp(x))",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_number_with_more_digits_than_can_be_computed_is_refused(text: str) -> None:
    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        value(read(text, Limits()).root, {"x": 10000.0})
