"""One array operation written out: each component of the result as a scalar expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import accumulate, product
from typing import TypeAlias, cast

from gradcalc.arrays.literals import axis
from gradcalc.arrays.places import MOVES
from gradcalc.arrays.shape import Shape, checked_axis
from gradcalc.arrays.windows import NOTHING, gathered, pools, windows_back
from gradcalc.base.errors import LimitError
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
        """The sum of some terms."""
        return self.fold("add", terms)

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

    def moved(self, *arrays: Components) -> Components:
        """Elements in other places, and zeros."""
        nodes = [node for one in arrays for node in one.nodes]
        places = MOVES[self.node.function](self.node, [one.shape for one in arrays])
        zero = self.number(0)
        return Components(self.shape, tuple(zero if place == NOTHING else nodes[place] for place in places))

    def put_back(self, a: Components, *_: Components) -> Components:
        """What windows have, added up where they overlap."""
        found = windows_back(self.node)
        sums = gathered(found, int(a.shape[0]) // found.size, a.nodes)
        return Components(self.shape, tuple(self.total(one) if one else self.number(0) for one in sums))

    def pooled(self, a: Components, *_: Components) -> Components:
        """The largest of each window."""
        found = [[a.nodes[place] for place in window] for window in pools(self.node, a.shape)]
        return Components(self.shape, tuple(self.fold("max", one) for one in found))

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
        named = axis(self.node)
        if named is None:
            return self.scalar(fold(list(array.nodes)))
        place = checked_axis(array.shape, named)
        length = int(array.shape[place])
        return self.build(lambda index: fold([array[(*index[:place], k, *index[place:])] for k in range(length)]))

    def lines(self, array: Components, each: Callable[[list[Node]], list[Node]]) -> Components:
        """What becomes of the elements along the axis, line by line."""
        place = checked_axis(array.shape, cast(int, axis(self.node)))
        length = int(array.shape[place])
        made: dict[Index, list[Node]] = {}

        def element(index: Index) -> Node:
            before, behind = index[:place], index[place + 1 :]
            if before + behind not in made:
                made[before + behind] = each([array[(*before, k, *behind)] for k in range(length)])
            return made[before + behind][index[place]]

        return self.build(element)

    def cholesky(self, a: Components) -> Components:
        """The lower triangle L for which L @ L.T is the symmetric part.

        Source: Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.5.
        """
        found: dict[Index, Node] = {}
        for i, j in indices(self.shape):
            if i < j:
                found[i, j] = self.number(0)
                continue
            half = self.call("div", self.call("add", a[(i, j)], a[(j, i)]), self.number(2)) if i != j else a[(i, i)]
            squares = [self.call("mul", found[i, k], found[j, k]) for k in range(j)]
            rest = reduce(lambda x, y: self.call("sub", x, y), squares, half)
            found[i, j] = self.call("sqrt", rest) if i == j else self.call("div", rest, found[j, j])
        return self.build(lambda index: found[index])

    def ordered(self, terms: list[Node]) -> list[Node]:
        """The terms in ascending order, by odd-even transposition. Source: Knuth, TAOCP volume 3, section 5.3.4."""
        found = list(terms)
        for turn in range(len(found)):
            for place in range(turn % 2, len(found) - 1, 2):
                low, high = found[place], found[place + 1]
                found[place], found[place + 1] = self.call("min", low, high), self.call("max", low, high)
        return found

    def median(self, terms: list[Node]) -> Node:
        """The term in the middle, or the mean of two."""
        found, half = self.ordered(terms), len(terms) // 2
        if len(terms) % 2:
            return found[half]
        return self.call("div", self.call("add", found[half - 1], found[half]), self.number(2))

    def fold(self, function: str, terms: list[Node]) -> Node:
        """A function of two, of all terms from the left."""
        return reduce(lambda x, y: self.call(function, x, y), terms)

    def variance(self, terms: list[Node]) -> Node:
        """The mean of the squared deviations: the population variance, as NumPy has it."""
        count = self.number(len(terms))
        mean = self.call("div", self.total(terms), count)
        squares = [self.call("pow", self.call("sub", term, mean), self.number(2)) for term in terms]
        return self.call("div", self.total(squares), count)

    def softmax(self, terms: list[Node]) -> list[Node]:
        """exp over the sum of exp."""
        raised = [self.call("exp", term) for term in terms]
        total = self.total(raised)
        return [self.call("div", one, total) for one in raised]

    def running(self, function: str, terms: list[Node]) -> list[Node]:
        """A function of two, of all terms so far."""
        return list(accumulate(terms, lambda x, y: self.call(function, x, y)))


class Unwritable(LimitError):
    """A function without a formula in numbers alone."""


def unwritable(writer: Writer, *_: Components) -> Components:
    """Raises Unwritable."""
    raise Unwritable(
        f"`{writer.node.function}` is not written out component by component",
        hint="no option raises this limit: ask for the gradient, which is worked out by whole arrays",
    )


def _broadcast(array: Components, index: Index) -> Node:
    """The element that stands at `index` after broadcasting."""
    rank = len(array.shape)
    own = index[len(index) - rank :]
    return array[tuple(0 if dimension == 1 else place for place, dimension in zip(own, array.shape, strict=True))]
