"""Equal expressions that are never worse, on the whole domain: what a program computes in place of what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcalc.answers.diagnosis.cures import LARGEST
from gradcalc.answers.diagnosis.equalities import ARRAY_CURES, CURES
from gradcalc.answers.diagnosis.rewriting import rewritten
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Node, postorder

# The cures that hold everywhere, by what they replace; others are better at some points and worse at others.
EVERYWHERE = frozenset({
    "bce(sigmoid(z), y)", "bce(1 / (1 + exp(-z)), y)", "-(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z)))",
    "-(y * log(1 / (1 + exp(-z))) + (1 - y) * log(1 - 1 / (1 + exp(-z))))", "log(sigmoid(x))", "log(1 - sigmoid(x))",
    "log(1 / (1 + exp(-x)))", "log(1 + exp(x))", "log1p(exp(x))", "log(exp(x) + exp(y))", "1 / (1 + exp(-x))",
    "1 / (1 + exp(x))", "exp(x) / (1 + exp(x))", "exp(x) / (exp(x) + exp(y))",
    "(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "(exp(x) - exp(-x)) / 2", "log(cosh(x))", "2 / (exp(x) + exp(-x))",
    "log(x + sqrt(x**2 + 1))", "log((1 + x) / (1 - x))", "log((1 - x) / (1 + x))", "exp(x) - 1", "1 - exp(x)",
    "log(1 + x)", "log(1 - x)", "1 - sigmoid(x)", "1 - 1 / (1 + exp(-x))", "1 - tanh(x)", "1 - erf(x)", "sqrt(x**2)",
    "sqrt(x**2 + y**2)", "sqrt(x * x + y * y)", "1 - cos(x)", "cos(x) - 1", "cosh(x) - 1", "sinh(x) / cosh(x)",
    "softplus(x) - x", "log(erfc(x))", "log(ndtr(x))", "mean(x**2) - mean(x)**2", "log(sum(exp(x)))",
    "exp(x) / sum(exp(x))", "log(det(a))", "inv(a) @ b",
})  # fmt: skip
FIRST_CURES = {pattern: (pattern, cure) for pattern, cure in reversed((*CURES, *ARRAY_CURES))}
STABLE = tuple(cure for pattern, cure in reversed(FIRST_CURES.items()) if pattern in EVERYWHERE)
OF_RULES: tuple[tuple[str, str], ...] = (  # what the rules of derivatives bring with them
    ("x / cosh(y)**2", "x * sech(y)**2"),
    ("x / sinh(y)**2", "x * csch(y)**2"),
    ("x / (1 + exp(y))", "x * sigmoid(-y)"),
    ("exp(x) / (1 + exp(x))", "sigmoid(x)"),
)


def stable(root: Node, has: Callable[[str], bool], rules: Sequence[tuple[str, str]] = STABLE) -> Node:
    """The tree with each rule that fits and leads to functions that a language `has`; a very large one as it is."""
    if len(postorder(root)) > LARGEST:
        return root
    for pattern, replacement in rules:
        if all(has(one.function) for one in postorder(rule(replacement)) if isinstance(one, Call)):
            root = rewritten(root, pattern, replacement) or root
    return root
