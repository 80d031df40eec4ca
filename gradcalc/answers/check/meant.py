"""What a letter that nobody defined stands for in a proposed derivative: `s(1 - s)` speaks of the function's value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.answers.check.evidence import Evidence, pairs
from gradcalc.answers.check.hints import slip
from gradcalc.answers.trials.points import Sample, samples
from gradcalc.base.effort import Exhausted, granted
from gradcalc.base.errors import LimitError, PointError
from gradcalc.problem.problem import Problem
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tree import Call, Node, dependents, postorder, substitute

EFFORT = 2_000_000  # steps for all that a letter may be
MOST_PARTS = 16  # of the function, the largest first
HAT = "_hat"
BY_VALUE = frozenset({"sigmoid", "tanh", "exp", "tan", "sqrt"})  # functions whose derivative is taught by their value


def meant(letter: str, body: Node, name: str, problem: Problem) -> Node | None:
    """The part of the function that makes the derivative by `name` right with it in place of the letter; the function
    itself also where the derivative is then a known slip. None where no part does."""
    if problem.arrays or problem.of is not None:
        return None
    try:
        with granted(EFFORT):
            found = samples(problem)
            parts = list(_parts(problem))
            right = (part for part in parts if _is_right(substitute(body, {letter: part}), name, found))
            return next(right, None) or _slipped(letter, body, name, problem, found)
    except (Exhausted, LimitError, PointError):
        return None


def _parts(problem: Problem) -> Iterator[Node]:
    """The function, and what it is made of, if it varies."""
    order = postorder(problem.root)
    reached = dependents(order, problem.variables)
    parts = [one for one in reversed(order) if isinstance(one, Call) and id(one) in reached]
    yield from list(dict.fromkeys(parts))[:MOST_PARTS]


def _is_right(tree: Node, name: str, found: Sequence[Sample]) -> bool:
    """Are there points, and is it the true derivative at each of them?"""
    return bool(found) and all(pair.holds for one in found for pair in pairs([one], tree, name))


def _slipped(letter: str, body: Node, name: str, problem: Problem, found: Sequence[Sample]) -> Node | None:
    """The function, if its derivative is taught by its value, and what is proposed a slip with that as the letter."""
    is_letter = len(letter.removesuffix(HAT)) == 1 or letter in GREEK
    if not is_letter or not isinstance(problem.root, Call) or problem.root.function not in BY_VALUE:
        return None
    tree = substitute(body, {letter: problem.root})
    told = [pair for pair in pairs(found, tree, name) if pair.proposed is not None and not pair.special]
    return problem.root if slip(Evidence(problem.root, name, tree, told)) is not None else None
