"""Tree to text that parses back to the same tree, with no more parentheses than needed."""

from __future__ import annotations

from fractions import Fraction

from gradcalc.syntax.tree import Call, Node, Number, postorder

ATOM = 100
BINARY = {  # operator, strength, strength asked of the left and of the right argument
    "eq": (" == ", 5, 6, 6), "ne": (" != ", 5, 6, 6), "lt": (" < ", 5, 6, 6),
    "le": (" <= ", 5, 6, 6), "gt": (" > ", 5, 6, 6), "ge": (" >= ", 5, 6, 6),
    "add": (" + ", 10, 10, 11), "sub": (" - ", 10, 10, 11),
    "mul": ("*", 20, 20, 21), "div": ("/", 20, 20, 21),
    "pow": ("**", 30, 31, 30),
}  # fmt: skip
NEGATION = 25  # looser than **, tighter than *
SCIENTIFIC_BEYOND = 6  # zeros in a row before a literal is written with an exponent


def to_text(node: Node) -> str:
    """The tree in gradcalc's own language: `2*x*cos(x**2)`."""
    return texts(node)[id(node)]


def texts(*roots: Node) -> dict[int, str]:
    """The text of every node below `roots`, by the node's id."""
    written: dict[int, tuple[str, int]] = {}
    for node in postorder(*roots):
        written[id(node)] = _write(node, written)
    return {key: text for key, (text, _) in written.items()}


def _write(node: Node, written: dict[int, tuple[str, int]]) -> tuple[str, int]:
    """Text and strength of a node whose arguments are written."""
    if isinstance(node, Number):
        return decimal(node.value), ATOM
    if not isinstance(node, Call):
        return node.name, ATOM

    def operand(index: int, strength: int) -> str:
        text, own = written[id(node.arguments[index])]
        return text if own >= strength else f"({text})"

    if node.function in BINARY:
        symbol, strength, left, right = BINARY[node.function]
        return operand(0, left) + symbol + operand(1, right), strength
    if node.function == "neg":
        return "-" + operand(0, NEGATION), NEGATION
    if node.function == "factorial":
        return operand(0, 50) + "!", 50
    arguments = ", ".join(written[id(argument)][0] for argument in node.arguments)
    return f"{node.function}({arguments})", ATOM


def decimal(value: Fraction) -> str:
    """A non-negative finite decimal as text: `3`, `0.25`, `6.674e-11`. Exact."""
    digits, exponent = _scaled(value)
    text = str(digits).rstrip("0") or "0"
    exponent += len(str(digits)) - len(text) if digits else 0
    point = len(text) + exponent  # digits before the decimal point
    if exponent > SCIENTIFIC_BEYOND or point < -3:
        mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
        return f"{mantissa}e{point - 1:+03d}" if point - 1 < 0 else f"{mantissa}e{point - 1}"
    if exponent >= 0:
        return text + "0" * exponent
    return text[:point] + "." + text[point:] if point > 0 else "0." + "0" * -point + text


def _scaled(value: Fraction) -> tuple[int, int]:
    """Integer digits and power of ten: value = digits · 10**exponent. Raises ValueError where there are none."""
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise ValueError(f"{value} is not a finite decimal")
    places = max(twos, fives)
    return value.numerator * 10**places // value.denominator, -places
