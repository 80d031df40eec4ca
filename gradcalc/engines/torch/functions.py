"""torch's own operation for each function of numbers, as people call it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch.nn import functional as F  # noqa: N812  # as everybody calls it

Tensor = torch.Tensor
Operation = Callable[..., Tensor]
HIGHEST_POLYGAMMA = 2**31
OF_ONE_ORDER = frozenset({"polygamma", "besselj", "bessely", "besseli", "besselk"})  # the same for all points


def loss(function: Operation) -> Operation:
    """A loss of torch's, element by element; its arguments may broadcast, which torch's own warn of or refuse."""

    def each(p: Tensor, y: Tensor, **settings: float) -> Tensor:
        same_shape = torch.broadcast_tensors(p, y)  # type: ignore[no-untyped-call]  # torch leaves its types out
        return function(*same_shape, reduction="none", **settings)

    return each


def _gamma_sign(x: Tensor) -> Tensor:
    """The sign of the gamma function: torch has only the logarithm of its size."""
    odd = torch.remainder(torch.floor(x), 2) != 0
    return torch.where((x < 0) & odd, -1.0, 1.0).to(x.dtype)


OPERATIONS: dict[str, Operation] = {
    # operators
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "neg": torch.neg, "pow": torch.pow,
    "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge, "eq": torch.eq, "ne": torch.ne,
    "where": torch.where,
    # exponential, logarithmic, powers and roots
    "exp": torch.exp, "expm1": torch.expm1, "log": torch.log, "log2": torch.log2, "log10": torch.log10,
    "log1p": torch.log1p, "sqrt": torch.sqrt, "hypot": torch.hypot,
    # trigonometric and hyperbolic, and their inverses
    "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan,
    "atan2": torch.atan2, "sinh": torch.sinh, "cosh": torch.cosh, "tanh": torch.tanh, "asinh": torch.asinh,
    "acosh": torch.acosh, "atanh": torch.atanh,
    # pieces
    "abs": torch.abs, "sign": torch.sign, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round,
    "trunc": torch.trunc, "frac": torch.frac, "remainder": torch.remainder, "fmod": torch.fmod,
    "heaviside": torch.heaviside, "min": torch.minimum, "max": torch.maximum, "clamp": torch.clamp,
    # special
    "erf": torch.erf, "erfc": torch.erfc, "lgamma": torch.lgamma, "digamma": torch.digamma,
    "cbrt": lambda x: torch.sign(x) * torch.pow(torch.abs(x), 1 / 3),
    "gamma": lambda x: _gamma_sign(x) * torch.exp(torch.lgamma(x)),
    "polygamma": lambda n, x: torch.polygamma(int(n.item()), x) if 0 <= n <= HIGHEST_POLYGAMMA else x * math.nan,
    "sinc": torch.sinc, "ndtr": torch.special.ndtr, "log_ndtr": torch.special.log_ndtr, "ndtri": torch.special.ndtri,
    "erfinv": torch.erfinv, "erfcx": torch.special.erfcx, "zeta": torch.special.zeta,
    "gammainc": torch.special.gammainc, "gammaincc": torch.special.gammaincc,
    "i0": torch.i0, "i0e": torch.special.i0e, "i1": torch.special.i1, "i1e": torch.special.i1e,
    # machine learning
    "sigmoid": torch.sigmoid, "logsigmoid": F.logsigmoid, "softplus": F.softplus, "relu": torch.relu,
    "selu": torch.selu, "silu": F.silu, "gelu": F.gelu, "mish": F.mish, "softsign": F.softsign, "logit": torch.logit,
    "logaddexp": torch.logaddexp, "relu6": F.relu6, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish,
    "tanhshrink": F.tanhshrink, "gelu_tanh": partial(F.gelu, approximate="tanh"),
    # losses and entropies
    "mse": loss(F.mse_loss), "bce_with_logits": loss(F.binary_cross_entropy_with_logits),
    "xlogy": torch.xlogy, "entr": torch.special.entr, "rel_entr": lambda x, y: loss(F.kl_div)(torch.log(y), x),
}  # fmt: skip


def _plain(*parameters: Tensor) -> bool:
    """Are these plain numbers, which no gradient is asked for?"""
    return not any(parameter.requires_grad or parameter.dim() for parameter in parameters)


@dataclass(frozen=True, slots=True)
class Sometimes:
    """An operation for arguments that it `takes`; those behind so many `tensors` are handed to `plain` as numbers."""

    takes: Callable[..., bool]
    operation: Operation
    plain: Operation | None = None
    tensors: int = 0


def _always(*numbers: float) -> bool:
    return True


def plain(operation: Operation, takes: Callable[..., bool] = _always, tensors: int = 1) -> Sometimes:
    """An operation on tensors and then on plain numbers that it takes."""

    def fits(*arguments: Tensor) -> bool:
        numbers = arguments[tensors:]
        return _plain(*numbers) and takes(*(number.item() for number in numbers))

    def run(*arguments: Tensor) -> Tensor:
        return operation(*arguments[:tensors], *(number.item() for number in arguments[tensors:]))

    return Sometimes(fits, run, operation, tensors)


def of_order(*operations: Operation) -> Sometimes:
    """Operations of x for the orders 0, 1, …; torch has them for these orders alone."""

    def fits(n: Tensor, x: Tensor) -> bool:
        return not n.dim() and n.item() in range(len(operations))

    return Sometimes(fits, lambda n, x: operations[int(n.item())](x))


SOMETIMES: dict[str, Sometimes] = {
    "besselj": of_order(torch.special.bessel_j0, torch.special.bessel_j1),
    "bessely": of_order(torch.special.bessel_y0, torch.special.bessel_y1),
    "besseli": of_order(torch.i0, torch.special.i1),
    "besselk": of_order(torch.special.modified_bessel_k0, torch.special.modified_bessel_k1),
    "bce": Sometimes(
        lambda p, y: bool(torch.all((p >= 0) & (p <= 1)) and torch.all((y >= 0) & (y <= 1))),
        loss(F.binary_cross_entropy),
    ),
    "pow": plain(torch.pow),  # x**2 with a plain number, as people write it
    "leaky_relu": plain(F.leaky_relu),
    "elu": plain(F.elu),
    "celu": plain(F.celu, lambda a: a != 0),
    "hardtanh": plain(F.hardtanh, lambda low, high: low < high),
    "clamp": plain(torch.clamp),
    "softshrink": plain(F.softshrink, lambda width: width >= 0),
    "hardshrink": plain(F.hardshrink),
    "huber": plain(lambda p, y, d: loss(F.huber_loss)(p, y, delta=d), lambda d: d > 0, tensors=2),
    "smooth_l1": plain(lambda p, y, b: loss(F.smooth_l1_loss)(p, y, beta=b), lambda b: b >= 0, tensors=2),
}


def operation(name: str, arguments: list[Tensor]) -> Operation | None:
    """torch's own operation for a function of these arguments, where it has one."""
    sometimes = SOMETIMES.get(name)
    return sometimes.operation if sometimes and sometimes.takes(*arguments) else OPERATIONS.get(name)
