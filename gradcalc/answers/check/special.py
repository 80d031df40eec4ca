"""A gradient by arrays that is wrong in general, and right for symmetric matrices, or for a vector that sums to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TypeAlias

from gradcalc.answers.check.everywhere import HINT, pairs_at
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.trials.candidates import Point, varied
from gradcalc.answers.trials.points import sample
from gradcalc.arrays.array import Array
from gradcalc.base.effort import Exhausted, granted
from gradcalc.base.words import joined
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import Written

GRID = 2**10  # to the multiples of its inverse numbers are rounded that are to add up to 1
FEWEST, MOST, TRIES = 3, 5, 24  # points that it must be right at, that are enough, and that are looked at to find them

Change: TypeAlias = Callable[[Point], Mapping[str, float]]


def symmetric_hint(
    problem: Problem, written: Written, proposals: Sequence[Proposal], formula: str | None, *, right: bool
) -> str | None:
    """A sentence, where symmetric matrices are all that the gradient with these components is right for.

    `right` says that the gradient is right at the problem's point; then only matrices that are symmetric there count.
    `formula` is the true gradient.
    """
    matrices = [name for name in written.all_parts if _square(problem, name)]
    if right:
        matrices = [name for name in matrices if _symmetric(problem, name)]
    try:
        with granted(HINT):
            if not matrices or not _holds(_symmetrised(matrices, written), written, proposals):
                return None
            needed = _needed(matrices, written, proposals)
    except Exhausted:
        return None
    return _sentence(needed, formula, right=right) if needed else None


def _needed(names: Sequence[str], written: Written, proposals: Sequence[Proposal]) -> list[str]:
    """The matrices that have to be symmetric; none where the gradient is right without that."""
    needed = list(names)
    for name in names:
        fewer = [one for one in needed if one != name]
        if _holds(_symmetrised(fewer, written), written, proposals):
            needed = fewer
    return needed


def _square(problem: Problem, name: str) -> bool:
    """Is a variable a square matrix that need not be symmetric?"""
    shape = problem.shapes.get(name, ())
    return len(shape) == 2 and shape[0] == shape[1] != 1


def _symmetric(problem: Problem, name: str) -> bool:
    """Does a matrix equal its transpose at the problem's point?"""
    value = (problem.point or {}).get(name)
    rows = value.nested() if isinstance(value, Array) else []
    return bool(rows) and rows == [list(column) for column in zip(*rows, strict=True)]


def shares_hint(
    problem: Problem, written: Written, proposals: Sequence[Proposal], formula: str | None, *, right: bool
) -> str | None:
    """A sentence, where a vector whose numbers add up to 1 is all that the gradient is right for.

    With `right`, as for `symmetric_hint`, only a vector that does so at the problem's point counts.
    """
    vectors = [name for name in written.all_parts if len(problem.shapes.get(name, ())) == 1 and name not in problem.wrt]
    if right:
        vectors = [name for name in vectors if _sums_to_one(problem, name)]
    try:
        with granted(HINT):
            for name in vectors:
                if _holds(partial(_shared, written.all_parts[name]), written, proposals):
                    return _of_shares(name, formula, right=right)
    except Exhausted:
        pass
    return None


def _sums_to_one(problem: Problem, name: str) -> bool:
    value = (problem.point or {}).get(name)
    return isinstance(value, Array) and sum(value.values) == 1


def _shared(parts: Sequence[str], point: Point) -> Mapping[str, float]:
    """The point with numbers for these parts that add up to 1, exactly."""
    *first, last = parts
    rounded = {name: round(point[name] * GRID) / GRID for name in first}
    return {**point, **rounded, last: 1 - sum(rounded.values())}


def _of_shares(name: str, formula: str | None, *, right: bool) -> str:
    start = f"it is right here because {name} sums" if right else f"it is right where {name} sums"
    end = "" if formula is None else f"; in general the gradient is {formula}"
    return f"{start} to 1, as a one-hot vector does{end}"


def _holds(change: Change, written: Written, proposals: Sequence[Proposal]) -> bool:
    """Is a gradient right, in every component, at points that are changed so?"""
    function = replace(written.problem, wrt=tuple(one.name for one in proposals), point=None)
    points = map(change, islice(varied(function.names), TRIES))
    smooth = (one for point in points if (one := sample(function, point, patient=False)) is not None)
    found = list(islice(smooth, MOST))
    pairs = [pair for one in proposals for pair in pairs_at(found, one)]
    return len(pairs) >= FEWEST * len(proposals) and all(pair.holds for pair in pairs)


def _symmetrised(names: Sequence[str], written: Written) -> Change:
    """From a point to that with (A + A.T)/2 for each of these matrices A."""

    def change(point: Point) -> Mapping[str, float]:
        changed = dict(point)
        for parts in (written.all_parts[name] for name in names):
            size = round(len(parts) ** 0.5)
            mirrored = [parts[column * size + row] for row in range(size) for column in range(size)]
            changed |= {one: (point[one] + point[other]) / 2 for one, other in zip(parts, mirrored, strict=True)}
        return changed

    return change


def _sentence(names: Sequence[str], formula: str | None, *, right: bool) -> str:
    equations = ", ".join(f"{name} = {name}.T" for name in names)
    start = "it is right here because" if right else "it is right where"
    end = "" if formula is None else f"; in general the gradient is {formula}"
    return f"{start} {joined(names)} {'is' if len(names) == 1 else 'are'} symmetric ({equations}){end}"
