"""torch: the operations as they were written, in every dtype, with the bits of a program written by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import gradcalc
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits, TimeUp
from gradcalc.engines.records import Missing
from gradcalc.engines.torch.autograd import Tensor, differentiate, differentiate_all, forward, leaf, torch
from gradcalc.engines.torch.tracking import tracked
from gradcalc.functions import ELEMENTWISE, OPERATORS
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name
from tests.reference import tree

F = torch.nn.functional
ROWS = {name: row for name, row in (OPERATORS | ELEMENTWISE).items() if row.samples}


def function(name: str, sample: tuple[float, ...], dtype: str, order: int) -> Problem:
    """A row's function, to be derived by the last of its parameters that a gradient flows to."""
    row = ROWS[name]
    root = Call(name, tuple(Name(parameter) for parameter in row.parameters))
    point = dict(zip(row.parameters, map(FORMATS[dtype].rounded, sample), strict=True))
    by = [parameter for parameter, text in zip(row.parameters, row.vjp, strict=True) if isinstance(text, str)]
    return Problem(name, root, (), row.parameters, (by[-1],), order, dtype, point)


HALF = ("float16", "bfloat16")
UNDERIVED = {"heaviside": 1, "besselj": 1, "bessely": 1, "besselk": 1, "hardsigmoid": 2}  # from that order on
UNDERIVED_IN_HALF = {"i1": 1, "i1e": 1, "i0": 2, "i0e": 2, "besseli": 2}
LACKING = ("gammainc_derivative", "betainc", "zeta_derivative", "lambertw", "expi", "expint")
LACKING_IN_HALF = ("log_ndtr", "ndtri", "erfcx", "zeta", "besselj", "bessely", "besselk")


ORDERS = (1, 2, 3)


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("name", ROWS)
def test_every_function_runs_in_every_dtype_without_a_warning(name: str, dtype: str) -> None:
    found = [differentiate(function(name, ROWS[name].samples[0], dtype, order)) for order in ORDERS]
    absent = name in LACKING + LACKING_IN_HALF * (dtype in HALF)
    underived = UNDERIVED | (UNDERIVED_IN_HALF if dtype in HALF else {})
    least = 0 if absent else underived.get(name, math.inf)
    assert {kind(one.value) for one in found} == {"none" if absent else "finite"}
    assert [set(map(kind, one.gradient.values())) for one in found] == [
        {"none" if order >= least else "finite"} for order in ORDERS
    ]


def kind(value: float | Missing | None) -> str:
    """What torch has: nothing, a number, or none that is finite."""
    return "none" if value is None or isinstance(value, Missing) else "finite" if math.isfinite(value) else "wrong"


BY_HAND: list[tuple[str, Callable[[Tensor], Tensor]]] = [
    ("sin(x**2)*exp(-x)", lambda x: torch.sin(x**2) * torch.exp(-x)),
    ("2*x + x/7 - (1 - x)", lambda x: 2 * x + x / 7 - (1 - x)),
    ("x**3 - 0.1*x**0.5", lambda x: x**3 - 0.1 * x**0.5),
    ("2**x", lambda x: 2**x),
    ("x**x", lambda x: x**x),
    ("sqrt(x**2)", lambda x: torch.sqrt(x**2)),
    ("1/(1 + exp(-x))", lambda x: torch.ones(()).to(x) / (1 + torch.exp(-x))),
    ("log(1 + exp(x))", lambda x: torch.log(1 + torch.exp(x))),
    ("where(x > 1, x**2, sin(x))", lambda x: torch.where(x > 1, x**2, torch.sin(x))),
    ("max(x, x**2) + min(x, 1)", lambda x: torch.maximum(x, x**2) + torch.minimum(x, torch.ones(()).to(x))),
    ("leaky_relu(-x)", lambda x: F.leaky_relu(-x)),
    ("leaky_relu(-x, 0.2)", lambda x: F.leaky_relu(-x, 0.2)),
    ("elu(-x)", lambda x: F.elu(-x)),
    ("hardtanh(x)", lambda x: F.hardtanh(x)),
    ("clamp(x, 0, 1) + clamp(x, 1, 2)", lambda x: torch.clamp(x, 0, 1) + torch.clamp(x, 1, 2)),
    ("celu(-x, 2)*softshrink(x)*hardshrink(x)", lambda x: F.celu(-x, 2) * F.softshrink(x) * F.hardshrink(x)),
    ("relu6(x)*hardsigmoid(x)*hardswish(x)", lambda x: F.relu6(x) * F.hardsigmoid(x) * F.hardswish(x)),
    ("tanhshrink(x)*gelu_tanh(x)", lambda x: F.tanhshrink(x) * F.gelu(x, approximate="tanh")),
    (
        "huber(x, 1) + smooth_l1(x, 3, 0.5)",
        lambda x: F.huber_loss(x, x * 0 + 1) + F.smooth_l1_loss(x, x * 0 + 3, beta=0.5),
    ),
    ("bce_with_logits(x, 1)", lambda x: F.binary_cross_entropy_with_logits(x, x * 0 + 1)),
    ("rel_entr(x, 3)", lambda x: F.kl_div(torch.log(x * 0 + 3), x, reduction="none")),
    ("xlogy(x, x)*entr(x)*ndtr(x)", lambda x: torch.xlogy(x, x) * torch.special.entr(x) * torch.special.ndtr(x)),
    ("fmod(x, 1) + remainder(x, 1) + frac(x)", lambda x: torch.fmod(x, 1) + torch.remainder(x, 1) + torch.frac(x)),
    ("sinc(x) + round(x)*trunc(x)", lambda x: torch.sinc(x) + torch.round(x) * torch.trunc(x)),
    ("gelu(x) + mish(x) + silu(x)", lambda x: F.gelu(x) + F.mish(x) + F.silu(x)),
    ("softplus(x)*logsigmoid(x)", lambda x: F.softplus(x) * F.logsigmoid(x)),
    ("bce(sigmoid(x), 1)", lambda x: F.binary_cross_entropy(torch.sigmoid(x), torch.ones(()).to(x))),
    ("tan(x) + tanh(x)", lambda x: torch.tan(x) + torch.tanh(x)),
    ("pi*x + e", lambda x: math.pi * x + math.e),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("text", "written"), BY_HAND)
def test_the_result_has_the_bits_of_a_program_written_by_hand(
    text: str, written: Callable[[Tensor], Tensor], dtype: str
) -> None:
    found = differentiate(pose(text, Limits(), at=1.7, dtype=dtype))
    x = torch.tensor(1.7, dtype=getattr(torch, dtype), requires_grad=True)
    y = written(x)
    y.backward()
    assert (found.value, found.gradient["x"]) == (y.item(), x.grad.item())


NODES = [
    ("x**2", ["PowBackward0"]),
    ("x**y", ["PowBackward1"]),
    ("2**x", ["PowBackward1"]),
    ("sqrt(x**2)", ["PowBackward0", "SqrtBackward0"]),
    ("(x**2)**0.5", ["PowBackward0", "PowBackward0"]),
    ("x*x", ["MulBackward0"]),
    ("x - x", ["SubBackward0"]),
    ("-(-x)", ["NegBackward0", "NegBackward0"]),
    ("1/x", ["DivBackward0"]),
    ("sin(asin(x))", ["AsinBackward0", "SinBackward0"]),
    ("abs(x)", ["AbsBackward0"]),
    ("where(x > 0, x, 0)", ["WhereBackward0"]),
    ("sigmoid(x)", ["SigmoidBackward0"]),
    ("relu(x)", ["ReluBackward0"]),
    ("leaky_relu(x)", ["LeakyReluBackward0"]),
    ("logaddexp(x, y)", ["LogaddexpBackward0"]),
    ("log(exp(x) + exp(y))", ["ExpBackward0", "ExpBackward0", "AddBackward0", "LogBackward0"]),
]


@pytest.mark.parametrize(("text", "names"), NODES)
def test_the_graph_holds_the_operations_that_were_written(text: str, names: list[str]) -> None:
    root, form = tree(text), FORMATS["float64"]
    leaves = {name: leaf(0.5, form) for name in ("x", "y")}
    tensors = forward(root, leaves, form).values()
    steps = [tensor.grad_fn for tensor in tensors if tensor.grad_fn is not None]
    assert [step.name() for step in steps] == names


CONVENTIONS = [  # what autograd answers where there is no derivative
    ("abs(x)", 0, 0.0),
    ("relu(x)", 0, 0.0),
    ("max(x, 0)", 0, 0.5),
    ("hardtanh(x)", 1, 0.0),
    ("clamp(x, 0, 1)", 1, 1.0),
    ("clamp(x, 0, 1)", 0, 1.0),
    ("relu6(x)", 6, 0.0),
    ("hardsigmoid(x)", 3, 0.0),
    ("hardswish(x)", 3, 1.0),
    ("hardswish(x)", -3, 0.0),
    ("softshrink(x)", 0.5, 0.0),
    ("hardshrink(x)", 0.5, 0.0),
    ("hinge(x, 1)", 1, -0.5),
    ("smooth_l1(x, 0, 0)", 0, 0.0),
    ("round(x)", 2.5, 0.0),
    ("entr(x)", 0, math.inf),
    ("leaky_relu(x)", 0, 0.01),
    ("floor(x)", 2, 0.0),
    ("sign(x)", 0, 0.0),
    ("sqrt(x)", 0, math.inf),
    ("log(x)", -1, -1.0),
]


@pytest.mark.parametrize(("text", "at", "answer"), CONVENTIONS)
def test_a_convention_of_autograd(text: str, at: float, answer: float) -> None:
    assert differentiate(pose(text, Limits(), at=at)).gradient["x"] == answer


NOTHING = [
    ("log(x)", "-1"), ("asin(x)", "2"), ("acosh(x)", "0"), ("x/x", "0"), ("logit(x)", "2"), ("bce(x, 1)", "1.5"),
    ("bce(x, 1)", "-1"), ("polygamma(x, 2)", "-1"), ("polygamma(x, 2)", "1e300"), ("polygamma(1e30, x)", "2"),
    ("x**(1/3)", "-8"), ("(0*x)/0", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), NOTHING)
def test_outside_its_domain_a_function_is_nan(text: str, at: str) -> None:
    assert math.isnan(differentiate(pose(text, Limits(), at=at)).value)


VALUES = [
    ("bce(x, 2)", "0.5", 0.6931471805599453),  # a target that torch's own loss refuses
    ("hardtanh(x, 2, 1)", "0", 1.0),
    ("clamp(x, 2, 1)", "0", 1.0),
    ("celu(x, x)", "-1", -1.718281828459045),
    ("softshrink(x, -1)", "0.5", 1.5),  # what torch's own refuses
    ("leaky_relu(x, x)", "-3", 9.0),
    ("elu(x, x)", "-1", 0.6321205588285577),
    ("gamma(x)", "-1.5", 2.363271801207354),
    ("gamma(x)", "-0.5", -3.544907701811032),
    ("cbrt(x)", "-8", -2.0),
]


@pytest.mark.parametrize(("text", "at", "value"), VALUES)
def test_a_value(text: str, at: str, value: float) -> None:
    assert differentiate(pose(text, Limits(), at=at)).value == pytest.approx(value, rel=1e-14)


ABSENT = [("5", 1, 0.0), ("5", 3, 0.0), ("x", 2, 0.0), ("floor(x)", 2, 0.0), ("y*2", 1, 0.0), ("x**2", 5, 0.0)]


@pytest.mark.parametrize(("text", "order", "derivative"), ABSENT)
def test_a_derivative_that_autograd_has_no_way_to_is_zero(text: str, order: int, derivative: float) -> None:
    problem = pose(text, Limits(), at={"x": 1.5, **({"y": 2} if "y" in text else {})}, wrt="x", order=order)
    assert differentiate(problem).gradient["x"] == derivative


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_a_program_that_tracks_nothing_gets_the_same_answer_and_keeps_its_mode(mode: Callable[[], Any]) -> None:
    with mode():
        assert gradcalc.diff("sin(x**2)", at=3).verdict == "agree"
        assert gradcalc.hessian("x**2*y", at={"x": 1, "y": 2}).agrees
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()


def test_what_is_interrupted_leaves_tracking_as_it_was() -> None:
    @tracked
    def interrupted() -> None:
        torch.set_grad_enabled(False)
        raise TimeUp

    with pytest.raises(TimeUp):
        interrupted()
    assert torch.is_grad_enabled()


TOGETHER = [
    "sin(x)**3*y",
    "softplus(x) - gelu(y)",
    "where(x > 1, x*y, abs(y))",
    "heaviside(x)*y",
    "3",
    "y**2",
    "x**2.5/y",
    "2**x + 3/y - clamp(x, 0, 2)*1.5",
    "cot(x)*y",
]


@pytest.mark.parametrize("name", ROWS)
def test_each_function_has_the_numbers_of_each_point_alone_where_points_share_a_graph(name: str) -> None:
    asked = function(name, ROWS[name].samples[0], "float64", 1)
    points = [{one: x * (1 + k / 640) for one, x in asked.numbers.items()} for k in range(33)]
    alone = [differentiate(replace(asked, point=point)) for point in points]
    assert repr(differentiate_all(asked, points)) == repr(alone)


@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
@pytest.mark.parametrize("text", TOGETHER)
def test_points_derived_together_have_the_numbers_of_each_alone(text: str, dtype: str) -> None:
    points = [{"x": 0.5 + k, "y": 2.0 - k / 4} for k in range(17)]
    asked = pose(text, Limits(), at={"x": 1.0, "y": 2.0}, dtype=dtype, wrt=["x", "y"])
    alone = [differentiate(replace(asked, point=point)) for point in points]
    assert differentiate_all(asked, points) == alone
