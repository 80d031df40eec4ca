"""The entries of a matrix of derivatives: each component of a function derived by each variable, and compared."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from gradcalc.answers.compare import compare
from gradcalc.answers.diagnosis.diagnose import diagnosed, spared
from gradcalc.answers.matrices.forms import Block, proven
from gradcalc.answers.matrices.outputs import Outputs, rooted
from gradcalc.answers.matrices.records import Grid, Matrix
from gradcalc.answers.records import Diagnosis, Row
from gradcalc.answers.trials.here import right_here
from gradcalc.answers.verdicts import Verdict, worst
from gradcalc.arrays.writer import Unwritable
from gradcalc.base.effort import Allowance, Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.calculus.reverse import gradient
from gradcalc.engines import ask
from gradcalc.engines.records import AutogradMatrix, ClosedForm, MatrixTruth, Missing, Slope, Smoothness, Truth
from gradcalc.functions.autograd import TORCH_RULES
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import postorder

Forms = Sequence[Mapping[str, ClosedForm]]  # of each row, by column
FEW = 36  # entries of a matrix, for a closed form of each
MOST_NODES = 600  # of the components written out, for the same
MOST = 100_000  # entries that are looked at one by one
TRUTH_SHARE, FORMS_SHARE, COMPARING_SHARE, CAUSES_SHARE = 0.6, 0.3, 0.7, 0.3  # of the time
LEFT_OUT = ClosedForm(None, "closed forms are left out for a matrix of this size")
UNFOUND = ClosedForm(None, "the closed form takes too long to find")
TOO_LARGE = "too large to be verified exactly: autograd's numbers stand alone"
TOO_SLOW = "no time to verify it exactly: autograd's numbers stand alone"
BEYOND = (LimitError, Exhausted)  # reach
UNNUMBERED = "its entries are not listed: a dimension has no number"


class Source(ABC):
    """Where a matrix comes from. Of more than `few` entries, closed forms are `left_out`."""

    few: ClassVar[int] = FEW
    left_out: ClassVar[ClosedForm] = LEFT_OUT

    @abstractmethod
    def outputs(self, question: Question) -> Outputs:
        """The function of each row."""

    @abstractmethod
    def forms(self, found: Outputs, question: Question) -> Iterable[tuple[int, Mapping[str, ClosedForm]]]:
        """Closed forms as they are found, verified: the place of a row, and some of its entries by column."""

    def truths(self, found: Outputs, question: Question) -> list[Truth]:
        """The true value and derivatives of each row."""
        return [true_row(problem) for problem in found.problems]

    def whole(self, problem: Problem) -> MatrixTruth | None:
        """The truth about all rows at once, by whole arrays; None where these do not tell it."""
        return None

    def blocks(self, problem: Problem) -> Iterable[tuple[str, Block]]:
        """The closed form in array terms of each block that has one, by name."""
        return ()


@dataclasses.dataclass(frozen=True, slots=True)
class Filled:
    """A matrix with its entries, the function of each row and the truth about it.

    The truth is left out without a point; both are where the matrix is too large, and a note then says so. What was
    verified by whole arrays has the functions of its rows only where an entry disagrees.
    """

    matrix: Matrix
    outputs: Outputs | None = None
    truths: tuple[Truth, ...] = ()


def bare_matrix(
    rows: tuple[str, ...], columns: tuple[str, ...], problem: Problem, autograd: AutogradMatrix | None
) -> Matrix:
    """The matrix with torch's numbers alone, if any."""
    forms: dict[str, str | None] = dict.fromkeys(problem.wrt)
    if autograd is None:
        return Matrix(rows, columns, forms)
    return Matrix(rows, columns, forms, autograd=autograd.numbers, missing=autograd.missing)


def filled(source: Source, question: Question, bare: Matrix) -> Filled:
    """The matrix with its entries; `bare`, with a note, where it is too large."""
    try:
        return _matrix(source, question, bare)
    except BEYOND as reason:
        note = too_much(reason)
    return Filled(dataclasses.replace(bare, formulas=proven(source, question), note=note))


def _matrix(source: Source, question: Question, bare: Matrix) -> Filled:
    """The matrix with its entries. Raises LimitError or Exhausted where that is too much."""
    if len(bare.rows) * len(bare.columns) > MOST:
        raise LimitError(TOO_LARGE)
    found, truths, forms = worked_out(source, question)
    with question.clock.grant(COMPARING_SHARE):
        compared = None if bare.autograd is None else compared_entries(found, truths, forms, bare, question)
    entries = formal_entries(found, forms) if compared is None else compared
    formulas = proven(source, question, found, truths)
    return Filled(dataclasses.replace(bare, entries=entries, formulas=formulas), found, tuple(truths))


def worked_out(source: Source, question: Question) -> tuple[Outputs, list[Truth], Forms]:
    """The function of each row, the truth about it where there is a point, and its closed forms.

    Raises LimitError or Exhausted where that is too much.
    """
    found = source.outputs(question)
    truths: list[Truth] = []
    if question.problem.point is not None:
        with question.clock.grant(TRUTH_SHARE):
            truths = source.truths(found, question)
    return found, truths, _forms(source, found, question)


def too_much(reason: BaseException) -> str:
    """Why the exact engine was not asked."""
    if isinstance(reason, Unwritable):
        return f"{reason.message}: autograd's numbers stand alone"
    return TOO_LARGE if isinstance(reason, LimitError) else TOO_SLOW


def _forms(source: Source, found: Outputs, question: Question) -> Forms:
    """A closed form for each entry, where they are few; as many as are found in time."""
    parts = len(postorder(*(problem.root for problem in found.problems)))
    if len(found.rows) * len(found.columns) > source.few or parts > MOST_NODES:
        return [dict.fromkeys(found.columns, source.left_out) for _ in found.rows]
    forms = [dict.fromkeys(found.columns, UNFOUND) for _ in found.rows]
    try:
        with question.clock.grant(FORMS_SHARE):
            for place, some in source.forms(found, question):
                forms[place].update(some)
    except Exhausted:
        pass  # what was found so far stands
    return forms


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


def compared_entries(found: Outputs, truths: Sequence[Truth], forms: Forms, bare: Matrix, question: Question) -> Grid:
    """The entries at the point, each compared."""
    width = len(found.columns)
    missing = {part: bare.missing[name] for name in bare.missing for part in found.parts.get(name, ())}
    values = () if bare.autograd is None else bare.autograd.values
    allowance = Allowance(question.clock.steps(CAUSES_SHARE))
    rows = []
    for place, (problem, truth, formal) in enumerate(zip(found.problems, truths, forms, strict=True)):
        own = dict(zip(found.columns, values[place * width : (place + 1) * width], strict=True))
        derived = missing.get(found.rows[place]) if found.whole else None  # a second derivative misses the first
        numbers: list[float | Missing] = [derived or missing.get(part) or own[part] for part in problem.wrt]
        checked = {
            name: right_here(form, truth.slopes[name], found.whole or problem, question.limits)
            for name, form in formal.items()
        }
        why = partial(_why, as_derived(found, place), question.tolerance, allowance)
        rows.append(tuple(_compared(problem, truth, checked, numbers, question.tolerance, why)))
    return tuple(rows)


def _compared(
    problem: Problem,
    truth: Truth,
    forms: Mapping[str, ClosedForm],
    numbers: Sequence[float | Missing],
    tolerance: Tolerance,
    why: Callable[[str, Slope], Diagnosis | None],
) -> Iterator[Row]:
    """One row. A zero by a variable that the component lacks is compared once for all of them."""
    zero: Row | None = None
    used = set(problem.variables)
    for name, number in zip(problem.wrt, numbers, strict=True):
        slope = truth.slopes[name]
        plain = name not in used and number == 0 and slope.smoothness is Smoothness.SMOOTH
        if zero is None or not plain:
            row = compare(problem, name, slope, number, forms[name], tolerance, partial(why, name, slope))
            zero = row if plain else zero
            yield row
        else:
            yield dataclasses.replace(zero, name=name, formula=forms[name].text, note=forms[name].note)


def _why(problem: Problem, tolerance: Tolerance, allowance: Allowance, name: str, slope: Slope) -> Diagnosis | None:
    """The cause of a wrong entry."""
    return spared(allowance, partial(diagnosed, problem, name, slope, tolerance))


def as_derived(found: Outputs, place: int) -> Problem:
    """The function of a row; of a first derivative, as torch works it out."""
    if found.whole is None:
        return found.problems[place]
    name = found.rows[place]
    return rooted(found.whole, gradient(found.whole.root, [name], TORCH_RULES)[name])


def verdict_of(matrix: Matrix) -> Verdict | None:
    """The worst verdict of an entry; None where the entries were not looked at."""
    verdicts = [entry.verdict for entry in matrix.every if entry.verdict is not None]
    looked_at = matrix.autograd is not None and matrix.note is None and (verdicts or not matrix.missing)
    return worst(verdicts) if looked_at else None
