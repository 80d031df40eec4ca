"""The shapes of a problem, from the values at the point or declared, and the sizes with names that they are made of."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from gradcalc.arrays.array import Array, Value, shape_of
from gradcalc.arrays.assumed import assumed as assume
from gradcalc.arrays.assumed import folds
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Dimension, Shape, named_sizes, text
from gradcalc.base.errors import LimitError, ShapeError, UsageError, did_you_mean, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.words import MOST_NAMES
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.problem.resolve import Expression
from gradcalc.syntax.tree import (
    Call,
    Constant,
    Name,
    Node,
    Number,
    children,
    free_names,
    postorder,
    put_in,
    rebuilt_together,
)

GivenShapes: TypeAlias = Mapping[str, Sequence[int | str] | int] | Sequence[str] | str
DECLARED = re.compile(r"\s*([^\W\d]\w*)\s*=\s*([\w\s,]*)")
NEXT = re.compile(r",(?=\s*[^\W\d]\w*\s*=)")  # of x=n,y=n
LARGEST_DIMENSION = 10**7
UNFIT = "give the shapes, as in --shape x=n --shape A=n,n, or values with --at"
Stated: TypeAlias = Sequence[tuple[str, Shape]]  # names and their shapes, as they are declared
EXPECTED_SIZE = "write the number, or declare what has this size, as in --shape x=n"


@dataclass(frozen=True, slots=True)
class Shaped:
    """The shapes of array variables, which of them nobody gave, and whether an expression deals in arrays at all."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    assumed: Mapping[str, Shape] = field(default_factory=dict)
    arrays: bool = False


def has_arrays(root: Node) -> bool:
    """Does an expression use arrays?"""
    return any(isinstance(node, Call) and node.function in ARRAY_FUNCTIONS for node in postorder(root))


def settled_shapes(
    given: GivenShapes | None, values: Mapping[str, Value] | None, known: Iterable[str]
) -> dict[str, Shape]:
    """The shape of each array variable. Raises UsageError where declarations do not fit the variables or the values."""
    shapes: dict[str, Shape] = {}
    names = list(dict.fromkeys(known))
    for name, shape in declared(given):
        if name not in names:
            hint = did_you_mean(name, names) or (
                f"its variables are {', '.join(names[:MOST_NAMES])}" if names else None
            )
            raise UsageError(f"`{shortened(name)}` has a shape but is no variable of the expression", hint=hint)
        if name in shapes:
            raise UsageError(f"the shape of `{shortened(name)}` is declared twice")
        shapes[name] = shape
    for name, value in (values or {}).items():
        shape = shape_of(value)
        if name in shapes and not _fits(shapes[name], shape):
            raise UsageError(f"the value of `{name}` has shape {text(shape)}, expected {text(shapes[name])}")
        shapes[name] = shape
    return {name: shape for name, shape in shapes.items() if shape}


def _fits(declared: Shape, shape: Shape) -> bool:
    """Is a shape one that was declared? A name stands for any number."""
    pairs = zip(declared, shape, strict=False)
    return len(declared) == len(shape) and all(isinstance(one, str) or one == other for one, other in pairs)


def declared(given: GivenShapes | None) -> list[tuple[str, Shape]]:
    """Names and shapes from `x=n`, `A=n,n`, or a mapping."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        rows = {name: (shape,) if isinstance(shape, int) else shape for name, shape in given.items()}
        return [(name, tuple(_dimension(str(size)) for size in shape)) for name, shape in rows.items()]
    found = []
    declarations = [given] if isinstance(given, str) else given
    for declaration in (one for several in declarations for one in NEXT.split(several)):
        matched = DECLARED.fullmatch(declaration)
        sizes = [] if matched is None else [size.strip() for size in matched[2].removesuffix(",").split(",")]
        if matched is None or not all(sizes):
            hint = "write --shape x=n, or --shape A=2,3, one --shape for each variable"
            raise UsageError(f"`{shortened(declaration)}` declares no shape", hint=hint)
        found.append((matched[1], tuple(map(_dimension, sizes))))
    return found


def _dimension(size: str) -> int | str:
    """A dimension: a number from 1, or a name."""
    if size.isidentifier():
        return size
    if not (size.isascii() and size.isdigit() and 1 <= int(size[:10]) <= LARGEST_DIMENSION):
        hint = f"a dimension is a whole number from 1 to {LARGEST_DIMENSION:,}, or a name such as n"
        raise UsageError(f"`{shortened(size)}` is no dimension", hint=hint)
    return int(size)


def size_names(found: Expression, stated: Stated, variables: Container[str]) -> frozenset[str]:
    """The names in an expression that are dimensions of declared shapes; what is one of `variables` is none.

    Raises ShapeError, with the place, at another name where a size is expected.
    """
    order = postorder(found.root)
    dimensions = named_sizes(shape for _, shape in stated)
    sizes = frozenset(name for name in free_names(order) if name in dimensions and name not in variables)
    for one in (child for node in order if _is_sized(node) for child in children(node)):
        if isinstance(one, Name) and one.name not in sizes:
            message = "expected a whole number here, not a variable"
            raise ShapeError(message, span=one.span, hint=EXPECTED_SIZE).located(found.source)
    return sizes


def _is_sized(node: Node) -> bool:
    """Is this a function of sizes alone?"""
    row = ARRAY_FUNCTIONS.get(node.function) if isinstance(node, Call) else None
    return row is not None and not row.parted(children(node))[0]


def _sized(size: Dimension) -> Node:
    return Number(Fraction(size)) if isinstance(size, int) else Constant(size)


def with_sizes(found: Expression, names: Iterable[str], stated: Stated, shapes: Mapping[str, Shape]) -> Expression:
    """The expression with the numbers that the shapes give these sizes; without values a size stays a name."""
    both = [(shape, shapes.get(name, shape)) for name, shape in stated]
    sizes = {one: other for shape, own in both if len(shape) == len(own) for one, other in zip(shape, own, strict=True)}
    known: dict[str, Node] = {name: _sized(sizes.get(name, name)) for name in names}
    given = found.definitions
    trees = rebuilt_together([found.root, *(one.body for one in given), *(one.whole for one in given)], put_in(known))
    bodies, wholes = trees[1 : len(given) + 1], trees[len(given) + 1 :]
    definitions = (replace(one, body=body, whole=whole) for one, body, whole in zip(given, bodies, wholes, strict=True))
    return replace(found, root=trees[0], definitions=tuple(definitions))


def shaped(
    found: Expression, shapes: Mapping[str, Shape], values: Mapping[str, Value] | None, limits: Limits
) -> Shaped:
    """The shapes of an expression's variables, those that it calls for among them where it has no values.

    Raises ShapeError, with the place, where shapes do not fit, and LimitError where arrays are too large.
    """
    if not shapes and not has_arrays(found.root):
        return Shaped()
    assumed: Mapping[str, Shape] = {}
    try:
        inferred = infer(found.root, shapes)
    except ShapeError as error:
        assumed = assume(found.root, shapes) if values is None else {}
        if not assumed:
            unfit = UNFIT if not shapes and found.variables else None
            error.hint = error.hint or unfit
            raise error.located(found.source) from None
    if values is None and not assumed and not shapes and folds(found.root):
        assumed = assume(found.root, shapes)
    if values is not None:
        require_room(found, inferred, limits)
    return Shaped({**shapes, **assumed}, assumed, arrays=True)


def require_room(found: Expression, shapes: Mapping[int, Shape], limits: Limits) -> None:
    """Raises LimitError where a part, or all of them together, have more elements than there may be."""
    total = 0
    for node in postorder(found.root):
        size = math.prod(int(dimension) for dimension in shapes[id(node)])
        total += size
        try:
            limits.require("elements", size, f"this array has {size:,} elements", node.span)
            limits.require("held_elements", total, "all arrays together hold too many elements", node.span)
        except LimitError as error:
            raise error.located(found.source) from None


def require_symmetric(
    names: Iterable[str], known: Collection[str], shapes: Mapping[str, Shape], values: Mapping[str, Value] | None
) -> None:
    """Raises UsageError where a name declared symmetric is no variable, no square matrix, or has another value."""
    for name in names:
        if name not in known:
            raise UsageError(f"`{shortened(name)}` is declared symmetric, but is not a variable of the expression")
        shape = shapes.get(name, ())
        if len(shape) != 2 or shape[0] != shape[1]:
            raise UsageError(f"`{name}` is declared symmetric, but its shape is {text(shape)}")
        value = (values or {}).get(name)
        if isinstance(value, Array):
            rows = value.nested()
            if any(rows[i][j] != rows[j][i] for i in range(len(rows)) for j in range(i)):
                raise UsageError(f"`{name}` is declared symmetric, but its value is not")
