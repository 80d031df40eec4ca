"""The entries of a matrix of derivatives: each component of a function derived by each variable, and compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

from gradcalc.answers.compare import compare
from gradcalc.answers.gradient.scalar import right_here
from gradcalc.answers.matrices.forms import Blocks, proven
from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.answers.matrices.records import Grid, Matrix
from gradcalc.answers.records import Row, Verdict, worst
from gradcalc.arrays.array import Array
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Smoothness, Truth
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import postorder

Forms = Sequence[Mapping[str, ClosedForm]]  # of each row, by column
FEW = 36  # entries, for a closed form of each
MOST_NODES = 600  # of the components written out, for the same
MOST = 100_000  # entries that are looked at one by one
TRUTH_SHARE, FORMS_SHARE, COMPARING_SHARE = 0.6, 0.3, 0.7  # of the time
LEFT_OUT = ClosedForm(None, "closed forms are left out for a matrix of this size")
UNFOUND = ClosedForm(None, "the closed form takes too long to find")
TOO_LARGE = "too large to be verified exactly: autograd's numbers stand alone"
TOO_SLOW = "no time to verify it exactly: autograd's numbers stand alone"
UNNUMBERED = "its entries are not listed: a dimension has no number"


class Source(Blocks, Protocol):
    """Where the entries of one kind of matrix come from."""

    def forms(self, found: Outputs, limits: Limits) -> Iterable[tuple[int, Mapping[str, ClosedForm]]]:
        """Closed forms as they are found, verified: the place of a row, and some of its entries by column."""


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """A matrix with its entries, the function of each row and the truth about it.

    The truth is left out without a point; both are where the matrix is too large, and a note then says so.
    """

    matrix: Matrix
    outputs: Outputs | None = None
    truths: tuple[Truth, ...] = ()


def filled(source: Source, question: Question, bare: Matrix) -> Filled:
    """The matrix with its entries; `bare`, with a note, where it is too large."""
    try:
        return _matrix(source, question, bare)
    except LimitError:
        note = TOO_LARGE
    except Exhausted:
        note = TOO_SLOW
    return Filled(dataclasses.replace(bare, formulas=proven(source, question), note=note))


def _matrix(source: Source, question: Question, bare: Matrix) -> Filled:
    """The matrix with its entries. Raises LimitError or Exhausted where that is too much."""
    if len(bare.rows) * len(bare.columns) > MOST:
        raise LimitError(TOO_LARGE)
    found = source.outputs(question)
    truths: list[Truth] = []
    if bare.autograd is not None:
        with question.clock.grant(TRUTH_SHARE):
            truths = source.truths(found)
    forms = _forms(source, found, question)
    with question.clock.grant(COMPARING_SHARE):
        compared = None if bare.autograd is None else compared_entries(found, truths, forms, bare.autograd, question)
    entries = formal_entries(found, forms) if compared is None else compared
    formulas = proven(source, question, found, truths)
    return Filled(dataclasses.replace(bare, entries=entries, formulas=formulas), found, tuple(truths))


def _forms(source: Source, found: Outputs, question: Question) -> Forms:
    """A closed form for each entry, where they are few; as many as are found in time."""
    parts = len(postorder(*(problem.root for problem in found.problems)))
    if len(found.rows) * len(found.columns) > FEW or parts > MOST_NODES:
        return [dict.fromkeys(found.columns, LEFT_OUT) for _ in found.rows]
    forms = [dict.fromkeys(found.columns, UNFOUND) for _ in found.rows]
    try:
        with question.clock.grant(FORMS_SHARE):
            for place, some in source.forms(found, question.limits):
                forms[place].update(some)
    except Exhausted:
        pass  # what was found so far stands
    return forms


# -- the truth


def true_rows(found: Outputs) -> list[Truth]:
    """The true value and derivatives of each component."""
    return [true_row(problem) for problem in found.problems]


def true_row(problem: Problem) -> Truth:
    """The truth about one component. By a variable that it lacks the slope is the same whichever it is."""
    used = set(problem.variables)
    absent = [name for name in problem.wrt if name not in used]
    names = (*(name for name in problem.wrt if name in used), *absent[:1])
    truth = ask.truth(dataclasses.replace(problem, wrt=names))
    return Truth(truth.value, {name: truth.slopes[name if name in used else absent[0]] for name in problem.wrt})


# -- the entries


def formal_entries(found: Outputs, forms: Forms) -> Grid:
    """The entries without a point: closed forms alone."""
    return tuple(tuple(Row(name, row[name].text, note=row[name].note) for name in found.columns) for row in forms)


def compared_entries(
    found: Outputs, truths: Sequence[Truth], forms: Forms, autograd: Array, question: Question
) -> Grid:
    """The entries at the point, each compared."""
    width = len(found.columns)
    rows = []
    for place, (problem, truth, formal) in enumerate(zip(found.problems, truths, forms, strict=True)):
        numbers = autograd.values[place * width : (place + 1) * width]
        checked = {
            name: right_here(form, truth.slopes[name], found.whole or problem, question.limits)
            for name, form in formal.items()
        }
        rows.append(tuple(_compared(problem, truth, checked, numbers, question.tolerance)))
    return tuple(rows)


def _compared(
    problem: Problem,
    truth: Truth,
    forms: Mapping[str, ClosedForm],
    numbers: Sequence[float],
    tolerance: Tolerance,
) -> Iterator[Row]:
    """One row. A zero by a variable that the component lacks is compared once for all of them."""
    zero: Row | None = None
    used = set(problem.variables)
    for name, number in zip(problem.wrt, numbers, strict=True):
        slope = truth.slopes[name]
        plain = name not in used and number == 0 and slope.smoothness is Smoothness.SMOOTH
        if zero is None or not plain:
            stress = partial(ask.stress, problem, name)
            row = compare(problem, name, slope, number, forms[name], tolerance, stress)
            zero = row if plain else zero
            yield row
        else:
            yield dataclasses.replace(zero, name=name, formula=forms[name].text, note=forms[name].note)


def verdict_of(matrix: Matrix) -> Verdict | None:
    """The worst verdict of an entry; None where the entries were not looked at."""
    if matrix.autograd is None or matrix.note is not None:
        return None
    return worst([entry.verdict for entry in matrix.every if entry.verdict is not None])
