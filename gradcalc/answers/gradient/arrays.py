"""The gradient of a problem with arrays: in array terms, component by component, and by autograd on the arrays."""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from gradcalc.answers.diagnosis.arrays import array_fault
from gradcalc.answers.diagnosis.diagnose import spared
from gradcalc.answers.gradient.forward import judged
from gradcalc.answers.gradient.large import compared_whole
from gradcalc.answers.gradient.scalar import closed_forms, compared, comparison
from gradcalc.answers.matrices.entries import BEYOND, TRUTH_SHARE, Source, too_much, worked_out
from gradcalc.answers.matrices.forms import UNFOUND, ArrayForm, Block, array_forms
from gradcalc.answers.matrices.outputs import Outputs, function_name, is_numbered
from gradcalc.answers.records import ArrayRow, Comparison, Diagnosis, Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.shape import named_sizes
from gradcalc.base.effort import Allowance, Exhausted
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.limits import variable
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, ClosedForm, Missing, Truth
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import require_scalar, written_out
from gradcalc.syntax.tree import Constant, Node, postorder, substitute

SHOWN_NODES = 60  # of the function written out, for it to be shown
FAULT_SHARE = 0.2  # of the time
LEFT_OUT = ClosedForm(None, "closed form left out for arrays of this size")


class Components(Source):
    """The gradient as a Jacobian of one row, whose columns are the components of the variables."""

    few = 16
    left_out = LEFT_OUT

    def outputs(self, question: Question) -> Outputs:
        """The function, written out."""
        written = written_out(question.problem, question.limits)
        return Outputs((written.problem,), (function_name(question.problem),), written.problem.wrt, written.all_parts)

    def truths(self, found: Outputs, question: Question) -> list[Truth]:
        """The truth, by whole arrays; component by component where these do not decide it."""
        whole = ask.array_truth(question.problem, plainly=True) if question.problem.order == 1 else None
        if whole is None:
            return super().truths(found, question)
        parts = {
            part: slope
            for name, slopes in whole.slopes.items()
            for part, slope in zip(found.parts[name], slopes, strict=False)  # one, of what the expression lacks
        }
        return [Truth(whole.value, parts)]

    def forms(self, found: Outputs, question: Question) -> Iterator[tuple[int, Mapping[str, ClosedForm]]]:
        """SymPy's closed form of each component."""
        yield 0, closed_forms(question.about(found.problems[0]), part=1.0)

    def blocks(self, problem: Problem) -> Iterator[tuple[str, Block]]:
        """The gradient by each variable in array terms; a higher derivative is by a number."""
        named = named_sizes(problem.shapes.values())
        sizes: dict[str, Node] = {size: Constant(size) for size in named if size not in problem.variables}
        for name in problem.wrt:
            form = closed_form(problem.root, name, problem.shapes, problem.symmetric)
            for _ in range(1, problem.order):
                if form is not None:
                    form = closed_form(substitute(form, sizes), name, problem.shapes, problem.symmetric)
            if form is not None:
                yield name, Block(form, name)


def array_gradient(question: Question, autograd: Autograd | None = None) -> Comparison:
    """The gradient of a scalar function of arrays, compared where there is a point.

    Raises ShapeError where the result is no scalar, UsageError for a higher order.
    """
    problem, source = question.problem, Components()
    require_scalar(problem)
    _require_first_order(problem)
    if not is_numbered(problem, ()):
        return comparison(problem, _rows(problem, array_forms(source, question)))
    if problem.point is not None and autograd is None:
        autograd = ask.autograd(problem)
    try:
        found, truths, (components,) = worked_out(source, question)
    except BEYOND as reason:
        return _beyond(question, array_forms(source, question), autograd, reason)
    (function,) = found.problems
    forms = array_forms(source, question, found, truths)
    if autograd is None:
        rows = [Row(name, form.text, note=form.note) for name, form in components.items()]
        return _together(problem, found, rows, forms)
    numbers = autograd.by_parts({name: found.parts[name] for name in problem.wrt})
    inner = compared(question.about(function), dict(components), numbers, truths[0], whole=problem)
    answer = _together(problem, found, _with_fault(inner.rows, question), forms)
    return dataclasses.replace(
        answer,
        value=inner.value,
        forward=inner.forward,
        verdict=inner.verdict,
        corner=inner.corner,
        culprit=inner.culprit,
    )


def _with_fault(rows: list[Row], question: Question) -> list[Row]:
    """The rows; where the steps one by one do not show what is wrong, with an operation on arrays that is."""
    unexplained = [row for row in rows if row.verdict is Verdict.DISAGREE and not _is_caused(row)]
    if not unexplained:
        return rows
    found = spared(Allowance(question.clock.steps(FAULT_SHARE)), partial(array_fault, question))
    if found is None:
        return rows
    return [_with_cause(row, found) if row in unexplained else row for row in rows]


def _is_caused(row: Row) -> bool:
    return row.diagnosis is not None and row.diagnosis.sentence is not None


def _with_cause(row: Row, cause: Diagnosis) -> Row:
    """A row with a cause; the cure that it has is kept."""
    cure = None if row.diagnosis is None else row.diagnosis.cure
    return dataclasses.replace(row, diagnosis=dataclasses.replace(cause, cure=cure))


def _require_first_order(problem: Problem) -> None:
    """Raises UsageError where a higher derivative by an array is asked for; by a scalar there are all of them."""
    if problem.order > 1 and any(problem.shapes.get(name) for name in problem.wrt):
        second = "ask for `gradcalc hessian`"
        hint = second if problem.order == 2 else f"{second} for the second ones, or name scalars with --wrt"
        raise UsageError("higher derivatives by an array are not vectors", hint=hint)


def _rows(problem: Problem, forms: Mapping[str, ArrayForm]) -> dict[str, Row | ArrayRow]:
    """Rows without numbers."""
    return {name: _row(problem, name, forms[name]) for name in problem.wrt}


def _row(problem: Problem, name: str, form: ArrayForm) -> Row | ArrayRow:
    shape = problem.shapes.get(name, ())
    return ArrayRow(name, shape, form.text, note=form.note) if shape else Row(name, form.text, note=form.note)


def _beyond(
    question: Question, forms: Mapping[str, ArrayForm], autograd: Autograd | None, reason: BaseException
) -> Comparison:
    """The answer where the function is too large to be written out: verified by whole arrays, or why not."""
    problem = question.problem
    rows = _rows(problem, forms)
    if autograd is None:
        return comparison(problem, rows)
    try:
        if problem.order > 1:
            raise reason
        with question.clock.grant(TRUTH_SHARE):
            value, rows = compared_whole(question, autograd, rows)
        return comparison(problem, rows, value, judged(question, value, autograd.value))
    except Exhausted as late:
        note = f"{too_much(late)}; --timeout raises the limit"
    except LimitError as late:
        note = (
            f"{too_much(late)}; {variable('operations')} raises the limit"
            if late is reason
            else f"{late.message}: autograd's numbers stand alone"
        )
    bare = {name: _unverified(row, autograd.gradient.get(name, 0.0), note) for name, row in rows.items()}
    forward = Forward(autograd.value)
    return dataclasses.replace(comparison(problem, bare, None, forward), value=autograd.value)


def _unverified(row: Row | ArrayRow, autograd: Value | Missing, note: str) -> Row | ArrayRow:
    """A row with autograd's numbers alone, where it has some."""
    if isinstance(row, ArrayRow):
        return dataclasses.replace(row, autograd=autograd if isinstance(autograd, Array) else None, note=note)
    if isinstance(autograd, Missing):
        return dataclasses.replace(row, note=autograd.why)
    assert isinstance(autograd, float)
    return dataclasses.replace(row, autograd=autograd, note=note)


def _together(problem: Problem, found: Outputs, rows: Sequence[Row], forms: Mapping[str, ArrayForm]) -> Comparison:
    """The rows of the components as rows of the variables."""
    known = {row.name: row for row in rows}
    joined = {
        name: _joined(problem, name, tuple(known[part] for part in found.parts[name]), forms[name])
        for name in problem.wrt
    }
    root = found.problems[0].root
    text = to_text(root) if len(postorder(root)) <= SHOWN_NODES else None
    return dataclasses.replace(comparison(problem, joined), written=text)


def _joined(problem: Problem, name: str, rows: tuple[Row, ...], form: ArrayForm) -> Row | ArrayRow:
    """The components of one variable as one row."""
    shape = problem.shapes.get(name, ())
    if not shape:  # det([[x, 1], [y, x]]) is x**2 - y, and sum(x**2) all of its terms
        forms = [text for text in (form.text, rows[0].formula) if text is not None]
        return dataclasses.replace(rows[0], formula=min(forms, key=len, default=None))
    values = array("d", (row.autograd for row in rows if row.autograd is not None))
    autograd = Array(tuple(int(size) for size in shape), values) if values else None
    note = None if form.note is not None and form.note.startswith(UNFOUND) else form.note
    return ArrayRow(name, shape, form.text, rows, autograd, note)
