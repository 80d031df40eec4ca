"""Proof that two derivatives are one: SymPy simplifies their difference to 0, on either side of every kink."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import product
from typing import Any

import sympy

from gradcalc.base.effort import Exhausted, granted
from gradcalc.base.loading import loading
from gradcalc.engines.sympy.closed_form import lowered, symbol
from gradcalc.engines.sympy.effort import grants, is_small
from gradcalc.engines.sympy.functions import WRITTEN_OUT, Abs, Cbrt, Eq, Ge, Gt, Le, Lt, Maximum, Minimum, Ne, Sign
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, postorder

MOST_KINKS = 4  # each doubles the cases
SIMPLIFICATION = 500_000  # steps for each
MANY_TERMS = 100_000  # of a difference multiplied out, that the quick ones are tried on
ABOVE = {"log": 0, "log2": 0, "log10": 0, "sqrt": 0, "acosh": 1, "log1p": -1}  # what their arguments are not below


def prove(problem: Problem, proposals: Mapping[str, Node], steps: float) -> frozenset[str]:
    """The names whose proposed derivative is the true one, apart from single points, by SymPy's word.

    Its word holds for values as SymPy sees them; whether both are defined in the same places is not looked at.
    """
    found = set()
    try:
        with granted(steps):
            for name, proposal in proposals.items():
                if _proved(problem.root, name, proposal):
                    found.add(name)
    except Exhausted:
        pass  # what was proved so far stands
    return frozenset(found)


def _proved(root: Node, name: str, proposal: Node) -> bool:
    try:
        difference = sympy.diff(lowered(root), symbol(name)) - lowered(proposal)
        for function, definition in WRITTEN_OUT.items():
            difference = difference.replace(function, definition)
        above = {symbol(one): _positive_symbol(one) + least for one, least in _bounds(root).items()}
        return all(_is_zero(case.xreplace(above)) for case in _cases(difference))
    except Exception:  # whatever SymPy stumbles over is no proof
        return False


def _positive_symbol(name: str) -> Any:
    return sympy.Symbol(name, positive=True)


def _bounds(root: Node) -> dict[str, int]:
    """The variables that the domain holds above a number: they stand alone in a logarithm or root, in every branch."""
    order = postorder(root)
    found: dict[str, int] = {}
    if not any(isinstance(node, Call) and node.function == "where" for node in order):
        for node in order:
            if isinstance(node, Call) and node.function in ABOVE and isinstance(node.arguments[0], Name):
                name, least = node.arguments[0].name, ABOVE[node.function]
                found[name] = max(found.get(name, least), least)
    return found


def _is_zero(expression: Any) -> bool:
    if expression == 0 or (is_small(expression, MANY_TERMS) and any(_vanishes(expression, one) for one in QUICK)):
        return True
    if not is_small(expression, angles=True):
        return False
    with loading():
        import sympy.physics.units  # noqa: F401  # `simplify` asks about them, and nothing else does
    return any(_vanishes(expression, one) for one in THOROUGH)


def _vanishes(expression: Any, simplify: Callable[[Any], Any]) -> bool:
    """Does a simplification find 0, without much effort?"""
    for grant in grants(SIMPLIFICATION):
        with suppress(Exhausted), grant:
            return bool(simplify(expression) == 0)
    return False


QUICK: tuple[Callable[[Any], Any], ...] = (
    sympy.expand,
    sympy.together,
    lambda expression: sympy.expand(sympy.numer(sympy.together(expression.rewrite(sympy.exp)))),
)
THOROUGH: tuple[Callable[[Any], Any], ...] = (
    sympy.trigsimp,
    sympy.simplify,
    lambda expression: sympy.simplify(sympy.expand_log(expression)),
    lambda expression: sympy.simplify(expression.rewrite(sympy.exp)),
)


# -- kinks: |u|, sign(u), cbrt(u), max, min and conditions depend on the sign of some u alone, but where u is 0


def _cases(expression: Any) -> Iterator[Any]:
    """The expression with every sign decided, in every way. More kinks than MOST_KINKS are left as they are."""
    arguments = [_argument(one) for one in expression.atoms(Abs, Sign, Cbrt, Maximum, Minimum, *TRUE_FOR)]
    kinks = list(dict.fromkeys(_canonical(argument)[0] for argument in arguments if not argument.is_number))
    if len(kinks) > MOST_KINKS:
        yield expression
        return
    for signs in product((1, -1), repeat=len(kinks)):
        chosen = dict(zip(kinks, signs, strict=True))
        halves = {kink: side * _positive_symbol(kink.name) for kink, side in chosen.items() if kink.is_Symbol}
        yield _decided(expression, chosen).xreplace(halves)


def _argument(one: Any) -> Any:
    """The u whose sign decides."""
    return one.args[0] if len(one.args) == 1 else one.args[0] - one.args[1]


def _canonical(argument: Any) -> tuple[Any, int]:
    """One form for u, 2·u and -u, and the sign that tells them apart."""
    _, primitive = sympy.expand(argument).as_content_primitive()
    return (-primitive, -1) if primitive.could_extract_minus_sign() else (primitive, 1)


def _decided(expression: Any, chosen: Mapping[Any, int]) -> Any:
    """The expression where each u has the sign chosen for it."""

    def sign(one: Any) -> int | None:
        kink, side = _canonical(_argument(one))
        return chosen[kink] * side if kink in chosen else None

    pieces: tuple[tuple[Any, Callable[[Any, int], Any]], ...] = (
        *((kind, lambda one, s: sympy.true if s in TRUE_FOR[type(one)] else sympy.false) for kind in TRUE_FOR),
        (Abs, lambda one, s: s * one.args[0]),
        (Sign, lambda one, s: sympy.Integer(s)),
        (Cbrt, lambda one, s: s * (s * one.args[0]) ** sympy.Rational(1, 3)),
        (Maximum, lambda one, s: one.args[0 if s > 0 else 1]),
        (Minimum, lambda one, s: one.args[1 if s > 0 else 0]),
    )
    for kind, value in pieces:
        for one in sorted(expression.atoms(kind), key=sympy.count_ops):
            if (s := sign(one)) is not None:
                expression = expression.xreplace({one: value(one, s)})
    return expression


TRUE_FOR: dict[Any, tuple[int, ...]] = {
    Gt: (1,), Ge: (1,), Lt: (-1,), Le: (-1,), Ne: (1, -1), Eq: (),
}  # fmt: skip
