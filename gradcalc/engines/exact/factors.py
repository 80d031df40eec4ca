"""The parts of a quantity whose zeros are its own: each is simple where a power or a product would only touch 0.

A quantity is read as a fraction of polynomials in its kernels, the variable and the functions in it, and its numerator
is factored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product

from flint import acb, fmpq, fmpq_mpoly, fmpq_poly

from gradcalc.calculus.simplify import build, rational, simplified
from gradcalc.engines.exact.ball import as_ratio
from gradcalc.engines.exact.kernels import ARITHMETIC, kernels_of, quotient
from gradcalc.functions import CATALOGUE, ELEMENTWISE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, Number, free_names, number, postorder, rebuilt, substitute, with_arguments

MOST_CHOICES = 4  # whose branches are all looked at
THROUGH_ZERO = frozenset({  # functions that begin or cease to be 0 where their argument does, and there alone
    "neg", "abs", "sign", "sqrt", "cbrt", "sinh", "tanh", "asinh", "asin", "atan", "atanh", "erf", "expm1", "log1p",
    "relu", "relu6", "leaky_relu", "selu", "softsign", "silu", "mish", "gelu",
})  # fmt: skip
NEVER_ZERO = frozenset({
    "exp", "cosh", "sec", "csc", "sech", "csch", "coth", "sigmoid", "softplus", "logsigmoid", "ndtr", "log_ndtr",
    "gamma",
})  # fmt: skip
IN_STEPS = frozenset({"floor", "ceil", "round", "trunc"})  # they begin and cease to be 0 where they jump
PIECES = {  # each changes at a kink of its own
    name: row.definition
    for name, row in ELEMENTWISE.items()
    if row.kink and row.definition and row.definition.startswith("where(")
} | {"abs": "where(x > 0, x, -x)", "sign": "where(x > 0, 1, -1)"}
EVERYWHERE = {"eq": (2,), "ne": (1,)}  # the branch of a choice that is taken but for single points


def factors(quantity: Node) -> Iterator[Node]:
    """Parts at whose zeros alone a quantity of one variable may begin or cease to be 0, where it has a value.

    Those of each branch that its choices may take: where they change is known by itself.
    """
    for branch in branches(quantity):
        yield from _factors(branch)


def branches(quantity: Node) -> list[Node]:
    """A quantity with its choices made, in every way; as it is where there are many."""
    whole = rebuilt(quantity, _in_choices)
    choices = [node for node in postorder(whole) if isinstance(node, Call) and node.function == "where"]
    conditions = {to_text(condition): condition for node in choices for condition in node.arguments[:1]}
    if not conditions or len(conditions) > MOST_CHOICES:
        return [quantity]
    sides = [_branches_of(condition) for condition in conditions.values()]
    return [_chosen(whole, dict(zip(conditions, taken, strict=True))) for taken in product(*sides)]


def _branches_of(condition: Node) -> tuple[int, ...]:
    """The branches that are taken on more than single points."""
    return EVERYWHERE.get(condition.function, (1, 2)) if isinstance(condition, Call) else (1, 2)


def _in_choices(node: Node, arguments: tuple[Node, ...]) -> Node:
    """A function that is made of pieces, as a choice between them."""
    if not isinstance(node, Call) or node.function not in PIECES:
        return with_arguments(node, arguments)
    return substitute(
        rule(PIECES[node.function]), dict(zip(CATALOGUE[node.function].parameters, arguments, strict=True))
    )


def _chosen(quantity: Node, taken: dict[str, int]) -> Node:
    """A quantity with one branch of each choice, by the text of its condition."""

    def choose(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Call) and node.function == "where":
            return arguments[taken[to_text(node.arguments[0])]]
        return simplified(node, arguments)

    return rebuilt(quantity, choose)


def _factors(quantity: Node) -> Iterator[Node]:
    if not free_names(postorder(quantity)):
        return
    if not isinstance(quantity, Call):
        yield quantity
    elif quantity.function in ARITHMETIC:
        yield from _of_arithmetic(quantity)
    elif quantity.function in SPLIT and not any(free_names(postorder(one)) for one in _settings(quantity)):
        for part in SPLIT[quantity.function](quantity):
            yield from _factors(part)
    elif quantity.function not in NEVER_ZERO | IN_STEPS:
        yield quantity


def _settings(node: Call) -> tuple[Node, ...]:
    """The arguments behind the first, where they only set how a function goes through 0."""
    return node.arguments[1:] if node.function in THROUGH_ZERO else ()


def in_common(parts: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """The factors that several quantities have in common, and for each of these the product of its others, each once.

    All are 0 where a common factor is, or all of those products are.
    """
    kernels = {text: node for part in parts for text, node in kernels_of(part).items()}
    found = [quotient(part, kernels) for part in parts]
    above = [_reduced(*one) for one in found if one is not None]
    if len(above) < len(parts) or any(one.is_zero() for one in above):
        return [], list(parts)
    leaves = list(kernels.values())
    if len(parts) == 1:
        return [], [_product(list(_of_factors(above[0], leaves)))]
    common = reduce(lambda one, other: one.gcd(other), above)
    return list(_of_factors(common, leaves)), [_product(list(_of_factors(one / common, leaves))) for one in above]


def _reduced(above: fmpq_mpoly, below: fmpq_mpoly) -> fmpq_mpoly:
    """The numerator in lowest terms: where a factor stands below too, there may be no value, and no zero."""
    return above if below.is_constant() else above / above.gcd(below)


def _of_factors(product: fmpq_mpoly, kernels: list[Node]) -> Iterator[Node]:
    for factor, _ in product.factor()[1]:
        yield from _of_factor(factor, kernels, None)


def _product(nodes: Sequence[Node]) -> Node:
    return reduce(lambda one, other: build("mul", one, other), nodes, number(1))


def _square(node: Node) -> Node:
    return Call("pow", (node, Number(Fraction(2))))


SPLIT: dict[str, Callable[[Call], tuple[Node, ...]]] = {
    **dict.fromkeys(THROUGH_ZERO, lambda node: node.arguments[:1]),
    "hypot": lambda node: (build("add", *map(_square, node.arguments)),),
    "tan": lambda node: (build("sin", *node.arguments),),
    "cot": lambda node: (build("cos", *node.arguments),),
    "log": lambda node: (build("sub", node.arguments[0], Number(Fraction(1))),),
    "hardsigmoid": lambda node: (build("add", node.arguments[0], Number(Fraction(3))),),
}


def _of_arithmetic(quantity: Call) -> Iterator[Node]:
    """The factors of the numerator; what is 0 for every number has none, as it tells no number from its neighbours."""
    kernels = kernels_of(quantity)
    found = quotient(quantity, kernels)
    if found is None:
        base, exponent = quantity.arguments if quantity.function == "pow" else (quantity, None)
        above_zero = exponent is not None and (rational(exponent) or 0) > 0
        yield from _factors(base) if above_zero else (quantity,)
        return
    above, below = found
    if above.is_constant():
        return
    _, pairs = above.factor()
    for factor, times in pairs:
        whole = len(pairs) == times == 1 and below.is_constant()
        yield from _of_factor(factor, list(kernels.values()), quantity if whole else None)


def _of_factor(factor: fmpq_mpoly, kernels: list[Node], written: Node | None) -> Iterator[Node]:
    """What a factor comes to: a kernel's own factors, nothing where it has no real root, or a tree of it."""
    places = [place for place, degree in enumerate(factor.degrees()) if degree]
    if len(places) > 1:
        yield written or _sum(factor, kernels)
        return
    kernel = kernels[places[0]]
    coefficients = [fmpq(0)] * (factor.total_degree() + 1)
    for powers, coefficient in factor.terms():
        coefficients[powers[places[0]]] = coefficient
    if len(coefficients) == 2 and not coefficients[0]:
        yield from _factors(kernel) if kernel is not written else (kernel,)
    elif _has_real_root(fmpq_poly(coefficients)):
        yield written or _horner(coefficients, kernel)


def _has_real_root(polynomial: fmpq_poly) -> bool:
    roots: list[tuple[acb, int]] = polynomial.numer().complex_roots()  # type: ignore[assignment]  # flint's types are wrong
    return any(root.imag.is_zero() for root, _ in roots)


def _horner(coefficients: list[fmpq], kernel: Node) -> Node:
    nodes = (number(as_ratio(one)) for one in reversed(coefficients))
    return reduce(lambda above, one: build("add", build("mul", above, kernel), one), nodes)


def _sum(factor: fmpq_mpoly, kernels: list[Node]) -> Node:
    """A polynomial in several kernels, term by term."""
    terms = []
    for powers, coefficient in factor.terms():
        raised = (
            build("pow", kernel, number(int(power))) for kernel, power in zip(kernels, powers, strict=True) if power
        )
        terms.append(reduce(lambda one, other: build("mul", one, other), raised, number(as_ratio(coefficient))))
    return reduce(lambda one, other: build("add", one, other), terms)
