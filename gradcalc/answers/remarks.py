"""What is worth a word though nothing is wrong: a name that the expression lacks, or that may be meant as a product."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.base.words import listed
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.problem.problem import USUAL, Problem, joint, unused
from gradcalc.syntax.tree import Call, free_names, postorder

LACKING = "{names} {do} not occur in the expression: the derivative by {it} is 0"
PRODUCT = "`{name}` is one variable; for a product write `{product}`"
EQUATION = "`{name} = …` defines `{name}`, one name; as an equation it is `{product} = …`"
UNUSED = "the result does not use {names}{also}"
NUMBERS = "{names} {are} taken for numbers; vectors are declared: --shape {first}=n"
SUMMED = frozenset(name for name, row in ARRAY_FUNCTIONS.items() if row.along)
MIXED = "of second derivatives these are the pure ones; gradcalc hessian has all of them"


def remarks(problem: Problem) -> tuple[str, ...]:
    """The remarks on a problem."""
    return (*_lacking(problem), *_unused(problem), *_numbers(problem), *_products(problem), *_mixed(problem))


def _lacking(problem: Problem) -> Iterator[str]:
    names = [name for name in problem.wrt if name not in problem.variables]
    if names:
        several = len(names) > 1
        yield LACKING.format(names=listed(names), do="do" if several else "does", it="them" if several else "it")


def _unused(problem: Problem) -> Iterator[str]:
    """Statements that do nothing for the result, and the variables that stand in nothing else."""
    names = unused(problem)
    if names:
        idle = free_names(postorder(*(one.whole for one in problem.definitions if one.name in names)))
        also = [name for name in idle if name not in problem.names]
        yield UNUSED.format(names=listed(names), also=f", and {listed(also)} neither" if also else "")


def _numbers(problem: Problem) -> Iterator[str]:
    """What is summed, where it is taken for numbers though nothing says so."""
    if problem.point is None and not any(problem.shapes.values()):
        found = dict.fromkeys(
            name
            for node in postorder(problem.root)
            if isinstance(node, Call) and node.function in SUMMED
            for name in free_names(postorder(node.arguments[0]))
        )
        if found:
            first = "x" if "x" in found else next(iter(found))
            yield NUMBERS.format(names=listed(list(found)), are="are" if len(found) > 1 else "is", first=first)


def _products(problem: Problem) -> Iterator[str]:
    """Names that are other variables' letters side by side, those that everybody uses among them, and `Ax`."""
    for name, product in joint(problem.variables):
        yield PRODUCT.format(name=name, product=product)
    defined = "" if problem.variables or len(problem.definitions) != 1 else problem.definitions[0].name or ""
    if len(defined) > 1 and all(letter in USUAL for letter in defined):
        yield EQUATION.format(name=defined, product="*".join(defined))


def _mixed(problem: Problem) -> Iterator[str]:
    if problem.order == 2 and problem.of is None and (len(problem.wrt) > 1 or any(problem.shapes.values())):
        yield MIXED
