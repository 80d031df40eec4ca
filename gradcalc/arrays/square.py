"""Determinant, inverse and powers of square matrices, written out."""

from __future__ import annotations

from functools import reduce

from gradcalc.arrays.literals import integer
from gradcalc.arrays.writer import Components, Writer
from gradcalc.syntax.tree import Node

SMALL = 3  # rows of a matrix whose determinant is written out as a sum of products


def trace(writer: Writer, a: Components) -> Node:
    """The sum of the diagonal."""
    return writer.total([a[(i, i)] for i in range(int(a.shape[0]))])


def characteristic(writer: Writer, a: Components) -> tuple[Components, Node]:
    """The adjugate and the determinant, without a division by anything but whole numbers.

    Source: the Faddeev-LeVerrier algorithm; Householder, The Theory of Matrices in Numerical Analysis, 1964, 6.7.
    """
    n = int(a.shape[0])
    square = Writer(writer.node, a.shape)
    current, step = square.identity(), a
    for k in range(1, n):
        coefficient = per(writer, trace(writer, step), k)
        current = square.build(
            lambda index, step=step, coefficient=coefficient: (  # type: ignore[misc]  # mypy infers no defaults of a lambda
                writer.call("sub", step[index], coefficient) if index[0] == index[1] else step[index]
            )
        )
        step = square.matmul(a, current)
    determinant = per(writer, trace(writer, step), n)
    if n % 2:
        return current, determinant
    negated = Components(a.shape, tuple(writer.call("neg", node) for node in current.nodes))
    return negated, writer.call("neg", determinant)


def per(writer: Writer, node: Node, count: int) -> Node:
    """node / count."""
    return node if count == 1 else writer.call("div", node, writer.number(count))


def determinant(writer: Writer, a: Components) -> Components:
    """det A: of a small matrix along its first row, as in textbooks."""
    n = int(a.shape[0])
    return writer.scalar(_along_row(writer, a, 0, tuple(range(n))) if n <= SMALL else characteristic(writer, a)[1])


def _along_row(writer: Writer, a: Components, row: int, columns: tuple[int, ...]) -> Node:
    """The minor of a matrix with the rows from `row` on and these columns."""
    if len(columns) == 1:
        return a[(row, columns[0])]
    terms = [
        writer.call("mul", a[(row, column)], _along_row(writer, a, row + 1, columns[:place] + columns[place + 1 :]))
        for place, column in enumerate(columns)
    ]
    signs = ("add" if place % 2 == 0 else "sub" for place in range(1, len(terms)))
    return reduce(
        lambda total, pair: writer.call(pair[0], total, pair[1]), zip(signs, terms[1:], strict=True), terms[0]
    )


def inverse(writer: Writer, a: Components) -> Components:
    """The adjugate over the determinant."""
    adjugate, determinant = characteristic(writer, a)
    return Components(a.shape, tuple(writer.call("div", node, determinant) for node in adjugate.nodes))


def pseudoinverse(writer: Writer, a: Components) -> Components:
    """The inverse of the smaller product of a matrix and its transpose, times the transpose; of full rank."""
    m, n = map(int, a.shape)
    turned = Components((n, m), tuple(a[(j, i)] for i in range(n) for j in range(m)))
    gram = Writer(writer.node, (min(m, n),) * 2)
    if m >= n:
        return writer.matmul(inverse(gram, gram.matmul(turned, a)), turned)
    return writer.matmul(turned, inverse(gram, gram.matmul(a, turned)))


def power(writer: Writer, a: Components, _: Components) -> Components:
    """A matrix to a whole power."""
    exponent = integer(writer.node.arguments[1])
    base = inverse(writer, a) if exponent < 0 else a
    return reduce(writer.matmul, [base] * abs(exponent)) if exponent else writer.identity()
