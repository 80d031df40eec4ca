"""`gradcalc steps` as a user and as a script meets it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradcalc
from gradcalc.base.errors import UsageError
from gradcalc.calculus.step import every
from tests.running import Run

pytestmark = [pytest.mark.smoke, pytest.mark.torchless]

COMMAND = "steps"


OUTLINES = {
    "three lines": (("sin(x**2)",), """\
f = sin(x**2)

1. chain rule, u = x**2: (sin(u))' = cos(u)*u'
   1.1 power rule: (x**2)' = 2*x
df/dx = cos(x**2)*(2*x) = 2*x*cos(x**2)
"""),
    "both sides of an equation": (("x^2 + x*y = sin(y)",), """\
equation = x^2 + x*y = sin(y)

1. sum rule: (x**2 + x*y)' = (x**2)' + (x*y)'
   1.1 product rule: (x*y)' = x'*y + x*y' = y + x*y'
2. chain rule: (sin(y))' = cos(y)*y'
3. both sides, where y' is dy/dx: 2*x + (y + x*y') = cos(y)*y'
4. solve for y'
dy/dx = -(2*x + y)/(x - cos(y))
"""),
    "what is done in the head": (("3*x**2 + sin(x) - 1",), """\
f = 3*x**2 + sin(x) - 1

1. sum rule: (3*x**2 + sin(x) - 1)' = (3*x**2)' + (sin(x))' - (1)' = 6*x + cos(x)
df/dx = 6*x + cos(x)
"""),
    "a power below the line": (("3/(2*x + 1)**2",), """\
f = 3/(2*x + 1)**2

1. chain rule with the power rule, u = 2*x + 1: (3/u**2)' = (3*u**(-2))' = -6*u**(-3)*u'
   1.1 sum rule: (2*x + 1)' = (2*x)' + (1)' = 2
df/dx = -12*(2*x + 1)**(-3) = -12/(2*x + 1)**3
"""),
    "in full": (("3*x**2", "--detail", "full"), """\
f = 3*x**2

1. constant multiple rule: (3*x**2)' = 3*(x**2)'
   1.1 power rule: (x**2)' = 2*x
df/dx = 6*x
"""),
    "a program": (("y = x**2; z = sin(y); z*y",), """\
program = y = x**2; z = sin(y); z*y

1. product rule: (z*y)' = z'*y + z*y'
   1.1 definition, z = sin(y): z' = (sin(y))'
      1.1.1 chain rule: (sin(y))' = cos(y)*y'
         1.1.1.1 definition, y = x**2: y' = (x**2)' = 2*x
         so (sin(y))' = cos(y)*(2*x)
   1.2 definition, y = x**2: y' = (x**2)' = 2*x, as before
df/dx = cos(y)*(2*x)*y + z*(2*x) = 2*x*(x**2*cos(x**2) + sin(x**2))
"""),
    "a chain of statements": (("z = w*x + b; p = sigmoid(z); -log(p)", "--wrt", "w,b"), """\
program = z = w*x + b; p = sigmoid(z); -log(p)

by w
1. chain rule: ∂f/∂w = df/dp · dp/dz · ∂z/∂w
   1.1 df/dp, constant multiple rule: (-log(p))' = -(log(p))' = -1/p
   1.2 dp/dz, from the table: (sigmoid(z))' = sigmoid(z)*(1 - sigmoid(z)) = p*(1 - p)
   1.3 ∂z/∂w, sum rule: (w*x + b)' = (w*x)' + b' = x
∂f/∂w = -p*(1 - p)/p*x = x*(sigmoid(w*x + b) - 1)

by b
1. chain rule: ∂f/∂b = df/dp · dp/dz · ∂z/∂b
   1.1 df/dp = -1/p, as before
   1.2 dp/dz = p*(1 - p), as before
   1.3 ∂z/∂b, sum rule: (w*x + b)' = (w*x)' + b' = 1
∂f/∂b = -p*(1 - p)/p = sigmoid(w*x + b) - 1
"""),
    "symmetry": (("x**2 + y**2 + x*y",), """\
f = x**2 + y**2 + x*y

by x
1. sum rule: (x**2 + y**2 + x*y)' = (x**2)' + (y**2)' + (x*y)' = 2*x + y
∂f/∂x = 2*x + y

by y
1. symmetry: swap x and y, which leaves f as it is
∂f/∂y = x + 2*y
"""),
    "orders": (("x**3", "--order", "2"), """\
f = x**3

by x
1. power rule: (x**3)' = 3*x**2
df/dx = 3*x**2

once more by x
1. constant multiple rule: (3*x**2)' = 3*(x**2)' = 6*x
d²f/dx² = 6*x
"""),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "text"), OUTLINES.values(), ids=OUTLINES)
def test_the_outline(arguments: tuple[str, ...], text: str, run: Run) -> None:
    assert run(*arguments) == (0, text, "")


def test_the_record_has_every_step(run: Run) -> None:
    found: dict[str, Any] = run.record("sin(x**2)")
    (one,) = found["derivations"]
    assert (one["variable"], one["order"], one["formula"]) == ("x", 1, "2*x*cos(x**2)")
    assert one["steps"] == {
        "rule": "chain", "by": "x", "letter": "u", "inside": "x**2", "expression": "sin(x**2)",
        "pattern": "cos(u)*u'", "formula": "cos(x**2)*(2*x)",
        "steps": [{"rule": "power", "by": "x", "letter": None, "inside": None, "expression": "x**2",
                   "pattern": "2*x", "formula": "2*x", "steps": []}],
    }  # fmt: skip


def test_quiet_prints_what_diff_prints(run: Run) -> None:
    assert run("x*y", "-q") == (0, "y\nx\n", "")


REFUSED = {
    "nothing to derive by": (("5",), 2, "error: there is no variable to derive by"),
    "no value anywhere": (("sqrt(-1 - x^2)",), 2, "error: `sqrt(-1 - x^2)` has no real value: sqrt(x) needs x >= 0"),
    "too deep": (("sin(" * 150 + "x" + ")" * 150,), 3, "error: the expression is too large to be derived step by step"),
    "an unknown detail": (("x", "--detail", "some"), 2, "error: unknown --detail `some`"),
}


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(arguments: tuple[str, ...], code: int, message: str, run: Run) -> None:
    found, _, err = run(*arguments)
    assert (found, err.splitlines()[0]) == (code, message)


LEAVES = st.sampled_from(["x", "2", "3", "y", "x**2"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({})".format, st.sampled_from(["sin", "exp", "sqrt", "log", "tanh", "sigmoid", "atan"]), inner),
        st.builds("({})**{}".format, inner, st.sampled_from(["2", "3", "x", "(1/2)"])),
    ),
    max_leaves=5,
)


@settings(max_examples=25, deadline=None)
@given(EXPRESSIONS)
def test_every_step_of_any_expression_is_verified_and_the_last_line_is_that_of_diff(text: str) -> None:
    try:
        (found,) = gradcalc.steps(text, wrt="x").derivations
    except UsageError:
        assert gradcalc.diff(text, wrt="x").row("x").formula is None
        return
    assert found.formula == gradcalc.diff(text, wrt="x").row("x").formula
    assert found.step is not None
    assert all(step.by == "x" for step in every(found.step))
