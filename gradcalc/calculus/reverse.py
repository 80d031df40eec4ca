"""The gradient of a tree as trees, by reverse accumulation over the catalogue's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcalc.base.errors import LimitError
from gradcalc.calculus.simplify import ONE, ZERO, build, simplified
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Name, Node, dependents, postorder, substitute

LARGEST_TREE = 300_000  # nodes of a derivative; each order multiplies them


Rules = Mapping[str, tuple[str, ...]]  # of functions that are derived otherwise than the catalogue has it
NONE: Rules = {}


def gradient(root: Node, names: Sequence[str], rules: Rules = NONE) -> dict[str, Node]:
    """The partial derivative of `root` by each name: trees that share what they have in common.

    The work grows in proportion to the number of nodes of `root`. A name that it lacks gets 0.
    """
    order = postorder(root)
    wanted = dependents(order, names)
    flows: dict[int, Node] = {id(root): ONE}
    partials: dict[str, Node] = dict.fromkeys(names, ZERO)
    for node in reversed(order):
        if id(node) not in flows or id(node) not in wanted:
            continue
        flow = flows.pop(id(node))
        if isinstance(node, Name):
            partials[node.name] = build("add", partials[node.name], flow)
        elif isinstance(node, Call):
            for index, child in enumerate(node.arguments):
                if id(child) in wanted and CATALOGUE[node.function].rule_to(index) is not None:
                    share = flow_to(node, index, flow, rules)
                    flows[id(child)] = build("add", flows[id(child)], share) if id(child) in flows else share
    return partials


def flow_to(node: Call, index: int, flow: Node, rules: Rules = NONE) -> Node:
    """What flows from a call to its argument `index` when `flow` flows in; with ONE, the local derivative."""
    row = CATALOGUE[node.function]
    text = row.rule_to(index, rules.get(node.function))
    assert text is not None, f"no gradient flows to argument {index} of {node.function}"
    replacements = dict(zip(row.parameters, node.arguments, strict=True))
    return substitute(rule(text), replacements | {"g": flow, "out": node}, simplified)


def derivative(root: Node, name: str, order: int, rules: Rules = NONE) -> Node:
    """The derivative of that order by one name. Raises LimitError when it grows too large."""
    for _ in range(order):
        root = gradient(root, [name], rules)[name]
        require_size(root, order)
    return root


def require_size(root: Node, order: int) -> None:
    """Raises LimitError where a tree on the way to the derivative of an order is too large."""
    if len(postorder(root)) > LARGEST_TREE:
        raise LimitError(
            f"the derivative of order {order} is too large",
            hint="no option raises this limit: ask for a lower --order",
        )
