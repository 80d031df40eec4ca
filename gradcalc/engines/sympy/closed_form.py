"""SymPy: the closed form of each partial derivative, simplified where that makes it shorter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sympy

from gradcalc.base.effort import Exhausted
from gradcalc.engines.records import ClosedForm
from gradcalc.engines.sympy.derivative import derivative
from gradcalc.engines.sympy.effort import ANGLES, grants, is_small
from gradcalc.engines.sympy.functions import FUNCTIONS, OPAQUE, Abs, LeftOut, real_function
from gradcalc.engines.sympy.text import NotExpressible, to_text
from gradcalc.functions import CATALOGUE
from gradcalc.functions.forms import usage
from gradcalc.functions.function import rule
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, depth, postorder

LARGEST = 1_500  # nodes; the closed form of more fills pages
DEEPEST = 150  # levels; SymPy walks its trees by recursion
LONGEST = 20_000  # characters of a formula worth printing
TOO_LONG = "the closed form is too long to show"
TOO_DEEP = "the expression is nested too deep for a closed form"
STUMBLED = "SymPy finds no closed form"
SIMPLE = 12  # operations; below this a product needs no simplifying
COMPLEX = 120  # operations; above this simplifying takes seconds
POLYNOMIAL = 40  # operations up to which a sum is worth multiplying out
LARGEST_POWER = 12
FEW_VARIABLES = 2  # up to which a common divisor of numerator and denominator is looked for
TRIGONOMETRIC = 16  # operations up to which trigonometric identities are tried
SIMPLIFYING = 300_000  # steps for each partial


CONSTANTS = {"pi": sympy.pi, "e": sympy.E}


def differentiate(problem: Problem) -> dict[str, ClosedForm]:
    """The closed form of each derivative, or why it is left out."""
    try:
        function = lowered(problem.root)
        return {name: _closed_form(function, [name] * problem.order) for name in problem.wrt}
    except Exception as error:  # SymPy stumbles over some expressions, as `asin(pi) > x`, with errors of every kind
        return dict.fromkeys(problem.wrt, ClosedForm(None, _reason(error)))


def second_derivatives(problem: Problem) -> Iterator[tuple[str, str, ClosedForm]]:
    """The closed form of each second derivative as it is found; of two mixed ones, that by the first name first."""
    pairs = [(one, other) for place, one in enumerate(problem.wrt) for other in problem.wrt[place:]]
    try:
        function = lowered(problem.root)
        for one, other in pairs:
            yield one, other, _closed_form(function, [one, other])
    except Exception as error:  # as above
        yield from ((one, other, ClosedForm(None, _reason(error))) for one, other in pairs)


def at_zero(problem: Problem, name: str) -> ClosedForm:
    """The closed form of the derivative by a variable, with 0 put in for that variable."""
    try:
        return _closed_form(lowered(problem.root), [name] * problem.order, {symbol(name): sympy.S.Zero})
    except Exception as error:  # as above
        return ClosedForm(None, _reason(error))


def _reason(error: Exception) -> str:
    """Why a closed form is left out."""
    if isinstance(error, LeftOut):
        return str(error)
    return TOO_DEEP if isinstance(error, RecursionError) else STUMBLED  # SymPy's own walks are recursive


def _closed_form(function: Any, names: Sequence[str], values: Mapping[Any, Any] | None = None) -> ClosedForm:
    """The derivative by each name in turn, then with values put in for symbols."""
    try:
        for name in names:
            function = _own_pieces(derivative(function, symbol(name)))
        text = _text(function.subs(values) if values else function)
    except NotExpressible as reason:
        return ClosedForm(None, f"SymPy's closed form has {reason} in it")
    return ClosedForm(text) if len(text) <= LONGEST else ClosedForm(None, TOO_LONG)


def _text(function: Any) -> str:
    try:
        return to_text(shortest(function))
    except ValueError:  # Python writes out no integer of more than 4300 digits
        raise NotExpressible("an integer of thousands of digits") from None


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
    return _own_pieces(_expression(order, {}))


def _own_pieces(expression: Any) -> Any:
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


# -- simplification


def shortest(expression: Any) -> Any:
    """The shortest of a few equal forms, as far as they are found easily; often the expression itself."""
    best, size = expression, sympy.count_ops(expression)
    if (size <= SIMPLE and not expression.is_Add) or size > COMPLEX:
        return expression
    for grant in grants(SIMPLIFYING):
        best, least = expression, size
        try:
            with grant:
                for candidate in _equal_forms(expression, size):
                    if candidate != expression and (candidate_size := sympy.count_ops(candidate)) < least:
                        best, least = candidate, candidate_size
                return best
        except Exhausted:
            pass  # what was found so far stands
    return best


def _equal_forms(expression: Any, size: int) -> Iterator[Any]:
    """Forms of an expression of `size` operations that may be shorter, each tried only where it has a chance."""
    yield sympy.factor_terms(expression)
    quotient = sympy.together(expression)
    yield quotient
    if size <= POLYNOMIAL and _has_small_powers(expression) and is_small(expression):
        numerator, denominator = sympy.fraction(quotient)
        if (multiplied := sympy.expand(numerator)) != numerator:
            yield sympy.factor_terms(multiplied) / denominator
        if len(expression.free_symbols) <= FEW_VARIABLES:
            yield sympy.cancel(expression)
    if size <= TRIGONOMETRIC and is_small(expression, angles=True) and _has_identity(expression):
        yield sympy.trigsimp(expression)


def _has_small_powers(expression: Any) -> bool:
    """Would multiplying out stay readable?"""
    powers = expression.atoms(sympy.Pow)
    return not any(power.exp.is_Integer and abs(power.exp) > LARGEST_POWER for power in powers)


def _has_identity(expression: Any) -> bool:
    """Is there something that an identity of trigonometric or hyperbolic functions may shorten?

    A product of two of them at one angle, `sin(x)*cos(x)`, or terms of a sum that are alike but for a product or a
    square of them, `a*cos(x)**2 + a/(1 + cos(x))`.
    """
    return any(len(angles) > len(set(angles)) for angles in map(_angles, expression.atoms(sympy.Mul))) or any(
        _alike_but_for_angles(total) for total in expression.atoms(sympy.Add)
    )


def _angles(product: Any) -> list[Any]:
    """The angles of the trigonometric and hyperbolic functions among the factors."""
    bases = [factor.as_base_exp()[0] for factor in product.args]
    return [base.args[0] for base in bases if isinstance(base, ANGLES)]


def _alike_but_for_angles(total: Any) -> bool:
    degrees: dict[Any, list[int]] = {}
    for term in total.args:
        powers = [factor.as_base_exp() for factor in sympy.Mul.make_args(term)]
        others = frozenset((base, power) for base, power in powers if not (base.is_Number or base.has(*ANGLES)))
        degree = sum(abs(int(power)) for base, power in powers if isinstance(base, ANGLES) and power.is_Integer)
        degrees.setdefault(others, []).append(degree)
    return any(len(found) > 1 and max(found) > 1 for found in degrees.values())
