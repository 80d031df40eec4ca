"""An array expression, written out: each component as a scalar expression, sharing what they have in common.

The exact engine and SymPy work on these, and never hear of arrays; torch works on the arrays themselves. The number
of nodes grows as the work does: a matrix times a vector makes a product and a sum for each element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product

from gradcalc.arrays.infer import Given, Shapes, infer
from gradcalc.arrays.shape import Shape, checked_axis, size
from gradcalc.limits import Limits
from gradcalc.syntax.tree import Call, Name, Node, Number, postorder

Index = tuple[int, ...]


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


def expand(root: Node, shapes: Shapes, variables: Mapping[str, Components], limits: Limits, budget: str) -> Components:
    """The components of `root`, given those of its variables; a name without any is a scalar.

    Raises LimitError when they would have more nodes than the budget of that name allows.
    """
    expanded: dict[int, Components] = {}
    count = 0
    for node in postorder(root):
        if isinstance(node, Name):
            expanded[id(node)] = variables.get(node.name) or Components((), (node,))
        elif isinstance(node, Call):
            arguments = [expanded[id(argument)] for argument in node.arguments]
            count += _cost(node, arguments, shapes[id(node)])
            limits.require(budget, count, "written out, the arrays are too large", node.span)
            expanded[id(node)] = _call(node, arguments, shapes)
        else:
            expanded[id(node)] = Components((), (node,))
    return expanded[id(root)]


def constant(root: Node, limits: Limits) -> Components:
    """The components of an expression without variables."""
    return expand(root, infer(root, {}), {}, limits, "elements")


def _cost(node: Call, arguments: list[Components], shape: Shape) -> int:
    """About how many nodes a call will be written out as."""
    elements = max([size(shape), *(size(argument.shape) for argument in arguments)])
    inner = int(arguments[0].shape[-1]) if arguments and arguments[0].shape else 1
    if node.function in ("matmul", "dot"):
        return 2 * size(shape) * inner
    if node.function in ("det", "logdet", "inv", "solve"):
        return 2 * inner**4
    if node.function == "matrix_power":
        return 2 * inner**3 * max(abs(Given((), node.arguments).integer(1)), 1) + 2 * inner**4
    return 3 * elements


def _call(node: Call, arguments: list[Components], shapes: Shapes) -> Components:
    writer = Writer(node, shapes[id(node)])
    rule = RULES.get(node.function)
    return rule(writer, *arguments) if rule else writer.elementwise(arguments)


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

    def power(self, a: Components, _: Components) -> Components:
        """A matrix to a whole power."""
        exponent = Given((), self.node.arguments).integer(1)
        base = self.inverse(a) if exponent < 0 else a
        return reduce(self.matmul, [base] * abs(exponent)) if exponent else self.identity()

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
        place = checked_axis(array.shape, -1 if axis is None else axis) if array.shape else 0
        raised = Components(array.shape, tuple(self.call("exp", node) for node in array.nodes))
        totals: dict[Index, Node] = {}

        def element(index: Index) -> Node:
            others = (*index[:place], *index[place + 1 :])
            if others not in totals:
                line = range(int(array.shape[place])) if array.shape else ()
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

    # -- square matrices

    def trace(self, a: Components) -> Components:
        """The sum of the diagonal."""
        return self.scalar(self.total([a[(i, i)] for i in range(int(a.shape[0]))]))

    def characteristic(self, a: Components) -> tuple[Components, Node]:
        """The adjugate and the determinant, without a division by anything but whole numbers.

        Source: the Faddeev-LeVerrier algorithm; Householder, The Theory of Matrices in Numerical Analysis, 1964, 6.7.
        """
        n = int(a.shape[0])
        square = Writer(self.node, a.shape)
        current = square.identity()
        for k in range(1, n):
            step = square.matmul(a, current)
            coefficient = self.call("div", self.trace(step).nodes[0], self.number(k))
            current = square.build(
                lambda index, step=step, coefficient=coefficient: (  # type: ignore[misc]
                    self.call("sub", step[index], coefficient) if index[0] == index[1] else step[index]
                )
            )
        determinant = self.call("div", self.trace(square.matmul(a, current)).nodes[0], self.number(n))
        if n % 2:
            return current, determinant
        negated = Components(a.shape, tuple(self.call("neg", node) for node in current.nodes))
        return negated, self.call("neg", determinant)

    def determinant(self, a: Components) -> Components:
        """det A."""
        return self.scalar(self.characteristic(a)[1])

    def inverse(self, a: Components) -> Components:
        """The adjugate over the determinant."""
        adjugate, determinant = self.characteristic(a)
        return Components(a.shape, tuple(self.call("div", node, determinant) for node in adjugate.nodes))

    def solve(self, a: Components, b: Components) -> Components:
        """The inverse times the right-hand side."""
        return self.matmul(self.inverse(a), b)


def _broadcast(array: Components, index: Index) -> Node:
    """The element that stands at `index` after broadcasting."""
    rank = len(array.shape)
    own = index[len(index) - rank :]
    return array[tuple(0 if dimension == 1 else place for place, dimension in zip(own, array.shape, strict=True))]


Rule = Callable[..., Components]
RULES: dict[str, Rule] = {
    "array": Writer.array, "index": Writer.index, "transpose": Writer.transpose, "diag": Writer.diag,
    "eye": Writer.identity, "ones": lambda w, *_: w.filled(1), "zeros": lambda w, *_: w.filled(0),
    "matmul": Writer.matmul, "dot": Writer.matmul, "outer": Writer.outer, "kron": Writer.kron,
    "matrix_power": Writer.power,
    "sum": lambda w, a, *_: w.along(a, w.total), "mean": lambda w, a, *_: w.along(a, w.mean),
    "prod": lambda w, a, *_: w.along(a, w.product), "var": lambda w, a, *_: w.along(a, w.variance),
    "std": lambda w, a, *_: w.along(a, lambda terms: w.call("sqrt", w.variance(terms))),
    "amax": lambda w, a, *_: w.along(a, lambda terms: w.extreme("max", terms)),
    "amin": lambda w, a, *_: w.along(a, lambda terms: w.extreme("min", terms)),
    "logsumexp": lambda w, a, *_: w.along(a, w.logsumexp),
    "softmax": Writer.softmax, "cumsum": Writer.cumsum,
    "norm": lambda w, a: w.scalar(w.norm(list(a.nodes))),
    "norm1": lambda w, a: w.scalar(w.total([w.call("abs", node) for node in a.nodes])),
    "norminf": lambda w, a: w.scalar(w.extreme("max", [w.call("abs", node) for node in a.nodes])),
    "trace": Writer.trace, "det": Writer.determinant,
    "logdet": lambda w, a: w.scalar(w.call("log", w.characteristic(a)[1])),
    "inv": Writer.inverse, "solve": Writer.solve,
}  # fmt: skip
