"""What is worth a word though nothing is wrong: a name that the expression lacks, or that may be meant as a product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.base.words import listed
from gradcalc.problem.problem import Problem

LACKING = "{names} {do} not occur in the expression: the derivative by {it} is 0"
USUAL = "exyz"  # letters of a formula, whatever else stands in it
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
    """Names that are other variables' letters side by side, those that everybody uses among them, and `Ax`."""
    for name in problem.variables:
        if _is_joint(name, problem.variables):
            sign = " " if name[0].isupper() else "*"  # a matrix beside an array is multiplied as one
            yield PRODUCT.format(name=name, product=sign.join(name))


def _mixed(problem: Problem) -> Iterator[str]:
    if problem.order == 2 and problem.of is None and (len(problem.wrt) > 1 or any(problem.shapes.values())):
        yield MIXED


def _is_joint(name: str, variables: Sequence[str]) -> bool:
    """May a product of letters have been meant: `xy`, or `Ax`? Each is a variable too, or one as everybody's."""
    if len(name) < 2 or not name.isalpha() or not name.isascii():
        return False
    matrices = len(name) == 2 and name[0].isupper()
    return matrices or all(letter in variables or letter in USUAL for letter in name)
