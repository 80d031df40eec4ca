"""Jacobians: every component by every variable, in closed form, by autograd, and true."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

import gradcalc
from gradcalc.answers.matrices.records import Jacobian
from gradcalc.answers.records import Blame
from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.arrays.array import Array
from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.engines import ask
from gradcalc.engines.records import AutogradMatrix, Missing
from gradcalc.engines.torch import matrices
from gradcalc.inputs.pose import pose
from gradcalc.render.error import render
from tests import wrong

A = [[1, 2], [3, 4]]
WRONG = "SymPy's closed form is wrong at x = 2.37{} and is not shown"
POLAR = "[r*cos(t), r*sin(t)]"
SPHERE = "[r*sin(t)*cos(p), r*sin(t)*sin(p), r*cos(t)]"


def components(found: Jacobian) -> list[list[str | None]]:
    """The closed forms, row by row."""
    return [[entry.formula for entry in row] for row in found.matrix.entries]


def trues(found: Jacobian) -> list[list[float | None]]:
    """The true values, row by row."""
    return [[entry.symbolic for entry in row] for row in found.matrix.entries]


COMPONENTS = [
    (POLAR, [["cos(t)", "-r*sin(t)"], ["sin(t)", "r*cos(t)"]]),
    (SPHERE, [
        ["sin(t)*cos(p)", "r*cos(t)*cos(p)", "-r*sin(t)*sin(p)"],
        ["sin(t)*sin(p)", "r*cos(t)*sin(p)", "r*sin(t)*cos(p)"],
        ["cos(t)", "-r*sin(t)", "0"],
    ]),
    ("[x*y, sin(x)]", [["y", "x"], ["cos(x)", "0"]]),
    ("x*y", [["y", "x"]]),
    ("x**2", [["2*x"]]),
    ("[[x, y], [x*y, 5]]", [["1", "0"], ["0", "1"], ["y", "x"], ["0", "0"]]),
    ("y = x^2; z = [y, sin(y)]", [["2*x"], ["2*x*cos(x**2)"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), COMPONENTS)
def test_each_entry_has_a_closed_form(text: str, expected: list[list[str]]) -> None:
    assert components(gradcalc.jacobian(text)) == expected


VALUES: list[tuple[str, dict[str, Any], str | None, list[list[float]]]] = [
    (POLAR, {"r": 2, "t": 0}, None, [[1.0, 0.0], [0.0, 2.0]]),
    ("[x*y, x - y]", {"x": 2, "y": 3}, "y,x", [[2.0, 3.0], [-1.0, 1.0]]),
    ("A @ x", {"A": A, "x": [5, 6]}, "x", [[1.0, 2.0], [3.0, 4.0]]),
    ("A @ x", {"A": A, "x": [5, 6]}, "A", [[5.0, 6.0, 0.0, 0.0], [0.0, 0.0, 5.0, 6.0]]),
    ("x @ A", {"A": A, "x": [5, 6]}, "x", [[1.0, 3.0], [2.0, 4.0]]),
    ("A @ A", {"A": A}, None, [[2.0, 3.0, 2.0, 0.0], [2.0, 5.0, 0.0, 2.0], [3.0, 0.0, 5.0, 3.0], [0.0, 3.0, 2.0, 8.0]]),
    ("inv(A)", {"A": A}, None, [[-4.0, 3.0, 2.0, -1.5], [2.0, -1.0, -1.0, 0.5], [3.0, -2.25, -1.0, 0.75],
                                [-1.5, 0.75, 0.5, -0.25]]),
    ("softmax(x)", {"x": [0, 0]}, None, [[0.25, -0.25], [-0.25, 0.25]]),
    ("x / norm(x)", {"x": [3, 4]}, None, [[0.128, -0.096], [-0.096, 0.072]]),
    ("cumsum(x)", {"x": [7, 8]}, None, [[1.0, 0.0], [1.0, 1.0]]),
    ("c * x", {"c": 3, "x": [1, 2]}, None, [[1.0, 3.0, 0.0], [2.0, 0.0, 3.0]]),
    ("sum(x)", {"x": [1, 2]}, None, [[1.0, 1.0]]),
    ("[1, 2]", {"x": 3}, "x", [[0.0], [0.0]]),
    ("x", {"x": [1, 2], "z": [3, 4]}, "z", [[0.0, 0.0], [0.0, 0.0]]),
    ("relu(x)", {"x": [-1, 2]}, None, [[0.0, 0.0], [0.0, 1.0]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "wrt", "expected"), VALUES)
def test_the_entries_are_true_and_autograd_agrees(
    text: str, at: dict[str, Any], wrt: str | None, expected: list[list[float]]
) -> None:
    found = gradcalc.jacobian(text, at=at, wrt=wrt)
    assert (trues(found), found.verdict) == (expected, Verdict.AGREE)


NAMES = [
    (POLAR, {}, ("f1", "f2"), ("r", "t")),
    ("x*y", {}, ("f",), ("x", "y")),
    ("f + [1, 2]", {}, ("g1", "g2"), ("f",)),
    ("y = [x, 2*x]", {}, ("y1", "y2"), ("x",)),
    ("[x, f1]", {}, ("f_1", "f_2"), ("x", "f1")),
    ("A @ x", {"A": (2, 1), "x": (1,)}, ("f1", "f2"), ("A11", "A21", "x1")),
    ("A", {"A": (2, 2)}, ("f11", "f12", "f21", "f22"), ("A11", "A12", "A21", "A22")),
    ("sin(x)", {"x": ("n",)}, (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shape", "rows", "columns"), NAMES)
def test_rows_and_columns_are_named(text: str, shape: Any, rows: tuple[str, ...], columns: tuple[str, ...]) -> None:
    found = gradcalc.jacobian(text, shape=shape)
    assert (found.matrix.rows, found.matrix.columns) == (rows, columns)


def test_the_value_has_the_shape_of_the_result() -> None:
    found = gradcalc.jacobian("[[x, 2*x], [x**2, 1]]", at={"x": 3})
    assert (found.shape, found.value) == ((2, 2), (3.0, 6.0, 9.0, 1.0))


def test_a_component_without_a_value_is_blamed_and_the_others_stand() -> None:
    found = gradcalc.jacobian("[log(x), x**2]", at={"x": -1})
    ((first,), (second,)) = found.matrix.entries
    assert found.value == (None, 1.0)
    assert (first.verdict, first.explanation) == (
        Verdict.UNDEFINED,
        "`log(x)` has no real value here: log(x) needs x > 0",
    )
    assert first.blame == Blame("log(x)", Span(1, 7))
    assert (second.verdict, second.symbolic) == (Verdict.AGREE, -2.0)
    assert found.verdict is Verdict.UNDEFINED


def test_a_kink_is_told_at_its_entry_alone() -> None:
    found = gradcalc.jacobian("[abs(x), x*y]", at={"x": 0, "y": 1})
    kink = found.matrix.entries[0][0]
    assert [[entry.verdict for entry in row] for row in found.matrix.entries] == [["kink", "agree"], ["agree", "agree"]]
    assert (kink.left, kink.right, kink.autograd, kink.symbolic) == (-1.0, 1.0, 0.0, None)
    assert found.verdict is Verdict.KINK


OTHERS = [
    ("[cbrt(x), x]", {"x": 0}, "float64", Verdict.INFINITE, None),
    ("[x**1.5, x]", {"x": 0}, "float64", Verdict.AGREE, Reason.EDGE),
    ("[exp(x), x]", {"x": 1000}, "float64", Verdict.DISAGREE, Reason.OVERFLOW),
    ("[(1 - cos(x))/x**2, x]", {"x": 1e-8}, "float64", Verdict.DISAGREE, Reason.CANCELLATION),
    ("[floor(x), x]", {"x": 2}, "float64", Verdict.UNDEFINED, None),
    ("[x**3, x]", {"x": 100}, "float16", Verdict.AGREE, None),
    ("[x**3, x]", {"x": 1000}, "float16", Verdict.DISAGREE, Reason.OVERFLOW),
]


@pytest.mark.parametrize(("text", "at", "dtype", "verdict", "reason"), OTHERS)
def test_an_entry_is_judged_as_any_derivative(
    text: str, at: dict[str, Any], dtype: str, verdict: Verdict, reason: Reason | None
) -> None:
    entry = gradcalc.jacobian(text, at=at, dtype=dtype).matrix.entries[0][0]
    assert (entry.verdict, entry.reason) == (verdict, reason)


def test_autograd_spoils_entries_that_are_zero() -> None:
    found = gradcalc.jacobian("sqrt(x)", at={"x": [0, 4]})
    spoiled = found.matrix.entries[1][0]
    assert (spoiled.symbolic, spoiled.verdict, spoiled.reason) == (0.0, Verdict.DISAGREE, Reason.NAN)


DTYPES = [
    ("float32", 0.5403022766113281),
    ("bfloat16", 0.5390625),
    ("float16", 0.54052734375),
]


@pytest.mark.parametrize(("dtype", "cosine"), DTYPES)
def test_numbers_are_those_of_the_dtype(dtype: str, cosine: float) -> None:
    found = gradcalc.jacobian("sin(x)", at={"x": [1, 0]}, dtype=dtype)
    assert (trues(found), found.verdict) == ([[cosine, 0.0], [0.0, 1.0]], Verdict.AGREE)


def test_a_matrix_of_a_hundred_by_a_hundred_is_verified() -> None:
    matrix = [[(7 * i + 3 * j) % 11 / 8 for j in range(100)] for i in range(100)]
    found = gradcalc.jacobian("A @ x", at={"A": matrix, "x": [1.0] * 100}, wrt="x", timeout=60)
    assert (found.verdict, found.matrix.note, len(found.matrix.every)) == (Verdict.AGREE, None, 10_000)
    assert trues(found) == matrix
    assert found.matrix.formulas == {"x": "A"}


def test_a_matrix_that_is_too_large_is_said_to_be_unverified() -> None:
    found = gradcalc.jacobian("2*x", at={"x": [1.0] * 400})
    assert (found.verdict, found.matrix.entries) == (None, ())
    assert found.matrix.note == "too large to be verified exactly: autograd's numbers stand alone"
    assert found.matrix.formulas == {"x": "2*eye(400)"}
    assert found.matrix.autograd is not None
    assert (found.matrix.autograd.shape, sum(found.matrix.autograd.values)) == ((400, 400), 800.0)


def test_a_matrix_that_takes_too_long_is_said_to_be_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradcalc.answers.matrices.entries.TRUTH_SHARE", 0.0)
    found = gradcalc.jacobian("sin(x)", at={"x": [1.0, 2.0, 3.0]})
    assert (found.verdict, found.matrix.entries) == (None, ())
    assert found.matrix.note == "no time to verify it exactly: autograd's numbers stand alone"


def test_a_matrix_beyond_the_limit_of_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADCALC_MAX_ELEMENTS", "100")
    with pytest.raises(LimitError) as error:
        gradcalc.jacobian("2*x", at={"x": [1.0] * 11})
    assert render(error.value) == (
        "error: the Jacobian has 121 entries, over the limit of 100 elements\n\n"
        "hint: set GRADCALC_MAX_ELEMENTS to raise it\n"
    )


def test_without_a_variable_there_is_nothing_to_derive_by() -> None:
    found = gradcalc.jacobian("[1, 2]")
    assert (found.matrix.rows, found.matrix.columns, found.verdict) == (("f1", "f2"), (), None)


def test_the_records_are_frozen() -> None:
    found = gradcalc.jacobian("x**2")
    with pytest.raises(AttributeError):
        found.verdict = Verdict.AGREE  # type: ignore[misc]


ERRORS: list[tuple[str, dict[str, Any], str]] = [
    ("A @ x", {"at": {"A": A, "x": [1, 2, 3]}},
     "error: shapes (2, 2) and (3,): the inner dimensions differ\n\n  A @ x\n  ^   ^\n\n"
     "hint: in `a @ b` the last dimension of a is the first one of b\n"),
    ("[x, [1, 2]]", {"at": {"x": 1}},
     "error: shapes () and (2,): the rows of an array have one shape\n\n  [x, [1, 2]]\n   ^  ^^^^^^\n\n"
     "hint: give each row as many elements\n"),
    ("[x, y]", {"at": {"x": 1}}, "error: no value for `y`\n\nhint: add --at y=…\n"),
    ("[x, sni(y)]", {}, "error: unknown function `sni`\n\n  [x, sni(y)]\n      ^^^\n\nhint: did you mean `sin`?\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "arguments", "message"), ERRORS)
def test_an_error_shows_the_place(text: str, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(GradcalcError) as error:
        gradcalc.jacobian(text, **arguments)
    assert render(error.value) == message


def test_of_an_operation_that_torch_lacks_in_a_format_the_truth_stands_alone() -> None:
    found = gradcalc.jacobian("inv(A)", at={"A": A}, dtype="float16").matrix
    assert found.missing == {"A": Missing("torch has no `inv` in float16")}
    assert [entry.symbolic for entry in found.entries[0]] == [-4, 3, 2, -1.5]
    assert {(entry.verdict, entry.reason) for row in found.entries for entry in row} == {(None, "no-autograd")}


def test_a_wrong_autograd_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = matrices.jacobian(pose("A @ x", Limits(), at={"A": A, "x": [1, 1]}, wrt="x"))
    transposed = Array((2, 2), array("d", [right.numbers.values[place] for place in (0, 2, 1, 3)]))
    monkeypatch.setattr(matrices, "jacobian", lambda problem: AutogradMatrix(right.values, transposed))
    found = gradcalc.jacobian("A @ x", at={"A": A, "x": [1, 1]}, wrt="x")
    assert [[entry.verdict for entry in row] for row in found.matrix.entries] == [
        ["agree", "disagree"],
        ["disagree", "agree"],
    ]


def test_a_wrong_closed_form_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "closed_forms", wrong.doubled)
    found = gradcalc.jacobian("[x*y, 5*x]", at={"x": 2, "y": 3})
    assert [[(entry.formula, entry.note) for entry in row] for row in found.matrix.entries] == [
        [(None, WRONG.format(", y = 1.91")), (None, WRONG.format(", y = 1.91"))],
        [(None, WRONG.format("")), ("0", None)],
    ]
