"""Callables of this process audited: what is derived by and under which names, options, and assert_gradient."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

import gradcalc
from gradcalc.base.errors import UsageError, UserCodeError
from gradcalc.engines.torch.autograd import torch  # as the engine loads it: it keeps quiet about NumPy

Tensor = Any
X, Y = torch.tensor([[1.0, 2.0]]), torch.tensor([3.0])
torch.manual_seed(2)
LAYER = torch.nn.Linear(2, 1)
LEAVES = [torch.ones(2, requires_grad=True)]


class Trainer:
    """An object that is no module, with one."""

    def __init__(self) -> None:
        self.model = torch.nn.Linear(2, 1)

    def loss(self, x: Tensor, y: Tensor) -> Tensor:
        return ((self.model(x) - y) ** 2).mean()


class Cube(torch.autograd.Function):  # type: ignore[misc]  # torch's own class is seen as Any here
    """With a backward that is 0.09 % off."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return upstream * 3 * x**2 * 1.0009


def squared(x: Tensor, y: Tensor, power: int = 2) -> Tensor:
    return ((x.sum() - y) ** power).sum()


def helper(x: Tensor) -> Tensor:
    return LAYER(x).sum()


def in_batch(batch: dict[str, Any]) -> Tensor:
    return squared(batch["x"], batch["more"][0])


NAMES: dict[str, tuple[Callable[..., Any], tuple[Any, ...], list[str]]] = {
    "arguments": (squared, (X, Y), ["x", "y"]),
    "what requires grad, of arguments of which one does": (squared, (X, Y.clone().requires_grad_()), ["y"]),
    "a module": (LAYER, (X,), ["input", "weight", "bias"]),
    "a method of an object that holds one": (Trainer().loss, (X, Y), ["x", "y", "weight", "bias"]),
    "a function that calls another one": (lambda x: helper(x) * 2, (X,), ["x", "weight", "bias"]),
    "what partial gave": (functools.partial(squared, y=Y, power=2), (X,), ["x"]),
    "a batch in a dictionary": (in_batch, ({"x": X, "more": [Y]},), ["batch.x", "batch.more.0"]),
    "any number of arguments": (lambda *xs: squared(*xs), (X, Y), ["xs0", "xs1"]),
    "tensors without a name": (lambda x: (x * LEAVES[0]).sum(), (X,), ["x", "leaf1"]),
}  # fmt: skip


@pytest.mark.parametrize(("function", "arguments", "names"), NAMES.values(), ids=NAMES)
def test_what_is_derived_by(function: Callable[..., Any], arguments: tuple[Any, ...], names: list[str]) -> None:
    found = gradcalc.audit(function, *arguments)
    assert (list(found.gradient), found.verdict) == (names, "agree")


def test_an_option_is_the_audits_unless_the_function_takes_it() -> None:
    def own(x: Tensor, *, order: int) -> Tensor:
        return (x**order).sum()

    assert gradcalc.audit(own, X, order=3).forward.autograd == 9.0
    assert list(gradcalc.audit(squared, X, Y, wrt="y", power=4).gradient) == ["y"]


def test_the_format_is_that_of_the_tensors_and_the_page_is_printed() -> None:
    found = gradcalc.audit(squared, X.half(), Y.half())
    assert str(found).startswith("audited = squared\ndtype   = float16\n")
    assert str(found).endswith("3 of 3 components agree")


RIGHT: dict[str, tuple[Any, Any]] = {
    "|x| beside its corner": (torch.abs, torch.tensor(1e-7, dtype=torch.float64)),
    "a root beside its end": (torch.sqrt, torch.tensor(1e-7, dtype=torch.float64)),
    "float32": (torch.sin, torch.tensor(1.0)),
    "each of several results": (lambda x: (x.sin(), {"more": x.exp()}), torch.tensor([1.0, 2.0])),
    "results of which one has none": (lambda x: torch.max(x, 0), torch.tensor([1.0, 2.0])),
}


@pytest.mark.parametrize(("function", "x"), RIGHT.values(), ids=RIGHT)
def test_a_right_gradient_passes(function: Any, x: Tensor) -> None:
    gradcalc.assert_gradient(function, x)


WRONG: dict[str, tuple[Any, Tensor, str]] = {
    "a corner": (torch.abs, torch.zeros(1), "kink"),
    "a step": (torch.round, torch.tensor([0.3]), "flat"),
    "the second of several results": (
        lambda x: (x.sin(), x.abs()),
        torch.zeros(2),
        "of result `1` is not right: kink; ",
    ),
    "0.09 %": (Cube.apply, torch.tensor([2.0], dtype=torch.float64), "is 1.001 times what it should be"),
}


@pytest.mark.parametrize(("function", "x", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_fails_with_the_audit(function: Any, x: Tensor, says: str) -> None:
    with pytest.raises(AssertionError) as raised:
        gradcalc.assert_gradient(function, x)
    assert str(raised.value).startswith("the gradient ") and says in str(raised.value)
    assert "is not right: " in str(raised.value) and ", line " in str(raised.value).partition("\n")[0]


def test_what_cannot_be_audited_is_said() -> None:
    with pytest.raises(UsageError, match="there is nothing to derive by"):
        gradcalc.audit(lambda x: torch.ones(1) * x, 3)
    with pytest.raises(UserCodeError, match="the function raised ZeroDivisionError"):
        gradcalc.audit(lambda x: x.sum() / (1 // 0), X)
