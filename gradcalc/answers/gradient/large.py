"""A gradient by arrays too large to be written out: each component is verified, and the rows of a few are made."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

from gradcalc.answers.compare import VERDICTS, compare, endangered, within
from gradcalc.answers.records import ArrayRow, Diagnosis, Row
from gradcalc.answers.trials.claims import unconfirmed
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import Array
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import ArrayTruth, Autograd, ClosedForm, Missing, Slope, Slopes
from gradcalc.inputs.question import Question
from gradcalc.problem.written_out import component_names

MOST_ROWS = 1_000  # components of an array, for a row of each
LISTED = 12  # rows of a larger one
TIED = 200  # components that are looked at for the worst of them, where the nearest numbers do not tell
NEAR = 0.25  # of the tolerance: what is so near to the rounded derivative is near enough to the true one
ROOM = 8  # units in the last place that the tolerance has to be, for that


class Large:
    """The comparison of every component with the truth."""

    def __init__(self, question: Question, truth: ArrayTruth, autograd: Autograd) -> None:
        self.problem, self.tolerance = question.problem, question.tolerance
        self.bare = replace(question.problem, wrt=())  # of no component can the scalar engine be asked
        self.truth, self.autograd = truth, autograd
        self.stress = cache(partial(ask.array_stress, question.problem))

    def row(self, name: str, bare: Row | ArrayRow) -> Row | ArrayRow:
        """The row of a variable, from that without numbers."""
        slopes, given = self.truth.slopes[name], self.autograd.gradient.get(name, 0.0)
        if isinstance(bare, Row):
            row = self.compared(name, slopes[0], given if isinstance(given, Missing | float) else math.nan)
            self.confirm(name, slopes, {0: row})
            return replace(row, formula=bare.formula)
        length = len(slopes)
        numbers: Sequence[float | Missing] = given.values if isinstance(given, Array) else [given] * length
        symbolic = slopes.nearest(self.problem.format)
        worse = self.judged(slopes, numbers, symbolic)
        places = range(length) if length <= MOST_ROWS else self.listed(slopes, numbers, symbolic, worse)
        names = component_names(name, bare.shape, self.problem.names, places)
        rows = {
            place: self.compared(part, slopes[place], numbers[place])
            for part, place in zip(names, places, strict=True)
            if place not in slopes.unknown
        }
        self.confirm(name, slopes, rows)
        found = replace(bare, autograd=given if isinstance(given, Array) else None)
        if len(rows) == length:
            return replace(found, rows=tuple(rows.values()))
        true = Array(tuple(map(int, bare.shape)), symbolic)
        return replace(found, sample=rows, symbolic=true, worse=worse, unknown=slopes.unknown)

    def compared(self, name: str, slope: Slope, number: float | Missing) -> Row:
        """The row of one component."""
        return compare(self.bare, name, slope, number, ClosedForm(None), self.tolerance, self._danger)

    def _danger(self) -> Diagnosis | None:
        return endangered(self.stress(), self.problem.format)

    def judged(
        self, slopes: Slopes, numbers: Sequence[float | Missing], symbolic: array[float]
    ) -> dict[int, Verdict | None]:
        """The verdict on each component that was looked at and does not agree; None where torch has no gradient."""
        form = self.problem.format
        largest = form.largest
        near = NEAR * self.tolerance.rtol if self.tolerance.rtol > ROOM * form.epsilon else 0.0
        found: dict[int, Verdict | None] = {}
        for place, (number, true) in enumerate(zip(numbers, symbolic, strict=True)):
            if isinstance(number, float) and abs(number - true) <= near * abs(true) and abs(true) <= largest:
                continue
            if place in slopes.unknown:
                continue
            slope = slopes[place]
            if slope.smoothness in VERDICTS:
                found[place] = VERDICTS[slope.smoothness]
            elif isinstance(number, Missing):
                found[place] = None
            elif not within(slope, number, self.tolerance, form):
                found[place] = Verdict.DISAGREE
        return found

    def listed(
        self, slopes: Slopes, numbers: Sequence[float | Missing], symbolic: array[float], worse: Mapping[int, object]
    ) -> list[int]:
        """The components whose rows are made: the first that do not agree, the worst of the others, and the first."""
        chosen = list(worse)[:LISTED]
        if len(worse) < len(symbolic):
            chosen.append(self.worst(slopes, numbers, symbolic, worse))
        looked_at = (place for place in range(len(symbolic)) if place not in slopes.unknown)
        return sorted(list(dict.fromkeys([*chosen, *slopes.special, *_first(looked_at)]))[:LISTED])

    def worst(
        self, slopes: Slopes, numbers: Sequence[float | Missing], symbolic: array[float], worse: Mapping[int, object]
    ) -> int:
        """The component of those that agree whose number is the most units in the last place off."""
        pairs = enumerate(zip(numbers, symbolic, strict=True))
        off = [
            (abs(number - true) / math.ulp(true), place)
            for place, (number, true) in pairs
            if number != true and isinstance(number, float) and place not in worse
        ]
        if not off:
            agreeing = (place for place in range(len(symbolic)) if place not in worse and place not in slopes.unknown)
            tied = [place for place, _ in zip(agreeing, range(TIED), strict=False)]
        else:
            most, _ = max(off)
            tied = [place for gap, place in off if gap >= most - 1 and place not in slopes.unknown][:TIED]
        return max(tied, key=partial(self._gap, slopes, numbers), default=0)

    def _gap(self, slopes: Slopes, numbers: Sequence[float | Missing], place: int) -> Fraction:
        """How far a number is off, in units in its last place."""
        value, number = slopes[place].value, numbers[place]
        assert value is not None
        assert isinstance(number, float)
        form = self.problem.format
        return (value.distance(number) or Fraction(0)) / form.ulp(value.nearest(form))

    def confirm(self, name: str, slopes: Slopes, rows: Mapping[int, Row]) -> None:
        """Raises InternalError where slopes that disagree with autograd are not those of the function's values."""
        off = [place for place, row in rows.items() if row.verdict is Verdict.DISAGREE]
        known = {place: slope for place in off if (slope := slopes[place].by_rules) is not None}
        rates = {place: Fraction(step, len(known)) for step, place in enumerate(known, start=1)}
        total = sum((known[place] * rate for place, rate in rates.items()), Fraction(0))
        if known and ask.borne_out(self.problem, {name: rates}, total) is False:
            raise unconfirmed({rows[place].name: slopes[place] for place in known}, "the point")


def _first(places: Iterator[int]) -> list[int]:
    """A few of them."""
    return [place for place, _ in zip(places, range(LISTED), strict=False)]


def compared_whole(
    question: Question, autograd: Autograd, rows: Mapping[str, Row | ArrayRow]
) -> tuple[Real | None, dict[str, Row | ArrayRow]]:
    """The function's value, and the rows with their numbers. Raises LimitError and Exhausted."""
    truth = ask.array_truth(question.problem)
    assert truth is not None
    large = Large(question, truth, autograd)
    return truth.value, {name: large.row(name, row) for name, row in rows.items()}
