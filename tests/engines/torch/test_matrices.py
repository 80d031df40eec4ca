"""torch's Jacobians and Hessians: those of torch.func, row by row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradcalc.base.limits import Limits
from gradcalc.engines.torch.autograd import Tensor, torch
from gradcalc.engines.torch.direction import along
from gradcalc.engines.torch.matrices import hessian, jacobian
from gradcalc.inputs.pose import pose

POINT = [0.3, -1.2, 2.5]
VECTORS: list[tuple[str, Callable[[Tensor], Tensor]]] = [
    ("sin(x)*x", lambda x: torch.sin(x) * x),
    ("softmax(x)", lambda x: torch.softmax(x, 0)),
    ("x/norm(x)", lambda x: x / torch.linalg.vector_norm(x)),
    ("outer(x, x**2)", lambda x: torch.outer(x, x**2)),
    ("sigmoid(x)*sum(x)", lambda x: torch.sigmoid(x) * torch.sum(x)),
    ("relu(x)", lambda x: torch.relu(x)),
]


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize(("text", "written"), VECTORS)
def test_a_jacobian_is_that_of_torch_func(text: str, written: Callable[[Tensor], Tensor], dtype: str) -> None:
    found = jacobian(pose(text, Limits(), at={"x": POINT}, dtype=dtype))
    x = torch.tensor(POINT, dtype=getattr(torch, dtype))
    expected = torch.func.jacrev(written)(x)
    assert found.values == written(x).flatten().tolist()
    assert (found.numbers.shape, found.numbers.values.tolist()) == ((len(found.values), 3), expected.flatten().tolist())


SCALARS: list[tuple[str, Callable[[Tensor], Tensor]]] = [
    ("sum(x**3)", lambda x: torch.sum(x**3)),
    ("logsumexp(x)", lambda x: torch.logsumexp(x, 0)),
    ("norm(x)", lambda x: torch.linalg.vector_norm(x)),
    ("exp(x[1]*x[2])*sin(x[3])", lambda x: torch.exp(x[0] * x[1]) * torch.sin(x[2])),
]


@pytest.mark.parametrize(("text", "written"), SCALARS)
def test_a_hessian_is_that_of_double_backward(text: str, written: Callable[[Tensor], Tensor]) -> None:
    found = hessian(pose(text, Limits(), at={"x": POINT}))
    x = torch.tensor(POINT, dtype=torch.float64)
    expected = torch.autograd.functional.hessian(written, x)
    assert found.values == [written(x).item()]
    assert (found.numbers.shape, found.numbers.values.tolist()) == ((3, 3), expected.flatten().tolist())


def test_variables_come_one_after_the_other_with_zeros_where_there_is_nothing() -> None:
    problem = pose("c*x", Limits(), at={"c": 2, "x": [3, 4]}, wrt="x,z,c", shape={"z": (2,)})
    assert jacobian(problem).numbers.values.tolist() == [2.0, 0.0, 0.0, 0.0, 3.0, 0.0, 2.0, 0.0, 0.0, 4.0]


NUMBERS_ON_THE_WAY = [("polygamma(1, x)", [4.0, 1.0]), ("bce(sigmoid(x), 1)", [1.0, 2.0]), ("x**3", [1.0, 2.0])]


@pytest.mark.parametrize(("text", "x"), NUMBERS_ON_THE_WAY)
def test_operations_that_look_at_a_number_on_the_way_are_derived_too(text: str, x: list[float]) -> None:
    values = jacobian(pose(text, Limits(), at={"x": x})).numbers.values
    assert values[1] == values[2] == 0.0
    assert values[0] != 0.0


@pytest.mark.parametrize(("text", "written"), SCALARS)
def test_along_a_direction_it_is_the_gradient_times_the_direction(
    text: str, written: Callable[[Tensor], Tensor]
) -> None:
    problem = pose(text, Limits(), at={"x": POINT})
    (v,) = pose("x", Limits(), at={"x": [1, 2, -1]}).point.values()  # type: ignore[union-attr]
    x = torch.tensor(POINT, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(written(x), x)
    expected = torch.dot(gradient, torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64)).item()
    assert along(problem, {"x": v}) == pytest.approx(expected, rel=1e-15)
