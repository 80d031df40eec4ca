"""Sizes with names inside an expression: the `n` of `sum(x)/n` or `ones(n)`, where a declared shape says what n is."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.base.errors import ShapeError
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.problem.resolve import Expression
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, children, free_names, postorder, substitute

Declared: TypeAlias = Sequence[tuple[str, Shape]]
HINT = "write the number, or declare what has this size, as in --shape x=n"


def size_names(found: Expression, declared: Declared, variables: Container[str]) -> frozenset[str]:
    """The names in an expression that are dimensions of declared shapes; what is one of `variables` is none.

    Raises ShapeError, with the place, at another name where a size is expected.
    """
    order = postorder(found.root)
    dimensions = {size for _, shape in declared for size in shape if isinstance(size, str)}
    sizes = frozenset(name for name in free_names(order) if name in dimensions and name not in variables)
    for one in (child for node in order if _is_sized(node) for child in children(node)):
        if isinstance(one, Name) and one.name not in sizes:
            message = "expected a whole number here, not a variable"
            raise ShapeError(message, span=one.span, hint=HINT).located(found.source)
    return sizes


def _is_sized(node: Node) -> bool:
    """Is this a function of sizes alone?"""
    row = ARRAY_FUNCTIONS.get(node.function) if isinstance(node, Call) else None
    return row is not None and not row.parted(children(node))[0]


def _sized(size: Dimension) -> Node:
    return Number(Fraction(size)) if isinstance(size, int) else Constant(size)


def with_sizes(found: Expression, names: Iterable[str], declared: Declared, shapes: Mapping[str, Shape]) -> Expression:
    """The expression with the numbers that the shapes give these sizes; without values a size stays a name."""
    both = [(shape, shapes.get(name, shape)) for name, shape in declared]
    sizes = {one: other for shape, own in both if len(shape) == len(own) for one, other in zip(shape, own, strict=True)}
    known: dict[str, Node] = {name: _sized(sizes.get(name, name)) for name in names}
    return replace(
        found,
        root=substitute(found.root, known),
        definitions=tuple(
            replace(one, body=substitute(one.body, known), whole=substitute(one.whole, known))
            for one in found.definitions
        ),
    )
