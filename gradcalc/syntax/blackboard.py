"""Tree to text as it is written on a blackboard: `2x·cos(x²)`. Short rather than exact; it need not parse back."""

from __future__ import annotations

import re
from collections.abc import Callable

from gradcalc.syntax.decimals import decimal
from gradcalc.syntax.tree import Call, Constant, Node, Number, postorder

SUM, PRODUCT, NEGATION, POWER, ATOM = 10, 20, 25, 30, 100
RELATIONS = {"eq": " = ", "ne": " ≠ ", "lt": " < ", "le": " ≤ ", "gt": " > ", "ge": " ≥ "}
SUMS = {"add": " + ", "sub": " - "}
LETTERS = {"pi": "π"}
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LONGEST_SUPERSCRIPT = 3
COEFFICIENT = re.compile(r"[0-9.]+")
JOINABLE = re.compile(r"(?!e[0-9])[^\W\d_]|\((?!-)")  # 2x and 2(x + 1), but 2·e1, 2·3 and 2·(-3)

Written = tuple[str, int]  # a text, and how strongly it holds together


def on_blackboard(root: Node) -> str:
    """The tree as a teacher writes it: products without a star, whole exponents raised, π for pi."""
    written: dict[int, Written] = {}
    for node in postorder(root):
        written[id(node)] = _write(node, written)
    return written[id(root)][0]


def _write(node: Node, written: dict[int, Written]) -> Written:
    """Text and strength of a node whose arguments are written."""
    if isinstance(node, Number):
        return decimal(node.value), ATOM
    if not isinstance(node, Call):
        return LETTERS.get(node.name, node.name) if isinstance(node, Constant) else node.name, ATOM
    arguments = [written[id(argument)] for argument in node.arguments]
    if node.function in RELATIONS:
        return RELATIONS[node.function].join(text for text, _ in arguments), SUM - 5
    if node.function in SUMS:
        left, right = arguments
        return _within(left, SUM) + SUMS[node.function] + _closed(right, SUM + 1), SUM
    operator = OPERATORS.get(node.function)
    return operator(*arguments) if operator else (f"{node.function}({', '.join(text for text, _ in arguments)})", ATOM)


def _within(operand: Written, strength: int) -> str:
    """The operand, in parentheses where it holds together less than `strength`."""
    text, own = operand
    return text if own >= strength else f"({text})"


def _closed(operand: Written, strength: int) -> str:
    """The same for an operand on the right, where a sign must not follow an operator."""
    text = _within(operand, strength)
    return f"({text})" if text.startswith("-") else text


def _product(left: Written, right: Written) -> Written:
    """`2x`, `2(x + 1)`, `x·y`, `2·3`: a number stands before a letter or a sum without a sign."""
    first, second = _within(left, PRODUCT), _closed(right, PRODUCT + 1)
    joined = COEFFICIENT.fullmatch(first) and JOINABLE.match(second)
    return first + ("" if joined else "·") + second, PRODUCT


def _quotient(above: Written, below: Written) -> Written:
    return f"{_within(above, PRODUCT)}/{_closed(below, PRODUCT + 1)}", PRODUCT


def _power(base: Written, exponent: Written) -> Written:
    text, _ = exponent
    bottom = _within(base, POWER + 1)
    if text.removeprefix("-").isdigit() and len(text) <= LONGEST_SUPERSCRIPT:
        return bottom + text.translate(SUPERSCRIPTS), POWER
    return f"{bottom}^{_closed(exponent, ATOM)}", POWER


def _negative(operand: Written) -> Written:
    return "-" + _closed(operand, NEGATION - 5), NEGATION


OPERATORS: dict[str, Callable[..., Written]] = {
    "mul": _product,
    "div": _quotient,
    "pow": _power,
    "neg": _negative,
    "matmul": lambda a, b: (f"{_within(a, PRODUCT)} @ {_closed(b, PRODUCT + 1)}", PRODUCT),
    "transpose": lambda a: (_within(a, ATOM) + "ᵀ", ATOM),
    "array": lambda *items: (f"[{', '.join(text for text, _ in items)}]", ATOM),
    "index": lambda a, *places: (f"{_within(a, ATOM)}[{', '.join(text for text, _ in places)}]", ATOM),
    "abs": lambda x: (f"|{x[0]}|", ATOM),
    "factorial": lambda x: (_within(x, ATOM) + "!", ATOM),
}
