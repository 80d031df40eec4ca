"""Functions that place, order and decompose arrays: values, ties, repeated eigenvalues, changes of rank, errors."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc import api
from gradcalc.answers.records import ArrayRow, Comparison
from gradcalc.base.errors import GradcalcError
from gradcalc.render.error import render

X, A = [3.0, 1.0, 2.0, 5.0], [[1.0, 2.0, 4.0], [3.0, 0.5, -1.0]]
S = [[2.0, 1.0], [1.0, 3.0]]
GRADIENTS: list[tuple[str, dict[str, Any], Any]] = [  # by the first variable
    ("sum(x[2:3]**2)", {"x": X}, [0.0, 2.0, 4.0, 0.0]),
    ("sum(x[3:]) + 2*sum(x[:2])", {"x": X}, [2.0, 2.0, 1.0, 1.0]),
    ("sum(x[:])", {"x": X}, [1.0] * 4),
    ("A[1, :] @ [1, 2, 3]", {"A": A}, [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
    ("A[:, 2] @ [1, 2]", {"A": A}, [[0.0, 1.0, 0.0], [0.0, 2.0, 0.0]]),
    ("sum(A[1:2, 2:3]**2)", {"A": A}, [[0.0, 4.0, 8.0], [0.0, 1.0, -2.0]]),
    ("sum(A[2, 2:])", {"A": A}, [[0.0, 0.0, 0.0], [0.0, 1.0, 1.0]]),
    ("sum(flip(x)*[1, 2, 3, 4])", {"x": X}, [4.0, 3.0, 2.0, 1.0]),
    ("sum(cumprod(x))", {"x": [2.0, 3.0, 4.0]}, [16.0, 10.0, 6.0]),
    ("sum(diff(x)**2)", {"x": [1.0, 3.0, 4.0]}, [-4.0, 2.0, 2.0]),
    ("concat(x, 2*x) @ [1, 2, 3, 4]", {"x": [1.0, 1.0]}, [7.0, 10.0]),
    ("sum(concatenate([x, x, x]))", {"x": [1.0, 1.0]}, [3.0, 3.0]),
    ("sum(stack(x, x**2)[2, :])", {"x": [1.0, 3.0]}, [2.0, 6.0]),
    ("sum(A.reshape(3, 2)[2, :])", {"A": A}, [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
    ("flatten(A)[4]", {"A": A}, [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]),
    ("sum(sort(x)*[1, 2, 3, 4])", {"x": X}, [3.0, 1.0, 2.0, 4.0]),
    ("median(x)", {"x": X}, [0.5, 0.0, 0.5, 0.0]),
    ("median(x)", {"x": [3.0, 1.0, 2.0]}, [0.0, 0.0, 1.0]),
    ("norm(x, 3)**3", {"x": [1.0, -2.0]}, [3.0, -12.0]),
    ("sum(tril(A)) + 2*sum(triu(A))", {"A": S}, [[3.0, 2.0], [1.0, 3.0]]),
    ("sum(tril(A, 1))", {"A": A}, [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]),
    ("sum(tril(A, k=-1)) + 2*sum(triu(A, 2))", {"A": A}, [[0.0, 0.0, 2.0], [1.0, 0.0, 0.0]]),
    ("sum(concat(A, 2*A, axis=1)[1, 2:4])", {"A": A}, [[2.0, 1.0, 1.0], [0.0, 0.0, 0.0]]),
    ("sum(torch.cat([x, 3*x], dim=-1)[4:5])", {"x": X}, [3.0, 0.0, 0.0, 1.0]),
    ("sum(np.hstack([A, A])[2, 3:5])", {"A": A}, [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]),
    ("sum(diff(A)**2)", {"A": [[1.0, 3.0], [4.0, 4.5]]}, [[-4.0, 4.0], [-1.0, 1.0]]),
    ("sum(diff(A, axis=0)**2)", {"A": [[1.0, 3.0], [4.0, 4.5]]}, [[-6.0, -3.0], [6.0, 3.0]]),
    ("diff(x, 3)[1]", {"x": X}, [-1.0, 3.0, -3.0, 1.0]),
    ("diff(A, n=1, axis=0) @ [1, 2, 3] @ [1]", {"A": A}, [[-1.0, -2.0, -3.0], [1.0, 2.0, 3.0]]),
    ("cross(a, [1, 0, 0]) @ [1, 2, 3]", {"a": [1.0, 1.0, 1.0]}, [0.0, -3.0, 2.0]),
    ("cross_entropy(z, 2)", {"z": [0.0, 0.0]}, [0.5, -0.5]),
    ("cross_entropy(z, [0.5, 0.5])", {"z": [0.0, 0.0]}, [0.0, 0.0]),
    ("cross_entropy(z, [2, 1])", {"z": [[0.0, 0.0], [0.0, 0.0]]}, [[0.25, -0.25], [-0.25, 0.25]]),
    ("nll(p, 1)", {"p": [0.5, 0.5]}, [-1.0, 0.0]),
    ("trace(expm(A))", {"A": [[0.0, 0.0], [0.0, 0.0]]}, [[1.0, 0.0], [0.0, 1.0]]),
    ("sum(eigvalsh(A))", {"A": S}, [[1.0, 0.0], [0.0, 1.0]]),
    ("sum(eigvalsh(A))", {"A": [[2.0, 0.0], [0.0, 2.0]]}, [[1.0, 0.0], [0.0, 1.0]]),
    ("nuclear_norm(A)", {"A": [[3.0, 0.0], [0.0, 3.0]]}, [[1.0, 0.0], [0.0, 1.0]]),
    ("spectral_norm(A)", {"A": [[4.0, 0.0], [0.0, 3.0]]}, [[1.0, 0.0], [0.0, 0.0]]),
]


@pytest.mark.parametrize(("expression", "at", "gradient"), GRADIENTS)
def test_the_gradient_is_true_and_autograd_agrees(expression: str, at: dict[str, Any], gradient: Any) -> None:
    result = api.diff(expression, at=at)
    row = array(result, next(iter(at)))
    assert [one.symbolic for one in row.rows] == flat(gradient)
    assert result.verdict == "agree"


def array(result: Comparison, name: str) -> ArrayRow:
    row = result.gradient[name]
    assert isinstance(row, ArrayRow)
    return row


def flat(value: Any) -> list[float]:
    return [one for row in value for one in flat(row)] if isinstance(value, list) else [value]


EQUAL = [[2.0, 0.0], [0.0, 2.0]]
SPECIAL: list[tuple[str, dict[str, Any], list[str]]] = [  # the verdict on each component
    ("sort(x)[1]", {"x": [1.0, 1.0, 2.0]}, ["kink", "kink", "agree"]),
    ("sum(sort(x))", {"x": [1.0, 1.0, 2.0]}, ["agree"] * 3),
    ("median(x)", {"x": [1.0, 2.0, 2.0, 5.0, 7.0]}, ["agree", "kink", "kink", "agree", "agree"]),
    ("median(x)", {"x": [2.0, 2.0, 1.0, 7.0]}, ["agree"] * 4),
    ("max(x)", {"x": [1.0, 3.0, 3.0]}, ["agree", "kink", "kink"]),
    ("sum(max_pool1d(x, 2))", {"x": [1.0, 1.0, 2.0, 3.0]}, ["kink", "kink", "agree", "agree"]),
    ("sum(max_pool1d(x, 3, 2, 1))", {"x": [-1.0, -2.0, -4.0, -3.0]}, ["agree"] * 4),  # zeros around are no elements
    ("eigvalsh(A)[1]", {"A": EQUAL}, ["kink"] * 4),
    ("svdvals(A)[2]", {"A": [[1.0, 2.0], [2.0, 4.0]]}, ["kink"] * 4),
    ("nuclear_norm(A)", {"A": [[1.0, 0.0], [0.0, 0.0]]}, ["agree", "agree", "agree", "kink"]),
    ("spectral_norm(A)", {"A": EQUAL}, ["kink"] * 4),
    ("sum(pinv(A))", {"A": [[1.0, 2.0], [2.0, 4.0]]}, ["undefined"] * 4),
    ("sum(cholesky(A))", {"A": [[1.0, 2.0], [2.0, 1.0]]}, ["undefined"] * 4),
    ("cosine_similarity(x, [1, 2])", {"x": [0.0, 0.0]}, ["undefined"] * 2),
    ("sum(cdist(A, [[1, 2]]))", {"A": [[1.0, 2.0], [4.0, 6.0]]}, ["kink", "kink", "agree", "agree"]),
]


@pytest.mark.parametrize(("expression", "at", "verdicts"), SPECIAL)
def test_ties_and_changes_of_rank_are_told(expression: str, at: dict[str, Any], verdicts: list[str]) -> None:
    assert [row.verdict for row in api.diff(expression, at=at).rows] == verdicts


def test_a_change_of_rank_is_no_want_of_a_value() -> None:
    row = api.diff("sum(pinv(A))", at={"A": [[1.0, 2.0], [2.0, 4.0]]}).rows[0]
    assert row.explanation == (
        "there is no derivative: `pinv(A)` jumps where the rank changes, as it does at this matrix; its value is "
        "worked out at full rank alone"
    )


FORMS = [
    ("sum(x[2:]**2)", "x=3", "x", "2*concat(zeros(1), x[2:])"),
    ("flip(x) @ y", "x=n --shape y=n", "x", "flip(y)"),
    ("cross_entropy(z, y)", "z=n --shape y=n", "z", "sum(y)*softmax(z) - y"),
    ("sum(tril(A) * B)", "A=n,n --shape B=n,n", "A", "tril(B)"),
]


@pytest.mark.parametrize(("expression", "shape", "name", "form"), FORMS)
def test_the_closed_form_is_in_array_terms(expression: str, shape: str, name: str, form: str) -> None:
    assert api.diff(expression, shape=shape.split(" --shape "), wrt=name).gradient[name].formula == form


ERRORS = [
    ("x[2:4]", {"x": [1, 2, 3]}, "shape (3,): has no elements 2:4; indices run from 1 to 3", "^"),
    ("sum(x[1:2, 1])", {"x": [1, 2, 3]}, "shape (3,): takes at most 1 slice", "^"),
    ("sum(x[::2])", {"x": [1, 2, 3]}, "a slice takes every element between two places", "^"),
    ("sum(x[-1:])", {"x": [1, 2, 3]}, "elements are counted from 1", "^^"),
    ("sum(reshape(A, 5))", {"A": A}, "shape (2, 3): has 6 elements, which do not fill (5,)", "^"),
    ("sum(concat(x, A))", {"x": [1, 2], "A": A},
     "shapes (2,) and (2, 3): arrays are put together along the first axis, and the others are alike", "^"),
    ("sum(cross(x, x))", {"x": [1, 2]}, "shapes (2,) and (2,): cross takes two vectors of three elements", "^"),
    ("sum(cholesky(A))", {"A": A}, "shape (2, 3): expected a square matrix", "^"),
    ("sum(sort(x))", {"x": 3.0}, "shape (): expected an array", "^"),
    ("diff(x**2, x)", {"x": 3.0}, "a derivative is not part of the language", "^^^^^^^^^^^^^"),
    ("diff(x**2)", {"x": 3.0},
     "shape (): diff takes a vector of two elements at least, or a matrix of two columns; "
     "the derivative of u by x is another command", "^^^^"),
    ("sum(concat(A, A, axis=2))", {"A": A}, "`concat` takes 0, 1 or -1 for an axis here", "^" * 20),
    ("sum(diff(A, axis=2))", {"A": A},
     "`diff` takes a number of times from 1 to 20, and -1 or 0 for an axis here", "^" * 15),
    ("sum(tril(A, 0.5))", {"A": A}, "shape (2, 3): expected a whole number here, not a variable", "^"),
    ("F.cross_entropy(z, 1.5)", {"z": [1, 2, 3]},
     "shapes (3,) and (): cross_entropy takes scores, and a probability for each or the number of a class", "^"),
    ("cross_entropy(z, [0.5, 0.5])", {"z": [1, 2, 3]}, "shapes (3,) and (2,): the inner dimensions differ", "^"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "at", "message", "carets"), ERRORS)
def test_what_does_not_fit_is_told_at_its_place(expression: str, at: dict[str, Any], message: str, carets: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        api.diff(expression, at=at)
    assert raised.value.message == message
    assert carets in render(raised.value).splitlines()[3]


def test_names_of_functions_stay_variables_unless_a_parenthesis_follows() -> None:
    assert api.diff("sort*median + flip", at={"sort": 2, "median": 3, "flip": 1}).row("sort").symbolic == 3.0


def test_what_is_not_written_out_is_told_by_a_jacobian() -> None:
    found = api.jacobian("eigvalsh(A)", at={"A": S})
    assert found.matrix.note == "`eigvalsh` is not written out component by component: autograd's numbers stand alone"
