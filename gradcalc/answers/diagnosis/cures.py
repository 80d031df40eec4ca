"""Equal expressions that keep the digits. A cure is offered only after it was checked at the very same point."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.answers.diagnosis.equalities import ARRAY_CURES, CURES, ON_LOGITS, TIDY
from gradcalc.answers.diagnosis.rewriting import rewritten, tidied
from gradcalc.syntax.tree import Call, Name, Node, free_names, number, postorder, rebuilt, substitute, with_arguments

LARGEST = 300  # nodes of an expression that cures are looked for in
ROUNDS = 3  # of applying every rule, where no single one is enough


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
    return [tidied(one, TIDY) for one in found if one is not None]


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
