"""The formula of a recorded run and its gradient in closed form: read off, tried on the run's numbers, derived."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.paper.paper import Paper, paper, words
from gradcalc.answers.audit.paper.piece import Axes, pieces
from gradcalc.answers.audit.paper.writer import Known
from gradcalc.answers.audit.records import CodeFormula
from gradcalc.answers.audit.unity import alone
from gradcalc.answers.gradient.arrays import Components
from gradcalc.answers.gradient.scalar import closed_forms, comparison
from gradcalc.answers.matrices.forms import array_forms
from gradcalc.answers.records import ArrayRow, Row
from gradcalc.arrays.array import nested
from gradcalc.arrays.assumed import lettered
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import GradcalcError, InternalError, LimitError, UsageError, did_you_mean, shortened
from gradcalc.base.floating import FORMATS, Format
from gradcalc.base.limits import current
from gradcalc.base.words import listed
from gradcalc.engines import ask
from gradcalc.engines.records import Slope, Slopes
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.inputs.question import Question, asked
from gradcalc.problem.problem import plain
from gradcalc.tracing.truth import Truth

NEAR = 1e-9  # relative: how well the formula's numbers are the run's
MOST_STEPS, MOST_NUMBERS = 200, 2_000  # of a run, beside whose audit its formula stands
MOST = 10_000  # numbers of a variable at which the formula is tried
TOO_DEEP = "the closed form is nested too deep for Python"
ABOVE = "g"  # the name of the gradient that comes from above
SENT = "`g` is the gradient that comes from above: what is derived is the sum of g times the result"
ESCAPED = "what `{source}`, line {line}, made a Python number of stands in it as that number"
ITEM = "f_i"  # what the formula of one item of a batch is called
OVER = {
    "sum": "f is the sum of f_i over a batch of {count}, and so is the gradient by what the items share",
    "mean": "f is the mean of f_i over a batch of {count}, and so is the gradient by what the items share; "
    "that by an item is over {count} too",
}


def formula(
    found: Truth,
    axes: Mapping[str, Axes],
    given: Mapping[str, Any],
    wrt: Sequence[str] | str | None = None,
    *,
    contracted: bool = False,
) -> CodeFormula:
    """The formula that a recorded run computes, and its closed-form gradient by the variables `wrt`, or by all.

    `axes` are those that the variables have in it, `given` tensors with names that are no variables. Of a result that
    is an array, the gradient is that of the sum of its elements times what comes from above. Raises UsageError where
    an operation has none, LimitError where it is too large to be tried.
    """
    written = paper(found, axes, given, ABOVE if contracted else None)
    _require_right(written, found, axes)
    question = _posed(written, axes, wrt)
    problem = question.problem
    texts = _texts(question, written.hot)
    rows: dict[str, Row | ArrayRow] = {
        name: ArrayRow(name, shape, texts[name][0], note=texts[name][1])
        if (shape := problem.shapes.get(name, ())) else Row(name, texts[name][0], note=texts[name][1])
        for name in problem.wrt
    }  # fmt: skip
    shown = comparison(problem, rows)
    said = problem.source if written.array is None else _neat(written.array, problem.shapes)
    function = None if written.over is None else ITEM
    shown = replace(shown, expression=said, reading=None, function=function, remarks=tuple(_remarks(written, found)))
    return CodeFormula(shown, written.names)


def formula_beside(subject: Any, seen: Any, wrt: Sequence[str] | str | None) -> CodeFormula:
    """The formula of what an audit has `seen` of a subject, where it can be read off cheaply; else why not."""
    recorded = seen.recorded
    if recorded is None or seen.truth is None:
        return CodeFormula(absent="this code is too large for one here")
    if subject.how.cuts and recorded.recorder.tape.cuts:
        return CodeFormula(absent="what the code cuts off is held constant, and a formula would not")
    if len(recorded.recorder.tape.steps) > MOST_STEPS or recorded.size > MOST_NUMBERS:
        return CodeFormula(absent="larger code has one by gradcalc diff alone")
    if not math.isfinite(float(seen.truth.value)):
        return CodeFormula(absent="there is no value here at which one could be tried")
    try:
        return formula(seen.truth, recorded.axes(subject), recorded.given(subject), wrt, contracted=seen.contracted)
    except InternalError:
        return CodeFormula(absent="what was read off the run did not stand its trial")
    except GradcalcError as error:
        return CodeFormula(absent=error.message.replace("has no formula here", "has none"))


def _texts(question: Question, hot: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
    """The closed form by each variable, in array terms where there are arrays, and why it is left out."""
    if not question.problem.arrays:
        return {name: (form.text, form.note) for name, form in closed_forms(question).items()}
    try:
        forms = array_forms(Components(), question)
    except RecursionError:
        return dict.fromkeys(question.problem.wrt, (None, TOO_DEEP))
    return {
        name: (None if one.node is None else to_text(alone(one.node, hot)), one.note) for name, one in forms.items()
    }


def _posed(written: Paper, axes: Mapping[str, Axes], wrt: Sequence[str] | str | None) -> Question:
    """The question of the formula's gradient, a letter for each size. Raises UsageError at a variable that it lacks."""
    sizes: dict[str, Shape] = {formula: axes[name][1] for name, formula in written.names.items()}
    sizes |= {name: one.sizes for name, one in written.constants.items()}
    letters = _letters(written.text, sizes)
    wanted = [*written.names.values()] if wrt is None else [_named(one, written) for one in _listed(wrt)]
    return asked(_neat(written.text, letters), shape=letters, wrt=wanted)


def _letters(text: str, sizes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of the variables with letters in them; numbers where a formula takes an array apart."""
    own = {name: shape for name, shape in sizes.items() if shape}
    root = pose(text, current(), shape=own).root
    return lettered(root, {name: len(shape) for name, shape in sizes.items()}) or own


def _neat(text: str, shapes: Mapping[str, Shape]) -> str:
    """A formula with no more parentheses than it takes."""
    used = words(text)
    return plain(pose(text, current(), shape={name: shape for name, shape in shapes.items() if shape and name in used}))


def _named(name: str, written: Paper) -> str:
    """The name that a variable has in the formula. Raises UsageError where it has none."""
    if name in written.names.values():
        return name
    if name in written.names:
        return written.names[name]
    hint = did_you_mean(name, written.names) or f"it has {listed(list(written.names))}"
    raise UsageError(f"the formula has no `{shortened(name)}`", hint=hint)


def _listed(wrt: Sequence[str] | str) -> list[str]:
    return [one.strip() for text in ([wrt] if isinstance(wrt, str) else wrt) for one in text.split(",")]


def _remarks(written: Paper, found: Truth) -> Iterator[str]:
    """What a reader of the formula has to know."""
    if written.array is not None:
        yield SENT
    if written.over is not None:
        yield OVER[written.over.kind].format(count=math.prod(written.over.batch))
    for name, one in written.constants.items():
        if not one.sizes and not one.batch:
            yield f"`{name}` is {one.numbers[0]:g}"
    yield from written.remarks
    for escape in dict.fromkeys(found.tape.escapes):
        if escape.place is not None:
            yield ESCAPED.format(source=escape.place.whole, line=escape.place.line)


# -- the formula at the run's own point


def _require_right(written: Paper, found: Truth, axes: Mapping[str, Axes]) -> None:
    """Raises InternalError where the formula, at the point, has another value or gradient than the run."""
    variables = {formula: _variable(found, name, axes[name]) for name, formula in written.names.items()}
    if any(len(one.numbers) > MOST for one in variables.values()):
        raise LimitError(
            "the formula is tried at the point, which has too many numbers",
            hint="no option raises this limit: give a smaller point",
        )
    over = written.over
    count = 1 if over is None else math.prod(over.batch)
    share = 1 / count if over is not None and over.kind == "mean" else 1.0
    value, slopes = 0.0, {name: [0.0] * len(one.numbers) for name, one in variables.items()}
    for place in range(count):
        point = {name: _item(one, place) for name, one in (variables | dict(written.constants)).items()}
        own, partials = _at(written.text, point, list(variables))
        value += own * share
        for name, numbers in partials.items():
            begin = place * len(numbers) if variables[name].batch else 0
            for one, number in enumerate(numbers):
                slopes[name][begin + one] += number * share
    right = _near([value], [float(found.value)])
    for name, formula in written.names.items():
        true = [0.0 if one is None else float(one) for one in found.slopes(name)]
        right = right and _near(slopes[formula], true)
    if not right:
        raise InternalError(f"the formula `{written.text}` is not what the code computes")


def _variable(found: Truth, name: str, axes: Axes) -> Known:
    return Known(tuple(float(one) for one in found.run.values[found.tape.leaves[name]]), *axes)


def _item(one: Known, place: int) -> Any:
    """The numbers of one item of a batch, nested."""
    numbers = list(pieces(one.batch, one.numbers))[place] if one.batch else one.numbers
    return nested(list(numbers), one.sizes)


def _at(text: str, point: Mapping[str, Any], names: Sequence[str]) -> tuple[float, dict[str, Sequence[float]]]:
    """The true value and partial derivatives of a formula at a point; nan where there is none."""
    problem = asked(text, at=point, wrt=list(names)).problem
    form = FORMATS["float64"]
    arrays = ask.array_truth(problem) if any(isinstance(one, list) for one in point.values()) else None
    tried = arrays or ask.truth(problem)
    value = math.nan if tried.value is None else tried.value.nearest(form)
    return value, {name: _nearest(one, form) for name, one in tried.slopes.items()}


def _nearest(slopes: Slope | Slopes, form: Format) -> Sequence[float]:
    """The true derivatives by a variable in plain numbers; nan where there is none."""
    if isinstance(slopes, Slopes):
        return slopes.nearest(form)
    return [math.nan if slopes.value is None else slopes.value.nearest(form)]


def _near(found: Sequence[float], true: Sequence[float]) -> bool:
    """Are numbers those of the run, beside the largest of them? What has no derivative is passed over."""
    size = max(map(abs, true), default=0.0)
    return all(one != one or abs(one - other) <= NEAR * size for one, other in zip(found, true, strict=True))
