"""Equal expressions that keep the digits. A cure is offered only after it was checked at the very same point.

Source of most of them: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, chapters 1 and 2;
Kahan, Branch Cuts for Complex Elementary Functions, 1987; Mächler, Accurately Computing log(1 − exp(−|a|)), 2012.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.diagnosis.rewriting import rewritten
from gradcalc.syntax.tree import Call, Name, Node, free_names, number, postorder, rebuilt, substitute, with_arguments

LARGEST = 300  # nodes of an expression that cures are looked for in
ROUNDS = 3  # of applying every rule, where no single one is enough

CURES: tuple[tuple[str, str], ...] = (
    # losses on logits
    ("-(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z)))", "softplus(z) - y * z"),
    ("-(y * log(1 / (1 + exp(-z))) + (1 - y) * log(1 - 1 / (1 + exp(-z))))", "softplus(z) - y * z"),
    ("bce(sigmoid(z), y)", "softplus(z) - y * z"),
    ("bce(1 / (1 + exp(-z)), y)", "softplus(z) - y * z"),
    ("-(y * log(sigmoid(z)) + (1 - y) * log(1 - sigmoid(z)))", "y * softplus(-z) + (1 - y) * softplus(z)"),
    (
        "-(y * log(1 / (1 + exp(-z))) + (1 - y) * log(1 - 1 / (1 + exp(-z))))",
        "y * softplus(-z) + (1 - y) * softplus(z)",
    ),
    ("bce(sigmoid(z), y)", "y * softplus(-z) + (1 - y) * softplus(z)"),
    ("bce(1 / (1 + exp(-z)), y)", "y * softplus(-z) + (1 - y) * softplus(z)"),
    ("log(sigmoid(x))", "logsigmoid(x)"),
    ("log(1 - sigmoid(x))", "logsigmoid(-x)"),
    ("log(1 / (1 + exp(-x)))", "logsigmoid(x)"),
    # exponentials
    ("log(1 + exp(x))", "softplus(x)"),
    ("log(exp(x) + exp(y))", "logaddexp(x, y)"),
    ("1 / (1 + exp(-x))", "sigmoid(x)"),
    ("1 / (1 + exp(x))", "sigmoid(-x)"),
    ("exp(x) / (1 + exp(x))", "sigmoid(x)"),
    ("exp(x) / (exp(x) + exp(y))", "sigmoid(x - y)"),
    ("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", "tanh(x)"),
    ("(exp(x) - exp(-x)) / 2", "sinh(x)"),
    ("log1p(exp(x))", "softplus(x)"),
    ("log(cosh(x))", "x + softplus(-2 * x) - log(2)"),
    ("log(exp(x) - 1)", "x + log(-expm1(-x))"),
    ("2 / (1 + exp(-2 * x)) - 1", "tanh(x)"),
    ("2 / (exp(x) + exp(-x))", "sech(x)"),
    ("exp(x) - 2 + exp(-x)", "4 * sinh(x / 2)**2"),
    ("exp(x) / (exp(x) - 1)", "-1 / expm1(-x)"),
    ("(exp(2 * x) - 1) / (exp(x) - 1)", "exp(x) + 1"),
    ("exp(x) - exp(-x)", "2 * sinh(x)"),
    ("exp(x) * exp(-y)", "exp(x - y)"),
    ("exp(x) * exp(y)", "exp(x + y)"),
    ("exp(x) / exp(y)", "exp(x - y)"),
    ("exp(x)**n", "exp(n * x)"),
    ("log(exp(x))", "x"),
    ("log(x * y)", "log(x) + log(y)"),
    ("log(x**n)", "n * log(x)"),
    ("log(x + y) - log(x)", "log1p(y / x)"),
    ("log(x) - log(y)", "log(x / y)"),
    ("log((1 + x) / (1 - x))", "2 * atanh(x)"),
    ("log((1 - x) / (1 + x))", "-2 * atanh(x)"),
    ("log(x + sqrt(x**2 + 1))", "asinh(x)"),
    ("log(x + sqrt(x**2 - 1))", "acosh(x)"),
    ("exp(x) - 1", "expm1(x)"),
    ("1 - exp(x)", "-expm1(x)"),
    ("log(1 + x)", "log1p(x)"),
    ("log(1 - x)", "log1p(-x)"),
    # saturation
    ("sigmoid(x)", "1 - sigmoid(-x)"),
    ("tanh(x)", "1 - 2 * sigmoid(-2 * x)"),
    ("tanh(x)", "2 * sigmoid(2 * x) - 1"),
    ("1 - sigmoid(x)", "sigmoid(-x)"),
    ("1 - 1 / (1 + exp(-x))", "sigmoid(-x)"),
    ("1 - tanh(x)", "2 * sigmoid(-2 * x)"),
    ("1 - tanh(x)**2", "1 / cosh(x)**2"),
    ("erf(x)", "1 - erfc(x)"),
    ("1 - erf(x)", "erfc(x)"),
    # roots and powers
    ("sqrt(x**2)", "abs(x)"),
    ("sqrt(x**2 + y**2)", "hypot(x, y)"),
    ("sqrt(x * x + y * y)", "hypot(x, y)"),
    ("sqrt(x**2 + y**2 + z**2)", "hypot(hypot(x, y), z)"),
    ("sqrt(x * x + y * y + z * z)", "hypot(hypot(x, y), z)"),
    ("sqrt(x**2 + y)", "hypot(x, sqrt(y))"),
    ("max(sqrt(x), y)", "sqrt(max(x, y**2))"),
    ("(-b + sqrt(b**2 - 4 * a * c)) / (2 * a)", "-2 * c / (b + sqrt(b**2 - 4 * a * c))"),
    ("(-b + sqrt(b**2 - 4 * (a * c))) / (2 * a)", "-2 * c / (b + sqrt(b**2 - 4 * a * c))"),
    ("(-b - sqrt(b**2 - 4 * a * c)) / (2 * a)", "2 * c / (sqrt(b**2 - 4 * a * c) - b)"),
    ("(-b - sqrt(b**2 - 4 * (a * c))) / (2 * a)", "2 * c / (sqrt(b**2 - 4 * a * c) - b)"),
    ("sqrt(x + y) - sqrt(x)", "y / (sqrt(x + y) + sqrt(x))"),
    ("sqrt(x) - sqrt(y)", "(x - y) / (sqrt(x) + sqrt(y))"),
    ("sqrt(1 + x) - 1", "x / (sqrt(1 + x) + 1)"),
    ("1 - sqrt(1 - x)", "x / (1 + sqrt(1 - x))"),
    ("1 / sqrt(x) - 1 / sqrt(x + y)", "y / (sqrt(x) * sqrt(x + y) * (sqrt(x) + sqrt(x + y)))"),
    ("cbrt(x + y) - cbrt(x)", "y / (cbrt(x + y)**2 + cbrt(x + y) * cbrt(x) + cbrt(x)**2)"),
    ("(x + y)**n - x**n", "x**n * expm1(n * log1p(y / x))"),
    ("1 / x - 1 / (x + y)", "y / (x * (x + y))"),
    ("1 / (x + y) - 1 / x", "-y / (x * (x + y))"),
    ("(x**2 - 1) / (x - 1)", "x + 1"),
    ("(x**2 - y**2) / (x - y)", "x + y"),
    ("x**2 - 2 * x * y + y**2", "(x - y)**2"),
    ("x**2 - y**2", "(x - y) * (x + y)"),
    ("x * x - y * y", "(x - y) * (x + y)"),
    ("(x + y) - x", "y"),
    ("(x - y) - x", "-y"),
    # trigonometry
    ("1 - cos(x)", "2 * sin(x / 2)**2"),
    ("cos(x) - 1", "-2 * sin(x / 2)**2"),
    ("1 - cos(x)**2", "sin(x)**2"),
    ("1 - sin(x)**2", "cos(x)**2"),
    ("sin(x + y) - sin(x)", "2 * cos(x + y / 2) * sin(y / 2)"),
    ("cos(x + y) - cos(x)", "-2 * sin(x + y / 2) * sin(y / 2)"),
    ("tan(x + y) - tan(x)", "sin(y) / (cos(x) * cos(x + y))"),
    ("atan(x + y) - atan(x)", "atan(y / (1 + x * (x + y)))"),
    ("cosh(x) - 1", "2 * sinh(x / 2)**2"),
    ("relu(x) - relu(-x)", "x"),
    ("sinh(x) / cosh(x)", "tanh(x)"),
    ("gamma(x) / gamma(y)", "exp(lgamma(x) - lgamma(y))"),
    ("softplus(x) - x", "softplus(-x)"),
    ("gelu(x)", "x * erfc(-x / sqrt(2)) / 2"),
    ("sqrt(x**2 + y) - x", "y / (sqrt(x**2 + y) + x)"),
    ("x - sqrt(x**2 - y)", "y / (x + sqrt(x**2 - y))"),
    # compound interest, and logarithms of small probabilities
    ("(1 + x)**n", "exp(n * log1p(x))"),
    ("(1 - x)**n", "exp(n * log1p(-x))"),
    ("log1p(-exp(x))", "log(-expm1(x))"),
    ("log(erfc(x))", "log(2) + log_ndtr(-sqrt(2) * x)"),
    ("log(ndtr(x))", "log_ndtr(x)"),
    # sums of squares
    ("(x**2 + y**2) / 2 - ((x + y) / 2)**2", "((x - y) / 2)**2"),
    # products and quotients in another order, which stay in range
    ("(x + y) / z", "x / z + y / z"),
    ("x**2 / y", "x * (x / y)"),
    ("x * y / z", "x * (y / z)"),
    ("x * y / z", "x / z * y"),
    ("x * y * z", "x * (y * z)"),
    # steps towards the others
    ("exp(x) + exp(y)", "exp(logaddexp(x, y))"),
    ("x * x", "x**2"),
)


ARRAY_CURES: tuple[tuple[str, str], ...] = (
    ("mean(x**2) - mean(x)**2", "var(x)"),
    ("mean(x * x) - mean(x)**2", "var(x)"),
    ("norm(x)", "amax(abs(x)) * norm(x / amax(abs(x)))"),
    ("log(sum(exp(x)))", "logsumexp(x)"),
    ("exp(x) / sum(exp(x))", "softmax(x)"),
    ("sum(exp(x)) / exp(y)", "sum(exp(x - y))"),
    ("log(softmax(x))", "x - logsumexp(x)"),
    ("log(det(a))", "logdet(a)"),
    ("inv(a) @ b", "solve(a, b)"),
)
ON_LOGITS: tuple[tuple[str, str], ...] = (  # in this order, all of them: a probability that is used twice
    ("1 * x", "x"),
    ("1 / (1 + exp(-x))", "sigmoid(x)"),
    ("1 / (1 + exp(x))", "sigmoid(-x)"),
    ("log(where(c, x, y))", "where(c, log(x), log(y))"),
    ("1 - where(c, x, y)", "where(c, 1 - x, 1 - y)"),
    ("1 - (1 - x)", "x"),
    ("log(sigmoid(x))", "logsigmoid(x)"),
    ("log(1 - sigmoid(x))", "logsigmoid(-x)"),
    ("1 - sigmoid(x)", "sigmoid(-x)"),
    ("-(-x)", "x"),
)
TIDY: tuple[tuple[str, str], ...] = (  # what a cure may leave to be cancelled
    ("x / y / x", "1 / y"),
    ("x / (y * x)", "1 / y"),
    ("x * y / x", "y"),
    ("y / x * x", "y"),
    ("x - x", "0"),
    ("exp(0)", "1"),
    ("1 * x", "x"),
    ("-(-x)", "x"),
    ("1 - (1 - x)", "x"),
)


def candidates(root: Node) -> Iterator[Node]:
    """Equal expressions: with one rule applied, with branches guarded, with every rule that fits."""
    if len(postorder(root)) > LARGEST:
        return
    found = [one for one in _rewritten(root) if one != root]
    yield from found
    if (guarded := double_where(root)) is not None:
        yield guarded
    for first in found:
        yield from _further(first)


def on_logits(root: Node) -> Node | None:
    """A loss of a probability and of its complement, `(1 - sigmoid(z))**2 * log(sigmoid(z))`, on logits alone."""
    current, used = root, set()
    for rule in ON_LOGITS:
        if (changed := rewritten(current, *rule)) is not None:
            current = changed
            used.add(rule[1])
    return current if "sigmoid(-x)" in used and used & {"logsigmoid(x)", "logsigmoid(-x)"} else None


def _further(root: Node) -> Iterator[Node]:
    """What two or more rules lead to."""
    current = root
    for _ in range(ROUNDS):
        following = [one for one in _rewritten(current) if one != current]
        yield from following
        if not following:
            return
        current = following[0]


def _rewritten(root: Node) -> list[Node]:
    """The tree with each rule that fits."""
    found = (rewritten(root, *cure) for cure in (*CURES, *ARRAY_CURES))
    return [_tidied(one) for one in found if one is not None]


def _tidied(root: Node) -> Node:
    """The tree without what cancels."""
    for rule in TIDY:
        root = rewritten(root, *rule) or root
    return root


def double_where(root: Node) -> Node | None:
    """Every `where(c, f(x), g(x))` as `where(c, f(where(c, x, 1)), g(where(c, 1, x)))`.

    Each branch then sees a harmless value where it is not taken, and no nan of its own can leak out.
    """

    def guarded(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Call) and node.function == "where":
            condition, yes, no = arguments
            arguments = (condition, _guarded(yes, condition, taken=True), _guarded(no, condition, taken=False))
        return with_arguments(node, arguments)

    result = rebuilt(root, guarded)
    return None if result is root else result


def _guarded(branch: Node, condition: Node, *, taken: bool) -> Node:
    """A branch that sees 1 for each variable of the condition where it is not taken; a plain one stays."""
    if not isinstance(branch, Call):
        return branch
    one = number(1)
    replacements: dict[str, Node] = {}
    for name in free_names(postorder(condition)):
        choices = (Name(name), one) if taken else (one, Name(name))
        replacements[name] = Call("where", (condition, *choices))
    return substitute(branch, replacements)
