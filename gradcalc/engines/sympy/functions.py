"""gradcalc's functions in SymPy: SymPy's own where they stay real and as written, functions of ours elsewhere.

Ours are opaque: SymPy differentiates them by the lines below, and never rewrites or reorders them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import sympy


class LeftOut(Exception):
    """There is no closed form to show; the message says why."""


class Opaque(sympy.Function):  # type: ignore[misc]  # SymPy ships no types
    """A real function that SymPy leaves as written; it is not evaluated either, for SymPy would do so by its name."""

    is_real = is_extended_real = True

    def _eval_evalf(self, prec: int) -> None:
        return None


def real_function(name: str, *derivatives: Callable[..., Any], arity: int = 1) -> Any:
    """An opaque function with its partial derivatives: what holds away from kinks and jumps."""

    def fdiff(self: Any, argindex: int = 1) -> Any:
        return derivatives[argindex - 1](*self.args)

    return type(name, (Opaque,), {"nargs": arity, "fdiff": fdiff})


class Where(Opaque):
    """The choice between two expressions. It is derived branch by branch."""

    nargs = 3

    @classmethod
    def eval(cls, condition: Any, yes: Any, no: Any) -> Any:
        """One branch where the condition is settled, or both are the same."""
        if condition in (sympy.true, sympy.false):
            return yes if condition == sympy.true else no
        return yes if yes == no else None

    def _eval_derivative(self, variable: Any) -> Any:
        condition, yes, no = self.args
        return Where(condition, yes.diff(variable), no.diff(variable))


def comparison(name: str, holds: Callable[[Any, Any], bool]) -> Any:
    """A comparison, settled where it is one of numbers."""

    def settled(cls: Any, left: Any, right: Any) -> Any:
        numbers = left.is_Rational and right.is_Rational
        return (sympy.true if holds(left, right) else sympy.false) if numbers else None

    return type(name, (Opaque,), {"nargs": 2, "eval": classmethod(settled)})


def _by_whole_number(n: Any, x: Any) -> Any:
    raise LeftOut("polygamma(n, x) has no derivative by the whole number n")


Lt, Le, Gt = comparison("lt", operator.lt), comparison("le", operator.le), comparison("gt", operator.gt)
Ge, Eq, Ne = comparison("ge", operator.ge), comparison("eq", operator.eq), comparison("ne", operator.ne)
Sign: Any = real_function("sign", lambda x: sympy.S.Zero)
Floor: Any = real_function("floor", lambda x: sympy.S.Zero)
Ceil: Any = real_function("ceil", lambda x: sympy.S.Zero)
Round: Any = real_function("round", lambda x: sympy.S.Zero)
Trunc: Any = real_function("trunc", lambda x: sympy.S.Zero)
Heaviside: Any = real_function("heaviside", lambda x, y: sympy.S.Zero, lambda x, y: Where(Eq(x, 0), 1, 0), arity=2)
Abs: Any = real_function("abs", lambda x: Sign(x))
Cbrt: Any = real_function("cbrt", lambda x: 1 / (3 * Cbrt(x) ** 2))
Lgamma: Any = real_function("lgamma", lambda x: Digamma(x))
Digamma: Any = real_function("digamma", lambda x: Polygamma(1, x))
Polygamma: Any = real_function("polygamma", _by_whole_number, lambda n, x: Polygamma(n + 1, x), arity=2)
Gamma: Any = real_function("gamma", lambda x: Gamma(x) * Digamma(x))
Minimum: Any = real_function("min", lambda x, y: Where(Le(x, y), 1, 0), lambda x, y: Where(Le(x, y), 0, 1), arity=2)
Maximum: Any = real_function("max", lambda x, y: Where(Ge(x, y), 1, 0), lambda x, y: Where(Ge(x, y), 0, 1), arity=2)
Sinc: Any = real_function("sinc", lambda x: Where(Eq(x, 0), 0, (sympy.cos(sympy.pi * x) - Sinc(x)) / x))
LogNdtr: Any = real_function("log_ndtr", lambda x: sympy.exp(-(x**2) / 2 - LogNdtr(x)) / sympy.sqrt(2 * sympy.pi))
Beta: Any = real_function(
    "beta",
    lambda a, b: Beta(a, b) * (Digamma(a) - Digamma(a + b)),
    lambda a, b: Beta(a, b) * (Digamma(b) - Digamma(a + b)),
    arity=2,
)
Atan2: Any = real_function("atan2", lambda y, x: x / (x**2 + y**2), lambda y, x: -y / (x**2 + y**2), arity=2)
Acosh: Any = real_function("acosh", lambda x: 1 / sympy.sqrt(x**2 - 1))
Asech: Any = real_function("asech", lambda x: -1 / (x * sympy.sqrt(1 - x**2)))
Asec: Any = real_function("asec", lambda x: 1 / (Abs(x) * sympy.sqrt(x**2 - 1)))
Acsc: Any = real_function("acsc", lambda x: -1 / (Abs(x) * sympy.sqrt(x**2 - 1)))
Acot: Any = real_function("acot", lambda x: -1 / (1 + x**2))
Acoth: Any = real_function("acoth", lambda x: 1 / (1 - x**2))
Acsch: Any = real_function("acsch", lambda x: -1 / (Abs(x) * sympy.sqrt(1 + x**2)))
Ndtr: Any = real_function("ndtr", lambda x: sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi))
Sigmoid: Any = real_function("sigmoid", lambda x: Sigmoid(x) * (1 - Sigmoid(x)))
Softplus: Any = real_function("softplus", lambda x: Sigmoid(x))
Logsigmoid: Any = real_function("logsigmoid", lambda x: 1 - Sigmoid(x))

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "neg": lambda x: -x, "pow": lambda x, y: x**y,
    "lt": Lt, "le": Le, "gt": Gt, "ge": Ge, "eq": Eq, "ne": Ne, "where": Where,
    "exp": sympy.exp, "expm1": lambda x: sympy.exp(x) - 1, "log": sympy.log, "log1p": lambda x: sympy.log(1 + x),
    "sqrt": sympy.sqrt, "cbrt": Cbrt, "hypot": lambda x, y: sympy.sqrt(x**2 + y**2),
    "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "cot": sympy.cot, "sec": sympy.sec, "csc": sympy.csc,
    "asin": sympy.asin, "acos": sympy.acos, "atan": sympy.atan, "atan2": Atan2,
    "sinh": sympy.sinh, "cosh": sympy.cosh, "tanh": sympy.tanh,
    "asinh": sympy.asinh, "acosh": Acosh, "asech": Asech, "asec": Asec, "acsc": Acsc, "atanh": sympy.atanh,
    "acot": Acot, "acoth": Acoth, "acsch": Acsch, "ndtr": Ndtr,
    "abs": Abs, "sign": Sign, "floor": Floor, "ceil": Ceil, "min": Minimum, "max": Maximum,
    "erf": sympy.erf, "erfc": sympy.erfc, "gamma": Gamma, "lgamma": Lgamma, "digamma": Digamma,
    "round": Round, "trunc": Trunc, "heaviside": Heaviside, "sinc": Sinc, "log_ndtr": LogNdtr, "beta": Beta,
    "xlogy": lambda x, y: x * sympy.log(y), "entr": lambda x: -x * sympy.log(x),
    "hinge": lambda y, t: Where(Lt(y * t, 1), 1 - y * t, 0),
    "rel_entr": lambda x, y: x * sympy.log(x / y), "kl_div": lambda x, y: x * sympy.log(x / y) - x + y,
    "sigmoid": Sigmoid, "softplus": Softplus, "logsigmoid": Logsigmoid, "silu": lambda x: x * Sigmoid(x),
    "mish": lambda x: x * sympy.tanh(Softplus(x)), "bce_with_logits": lambda z, y: Softplus(z) - y * z,
    "polygamma": Polygamma, "gelu": lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "besselj": sympy.besselj, "bessely": sympy.bessely, "besseli": sympy.besseli, "besselk": sympy.besselk,
}  # fmt: skip
WRITTEN_OUT: dict[Any, Callable[..., Any]] = {  # what is kept for its name alone
    Sigmoid: lambda x: 1 / (1 + sympy.exp(-x)), Softplus: lambda x: sympy.log(1 + sympy.exp(x)),
    Logsigmoid: lambda x: -sympy.log(1 + sympy.exp(-x)), sympy.Abs: Abs,
    Acosh: sympy.acosh, Asech: lambda x: sympy.acosh(1 / x),
    Asec: lambda x: sympy.acos(1 / x), Acsc: lambda x: sympy.asin(1 / x), Acot: lambda x: sympy.atan(1 / x),
    Acoth: lambda x: sympy.atanh(1 / x), Acsch: lambda x: sympy.asinh(1 / x),
    Ndtr: lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
}  # fmt: skip
OPAQUE = frozenset({"erfcx", "ndtri", "gammaincc", "i0", "i1", "i0e", "i1e"})  # known by rules, not by definition
