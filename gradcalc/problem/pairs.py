"""Sums over an index of all elements at once: `Σ x_i²` is `sum(x**2)`, `Σ_j A_ij x_j` an element of `A @ x`."""

from __future__ import annotations

from functools import reduce

from gradcalc.problem.folded import FOLDS, PLAIN, Folded, by_element, counting, has, is_by_element
from gradcalc.syntax.tree import Call, Name, Node, is_element, number, postorder

FACTORS = frozenset({"mul", "beside", "dotted"})


class Pairs(Folded):
    """Sums whose bodies are counted by their own index, or by that of one other sum too."""

    __slots__ = ()

    def folded(self, node: Call, body: Node, index: str, places: list[Call]) -> Node | None:
        """`sum(x**2)`; None where there is no such form."""
        others = sorted({name for one in postorder(body) for name in counting(one)} - {index})
        fold = FOLDS[node.function][0]
        if not is_by_element(body, index) or self.has_arrays(body):
            return None
        if not others:
            return Call(fold, (self.vector(body, index, places),), node.span)
        if fold != "sum":
            return None
        return self.row_sums(node, body, index, others[0]) if len(others) == 1 else self.entry(node, body, index)

    def row_sums(self, node: Call, body: Node, index: str, outer: str) -> Node | None:
        """`Σ_j A_ij x_j`, counted by i: an element of `A @ x`; or that of the sums along the rows of a matrix."""
        inside = factors(body)
        outside = [one for one in inside if not has(one, index)]
        inner = [one for one in inside if has(one, index)]
        matrices = [one for one in inner if isinstance(one, Call) and {index, outer} <= set(counting(one))]
        rest = [one for one in inner if not any(one is other for other in matrices)]
        whole = product(inner, node)
        if not has(whole, outer):
            return product([*outside, Call("sum", (self.counted(whole, index),), node.span)], node)
        if len(matrices) == 1 and rest and not any(has(one, outer) for one in rest):
            matrix = self.oriented(matrices[0], outer)
            summed = Call("matmul", (matrix, self.counted(product(rest, node), index)), node.span)
        elif is_by_element(whole, outer):
            summed = Call("sum", (self.matrix(whole, index, outer), number(1, node.span)), node.span)
        else:
            return None
        return product([*outside, Call("index", (summed, Name(outer)), node.span)], node)

    def entry(self, node: Call, body: Node, index: str) -> Node | None:
        """`Σ_k U_ik V_kj`: an element of `U @ V`; None where the body is no product of two elements."""
        inside = factors(body)
        outers = [next((one for one in counting(factor) if one != index), "") for factor in inside]
        if len(inside) != 2 or not all(index in counting(one) for one in inside) or not all(outers):
            return None
        left, right = (self.oriented(one, outer) for one, outer in zip(inside, outers, strict=True) if is_element(one))
        turned = right.arguments[0] if isinstance(right, Call) and right.function == "transpose" else None
        other = Call("transpose", (right,), node.span) if turned is None else turned
        return Call("index", (Call("matmul", (left, other), node.span), *map(Name, outers)), node.span)

    def counted(self, body: Node, index: str) -> Node:
        """The vector of a body's values."""
        return self.vector(body, index, self.elements(body, index))

    def oriented(self, element: Call, rows: str) -> Node:
        """The matrix of an element, turned so that an index counts its rows."""
        array, *places = element.arguments
        self.state(array, [one.name if isinstance(one, Name) else "" for one in places])
        return array if places[0] == Name(rows) else Call("transpose", (array,), element.span)

    def matrix(self, body: Node, index: str, outer: str) -> Node:
        """What is counted by two indices as a matrix, `outer` counting its rows: `A - outer(u, v)`."""
        made: dict[int, Node] = {}
        for node in postorder(body):
            both = isinstance(node, Call) and {index, outer} <= set(counting(node))
            if isinstance(node, Call) and both:
                made[id(node)] = self.oriented(node, outer)
            elif not has(node, index) or not has(node, outer):
                made[id(node)] = self.broadcast(node, index, outer)
            elif isinstance(node, Call) and node.function in FACTORS:
                made[id(node)] = self.of_factors(node, index, outer, made)
            elif isinstance(node, Call):
                inside = tuple(made[id(one)] for one in node.arguments)
                made[id(node)] = Call(PLAIN.get(node.function, node.function), inside, node.span)
        return made[id(body)]

    def broadcast(self, node: Node, index: str, outer: str) -> Node:
        """A part that is counted by one index, in a shape that goes with a matrix: a row, or a column many times."""
        if has(node, outer):
            one = self.size(index)
            ones = Call("ones", (number(one, node.span) if isinstance(one, int) else Name(one, node.span),), node.span)
            return Call("outer", (self.counted(node, outer), ones), node.span)
        return self.counted(node, index) if has(node, index) else by_element(node)

    def of_factors(self, node: Call, index: str, outer: str, made: dict[int, Node]) -> Node:
        """A product, `u_i v_j` in it being an outer one."""
        inside = factors(node)
        rows = [one for one in inside if has(one, outer) and not has(one, index)]
        columns = [one for one in inside if has(one, index) and not has(one, outer)]
        if not rows or not columns:
            return product([made[id(one)] for one in inside], node)
        rest = [made[id(one)] for one in inside if has(one, index) == has(one, outer)]
        pair = self.counted(product(rows, node), outer), self.counted(product(columns, node), index)
        return product([*rest, Call("outer", pair, node.span)], node)


def factors(node: Node) -> list[Node]:
    """The factors of a product."""
    found = []
    while isinstance(node, Call) and node.function in FACTORS:
        found.append(node.arguments[1])
        node = node.arguments[0]
    return [node, *reversed(found)]


def product(parts: list[Node], node: Call) -> Node:
    """The product of some factors, at the place of a node."""
    return reduce(lambda one, other: Call("mul", (one, other), node.span), parts)
