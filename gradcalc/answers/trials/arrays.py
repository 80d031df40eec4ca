"""Points to try a closed form at, where none was given: small arrays of ordinary numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.shape import Dimension
from gradcalc.arrays.writer import indices
from gradcalc.functions.function import substitute
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, Number, rebuilt, with_arguments

SMALL = (3, 2)  # sizes for dimensions that have names, in turn
LEAST_LARGE = 5  # a dimension of that size is made as small as one with a name
SHIFTS = ((0.31, 1.0), (0.12, 0.2), (1.6, 1.0), (-2.3, 1.0))  # where the numbers begin, and how they are scaled
STEP = 0.17  # from one number to the next
APART = 0.07  # from one variable to the next
DIAGONAL = 2.0  # more on the diagonal of a matrix, so that it has an inverse


@dataclass(frozen=True, slots=True)
class Sample:
    """The problem with numbers for its dimensions, and a point.

    `sizes` are those of the dimensions with names; where it was `shrunk`, others are smaller too.
    """

    problem: Problem
    sizes: Mapping[str, int]
    shrunk: bool

    def settled(self, form: Node) -> Node:
        """A closed form with numbers for the dimensions in it."""
        return rebuilt(substitute(form, _numbers(self.sizes)), _multiplied)


def _numbers(sizes: Mapping[str, int]) -> dict[str, Node]:
    return {name: Number(Fraction(size)) for name, size in sizes.items()}


def _multiplied(node: Node, arguments: tuple[Node, ...]) -> Node:
    """The number that a product of numbers is: an array's dimensions are literal."""
    if isinstance(node, Call) and node.function == "mul":
        first, second = arguments
        if isinstance(first, Number) and isinstance(second, Number):
            return Number(first.value * second.value)
    return with_arguments(node, arguments)


def samples(problem: Problem) -> Iterator[Sample]:
    """Some points in different parts of the number line."""
    sizes: dict[Dimension, int] = {}
    for dimension in (one for shape in problem.shapes.values() for one in shape):
        if isinstance(dimension, str) or dimension >= LEAST_LARGE:
            sizes.setdefault(dimension, SMALL[len(sizes) % len(SMALL)])
    shapes = {name: tuple(sizes.get(one) or int(one) for one in shape) for name, shape in problem.shapes.items()}
    named = {name: size for name, size in sizes.items() if isinstance(name, str)}
    numbers = _numbers({name: size for name, size in named.items() if name not in problem.variables})
    root = substitute(problem.root, numbers)
    variables = list(dict.fromkeys([*problem.variables, *problem.wrt]))
    for start, scale in SHIFTS:
        point: dict[str, Value] = {}
        for place, name in enumerate(variables):
            own = start + place * APART
            point[name] = _array(problem, name, shapes[name], own, scale) if name in shapes else own
        yield Sample(replace(problem, root=root, shapes=shapes, point=point), named, len(named) < len(sizes))


def _array(problem: Problem, name: str, shape: tuple[int, ...], start: float, scale: float) -> Array:
    """Numbers of a shape; symmetric where the variable is."""
    values = array("d")
    for index in indices(shape):
        places = sorted(index) if name in problem.symmetric else index
        step = sum(place * size for place, size in zip(places, (1.0, 3.0, 9.0), strict=False))
        on_diagonal = len(index) == 2 and index[0] == index[1]
        values.append(start + scale * STEP * step + (DIAGONAL if on_diagonal else 0.0))
    return Array(shape, values)
