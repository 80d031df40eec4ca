"""SymPy expressions as text of gradcalc's own language."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

NAMES = {"Abs": "abs", "ceiling": "ceil", "loggamma": "lgamma", "Max": "max", "Min": "min"}
ORDERINGS = {
    "StrictLessThan": "<", "LessThan": "<=", "StrictGreaterThan": ">", "GreaterThan": ">=",
    "Equality": "==", "Unequality": "!=",
}  # fmt: skip


class NotExpressible(Exception):
    """The expression has something in it that gradcalc's language lacks."""


class Printer(StrPrinter):  # type: ignore[misc]  # SymPy ships no types
    """SymPy's own text, in gradcalc's spelling; raises NotExpressible at anything else."""

    def _print_Function(self, expression: Any) -> str:  # noqa: N802  (SymPy calls it by this name)
        name = expression.func.__name__
        if name == "polygamma" and expression.args[0] == 0:
            return f"digamma({self._print(expression.args[1])})"
        if isinstance(expression, sympy.core.function.AppliedUndef):
            raise NotExpressible(name)
        return f"{NAMES.get(name, name)}({', '.join(self._print(argument) for argument in expression.args)})"

    def _print_Piecewise(self, expression: Any) -> str:  # noqa: N802
        *branches, (last, condition) = expression.args
        if condition != True:  # noqa: E712  (SymPy's own true)
            raise NotExpressible("a piecewise function with a gap")
        text = str(self._print(last))
        for value, asked in reversed(branches):
            text = self._choice(asked, self._print(value), text)
        return text

    def _choice(self, condition: Any, yes: str, no: str) -> str:
        """`where`, with `and` and `or` written as one choice inside another."""
        if isinstance(condition, sympy.And):
            for part in reversed(condition.args):
                yes = self._choice(part, yes, no)
            return yes
        if isinstance(condition, sympy.Or):
            for part in reversed(condition.args):
                no = self._choice(part, yes, no)
            return no
        return f"where({self._print(condition)}, {yes}, {no})"

    def _print_Relational(self, expression: Any) -> str:  # noqa: N802
        symbol = ORDERINGS.get(type(expression).__name__)
        if symbol is None:
            raise NotExpressible(type(expression).__name__)
        return f"{self._print(expression.lhs)} {symbol} {self._print(expression.rhs)}"

    def _print_Heaviside(self, expression: Any) -> str:  # noqa: N802
        raise NotExpressible("a step function")

    def emptyPrinter(self, expression: Any) -> str:  # noqa: N802
        raise NotExpressible(type(expression).__name__)

    def _print_Exp1(self, expression: Any) -> str:  # noqa: N802
        return "exp(1)"

    def _print_Pow(self, expression: Any, rational: bool = False) -> str:  # noqa: N802
        exponent = expression.exp
        if exponent.is_Rational and exponent < -1:
            base, power = (self.parenthesize(part, PRECEDENCE["Pow"]) for part in (expression.base, -exponent))
            return f"1/{base}**{power}"
        return str(super()._print_Pow(expression, rational))

    def _print_ImaginaryUnit(self, expression: Any) -> str:  # noqa: N802
        raise NotExpressible("an imaginary part")

    def _print_NaN(self, expression: Any) -> str:  # noqa: N802
        raise NotExpressible("an infinite or undefined constant")

    _print_Infinity = _print_NegativeInfinity = _print_ComplexInfinity = _print_NaN  # noqa: N815


PRINTER = Printer({"sympy_integers": False})


def to_text(expression: Any) -> str:
    """The expression as gradcalc reads it. Raises NotExpressible."""
    return str(PRINTER.doprint(expression))
