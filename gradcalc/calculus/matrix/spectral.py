"""Sums over eigenvalues and singular values by the matrix itself: traces, determinants and powers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradcalc.syntax.tree import Call, Node, Number, number, rebuilt, with_arguments

MOST = 12  # power that is written out
Made = Callable[[Node], Node]


def call(function: str, *arguments: Node) -> Call:
    """A call without a place in the text."""
    return Call(function, arguments)


def _symmetric(a: Node) -> Node:
    return call("div", call("add", a, call("transpose", a)), number(2))


def _power(a: Node, exponent: Fraction) -> Node:
    return a if exponent == 1 else call("matrix_power", a, number(exponent))


def _square(a: Node) -> Node:
    return call("matmul", call("transpose", a), a)


def _half(a: Node) -> Node:
    return call("div", a, number(2))


def _root(a: Node) -> Node:
    return call("sqrt", a)


# what is summed (of the values, or of a function of them), and what that is of the matrix
OF_EIGENVALUES: dict[tuple[str, str], Made] = {
    ("sum", ""): lambda a: call("trace", a),
    ("mean", ""): lambda a: call("mean", call("diag", a)),
    ("prod", ""): lambda a: call("det", _symmetric(a)),
    ("norm", ""): lambda a: call("norm", _symmetric(a)),
    ("sum", "log"): lambda a: call("logdet", _symmetric(a)),
    ("sum", "exp"): lambda a: call("trace", call("expm", _symmetric(a))),
}
OF_PIVOTS: dict[tuple[str, str], Made] = {  # on the diagonal of Cholesky's triangle
    ("sum", "log"): lambda a: _half(call("logdet", _symmetric(a))),
    ("prod", ""): lambda a: _root(call("det", _symmetric(a))),
    ("norm", ""): lambda a: _root(call("trace", a)),
}
OF_SINGULAR_VALUES: dict[tuple[str, str], Made] = {("norm", ""): lambda a: call("norm", a)}


def by_matrices(root: Node) -> Node:
    """The tree with matrices for sums over their eigenvalues and singular values, where these have a closed form."""

    def change(node: Node, arguments: tuple[Node, ...]) -> Node:
        found = None
        if isinstance(node, Call) and len(node.arguments) == 1:
            found = _of_values(node.function, *arguments)
        return with_arguments(node, arguments) if found is None else found

    return rebuilt(root, change)


def _of_values(function: str, argument: Node) -> Node | None:
    """A function of all eigenvalues or singular values, or of a function of each."""
    if not isinstance(argument, Call):
        return None
    inner, exponent, values = _each(argument)
    if not isinstance(values, Call):
        return None
    tables = {"eigvalsh": OF_EIGENVALUES, "svdvals": OF_SINGULAR_VALUES}
    if values.function == "diag" and isinstance(triangle := values.arguments[0], Call):
        made = OF_PIVOTS.get((function, inner)) if triangle.function == "cholesky" and exponent is None else None
        return None if made is None else made(triangle.arguments[0])
    if values.function not in tables:
        return None
    (a,) = values.arguments
    if exponent is not None:
        return _of_powers(values.function, a, exponent) if function == "sum" else None
    made = tables[values.function].get((function, inner))
    return None if made is None else made(a)


def _each(argument: Call) -> tuple[str, Fraction | None, Node]:
    """The function of each value, or the power, and the values."""
    base, *others = argument.arguments
    if argument.function == "pow" and isinstance(exponent := others[0], Number):
        return "", exponent.value, base
    if argument.function == "div" and isinstance(base, Number) and base.value == 1:
        return "", Fraction(-1), others[0]
    return (argument.function, None, base) if argument.function in ("log", "exp") else ("", None, argument)


def _of_powers(values: str, a: Node, exponent: Fraction) -> Node | None:
    """The sum of powers: the trace of a power of the matrix, of singular values of the product with its transpose."""
    if values == "svdvals":
        exponent /= 2
    if exponent.denominator != 1 or not 0 < abs(exponent) <= MOST:
        return None
    if values == "svdvals" and exponent == 1:
        return call("sum", call("pow", a, number(2)))
    return call("trace", _power(_symmetric(a) if values == "eigvalsh" else _square(a), exponent))
