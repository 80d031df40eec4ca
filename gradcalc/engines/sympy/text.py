"""SymPy expressions as trees of gradcalc's own language."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy

from gradcalc.functions import CATALOGUE
from gradcalc.syntax.sparse import short
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number

REFUSED = {
    type(sympy.I): "an imaginary part",
    type(sympy.nan): "an undefined constant",
    type(sympy.zoo): "an infinite constant",
    type(sympy.oo): "an infinite constant",
    type(-sympy.oo): "an infinite constant",
}
ONE = Number(Fraction(1))


class NotExpressible(Exception):
    """The expression has something in it that gradcalc's language lacks; the message says what."""


def to_tree(expression: Any) -> Node:
    """The expression as a tree, what is shared in it shared in the tree too. Raises NotExpressible."""
    return Trees().tree(expression)


class Trees:
    """The trees of expressions, each made once."""

    def __init__(self) -> None:
        self._made: dict[Any, Node] = {}

    def tree(self, expression: Any) -> Node:
        """The tree of one expression."""
        found = self._made.get(expression)
        if found is None:
            make = KINDS.get(type(expression)) or (Trees._call if isinstance(expression, sympy.Function) else None)
            if make is None:
                make = Trees._number if expression.is_Rational else None
            if make is None:
                raise NotExpressible(REFUSED.get(type(expression), type(expression).__name__))
            found = self._made[expression] = make(self, expression)
        return found

    def _number(self, value: Any) -> Node:
        above, below = int(value.p), int(value.q)
        size = short(Fraction(abs(above), below))
        if size is None:
            size = Number(Fraction(abs(above)))
            size = size if below == 1 else Call("div", (size, Number(Fraction(below))))
        return Call("neg", (size,)) if above < 0 else size

    def _sum(self, total: Any) -> Node:
        first, *rest = total.args
        written = self.tree(first)
        for term in rest:
            negative = term.could_extract_minus_sign() and (term.is_Number or term.is_Mul)
            written = Call("sub" if negative else "add", (written, self.tree(-term if negative else term)))
        return written

    def _product(self, product: Any) -> Node:
        factors = list(product.args)
        number = factors[0] if factors[0].is_Rational else None
        above: list[Node] = []
        below: list[Node] = []
        if number is not None:
            factors = factors[1:]
            above += [self._number(sympy.Integer(abs(number.p)))] if abs(number.p) != 1 else []
            below += [self._number(sympy.Integer(number.q))] if number.q != 1 else []
        for one in factors:
            if one.is_Pow and one.exp.is_Rational and one.exp < 0:
                below.append(self.tree(one.base**-one.exp))
            else:
                above.append(self.tree(one))
        first, *rest = above or [ONE]
        if number is not None and number < 0:
            first = Call("neg", (first,))
        written = reduce(_times, rest, first)
        return Call("div", (written, reduce(_times, below))) if below else written

    def _power(self, power: Any) -> Node:
        base, exponent = power.args
        if exponent.is_Rational and exponent < 0:
            return Call("div", (ONE, self.tree(base**-exponent)))
        if exponent == sympy.S.Half:
            return Call("sqrt", (self.tree(base),))
        return Call("pow", (self.tree(base), self.tree(exponent)))

    def _call(self, call: Any) -> Node:
        name = type(call).__name__.lower()  # SymPy writes Abs, ours are in lower case
        if name not in CATALOGUE:
            raise NotExpressible(f"`{name}`")
        return Call(name, tuple(map(self.tree, call.args)))


def _times(x: Node, y: Node) -> Node:
    return Call("mul", (x, y))


KINDS: dict[type, Callable[[Trees, Any], Node]] = {
    sympy.Symbol: lambda trees, symbol: Name(symbol.name),
    sympy.Add: Trees._sum, sympy.Mul: Trees._product, sympy.Pow: Trees._power,
    type(sympy.pi): lambda trees, pi: Constant("pi"),
    type(sympy.E): lambda trees, e: Constant("e"),
}  # fmt: skip
