"""What went wrong with one term of a derivative, and which variable was taken for another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.answers.check.evidence import Evidence
from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.simplify import build, rational
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Node, free_names, number, postorder

MOST_TERMS = 6
SIGNS = {"add": 1, "sub": -1}


def one_term(evidence: Evidence) -> str | None:
    """A term of the true derivative that has the wrong sign, is missing, or is there twice."""
    true = gradient(evidence.function, [evidence.name])[evidence.name]
    parts = terms(true)
    if not 1 < len(parts) <= MOST_TERMS:
        return None
    for times, said in (
        (-2, "the sign of `{}` is wrong"),
        (-1, "the term `{}` is missing"),
        (1, "`{}` is there twice"),
    ):
        for sign, term in parts:
            if evidence.is_tree(build("add", true, build("mul", number(times * sign), term))):
                return said.format(to_text(term))
    return None


def not_held(evidence: Evidence) -> str | None:
    """Another variable derived too, in all of the function or in one of its terms."""
    others = sorted({*free_names(postorder(evidence.function))} - {evidence.name})
    for name in others:
        for part in _parts(evidence.function, evidence.name):
            slopes = gradient(part, [name])
            tree = build("add", gradient(evidence.function, [evidence.name])[evidence.name], slopes[name])
            if rational(slopes[name]) != 0 and evidence.is_tree(tree):
                return f"`{name}` is a constant where one derives by `{evidence.name}`"
    return None


def _parts(function: Node, name: str) -> Iterator[Node]:
    """The function, and its terms that lack the variable."""
    yield function
    parts = terms(function)
    if 1 < len(parts) <= MOST_TERMS:
        yield from (term for _, term in parts if name not in free_names(postorder(term)))


def terms(node: Node, sign: int = 1) -> Sequence[tuple[int, Node]]:
    """The terms of a sum, each with its sign."""
    if isinstance(node, Call) and node.function in SIGNS:
        first, second = node.arguments
        return [*terms(first, sign), *terms(second, sign * SIGNS[node.function])]
    if isinstance(node, Call) and node.function == "neg":
        return terms(node.arguments[0], -sign)
    return [(sign, node)]
