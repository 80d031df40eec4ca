"""Transposes moved outwards, as papers have them: `(g*(1 - h**2)).T` for `g.T*(1 - h.T**2)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.calculus.simplify import factors_of
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    Number,
    rebuilt,
    with_arguments,
)

MATRIX = 2  # axes
SCALED = frozenset({"mul", "div", "neg"})


def upright(root: Node, shapes: Mapping[str, Shape]) -> Node:
    """An equal tree with fewer transposes. Raises ShapeError where shapes do not fit."""
    inferred = infer(root, shapes)

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        made = with_arguments(node, arguments)
        if not isinstance(node, Call) or not isinstance(made, Call):
            return made
        return _moved(made, [inferred[id(one)] for one in node.arguments])

    return rebuilt(rebuilt(root, change), _scaled)


def _moved(node: Call, shapes: Sequence[Shape]) -> Node:
    """A call of arguments of those shapes, its transposes outside."""
    inner = [_untransposed(one) for one in node.arguments]
    if node.function == "transpose":
        return node if inner[0] is None else inner[0]
    if node.function == "matmul" and inner[0] is not None and inner[1] is not None:
        both = inner[1], inner[0]
        return _transposed(Call("matmul", both)) if any(isinstance(one, Call) for one in both) else node
    turned = [one for one, shape in zip(inner, shapes, strict=True) if len(shape) == MATRIX]
    if node.function in ARRAY_FUNCTIONS or not turned or None in turned:
        return node
    if any(len(shape) == 1 for shape in shapes):
        return node
    found = [_untransposed(one) or one for one in node.arguments]
    return _transposed(_ordered(Call(node.function, tuple(found))))


def _ordered(node: Call) -> Call:
    """A product with its names first, as gradients are written."""
    if node.function != "mul":
        return node
    factors = sorted(
        factors_of(node), key=lambda one: 0 if isinstance(one, Number) else 1 if isinstance(one, Name) else 2
    )
    made = factors[0]
    for one in factors[1:]:
        made = Call("mul", (made, one))
    assert isinstance(made, Call)
    return made


def _scaled(node: Node, arguments: tuple[Node, ...]) -> Node:
    """`2*X.T` for `(2*X).T`."""
    made = with_arguments(node, arguments)
    inner = _untransposed(made)
    if not isinstance(inner, Call) or inner.function not in SCALED:
        return made
    whole = [isinstance(one, Number) for one in inner.arguments]
    if inner.function == "neg":
        return Call("neg", (_transposed(inner.arguments[0]),))
    if whole == [True, False]:
        return Call(inner.function, (inner.arguments[0], _transposed(inner.arguments[1])))
    if whole == [False, True]:
        return Call(inner.function, (_transposed(inner.arguments[0]), inner.arguments[1]))
    return made


def _transposed(node: Node) -> Call:
    return Call("transpose", (node,))


def _untransposed(node: Node) -> Node | None:
    """What is transposed; None where nothing is."""
    return node.arguments[0] if isinstance(node, Call) and node.function == "transpose" else None
