"""The exact engine: every digit right, at ordinary points and at kinks, poles and edges of the domain."""

from __future__ import annotations

import mpmath
import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines.exact import truth
from gradcalc.engines.records import Slope
from gradcalc.inputs.pose import pose
from tests import reference

pytestmark = pytest.mark.torchless


def slope(text: str, at: str, order: int = 1) -> Slope:
    """The slope along the first variable."""
    problem = pose(text, Limits(), at=at, order=order)
    return truth.differentiate(problem).slopes[problem.wrt[0]]


DIGITS = [
    ("(1 - cos(x))/x**2", "1e-8", "-8.3333333333333334521e-10"),
    ("(1 - cos(x))/x**2", "1e-300", "-8.3333333333333335422e-302"),
    ("sin(x)**2 + cos(x)**2", "0.3", "0"),
    ("exp(x)", "1000", "1.9700711140170469939e434"),
    ("tanh(x)", "20", "1.6993417021166355837e-17"),
    ("1/(1 + exp(-x))", "-800", "3.6678745841776872135e-348"),
    ("sigmoid(x)", "-800", "3.6678745841776872135e-348"),
    ("log(1 + exp(x))", "1000", "1.0000000000000000000"),
    ("log(1 + exp(x))", "-5000", "3.3696941483089175145e-2172"),
    ("sqrt(1 - tanh(x)**2)", "1600", "-2.6906607930513283769e-695"),
    ("sqrt(x*x + y*y)", "x=1e200,y=1e200", "0.70710678118654752440"),
    ("sqrt(x*x + y*y)", "x=1e-200,y=1e-200", "0.70710678118654752440"),
    ("(x - 0.1)**2", "0.1", "1.1102230246251565404e-17"),
    ("gelu(x)", "-9", "-9.1389373739066392510e-18"),
    ("erfc(x)", "30", "-1.5396476604099959446e-391"),
    ("lgamma(x)", "1e300", "690.77552789821370526"),
    ("x**y", "x=-2,y=3", "12.000000000000000000"),
    ("sqrt(sin(exp(x)))", "203", "-1.3122960109278100304e88"),
    ("where(x > 0, sqrt(x), 0)", "-1", "0"),
    ("where(x > 0, x, exp(exp(exp(1000*x))))", "1", "1.0000000000000000000"),
    ("asin(sin(x))", "1.5707963267948966", "1.0000000000000000000"),
    ("acos(cos(x))", "1e-30", "1.0000000000000000000"),
    ("log1p(x)", "-0.9999999999999999", "9007199254740992.0000"),
    ("sqrt(1 - sin(x)**2 - cos(x)**2)", "0.3", "0"),
    ("floor(sin(x)**2 + cos(x)**2)", "0.3", "0"),
    ("gamma(x) - gamma(x + 1)/x", "2.5", "0"),
    ("polygamma(100, x)", "0.5", "4.7795233341916122555e190"),
]


@pytest.mark.parametrize(("text", "at", "digits"), DIGITS)
def test_twenty_digits_of_a_derivative(text: str, at: str, digits: str) -> None:
    value = slope(text, at).value
    assert value is not None
    assert value.text == digits


ROUNDED = [
    (text, at)
    for at in ("0.3", "1.7", "-0.8", "12.5", "-1e-5")
    for text in (
        "sin(x**2)*exp(-x)", "x**3 - 2*x + 1", "atan(x)/(1 + x**2)", "exp(sin(x) + cos(2*x))", "1/(1 + exp(-3*x))",
        "cosh(x)*tanh(x/3)", "log(1 + x**2)*x", "sqrt(x**2 + 0.1)", "abs(x)**1.5*x", "cbrt(x**2 + 1)", "erf(x)*x**2",
        "gamma(x**2 + 0.5)", "2**(x/7)", "x*exp(-x**2/2)", "hypot(x, 3)/x", "atan2(x, 2 - x)", "mish(x) + gelu(x)",
        "where(x > 0, x**2, sin(x))", "max(x, x**3)", "logaddexp(x, 2*x)", "(x**2 + 1)**x", "digamma(2 + x**2)",
        "sec(x)/3", "asinh(x)**3", "acot(x)", "x/(x - 1/3)", "sin(1000*x)", "(1 - cos(x))/x**2", "log(cosh(x))",
    )
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), ROUNDED)
def test_a_derivative_is_correctly_rounded(text: str, at: str) -> None:
    problem = pose(text, Limits(), at=at)
    found = truth.differentiate(problem)
    with mpmath.workdps(100):
        point = {"x": mpmath.mpf(problem.numbers["x"])}
        assert found.value.nearest(problem.format) == float(reference.evaluate(problem.root, point))
        derivative = reference.derivative(problem.root, point, "x")
        assert found.slopes["x"].value.nearest(problem.format) == float(derivative)


HIGHER = [
    (text, order)
    for order in range(1, 7)
    for text in (
        "sin(x**2)",
        "exp(x)/x",
        "x**7 - x",
        "atan(x)",
        "x**x",
        "tanh(x)*x",
        "sqrt(1 + x)",
        "gamma(x)",
        "softplus(x)",
    )
]


@pytest.mark.parametrize(("text", "order"), HIGHER)
def test_a_higher_derivative_is_that_of_mpmath(text: str, order: int) -> None:
    value = slope(text, "0.75", order).value
    with mpmath.workdps(60):
        root = reference.tree(text)
        true = mpmath.diff(lambda x: reference.evaluate(root, {"x": x}), mpmath.mpf(0.75), order)
        assert abs(mpmath.mpf(value.text) - true) <= 1e-19 * abs(true) + mpmath.mpf(10) ** -30


SPECIAL = [  # smoothness, the derivative, from the left, from the right
    # corners
    ("abs(x)", "0", "kink", None, "-1.0000000000000000000", "1.0000000000000000000"),
    ("sqrt(x**2)", "0", "kink", None, "-1.0000000000000000000", "1.0000000000000000000"),
    ("abs(sin(x))", "0", "kink", None, "-1.0000000000000000000", "1.0000000000000000000"),
    ("abs(x)*exp(100000)", "0", "kink", None, "-2.8066633604261231793e43429", "2.8066633604261231793e43429"),
    ("abs(x)*exp(-100000)", "0", "kink", None, "-3.5629495653093731211e-43430", "3.5629495653093731211e-43430"),
    ("gamma(x)*abs(x - 1)", "1", "kink", None, "-1.0000000000000000000", "1.0000000000000000000"),
    ("x*floor(x)", "0", "kink", None, "-1.0000000000000000000", "0"),
    ("hypot(x, y)", "x=0,y=0", "kink", None, "-1.0000000000000000000", "1.0000000000000000000"),
    ("max(x, y)", "x=1,y=1", "kink", None, "0", "1.0000000000000000000"),
    ("max(y, x)", "x=1,y=1", "kink", None, "0", "1.0000000000000000000"),
    ("min(x, y, z)", "x=1,y=1,z=2", "kink", None, "1.0000000000000000000", "0"),
    ("where(x > 0, x, 2*x)", "0", "kink", None, "2.0000000000000000000", "1.0000000000000000000"),
    ("hardtanh(x)", "1", "kink", None, "1.0000000000000000000", "0"),
    ("selu(x)", "0", "kink", None, "1.7580993408473768599", "1.0507009873554804934"),
    ("where(x > 0, x*log(x), 0)", "0", "kink", None, "0", "-Infinity"),
    # smooth where the parts are not
    ("x*abs(x)", "0", "smooth", "0", None, None),
    ("sqrt(x**4)", "0", "smooth", "0", None, None),
    ("cbrt(x)**3", "0", "smooth", "1.0000000000000000000", None, None),
    ("relu(x) - relu(-x)", "0", "smooth", "1.0000000000000000000", None, None),
    ("elu(x)", "0", "smooth", "1.0000000000000000000", None, None),
    ("softsign(x)", "0", "smooth", "1.0000000000000000000", None, None),
    ("hypot(x, y)", "x=0,y=1", "smooth", "0", None, None),
    ("where(x >= 1, x**2, 2*x - 1)", "1", "smooth", "2.0000000000000000000", None, None),
    ("where(x == 0, 1, sin(x)/x)", "0", "smooth", "0", None, None),
    ("where(x == 0, 0, x**2*sin(1/x))", "0", "smooth", "0", None, None),
    ("where(x == 0, 0, exp(-1/x**2))", "0", "smooth", "0", None, None),
    ("x**0", "0", "smooth", "0", None, None),
    ("x**y", "x=0,y=2", "smooth", "0", None, None),
    # edges of the domain
    ("x**1.5", "0", "edge", "0", None, "0"),
    ("sqrt(x)*sqrt(x)", "0", "edge", "1.0000000000000000000", None, "1.0000000000000000000"),
    ("acosh(x)**2", "1", "edge", "2.0000000000000000000", None, "2.0000000000000000000"),
    # vertical tangents
    ("cbrt(x)", "0", "infinite", "Infinity", "Infinity", "Infinity"),
    ("sqrt(abs(x))", "0", "infinite", None, "-Infinity", "Infinity"),
    ("sqrt(x)", "0", "infinite", "Infinity", None, "Infinity"),
    ("sqrt(-x)", "0", "infinite", "-Infinity", "-Infinity", None),
    ("x**(1/3)", "0", "infinite", "Infinity", None, "Infinity"),
    ("acos(x)", "1", "infinite", "-Infinity", "-Infinity", None),
    ("asin(x)", "-1", "infinite", "Infinity", None, "Infinity"),
    ("x**x", "0", "infinite", "-Infinity", None, "-Infinity"),
    # no slope at all
    ("floor(x)", "2", "undefined", None, None, None),
    ("sign(x)", "0", "undefined", None, None, None),
    ("where(x > 0, x + 1, x)", "0", "undefined", None, None, None),
    ("where(x == 0, 0, x*sin(1/x))", "0", "undefined", None, None, None),
    ("atan2(y, x)", "y=0,x=-1", "undefined", None, None, None),
    ("0**x", "0", "undefined", None, None, None),
    ("polygamma(x, 2.5)", "1", "undefined", None, None, None),
    ("(-2)**x", "2", "undefined", None, None, None),
    # slopes that settle as slowly as the reciprocal of a logarithm
    ("where(x == 0, 0, x/log(abs(x)))", "0", "smooth", "0", None, None),
    ("where(x == 0, 0, 1/log(abs(x)))", "0", "infinite", None, "Infinity", "-Infinity"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "smoothness", "value", "left", "right"), SPECIAL)
def test_a_special_point(
    text: str, at: str, smoothness: str, value: str | None, left: str | None, right: str | None
) -> None:
    found = slope(text, at)
    texts = [one and one.text for one in (found.value, found.left, found.right)]
    assert (found.smoothness, *texts) == (smoothness, value, left, right)


OF_ORDERS = [
    ("abs(x)", "0", 2, "undefined", None),
    ("floor(x)", "2", 2, "undefined", None),
    ("where(x > 0, x + 1, x)", "0", 2, "undefined", None),
    ("sqrt(x)", "0", 2, "undefined", None),
    ("x*abs(x)", "0", 2, "kink", None),
    ("abs(x)**3", "0", 2, "smooth", "0"),
    ("abs(x)**3", "0", 3, "kink", None),
    ("sqrt(x**4)", "0", 2, "smooth", "2.0000000000000000000"),
    ("cbrt(x)**9", "0", 3, "smooth", "6.0000000000000000000"),
    ("where(x == 2, 4, x**2)", "2", 2, "smooth", "2.0000000000000000000"),
    ("where(x == 0, 1, sin(x)/x)", "0", 2, "smooth", "-0.33333333333333333333"),
    ("relu(x) - relu(-x)", "0", 2, "smooth", "0"),
    ("x**x", "1", 2, "smooth", "2.0000000000000000000"),
    ("x**2.5", "0", 2, "edge", "0"),
    ("x**2.5", "0", 3, "infinite", "Infinity"),
    ("where(x == 0, 1, sin(x)/x)", "0", 4, "smooth", "0.20000000000000000000"),
    ("where(x == 0, 1, (exp(x) - 1)/x)", "0", 3, "smooth", "0.25000000000000000000"),
    ("where(x == 0, 1/2, (1 - cos(x))/x**2)", "0", 2, "smooth", "-0.083333333333333333333"),
    ("elu(where(x >= 0.5, x**x, x))", "0", 2, "kink", None),  # a branch that is not taken beside a corner
    ("where(x > 1, log(x - 1), abs(x)**3)", "0", 3, "kink", None),
    ("ceil(sqrt(floor(x)))", "0", 2, "edge", "0"),
    ("floor(x)*0 + sqrt(x)**6", "0", 3, "edge", "6.0000000000000000000"),
    ("softsign(x)", "0", 2, "kink", None),
    ("cosh(x) + softsign(x)", "0", 3, "undefined", None),
    ("sigmoid(softsign(x) - x)", "0", 2, "kink", None),
    ("exp(abs(x)**3 - x/(1 + abs(x)))", "0", 2, "kink", None),
    ("erfc(where(x < pi, max(x, x), x**(1/2)))", "0", 3, "smooth", "2.2567583341910251478"),
    ("expm1((x + 1)**(x - x))", "-1", 2, "smooth", "0"),
    ("ceil(atanh(x))**(max(1/3, x)**(-2))", "-0.5", 3, "smooth", "0"),
    ("(x - 2)**(x - x)", "0", 2, "smooth", "0"),
    ("softsign(where(x < x, x**(2/3), x))", "0", 2, "kink", None),
    ("softsign(abs(where(x < x, x**(2/3), x)))", "-1", 3, "smooth", "-0.37500000000000000000"),
    ("ceil(x)/(ceil(x)/min(x, x)*x)", "-1", 2, "edge", "0"),
    ("(floor(x) - floor(x))/floor(x)", "1", 2, "edge", "0"),
    ("(x - 2)**relu(-x - 1)", "1", 3, "smooth", "0"),
    # the branch that is not taken has no value there
    ("where(x > 0, sqrt(x), -x)", "-1", 2, "smooth", "0"),
    ("where(x > 0, log(x), x**3)", "-1", 2, "smooth", "-6.0000000000000000000"),
    ("where(x < 0, 1/(x - 1), x**4)", "1", 3, "smooth", "24.000000000000000000"),
    ("where(x > 0, x**x, where(x < -2, acosh(x), x**2))", "-1", 2, "smooth", "2.0000000000000000000"),
    ("x*where(x > 0, sqrt(log(x)), sin(x))", "-0.5", 4, "smooth", "-3.2706174782593893643"),
]


@pytest.mark.parametrize(("text", "at", "order", "smoothness", "value"), OF_ORDERS)
def test_a_special_point_of_a_higher_derivative(
    text: str, at: str, order: int, smoothness: str, value: str | None
) -> None:
    found = slope(text, at, order)
    assert (found.smoothness, found.value and found.value.text) == (smoothness, value)


BY_ANOTHER = [  # the variable, and what the function is all along it
    ("x**y", "x=0,y=2", "y"),
    ("x**y*z", "x=0,y=2.5,z=3", "y"),
    ("(x*y)**z", "x=0,y=5,z=1.5", "z"),
    ("x**(y**2 + 1)", "x=0,y=0.5", "y"),
    ("abs(x)*y + log(y)*x", "x=0,y=2", "y"),
    ("sqrt(x*y)", "x=0,y=2", "y"),
    ("cbrt(x*y**3)", "x=0,y=2", "y"),
    ("sqrt((x - y)**2 - (x**2 - 2*x*y + y**2))", "x=1,y=2", "y"),
]


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(("text", "at", "by"), BY_ANOTHER)
def test_what_stays_the_same_as_one_variable_moves_has_derivatives_0_by_it(
    text: str, at: str, by: str, order: int
) -> None:
    found = truth.differentiate(pose(text, Limits(), at=at, order=order, wrt=by)).slopes[by]
    assert (found.smoothness, found.value and found.value.text) == ("smooth", "0")


REASONS = [
    ("log(x)", "-1", 1, "x > 0"),
    ("1/x", "0", 1, "y != 0"),
    ("floor(x)", "2", 1, "the value jumps here"),
    ("where(x == 0, 0, x*sin(1/x))", "0", 1, "the slope has no limit here"),
    ("x**x", "-2", 1, "neither side of the point is in the domain"),
    ("abs(x)", "0", 2, "the derivative of order 1 does not exist here"),
]


@pytest.mark.parametrize(("text", "at", "order", "why"), REASONS)
def test_why_there_is_no_derivative(text: str, at: str, order: int, why: str) -> None:
    assert slope(text, at, order).why == why


FAR_FROM_ZERO = [  # nothing of these shows at 12,000 bits: none is taken for 0
    ("where(softplus(x) > 0, x, 2*x)", "-20000", "1.0000000000000000000"),
    ("where(exp(-x) > 0, x, 2*x)", "1e6", "1.0000000000000000000"),
    ("where(exp(-exp(x)) > 0, x, 2*x)", "30", "1.0000000000000000000"),
    ("where(erfc(x) > 0, x, 2*x)", "1000", "1.0000000000000000000"),
    ("where(1 - tanh(x) > 0, x, 2*x)", "1e4", "1.0000000000000000000"),
    ("exp(-x)*softplus(x)", "-20000", "-6.4466180419504687418e-8687"),
    ("softplus(x)/sigmoid(x)", "-20000", "6.4466180419504687418e-8687"),
    ("log(1 - tanh(x))", "10000", "-2.0000000000000000000"),
    ("logit(sigmoid(x))", "20000", "1.0000000000000000000"),
    ("log(softplus(x))", "-9000", "1.0000000000000000000"),
    ("1/(1 - erf(x))", "100", "3.1222479458295150029e4347"),
    ("mish(x)", "-99840", "-1.0920109714395794333e-43355"),
    ("abs(exp(-x) - exp(-2*x))", "20000", "-1.2893236083900937484e-8686"),
    ("1/(1 - tanh(x)**2)", "50000", "1.4033316802130615897e43429"),
    ("sigmoid(x)*(1 - sigmoid(x))", "1e5", "-3.5629495653093731211e-43430"),
    ("atan(exp(x)) - pi/2", "20000", "1.2893236083900937484e-8686"),
]


@pytest.mark.parametrize(("text", "at", "digits"), FAR_FROM_ZERO)
def test_nothing_is_taken_for_0_because_digits_ran_out(text: str, at: str, digits: str) -> None:
    value = slope(text, at).value
    assert value is not None
    assert value.text == digits


IDENTITIES = [
    ("(x - x)**(2/3)", "3"),
    ("acos(cos(x - x))", "3"),
    ("(sin(x)**2 + cos(x)**2 - 1)**(2/3)", "0.3"),
    ("abs(exp(x)*exp(-x) - 1)", "0.3"),
    ("floor(sin(x)**2 + cos(x)**2)", "0.3"),
    ("sqrt(log(x*3) - log(x) - log(3))", "7"),
    ("asin(tanh(x)**2 + sech(x)**2)", "0.3"),
]


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(("text", "at"), IDENTITIES)
def test_what_is_the_same_everywhere_has_derivatives_0(text: str, at: str, order: int) -> None:
    found = slope(text, at, order)
    assert (found.smoothness, found.value and found.value.text) == ("smooth", "0")


CRITICAL = [
    ("exp(2*x - x**2)", "1"),
    ("sqrt(x**2 - 2*x + 5)", "1"),
    ("cos(pi*x)", "3"),
    ("sin(x)**2 + cos(x)**2", "0.3"),
    ("softplus(x) - softplus(-x) - x", "0.3"),
    ("gamma(x) - gamma(x + 1)/x", "2.5"),
    ("x/hypot(x, y)*y/hypot(x, y)", "x=1,y=1"),
]


@pytest.mark.parametrize(("text", "at"), CRITICAL)
def test_a_derivative_of_irrational_terms_is_proven_to_be_0(text: str, at: str) -> None:
    assert slope(text, at).value.text == "0"


def test_the_tenth_derivative_of_a_chain_takes_no_trees() -> None:
    value = slope("sin(sin(sin(sin(x))))", "0.7", 10).value
    assert value.text == "31401.727663264253210"  # by mpmath's taylor, at 100 digits


UNPROVEN = [
    ("abs(gamma(x)*gamma(x + 1/2) - 2**(1 - 2*x)*sqrt(pi)*gamma(2*x))", "0.3", "8,192"),  # 0, by no law that is known
    ("where(1 + exp(-x) > 1, x, 2*x)", "1e7", "524,288"),  # above 0, by less than the bits tell
    ("sqrt(x - x*tanh(x))", "1e6", "524,288"),
    ("1/(1 - erf(x))", "2000", "524,288"),
]


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(("text", "at", "bits"), UNPROVEN)
def test_where_neither_a_sign_nor_a_0_is_proven_nothing_is_said(text: str, at: str, bits: str, order: int) -> None:
    found = slope(text, at, order)
    assert (found.smoothness, found.value) == ("undecided", None)
    assert f"with {bits} bits a number in it cannot be told from 0, nor proven to be 0; no option raises" in found.why


def test_what_is_decided_stands_beside_what_is_not() -> None:
    found = truth.differentiate(pose("y**2 + abs(1 + exp(-x) - 1)", Limits(), at="x=1e7,y=3"))
    assert found.value.text == "9.0000000000000000000"
    assert (found.slopes["x"].smoothness, found.slopes["y"].value.text) == ("undecided", "6.0000000000000000000")
