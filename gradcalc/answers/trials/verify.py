"""Every closed form is tried before anyone sees it: at points of the domain, against the function's own values."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypeVar

from gradcalc.answers.trials.candidates import SIMPLE, Point, landmarks, searched, spread, varied
from gradcalc.answers.trials.claims import claim
from gradcalc.base.errors import GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.words import place
from gradcalc.engines import ask
from gradcalc.engines.records import Claim, ClosedForm, Trial
from gradcalc.functions import CATALOGUE
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Call, Node, postorder

Key = TypeVar("Key", bound=Hashable)
SMOOTH, PIECEWISE = (2, 12), (8, 24)  # points that a claim has to hold at, and points that are looked at to find them
NODES = 40_000  # that the points together may cost, before they become fewer
FEW = 3  # points that are looked at however large the trees are
ELSEWHERE = 40  # points that are looked at where the first ones lie outside the domain
SILENT = (Trial.OPEN, Trial.OUTSIDE)
UNTRIED = "no point was found at which it can be verified"


@dataclass(slots=True)
class Outcome:
    """At how many points a claim holds, at how many an entry has no value, and a point where it is wrong."""

    held: int = 0
    valueless: int = 0
    wrong_at: Point | None = None

    @property
    def told(self) -> bool:
        """Did any point tell something?"""
        return bool(self.held or self.valueless or self.wrong_at is not None)

    def is_open(self, wanted: int) -> bool:
        """Is another trial worth while?"""
        return self.wrong_at is None and self.held < wanted and self.valueless < FEW


# -- closed forms of scalars


def verified(
    forms: Mapping[Key, ClosedForm],
    problem: Problem,
    limits: Limits,
    *,
    by: Callable[[Key], Sequence[str]] | None = None,
    fixed: Mapping[str, float] | None = None,
) -> dict[Key, ClosedForm]:
    """The closed forms without the text of those that are wrong.

    Each is the derivative by the names that `by` says in turn, else that of the problem's order by one name. The names
    of `fixed` are put to their values.
    """
    names = problem.names
    found = dict(forms)
    claims: dict[Key, Claim] = {}
    for key, form in forms.items():
        if form.text is None:
            continue
        try:
            root = form.root or read(form.text, limits, names).root
        except GradcalcError:
            found[key] = ClosedForm(None, "SymPy's closed form is not one that can be read back")
        else:
            turns = [str(key)] * problem.order if by is None else by(key)
            claims[key] = claim([problem.root], [[name] for name in turns], [root])
    free = [name for name in names if name not in (fixed or {})]
    for key, outcome in outcomes(claims, problem, free, fixed=fixed).items():
        found[key] = _told(found[key], outcome)
    return found


def _told(form: ClosedForm, outcome: Outcome) -> ClosedForm:
    """A closed form after its trial."""
    if outcome.wrong_at is not None:
        where = place(outcome.wrong_at) or "every point"
        return ClosedForm(None, f"SymPy's closed form is wrong at {where} and is not shown")
    return form if outcome.held or form.note is not None else replace(form, note=UNTRIED)


# -- trials


def _together(claims: Iterable[Claim]) -> Claim | None:
    """Claims about the first derivatives of one function as one; None where they are not that."""
    first, *rest = claims
    if not rest or any(len(one.along) != 1 or one.functions[0] is not first.functions[0] for one in (first, *rest)):
        return None
    names = [name for one in (first, *rest) for name in one.along[0]]
    entries = [entry for one in (first, *rest) for entry in one.entries]
    return claim(first.functions, [names], entries) if len(names) == len(entries) else None


def outcomes(
    claims: Mapping[Key, Claim],
    problem: Problem,
    names: Sequence[str],
    points: Iterable[Point] = (),
    *,
    fixed: Mapping[str, float] | None = None,
    total: bool = True,
    far: bool = True,
) -> dict[Key, Outcome]:
    """How each claim fares at points for these names: at `points` first, then at points of our own.

    At each of them the names of `fixed` have their values. A claim that fails is tried no further, and neither is one
    that holds at enough points. One that is `total` fails also where it has no value and the function has a derivative.
    Where the domain is none of the usual ones, points of it are searched for `far` away.
    """
    found = {key: Outcome() for key in claims}
    if not claims:
        return found
    trees = [tree for one in claims.values() for tree in (*one.functions, *one.entries)]
    wanted, tries = _effort(trees)
    near = chain(points, islice(varied(names), tries)) if names else [{}]
    for chosen in chain(near, _elsewhere(found, names, trees) if names and far else ()):
        point = {**chosen, **(fixed or {})}
        left = {key: one for key, one in claims.items() if found[key].is_open(wanted)}
        if not left:
            break
        for key, trial in _at(left, problem, point).items():
            if trial is Trial.HOLDS:
                found[key].held += 1
            elif trial is Trial.VALUELESS and not total:
                found[key].valueless += 1
            elif trial not in SILENT and _ordinary(claims[key], problem, point):
                found[key].wrong_at = chosen
    return found


def _effort(trees: Sequence[Node]) -> tuple[int, int]:
    """At how many points a claim has to hold, and how many are looked at for that: more where there are pieces."""
    order = postorder(*trees)
    pieces = any(CATALOGUE[node.function].kink is not None for node in order if isinstance(node, Call))
    wanted, tries = PIECEWISE if pieces else SMOOTH
    most = NODES // len(order)
    return max(1, min(wanted, most)), max(FEW, min(tries, most))


def _elsewhere(found: Mapping[Key, Outcome], names: Sequence[str], trees: Sequence[Node]) -> Iterator[Point]:
    """Points in special positions, and in a thin domain, as long as something is not told of each claim."""
    special = landmarks(trees)
    simple = islice(chain(spread(special, names), spread(SIMPLE, names)), ELSEWHERE)
    for others in (simple, searched(trees[0], names, special)):
        if all(one.told for one in found.values()):
            return
        yield from others


def _at(claims: Mapping[Key, Claim], problem: Problem, point: Point) -> dict[Key, Trial]:
    """What each claim comes to at a point: all at once where they hold there, or the function has no value."""
    together = _together(claims.values())
    if together is not None and (trial := ask.tried(together, point)) in (Trial.HOLDS, Trial.OUTSIDE):
        return dict.fromkeys(claims, trial)
    return {key: ask.tried(one, point) for key, one in claims.items()}


def _ordinary(claimed: Claim, problem: Problem, point: Point) -> bool:
    """Do the rules alone decide at a point? At a kink, a pole or an edge nothing speaks against a claim."""
    names = tuple(dict.fromkeys(name for direction in claimed.along for name in direction))
    there = replace(problem, wrt=names, order=1, point=point)
    try:
        return all(ask.regular(replace(there, root=root)) is not None for root in claimed.functions)
    except LimitError:
        return False


def refuted(claimed: Claim, problem: Problem, point: Point) -> bool:
    """Is a claim wrong at a point, where nothing is special?"""
    return ask.tried(claimed, point) is Trial.FAILS and _ordinary(claimed, problem, point)
