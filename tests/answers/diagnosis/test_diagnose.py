"""Where the digits went, and what to write instead: the traps that people fall into."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from gradcalc import api
from gradcalc.answers.audit.formats import formats
from gradcalc.answers.audit.range import audited
from gradcalc.answers.diagnosis.cause import lost_bits
from gradcalc.answers.diagnosis.cures import candidates, double_where
from gradcalc.answers.diagnosis.equalities import ARRAY_CURES, CURES
from gradcalc.answers.diagnosis.rewriting import rewritten
from gradcalc.answers.records import Diagnosis
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.at_point import value
from gradcalc.engines.exact.ball import as_real, from_fraction
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import asked
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import written_out
from gradcalc.render.formats import text
from gradcalc.syntax.tree import free_names, postorder


def diagnosed(source: str, at: str, dtype: str = "float64") -> Diagnosis:
    """The diagnosis of the first derivative that disagrees."""
    rows = api.diff(source, at=at, dtype=dtype).rows
    row = next(row for row in rows if row.verdict is Verdict.DISAGREE)
    assert row.diagnosis is not None
    return row.diagnosis


CAUSES = [  # expression, point, the node, which way, what happened
    ("log(1 + exp(x))", "1000", "exp(x)", "forward", "overflow"),
    ("1/(1 + exp(-x))", "-800", "exp(-x)", "forward", "overflow"),
    ("exp(x)", "1000", "exp(x)", "forward", "overflow"),
    ("sqrt(x*x + y*y)", "x=1e200,y=1e200", "x*x", "forward", "overflow"),
    ("sqrt(x*x + y*y)", "x=1e-200,y=1e-200", "x*x", "forward", "underflow"),
    ("sqrt(x**2)", "1e-200", "x**2", "forward", "underflow"),
    ("log(sigmoid(x))", "-800", "sigmoid(x)", "forward", "underflow"),
    ("(1 - cos(x))/x**2", "1e-8", "x", "backward", "cancellation"),
    ("(x - 0.1)**2", "0.1", "(x - 0.1)", "forward", "cancellation"),
    ("sqrt(x + 1) - sqrt(x)", "1e15", "x", "backward", "cancellation"),
    ("(exp(x) - 1)/x", "1e-10", "(exp(x) - 1)", "forward", "cancellation"),
    ("gelu(x)", "-9", "gelu(x)", "backward", "precision"),
    ("tanh(x)", "20", "tanh(x)", "backward", "precision"),
    ("sigmoid(x)", "40", "sigmoid(x)", "backward", "precision"),
    ("where(x > 0, sqrt(x), 0)", "-1", "sqrt(x)", "backward", "nan"),
    ("where(x > 0, sqrt(x), x)", "-1", "sqrt(x)", "backward", "nan"),
    ("where(x <= 0, exp(x), 1 + x)", "1000", "exp(x)", "backward", "nan"),
    ("atanh(tanh(x))", "20", "atanh(tanh(x))", "backward", "precision"),
    ("acos(cos(x))", "pi", "acos(cos(x))", "backward", "precision"),
    ("x**-1", "1e-200", "x**-1", "backward", "overflow"),
    ("sigmoid(x)", "710", "sigmoid(x)", "backward", "precision"),  # 1 - p is 0 whatever the exponents are
    ("0*log(sigmoid(x)) + log(1 - sigmoid(x))", "40", "sigmoid(x)", "forward", "precision"),
    ("softmax(x)[1]*1000", "x=[10, 0]", "softmax(x)", "backward", "cancellation"),
    ("sin(x/2)/x", "1e-9", "x", "backward", "cancellation"),
    ("sin(norm(v)/2)/norm(v)", "v=[1e-9, 1e-9]", "norm(v)", "backward", "cancellation"),
    ("sin(exp(x))", "30", "exp(x)", "forward", "precision"),
    ("(1 + r/n)^(n*t)", "r=0.05,n=1e12,t=1", "(1 + r/n)", "forward", "precision"),
    ("det(A)", "A=[[1, 2], [2, 4]]", "det(A)", "backward", "precision"),
    ("exp(-1000*x)*log(1 - sigmoid(40*x))", "1", "exp(-1000*x)", "forward", "underflow"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "node", "stage", "kind"), CAUSES)
def test_the_cause_is_a_node_of_the_graph(source: str, at: str, node: str, stage: str, kind: str) -> None:
    found = diagnosed(source, at, "float16" if source.startswith("softmax") else "float64")
    assert found.blame is not None
    assert (found.blame.text, found.stage, found.kind) == (node, stage, kind)


CURED = [
    ("log(1 + exp(x))", "1000", "softplus(x)"),
    ("1/(1 + exp(-x))", "-800", "sigmoid(x)"),
    ("log(exp(x) + exp(y))", "x=1000,y=999", "logaddexp(x, y)"),
    ("exp(x)/(exp(x) + exp(y))", "x=1000,y=999", "sigmoid(x - y)"),
    ("log(sigmoid(x))", "-800", "logsigmoid(x)"),
    ("log(x*y)", "x=1e200,y=1e200", "log(x) + log(y)"),
    ("sqrt(x*x + y*y)", "x=1e200,y=1e200", "hypot(x, y)"),
    ("sqrt(x**2)", "1e-200", "abs(x)"),
    ("sqrt(x + 1) - sqrt(x)", "1e15", "1/(sqrt(x + 1) + sqrt(x))"),
    ("1/x - 1/(x + 1)", "1e9", "1/(x*(x + 1))"),
    ("(exp(x) - 1)/x", "1e-10", "expm1(x)/x"),
    ("tanh(x)", "20", "1 - 2*sigmoid(-2*x)"),
    ("sigmoid(x)", "40", "1 - sigmoid(-x)"),
    ("relu(x) - relu(-x)", "0", "x"),
    ("where(x > 0, sqrt(x), 0)", "-1", "where(x > 0, sqrt(where(x > 0, x, 1)), 0)"),
    (
        "-(y*log(1/(1 + exp(-z))) + (1 - y)*log(1 - 1/(1 + exp(-z))))",
        "y=1,z=100",
        "y*softplus(-z) + (1 - y)*softplus(z)",
    ),
    ("log1p(exp(x))", "800", "softplus(x)"),
    ("log(cosh(x))", "800", "x + softplus(-2*x) - log(2)"),
    ("log(exp(x) + exp(y) + exp(z))", "x=1000,y=999,z=998", "logaddexp(logaddexp(x, y), z)"),
    ("exp(x)/(exp(x) + exp(y) + exp(z))", "x=1000,y=999,z=998", "exp(x - logaddexp(logaddexp(x, y), z))"),
    ("log(x + sqrt(x*x + 1))", "-1e8", "asinh(x)"),
    ("sqrt(x*x + y*y + z*z)", "x=1e200,y=1e200,z=1e200", "hypot(hypot(x, y), z)"),
    ("max(sqrt(x*x + y*y), 1e-10)", "x=0,y=0", "sqrt(max(x*x + y*y, 1e-10**2))"),
    ("(-b + sqrt(b*b - 4*(a*c)))/(2*a)", "a=1,b=1e8,c=1", "-2*c/(b + sqrt(b**2 - 4*a*c))"),
    ("sin(x + y) - sin(x)", "x=1,y=1e-12", "2*cos(x + y/2)*sin(y/2)"),
    ("log(x + 1) - log(x)", "1e12", "log1p(1/x)"),
    ("atan(x + 1) - atan(x)", "1e8", "atan(1/(1 + x*(x + 1)))"),
    ("(x + 1)**(1/3) - x**(1/3)", "1e12", "x**(1/3)*expm1(1/3*log1p(1/x))"),
    ("exp(x)/(exp(x) - 1)", "1e-10", "-1/expm1(-x)"),
    ("(x**2 - 1)/(x - 1)", "1.0000000001", "x + 1"),
    ("log1p(-exp(-x))", "1e-10", "log(-expm1(-x))"),
    ("(1 + r)^n", "r=1e-13,n=1e12", "exp(n*log1p(r))"),
    ("log(erfc(x))", "30", "log(2) + log_ndtr(-sqrt(2)*x)"),
    ("(sqrt(1 + x) - 1)/x", "1e-12", "1/(sqrt(1 + x) + 1)"),
    ("gelu(x)", "-9", "x*erfc(-x/sqrt(2))/2"),
    ("sqrt(x^2 + 1) - x", "1e8", "1/(sqrt(x**2 + 1) + x)"),
    ("sqrt(x^2 + x) - x", "1e10", "1/(sqrt(1 + 1/x) + 1)"),
    ("(-b + sqrt(b^2 - a*c))/a", "a=1,b=1e8,c=1", "-c/(sqrt(b**2 - a*c) + b)"),
    ("1 - x/sqrt(x^2 + 1)", "1e8", "1/(sqrt(x**2 + 1)*(sqrt(x**2 + 1) + x))"),
    ("1/(x + 1) - 2/x + 1/(x - 1)", "1e6", "2*1**2/(x*(x - 1)*(x + 1))"),
    ("(n + 1)*log(n + 1) - n*log(n) - 1", "1e10", "n*log1p(1/n) + log(n + 1) - 1"),
    ("tanh(x + h) - tanh(x)", "x=1,h=1e-9", "sinh(h)/(cosh(x + h)*cosh(x))"),
    ("acos(1 - x)", "1e-14", "2*asin(sqrt(x/2))"),
    ("acosh(1 + x)", "1e-14", "2*asinh(sqrt(x/2))"),
    ("atanh(1 - x)", "1e-16", "log1p(2*(1 - x)/x)/2"),
]


@pytest.mark.parametrize(("source", "at", "cure"), CURED)
def test_the_cure_is_right_at_the_very_point(source: str, at: str, cure: str) -> None:
    assert diagnosed(source, at).cure == cure
    wrong = next(row for row in api.diff(source, at=at).rows if row.verdict is Verdict.DISAGREE)
    healed = api.diff(cure, at=at, wrt=[wrong.name]).row(wrong.name)
    assert (healed.verdict, healed.exact) == (Verdict.AGREE, wrong.exact)


ARRAYS = [
    ("mean(x**2) - mean(x)**2", "x=[1e8, 1e8 + 1, 1e8 + 2]", "float64", "var(x)"),
    ("mean(log(1 + exp(x)))", "x=[1000, 1]", "float64", "mean(softplus(x))"),
    ("log(sum(exp(x)))", "x=[1000, 999]", "float64", "logsumexp(x)"),
    ("norm(x)", "x=[1e200, 1e200]", "float64", "amax(abs(x))*norm(x/amax(abs(x)))"),
    ("softmax(x)[1]*1000", "x=[10, 0]", "float16", "(1 - sigmoid(-(x[1] - x[2])))*1000"),
]


@pytest.mark.parametrize(("source", "at", "dtype", "cure"), ARRAYS)
def test_a_cure_of_arrays_can_be_asked_as_it_stands(source: str, at: str, dtype: str, cure: str) -> None:
    assert diagnosed(source, at, dtype).cure == cure
    assert api.diff(cure, at=at, dtype=dtype, strict_forward=True).verdict is Verdict.AGREE


NEAR = [  # expression, point, the place of the series, and the series
    ("x - log(1 + x)", "1e-9", "x = 0", "x**2/2 - x**3/3"),
    ("tan(x) - x", "1e-6", "x = 0", "x**3/3 + 2*x**5/15"),
    ("x - sin(x)", "1e-6", "x = 0", "x**3/6 - x**5/120"),
    ("(1 - cos(x))/x**2", "1e-8", "x = 0", "1/2 - x**2/24"),
    ("sinc(x)", "1e-9", "x = 0", "1 - pi**2*x**2/6"),
    ("x/(1 - exp(-x))", "1e-12", "x = 0", "1 + x/2 + x**2/12"),
    ("1/tan(x) - 1/x", "1e-5", "x = 0", "-x/3 - x**3/45"),
    ("coth(x) - 1/x", "1e-6", "x = 0", "x/3 - x**3/45"),
    ("erf(x)/x", "1e-8", "x = 0", "2/sqrt(pi) - 2*x**2/(3*sqrt(pi)) + x**4/(5*sqrt(pi))"),
    ("log(x)/(x - 1)", "1.00000001", "x = 1", "1 - (x - 1)/2 + (x - 1)**2/3 - (x - 1)**3/4"),
    ("a*b - log(1 + a*b)", "a=1e-5,b=1e-4", "a*b = 0", "(a*b)**2/2 - (a*b)**3/3"),
    ("log(sin(x)/x)*y", "x=1e-6,y=2", "x = 0", "(-x**2/6 - x**4/180)*y"),
]


@pytest.mark.parametrize(("source", "at", "place", "cure"), NEAR)
def test_where_no_equal_expression_is_known_its_series_near_a_place_is_the_cure(
    source: str, at: str, place: str, cure: str
) -> None:
    found = diagnosed(source, at)
    assert (found.near, found.cure) == (place, cure)
    assert api.diff(cure, at=at).verdict is Verdict.AGREE


REARRANGED = [
    ("s = (a+b+c)/2; sqrt(s*(s-a)*(s-b)*(s-c))", "a=1e8,b=5e7,c=5.00000001e7",
     "sqrt((a + b + c)/2*(-(a/2) + c/2 + b/2)*(a/2 - b/2 + c/2)*(a/2 - c/2 + b/2))"),
    ("x**6 - 6*x**5 + 15*x**4 - 20*x**3 + 15*x**2 - 6*x + 1", "1.001", "(x - 1)**6"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "cure"), REARRANGED)
def test_sums_are_put_in_order_and_polynomials_in_factors(source: str, at: str, cure: str) -> None:
    assert diagnosed(source, at).cure == cure
    assert api.diff(cure, at=at, strict_forward=True).verdict is Verdict.AGREE


VALUES_CURED = [  # the gradient is right
    ("exp(a) - exp(b)", "a=1,b=1.0000000001", "exp(b)*expm1(a - b)"),
    ("log(a) - log(b)", "a=1e10,b=10000000001", "log1p((a - b)/b)"),
    ("sin(a) - sin(b)", "a=1,b=1.0000000001", "2*cos((a + b)/2)*sin((a - b)/2)"),
    ("tanh(a) - tanh(b)", "a=1,b=1.0000000001", "sinh(a - b)/(cosh(a)*cosh(b))"),
    ("1/(1 - x) - 1/(1 + x)", "1e-12", "2*x/((1 - x)*(1 + x))"),
    ("log(cosh(x))", "1e-8", "log1p(2*sinh(x/2)**2)"),
    ("log(cos(x))", "1e-8", "log1p(-2*sin(x/2)**2)"),
    ("a + b + c", "a=1e16,b=1,c=-1e16", "a + c + b"),
]


@pytest.mark.parametrize(("source", "at", "cure"), VALUES_CURED)
def test_a_value_that_cancels_is_cured(source: str, at: str, cure: str) -> None:
    forward = api.diff(source, at=at).forward
    assert (forward.verdict, forward.diagnosis and forward.diagnosis.cure) == (Verdict.DISAGREE, cure)
    assert api.diff(cure, at=at, strict_forward=True).verdict is Verdict.AGREE


PARTLY = [  # what stays wrong has no cure
    ("(1 + r/n)^(n*t)", "r=0.05,n=1e12,t=3", {"r", "t", "value"}, "exp(n*t*log1p(r/n))"),
    ("(1 + 1/n)^n", "1e15", {"value"}, "exp(n*log1p(1/n))"),
]


@pytest.mark.parametrize(("source", "at", "names", "cure"), PARTLY)
def test_what_a_cure_heals_alone_has_it(source: str, at: str, names: set[str], cure: str) -> None:
    found = api.diff(source, at=at)
    cures = {row.name: row.diagnosis and row.diagnosis.cure for row in found.rows if row.verdict is Verdict.DISAGREE}
    cures["value"] = found.forward.diagnosis and found.forward.diagnosis.cure
    assert {name: text for name, text in cures.items() if text} == dict.fromkeys(names, cure)


SMALL = [  # in float32, what is too small to have all its digits
    ("log(sigmoid(x))", "-100", "`sigmoid(x)` is 3.72008e-44, less than float32 can hold in full, and becomes 0",
     "logsigmoid(x)"),
    ("sqrt(exp(-x))", "100", "`exp(-x)` is 3.72008e-44, less than float32 can hold in full, and becomes 3.78351e-44",
     None),
    ("log(1 - tanh(x)^2)", "40", None, "2*(log(2) - x - softplus(-2*x))"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "sentence", "cure"), SMALL)
def test_the_digits_that_small_numbers_lack_are_the_cause(
    source: str, at: str, sentence: str | None, cure: str | None
) -> None:
    found = diagnosed(source, at, "float32")
    assert found.cure == cure
    assert sentence is None or found.sentence == sentence


def test_a_value_out_of_range_is_cured() -> None:
    forward = api.diff("(x**2+y**2)/1000", at="x=200,y=300", dtype="float16").forward
    assert (forward.reason, forward.diagnosis and forward.diagnosis.cure) == ("overflow", "x*(x/1000) + y*(y/1000)")


DECIDED = [
    ("where(x == 0.1, x**2, 3*x)", "0.1", "`x == 0.1` is false, but float64 finds it true: float64 rounds `0.1` to the "
     "very number that `x` is", None),
    ("where(x < 1/3, x, 2*x)", "x=1/3", "`x < 1/3` is true, but float64 finds it false: float64 rounds `1/3` to the "
     "very number that `x` is", None),
    ("where(0.1 + 0.2 == 0.3, x, 2*x)", "1", "`0.1 + 0.2 == 0.3` is true, but float64 finds it false: float64 rounds "
     "`0.1 + 0.2` to 0.30000000000000004 and `0.3` to 0.29999999999999998890", None),
    ("where(x + 1 > x, 5*x, x)", "1e17", "`x + 1 > x` is true, but float64 finds it false: float64 rounds `x + 1` to "
     "the very number that `x` is", None),
    ("floor(log(1000)/log(10))*x", "2", "`floor(log(1000)/log(10))` is 3, but float64 gets 2: float64 rounds "
     "`log(1000)/log(10)` to 2.9999999999999996", "floor(log10(1000))*x"),
    ("floor(29*0.01*100)*x", "1", "`floor(29*0.01*100)` is 29, but float64 gets 28: float64 rounds `29*0.01*100` to "
     "28.999999999999996", "floor(29*(0.01*100))*x"),
    ("sign(x - 0.1)*x", "0.1", "`x - 0.1` is 5.55112e-18, but float64 gets 0: float64 rounds `0.1` to the very number "
     "that `x` is", None),
    ("max(x, 0.1)", "0.1", "every value is right, but on the way back `max(x, 0.1)` passes on 0.5 instead of 1: "
     "float64 rounds `0.1` to the very number that `x` is", None),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "sentence", "cure"), DECIDED)
def test_a_decision_that_rounding_made_is_told_with_the_rounding(
    source: str, at: str, sentence: str, cure: str | None
) -> None:
    found = diagnosed(source, at)
    assert (found.sentence, found.cure) == (sentence, cure)


HIGHER = [
    ("x^x", "2", 4, "torch's own derivative of order 4 of `x^x` is wrong, though all is smooth here: it is 63.5013, "
     "where 64.5013 is right", None),
    ("tanh(x)", "20", 2, "in the derivative of order 1, as torch works it out: on the way back `tanh(x)` passes on 0 "
     "instead of -3.39868e-17: torch works its local derivative out from a rounded value", "1 - 2*sigmoid(-2*x)"),
    ("log(1 + exp(x))", "1000", 2, "in the derivative of order 1, as torch works it out: `exp(x)` is 1.97007e434, more "
     "than the 1.8e+308 that float64 holds, and becomes inf: what follows has no number to work with", "softplus(x)"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "order", "sentence", "cure"), HIGHER)
def test_higher_orders_have_cause_and_cure(source: str, at: str, order: int, sentence: str, cure: str | None) -> None:
    found = api.diff(source, at=at, order=order).row("x").diagnosis
    assert found is not None
    assert (found.sentence, found.cure) == (sentence, cure)


def test_matrices_have_cause_and_cure() -> None:
    entry = api.hessian("log(1 + exp(x))*y", at="x=1000,y=2").matrix.entries[0][1].diagnosis
    assert entry is not None
    assert (entry.kind, entry.blame and entry.blame.text, entry.cure) == ("overflow", "exp(x)", "softplus(x)*y")
    other = api.jacobian("[x, log(1 + exp(x))]", at="1000").matrix.entries[1][0].diagnosis
    assert other is not None
    assert other.cure == "[x, softplus(x)]"


def test_formats_side_by_side_have_cause_and_cure() -> None:
    shown = text(formats("log(1 + exp(x))", ["float16", "float64"], at="20"), "plain")
    assert "float16: write it as `softplus(x)`: checked, autograd is right with that here" in shown


INCURABLE = [("exp(x)", "1000"), ("(x - 0.1)**2", "0.1"), ("(x - 0.1)**3*y", "x=0.1,y=2")]


@pytest.mark.parametrize(("source", "at"), INCURABLE)
def test_a_cure_that_does_not_check_is_not_offered(source: str, at: str) -> None:
    assert diagnosed(source, at).cure is None


SENTENCES = [
    ("(1 - cos(x))/x**2", "1e-8",
     "`x` enters in several ways, whose derivatives are as large as 2e8 and add up to -8.33333e-10: 17 digits cancel"),
    ("(exp(x) - 1)/x", "1e-10",
     "`(exp(x) - 1)` is 1e-10, but float64 gets 1.0000001e-10: its terms are so nearly equal that 8.6 digits cancel "
     "(condition number 2e+10)"),
    ("(1 + r/n)^(n*t)", "r=0.05,n=1e12,t=1",
     "`(1 + r/n)` is rounded to 16 digits, and `(1 + r/n)^(n*t)` magnifies the rounding: it is 1.05127, but float64 "
     "gets 1.05123"),
    ("sqrt(x*x + y*y)", "x=1e200,y=1e200",
     "`x*x` is 1e400, more than the 1.8e+308 that float64 holds, and becomes inf: what follows has no number to work "
     "with; the same goes for `y*y`"),
    ("det(A)", "A=[[1, 2], [2, 4]]",
     "torch works the gradient of `det(A)` out wrongly: its rule is det(A)*inv(A).T, which divides by det(A): that is "
     "0, or nearly so, here"),
    ("log(1 + exp(x))", "1000",
     "`exp(x)` is 1.97007e434, more than the 1.8e+308 that float64 holds, and becomes inf: "
     "what follows has no number to work with"),
    ("tanh(x)", "20",
     "every value is right, but on the way back `tanh(x)` passes on 0 instead of 1.69934e-17: "
     "torch works its local derivative out from a rounded value"),
    ("where(x > 0, sqrt(x), 0)", "-1",
     "on the way back through `sqrt(x)` torch multiplies by a local derivative that is no number and gets nan; "
     "its branch is not taken, but where() only multiplies it by 0"),
    ("atan(x + 1) - atan(x)", "1e20",
     "`x` enters in several ways, whose derivatives are as large as 2e-40 and add up to -2e-60: 20 digits cancel"),
    ("sigmoid(x)", "20",
     "every value is right, but on the way back `sigmoid(x)` passes on 2.0611537e-9 instead of 2.0611536e-9: "
     "torch works its local derivative out from a rounded value"),
    ("hardsigmoid(x)", "1",
     "every value is right, but on the way back `hardsigmoid(x)` passes on 0.166666672 instead of 0.166666667: torch "
     "works with a constant there that it has rounded to float32"),
    ("asinh(x)", "1e200",
     "every value is right, but on the way back `asinh(x)` passes on 0 instead of 1e-200: "
     "torch's formula for its local derivative fails here in float64"),
    ("sqrt(x**4)", "0",
     "on the way back through `sqrt(x**4)` torch multiplies by a local derivative that is infinite and gets inf: "
     "what follows has no number to work with"),
    ("x**-1", "1e-200",
     "every value is right, but the gradient that `x**-1` passes back is -1e400, more than the 1.8e+308 that float64 "
     "holds, and becomes -inf"),
    ("sigmoid(x)", "710",
     "every value is right, but on the way back `sigmoid(x)` passes on 0 instead of 4.47629e-309: torch works its "
     "local derivative out from a rounded value"),
    ("2**x", "1024",
     "`2**x` is 1.7976931348623159e308, more than the 1.7976931348623157e+308 that float64 holds, and becomes inf: "
     "what follows has no number to work with"),
    ("atanh(tanh(x))", "20",
     "on the way back `atanh(tanh(x))` passes on inf instead of 5.88463e16: torch works its local derivative out from "
     "a rounded value; besides, on the way back through `tanh(x)` torch multiplies by a local derivative that is no "
     "number and gets nan"),
    ("abs(x + 1)*(x - 1)", "5e-324",
     "`x` enters in several ways, whose derivatives are as large as 2 and add up to 9.88131e-324: 323 digits cancel"),
    ("norm(x)", "x=[1e200, 1e200]",
     "worked out step by step, `x1**2` in `norm(x)` is 1e400, more than the 1.8e+308 that float64 holds, and becomes "
     "inf: what follows has no number to work with; the same goes for `x2**2` in `norm(x)`"),
    ("sum(exp(x) - 1)*1e-3", "x=[1e-20, 1000]",
     "`exp(x)` is 1.97007e434, more than the 1.8e+308 that float64 holds, and becomes inf: "
     "what follows has no number to work with"),
    ("asin(x)/x", "1e-10",
     "`x` enters in several ways, whose derivatives are as large as 2e10 and add up to 3.33333e-11: 21 digits cancel"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "sentence"), SENTENCES)
def test_the_cause_is_told_in_one_sentence(source: str, at: str, sentence: str) -> None:
    assert diagnosed(source, at).sentence == sentence


def test_a_format_of_few_digits_is_diagnosed_too() -> None:
    assert diagnosed("sigmoid(x)", "12", "bfloat16").sentence == (
        "every value is right, but on the way back `sigmoid(x)` passes on 0 instead of 0.00000614414: "
        "torch works its local derivative out from a rounded value"
    )


def test_where_all_agree_there_is_no_diagnosis() -> None:
    assert api.diff("sin(x)", at=1).row("x").diagnosis is None


SAMPLES = ("0.75", "0.5", "0.3", "1.25")
BELOW_ZERO, NEED_BELOW_ZERO = ("-0.75",), {"log1p(-exp(x))"}
BEYOND_ONE = ("1.75", "0.5", "0.3")
VALUES = {"x": [0.5, 1.25, 3.0], "y": 0.75, "a": [[2.0, 1.0], [0.5, 3.0]], "b": [1.0, 2.0]}
NEED_BEYOND_ONE = {
    "log(x + sqrt(x**2 - 1))",
    "(-b + sqrt(b**2 - 4 * a * c)) / (2 * a)",
    "(-b + sqrt(b**2 - 4 * (a * c))) / (2 * a)",
    "(-b - sqrt(b**2 - 4 * a * c)) / (2 * a)",
    "(-b - sqrt(b**2 - 4 * (a * c))) / (2 * a)",
}


@pytest.mark.parametrize(("pattern", "replacement"), ARRAY_CURES)
def test_every_cure_of_arrays_is_an_identity(pattern: str, replacement: str) -> None:
    names = free_names(postorder(rule(pattern)))
    point = {name: VALUES[name] for name in names}
    problems = [asked(f"sum({text})", at=point).problem for text in (pattern, replacement)]
    written = [written_out(problem, Limits()).problem for problem in problems]
    left, right = (value(one.root, one.numbers) for one in written)
    assert left is not None
    assert right is not None
    assert left.equals(right, Fraction(1, 2**90))


@pytest.mark.parametrize(("pattern", "replacement"), CURES)
def test_every_cure_is_an_identity(pattern: str, replacement: str) -> None:
    names = free_names(postorder(rule(pattern)))
    samples = BEYOND_ONE if pattern in NEED_BEYOND_ONE else BELOW_ZERO if pattern in NEED_BELOW_ZERO else SAMPLES
    point = {name: float(sample) for name, sample in zip(names, samples, strict=False)}
    left, right = value(rule(pattern), point), value(rule(replacement), point)
    assert left is not None
    assert right is not None
    one, other = left.fraction(), right.fraction()
    assert one is not None
    assert other is not None
    assert abs(one - other) <= abs(one) * Fraction(1, 2**90)


REWRITTEN = [
    ("log(1 + exp(x))", "log(1 + exp(x))", "softplus(x)", "softplus(x)"),
    ("log(exp(2*y) + 1)", "log(1 + exp(x))", "softplus(x)", "softplus(2*y)"),
    ("x*x + y*y", "x * x", "x**2", "x**2 + y**2"),
    ("x*y", "x * x", "x**2", None),
]


@pytest.mark.parametrize(("source", "pattern", "replacement", "text"), REWRITTEN)
def test_a_pattern_is_found_in_either_order(source: str, pattern: str, replacement: str, text: str | None) -> None:
    found = rewritten(read(source, Limits()).root, pattern, replacement)
    assert (None if found is None else to_text(found)) == text


def test_both_branches_are_guarded() -> None:
    found = double_where(read("where(x > 0, sqrt(x), sqrt(-x))", Limits()).root)
    assert found is not None
    assert to_text(found) == "where(x > 0, sqrt(where(x > 0, x, 1)), sqrt(-where(x > 0, 1, x)))"


def test_a_large_expression_is_left_alone() -> None:
    root = read(" + ".join(f"log(1 + exp(x{k}))" for k in range(200)), Limits()).root
    assert list(candidates(root)) == []


LOST = [
    (Fraction(1), 1.0, 0.0),
    (Fraction(1), math.nan, math.inf),
    (Fraction(1), math.inf, math.inf),
    (Fraction(10) ** 400, math.inf, math.inf),
    (Fraction(1, 10**400), 0.0, math.inf),
    (Fraction(0), 0.0, 0.0),
]


@pytest.mark.parametrize(("true", "found", "bits"), LOST)
def test_lost_bits(true: Fraction, found: float, bits: float) -> None:
    assert lost_bits(as_real(from_fraction(true)), found, FORMATS["float64"]) == bits


KINKS = [
    ("abs(x)", "another library may pick any slope of the sub-differential [-1, 1]"),
    ("relu(x)", "another library may pick any slope of the sub-differential [0, 1]"),
]


@pytest.mark.parametrize(("source", "sentence"), KINKS)
def test_a_kink_is_told_whole(source: str, sentence: str) -> None:
    explanation = api.diff(source, at=0).row("x").explanation
    assert explanation is not None
    assert explanation.endswith(sentence)


HOLES = [("sin(x)/x", "0", 1.0), ("(x**2 - 1)/(x - 1)", "1", 2.0), ("1/x", "0", None), ("log(x)", "-1", None)]


@pytest.mark.parametrize(("source", "at", "limit"), HOLES)
def test_a_removable_hole_is_named_with_its_limit(source: str, at: str, limit: float | None) -> None:
    row = api.diff(source, at=at).row("x")
    assert (row.verdict, row.limit) == (Verdict.UNDEFINED, limit)


def test_ranges_have_cause_and_cure() -> None:
    found = audited("log(1 + exp(x))", ["x=700:720"], samples=5)
    (stretch,) = found.audits["float64"].stretches
    assert (stretch.reason, stretch.diagnosis and stretch.diagnosis.cure) == ("nan", "softplus(x)")
    assert "`: checked at x = " in text(found, "plain")
    (other,) = audited("sqrt(x^2 + 1) - x", ["x=2e7:3e7"], samples=5).audits["float64"].stretches
    assert other.reason == "cancellation"
