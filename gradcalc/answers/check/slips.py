"""Common slips in deriving by hand: for each rule the wrong derivative that people write, and what to tell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.simplify import ONE, build, rational, simplified
from gradcalc.functions import CATALOGUE, COMPARISONS
from gradcalc.functions.function import rule
from gradcalc.functions.printer import signed_text, to_text
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    dependents,
    free_names,
    postorder,
    rebuilt,
    substitute,
    with_arguments,
)

LARGEST = 80  # nodes; a larger expression is no exercise
HOLE = " "  # the name of a part that is taken out; no user's name has a space
CONDITIONS = frozenset(row.name for row in COMPARISONS)  # of `where`; they have no derivative
OUTER = frozenset({"add", "sub", "mul", "div", "neg"})  # what is not called a chain


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong derivative of one function, in gradcalc's own language, and the sentence that puts it right.

    `wrong` speaks of the function's parameters, of their derivatives `dx` and `dy`, and of its value `out`; where its
    first argument is a number times something, also of that `number`, the `rest`, and the derivative `drest`.
    """

    function: str
    wrong: str
    sentence: str


PRODUCT = "the product rule is u'·v + u·v'"
QUOTIENT = "the quotient rule is (u'·v - u·v')/v²"
BOTH = "(u^v)' is u^v·(v'·log(u) + v·u'/u)"
EXPONENTIAL = "the derivative of a^u is a^u·log(a)·u'"
POWER = "(x^n)' = n·x^(n-1)"
CHAIN = "the chain rule is f'(g(x))·g'(x)"
RECIPROCAL = "the derivative of 1/v is -v'/v²"
INSIDE = "a power of a product is that of each factor: (3·x)² is 9·x²"
INNER, FACTOR = "the chain rule's inner derivative is missing", "a factor is missing"
SLIPS = (
    Slip("mul", "dx * dy", f"{PRODUCT}, not u'·v'"),
    Slip("mul", "dx * y", f"{PRODUCT}: the second term is missing"),
    Slip("mul", "x * dy", f"{PRODUCT}: the first term is missing"),
    Slip("mul", "dx * y - x * dy", f"{PRODUCT}, with a plus"),
    Slip("mul", "x * dy - dx * y", f"{PRODUCT}, with a plus"),
    Slip("div", "dx / dy", f"{QUOTIENT}, not u'/v'"),
    Slip("div", "(dx * y + x * dy) / y**2", f"{QUOTIENT}, with a minus"),
    Slip("div", "(x * dy - dx * y) / y**2", f"{QUOTIENT}: the two terms are swapped"),
    Slip("div", "(dx * y - x * dy) / y", f"{QUOTIENT}: the denominator is squared"),
    Slip("div", "dx * y - x * dy", f"{QUOTIENT}: the denominator is missing"),
    Slip("div", "(dx * y - x * dy) / x**2", f"{QUOTIENT}: the square below the line is that of v, not of u"),
    Slip("div", "(x * dy - dx * y) / x**2", "that is the derivative of v/u: the quotient stands upside down"),
    Slip("div", "dx / y", f"{QUOTIENT}: the second term is missing"),
    Slip("div", "-x * dy / y", f"{RECIPROCAL}: the denominator is squared"),
    Slip("div", "x / dy", f"{RECIPROCAL}, not 1/v'"),
    Slip("pow", "number * y * rest**(y - 1) * drest", INSIDE),
    Slip("pow", "y * x**y * dx", f"the power rule lowers the exponent by one: {POWER}"),
    Slip("pow", "x**(y - 1) * dx", f"the power rule brings the exponent down as a factor: {POWER}"),
    Slip("pow", "(y - 1) * x**(y - 1) * dx", f"the power rule brings the exponent down as it is: {POWER}"),
    Slip("pow", "y * x**(y - 2) * dx", f"the power rule lowers the exponent by one: {POWER}"),
    Slip("pow", "y * x**(y + 1) * dx", f"the power rule lowers the exponent: {POWER}"),
    Slip("pow", "y * x**(y - 1) * dy", f"the power rule is for a constant exponent; {EXPONENTIAL}"),
    Slip("pow", "y * x**(y - 1) + 0 * dy", f"the power rule is for a constant exponent; {EXPONENTIAL}"),
    Slip("pow", "y * x**(y - 1) * dx + 0 * dy", f"the power rule is for a constant exponent; {BOTH}"),
    Slip("pow", "out * log(x) * dy + 0 * dx", f"the rule for exponentials is for a constant base; {BOTH}"),
    Slip("pow", "out * dy", f"{EXPONENTIAL}: the factor log(a) is missing"),
    Slip("sqrt", "dx / sqrt(x)", "the derivative of sqrt(u) is u'/(2·sqrt(u)): the 2 is missing"),
    Slip("sqrt", "dx * sqrt(x) / 2", "the derivative of sqrt(u) is u'/(2·sqrt(u)): the root goes below the line"),
    Slip("sqrt", "dx / (2 * x)", "the derivative of sqrt(u) is u'/(2·sqrt(u)): the root stays"),
    Slip("exp", "x * exp(x - 1) * dx", "exp is no power of its argument: the derivative of exp(u) is exp(u)·u'"),
    Slip("exp", "x * exp(x - 1)", "exp is no power of its argument: the derivative of exp(u) is exp(u)·u'"),
    Slip("log", "dx * log(x)", "the derivative of log(u) is u'/u"),
    Slip("log", "dx * x", "the derivative of log(u) is u'/u"),
    Slip("log2", "dx / x", "the derivative of log2(u) is u'/(u·log(2))"),
    Slip("log10", "dx / x", "the derivative of log10(u) is u'/(u·log(10))"),
    Slip("sin", "-cos(x) * dx", "the derivative of sin is cos, without a minus"),
    Slip("cos", "sin(x) * dx", "the derivative of cos is -sin, with a minus"),
    Slip("tan", "sec(x) * dx", "the derivative of tan is sec²"),
    Slip("tan", "cot(x) * dx", "the derivative of tan is sec²"),
    Slip("tan", "dx / (1 + x**2)", "that is the derivative of atan; the derivative of tan is sec²"),
    Slip("tan", "(1 + out) * dx", "the derivative of tan is sec², which is 1 + tan²: the square is missing"),
    Slip("tan", "sec(x) * out * dx", "that is the derivative of sec; the derivative of tan is sec²"),
    Slip("cot", "csc(x)**2 * dx", "the derivative of cot is -csc², with a minus"),
    Slip("sec", "tan(x) * dx", "the derivative of sec is sec·tan: a factor is missing"),
    Slip("sec", "tan(x)**2 * dx", "the derivative of sec is sec·tan"),
    Slip("sec", "out**2 * dx", "that is the derivative of tan; the derivative of sec is sec·tan"),
    Slip("csc", "out * cot(x) * dx", "the derivative of csc is -csc·cot, with a minus"),
    Slip("asin", "dx / sqrt(1 - number * rest**2)", INSIDE),
    Slip("acos", "-dx / sqrt(1 - number * rest**2)", INSIDE),
    Slip("atan", "dx / (1 + number * rest**2)", INSIDE),
    Slip("asinh", "dx / sqrt(1 + number * rest**2)", INSIDE),
    Slip("acosh", "dx / sqrt(number * rest**2 - 1)", INSIDE),
    Slip("atanh", "dx / (1 - number * rest**2)", INSIDE),
    Slip("asin", "dx / sqrt(1 - x)", "the derivative of asin(u) is u'/sqrt(1 - u²): the square is missing"),
    Slip("atan", "dx / (1 + x)", "the derivative of atan(u) is u'/(1 + u²): the square is missing"),
    Slip("asin", "dx * cos(x) / sin(x)**2", "asin is the inverse function of sin, not 1/sin"),
    Slip("asin", "dx / sqrt(1 + x**2)", "the derivative of asin(u) is u'/sqrt(1 - u²)"),
    Slip("asin", "dx / (1 - x**2)", "the derivative of asin(u) is u'/sqrt(1 - u²): the root is missing"),
    Slip("acos", "dx / sqrt(1 - x**2)", "the derivative of acos(u) is -u'/sqrt(1 - u²), with a minus"),
    Slip("atan", "dx / (1 - x**2)", "the derivative of atan(u) is u'/(1 + u²), with a plus"),
    Slip("atan", "dx / sqrt(1 + x**2)", "the derivative of atan(u) is u'/(1 + u²), without a root"),
    Slip("atan", "sec(x)**2 * dx", "that is the derivative of tan; the derivative of atan(u) is u'/(1 + u²)"),
    Slip("sinh", "-cosh(x) * dx", "the derivative of sinh is cosh, without a minus"),
    Slip("cosh", "-sinh(x) * dx", "the derivative of cosh is sinh, without a minus"),
    Slip("asinh", "dx / sqrt(x**2 - 1)", "the derivative of asinh(u) is u'/sqrt(u² + 1)"),
    Slip("asinh", "dx / sqrt(1 - x**2)", "the derivative of asinh(u) is u'/sqrt(u² + 1)"),
    Slip("acosh", "dx / sqrt(x**2 + 1)", "the derivative of acosh(u) is u'/sqrt(u² - 1)"),
    Slip("atanh", "dx / (1 + x**2)", "the derivative of atanh(u) is u'/(1 - u²), with a minus"),
    Slip("tanh", "(1 + out**2) * dx", "the derivative of tanh is 1 - tanh²"),
    Slip("tanh", "(1 - out) * dx", "the derivative of tanh is 1 - tanh²: the square is missing"),
    Slip("tanh", "(out**2 - 1) * dx", "the derivative of tanh is 1 - tanh²: the sign is wrong"),
    Slip("tanh", "out * (1 - out) * dx", "that is the derivative of the sigmoid; the derivative of tanh is 1 - tanh²"),
    Slip(
        "sigmoid", "(1 - out**2) * dx", "that is the derivative of tanh; the derivative of the sigmoid s is s·(1 - s)"
    ),
    Slip("sigmoid", "out * dx", "the derivative of the sigmoid s is s·(1 - s): a factor is missing"),
    Slip("sigmoid", "(1 - out) * dx", "the derivative of the sigmoid s is s·(1 - s): a factor is missing"),
    Slip("sigmoid", "out * (1 + out) * dx", "the derivative of the sigmoid s is s·(1 - s), with a minus"),
    Slip("sigmoid", "x * (1 - x) * dx", "in s·(1 - s) the s is the value of the sigmoid, not its argument"),
    Slip("softplus", "dx / (1 + exp(x))", "the derivative of softplus is the sigmoid: 1/(1 + exp(-u))"),
    Slip("tanh", "(1 - x**2) * dx", "in 1 - tanh² stands the value of tanh, not its argument"),
    Slip("cosh", "-cosh(x) * dx", "the derivative of cosh is sinh"),
    Slip("log", "dx / (x * log(10))", "that is the derivative of log10; log is the natural logarithm here"),
    Slip("abs", "dx", "the derivative of |u| is sign(u)·u'"),
)


def told(sentences: Sequence[str]) -> str | None:
    """What is said where these slips explain a derivative: the one, or the rule that all of them break, or nothing."""
    if any(one.startswith(INNER) for one in sentences):  # of 5*x + 1 and of 5*x it is the same slip
        sentences = [one for one in sentences if not one.startswith((INNER, FACTOR))] + [
            next(one for one in sentences if one.startswith(INNER))
        ]
    sentences = [one for one in sentences if BOTH not in one] or sentences  # x^x comes from simpler slips too
    if len(sentences) < 2:
        return next(iter(sentences), None)
    return next((said for said, words in RULES.items() if all(words in one for one in sentences)), None)


RULES = {  # what is said, and what all the sentences have in them
    PRODUCT: PRODUCT,
    QUOTIENT: QUOTIENT,
    RECIPROCAL: RECIPROCAL,
    f"the power rule is {POWER}": POWER,
    f"the power rule is for a constant exponent; {EXPONENTIAL}": EXPONENTIAL,
    CHAIN: "chain rule",
}


def slips(root: Node, name: str) -> Iterator[tuple[Node, str]]:
    """Every wrong derivative of `root` by `name` that comes from one slip, with its sentence.

    Inner derivatives that are missing come first, then the slips of the table; of each the outermost part first.
    """
    order = postorder(root)
    if len(order) > LARGEST:
        return
    reached = dependents(order, [name])
    numbers = (node for node in reversed(order) if isinstance(node, Call) and node.function not in CONDITIONS)
    parts = dict.fromkeys(node for node in numbers if id(node) in reached)
    cuts = [Cut(part, gradient(part, [name])[name], _without(root, part)) for part in parts]
    for cut in cuts:
        if cut.part != root and rational(cut.slope) != 1:
            yield from _chain_slips(cut, name, order)
    for cut in cuts:
        yield from _table_slips(cut, name)


@dataclass(frozen=True, slots=True)
class Cut:
    """An expression cut in two: an inner part with its derivative, and the outer function of the HOLE it leaves."""

    part: Call
    slope: Node
    outer: Node

    def derivative(self, name: str, slope: Node, inside: Node) -> Node:
        """The chain rule with `slope` as the inner derivative, and the outer derivative taken at `inside`."""
        outer = gradient(self.outer, [name, HOLE])
        through = build("mul", substitute(outer[HOLE], {HOLE: inside}, simplified), slope)
        return build("add", substitute(outer[name], {HOLE: self.part}, simplified), through)


def _chain_slips(cut: Cut, name: str, order: list[Node]) -> Iterator[tuple[Node, str]]:
    """The inner derivative left out, or put where the inner function belongs."""
    shown = to_text(cut.part)
    above = {node.function for node in order if isinstance(node, Call) and cut.part in node.arguments}
    what = FACTOR if above <= OUTER else INNER
    yield cut.derivative(name, ONE, cut.part), f"{what}: the derivative of `{shown}` is `{signed_text(cut.slope)}`"
    if above <= OUTER:
        return
    if rational(cut.slope) != -1:
        twice = cut.derivative(name, build("mul", cut.slope, cut.slope), cut.part)
        yield twice, f"the chain rule's inner derivative, that of `{shown}`, is there twice"
    for inside, where in ((cut.slope, "its derivative"), (Name(name), f"`{name}`")):
        for slope in (ONE, cut.slope):
            sentence = f"the chain rule takes the outer derivative at `{shown}` itself, not at {where}"
            yield cut.derivative(name, slope, inside), sentence
    sentence = f"the outer function has to be derived too, not only `{shown}` inside it: the chain rule is f'(g)·g'"
    yield substitute(cut.outer, {HOLE: cut.slope}, simplified), sentence


def _table_slips(cut: Cut, name: str) -> Iterator[tuple[Node, str]]:
    """The wrong derivatives of the table; a slip about an argument's derivative needs one that is not 0."""
    row = CATALOGUE[cut.part.function]
    bound = dict(zip(row.parameters, cut.part.arguments, strict=True))
    bound |= _number_and_rest(cut.part.arguments[0])
    slopes = {f"d{parameter}": gradient(argument, [name])[name] for parameter, argument in bound.items()}
    constant = {parameter for parameter, slope in slopes.items() if rational(slope) == 0}
    for slip in SLIPS:
        names = {*free_names(postorder(rule(slip.wrong)))} if slip.function == cut.part.function else {HOLE}
        known = names.isdisjoint(constant) and names <= {*bound, *slopes, "out"}
        if known and not (slip.sentence.startswith(RECIPROCAL) and _is_power(cut.part.arguments[1])):
            wrong = substitute(rule(slip.wrong), bound | slopes | {"out": cut.part}, simplified)
            yield cut.derivative(name, wrong, cut.part), slip.sentence


def _is_power(node: Node) -> bool:
    """Is it x**n, below whose line people take the power rule?"""
    return isinstance(node, Name) or (
        isinstance(node, Call) and node.function == "pow" and isinstance(node.arguments[0], Name)
    )


def _number_and_rest(argument: Node) -> dict[str, Node]:
    """The 3 and the x of 3*x; nothing of what is no number times something."""
    if isinstance(argument, Call) and argument.function == "mul" and rational(argument.arguments[0]) is not None:
        return dict(zip(("number", "rest"), argument.arguments, strict=True))
    return {}


def _without(root: Node, part: Node) -> Node:
    """The tree with every occurrence of a part replaced by the HOLE."""
    return rebuilt(root, lambda node, arguments: Name(HOLE) if node == part else with_arguments(node, arguments))
