"""Rows of data inside sums: in `Σ_i (y_i - w^T x_i)²` x_i is a row of a matrix, and `w^T x_i` an element of `x @ w`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from gradcalc.arrays.shape import Shape
from gradcalc.syntax.tree import Call, Name, Node, Number, children, free_names, postorder, rebuilt, with_arguments

TWO = Number(Fraction(2))
MINUS_ONE = Call("neg", (Number(Fraction(1)),))
T = Name("T")
TERMS = frozenset({"add", "sub", "neg"})
CHAINS = frozenset({"beside", "dotted", "mul"})
POWERS = frozenset({"pow", "raised", "superscript"})
NORMS = frozenset({"norm", "norm2"})
Row = tuple[str, Node]  # what a row is counted by, and the matrix that it is a row of
State = Callable[[Node, list[str]], None]  # notes the shape that an array has: by what its elements are counted


@dataclass(frozen=True, slots=True)
class Rows:
    """Rewrites the body of a sum; `indices` are what the sums around count by."""

    indices: Collection[str]
    shapes: Mapping[str, Shape]
    given: Collection[str]
    state: State
    is_array: Callable[[Call], bool]  # is an element one of an array, rather than a variable of its own?
    rows: dict[int, Row] = field(default_factory=dict)  # that were worked out, by id
    kept: list[Node] = field(default_factory=list)  # these rows, so that no other node gets the id of one

    def whole(self, body: Node) -> Node:
        """The body with elements of products of matrices in place of products of rows."""
        begun = {
            id(children(node)[0]) for node in postorder(body) if _is_chain(node)
        }  # what a longer chain goes on from

        def changed(node: Node, arguments: tuple[Node, ...]) -> Node:
            made = with_arguments(node, arguments)
            if not isinstance(made, Call):
                return made
            if made.function in CHAINS:
                return made if id(node) in begun else self.chain(made)
            if made.function == "angled" and len(made.arguments) == 2:
                return self.product(*made.arguments, made) or made
            return self.norm(made) if made.function in NORMS else _squared(made)

        return rebuilt(body, changed)

    def chain(self, node: Node) -> Node:
        """A chain of factors with `w^T x_i`, `w · x_i` or `A x_i` in it."""
        factors = _factors(node)
        place = 0
        while place + 1 < len(factors):
            (before, left), (sign, right) = factors[place], factors[place + 1]
            found = self.paired(left, sign, right, node)
            if found is None:
                place += 1
            else:
                factors[place : place + 2] = [(before, found)]
        result = factors[0][1]
        for sign, factor in factors[1:]:
            result = Call(sign, (result, factor), node.span)
        return result

    def paired(self, left: Node, sign: str, right: Node, node: Node) -> Node | None:
        """Two factors side by side as one; None where no row is among them."""
        turned = self.turned(left)
        if turned is not None and (row := self.row(turned)) is not None and (matrix := self.matrix(right)) is not None:
            return Call("transpose", (self.made(row, matrix),), node.span)
        if turned is not None or sign == "dotted":
            return self.product(left if turned is None else turned, right, node)
        return None

    def image(self, node: Call) -> Row | None:
        """A row that is a matrix times a row, `A x_i`, where only a row can stand."""
        left, right = node.arguments
        if node.function == "dotted" or (matrix := self.matrix(left)) is None or (row := self.row(right)) is None:
            return None
        made = self.made(row, Call("transpose", (matrix,), node.span))
        return self.rows[id(made)]

    def made(self, row: Row, matrix: Node) -> Node:
        """A row times a matrix: one of a matrix that is worked out."""
        index, array = row
        self.note(row, array, _columns(array))
        found = Call("index", (Call("matmul", (array, matrix), array.span), Name(index)), array.span)
        self.rows[id(found)] = index, found.arguments[0]
        self.kept.append(found)
        return found

    def product(self, left: Node, right: Node, node: Node) -> Node | None:
        """The product of two vectors, one of which is a row at least; None where it is no such product."""
        one, other = self.row(left), self.row(right)
        if one is None and other is None:
            return None
        columns = _columns(one[1] if one else left, other[1] if other else right)
        for row, vector in ((one, left), (other, right)):
            self.note(row, vector, columns)
        if one is None or other is None:
            (index, matrix), vector = (one, right) if one else (other or ("", left), left)
            return Call("index", (Call("matmul", (matrix, vector), node.span), Name(index)), node.span)
        if one[0] == other[0]:
            return Call("index", (_totals(Call("mul", (one[1], other[1]), node.span)), Name(one[0])), node.span)
        product = Call("matmul", (one[1], Call("transpose", (other[1],), node.span)), node.span)
        return Call("index", (product, Name(one[0]), Name(other[0])), node.span)

    def note(self, row: Row | None, vector: Node, columns: str) -> None:
        """Keep in mind the shape of a matrix of rows, or of a vector that such a row is multiplied by."""
        if row is None:
            self.state(vector, [columns])
        else:
            self.state(row[1], [row[0], columns])

    def norm(self, node: Call) -> Node:
        """`|x_i - c|`, the root of the sum of a row's squares."""
        row = self.row(node.arguments[0])
        if row is None:
            return node
        self.note(row, node, _columns(row[1]))
        root = Call("sqrt", (_totals(Call("pow", (row[1], TWO), node.span)),), node.span)
        return Call("index", (root, Name(row[0])), node.span)

    def turned(self, node: Node) -> Node | None:
        """The vector that is transposed; None where none is."""
        if isinstance(node, Call) and node.function in ("transpose", "turned", "prime"):
            return node.arguments[0]
        power = isinstance(node, Call) and node.function in POWERS and node.arguments[1] == T and "T" not in self.given
        return children(node)[0] if power else None

    def matrix(self, node: Node) -> Node | None:
        """A matrix, or the inverse of one, by its shape or else by its letter; None for what is none."""
        if isinstance(node, Call) and node.function in POWERS and node.arguments[1] == MINUS_ONE:
            base = self.matrix(node.arguments[0])
            return None if base is None else Call("inv", (base,), node.span)
        if not isinstance(node, Name):
            return None
        known = self.shapes.get(node.name)
        return node if (len(known) == 2 if known else node.name[0].isupper()) else None

    def row(self, node: Node) -> Row | None:
        """What a row is counted by, and the matrix: i and x of `x_i`, i and `x - c` of `x_i - c`; None for no row."""
        if id(node) in self.rows:
            return self.rows[id(node)]
        if isinstance(node, Call) and node.function in TERMS:
            return self.terms(node)
        if isinstance(node, Call) and node.function in CHAINS:
            return self.image(node)
        if not isinstance(node, Call) or node.function != "index" or len(node.arguments) != 2:
            return None
        array, place = node.arguments
        counted = isinstance(place, Name) and place.name in self.indices
        vector = isinstance(array, Name) and len(self.shapes.get(array.name, (0, 0))) == 1
        if not isinstance(place, Name) or not isinstance(array, Name) or not counted or vector:
            return None
        return (place.name, array) if self.is_array(node) else None

    def terms(self, node: Call) -> Row | None:
        """A row that is a sum of rows and of vectors."""
        parts = [self.row(one) for one in node.arguments]
        found = [part for part in parts if part is not None]
        others = [one for one, part in zip(node.arguments, parts, strict=True) if part is None]
        if len({index for index, _ in found}) != 1 or not all(isinstance(one, Name) for one in others):
            return None
        columns = _columns(found[0][1])
        for one, part in zip(node.arguments, parts, strict=True):
            self.note(part, one, columns)
        matrices = [one if part is None else part[1] for one, part in zip(node.arguments, parts, strict=True)]
        return found[0][0], Call(node.function, tuple(matrices), node.span)


def _columns(*arrays: Node) -> str:
    """What the columns of some arrays, which are as many, are counted by."""
    return f"columns of {' '.join(sorted(free_names(postorder(*arrays))))}"


def _totals(products: Node) -> Node:
    """The sum of each row."""
    return Call("sum", (products, Number(Fraction(1))), products.span)


def _is_chain(node: Node) -> bool:
    return isinstance(node, Call) and node.function in CHAINS


def _squared(node: Call) -> Node:
    """A power; the square of an element's root without both."""
    base = node.arguments[0] if node.function in POWERS and node.arguments[1] == TWO else node
    root = _array(base)
    if isinstance(base, Call) and root is not base and isinstance(root, Call) and root.function == "sqrt":
        return Call("index", (*root.arguments, *base.arguments[1:]), node.span)
    return node


def _array(node: Node) -> Node:
    """The array of an element; what is none is that itself."""
    return node.arguments[0] if isinstance(node, Call) and node.function == "index" else node


def _factors(node: Node) -> list[tuple[str, Node]]:
    """The factors of a chain, each with the sign before it."""
    found: list[tuple[str, Node]] = []
    while isinstance(node, Call) and node.function in CHAINS:
        found.append((node.function, node.arguments[1]))
        node = node.arguments[0]
    return [("", node), *reversed(found)]
