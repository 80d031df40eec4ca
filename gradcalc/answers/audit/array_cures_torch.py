"""Patterns along dimensions and what torch has for them; and guards where a function has no value or no slope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.syntax.tree import Call, Name, Node, number

Tensor = Any
F = torch.nn.functional
EPS, LARGER = 1e-12, 1e-4  # the second for halves, in which the first is 0
CLAMPED = {"pow", "rsqrt", "log2", "log10"}  # functions of what is to be positive
x, y = Name("x"), Name("y")


def call(function: str, *arguments: Node) -> Node:
    """A pattern."""
    return Call(function, arguments)


@dataclass(frozen=True, slots=True)
class ArrayCure:
    """A pattern along dimensions, torch's own function for it, and how that is written: `{x}`, `{y}`, `{dim}`."""

    pattern: Node
    function: Callable[..., Tensor]
    text: str


EXP, TWO = call("exp", x), number(2)
SOFTMAX = call("div", EXP, call("sum", EXP))
PICKED = call("div", call("pick", EXP), call("sum", EXP))  # as in a contrastive loss
PROBABILITIES = (SOFTMAX, call("pick", SOFTMAX), call("softmax", x), call("pick", call("softmax", x)))


def scaled_norm(x: Tensor, dim: Any, keep: bool) -> Tensor:
    """A norm whose squares stay within the range."""
    size = x.detach().abs().amax()
    return torch.linalg.vector_norm(x / size, dim=dim, keepdim=keep) * size


SQUARE, MEAN = call("pow", x, TWO), call("mean", x)
ARRAY_CURES = [  # pattern, torch's own function, how that is written
    *(
        ArrayCure(call("log", one), lambda x, dim, keep: torch.log_softmax(x, dim), "torch.log_softmax({x}, {dim})")
        for one in PROBABILITIES
    ),
    ArrayCure(call("log", PICKED), lambda x, dim, keep: torch.log_softmax(x, dim), "torch.log_softmax({x}, {dim})"),
    ArrayCure(SOFTMAX, lambda x, dim, keep: torch.softmax(x, dim), "torch.softmax({x}, {dim})"),
    ArrayCure(call("log", call("sum", EXP)), lambda x, dim, keep: torch.logsumexp(x, dim, keep), "torch.logsumexp({x}, {dim}{keep})"),
    ArrayCure(call("log", call("prod", EXP)), lambda x, dim, keep: x.sum(dim, keep), "{x}.sum({dim}{keep})"),
    ArrayCure(call("log", call("prod", x)), lambda x, dim, keep: x.log().sum(dim, keep), "torch.log({x}).sum({dim}{keep})"),
    ArrayCure(call("sub", call("mean", SQUARE), call("pow", MEAN, TWO)), lambda x, dim, keep: x.var(dim, correction=0, keepdim=keep), "{x}.var({dim}, correction=0{keep})"),
    ArrayCure(call("sqrt", call("sum", SQUARE)), lambda x, dim, keep: torch.linalg.vector_norm(x, dim=dim, keepdim=keep), "torch.linalg.vector_norm({x}, dim={dim}{keep})"),
    *(
        cure
        for one in (call("sqrt", call("sum", SQUARE)), call("norm", x))
        for cure in (
            ArrayCure(one, lambda x, dim, keep: torch.linalg.vector_norm(x, dim=dim, keepdim=keep, dtype=torch.float64).to(x.dtype), "torch.linalg.vector_norm({x}, dim={dim}{keep}, dtype=torch.float64).to({x}.dtype)"),
            ArrayCure(one, scaled_norm, "torch.linalg.vector_norm({x} / {x}.detach().abs().amax(), dim={dim}{keep}) * {x}.detach().abs().amax()"),
        )
    ),
    ArrayCure(call("log", call("det", x)), lambda x, dim, keep: torch.logdet(x), "torch.logdet({x})"),
    ArrayCure(call("div", x, call("sqrt", call("sum", SQUARE))), lambda x, dim, keep: F.normalize(x, dim=dim), "F.normalize({x}, dim={dim})"),
    ArrayCure(call("div", x, call("norm", x)), lambda x, dim, keep: F.normalize(x, dim=dim), "F.normalize({x}, dim={dim})"),
]  # fmt: skip
LOG_X = call("log", x)
Guard = tuple[Node, Callable[..., Tensor], str]


def guards(least: float, gap: float, eps: float) -> list[Guard]:
    """Guards of a size: the least that is taken for 0, the gap to where a slope is infinite, what a divisor gets."""
    low, high = -1 + gap, 1 - gap
    few, near, more = (f"{one:.0e}".replace("e-0", "e-") for one in (least, gap, eps))
    return [
        (call("mul", y, LOG_X), lambda x, y: torch.xlogy(y, x), "torch.xlogy({y}, {x})"),
        (call("mul", LOG_X, y), lambda x, y: torch.xlogy(y, x), "torch.xlogy({y}, {x})"),
        (LOG_X, lambda x: torch.log(x.clamp(min=least)), f"torch.log({{x}}.clamp(min={few}))"),
        (call("sqrt", x), lambda x: torch.sqrt(x.clamp(min=least)), f"torch.sqrt({{x}}.clamp(min={few}))"),
        (call("acos", x), lambda x: torch.acos(x.clamp(low, high)), f"torch.acos({{x}}.clamp(-1 + {near}, 1 - {near}))"),
        (call("asin", x), lambda x: torch.asin(x.clamp(low, high)), f"torch.asin({{x}}.clamp(-1 + {near}, 1 - {near}))"),
        (call("div", x, y), lambda x, y: x / (y + eps), f"{{x}} / ({{y}} + {more})"),
    ]  # fmt: skip


GUARDS = [*guards(EPS, 1e-6, 1e-8), *guards(LARGER, 1e-3, LARGER)]  # where there is no value, or no finite slope
