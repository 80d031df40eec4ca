"""The derivation of an expression: step by step from the catalogue, each step tried before anyone sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.compare import blamed
from gradcalc.answers.explain import no_value
from gradcalc.answers.gradient.scalar import closed_forms
from gradcalc.answers.matrices.outputs import function_name
from gradcalc.answers.steps.arrays import array_steps
from gradcalc.answers.steps.faults import wrong
from gradcalc.answers.steps.implicit import implicit_derivations
from gradcalc.answers.steps.records import ArraySteps, Derivation, Steps
from gradcalc.answers.trials.claims import claim
from gradcalc.answers.trials.verify import outcomes
from gradcalc.base.errors import UsageError
from gradcalc.calculus.derivation import derivation
from gradcalc.calculus.linked import Program
from gradcalc.calculus.step import Step, every
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem, reading
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Call, Name, Node, postorder, substitute

COMMUTING = frozenset({"add", "mul", "max", "min", "hypot"})


def steps(question: Question, *, brief: bool = True) -> Steps | ArraySteps:
    """The derivation by each variable, of every order up to the problem's; of arrays, the way back through them.

    Raises UsageError for what has no value anywhere; LimitError where the expression is too large; InternalError where
    a step is wrong; and what `array_steps` raises.
    """
    problem = question.problem
    if not problem.wrt:
        raise UsageError("there is no variable to derive by")
    if problem.arrays:
        return array_steps(question, brief=brief)
    if problem.of is not None:
        derived = tuple(implicit_derivations(question))
        return Steps(problem.source, reading(problem), problem.of, len(problem.wrt) > 1, derived, brief, problem.of)
    if (missing := ask.nowhere(problem.root)) is not None:
        raise UsageError(no_value(missing, blamed(missing, problem.source).text), hint="there is nothing to derive")
    forms = [closed_forms(question.about(replace(problem, order=order))) for order in range(1, problem.order + 1)]
    found: list[Derivation] = []
    program = Program(function_name(problem), *_program(problem), _taken(problem))
    for name in problem.wrt:
        own = [form[name] for form in forms]  # of each order, as `diff` prints it
        found += _by_symmetry(problem, name, found, own) or _orders(question, program, name, own)
    function = function_name(problem)
    return Steps(problem.source, reading(problem), function, len(problem.wrt) > 1, tuple(found), brief)


def _orders(question: Question, program: Program, name: str, forms: Sequence[ClosedForm]) -> list[Derivation]:
    """The derivations of each order by one variable: each derives what the one before came to."""
    problem = question.problem
    body, definitions = program.body, program.definitions
    found = []
    for order, form in enumerate(forms, 1):
        step = program.step(name) if order == 1 else derivation(body, name, definitions, _taken(problem))
        _try(step, problem, definitions)
        found.append(Derivation(name, order, to_text(body), step, form.text, form.note))
        if form.text is None:
            body = step.result
        else:
            body, definitions = read(form.text, question.limits, problem.names).root, {}
    return found


def _taken(problem: Problem) -> set[str]:
    """All names in use."""
    return {*problem.names, *problem.defined}


def _program(problem: Problem) -> tuple[Node, dict[str, Node]]:
    """The last statement, and what the names in it stand for; of an expression itself, and nothing."""
    if not problem.definitions:
        return problem.root, {}
    *before, last = problem.definitions
    return last.body, {one.name: one.body for one in before if one.name is not None}


# -- verification


def _try(step: Step, problem: Problem, definitions: Mapping[str, Node]) -> None:
    """Raises InternalError where a step is not what the values of what it derives say."""
    trees = {id(one): one for one in every(step)}
    wholes = {by: _wholes(definitions, by) for by in dict.fromkeys(one.by for one in trees.values())}
    claims = {
        key: claim([substitute(one.of, wholes[one.by])], [[one.by]], [substitute(one.result, wholes[one.by])])
        for key, one in trees.items()
        if one.inner or not isinstance(one.of, Name)
    }
    names = dict.fromkeys([*problem.names, *wholes])
    for key, outcome in outcomes(claims, problem, list(names)).items():
        if outcome.wrong_at is not None:
            raise wrong(trees[key], outcome.wrong_at)


def _wholes(definitions: Mapping[str, Node], by: str) -> dict[str, Node]:
    """What each name stands for, in terms of variables, and of the name that something is derived by."""
    found: dict[str, Node] = {}
    for name, body in definitions.items():
        if name != by:
            found[name] = substitute(body, found)
    return found


# -- symmetry


def _by_symmetry(
    problem: Problem, name: str, before: Sequence[Derivation], forms: Sequence[ClosedForm]
) -> list[Derivation]:
    """The derivative by another variable, where swapping it with one that was derived leaves the function as it is."""
    for other in dict.fromkeys(one.variable for one in before if one.swapped is None):
        swap: dict[str, Node] = {name: Name(other), other: Name(name)}
        if _ordered(substitute(problem.root, swap)) == _ordered(problem.root):
            own = [one for one in before if one.variable == other]
            return [
                Derivation(name, one.order, one.of, None, form.text, form.note, other)
                for one, form in zip(own, forms, strict=True)
            ]
    return []


def _ordered(root: Node) -> str:
    """A text that does not depend on the order of the terms of sums and of the factors of products."""
    texts: dict[int, str] = {}
    for node in postorder(root):
        if not isinstance(node, Call):
            texts[id(node)] = to_text(node)
            continue
        parts = [texts[id(one)] for one in node.arguments]
        if node.function in COMMUTING:
            parts = sorted(part for one in node.arguments for part in _operands(one, node.function, texts))
        texts[id(node)] = f"{node.function}({', '.join(parts)})"
    return texts[id(root)]


def _operands(node: Node, function: str, texts: Mapping[int, str]) -> list[str]:
    if isinstance(node, Call) and node.function == function:
        return [text for one in node.arguments for text in _operands(one, function, texts)]
    return [texts[id(node)]]
