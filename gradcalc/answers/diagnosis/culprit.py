"""Which terms of a sum leave it without a number in torch, and what to write so that they have their limit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from gradcalc.answers.compare import close
from gradcalc.answers.diagnosis.checked import same
from gradcalc.answers.diagnosis.records import Culprit
from gradcalc.answers.diagnosis.rewriting import rewritten, tidied
from gradcalc.base.limits import current
from gradcalc.base.words import brief, joined
from gradcalc.engines import ask
from gradcalc.engines.records import Missing, Smoothness, Truth
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.problem.written_out import scalar_form, written_out
from gradcalc.syntax.tree import Call, Node, children, dependents, free_names, postorder

MOST_TERMS, MOST_NAMED = 200, 3
LARGEST = 300  # nodes of an expression that is rewritten
BESIDE = 2.0**-45  # how far from the point the function is tried, on either side
NEAR = Fraction(1, 2**30)  # so near is its value there to the limit
OPEN = (Smoothness.UNDEFINED, Smoothness.UNDECIDED)
TURNED = (  # what has no value where a factor is 0, and what is its limit there; source: SciPy, scipy.special
    (("x * log(x / y)", "rel_entr(x, y)"),),
    (("x * (log(x) - log(y))", "rel_entr(x, y)"),),
    (("x * log(x)", "-entr(x)"),),
    (("x * log(y)", "xlogy(x, y)"),),
    (("(1 - x) * log(1 - y)", "xlogy(1 - x, 1 - y)"), ("x * log(y)", "xlogy(x, y)")),
)
TIDY = (("sum(-x)", "-sum(x)"), ("mean(-x)", "-mean(x)"), ("-(-x)", "x"), ("x + -y", "x - y"))


def culprit(whole: Problem, problem: Problem, tolerance: Tolerance) -> Culprit | None:
    """The terms of a sum that have no finite number in torch, in value or gradient, while others have.

    `problem` writes `whole` out where that deals in arrays. With them, or alone where there are no terms, an expression
    that has the limit in their place, if one is known. Raises LimitError where numbers or arrays are too large.
    """
    terms = list(islice(_terms(problem.root), MOST_TERMS + 1))
    bad = [term for term in terms if not _is_finite(term, problem)] if 1 < len(terms) <= MOST_TERMS else []
    several = 0 < len(bad) < len(terms)
    cure = _cure(whole, problem, tolerance)
    if not several and cure is None:
        return None
    return Culprit(tuple(map(to_text, bad)) if several else (), _told(bad, terms, problem) if several else None, cure)


def _terms(root: Node) -> Iterator[Node]:
    """The terms of the outermost sum: of a mean, and of what one function of it is, too."""
    order = postorder(root)
    varying = dependents(order, free_names(order))
    node = root
    while isinstance(node, Call) and node.function not in ("add", "sub"):
        inner = [one for one in children(node) if id(one) in varying]
        if len(inner) != 1:
            return
        (node,) = inner
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, Call) and one.function in ("add", "sub"):
            stack += reversed(one.arguments)
        elif id(one) in varying:
            yield one


def _is_finite(term: Node, problem: Problem) -> bool:
    """Has a term a finite value and finite derivatives in torch?"""
    names = free_names(postorder(term))
    alone = problem.of_numbers(term, names, names, {name: problem.numbers[name] for name in names})
    found = ask.autograd(alone)
    slopes = [one for one in map(found.number, names) if not isinstance(one, Missing)]
    return found.value is not None and all(map(math.isfinite, [found.value, *slopes]))


def _told(bad: Sequence[Node], terms: Sequence[Node], problem: Problem) -> str:
    """The sentence: how many of the terms, which, and at what numbers."""
    names = dict.fromkeys(name for term in bad[:MOST_NAMED] for name in free_names(postorder(term)))
    there = ", ".join(f"{name} = {brief(problem.numbers[name])}" for name in names)
    listed = [f"`{to_text(term)}`" for term in bad[:MOST_NAMED]]
    more = [f"{len(bad) - MOST_NAMED} more"] if len(bad) > MOST_NAMED else []
    count = "one term is" if len(bad) == 1 else f"{len(bad)} terms are"
    return f"of {len(terms)} terms {count} to blame, {joined([*listed, *more])} at {there}; the others are finite"


# -- the cure


def _cure(whole: Problem, problem: Problem, tolerance: Tolerance) -> str | None:
    """An expression with the same value and slopes beside the point, and their limit at it, which torch finds."""
    if len(postorder(whole.root)) > LARGEST or ask.value(problem.root, problem.numbers) is not None:
        return None
    for rules in TURNED:
        root = whole.root
        for one in rules:
            root = rewritten(root, *one) or root
        if root is not whole.root and _holds(root, whole, problem, tolerance):
            return to_text(tidied(root, TIDY))
    return None


def _holds(root: Node, whole: Problem, problem: Problem, tolerance: Tolerance) -> bool:
    """Is an expression equal beside the point, continuous at it, and does torch find its value and finite slopes?"""
    tried = replace(whole, root=root)
    written = (written_out(tried, current()) if whole.arrays else scalar_form(tried)).problem
    found = ask.truth(written)
    if found.value is None or any(slope.smoothness in OPEN for slope in found.slopes.values()):
        return False
    moved = any(_continues(written, problem, found.value.nearest(problem.format), side * BESIDE) for side in (1, -1))
    return moved and _is_found(written, found, tolerance)


def _continues(one: Problem, other: Problem, limit: float, step: float) -> bool:
    """Are two functions equal in value and slopes a step from the point, and their value near a limit?"""
    point = {name: value + step if name in other.wrt else value for name, value in other.numbers.items()}
    ours, theirs = ask.truth(replace(one, point=point)), ask.truth(replace(other, point=point))
    if not same(ours.value, theirs.value):
        return False
    gap = None if ours.value is None else ours.value.distance(limit)
    alike = all(same(slope.value, theirs.slopes[name].value) for name, slope in ours.slopes.items())
    return alike and gap is not None and gap < NEAR


def _is_found(problem: Problem, truth: Truth, tolerance: Tolerance) -> bool:
    """Has torch the value, and every slope that is finite?"""
    autograd = ask.autograd(problem)
    pairs = [(truth.value, autograd.value), *((one.value, autograd.number(name)) for name, one in truth.slopes.items())]
    return all(
        isinstance(number, float) and close(value, None, number, tolerance, problem.format)
        for value, number in pairs
        if value is not None and math.isfinite(value.nearest(problem.format))
    )
