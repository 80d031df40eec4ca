"""What SymPy's work costs: counted while it makes expressions, and told beforehand where it multiplies out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from math import prod
from typing import Any

import sympy
from sympy.core.basic import Basic
from sympy.core.cache import clear_cache
from sympy.functions.elementary.hyperbolic import HyperbolicFunction
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from gradcalc.base.effort import granted, spend

MOST_TERMS = 2_000  # of an expression multiplied out, for it to be small
MANY = 10**6
ANGLES = (TrigonometricFunction, HyperbolicFunction)
MADE = 20  # steps that it takes to make an expression, with what SymPy does around that
SAVED = 4  # times fewer steps are enough, at best, for what SymPy has done before
make = Basic.__new__


def count_expressions() -> None:
    """Let each expression that SymPy makes count as work: there is no other place that all of its work comes by."""

    def counted(cls: type, *args: Any) -> Any:
        spend(MADE)
        return make(cls, *args)

    Basic.__new__ = counted


def grants(steps: float) -> Iterator[AbstractContextManager[None]]:
    """Grants for one piece of work, until one is enough: a part of the steps, then all of them with nothing remembered.

    What SymPy remembers of earlier work saves steps. Where that could matter they are counted without it, so that it
    makes no difference what was asked before.
    """
    yield granted(steps / SAVED)
    clear_cache()
    yield granted(steps)


def is_small(expression: Any, most: int = MOST_TERMS, *, angles: bool = False) -> bool:
    """Are there so few terms when everything in an expression is multiplied out, with `angles` the sums in them too?

    SymPy's work on polynomials makes no expressions that could be counted; it grows with the number of terms.
    """
    parts = [expression, *(one for call in expression.atoms(sympy.Function) for one in call.args)]
    return all(max(_terms(one, angles), _places(one)) <= most for one in parts)


def _terms(expression: Any, angles: bool) -> int:
    """At most how many terms there are, none of them put together; no more than MANY are counted."""
    if expression.is_Add:
        return min(sum(_terms(one, angles) for one in expression.args), MANY)
    if expression.is_Mul:
        return min(prod(_terms(one, angles) for one in expression.args), MANY)
    if expression.is_Pow and expression.exp.is_Integer:
        return _multinomial(_terms(expression.base, angles), abs(int(expression.exp)))
    if angles and isinstance(expression, ANGLES):  # sin(x + y) is a sum of two products
        return int(2 ** min(_terms(expression.args[0], angles) - 1, MANY.bit_length()))
    return 1


def _multinomial(terms: int, power: int) -> int:
    """The number of terms of a power of a sum."""
    count = 1
    for place in range(1, min(terms - 1, power) + 1):
        count = count * (terms + power - place) // place
        if count > MANY:
            return MANY
    return count


def _places(expression: Any) -> int:
    """The number of terms that there are at most when those alike are put together."""
    return prod(degree + 1 for degree in _degrees(expression).values())


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
