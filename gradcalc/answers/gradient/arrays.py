"""The gradient of a problem with arrays: in array terms, component by component, and by autograd on the arrays."""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections.abc import Mapping
from fractions import Fraction

from gradcalc.answers.gradient.large import sampled
from gradcalc.answers.gradient.scalar import CLOSED_FORM_SHARE, closed_forms, compared, comparison, matching
from gradcalc.answers.records import ArrayRow, Comparison, Row
from gradcalc.answers.trials.arrays import Formula, holds
from gradcalc.answers.trials.verify import UNTRIED
from gradcalc.arrays.array import Array, Value
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.limits import variable
from gradcalc.base.real import Real
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, ClosedForm, Truth
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import Written, expanded, require_scalar, written_out
from gradcalc.syntax.tree import Node, postorder

MOST_COMPONENTS = 16  # to derive by, for a closed form of each
MOST_NODES = 600  # of the function written out, for the same
SHOWN_NODES = 60  # of the function written out, for it to be shown
TRUTH_SHARE = 0.5  # of the time
CHECK_SHARE, SAMPLE_SHARE = 0.3, 0.6  # of the time
TOO_LARGE = "too large to be verified exactly: autograd's numbers stand alone"
LARGE = f"{TOO_LARGE}; {variable('operations')} raises the limit"
TOO_SLOW = "no time to verify it exactly: autograd's numbers stand alone"
SLOW = f"{TOO_SLOW}; --timeout raises the limit"
UNFOUND = "there is no closed form in array terms"
WRONG = "the closed form in array terms is wrong and is not shown"


@dataclasses.dataclass(frozen=True, slots=True)
class ArrayForm:
    """A closed form in array terms, or None and why it is left out."""

    node: Node | None = None
    note: str | None = UNFOUND

    @property
    def text(self) -> str | None:
        """The form as text of the language."""
        return None if self.node is None else to_text(self.node)


def array_gradient(question: Question, autograd: Autograd | None = None) -> Comparison:
    """The gradient of a scalar function of arrays, compared where there is a point.

    Raises ShapeError where the result is no scalar, UsageError for a higher order.
    """
    problem = question.problem
    require_scalar(problem)
    _require_first_order(problem)
    forms = _verified(_array_forms(question), question)
    if any(isinstance(size, str) for shape in problem.shapes.values() for size in shape):
        return comparison(problem, {name: _row(problem, name, form) for name, form in forms.items()})
    if problem.point is not None and autograd is None:
        autograd = ask.autograd(problem)
    try:
        written = written_out(problem, question.limits)
        with question.clock.grant(TRUTH_SHARE):
            truth = None if problem.point is None else ask.truth(written.problem)
    except LimitError:
        return _in_part(question, forms, autograd, LARGE)
    except Exhausted:
        return _in_part(question, forms, autograd, SLOW)
    components = _component_forms(question.about(written.problem))
    if truth is not None:
        forms = _checked(forms, question, written, truth)
    if truth is None or autograd is None:
        parts: Mapping[str, Row | ArrayRow] = {
            name: Row(name, form.text, note=form.note) for name, form in components.items()
        }
        return _together(problem, written, parts, forms, None)
    inner = compared(question.about(written.problem), components, _by_component(autograd, written), truth)
    whole = _together(problem, written, inner.gradient, forms, truth.value)
    return dataclasses.replace(whole, corner=inner.corner)


def _require_first_order(problem: Problem) -> None:
    """Raises UsageError where a higher derivative by an array is asked for; by a scalar there are all of them."""
    if problem.order > 1 and any(problem.shapes.get(name) for name in problem.wrt):
        second = "ask for `gradcalc hessian`"
        hint = second if problem.order == 2 else f"{second} for the second ones, or name scalars with --wrt"
        raise UsageError("higher derivatives by an array are not vectors", hint=hint)


def _array_forms(question: Question) -> dict[str, Node | None]:
    """The closed form by each variable, in array terms, where there is one and the time is enough to find it."""
    problem = question.problem
    found: dict[str, Node | None] = dict.fromkeys(problem.wrt)
    try:
        with question.clock.grant(CLOSED_FORM_SHARE):
            for name in problem.wrt if problem.order == 1 else ():
                found[name] = closed_form(problem.root, name, problem.shapes, problem.symmetric)
    except (Exhausted, LimitError):
        return found
    return found


def _verified(found: Mapping[str, Node | None], question: Question) -> dict[str, ArrayForm]:
    """The closed forms without those that are wrong at points of our own."""
    return {name: ArrayForm() if form is None else _tried(form, name, question) for name, form in found.items()}


def _tried(form: Node, name: str, question: Question) -> ArrayForm:
    def again(sized: Problem) -> Node | None:
        return closed_form(sized.root, name, sized.shapes, sized.symmetric)

    right = holds(Formula(form, (name,), again), question.problem, question.limits)
    return ArrayForm(None, WRONG) if right is False else ArrayForm(form, None if right else UNTRIED)


def _agrees(form: Node, name: str, question: Question, written: Written, truth: Truth) -> bool | None:
    """Has a closed form in array terms the true values, in every component where both have one? None where none has."""
    parts = expanded(form, question.problem, written.all_parts, question.limits).nodes
    trues = [truth.slopes[part].by_rules for part in written.parts[name]]
    if name in question.problem.symmetric:
        trues = _both_triangles(trues)
    return matching(ask.values(parts, written.problem.numbers), trues)


def _both_triangles(trues: list[Fraction | None]) -> list[Fraction | None]:
    """The derivatives by the entries of a symmetric matrix, where an entry and its mirror image change together."""
    size = math.isqrt(len(trues))
    pairs = [(trues[i * size + j], trues[j * size + i], i == j) for i in range(size) for j in range(size)]
    return [None if one is None or other is None else one if same else one + other for one, other, same in pairs]


def _checked(
    forms: Mapping[str, ArrayForm], question: Question, written: Written, truth: Truth
) -> dict[str, ArrayForm]:
    """The closed forms, without those that the exact values contradict, as far as there is time to tell."""
    found = dict(forms)
    try:
        with question.clock.grant(CHECK_SHARE):
            for name, form in forms.items():
                agreed = None if form.node is None else _agrees(form.node, name, question, written, truth)
                if agreed is not None:
                    found[name] = ArrayForm(form.node, None) if agreed else ArrayForm(None, WRONG)
    except (Exhausted, LimitError):
        return found
    return found


def _row(problem: Problem, name: str, form: ArrayForm) -> Row | ArrayRow:
    """A row without numbers."""
    shape = problem.shapes.get(name, ())
    return ArrayRow(name, shape, form.text, note=form.note) if shape else Row(name, form.text, note=form.note)


def _in_part(question: Question, forms: Mapping[str, ArrayForm], autograd: Autograd | None, note: str) -> Comparison:
    """The answer where the truth is beyond reach: some components are verified; of a variable without any, `note`."""
    problem = question.problem
    rows = {name: _row(problem, name, form) for name, form in forms.items()}
    if autograd is None:
        return comparison(problem, rows)
    try:
        with question.clock.grant(SAMPLE_SHARE):
            sample = sampled(question, autograd)
    except Exhausted:
        sample, note = None, SLOW
    for name, row in rows.items():
        found = {} if sample is None else sample.rows[name]
        rows[name] = _with_numbers(row, autograd.gradient.get(name, 0.0), found, note)
    answer = comparison(problem, rows, None if sample is None else sample.value)
    return dataclasses.replace(answer, value=autograd.value) if sample is None else answer


def _with_numbers(row: Row | ArrayRow, autograd: Value, found: Mapping[int, Row], note: str) -> Row | ArrayRow:
    """A row with autograd's numbers, and with those components that were verified."""
    if isinstance(row, ArrayRow):
        assert isinstance(autograd, Array)
        return dataclasses.replace(row, autograd=autograd, sample=found, note=None if found else note)
    if found:
        return dataclasses.replace(found[0], formula=row.formula)
    assert isinstance(autograd, float)
    return dataclasses.replace(row, autograd=autograd, note=note)


def _together(
    problem: Problem,
    written: Written,
    parts: Mapping[str, Row | ArrayRow],
    forms: Mapping[str, ArrayForm],
    value: Real | None,
) -> Comparison:
    """The rows of the components as rows of the variables."""
    rows = {name: _joined(problem, name, written, parts, forms[name]) for name in problem.wrt}
    root = written.problem.root
    text = to_text(root) if len(postorder(root)) <= SHOWN_NODES else None
    return dataclasses.replace(comparison(problem, rows, value), written=text)


def _component_forms(question: Question) -> dict[str, ClosedForm]:
    """SymPy's closed form of each component, where they are few."""
    scalar = question.problem
    if len(scalar.wrt) > MOST_COMPONENTS or len(postorder(scalar.root)) > MOST_NODES:
        return dict.fromkeys(scalar.wrt, ClosedForm(None, "closed form left out for arrays of this size"))
    return closed_forms(question)


def _by_component(autograd: Autograd, written: Written) -> Autograd:
    """autograd's arrays, a number for each component."""
    numbers: dict[str, float] = {}
    for name, parts in written.parts.items():
        value = autograd.gradient.get(name, Array((len(parts),), array("d", [0.0]) * len(parts)))
        numbers.update(zip(parts, value.values if isinstance(value, Array) else (value,), strict=True))
    return Autograd(autograd.value, numbers)


def _joined(
    problem: Problem, name: str, written: Written, parts: Mapping[str, Row | ArrayRow], form: ArrayForm
) -> Row | ArrayRow:
    """The components of one variable as one row."""
    rows = tuple(row for part in written.parts[name] if isinstance(row := parts[part], Row))
    shape = problem.shapes.get(name, ())
    if not shape:
        return dataclasses.replace(rows[0], formula=form.text or rows[0].formula)
    values = array("d", (row.autograd for row in rows if row.autograd is not None))
    autograd = Array(tuple(int(size) for size in shape), values) if values else None
    note = None if form.note == UNFOUND else form.note
    return ArrayRow(name, shape, form.text, rows, autograd, note)
