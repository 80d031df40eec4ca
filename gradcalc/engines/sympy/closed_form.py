"""SymPy: the closed form of each partial derivative, simplified where that makes it shorter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sympy

import gradcalc.engines.sympy.effort  # noqa: F401  # which counts SymPy's work
from gradcalc.base.effort import Exhausted, granted
from gradcalc.base.errors import LimitError
from gradcalc.calculus.forms.shortest import Forms
from gradcalc.engines.records import ClosedForm
from gradcalc.engines.sympy.derivative import derivative
from gradcalc.engines.sympy.functions import FUNCTIONS, OPAQUE, Abs, LeftOut, real_function
from gradcalc.engines.sympy.text import NotExpressible, to_tree
from gradcalc.functions import CATALOGUE
from gradcalc.functions.forms import usage
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, depth, postorder

LARGEST = 1_500  # nodes; the closed form of more fills pages
DEEPEST = 150  # levels; SymPy walks its trees by recursion
LONGEST = 20_000  # characters of a formula worth printing
TOO_LONG = "the closed form is too long to show"
TOO_DEEP = "the expression is nested too deep for a closed form"
STUMBLED = "SymPy finds no closed form"
SIMPLIFYING = 300_000  # steps for each partial

CONSTANTS = {"pi": sympy.pi, "e": sympy.E}


def differentiate(problem: Problem) -> dict[str, ClosedForm]:
    """The closed form of each derivative, or why it is left out."""
    return {name: form for (name,), form in _closed_forms(problem, [(name,) for name in problem.wrt], problem.order)}


def second_derivatives(problem: Problem) -> Iterator[tuple[str, str, ClosedForm]]:
    """The closed form of each second derivative as it is found; of two mixed ones, that by the first name first."""
    pairs = [(one, other) for place, one in enumerate(problem.wrt) for other in problem.wrt[place:]]
    yield from ((one, other, form) for (one, other), form in _closed_forms(problem, pairs))


def at_zero(problem: Problem, name: str) -> ClosedForm:
    """The closed form of the derivative by a variable, with 0 put in for that variable."""
    ((_, form),) = _closed_forms(problem, [(name,)], problem.order, {symbol(name): sympy.S.Zero})
    return form


def _closed_forms(
    problem: Problem, turns: Sequence[tuple[str, ...]], order: int = 1, values: Mapping[Any, Any] | None = None
) -> Iterator[tuple[tuple[str, ...], ClosedForm]]:
    """For each turn the derivative by its names, so many times, then with values put in for symbols."""
    try:
        function, forms = lowered(problem.root), Forms(problem.root)
        for names in turns:
            yield names, _closed_form(function, names * order, forms, values)
    except Exception as error:  # SymPy stumbles over some expressions, as `asin(pi) > x`, with errors of every kind
        yield from ((names, ClosedForm(None, reason(error))) for names in turns)


def reason(error: Exception) -> str:
    """Why a closed form is left out."""
    if isinstance(error, LeftOut):
        return str(error)
    return TOO_DEEP if isinstance(error, RecursionError) else STUMBLED  # SymPy's own walks are recursive


def _closed_form(
    function: Any, names: Sequence[str], forms: Forms, values: Mapping[Any, Any] | None = None
) -> ClosedForm:
    """The derivative by each name in turn, then with values put in for symbols."""

    def found() -> Node:
        current = function
        for name in names:
            current = own_pieces(derivative(current, symbol(name)))
        return shortest(to_tree(current.subs(values) if values else current), forms.shortest)

    return written(found)


def written(find: Callable[[], Node]) -> ClosedForm:
    """The tree that is found as a closed form, or why it is none."""
    try:
        root = find()
        text = to_text(root)
    except NotExpressible as reason:
        return ClosedForm(None, f"SymPy's closed form has {reason} in it")
    except ValueError:  # Python writes out no integer of more than 4300 digits
        return ClosedForm(None, "SymPy's closed form has an integer of thousands of digits in it")
    except LimitError:
        return ClosedForm(None, TOO_LONG)
    return ClosedForm(text, root=root) if len(text) <= LONGEST else ClosedForm(None, TOO_LONG)


def shortest(tree: Node, find: Callable[[Node], Node]) -> Node:
    """The form that is found in the steps there are; else the tree as it is."""
    try:
        with granted(SIMPLIFYING):
            return find(tree)
    except Exhausted:
        return tree


def symbol(name: str) -> Any:
    """A variable: gradcalc computes with real numbers."""
    return sympy.Symbol(name, real=True)


def lowered(root: Node) -> Any:
    """The tree as a SymPy expression. Raises LeftOut where it is larger or deeper than SymPy handles."""
    order = postorder(root)
    if len(order) > LARGEST:
        raise LeftOut(TOO_LONG)
    if depth(order) > DEEPEST:
        raise LeftOut(TOO_DEEP)
    return own_pieces(_expression(order, {}))


def own_pieces(expression: Any) -> Any:
    """SymPy's own |x|, which it makes of sqrt(x**2), as ours: its derivative's derivative is a delta function."""
    return expression.replace(sympy.Abs, Abs) if expression.has(sympy.Abs) else expression


def _expression(order: list[Node], bound: dict[str, Any]) -> Any:
    built: dict[int, Any] = {}
    for node in order:
        if isinstance(node, Name):
            built[id(node)] = bound[node.name] if node.name in bound else symbol(node.name)
        elif isinstance(node, Number):
            built[id(node)] = sympy.Rational(node.value.numerator, node.value.denominator)
        elif isinstance(node, Constant):
            built[id(node)] = CONSTANTS[node.name]
        else:
            built[id(node)] = _call(node, [built[id(argument)] for argument in node.arguments])
    return built[id(order[-1])]


def _call(node: Call, arguments: list[Any]) -> Any:
    """SymPy's own function where it has a good one, else the catalogue's definition; by its rules where it has none."""
    row = CATALOGUE[node.function]
    function = FUNCTIONS.get(row.name)
    if function is None and row.definition is not None and row.name not in OPAQUE:
        return _rule(row.definition, dict(zip(row.parameters, arguments, strict=True)))
    return (function or _by_rules(row.name))(*arguments)


def _rule(text: str, bound: dict[str, Any]) -> Any:
    """A rule of the catalogue in terms of SymPy's expressions."""
    return _expression(postorder(rule(text)), bound)


@cache
def _by_rules(name: str) -> Any:
    """A function that SymPy knows nothing of but the derivatives that the catalogue gives it."""
    row = CATALOGUE[name]

    def slope(place: int) -> Callable[..., Any]:
        def derivative(*arguments: Any) -> Any:
            if (text := row.rule_to(place)) is None:
                raise LeftOut(f"{usage(row)} has no derivative by a whole number")
            bound = dict(zip(row.parameters, arguments, strict=True))
            return _rule(text, bound | {"g": sympy.S.One, "out": function(*arguments)})

        return derivative

    function = real_function(name, *map(slope, range(len(row.parameters))), arity=len(row.parameters))
    return function
