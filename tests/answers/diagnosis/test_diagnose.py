"""Where the digits went, and what to write instead: the traps that people fall into."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from gradcalc import api
from gradcalc.answers.diagnosis.cause import lost_bits
from gradcalc.answers.diagnosis.cures import CURES, candidates, double_where
from gradcalc.answers.diagnosis.rewriting import rewritten
from gradcalc.answers.records import Diagnosis, Verdict
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.at_point import value
from gradcalc.engines.exact.ball import as_real, from_fraction
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read
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
    ("(1 - cos(x))/x**2", "1e-8", "(1 - cos(x))", "forward", "cancellation"),
    ("(x - 0.1)**2", "0.1", "(x - 0.1)", "forward", "cancellation"),
    ("sqrt(x + 1) - sqrt(x)", "1e15", "sqrt(x + 1) - sqrt(x)", "forward", "cancellation"),
    ("(exp(x) - 1)/x", "1e-10", "(exp(x) - 1)", "forward", "cancellation"),
    ("gelu(x)", "-9", "gelu(x)", "forward", "precision"),
    ("tanh(x)", "20", "tanh(x)", "backward", "precision"),
    ("sigmoid(x)", "40", "sigmoid(x)", "backward", "precision"),
    ("where(x > 0, sqrt(x), 0)", "-1", "sqrt(x)", "backward", "nan"),
    ("where(x > 0, sqrt(x), x)", "-1", "sqrt(x)", "backward", "nan"),
    ("where(x <= 0, exp(x), 1 + x)", "1000", "exp(x)", "backward", "nan"),
    ("atanh(tanh(x))", "20", "atanh(tanh(x))", "forward", "precision"),
    ("acos(cos(x))", "pi", "acos(cos(x))", "backward", "precision"),
    ("x**-1", "1e-200", "x**-1", "backward", "overflow"),
    ("sigmoid(x)", "710", "sigmoid(x)", "backward", "underflow"),
    ("0*log(sigmoid(x)) + log(1 - sigmoid(x))", "40", "1 - sigmoid(x)", "forward", "cancellation"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "at", "node", "stage", "kind"), CAUSES)
def test_the_cause_is_a_node_of_the_graph(source: str, at: str, node: str, stage: str, kind: str) -> None:
    found = diagnosed(source, at)
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
    ("-(y*log(1/(1 + exp(-z))) + (1 - y)*log(1 - 1/(1 + exp(-z))))", "y=1,z=100", "softplus(z) - y*z"),
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
]


@pytest.mark.parametrize(("source", "at", "cure"), CURED)
def test_the_cure_is_right_at_the_very_point(source: str, at: str, cure: str) -> None:
    assert diagnosed(source, at).cure == cure
    wrong = next(row for row in api.diff(source, at=at).rows if row.verdict is Verdict.DISAGREE)
    healed = api.diff(cure, at=at, wrt=[wrong.name]).row(wrong.name)
    assert (healed.verdict, healed.exact) == (Verdict.AGREE, wrong.exact)


INCURABLE = [("exp(x)", "1000"), ("gelu(x)", "-9"), ("(1 - cos(x))/x**2", "1e-8"), ("(x - 0.1)**2", "0.1")]


@pytest.mark.parametrize(("source", "at"), INCURABLE)
def test_a_cure_that_does_not_check_is_not_offered(source: str, at: str) -> None:
    assert diagnosed(source, at).cure is None


SENTENCES = [
    ("(1 - cos(x))/x**2", "1e-8",
     "`(1 - cos(x))` is 5e-17, but float64 gets 0: its terms are so nearly equal that 15.7 digits cancel "
     "(condition number 4e+16)"),
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
     "`atan(x + 1) - atan(x)` is 1e-40, but float64 gets 0: `x + 1` absorbs `1`, which lies beyond the 16 digits that "
     "float64 keeps"),
    ("sigmoid(x)", "20",
     "every value is right, but on the way back `sigmoid(x)` passes on 2.0611537e-9 instead of 2.0611536e-9: "
     "torch works its local derivative out from a rounded value"),
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
     "every value is right, but the gradient that `sigmoid(x)` passes back is 4.47629e-309, less than float64 can hold "
     "in full, and becomes 0"),
    ("2**x", "1024",
     "`2**x` is 1.7976931348623159e308, more than the 1.7976931348623157e+308 that float64 holds, and becomes inf: "
     "what follows has no number to work with"),
    ("atanh(tanh(x))", "20",
     "`atanh(tanh(x))` is 20, but float64 gets inf: it magnifies the rounding of what it is applied to"),
    ("abs(x + 1)*(x - 1)", "5e-324",
     "`x` enters in several ways, whose derivatives are as large as 2 and add up to 9.88131e-324: 323 digits cancel"),
    ("norm(x)", "x=[1e200, 1e200]",
     "worked out step by step, `x1**2` in `norm(x)` is 1e400, more than the 1.8e+308 that float64 holds, and becomes "
     "inf: what follows has no number to work with"),
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
BEYOND_ONE = ("1.75", "0.5", "0.3")
NEED_BEYOND_ONE = {
    "log(x + sqrt(x**2 - 1))",
    "(-b + sqrt(b**2 - 4 * a * c)) / (2 * a)",
    "(-b + sqrt(b**2 - 4 * (a * c))) / (2 * a)",
    "(-b - sqrt(b**2 - 4 * a * c)) / (2 * a)",
    "(-b - sqrt(b**2 - 4 * (a * c))) / (2 * a)",
}


@pytest.mark.parametrize(("pattern", "replacement"), CURES)
def test_every_cure_is_an_identity(pattern: str, replacement: str) -> None:
    names = free_names(postorder(rule(pattern)))
    samples = BEYOND_ONE if pattern in NEED_BEYOND_ONE else SAMPLES
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
