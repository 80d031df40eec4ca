"""The gradient of a function that an equation defines: closed forms, autograd, the truth, and the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.compare import compare
from gradcalc.answers.gradient.implicit.curve import Lies, Position, position
from gradcalc.answers.gradient.implicit.forms import closed_forms
from gradcalc.answers.gradient.implicit.slopes import require_held, slopes
from gradcalc.answers.gradient.scalar import closed_forms as closed_forms_of
from gradcalc.answers.gradient.scalar import compared, comparison
from gradcalc.answers.records import Comparison, Diagnosis, Implicit, Link, Row
from gradcalc.answers.trials.here import right_here
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.errors import UsageError
from gradcalc.calculus.simplify import build
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm, Slope
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node

RATE = "how fast {0} changes is d{0}/d{1} times how fast {1} does"
RATES = "how fast {0} changes is the sum of ∂{0}/∂{1} times how fast {1} does, over all that it depends on"
HIGHEST_ORDER = 4
EMPTY = "no real numbers solve the equation: F is {sign} everywhere"
LETTERS = ("F", "G", "H", "Phi", "F_")  # for the function that stays 0


def implicit_gradient(question: Question) -> Comparison:
    """The derivatives of the dependent variable of an equation, compared where there is a point.

    Raises UsageError for arrays and for high orders, PointError where the point is not on the curve.
    """
    problem = question.problem
    _require_means(question)
    equation = question.about(replace(problem, of=None, order=1, wrt=(*problem.wrt, str(problem.of))))
    partial_forms = closed_forms_of(equation)
    if problem.point is None and (sign := _sign(problem.root)) is not None:
        rows = {name: Row(name, None, note=EMPTY.format(sign=sign)) for name in problem.wrt}
        return _comparison(problem, rows, _record(problem, partial_forms, None, None))
    forms = closed_forms(question)
    if problem.point is None:
        rows = {name: Row(name, form.text, note=form.note) for name, form in forms.items()}
        return _comparison(problem, rows, _record(problem, partial_forms, None, None))
    truth = ask.truth(equation.problem)
    there = None if truth.value is None else position(problem, truth)
    partials = compared(equation, partial_forms, None, truth)
    rows = _rows(question, forms, slopes(problem, truth), partials, there)
    return _comparison(problem, rows, _record(problem, partial_forms, partials, there))


def _sign(root: Node) -> str | None:
    """The sign that F is proven to have everywhere; None where there is none."""
    negative: Node = Call("neg", (root,))
    for sign, side in (("positive", negative), ("negative", root)):
        if ask.nowhere(Call("sqrt", (side,))) is not None:
            return sign
    return None


def _require_means(question: Question) -> None:
    """Raises UsageError where implicit differentiation is not for what is asked."""
    problem = question.problem
    if problem.arrays:
        raise UsageError("implicit derivation is for numbers, and this equation has arrays in it")
    if problem.order > HIGHEST_ORDER:
        raise UsageError(f"the order is {problem.order}, of an equation at most {HIGHEST_ORDER}")
    if question.direction is not None:
        raise UsageError(
            "--direction is for functions, and this is an equation",
            hint=(RATE if len(problem.wrt) == 1 else RATES).format(problem.of, problem.wrt[0]),
        )


def _rows(
    question: Question,
    forms: Mapping[str, ClosedForm],
    true: Mapping[str, Slope],
    partials: Comparison,
    there: Position | None,
) -> dict[str, Row]:
    """The row of each variable; what is wrong with one is what is wrong with a partial derivative."""
    problem = question.problem
    autograd = ask.implicit_autograd(problem)
    bare = replace(problem, variables=(), wrt=())  # the rules are confirmed with the partial derivatives

    def why() -> Diagnosis | None:
        return next((row.diagnosis for row in partials.rows if row.diagnosis is not None), None)

    exactly = there is not None and there.lies is Lies.ON
    rows = {
        name: compare(
            bare,
            name,
            slope,
            autograd.number(name),
            right_here(forms[name], slope, problem, question.limits) if exactly else forms[name],
            question.tolerance,
            why,
        )
        for name, slope in true.items()
    }
    for name, row in rows.items():
        if row.verdict is Verdict.DISAGREE and problem.order == 1:
            require_held(problem, name, true[name])
    return rows


def _record(
    problem: Problem, forms: Mapping[str, ClosedForm], partials: Comparison | None, there: Position | None
) -> Implicit:
    """What the derivatives rest on."""
    letter = next((one for one in LETTERS if one not in problem.names), LETTERS[-1])
    links = tuple(
        Link(letter, name, form.text, None if partials is None else partials.row(name).symbolic)
        for name, form in forms.items()
        if form.text is not None
    )
    told = Implicit(str(problem.of), _function(problem), links)
    return told if there is None else replace(told, curve=there.lies, sentence=there.sentence)


def _function(problem: Problem) -> str:
    """The left side minus the right one, in the plain notation."""
    body = problem.definitions[-1].body
    return to_text(build(body.function, *body.arguments) if isinstance(body, Call) else body)


def _comparison(problem: Problem, rows: Mapping[str, Row], implicit: Implicit) -> Comparison:
    """The answer as a whole."""
    value = None if problem.point is None else problem.numbers[implicit.of]
    whole = comparison(problem, rows)
    return replace(whole, value=value, function=implicit.of, implicit=implicit, chain=(), ways={})
