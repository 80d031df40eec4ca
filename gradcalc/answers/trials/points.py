"""Points inside the domain of a function, away from its kinks, the same ones every time and simple ones first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from gradcalc.answers.trials.candidates import SIMPLE, Point, landmarks, nearby, searched, spread, varied
from gradcalc.answers.trials.claims import confirm
from gradcalc.base.effort import Exhausted, granted
from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import Smoothness
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, postorder

FEW, MOST = 3, 20  # points of a large expression, and of an ordinary one
NODES = 40_000  # that all the points together may cost, before they become fewer
SIMPLE_SHARE, LANDMARK_SHARE = 0.4, 0.3  # of the points; the rest are varied
SEARCH = 2_000_000  # steps
PATIENCE = 20  # points that may be special, of each stream


@dataclass(frozen=True, slots=True)
class Sample:
    """A point where every derivative asked for exists: inside the domain, at no kink, pole or edge.

    At a `special` one the rules alone do not say so, and a formula that comes from them need not hold there.
    """

    point: Mapping[str, float]
    slopes: Mapping[str, Real]
    special: bool = False


def samples(problem: Problem, others: Sequence[Node] = (), steps: float = SEARCH) -> list[Sample]:
    """Up to MOST points for the function of `problem`, simple ones first; none where its domain is not found.

    Numbers that stand in the expression, or in the trees `others`, have points near them, so that each piece of a
    piecewise function is likely to be met. When the steps are used up, what was found so far has to do; LimitError
    where that is nothing.
    """
    names = variables(problem)
    if not names:
        return list(_smooth(problem, [{}]))
    found: dict[tuple[float, ...], Sample] = {}
    try:
        with granted(steps):
            _search(found, problem, names, [problem.root, *others])
    except Exhausted:
        if not found:
            raise LimitError(
                "no point of the domain is found in the time there is",
                hint="name one with --at, or raise it with --timeout SECONDS",
            ) from None
    return list(found.values())


def _search(
    found: dict[tuple[float, ...], Sample], problem: Problem, names: Sequence[str], trees: Sequence[Node]
) -> None:
    """Add points: simple ones, some near numbers of the trees, varied ones; where there are none, from a search."""
    size = min(MOST, max(FEW, NODES // len(postorder(*trees))))
    special = landmarks(trees)
    _take(found, _smooth(problem, spread(SIMPLE, names)), round(size * SIMPLE_SHARE))
    _take(found, _smooth(problem, spread(special, names)), round(size * LANDMARK_SHARE))
    _take(found, _smooth(problem, varied(names)), size - len(found))
    if not found:
        _take(found, _smooth(problem, searched(problem.root, names, special)), FEW)
    if found and len(found) < size // 2:
        first = next(iter(found.values()))
        _take(found, _smooth(problem, nearby(first.point)), size // 2 - len(found))


def sample(problem: Problem, point: Mapping[str, float], *, patient: bool = True) -> Sample | None:
    """The function at a point; None where it is not smooth there, or cannot be computed.

    With patience, a point counts too where the rules do not decide but both one-sided derivatives are the same, as for
    `relu(relu(x))` at every negative x.
    """
    there = replace(problem, point=point)
    try:
        regular = ask.regular(there)
        slopes = ask.truth(there).slopes if regular is None and patient else regular
    except LimitError:
        return None
    if slopes is None or any(slope.smoothness is not Smoothness.SMOOTH for slope in slopes.values()):
        return None
    confirm(there, slopes)
    values = {name: slope.value for name, slope in slopes.items() if slope.value is not None}
    return Sample(point, values, special=regular is None)


def variables(problem: Problem) -> tuple[str, ...]:
    """Every name that a point gives a number."""
    return tuple(dict.fromkeys([*problem.variables, *problem.wrt]))


def _smooth(problem: Problem, candidates: Iterable[Point]) -> Iterator[Sample]:
    """The smooth points among the candidates; after many that are not, one-sided derivatives are no longer tried."""
    patience = PATIENCE
    for point in candidates:
        found = sample(problem, point, patient=patience > 0)
        if found is not None:
            yield found
        else:
            patience -= 1


def _take(found: dict[tuple[float, ...], Sample], stream: Iterator[Sample], count: int) -> None:
    """Add up to `count` of the stream's points, each only once."""
    for one in islice(stream, count):
        found.setdefault(tuple(one.point.values()), one)
