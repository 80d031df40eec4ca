"""A function and its gradient as a program: stable, derived by the rules, and tried before anyone sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.code.known import known_values
from gradcalc.answers.code.records import Code, Typeset
from gradcalc.answers.code.stable import OF_RULES, stable
from gradcalc.answers.diagnosis.checked import same
from gradcalc.answers.gradient import derive
from gradcalc.answers.matrices.forms import UNFOUND
from gradcalc.answers.matrices.outputs import function_name
from gradcalc.answers.records import ArrayRow, Comparison, Forward, Row, rows_of
from gradcalc.answers.trials.points import Sample, samples
from gradcalc.answers.trials.verify import verified
from gradcalc.base.errors import InternalError, LimitError, UsageError, one_of, shortened
from gradcalc.calculus.branches import branched
from gradcalc.calculus.reverse import gradient
from gradcalc.codegen.checks import Called, check
from gradcalc.codegen.languages import ARRAYS, ITSELF, LANGUAGES, language, written
from gradcalc.codegen.program import Program
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.functions.autograd import TORCH_POINTS
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.problem.written_out import require_scalar
from gradcalc.syntax.tree import Node

LONGEST = 300  # characters of a formula in a docstring
ORDERED = ("besselj", "bessely", "besseli", "besselk", "i1", "i1e")
LOW_ORDERS = {name: TORCH_POINTS[name] for name in ORDERED}  # derivatives without functions of higher orders


def code(question: Question, to: str, *, function: bool = False, test: bool = False, module: str | None = None) -> Code:
    """The program in a language, and its test where one is asked for, which imports it from `module` if that is given.

    Where torch disagrees at the point of the question and a cure is known, that is what the program computes. Raises
    UsageError where the language lacks a function.
    """
    problem = question.problem
    _require(problem, to, function)
    found = derive(question)
    root = _computed(problem, found, to, question)
    points = [] if problem.arrays else _points(problem)
    _require_same(problem, root, points)
    partials = _array_partials(found, question, to) if problem.arrays else _partials(problem, root, question, to)
    if function and None in partials.values():
        raise UsageError("an autograd function needs a formula for each derivative", hint="leave --function out")
    program = _program(problem, root, partials, found)
    source = written(program, to, function=function)
    about = to_text(root) if root != problem.root else None
    tested = _test(program, problem, points, to, function, module) if test else None
    return Code(problem.source, to, source, tested, about)


def typeset(question: Question, *, function: bool, test: bool) -> Typeset:
    """The function and its gradient, for LaTeX. Raises UsageError at what that has not."""
    for option, wanted in {"--function": function, "--test": test}.items():
        if wanted:
            raise UsageError(f"{option} and --to latex exclude each other")
    return Typeset(to_text(question.problem.root), derive(question))


def _require(problem: Problem, to: str, function: bool) -> None:
    """Raises UsageError at what no program is written for."""
    if to not in LANGUAGES:
        raise UsageError(f"unknown language `{shortened(to)}`", hint=one_of(to, [*LANGUAGES, "latex"]))
    if function and to != "torch":
        raise UsageError(f"--function is torch's own, and --to is {to}")
    if not problem.wrt:
        raise UsageError("the expression has no variable to derive by")
    if problem.arrays:
        require_scalar(problem)
        if to not in ARRAYS:
            raise UsageError(f"--to {to} is for functions of numbers", hint=f"arrays: --to {', '.join(ARRAYS)}")


def _computed(problem: Problem, found: Comparison, to: str, question: Question) -> Node:
    """What the program computes: the cure at the point of the question, or what is stable everywhere."""
    judged: list[Row | Forward] = [found.forward, *(row for one in found.gradient.values() for row in rows_of(one))]
    cures = [one.diagnosis.cure for one in judged if one.diagnosis is not None and one.diagnosis.cure is not None]
    if cures:
        return read(cures[0], question.limits, problem.names, problem.shapes).root
    return stable(problem.root, language(to).has)


def _points(problem: Problem) -> list[Sample]:
    """Points that the program is tried at; none where the domain is not found."""
    try:
        return samples(problem)
    except LimitError:
        return []


def _require_same(problem: Problem, root: Node, points: list[Sample]) -> None:
    """Raises InternalError where what is computed is not what was asked about."""
    for one in points if root != problem.root else ():
        own, other = ask.values([problem.root, root], one.point)
        if not same(own, other):
            raise InternalError(f"gradcalc has a bug: `{to_text(root)}` is not the expression at {dict(one.point)}")


def _partials(problem: Problem, root: Node, question: Question, to: str) -> Mapping[str, Node | None]:
    """The derivatives by the rules, with choices outermost, in stable functions; tried at points."""
    by_rules = gradient(root, problem.wrt, LOW_ORDERS if to in ITSELF else {})
    has = language(to).has
    trees = [stable(stable(one, has, OF_RULES), has) for one in branched(by_rules.values())]
    found = dict(zip(by_rules, trees, strict=True))
    claimed = {name: ClosedForm("", root=tree) for name, tree in found.items()}
    for name, form in verified(claimed, replace(problem, order=1), question.limits).items():
        if form.text is None:
            raise InternalError(f"gradcalc has a bug: the derivative by `{name}` that it would print is wrong")
    return found


def _array_partials(found: Comparison, question: Question, to: str) -> Mapping[str, Node | None]:
    """The closed forms in array terms; None where the library differentiates by itself. Raises UsageError."""
    problem = question.problem
    forms: dict[str, Node | None] = {}
    for name, row in found.gradient.items():
        if row.formula is None and to not in ITSELF:
            why = f": {row.note.removeprefix(f'{UNFOUND}: ')}" if isinstance(row, ArrayRow) and row.note else ""
            raise UsageError(
                f"the derivative by `{name}` has no closed form in array terms{why}",
                hint="--to torch and --to jax differentiate by themselves",
            )
        forms[name] = (
            None if row.formula is None else read(row.formula, question.limits, problem.names, problem.shapes).root
        )
    return forms


def _program(problem: Problem, root: Node, partials: Mapping[str, Node | None], found: Comparison) -> Program:
    name = function_name(problem)
    about = _short(f"{name} = {to_text(problem.root)}", f"{name}: a long expression")
    if root != problem.root:
        about += _short(f", computed as {to_text(root)}", "")
    several = len(partials) > 1
    sign = "∂" if several else "d"
    derivatives = []
    for one in partials:
        formula = found.gradient[one].formula
        text = f"{sign}{name}/{sign}{one}"
        by_library = "by the library's own differentiation" if partials[one] is None else "by the rules"
        derivatives.append(_short(f"{text} = {formula}", text) if formula else f"{text}, {by_library}")
    return Program(
        name, tuple(problem.names), root, partials, about, tuple(derivatives), problem.shapes, problem.arrays
    )


def _short(text: str, instead: str) -> str:
    return text if len(text) <= LONGEST else instead


def _test(program: Program, problem: Problem, points: list[Sample], to: str, function: bool, module: str | None) -> str:
    places = tuple(program.inputs.index(name) for name in program.partials)
    name = program.name
    return check(Called(name, None if function else f"grad_{name}", places), to, known_values(problem, points), module)
