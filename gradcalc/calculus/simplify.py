"""Small algebra while a tree is built: zeros, ones, signs and constants. It never changes where a tree is defined
except at points that the rules of the catalogue single out anyway."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, children, number

FEW_DIGITS = 40  # constants are folded while they stay readable
ZERO = Number(Fraction(0))
ONE = Number(Fraction(1))


def factors_of(node: Node) -> list[Node]:
    """The factors of a product, from left to right; a tree that is none alone."""
    if isinstance(node, Call) and node.function == "mul":
        return [*factors_of(node.arguments[0]), *factors_of(node.arguments[1])]
    return [node]


def rational(node: Node) -> Fraction | None:
    """The number that a constant node is: a literal, a quotient of two, or the negative of either; else None."""
    if isinstance(node, Call) and node.function == "neg":
        positive = _quotient(node.arguments[0])
        return None if positive is None else -positive
    return _quotient(node)


def _quotient(node: Node) -> Fraction | None:
    if not isinstance(node, Call) or node.function != "div":
        return _literal(node)
    above, below = (_literal(argument) for argument in node.arguments)
    return above / below if above is not None and below else None


def _literal(node: Node) -> Fraction | None:
    if isinstance(node, Call) and node.function == "neg":
        positive = _literal_number(node.arguments[0])
        return None if positive is None else -positive
    return _literal_number(node)


def _literal_number(node: Node) -> Fraction | None:
    return node.value if isinstance(node, Number) else None


def simplified(node: Node, arguments: tuple[Node, ...]) -> Node:
    """A node with other arguments, simplified: what `substitute` makes the nodes of a rule of."""
    return build(node.function, *arguments) if isinstance(node, Call) else node


def in_fractions(node: Node, arguments: tuple[Node, ...]) -> Node:
    """The same, of whole numbers never a decimal, 3/2, not 1.5, and one fraction for two: x/(2*y), not x/2/y."""
    found = simplified(node, arguments)
    if isinstance(found, Call) and found.function == "div" and isinstance(same := found.arguments[0], Name):
        found = ONE if same == found.arguments[1] else found  # x*x'/x, where x' is 1
    if isinstance(found, Call) and found.function == "div" and _is_quotient(above := found.arguments[0]):
        below = build("mul", *(one.arguments[1] for one in (above, found) if isinstance(one, Call)))
        return build("div", children(above)[0], below)
    if isinstance(node, Call) and not any(isinstance(one, Number) and one.value.denominator != 1 for one in arguments):
        return as_fraction(found)
    return found


def _is_quotient(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "div"


def as_fraction(node: Node) -> Node:
    """A number as a quotient of integers, not as a decimal; anything else as it is."""
    value = rational(node)
    if value is None or value.denominator == 1:
        return node
    above, below = abs(value).as_integer_ratio()
    quotient = Call("div", (Number(Fraction(above)), Number(Fraction(below))))
    return quotient if value > 0 else Call("neg", (quotient,))


def build(function: str, *arguments: Node) -> Node:
    """The call `function(*arguments)`, simplified at its top; the arguments are simple already."""
    folded = _folded(function, arguments)
    if folded is not None:
        return folded
    simplify = SIMPLIFIERS.get(function)
    return simplify(*arguments) if simplify else Call(function, arguments)


def _folded(function: str, arguments: tuple[Node, ...]) -> Node | None:
    """The constant that a call of constants is, where it has few digits."""
    fold = ARITHMETIC.get(function)
    if fold is None:
        return None
    values = [rational(argument) for argument in arguments]
    if any(value is None for value in values):
        return None
    result = fold(*values)
    if result is None or max(result.numerator.bit_length(), result.denominator.bit_length()) > FEW_DIGITS * 3.33:
        return None
    return number(result)


def _power_of_numbers(x: Fraction, y: Fraction) -> Fraction | None:
    small = y.denominator == 1 and abs(y) <= FEW_DIGITS and (x != 0 or y > 0)
    return Fraction(x**y.numerator) if small else None


ARITHMETIC: dict[str, Callable[..., Fraction | None]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y if y else None,
    "neg": lambda x: -x,
    "pow": _power_of_numbers,
    "floor": lambda x: Fraction(x.numerator // x.denominator),
}
COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "lt": lambda x, y: x < y, "le": lambda x, y: x <= y, "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y, "eq": lambda x, y: x == y, "ne": lambda x, y: x != y,
}  # fmt: skip


def _negated(node: Node) -> Node | None:
    """What `node` is the negative of, where it shows."""
    if isinstance(node, Call) and node.function == "neg":
        return node.arguments[0]
    return None


def _add(x: Node, y: Node) -> Node:
    if rational(x) == 0:
        return y
    if rational(y) == 0:
        return x
    if (positive := _negated(y)) is not None:
        return build("sub", x, positive)
    return Call("add", (x, y))


def _sub(x: Node, y: Node) -> Node:
    if rational(x) == 0:
        return build("neg", y)
    if rational(y) == 0:
        return x
    if (positive := _negated(y)) is not None:
        return build("add", x, positive)
    return Call("sub", (x, y))


def _neg(x: Node) -> Node:
    inner = _negated(x)
    return inner if inner is not None else Call("neg", (x,))


def _mul(x: Node, y: Node) -> Node:
    for one, other in ((x, y), (y, x)):
        if rational(one) == 0:
            return ZERO
        if rational(one) == 1:
            return other
        if rational(one) == -1:
            return build("neg", other)
        if (positive := _negated(one)) is not None:
            return build("neg", build("mul", positive, other) if one is x else build("mul", other, positive))
    if rational(y) is not None and rational(x) is None:  # numbers in front
        return build("mul", y, x)
    if rational(x) is not None and isinstance(y, Call) and y.function == "mul" and rational(y.arguments[0]) is not None:
        return build("mul", build("mul", x, y.arguments[0]), y.arguments[1])
    if _is_reciprocal(y):
        return build("div", x, y.arguments[1])  # type: ignore[union-attr]  # is_call says that it is a call
    if _is_reciprocal(x):
        return build("div", y, x.arguments[1])  # type: ignore[union-attr]  # is_call says that it is a call
    return Call("mul", (x, y))


def _is_reciprocal(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "div" and rational(node.arguments[0]) == 1


def _div(x: Node, y: Node) -> Node:
    if rational(x) == 0:
        return ZERO
    if rational(y) == 1:
        return x
    if (positive := _negated(x)) is not None:
        return build("neg", build("div", positive, y))
    if (positive := _negated(y)) is not None:
        return build("neg", build("div", x, positive))
    return Call("div", (x, y))


def _pow(x: Node, y: Node) -> Node:
    if rational(y) == 1:
        return x
    if rational(y) == 0:
        return ONE
    return Call("pow", (x, y))


def _where(condition: Node, x: Node, y: Node) -> Node:
    if isinstance(condition, Call):
        left, right = (rational(argument) for argument in condition.arguments)
        if left is not None and right is not None:
            return x if COMPARE[condition.function](left, right) else y
    if rational(x) is not None and rational(x) == rational(y):
        return x
    return Call("where", (condition, x, y))


def _log(x: Node) -> Node:
    return ONE if isinstance(x, Constant) and x.name == "e" else Call("log", (x,))


SIMPLIFIERS: dict[str, Callable[..., Node]] = {
    "add": _add, "sub": _sub, "neg": _neg, "mul": _mul, "div": _div, "pow": _pow, "where": _where, "log": _log,
}  # fmt: skip
