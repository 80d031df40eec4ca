"""The higher transcendental functions: near ends of domains, at huge and tiny arguments, and what is refused."""

from __future__ import annotations

import mpmath
import pytest

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.truth import differentiate
from gradcalc.inputs.pose import pose
from tests import reference
from tests.running import Run

COMMAND = "diff"

EXTREMES = [  # an expression in x, and where
    ("erfinv(x)", "0.9999999999999999"), ("erfinv(x)", "-1e-300"), ("erfcx(x)", "1e8"), ("erfcx(x)", "-20"),
    ("ndtri(x)", "1e-40"), ("ndtri(x)", "0.9999999999999999"),
    ("gammainc(30, x)", "10"), ("gammainc(0.01, x)", "1e-9"), ("gammainc(400, x)", "200"), ("gammainc(15, x)", "1e-12"),
    ("gammainc(2500, x)", "2500"), ("gammainc(x, 3)", "1e-5"), ("gammainc(x, 9)", "40"), ("gammainc(x, 40)", "9"),
    ("gammaincc(0.5, x)", "700"), ("gammaincc(300, x)", "310"), ("gammaincc(x, 30)", "2"),
    ("betainc(30, 20, x)", "0.95"), ("betainc(2, 3, x)", "0.9999999999999999"), ("betainc(0.5, 0.25, x)", "1e-30"),
    ("besselj(0, x)", "1e5"), ("besselj(100, x)", "1"), ("besselj(2.5, x)", "1e-8"), ("besselj(-3, x)", "-7.5"),
    ("besselj(0, x)", "2.404825557695773"), ("bessely(0, x)", "1e-30"), ("bessely(-1.5, x)", "30"),
    ("besseli(0, x)", "800"), ("besseli(-2, x)", "-0.5"), ("besselk(0, x)", "800"), ("besselk(10.5, x)", "0.25"),
    ("i0(x)", "-700"), ("i1(x)", "1e-12"), ("i0e(x)", "1e4"), ("i1e(x)", "-1e4"),
    ("zeta(x)", "1.0000000000000002"), ("zeta(x)", "-19.5"), ("zeta(x)", "40"), ("zeta(3, x)", "1e8"),
    ("zeta(x, 0.25)", "-1e-9"),
    ("lambertw(x)", "1e300"), ("lambertw(x)", "-0.36787944117144228"), ("lambertw(x, -1)", "-0.36787944117144228"),
    ("lambertw(x, -1)", "-1e-300"), ("expi(x)", "0.3725074107813666"), ("expi(x)", "-700"), ("expi(x)", "1e-30"),
    ("expint(1, x)", "1e-30"), ("expint(2.5, x)", "200"), ("expint(-2, x)", "3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "x"), EXTREMES)
def test_value_and_derivative_at_an_extreme_are_those_of_mpmath(text: str, x: str) -> None:
    problem = pose(text, Limits(), at=x)
    found = differentiate(problem)
    with mpmath.workdps(90):
        point = {name: mpmath.mpf(value) for name, value in problem.numbers.items()}
        step = point["x"] * mpmath.mpf(10) ** -30
        low, value, high = (reference.evaluate(problem.root, {"x": point["x"] + side * step}) for side in (-1, 0, 1))
        assert mpmath.almosteq(mpmath.mpf(found.value.text), value, 1e-19)
        assert mpmath.almosteq(mpmath.mpf(found.slopes["x"].value.text), (high - low) / (2 * step), 1e-19)


REFUSED = [
    ("besselj(n, x)", "n=1,x=2", "besselj(n, x)` by `n", "n", "--wrt x"),
    ("x*bessely(2*k, x)", "k=1,x=2", "bessely(n, x)` by `n", "2*k", "--wrt x"),
    ("besseli(x, 2)", "x=1", "besseli(n, x)` by `n", "x", None),
    ("besselk(n, x) + y", "n=1,x=2,y=3", "besselk(n, x)` by `n", "n", "--wrt x,y"),
    ("betainc(a, 2, x)", "a=1,x=0.5", "betainc(a, b, x)` by `a", "a", "--wrt x"),
    ("betainc(2, exp(b), x)", "b=1,x=0.5", "betainc(a, b, x)` by `b", "exp(b)", "--wrt x"),
    ("expint(n, x)", "n=1,x=2", "expint(n, x)` by `n", "n", "--wrt x"),
]


@pytest.mark.parametrize("at", [True, False])
@pytest.mark.parametrize(("text", "point", "what", "place", "hint"), REFUSED)
def test_a_derivative_that_gradcalc_lacks_is_refused_by_name(
    text: str, point: str, what: str, place: str, hint: str | None, at: bool
) -> None:
    with pytest.raises(UsageError) as raised:
        pose(text, Limits(), at=point if at else None)
    error = raised.value
    assert error.message == f"gradcalc knows no derivative of `{what}`"
    assert error.span is not None
    assert text[error.span.start : error.span.end] == place
    assert error.hint == (hint and f"derive by others alone: {hint}")
    if hint is not None:
        assert pose(text, Limits(), at=point, wrt=hint.removeprefix("--wrt ")).wrt


WITHOUT = [  # an expression, a point, the derivative that torch lacks, and why
    ("lambertw(x)", "1", 0.3618962566348892, "torch has no `lambertw`"),
    ("expi(x)", "-2", -0.06766764161830635, "torch has no `expi`"),
    ("expint(x)", "0.5", -1.2130613194252668, "torch has no `expint`"),
    ("betainc(2, 3, x)", "0.5", 1.5, "torch has no `betainc`"),
    ("besselj(1, x)", "0", 0.5, "torch has no gradient of `besselj` by `x`"),
    ("bessely(0, x)", "1", 0.7812128213002887, "torch has no gradient of `bessely` by `x`"),
    ("besselk(0, x)", "1", -0.6019072301972346, "torch has no gradient of `besselk` by `x`"),
    ("besselj(2, x)", "0", 0, "torch has no `besselj` of this order"),
    ("gammainc(x, 1)", "1", -0.4317297106348987, "torch has no gradient of `gammainc` by `a`"),
    ("gammaincc(x, 1)", "1", 0.4317297106348987, "torch has no gradient of `gammaincc` by `a`"),
    ("zeta(x)", "2", -0.9375482543158438, "torch has no gradient of `zeta` by `s`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "true", "why"), WITHOUT)
def test_where_torch_has_no_gradient_the_true_one_stands(text: str, at: str, true: float, why: str, run: Run) -> None:
    row = run.record(text, "--at", at, code=0)["gradient"]["x"]
    keys = ("symbolic", "autograd", "error", "ulps", "verdict", "reason", "explanation")
    assert [row[key] for key in keys] == [true, None, None, None, None, "no-autograd", why]


HALF = ["ndtri(x)", "erfcx(x)", "zeta(2, x)"]


@pytest.mark.parametrize("text", HALF)
def test_a_format_that_torch_lacks_a_function_in_has_no_gradient(text: str, run: Run) -> None:
    row = run.record(text, "--at", "0.5", "--dtype", "float16", code=0)["gradient"]["x"]
    name = text.partition("(")[0]
    assert (row["verdict"], row["explanation"]) == (None, f"torch has no `{name}` in float16")


def test_where_the_branches_of_lamberts_function_meet_it_is_minus_one() -> None:
    found = differentiate(pose("lambertw(-exp(-x)) + lambertw(-exp(-x), -1)", Limits(), at="1"))
    assert found.value.text == "-2.0000000000000000000"
