"""Shapes: what fits, and what a mistake is told, with both operands underlined."""

from __future__ import annotations

import pytest

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from gradcalc.problem.resolve import read
from gradcalc.render.error import render

SHAPES: dict[str, Shape] = {"x": (3,), "y": (2,), "A": (2, 3), "B": (3, 3), "n": ("n",), "M": ("n", "m"), "c": ()}

FITTING: list[tuple[str, Shape]] = [
    ("c", ()),
    ("x", (3,)),
    ("2*x + 1", (3,)),
    ("x*x", (3,)),
    ("A + x", (2, 3)),
    ("A*c", (2, 3)),
    ("sin(A)", (2, 3)),
    ("x.T", (3,)),
    ("A.T", (3, 2)),
    ("x @ x", ()),
    ("A @ x", (2,)),
    ("y @ A", (3,)),
    ("A @ B", (2, 3)),
    ("x.T @ B @ x", ()),
    ("sum(A)", ()),
    ("sum(A, axis=0)", (3,)),
    ("A.mean(axis=1)", (2,)),
    ("A.mean(axis=-1)", (2,)),
    ("max(x)", ()),
    ("max(x, 0)", (3,)),
    ("softmax(x)", (3,)),
    ("cumsum(A, axis=1)", (2, 3)),
    ("norm(A)", ()),
    ("trace(B)", ()),
    ("inv(B)", (3, 3)),
    ("solve(B, x)", (3,)),
    ("outer(x, y)", (3, 2)),
    ("kron(A, B)", (6, 9)),
    ("matrix_power(B, 3)", (3, 3)),
    ("diag(x)", (3, 3)),
    ("diag(B)", (3,)),
    ("eye(4)", (4, 4)),
    ("ones(2, 3)", (2, 3)),
    ("zeros(5)", (5,)),
    ("[1, 2, 3]", (3,)),
    ("[[1, 2, 3], x]", (2, 3)),
    ("x[2]", ()),
    ("A[1]", (3,)),
    ("A[1, 3]", ()),
    ("where(x > 0, x, 0)", (3,)),
    ("n + 1", ("n",)),
    ("M @ M.T", ("n", "n")),
    ("M.T @ n", ("m",)),
    ("sum(M, axis=0)", ("m",)),
]


@pytest.mark.parametrize(("source", "shape"), FITTING)
def test_the_shape_of_an_expression(source: str, shape: Shape) -> None:
    root = read(source, Limits()).root
    assert infer(root, SHAPES)[id(root)] == shape


INNER = "hint: in `a @ b` the last dimension of a is the first one of b\n"
MISTAKES = [
    ("x + y", "error: shapes (3,) and (2,): do not broadcast\n\n  x + y\n  ^   ^\n"),
    ("A @ y", "error: shapes (2, 3) and (2,): the inner dimensions differ\n\n  A @ y\n  ^   ^\n\n" + INNER),
    ("(A + 1) @ (2*y)", "error: shapes (2, 3) and (2,): the inner dimensions differ\n\n"
                        "  (A + 1) @ (2*y)\n  ^^^^^^^   ^^^^^\n\n" + INNER),
    ("2 @ x", "error: shapes () and (3,): a scalar has no `@`, multiply with `*`\n\n  2 @ x\n  ^   ^\n"),
    ("max_pool1d(x, 4)", "error: shape (3,): no window of 4 fits into 3\n\n  max_pool1d(x, 4)\n             ^\n"),
    ("max_pool1d(x, 2, 1, 2)", "error: shape (3,): expected a border of at most half a window\n\n"
                               "  max_pool1d(x, 2, 1, 2)\n             ^\n"),
    ("max_pool2d(A, 2, 2, 2)", "error: shape (2, 3): expected rows that are images of 2 rows each\n\n"
                               "  max_pool2d(A, 2, 2, 2)\n             ^\n"),
    ("unfold(x, 2, 1, 0, 3)", "error: shape (3,): no window of 4 fits into 3\n\n  unfold(x, 2, 1, 0, 3)\n         ^\n"),
    ("unfold(x, 0)", "error: shape (3,): expected positive sizes and steps of windows, and no negative border\n\n"
                     "  unfold(x, 0)\n         ^\n"),
    ("det(A)", "error: shape (2, 3): expected a square matrix\n\n  det(A)\n      ^\n"),
    ("softmax(c)", "error: shape (): expected an array\n\n  softmax(c)\n          ^\n"),
    ("cumsum(c)", "error: shape (): expected an array\n\n  cumsum(c)\n         ^\n"),
    ("trace(x)", "error: shape (3,): expected a square matrix\n\n  trace(x)\n        ^\n"),
    ("sum(x, axis=1)", "error: shape (3,): has no axis 1\n\n  sum(x, axis=1)\n      ^\n"),
    ("x[4]", "error: shape (3,): has no element 4; indices run from 1 to 3\n\n  x[4]\n  ^\n"),
    ("x[0]", "error: elements are counted from 1\n\n  x[0]\n    ^\n\nhint: the first one is `x[1]`\n"),
    ("x[c]", "error: shape (3,): expected a whole number here, not a variable\n\n  x[c]\n  ^\n\n"
             "hint: write the number itself, as in `x[1]`\n"),
    ("x[1, 1]", "error: shape (3,): takes at most 1 index\n\n  x[1, 1]\n  ^\n"),
    ("outer(A, x)", "error: shapes (2, 3) and (3,): outer takes two vectors\n\n  outer(A, x)\n        ^  ^\n"),
    ("[x, y]", "error: shapes (3,) and (2,): the rows of an array have one shape\n\n  [x, y]\n   ^  ^\n\n"
               "hint: give each row as many elements\n"),
    ("eye(0)", "error: a dimension is at least 1\n\n  eye(0)\n  ^^^^^^\n"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), MISTAKES)
def test_shapes_that_do_not_fit_are_told_and_underlined(source: str, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        infer(read(source, Limits()).root, SHAPES)
    assert render(raised.value.located(source)) == message


DECLARED = [
    (["q=3"], "`q` has a shape but is no variable of the expression"),
    (["x"], "`x` declares no shape"),
    (["x=-1"], "`x=-1` declares no shape"),
    (["x=0"], "`0` is no dimension"),
    (["x=1e3"], "`1e3` is no dimension"),
]


@pytest.mark.parametrize(("shape", "message"), DECLARED)
def test_a_declaration_that_makes_no_sense_is_refused(shape: list[str], message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        pose("sum(x)", Limits(), shape=shape)
    assert raised.value.message == message


def test_a_value_must_fit_its_declaration() -> None:
    with pytest.raises(GradcalcError, match=r"the value of `x` has shape \(2,\), expected \(3,\)"):
        pose("sum(x)", Limits(), shape=["x=3"], at={"x": [1, 2]})
