"""The limit of a function of several variables at a point where it has no value: proven in all of them at once.

No number of ways to the point proves a limit: along every line x**2*y/(x**4 + y**2) goes to 0, along a parabola to
1/2. A bound on the whole function does: near the point it is at most C*r**d, in the distance r, and d is above 0. Such
bounds come from the first terms of Taylor series that do not vanish, those of a divisor from one with no other zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real, fraction
from gradcalc.calculus.simplify import build
from gradcalc.engines.exact.at_point import at_point, evaluate
from gradcalc.engines.exact.ball import Undecided
from gradcalc.engines.exact.bounds import bound
from gradcalc.engines.exact.rules import SIGNS
from gradcalc.engines.exact.sides import hole
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    children,
    free_names,
    number,
    postorder,
    rebuilt,
    replaced,
    with_arguments,
)

MOST_NAMES = 3
SIMPLE, NEARLY = 1000, Fraction(1, 2**80)  # a limit is taken for the simple fraction that it is so near to
INNER = "#"  # no name of the language begins so
JUMPING = frozenset(
    {"sign", "floor", "ceil", "where", "round", "trunc", "frac", "heaviside", "mod", "remainder", "fmod"}
)


def removable(root: Node, point: Mapping[str, Fraction], missing: Node) -> Real | None:
    """The limit of a function at a point where its part `missing` has no value; None where none is proven."""
    names = free_names(postorder(root))
    if len(names) == 1:
        return hole(root, point, names[0])
    try:
        return _filled(root, point, missing)
    except (LimitError, Undecided):
        return None


def _filled(root: Node, point: Mapping[str, Fraction], missing: Node) -> Real | None:
    """The value of the function that takes the limit of the part as its value, where it is smooth about that.

    Where the part has no limit, one that it is a part of may have.
    """
    for node in _around(root, missing):
        if isinstance(node, Call) and node.function in SIGNS:  # beside the point any branch may count
            return None
        value = _limit(node, point)
        if value is None:
            continue
        if node is root:
            return value
        known = fraction(value)
        rest = replaced(root, {} if known is None else {id(node): number(known)})
        found, slopes = at_point(rest, point, free_names(postorder(rest)))
        return found if isinstance(found, Real) and None not in slopes.values() else None
    return None


def _around(root: Node, inner: Node) -> Iterator[Node]:
    """The parts of a tree that one of its parts is in, itself first."""
    within = {id(inner)}
    for node in postorder(root):
        if id(node) in within or not within.isdisjoint(map(id, children(node))):
            within.add(id(node))
            yield node


def _limit(node: Node, point: Mapping[str, Fraction]) -> Real | None:
    """The limit of a part without a value: along its one variable, by one quantity that it depends on, or by bounds."""
    names = free_names(postorder(node))
    if len(names) == 1:
        return hole(node, point, names[0])
    return _by_one_quantity(node, point, names) or (
        _by_bounds(node, point, names) if len(names) <= MOST_NAMES else None
    )


def _by_one_quantity(root: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Real | None:
    """The limit of what depends on its variables by one continuous quantity alone: as sin(x*y)/(x*y) by x*y."""
    for inner in postorder(root):
        parts = postorder(inner)
        if inner is root or not isinstance(inner, Call) or inner.function in SIGNS:
            continue  # a condition is no quantity
        if set(free_names(parts)) != set(names):
            continue
        outer = _in_terms_of(inner, root)
        if free_names(postorder(outer)) != [INNER] or any(
            isinstance(one, Call) and one.function in JUMPING for one in parts
        ):
            continue
        value = evaluate(inner, point)
        if isinstance(value, Real) and value.mantissa == 0:
            return hole(outer, {INNER: Fraction(0)}, INNER, edges=True)
    return None


def _in_terms_of(inner: Node, root: Node) -> Node:
    """The tree with a variable in place of each part that is like `inner`."""
    return rebuilt(root, lambda node, arguments: Name(INNER) if node == inner else with_arguments(node, arguments))


# -- by bounds


def _by_bounds(node: Node, point: Mapping[str, Fraction], names: Sequence[str]) -> Real | None:
    """The limit that bounds prove; it is looked for along one line."""
    line = {
        name: Call("add", (number(point[name]), build("mul", number(Fraction(k + 1)), Name(INNER))))
        for k, name in enumerate(names)
    }
    sought = hole(_on(node, line), {INNER: Fraction(0)}, INNER)
    value = fraction(sought)
    if value is None:
        return None
    simple = value.limit_denominator(SIMPLE)
    if abs(value - simple) > NEARLY:
        return None
    gap = node if simple == 0 else _gap(node, simple)
    found = None if gap is None else bound(gap, point, names)
    return sought if found is not None and found.degree > 0 else None


def _on(node: Node, line: Mapping[str, Node]) -> Node:
    return rebuilt(
        node,
        lambda one, arguments: (
            line[one.name] if isinstance(one, Name) and one.name in line else with_arguments(one, arguments)
        ),
    )


def _gap(node: Node, limit: Fraction) -> Node | None:
    """How far a quotient is from a number, over one divisor."""
    if not isinstance(node, Call) or node.function != "div":
        return None
    above, below = node.arguments
    return Call("div", (Call("sub", (above, Call("mul", (number(limit), below)))), below))
