"""The computational graph of arrays: vertices hold tensors, and gradients are compared component by component."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc.answers.records import ArrayRow
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.errors import ShapeError
from gradcalc.engines.torch import arrays
from gradcalc.lessons.graph import array_checks
from gradcalc.lessons.graph.lesson import graph
from gradcalc.lessons.lesson import flattened


def test_values_and_gradients_have_the_shape_of_the_vertex() -> None:
    found = graph("sum(x**2)", at="[1,2,3]")
    assert [(one.label, one.value, one.gradient) for one in found.vertices] == [
        ("x", [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]),
        ("x**2", [1.0, 4.0, 9.0], [1.0, 1.0, 1.0]),
        ("f", 14.0, 1.0),
    ]


def test_an_elementwise_step_has_the_derivative_of_each_element() -> None:
    first, second = graph("sum(w*x)", at={"w": 3, "x": "[1,2]"}).edges[:2]
    assert (first.formula, first.local, first.flow) == ("x", [1.0, 2.0], 3.0)
    assert (second.formula, second.local, second.flow) == ("w", [3.0, 3.0], [3.0, 3.0])


def test_a_step_to_a_number_has_the_derivative_by_each_element() -> None:
    (one,) = graph("norm(x)", at="[3,4]").edges
    assert (one.formula, one.local, one.flow) == (None, [0.6, 0.8], [0.6, 0.8])


def test_any_other_step_has_what_flows_back() -> None:
    by_matrix, by_vector = graph("sum(A@x)", at=["A=[[1,2],[3,4]]", "x=[1,-1]"]).edges[:2]
    assert (by_matrix.local, by_matrix.flow) == (None, [[1.0, -1.0], [1.0, -1.0]])
    assert (by_vector.local, by_vector.flow) == (None, [4.0, 6.0])


def test_the_transpose_of_a_vector_is_a_vertex_of_its_own() -> None:
    found = graph("x.T @ x", at="[1,2]")
    assert [(one.label, one.grad_fn, one.gradient) for one in found.vertices[:2]] == [
        ("x", None, [2.0, 4.0]),
        ("x.T", "PermuteBackward0", [1.0, 2.0]),
    ]


AGREEING = {
    "a layer and its loss": ("mean(mse(sigmoid(W@x + b), t))", ["W=[[1,2],[3,4]]", "x=[1,-1]", "b=[0,0.5]", "t=[1,0]"]),
    "a quadratic form": ("x.T@A@x + x[1]*norm(x)", ["x=[1,2]", "A=[[1,2],[3,4]]"]),
    "matrices": ("trace(inv(A)@A@A) + det(A)", ["A=[[1,2],[3,5]]"]),
    "along an axis": ("sum(softmax(A, 1)*A) + prod(sum(A, 0))", ["A=[[1,2],[3,5]]"]),
    "a choice for each element": ("sum(where(x > y, x**2, y)*x)", ["x=[1,-1,3]", "y=[0,2,1]"]),
    "a stack of numbers": ("norm([x, y, x*y])", ["x=1,y=2"]),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "at"), AGREEING.values(), ids=AGREEING)
def test_every_gradient_agrees_with_the_exact_one(expression: str, at: list[str]) -> None:
    found = graph(expression, at=at)
    checks = [one.check for one in (*found.vertices, *found.edges) if one.check is not None]
    assert {check.verdict for check in checks} == {Verdict.AGREE}
    assert len(checks) >= 8


def test_a_kink_in_one_component_is_told() -> None:
    found = graph("sum(relu(x))", at="[0,1]")
    check = found.vertices[0].check
    assert isinstance(check, ArrayRow)
    assert [row.verdict for row in check.rows] == [Verdict.KINK, Verdict.AGREE]
    assert found.verdict is Verdict.KINK


def test_a_wrong_gradient_is_caught_at_its_edge_and_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sums = arrays.OPERATIONS["sum"]
    monkeypatch.setitem(arrays.OPERATIONS, "sum", lambda a, *axis: 1.001 * sums(a, *axis))
    found = graph("2*sum(x**2)", at="[1,2]")
    verdicts = [None if one.check is None else one.check.verdict for one in found.edges]
    assert verdicts == [Verdict.AGREE, Verdict.DISAGREE, Verdict.AGREE]


def test_without_time_the_gradients_stand_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_checks, "SHARE", 0.0)
    found = graph("sum(x**2)", at="[1,2]")
    check = found.vertices[0].check
    assert isinstance(check, ArrayRow)
    assert (check.verdict, check.note) == (None, "no time to verify it exactly: autograd's numbers stand alone")
    assert (found.value, found.vertices[0].gradient, found.verdict) == (None, [2.0, 4.0], Verdict.AGREE)


def test_after_a_number_that_is_not_finite_nothing_is_verified() -> None:
    found = graph("y = exp(x); sum(log(y))", at="[1,1000]")
    check = found.vertices[1].check
    assert isinstance(check, ArrayRow)
    assert check.note == "a number here is not finite, and what depends on it is not verified"


def test_a_result_that_is_an_array_has_no_graph_to_go_back_through() -> None:
    with pytest.raises(ShapeError, match=r"the result has shape \(2,\), a gradient needs a scalar"):
        graph("x**2", at="[1,2]")


# -- what is not written out, and what torch lacks

VERIFIED = [  # expression, point, value, gradient by A
    ("trace(expm(A))", {"A": [[0, 1], [0, 0]]}, 2.0, [[1.0, 0.0], [1.0, 1.0]]),
    ("sum(eigvalsh(A)**2)", {"A": [[2, 1], [1, 3]]}, 15.0, [[4.0, 2.0], [2.0, 6.0]]),
    ("nuclear_norm(A)", {"A": [[3, 1], [1, 3]]}, 6.0, [[1.0, 0.0], [0.0, 1.0]]),
    ("sum(sort(A)*[1, 2, 3])", {"A": [3, 1, 2]}, 14.0, [3.0, 1.0, 2.0]),
    ("sum(A*[[1, -2], [0, 1]])", {"A": [[3, 1], [2, 5]]}, 6.0, [[1.0, -2.0], [0.0, 1.0]]),
    ("sum(exp(A)*ones(2))", {"A": [0, 0]}, 2.0, [1.0, 1.0]),
]


@pytest.mark.parametrize(("expression", "point", "value", "gradient"), VERIFIED)
def test_a_graph_is_verified_by_whole_arrays(
    expression: str, point: dict[str, Any], value: float, gradient: Any
) -> None:
    found = graph(expression, at=point)
    leaf = found.vertices[0]
    assert (found.value, found.verdict) == (pytest.approx(value), Verdict.AGREE)
    assert leaf.check is not None
    assert isinstance(leaf.check, ArrayRow)
    assert [row.symbolic for row in leaf.check.rows] == pytest.approx(flattened(gradient))


LACKED = [  # expression, point, gradient by x
    ("sum(lambertw(x)**2)", {"x": [1, 2]}, [0.41049407, 0.39238583]),
    ("w @ expi(A @ x)", {"w": [1, 2], "A": [[1, 2], [3, 4]], "x": [1, 0.5]}, [181.7903, 244.8502]),
    ("sum(betainc(2, 3, x))", {"x": [0.25, 0.5]}, [1.6875, 1.5]),
]


@pytest.mark.parametrize(("expression", "point", "gradient"), LACKED)
def test_arrays_in_what_torch_lacks_have_true_numbers(
    expression: str, point: dict[str, Any], gradient: list[float]
) -> None:
    found = graph(expression, at=point)
    (leaf,) = [vertex for vertex in found.vertices if "x" in vertex.names]
    assert found.absent is not None
    assert (found.verdict, found.agrees) == (None, True)
    assert leaf.gradient == pytest.approx(gradient, rel=1e-6)
