"""SymPy expressions as text of gradcalc's own language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

NAMES = {"Abs": "abs", "ceiling": "ceil", "loggamma": "lgamma", "Max": "max", "Min": "min"}
ORDERINGS = {
    "StrictLessThan": "<", "LessThan": "<=", "StrictGreaterThan": ">", "GreaterThan": ">=",
    "Equality": "==", "Unequality": "!=",
}  # fmt: skip


LONGEST = 40_000  # characters; a choice inside a choice doubles them


class NotExpressible(Exception):
    """The expression has something in it that gradcalc's language lacks."""


Choose = Callable[[Any, str, str], str]


def _and(choose: Choose, conditions: Sequence[Any], yes: str, no: str) -> str:
    for condition in reversed(conditions):
        yes = choose(condition, yes, no)
    return yes


def _or(choose: Choose, conditions: Sequence[Any], yes: str, no: str) -> str:
    for condition in reversed(conditions):
        no = choose(condition, yes, no)
    return no


def _not(choose: Choose, conditions: Sequence[Any], yes: str, no: str) -> str:
    return choose(conditions[0], no, yes)


def _if_then_else(choose: Choose, conditions: Sequence[Any], yes: str, no: str) -> str:
    condition, then, other = conditions
    return choose(condition, choose(then, yes, no), choose(other, yes, no))


COMBINED: dict[Any, Callable[[Choose, Sequence[Any], str, str], str]] = {
    sympy.And: _and, sympy.Or: _or, sympy.Not: _not, sympy.ITE: _if_then_else,
}  # fmt: skip


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
        """`where`, with what combines conditions written as one choice inside another."""
        if len(yes) + len(no) > LONGEST:
            raise NotExpressible("a choice among very many cases")
        if condition in (sympy.true, sympy.false):
            return yes if condition == sympy.true else no
        combine = COMBINED.get(type(condition))
        if combine is not None:
            return combine(self._choice, condition.args, yes, no)
        if not isinstance(condition, sympy.core.relational.Relational):
            raise NotExpressible(type(condition).__name__)
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
