"""Trees as forms, in normal form from the leaves up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from gradcalc.arrays.infer import Shapes
from gradcalc.arrays.literals import NUMBERS, axis, integer, integers
from gradcalc.arrays.shape import Shape, checked_axis
from gradcalc.calculus.matrix.chain import determinant, inverse, kron, matmul, power, trace
from gradcalc.calculus.matrix.form import UNIT, ZERO, Form, Unreadable, apply, common, leaf
from gradcalc.calculus.matrix.ones import eye, ones, zeros
from gradcalc.calculus.matrix.product import diagonal_matrix, element, multiply, outer, raise_to
from gradcalc.calculus.matrix.reduce import column_sums, filled, row_sums, size, total
from gradcalc.calculus.matrix.sums import add, negative, number, scaled, split, split_scalars, value
from gradcalc.calculus.matrix.transpose import diagonal, transposed
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call, Constant, Name, Node, postorder

Settled = Callable[[Node, Form], Form]


def as_it_is(node: Node, form: Form) -> Form:
    """The form of a node, or what flows into it, and no name for it."""
    return form


def read(
    root: Node, shapes: Shapes, names: Mapping[str, Form], *, written: bool = False, settled: Settled = as_it_is
) -> dict[int, Form]:
    """The form of every node below `root`, by id; `names` gives those of the variables. Raises Unreadable.

    With `written`, sums keep the order in which they stand; `settled` makes of a call's form what others see of it.
    """
    forms: dict[int, Form] = {}
    for node in postorder(root):
        if isinstance(node, Name):
            forms[id(node)] = names[node.name]
        elif isinstance(node, Constant):
            forms[id(node)] = leaf(node) if node.name in NUMBERS else size(node.name)
        elif isinstance(node, Call):
            found = [forms[id(one)] for one in node.arguments]
            forms[id(node)] = settled(node, _call(node, found, shapes, written))
        else:
            forms[id(node)] = number(node.value)
    return forms


def _call(node: Call, found: list[Form], shapes: Shapes, written: bool) -> Form:
    if node.function in ("add", "sub"):
        x, y = found
        return add(x, y if node.function == "add" else negative(y), written=written)
    row = ARRAY_FUNCTIONS.get(node.function)
    if row is None:
        return elementwise(node.function, *found)
    full = [filled(form, shapes[id(one)]) for form, one in zip(found, node.arguments, strict=True)]
    if not row.linear:  # the others take 0 for any array of zeros
        full = [
            zeros(shapes[id(one)]) if form is ZERO else form for form, one in zip(full, node.arguments, strict=True)
        ]
    if row.along:
        return fold(node.function, full[0], axis_of(node, shapes[id(node.arguments[0])]), shapes[id(node)])
    return ARRAY.get(node.function, _plain)(node, full, shapes[id(node)])


# -- element by element


def elementwise(function: str, *found: Form) -> Form:
    """A function of each element."""
    simplify = ELEMENTWISE.get(function)
    simplified = simplify(*found) if simplify else None
    return apply(function, found, common(list(found))) if simplified is None else simplified


def _power(x: Form, y: Form) -> Form | None:
    exponent = value(y)
    return None if exponent is None else raise_to(x, exponent)


def _abs(x: Form) -> Form | None:
    coefficient, rest = split(x)
    if value(x) is not None:
        return number(abs(coefficient))
    return None if coefficient == 1 else scaled(abs(coefficient), elementwise("abs", rest))


def _sign(x: Form) -> Form | None:
    coefficient, rest = split(x)
    own = 1 if coefficient > 0 else -1 if coefficient else 0
    return number(own) if value(x) is not None else None if coefficient == 1 else scaled(own, elementwise("sign", rest))


def _log(x: Form) -> Form | None:
    return ZERO if x is UNIT else UNIT if x is leaf(Constant("e")) else None


ELEMENTWISE: dict[str, Callable[..., Form | None]] = {
    "mul": multiply,
    "div": lambda x, y: multiply(x, raise_to(y, Fraction(-1))),
    "neg": negative,
    "pow": _power,
    "sqrt": lambda x: raise_to(x, Fraction(1, 2)),
    "exp": lambda x: UNIT if x is ZERO else None,
    "log": _log,
    "abs": _abs,
    "sign": _sign,
    "where": lambda condition, x, y: x if x is y else None,
}


# -- reductions


def axis_of(node: Call, shape: Shape) -> int | None:
    """The axis of a reduction of an array of that shape, 0 or 1; None where it runs over all elements."""
    named = axis(node)
    if named is None or len(shape) < 2:
        return None
    if len(shape) > 2:
        raise Unreadable
    return checked_axis(shape, named)


def fold(function: str, array: Form, axis: int | None, shape: Shape) -> Form:
    """A reduction of an array of its full shape."""
    if array is ZERO:
        return ZERO
    if function == "sum":
        along = {None: total, 0: column_sums, 1: row_sums}
        return along[axis](array, array.shape)
    if axis is not None and (turned := transposed(array)).weight < array.weight:
        return transposed(fold(function, turned, 1 - axis, shape[::-1]))
    scalar, rest = split_scalars(array) if ARRAY_FUNCTIONS[function].linear else (UNIT, array)
    return multiply(scalar, apply(function, (rest,) if axis is None else (rest, number(axis)), shape))


# -- arrays


def _index(node: Call, full: list[Form], shape: Shape) -> Form:
    return element(full[0], len(full[0].shape), *integers(node.arguments[1:]))


def _slice(node: Call, full: list[Form], shape: Shape) -> Form:
    return full[0] if full[0].shape == shape else _plain(node, full, shape)


def _diag(node: Call, full: list[Form], shape: Shape) -> Form:
    return diagonal_matrix(full[0]) if len(shape) == 2 else diagonal(full[0])


def _plain(node: Call, full: list[Form], shape: Shape) -> Form:
    """A call that stays one."""
    return apply(node.function, tuple(full), shape)


ARRAY: dict[str, Callable[[Call, list[Form], Shape], Form]] = {
    "transpose": lambda node, full, shape: transposed(full[0]),
    "matmul": lambda node, full, shape: matmul(*full),
    "dot": lambda node, full, shape: matmul(*full),
    "outer": lambda node, full, shape: outer(*full),
    "kron": lambda node, full, shape: kron(*full),
    "diag": _diag,
    "index": _index,
    "slice": _slice,
    "eye": lambda node, full, shape: eye(shape[0]),
    "ones": lambda node, full, shape: ones(shape),
    "zeros": lambda node, full, shape: ZERO,
    "trace": lambda node, full, shape: trace(full[0]),
    "det": lambda node, full, shape: determinant("det", full[0]),
    "logdet": lambda node, full, shape: determinant("logdet", full[0]),
    "inv": lambda node, full, shape: inverse(full[0]),
    "solve": lambda node, full, shape: matmul(inverse(full[0]), full[1]),
    "matrix_power": lambda node, full, shape: power(full[0], integer(node.arguments[1])),
}
