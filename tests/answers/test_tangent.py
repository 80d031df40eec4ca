"""Tangents: lines, planes and linear forms in exact numbers where these are proven, and words where there is none."""

from __future__ import annotations

from typing import Any

import pytest

import gradcalc
from gradcalc.answers.tangent.surface import Surface
from gradcalc.base.errors import GradcalcError, InternalError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from gradcalc.syntax.tree import Number
from tests.running import Run

TANGENTS = [
    ("x^2", 3, "y = 6*x - 9"),
    ("x^2", "x=0.1", "y = 0.2*x - 0.01"),  # at the decimal that was written
    ("x^2", "x=1/3", "y = 2*x/3 - 1/9"),
    ("-x^2", 2, "y = -4*x + 4"),
    ("sqrt(x)", 4, "y = x/4 + 1"),
    ("sqrt(x)", 2, "y = 0.3535533905932738*x + 0.7071067811865476"),
    ("exp(x)", 0, "y = x + 1"),
    ("exp(x)", 1, "y = 2.718281828459045*x"),
    ("log(x)", "e", "y = 0.36787944117144233*x"),
    ("sin(x)", "pi", "y = -x + 3.141592653589793"),
    ("1/x", "1e-3", "y = -1000000*x + 2000"),
    ("0*x + 3", 2, "y = 3"),
    ("y = x^2; z = y + 1", 2, "z = 4*x - 3"),
    ("x^1.5", 0, "y = 0"),
    ("x^2 + x*y", "x=1,y=2", "z = 4*x + y - 3"),
    ("sqrt(x*y)", "x=2,y=8", "z = x + y/4"),
    ("x*y*z*w", "x=1,y=2,z=3,w=4", "u = 24*x + 12*y + 8*z + 6*w - 72"),
    ("sum(x**2)", "x=[1,2,3]", "f = 14 + [2, 4, 6] @ (x - [1, 2, 3])"),
    ("t*sum(x)", "t=2,x=[1,2]", "f = 6 + 3*(t - 2) + [2, 2] @ (x - [1, 2])"),
    ("sum(A*A)", "A=[[1,2],[3,4]]", "f = 30 + sum([[2, 4], [6, 8]]*(A - [[1, 2], [3, 4]]))"),
    ("x^2 + y^2 = 25", "x=3,y=4", "y = -3*x/4 + 25/4"),
    ("x^2 + y^2 = 1", "x=0.6,y=0.8", "y = -0.75*x + 1.25"),
    ("x^2 + y^2 = 25", "x=5,y=0", "x = 5"),
    ("x^2 + y^2 + z^2 = 9", "x=1,y=2,z=2", "z = -x/2 - y + 9/2"),
    ("x^2 + y^2 + z^2 = 1", "x=1,y=0,z=0", "x = 1"),
    ("x^2 + y^2 + z^2 = 25", "x=3,y=4,z=0", "6*x + 8*y = 50"),
    ("cbrt(x)", 0, "x = 0"),
    ("sqrt(x) + sqrt(y) = 1", "x=1,y=0", "y = 0"),  # where the partial derivative is infinite
    ("x^(2/5) + y^(2/5) = 1", "x=1,y=0", "y = 0"),
    ("cbrt(x)^2 + cbrt(y)^2 = 4", "x=8,y=0", "y = 0"),
    ("x*sqrt(x)", 0, "y = 0"),
    ("sqrt(abs(x))", 0, "x = 0"),
]


@pytest.mark.parametrize(("text", "at", "equation"), TANGENTS)
def test_a_tangent(text: str, at: Any, equation: str) -> None:
    found = gradcalc.diff(text, at=at, tangent=True).tangent
    assert found is not None
    assert found.equation == equation


NONE = [
    ("abs(x)", 0, "one on either side: y = -x on the left, y = x on the right"),
    ("max(x, y)", "x=1,y=1", "there is no tangent at a corner"),
    ("sqrt(abs(x*y))", "x=0,y=0", "the partial derivatives exist, yet there is no tangent plane"),
    ("cbrt(x) + y", "x=0,y=0", "a slope is infinite: there is no tangent plane"),
    ("log(x)", -1, "there is no tangent here"),
    ("floor(x)", 2, "there is no tangent here"),
    ("y^2 = x^3", "x=0,y=0", "whether there is a tangent here is not decided"),
    ("sum(x**2)", {"x": list(range(20))}, "the linear form is f(a) + the sum of gradient*(x - a), with 20 terms"),
]


@pytest.mark.parametrize(("text", "at", "note"), NONE)
def test_where_there_is_none_words_say_why(text: str, at: Any, note: str) -> None:
    found = gradcalc.diff(text, at=at, tangent=True).tangent
    assert found is not None
    assert found.equation is None
    assert note in (found.note or "")


@pytest.mark.parametrize(
    ("given", "message"), [({}, "--tangent is for a point"), ({"at": 3, "order": 2}, "first order")]
)
def test_what_a_tangent_needs(given: dict[str, Any], message: str) -> None:
    with pytest.raises(GradcalcError, match=message):
        gradcalc.diff("x^2", tangent=True, **given)


def test_a_wrong_slope_is_found_by_the_function_s_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Surface, "_slopes", lambda self: {"x": Number(5)})  # type: ignore[arg-type]  # an int is exact
    with pytest.raises(InternalError, match="tangent"):
        Surface(pose("x^2", Limits(), at=3), {}).plane()


def test_it_is_printed_in_every_form(run: Run) -> None:
    asked = ["diff", "x^2", "--at", "3", "--tangent"]
    assert run.printed(*asked).endswith("tangent: y = 6*x - 9\n")
    assert run.printed(*asked, "--quiet") == "y = 6*x - 9\n"
    assert r"y &= 6 x - 9 && \text{tangent}" in run.printed(*asked, "--latex")
    found = run.record(*asked, code=0)["tangent"]
    assert found == {"equation": "y = 6*x - 9", "slopes": {"x": "6"}, "constant": "-9"}


REMARKS = [
    ("x^2", {"wrt": ["x", "y"]}, "`y` does not occur in the expression: the derivative by it is 0"),
    ("x^2", {"wrt": ["u", "v"]}, "`u` and `v` do not occur in the expression: the derivative by them is 0"),
    ("x^2 + y^2", {"order": 2}, "of second derivatives these are the pure ones; gradcalc hessian has all of them"),
    ("y = x^2; t = 2*q; y", {"at": "x=1,q=2"}, "the result does not use `t`, and `q` neither"),
    ("y = x^2; t = 2*x; y", {}, "the result does not use `t`"),
    ("sum(x*y)", {}, "`x` and `y` are taken for numbers; vectors are declared: --shape x=n"),
    ("6xy + x + y", {}, "`xy` is one variable; for a product write `x*y`"),
    ("e^(xy)", {}, "`xy` is one variable; for a product write `x*y`"),
    ("x e^x + xe^(-x)", {}, "`xe` is one variable; for a product write `x*e`"),
    ("xy = 12", {}, "`xy = …` defines `xy`, one name; as an equation it is `x*y = …`"),
    ("norm(Ax - b)**2", {}, "`Ax` is one variable; for a product write `A x`"),
]


@pytest.mark.parametrize(("text", "given", "remark"), REMARKS)
def test_what_is_worth_a_word_gets_one(text: str, given: dict[str, Any], remark: str) -> None:
    assert gradcalc.diff(text, **given).remarks == (remark,)


def test_remarks_are_in_the_record(run: Run) -> None:
    assert run.record("diff", "x^2", "--wrt", "y", code=0)["remarks"] == [REMARKS[0][2]]


def test_of_an_array_the_component_to_blame_is_named_with_what_to_write() -> None:
    found = gradcalc.diff("sum(p*log(p/q))", at={"p": [0.5, 0.0], "q": [0.5, 0.5]})
    explanation = found.rows[0].explanation or ""
    assert "`log(p/q)` has no real value here, in `log(p2/q2)`: log(x) needs x > 0" in explanation
    assert "`x*log(x/y)` `rel_entr(x, y)`" in explanation
    healed = gradcalc.diff("sum(rel_entr(p, q))", at={"p": [0.5, 0.0], "q": [0.5, 0.5]})
    assert (healed.value, healed.rows[0].verdict) == (0.0, "agree")


def test_a_product_taken_for_one_name_is_told_where_the_result_is_no_number() -> None:
    with pytest.raises(GradcalcError) as caught:
        gradcalc.diff("xᵀAx")
    assert caught.value.hint == "`Ax` is one name, for a product write `A x`"
