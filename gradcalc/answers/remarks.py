"""What is worth a word though nothing is wrong: a name that the expression lacks, or that may be meant as a product."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.base.words import listed
from gradcalc.problem.problem import Problem

LACKING = "{names} {do} not occur in the expression: the derivative by {it} is 0"
PRODUCT = "`{name}` is one variable; for a product write `{product}`"
MIXED = "of second derivatives these are the pure ones; gradcalc hessian has all of them"


def remarks(problem: Problem) -> tuple[str, ...]:
    """The remarks on a problem."""
    return (*_lacking(problem), *_products(problem), *_mixed(problem))


def _lacking(problem: Problem) -> Iterator[str]:
    names = [name for name in problem.wrt if name not in problem.variables]
    if names:
        several = len(names) > 1
        yield LACKING.format(names=listed(names), do="do" if several else "does", it="them" if several else "it")


def _products(problem: Problem) -> Iterator[str]:
    """Names that are other variables' letters side by side."""
    for name in problem.variables:
        if len(name) > 1 and all(letter in problem.variables for letter in name):
            yield PRODUCT.format(name=name, product="*".join(name))


def _mixed(problem: Problem) -> Iterator[str]:
    if problem.order == 2 and problem.of is None and (len(problem.wrt) > 1 or any(problem.shapes.values())):
        yield MIXED
