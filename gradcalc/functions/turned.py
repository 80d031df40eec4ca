"""Functions that run along one axis alone, along the others by transposes."""

from __future__ import annotations

from gradcalc.base.errors import ExpressionSyntaxError
from gradcalc.base.span import Span
from gradcalc.syntax.tree import Call, Node, Number

AXES = {"concat": (0, 1, -1), "diff": (-1, 0)}  # the first one is the function's own way, the others by transposes
TAKEN = {"concat": "0, 1 or -1 for an axis", "diff": "a number of times from 1 to 20, and -1 or 0 for an axis"}
WRITTEN = {"concat": "concat(A, B, axis=1)", "diff": "diff(A, n=2, axis=0)"}
MOST_TIMES = 20  # that differences are taken


def along(name: str, arguments: tuple[Node, ...], span: Span | None) -> Node | None:
    """`concat(A, B, 1)`, `diff(a, n)` and `diff(a, n, axis)`, by transposes; None where no number is given.

    Raises ExpressionSyntaxError at a number that is none of these.
    """
    arrays, numbers = (arguments[:-1], arguments[-1:]) if name == "concat" else (arguments[:1], arguments[1:])
    whole = [number for one in numbers if (number := whole_number(one)) is not None]
    if not arrays or not whole or len(whole) < len(numbers):
        return None
    times, axis = (1, whole[0]) if name == "concat" else (*whole, -1)[:2]
    if axis not in AXES[name] or times not in range(1, MOST_TIMES + 1):
        raise ExpressionSyntaxError(f"`{name}` takes {TAKEN[name]} here", span=span, hint=f"write `{WRITTEN[name]}`")
    first = arrays[0]
    items = first.arguments if isinstance(first, Call) and first.function == "array" and not arrays[1:] else arrays
    turned = axis in AXES[name][1:]
    made = [Call("transpose", (one,), span) if turned else one for one in items]
    for _ in range(times if name == "diff" else 0):
        made = [Call("diff", tuple(made), span)]
    found = folded(name, tuple(made), span) if name == "concat" else made[0]
    return Call("transpose", (found,), span) if turned else found


def whole_number(node: Node) -> int | None:
    """The literal whole number that a node is; None where it is none."""
    negative = isinstance(node, Call) and node.function == "neg"
    literal = node.arguments[0] if negative and isinstance(node, Call) else node
    if not isinstance(literal, Number) or literal.value.denominator != 1:
        return None
    return -literal.value.numerator if negative else literal.value.numerator


def folded(name: str, arguments: tuple[Node, ...], span: Span | None) -> Node:
    """`max(a, b, c)` as `max(max(a, b), c)`."""
    result = arguments[0]
    for argument in arguments[1:]:
        result = Call(name, (result, argument), span)
    return result
