"""One array operation written out: each component of the result as a scalar expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import TypeAlias

from gradcalc.arrays.infer import Given
from gradcalc.arrays.shape import Shape, checked_axis
from gradcalc.syntax.tree import Call, Node, Number

Index: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Components:
    """An array of scalar expressions, in row-major order."""

    shape: Shape
    nodes: tuple[Node, ...]

    def __getitem__(self, index: Index) -> Node:
        place = 0
        for position, dimension in zip(index, self.shape, strict=True):
            place = place * int(dimension) + position
        return self.nodes[place]


def indices(shape: Shape) -> Iterator[Index]:
    """Every index of an array, in row-major order, from 0."""
    return product(*(range(int(dimension)) for dimension in shape))


class Writer:
    """Writes one array operation out; every node carries the span of the operation, for errors to point at."""

    def __init__(self, node: Call, shape: Shape) -> None:
        self.node, self.shape, self.span = node, shape, node.span

    # -- scalar pieces

    def call(self, function: str, *arguments: Node) -> Node:
        """A scalar call."""
        return Call(function, arguments, self.span)

    def number(self, value: int) -> Node:
        """A whole number, not negative."""
        return Number(Fraction(value), self.span)

    def total(self, terms: list[Node]) -> Node:
        """The sum of some terms, from the left; 0 where there are none."""
        return reduce(lambda x, y: self.call("add", x, y), terms) if terms else self.number(0)

    def dot(self, x: list[Node], y: list[Node]) -> Node:
        """The sum of the products of two lists."""
        return self.total([self.call("mul", a, b) for a, b in zip(x, y, strict=True)])

    def build(self, element: Callable[[Index], Node]) -> Components:
        """The array of the operation's shape with these elements."""
        return Components(self.shape, tuple(element(index) for index in indices(self.shape)))

    def scalar(self, node: Node) -> Components:
        """An array of no dimension."""
        return Components((), (node,))

    # -- elementwise and shape

    def elementwise(self, arguments: list[Components]) -> Components:
        """The function of each element, with NumPy's broadcasting."""
        return self.build(lambda index: self.call(self.node.function, *(_broadcast(a, index) for a in arguments)))

    def array(self, *rows: Components) -> Components:
        """Rows under each other."""
        return Components(self.shape, tuple(node for row in rows for node in row.nodes))

    def index(self, array: Components, *_: Components) -> Components:
        """One element, or one row."""
        given = Given((), self.node.arguments)
        place = tuple(given.integer(position) - 1 for position in range(1, len(self.node.arguments)))
        return self.build(lambda index: array[place + index])

    def transpose(self, array: Components) -> Components:
        """Rows as columns; a vector stays as it is."""
        return self.build(lambda index: array[index[::-1]])

    def diag(self, array: Components) -> Components:
        """The diagonal of a matrix, or the matrix with a diagonal."""
        if len(array.shape) == 2:
            return self.build(lambda index: array[index * 2])
        return self.build(lambda index: array[index[:1]] if index[0] == index[1] else self.number(0))

    def identity(self, *_: Components) -> Components:
        """The unit matrix."""
        return self.build(lambda index: self.number(int(index[0] == index[1])))

    def filled(self, value: int) -> Components:
        """An array of one number."""
        return self.build(lambda index: self.number(value))

    # -- products

    def matmul(self, a: Components, b: Components) -> Components:
        """The matrix product; vectors as rows on the left, columns on the right."""
        inner = int(a.shape[-1])
        rows = len(a.shape) - 1

        def element(index: Index) -> Node:
            return self.dot(
                [a[(*index[:rows], k)] for k in range(inner)], [b[(k, *index[rows:])] for k in range(inner)]
            )

        return self.build(element)

    def outer(self, a: Components, b: Components) -> Components:
        """Every element of one vector with every element of another."""
        return self.build(lambda index: self.call("mul", a[index[:1]], b[index[1:]]))

    def kron(self, a: Components, b: Components) -> Components:
        """The Kronecker product."""
        p, q = (int(dimension) for dimension in b.shape)

        def element(index: Index) -> Node:
            i, j = index
            return self.call("mul", a[(i // p, j // q)], b[(i % p, j % q)])

        return self.build(element)

    # -- reductions

    def along(self, array: Components, fold: Callable[[list[Node]], Node]) -> Components:
        """Fold the elements along the axis that the second argument names, or all of them."""
        axis = Given((), self.node.arguments).axis
        if axis is None:
            return self.scalar(fold(list(array.nodes)))
        place = checked_axis(array.shape, axis)
        length = int(array.shape[place])
        return self.build(lambda index: fold([array[(*index[:place], k, *index[place:])] for k in range(length)]))

    def mean(self, terms: list[Node]) -> Node:
        """The arithmetic mean."""
        return self.call("div", self.total(terms), self.number(len(terms)))

    def variance(self, terms: list[Node]) -> Node:
        """The mean of the squared deviations: the population variance, as NumPy has it."""
        mean = self.mean(terms)
        return self.mean([self.squared(self.call("sub", term, mean)) for term in terms])

    def squared(self, term: Node) -> Node:
        """term²."""
        return self.call("pow", term, self.number(2))

    def product(self, terms: list[Node]) -> Node:
        """The product of some factors."""
        return reduce(lambda x, y: self.call("mul", x, y), terms)

    def extreme(self, function: str, terms: list[Node]) -> Node:
        """The largest or the smallest."""
        return reduce(lambda x, y: self.call(function, x, y), terms)

    def norm(self, terms: list[Node]) -> Node:
        """The root of the sum of the squares."""
        return self.call("sqrt", self.total([self.squared(term) for term in terms]))

    def logsumexp(self, terms: list[Node]) -> Node:
        """log(Σ exp)."""
        return self.call("log", self.total([self.call("exp", term) for term in terms]))

    def softmax(self, array: Components, *_: Components) -> Components:
        """exp over the sum of exp, along an axis: the last one unless another is named."""
        axis = Given((), self.node.arguments).axis
        place = checked_axis(array.shape, -1 if axis is None else axis)
        raised = Components(array.shape, tuple(self.call("exp", node) for node in array.nodes))
        totals: dict[Index, Node] = {}

        def element(index: Index) -> Node:
            others = (*index[:place], *index[place + 1 :])
            if others not in totals:
                line = range(int(array.shape[place]))
                totals[others] = self.total([raised[(*index[:place], k, *index[place + 1 :])] for k in line])
            return self.call("div", raised[index], totals[others])

        return self.build(element)

    def cumsum(self, array: Components, *_: Components) -> Components:
        """Running sums along an axis, or of all elements of a vector."""
        place = checked_axis(array.shape, Given((), self.node.arguments).axis or 0)
        sums: dict[Index, Node] = {}
        for index in indices(self.shape):
            before = sums.get((*index[:place], index[place] - 1, *index[place + 1 :]))
            sums[index] = array[index] if before is None else self.call("add", before, array[index])
        return self.build(sums.__getitem__)


def _broadcast(array: Components, index: Index) -> Node:
    """The element that stands at `index` after broadcasting."""
    rank = len(array.shape)
    own = index[len(index) - rank :]
    return array[tuple(0 if dimension == 1 else place for place, dimension in zip(own, array.shape, strict=True))]
