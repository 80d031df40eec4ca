"""A matrix of derivatives verified by whole arrays: nothing is written out, unless an entry has to be explained."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from gradcalc.answers.compare import compare
from gradcalc.answers.diagnosis.diagnose import diagnosed, spared
from gradcalc.answers.matrices.entries import (
    BEYOND,
    CAUSES_SHARE,
    COMPARING_SHARE,
    LEFT_OUT,
    MOST,
    TRUTH_SHARE,
    Filled,
    Source,
    as_derived,
)
from gradcalc.answers.matrices.forms import proven
from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.answers.matrices.records import Grid, Matrix
from gradcalc.answers.records import Diagnosis, Row
from gradcalc.answers.trials.claims import confirm
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.effort import Allowance
from gradcalc.engines.records import Slope, Truth
from gradcalc.inputs.question import Question
from gradcalc.syntax.tree import postorder

LEAST = 64  # entries of a matrix that is rather written out
EXPLAINED = 120  # nodes of a row's function, for its entries to be explained
CONFIRMED = 12  # entries that disagree, whose true values are held against the function's


def filled_whole(source: Source, question: Question, bare: Matrix) -> Filled | None:
    """The matrix, each entry verified; None for a small one, and where the rules for arrays do not tell all."""
    problem, count = question.problem, len(bare.rows) * len(bare.columns)
    if bare.autograd is None or bare.missing or not problem.arrays or not LEAST < count <= MOST:
        return None
    try:
        with question.clock.grant(TRUTH_SHARE):
            truth = source.whole(problem)
        if truth is None:
            return None
        with question.clock.grant(COMPARING_SHARE):
            truths = tuple(
                Truth(value, dict(zip(bare.columns, row, strict=True)))
                for value, row in zip(truth.values, truth.rows, strict=True)
            )
            entries, outputs = _Entries(source, question, bare, truths).found()
    except BEYOND:
        return None
    return Filled(dataclasses.replace(bare, entries=entries, formulas=proven(source, question)), outputs, truths)


class _Entries:
    """The comparison of every entry; the function of a row is written out where one disagrees."""

    def __init__(self, source: Source, question: Question, bare: Matrix, truths: tuple[Truth, ...]) -> None:
        assert bare.autograd is not None
        self.source, self.question, self.truths = source, question, truths
        self.problem = dataclasses.replace(question.problem, wrt=(), variables=())  # nothing is asked of it
        self.columns, self.numbers = bare.columns, bare.autograd.values
        self.allowance = Allowance(question.clock.steps(CAUSES_SHARE))

    def found(self) -> tuple[Grid, Outputs | None]:
        """The entries, and the functions of the rows where an entry is to be explained. Raises what `BEYOND` holds."""
        grid = tuple(self.row(place, lambda place, name, slope: None) for place in range(len(self.truths)))
        off = [place for place, row in enumerate(grid) if any(one.verdict is Verdict.DISAGREE for one in row)]
        if not off:
            return grid, None
        outputs = self.source.outputs(self.question)
        wrong = [(place, one.name) for place in off for one in grid[place] if one.verdict is Verdict.DISAGREE]
        self._confirm(outputs, wrong[:CONFIRMED])
        if len(postorder(*(outputs.problems[place].root for place in off[:1]))) > EXPLAINED:
            return grid, None
        causes = partial(self._why, outputs)
        return tuple(self.row(place, causes) if place in off else row for place, row in enumerate(grid)), outputs

    def row(self, place: int, why: Callable[[int, str, Slope], Diagnosis | None]) -> tuple[Row, ...]:
        """One row of entries."""
        own = self.numbers[place * len(self.columns) : (place + 1) * len(self.columns)]
        tolerance, slopes = self.question.tolerance, self.truths[place].slopes.items()
        return tuple(
            compare(self.problem, name, slope, number, LEFT_OUT, tolerance, partial(why, place, name, slope))
            for (name, slope), number in zip(slopes, own, strict=True)
        )

    def _why(self, outputs: Outputs, place: int, name: str, slope: Slope) -> Diagnosis | None:
        found = partial(diagnosed, as_derived(outputs, place), name, slope, self.question.tolerance)
        return spared(self.allowance, found)

    def _confirm(self, outputs: Outputs, off: list[tuple[int, str]]) -> None:
        """Raises InternalError where true values that disagree with autograd are not those of the function."""
        for place, name in off:
            confirm(outputs.problems[place], {name: self.truths[place].slopes[name]})
