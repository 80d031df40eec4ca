"""The whole story in one screen: read the expression, derive it three ways, compare."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from gradcalc.calculus import chain
from gradcalc.compare import compare, worst
from gradcalc.limits import DEFAULT_TIMEOUT, Limits, TimeUp, alarm, current, time_limit
from gradcalc.loading import load
from gradcalc.memory import REMEMBERED, Memory
from gradcalc.point import Given
from gradcalc.pose import pose, tolerance_of
from gradcalc.problem import DEFAULT_DTYPE, Problem
from gradcalc.resolve import read
from gradcalc.results import Autograd, ClosedForm, Comparison, Link, Real, Row, Slope, Tolerance, Truth
from gradcalc.syntax.printer import to_text
from gradcalc.syntax.tree import Node

ENGINES = {
    "closed form": "gradcalc.engines.sympy:differentiate",
    "autograd": "gradcalc.engines.torch:differentiate",
    "truth": "gradcalc.engines.exact:differentiate",
    "value": "gradcalc.engines.exact:value",
    "stress": "gradcalc.engines.stress:stress",
}
CLOSED_FORM_SHARE = 0.4  # of the time; the numbers need the rest
FORMS = Memory[dict[str, ClosedForm]](250)
MATCHING = Fraction(1, 2**80)  # relative difference of two results that are right to more than 100 bits


def load_engines() -> None:
    """Import every engine, which takes a second; a process that is forked afterwards has them at once."""
    for address in ENGINES.values():
        load(address)


def diff(
    expression: str,
    *,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    order: int = 1,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    atol: float = 0.0,
    timeout: float = DEFAULT_TIMEOUT,
) -> Comparison:
    """The gradient of `expression`: its closed form and, with `at`, autograd's value compared with the true one.

    `at` gives every variable a number: `{"x": 3}`, `"x=3,y=pi/4"`, or `3` where there is one variable. `wrt` names
    the variables to derive by, every one unless given. With `order` N, the N-th derivative by each. `dtype` is
    float64, float32, float16 or bfloat16; `rtol` and `atol` say how far autograd may be off. `timeout` is in seconds.

    Raises a GradcalcError: ExpressionSyntaxError or UnknownNameError with the place in the text, PointError,
    UsageError, or LimitError where a budget or the time is used up.
    """
    with time_limit(timeout):
        limits = current()
        problem = pose(expression, limits, at=at, wrt=wrt, order=order, dtype=dtype)
        tolerance = tolerance_of(problem, rtol, atol)
        forms = closed_forms(problem, timeout * CLOSED_FORM_SHARE)
        if problem.point is None:
            return _comparison(problem, {name: Row(name, form.text, note=form.note) for name, form in forms.items()})
        return compared(problem, forms, tolerance, limits)


def closed_forms(problem: Problem, seconds: float) -> dict[str, ClosedForm]:
    """The closed form by each variable, within a time budget."""
    if len(problem.source) > REMEMBERED:
        return _closed_forms(problem, seconds)
    key = (problem.source, problem.variables, problem.wrt, problem.order, seconds)
    return FORMS.recall(key, partial(_closed_forms, problem, seconds))


def _closed_forms(problem: Problem, seconds: float) -> dict[str, ClosedForm]:
    try:
        with alarm(seconds):
            forms: dict[str, ClosedForm] = load(ENGINES["closed form"])(problem)
            return forms
    except TimeUp:
        return dict.fromkeys(problem.wrt, ClosedForm(None, "the closed form takes too long to find"))


def compared(
    problem: Problem,
    forms: dict[str, ClosedForm],
    tolerance: Tolerance,
    limits: Limits,
    autograd: Autograd | None = None,
) -> Comparison:
    """The comparison at the problem's point; `autograd` is what torch said, where it was asked already."""
    truth: Truth = load(ENGINES["truth"])(problem)
    autograd = autograd or load(ENGINES["autograd"])(problem)
    rows = {
        name: compare(
            problem,
            name,
            truth.slopes[name],
            autograd.gradient.get(name, 0.0),
            _verified(forms[name], truth.slopes[name], problem, limits),
            tolerance,
            partial(load(ENGINES["stress"]), problem, name),
        )
        for name in problem.wrt
    }
    return _comparison(problem, rows, truth.value)


def _verified(form: ClosedForm, slope: Slope, problem: Problem, limits: Limits) -> ClosedForm:
    """The closed form, unless its value at the point contradicts the true derivative."""
    true = slope.value.fraction() if slope.value else None
    if form.text is None or true is None:
        return form
    found = _value(read(form.text, limits, problem.variables).root, problem)
    value = found.fraction() if found else None
    if value is None or abs(value - true) <= MATCHING * abs(true):
        return form
    if slope.magnitude is None:  # the rules did not decide here, so the point is a special one for them
        return ClosedForm(form.text, "the closed form holds around this point, not at it")
    return ClosedForm(None, "SymPy's closed form contradicts the true value here and is not shown")


def _comparison(problem: Problem, rows: dict[str, Row], value: Real | None = None) -> Comparison:
    verdicts = [row.verdict for row in rows.values() if row.verdict is not None]
    links = tuple(_links(problem)) if len(problem.definitions) > 1 and problem.order == 1 else ()
    return Comparison(
        expression=problem.source,
        reading=_reading(problem) if problem.rewritten else None,
        at=problem.point,
        dtype=problem.dtype,
        order=problem.order,
        value=None if value is None else value.nearest(problem.format),
        gradient=rows,
        chain=links,
        ways={name: chain.ways(links, links[-1].of, name) for name in rows} if links else {},
        verdict=None if problem.point is None else worst(verdicts),
    )


def _links(problem: Problem) -> list[Link]:
    """The links of the chain rule, where the expression is a program."""
    found = []
    for local in chain.links(problem.definitions):
        value = None if problem.point is None else _value(local.whole, problem)
        found.append(
            Link(local.of, local.by, to_text(local.formula), None if value is None else value.nearest(problem.format))
        )
    return found


def _value(root: Node, problem: Problem) -> Real | None:
    """The exact value of a tree at the problem's point; None where it has none."""
    value: Real | None = load(ENGINES["value"])(root, problem.point)
    return value


def _reading(problem: Problem) -> str:
    """How the expression was understood, in plain notation."""
    return "; ".join(
        f"{one.name} = {to_text(one.body)}" if one.name else to_text(one.body) for one in problem.definitions
    )
