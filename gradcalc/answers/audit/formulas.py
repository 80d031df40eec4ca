"""The formula of a recorded run and its gradient in closed form: read off, tried on the run's numbers, derived."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from gradcalc.answers.audit.closed import closed_texts
from gradcalc.answers.audit.layouts import layouts
from gradcalc.answers.audit.naming import neat, sizes_told, where
from gradcalc.answers.audit.paper.bound import Layout
from gradcalc.answers.audit.paper.paper import Given, Paper, paper, words
from gradcalc.answers.audit.paper.piece import Axes
from gradcalc.answers.audit.records import CodeFormula
from gradcalc.answers.audit.trial import Trial
from gradcalc.answers.beside import Where
from gradcalc.answers.gradient.scalar import comparison
from gradcalc.answers.records import ArrayRow, Comparison, Row
from gradcalc.arrays.assumed import lettered
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import GradcalcError, InternalError, UsageError, did_you_mean, shortened
from gradcalc.base.limits import current
from gradcalc.base.words import listed
from gradcalc.calculus.matrix.naming import LINE
from gradcalc.calculus.matrix.staged import CHOICES, staged
from gradcalc.inputs.pose import pose, separated
from gradcalc.inputs.question import Question, asked
from gradcalc.problem.problem import Problem, nameless
from gradcalc.tracing.truth import Truth

MOST_STEPS, MOST_NUMBERS = 200, 2_000  # of a run, beside whose audit its formula stands
ABOVE = "g"  # the name of the gradient that comes from above
SENT = "`{name}` is the gradient that comes from above: what is derived is the sum of {name} times the result"
HOT = "for each number of {names} there is a row of 0 and 1"
FROM_ABOVE = re.compile(rf"{ABOVE}(_\d+)?")  # another name where the code has this one
CONSTANT = "`{name}`: `{source}`, line {line}, held constant"
UNSEEN = "`{name}`: held constant, as grad mode is off in line {line}"
MADE = re.compile(r"(c|mask)(_\d+)?")  # the names of constants that have none
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
    given: Given,
    wrt: Sequence[str] | str | None = None,
    *,
    contracted: bool = False,
    cuts: bool = False,
    images: Mapping[str, Axes] | None = None,
) -> CodeFormula:
    """The formula that a recorded run computes, and its closed-form gradient by the variables `wrt`, or by all.

    `axes` are those that the variables have in it, `images` those of images as rows where it takes these, `given`
    tensors with names that are no variables. Of a result that is an array, the gradient is that of the sum of its
    elements times what comes from above. With `cuts`, what the code hides from autograd is held constant.
    Raises UsageError where an operation has none, LimitError where it is too large to be tried.
    """
    written, axes, layout = _written(found, axes, images or axes, given, ABOVE if contracted else None, cuts)
    trial = Trial.of(written, found, axes, layout)
    trial.require_right()
    question = _posed(written, axes, wrt)
    problem = question.problem
    said = problem.source if written.array is None else neat(written.array, problem.shapes)
    texts = closed_texts(question, trial, written.hot)
    rows: dict[str, Row | ArrayRow] = {
        name: ArrayRow(name, shape, texts[name][0], note=texts[name][1])
        if (shape := problem.shapes.get(name, ())) else Row(name, texts[name][0], note=texts[name][1])
        for name in problem.wrt
    }  # fmt: skip
    shown = comparison(problem, rows)
    function = None if written.over is None else ITEM
    shown = replace(shown, expression=said, reading=None, function=function, remarks=tuple(_remarks(written, found)))
    held = {name: shape for name, shape in problem.shapes.items() if name not in rows}
    shown = replace(shown, held=held, where=_where(shown, problem, trial, written.hot))
    sizes = sizes_told(shown.shortened, problem.shapes)
    return CodeFormula(replace(shown, remarks=(*sizes, *shown.remarks)), written.names)


def _written(
    found: Truth,
    axes: Mapping[str, Axes],
    images: Mapping[str, Axes],
    given: Given,
    above: str | None,
    cuts: bool,
) -> tuple[Paper, Mapping[str, Axes], Layout]:
    """The formula, by the first choice of axes for which there is one."""
    refused: UsageError | None = None
    for rearranges, (choice, layout) in product((False, True), [*layouts(axes, images)]):
        layout = replace(layout, cuts=cuts, rearranges=rearranges)
        try:
            made = paper(found, choice, given, above, layout)
            _require_number(made, choice)
            return made, choice, layout
        except UsageError as error:
            refused = error if layout.images else refused or error
    assert refused is not None
    raise refused


def _require_number(written: Paper, axes: Mapping[str, Axes]) -> None:
    """Raises UsageError where the product of a batch of one row is an array of one number, and not that number."""
    sizes = {formula: axes[name][1] for name, formula in written.names.items() if axes[name][1]}
    if any(1 in one for one in sizes.values()):
        sizes |= {name: one.sizes for name, one in written.constants.items() if one.sizes}
        root = pose(written.text, current(), shape=sizes).root
        if infer(root, sizes)[id(root)]:
            raise UsageError("a row of one number is none in a formula")


def formula_beside(subject: Any, seen: Any, wrt: Sequence[str] | str | None) -> CodeFormula:
    """The formula of what an audit has `seen` of a subject, where it can be read off cheaply; else why not."""
    recorded = seen.recorded
    if recorded is None or seen.truth is None:
        return CodeFormula(absent="this code is too large for one here")
    if len(recorded.recorder.tape.steps) > MOST_STEPS or recorded.size > MOST_NUMBERS:
        return CodeFormula(absent="larger code has one by gradcalc diff alone")
    if not math.isfinite(float(seen.truth.value)):
        return CodeFormula(absent="there is no value here at which one could be tried")
    try:
        return formula_of(subject, recorded, seen.truth, wrt, contracted=seen.contracted)
    except InternalError:
        return CodeFormula(absent="what was read off the run did not stand its trial")
    except GradcalcError as error:
        return CodeFormula(absent=error.message.replace("has no formula here", "has none"))


def formula_of(
    subject: Any, recorded: Any, found: Truth, wrt: Sequence[str] | str | None, *, contracted: bool
) -> CodeFormula:
    """The formula of a recorded run of a subject. Raises as `formula` does."""
    given = Given(recorded.given(subject), recorded.held(subject))
    return formula(
        found, recorded.axes(subject), given, wrt, contracted=contracted, cuts=subject.how.cuts, images=recorded.images
    )


def _where(shown: Comparison, problem: Problem, trial: Trial, hot: Collection[str]) -> Where | None:
    """How its formulas are printed, where names shorten them; other formulas than the plain ones are tried too."""
    own, shapes = {*problem.variables, *problem.wrt}, problem.shapes
    gradient = {name: row.formula for name, row in shown.gradient.items() if row.formula and own & words(row.formula)}
    short = sum(map(len, (shown.expression, *gradient.values()))) <= LINE
    others = [staged(problem.root, [*gradient], shapes, choice, hot) for choice in CHOICES if not short]
    found = where(shown.expression, gradient, [one for one in others if one], shapes, {*own, nameless(own), ABOVE})
    right = (one for one, by in found if all(trial.holds(name, form, shapes) for name, form in by.items()))
    return next(right, None)


def _posed(written: Paper, axes: Mapping[str, Axes], wrt: Sequence[str] | str | None) -> Question:
    """The question of the formula's gradient, a letter for each size. Raises UsageError at a variable that it lacks."""
    sizes: dict[str, Shape] = {formula: axes[name][1] for name, formula in written.names.items()}
    sizes |= {name: one.sizes for name, one in written.constants.items()}
    letters = _letters(written.text, sizes)
    wanted = [*written.names.values()] if wrt is None else [_named(one, written) for one in separated(wrt)]
    return asked(neat(written.text, letters), shape=letters, wrt=wanted)


def _letters(text: str, sizes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of the variables with letters in them; numbers where a formula takes an array apart."""
    own = {name: shape for name, shape in sizes.items() if shape}
    root = pose(text, current(), shape=own).root
    return lettered(root, {name: len(shape) for name, shape in sizes.items()}) or own


def _named(name: str, written: Paper) -> str:
    """The name that a variable has in the formula. Raises UsageError where it has none."""
    if name in written.names.values():
        return name
    if name in written.names:
        return written.names[name]
    hint = did_you_mean(name, written.names) or f"it has {listed(list(written.names))}"
    raise UsageError(f"the formula has no `{shortened(name)}`", hint=hint)


def _remarks(written: Paper, found: Truth) -> Iterator[str]:
    """What a reader of the formula has to know."""
    if written.array is not None:
        names = [name for name in written.constants if FROM_ABOVE.fullmatch(name)]
        yield SENT.format(name=names[-1] if names else ABOVE)
    if written.over is not None:
        yield OVER[written.over.kind].format(count=math.prod(written.over.batch))
    for name, one in written.constants.items():
        if not one.sizes and not one.batch:
            yield f"`{name}` is {one.numbers[0]:g}"
    if written.hot:
        yield HOT.format(names=listed(sorted(written.hot)))
    made = [name for name in written.constants if MADE.fullmatch(name)]
    for name, one in written.constants.items():
        if one.cut is not None and one.cut.place is not None:
            said = UNSEEN if one.cut.kind == "no_grad" else CONSTANT
            yield said.format(name=name, source=one.cut.place.whole, line=one.cut.place.line)
    if made:
        yield f"{listed(made)}: constant, made by the code"
    yield from written.remarks
    for escape in dict.fromkeys(found.tape.escapes):
        if escape.place is not None:
            yield ESCAPED.format(source=escape.place.whole, line=escape.place.line)
