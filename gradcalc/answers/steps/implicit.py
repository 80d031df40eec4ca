"""The derivation of an equation: both sides by the rules, the dependent variable with a prime, solved for that."""

from __future__ import annotations

from gradcalc.answers.gradient.implicit.forms import closed_forms
from gradcalc.answers.steps.faults import wrong
from gradcalc.answers.steps.records import Derivation
from gradcalc.answers.trials.claims import claim
from gradcalc.answers.trials.verify import outcomes
from gradcalc.base.errors import UsageError
from gradcalc.calculus.derivation import derivation
from gradcalc.calculus.step import Step, every, primed
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, plain
from gradcalc.syntax.tree import Call, Name, Node, substitute

TIME, RATE = "#t", "#rate"  # along the curve, and of the dependent variable; no user's names


def implicit_derivations(question: Question) -> list[Derivation]:
    """The derivation of the equation by each variable.

    Raises UsageError for higher orders, and InternalError where a step is wrong.
    """
    problem = question.problem
    if problem.order > 1:
        raise UsageError("steps of an equation are of the first order", hint="gradcalc diff --order 2 derives it")
    forms = closed_forms(question)
    *before, last = problem.definitions
    definitions = {one.name: one.body for one in before if one.name is not None}
    assert isinstance(last.body, Call)
    found = []
    for name in problem.wrt:
        names = {*problem.names, *problem.defined}
        left, right = (derivation(side, name, definitions, names, problem.of) for side in last.body.arguments)
        _try([left, right], name, problem)
        form = forms[name]
        found.append(Derivation(name, 1, plain(problem), left, form.text, form.note, right=right))
    return found


def _try(sides: list[Step], name: str, problem: Problem) -> None:
    """Raises InternalError where a step is not what the values say, as a point moves along a line.

    The variable goes by the time and the dependent one by a rate times that, which stands for its derivative.
    """
    assert problem.of is not None
    wholes = problem.defined
    rate, time = Name(RATE), Name(TIME)
    moved: dict[str, Node] = {
        name: Call("add", (Name(name), time)),
        problem.of: Call("add", (Name(problem.of), Call("mul", (rate, time)))),
    }
    steps = {id(one): one for side in sides for one in every(side) if one.inner or not isinstance(one.of, Name)}
    claims = {
        key: claim(
            [substitute(substitute(one.of, wholes), moved)],
            [[TIME]],
            [substitute(substitute(one.result, wholes), {primed(problem.of): rate})],
        )
        for key, one in steps.items()
    }
    for key, outcome in outcomes(claims, problem, [*problem.names, RATE], fixed={TIME: 0.0}).items():
        if outcome.wrong_at is not None:
            raise wrong(steps[key], outcome.wrong_at)
