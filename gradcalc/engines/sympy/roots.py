"""SymPy: closed forms of the points at which expressions are 0, to be proven by whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import sympy

from gradcalc.base.effort import Exhausted, granted
from gradcalc.engines.sympy.closed_form import lowered, symbol
from gradcalc.engines.sympy.effort import is_small
from gradcalc.engines.sympy.text import to_tree
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Node

STEPS = 300_000
SMALL = 40  # terms of an equation
MOST_ROOTS = 12  # that equations of several variables may have: the product of their degrees
SOLVABLE = 4  # the degree up to which there is a formula
LONGEST = 60  # characters of a form that says more than a decimal number


def roots(equations: Sequence[Node], names: Sequence[str]) -> list[Mapping[str, str]]:
    """Points at which all equations are 0, each coordinate as text; those that SymPy finds soon, which may be none."""
    try:
        with granted(STEPS):
            return _found([lowered(one) for one in equations], [symbol(name) for name in names])
    except Exhausted:
        return []
    except Exception:  # SymPy stumbles over some expressions with errors of every kind; the forms are an extra
        return []


def _found(equations: Sequence[Any], symbols: Sequence[Any]) -> list[Mapping[str, str]]:
    if not all(is_small(one, SMALL) for one in equations) or not _is_quick(equations, symbols):
        return []
    found: list[Mapping[str, str]] = []
    for solution in sympy.solve(equations, symbols, dict=True):
        values = [solution.get(one) for one in symbols]
        if all(value is not None and value.is_number and value.is_real for value in values):
            texts = [to_text(to_tree(value)) for value in values]
            found += [dict(zip(map(str, symbols), texts, strict=True))] if max(map(len, texts)) <= LONGEST else []
    return found


def _is_quick(equations: Sequence[Any], symbols: Sequence[Any]) -> bool:
    """Is all that there is to solve of a low degree: polynomials in the variables, or in one function of one?

    The work on others is of no known size, and cannot be counted.
    """
    if len(symbols) > 1:
        polynomial = all(one.is_polynomial(*symbols) for one in equations)
        return polynomial and prod(sympy.total_degree(one, *symbols) for one in equations) <= MOST_ROOTS
    found = sympy.Poly(equations[0])
    if len(found.gens) > 1 or found.degree() > SOLVABLE:
        return False
    (kernel,) = found.gens
    return all(one.is_polynomial(symbols[0]) for one in kernel.args or (kernel,))
