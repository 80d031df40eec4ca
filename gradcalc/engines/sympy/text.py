"""SymPy expressions as text of gradcalc's own language."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from gradcalc.functions import ELEMENTWISE

COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
KINDS = (
    sympy.Symbol, sympy.Rational, sympy.Add, sympy.Mul, sympy.Pow, sympy.Function, type(sympy.pi), type(sympy.E),
)  # fmt: skip
REFUSED = {
    type(sympy.I): "an imaginary part",
    type(sympy.nan): "an undefined constant",
    type(sympy.zoo): "an infinite constant",
    type(sympy.oo): "an infinite constant",
    type(-sympy.oo): "an infinite constant",
}


class NotExpressible(Exception):
    """The expression has something in it that gradcalc's language lacks; the message says what."""


class Printer(StrPrinter):  # type: ignore[misc]  # SymPy ships no types
    """SymPy's own text, in gradcalc's spelling; raises NotExpressible at anything else."""

    def _print(self, expression: Any, **kwargs: Any) -> str:
        if not isinstance(expression, KINDS):
            raise NotExpressible(REFUSED.get(type(expression), type(expression).__name__))
        return str(super()._print(expression, **kwargs))

    def _print_Function(self, expression: Any) -> str:  # noqa: N802  # SymPy calls it by this name
        name = expression.func.__name__.lower()  # SymPy writes Abs, ours are in lower case
        arguments = [self._print(argument) for argument in expression.args]
        if name in COMPARISONS:
            return f" {COMPARISONS[name]} ".join(arguments)
        if name not in ELEMENTWISE:
            raise NotExpressible(f"`{name}`")
        return f"{name}({', '.join(arguments)})"

    def _print_Exp1(self, expression: Any) -> str:  # noqa: N802  # as above
        return "exp(1)"  # `e` may be a variable

    def _print_Pow(self, expression: Any, rational: bool = False) -> str:  # noqa: N802  # as above
        exponent = expression.exp
        if exponent.is_Rational and exponent < -1:
            base, power = (self.parenthesize(part, PRECEDENCE["Pow"]) for part in (expression.base, -exponent))
            return f"1/{base}**{power}"
        return str(super()._print_Pow(expression, rational))


PRINTER = Printer({"sympy_integers": False})


def to_text(expression: Any) -> str:
    """The expression as gradcalc reads it. Raises NotExpressible."""
    return str(PRINTER.doprint(expression))
