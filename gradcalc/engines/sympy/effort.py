"""What SymPy's work costs: counted while it makes expressions, and told beforehand where it multiplies out."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import sympy
from sympy.core.basic import Basic

from gradcalc.base.effort import spend

MADE = 20  # steps that it takes to make an expression, with what SymPy does around that
make = Basic.__new__


def count_expressions() -> None:
    """Let each expression that SymPy makes count as work: there is no other place that all of its work comes by."""

    def counted(cls: type, *args: Any) -> Any:
        spend(MADE)
        return make(cls, *args)

    Basic.__new__ = counted


def multiplied_out(expression: Any) -> int:
    """At most how many terms there are when everything in an expression is multiplied out.

    SymPy's work on polynomials makes no expressions; it grows with this number.
    """
    parts = [expression, *(one for call in expression.atoms(sympy.Function) for one in call.args)]
    return max(prod(degree + 1 for degree in _degrees(one).values()) for one in parts)


def _degrees(expression: Any) -> Mapping[Any, int]:
    """The highest power of each variable, and of each function that stands for one."""
    if expression.is_Number:
        return {}
    if expression.is_Add or expression.is_Mul:
        found: dict[Any, int] = {}
        for one in expression.args:
            for base, degree in _degrees(one).items():
                before = found.get(base, 0)
                found[base] = max(before, degree) if expression.is_Add else before + degree
        return found
    if expression.is_Pow and expression.exp.is_Rational:
        times, root = abs(expression.exp.p), expression.exp.q
        if root == 1:
            return {base: degree * times for base, degree in _degrees(expression.base).items()}
        return {expression.base ** sympy.Rational(1, root): times}
    return {expression: 1}


count_expressions()
