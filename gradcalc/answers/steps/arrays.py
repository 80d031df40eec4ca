"""The derivation of an array expression: forward line by line and back through each, every step tried before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.gradient.arrays import Components
from gradcalc.answers.matrices.forms import array_forms, formless
from gradcalc.answers.matrices.outputs import function_name
from gradcalc.answers.steps.records import ArraySteps, Derivation
from gradcalc.answers.trials.arrays import Formula, holds
from gradcalc.answers.trials.verify import UNTRIED
from gradcalc.arrays.shape import Shape, named_sizes
from gradcalc.base.errors import InternalError, LimitError, UsageError
from gradcalc.calculus.matrix.backward import FLOW, Back, backward
from gradcalc.calculus.matrix.closed import is_small
from gradcalc.calculus.matrix.form import Unreadable
from gradcalc.calculus.matrix.stages import Stage, stages
from gradcalc.calculus.step import Rule
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, reading
from gradcalc.problem.written_out import require_scalar
from gradcalc.syntax.tree import Call, Name, Node, free_names, postorder, substitute

BY_DIFF = "gradcalc diff derives it"


def array_steps(question: Question, *, brief: bool) -> ArraySteps:
    """The way forward and back; its last lines are the closed forms of `diff`.

    Raises ShapeError where the result is no scalar; UsageError for a higher order, and where a step has no closed form
    in array terms; LimitError where the expression is too large; InternalError where a step is wrong.
    """
    problem = question.problem
    require_scalar(problem)
    if problem.order > 1:
        raise UsageError("the steps of arrays are for first derivatives", hint="gradcalc hessian has the second ones")
    if not is_small(postorder(problem.root)):
        raise LimitError(
            "the expression is too large to be derived step by step", hint=f"no option raises this limit: {BY_DIFF}"
        )
    function = function_name(problem)
    lines = stages(problem.root, problem.defined, problem.wrt, problem.shapes, function, brief=brief)
    try:
        steps = backward(lines, problem.wrt, problem.shapes)
    except Unreadable:
        named = next(filter(None, (formless(problem, name) for name in problem.wrt)), None)
        step = "a step of this" if named is None else f"`{named}`"
        raise UsageError(f"{step} has no closed form in array terms", hint=BY_DIFF) from None
    told = {_is_right(one, lines, question) for one in steps} == {True}
    forms = array_forms(Components(), question)
    body, untold = to_text(lines[-1].body), None if told else UNTRIED
    found = [Derivation(name, 1, body, None, form.text, form.note or untold) for name, form in forms.items()]
    return ArraySteps(
        problem.source, reading(problem), function, len(problem.wrt) > 1, problem.shapes, lines, steps, tuple(found)
    )


# -- verification


def _is_right(step: Back, lines: tuple[Stage, ...], question: Question) -> bool:
    """Do the values say what a step says? False where they say nothing. Raises InternalError where it is wrong."""
    shapes = {**question.problem.shapes, **{one.name: one.shape for one in lines}}
    if step.stage is not None:
        shapes[FLOW] = step.stage.shape
    claims = _claims(step, lines)
    told = bool(claims) or step.rule is Rule.SEED
    for function, form in claims:
        about = _about(question.problem, function, form, step.to, shapes)
        found = holds(Formula(form, (step.to,), _again), about, question.limits)
        if found is False:
            raise InternalError(
                f"gradcalc has a bug: its {step.rule} rule takes {to_text(form)} for the gradient of "
                f"{to_text(function)} by {step.to}, and the values say otherwise",
                hint="please report it with this command",
            )
        told = told and found is not None
    return told


def _claims(step: Back, lines: Sequence[Stage]) -> list[tuple[Node, Node]]:
    """What a step says: functions of the name that it leads to, and what it takes for their gradients.

    One is the line that it goes back through, weighted by what flows into it; the other is the result, from there on.
    """
    found: list[tuple[Node, Node]] = []
    if step.stage is not None and step.stage is not lines[-1] and step.pattern is not None:
        weighted = Call("mul", (Name(FLOW), step.stage.body))
        pattern = substitute(step.pattern, {step.stage.name: step.stage.body})
        found.append((Call("sum", (weighted,)) if step.stage.shape else weighted, pattern))
    elif step.stage is not None and step.stage is lines[-1]:
        found += [(step.stage.body, one) for one in (step.pattern, step.result) if one is not None]
    if step.part or step.to == lines[-1].name:
        return found
    wholes = _wholes(one for one in lines if one.name != step.to)
    return [*found, (wholes[lines[-1].name], substitute(step.result, wholes))]


def _wholes(lines: Iterable[Stage]) -> dict[str, Node]:
    """What the names of lines stand for, with those before put in."""
    wholes: dict[str, Node] = {}
    for line in lines:
        wholes[line.name] = substitute(line.body, wholes)
    return wholes


def _about(problem: Problem, root: Node, form: Node, by: str, shapes: Mapping[str, Shape]) -> Problem:
    """The question for the gradient of a function of variables and of names of lines."""
    sizes = named_sizes(shapes.values())
    used = [one for one in free_names(postorder(root, form)) if one in shapes or one not in sizes]
    own = {name: shapes[name] for name in (*used, by) if shapes.get(name)}
    return replace(problem, root=root, definitions=(), variables=tuple(used), wrt=(by,), point=None, shapes=own)


def _again(problem: Problem) -> Node | None:
    """What is derived in the same way for other sizes."""
    lines = stages(problem.root, {}, problem.wrt, problem.shapes, "", brief=True)
    try:
        steps = backward(lines, problem.wrt, problem.shapes)
    except Unreadable:
        return None
    total = next((one for one in reversed(steps) if one.to in problem.wrt and not one.part), None)
    return None if total is None else substitute(total.result, _wholes(lines))
