"""Patterns in the language, found in trees and replaced: `log(1 + exp(x))`, with `x` standing for anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradcalc.functions.function import rule as read
from gradcalc.syntax.tree import Call, Name, Node, rebuilt, substitute, with_arguments

Bindings = dict[str, Node]
COMMUTATIVE = frozenset({"add", "mul", "max", "min", "hypot", "logaddexp"})


def rewritten(root: Node, pattern: str, replacement: str) -> Node | None:
    """The tree with the replacement wherever the pattern matches; None where it matches nowhere."""
    shape, written = read(pattern), read(replacement)

    def written_anew(node: Node, arguments: tuple[Node, ...]) -> Node:
        current = with_arguments(node, arguments)
        bindings = next(matches(current, shape, {}), None)
        return current if bindings is None else substitute(written, bindings)

    result = rebuilt(root, written_anew)
    return None if result is root else result


def tidied(root: Node, rules: Iterable[tuple[str, str]]) -> Node:
    """The tree with each rule that fits, one after the other."""
    for rule in rules:
        root = rewritten(root, *rule) or root
    return root


def matches(node: Node, pattern: Node, bound: Bindings) -> Iterator[Bindings]:
    """The ways to read the pattern's names so that it is the node; sums and products in either order."""
    if isinstance(pattern, Name):
        if pattern.name not in bound:
            yield {**bound, pattern.name: node}
        elif bound[pattern.name] == node:
            yield bound
    elif not isinstance(pattern, Call) or not isinstance(node, Call):
        if node == pattern:
            yield bound
    elif node.function == pattern.function and len(node.arguments) == len(pattern.arguments):
        yield from _arguments(node.arguments, pattern.arguments, bound)
        if node.function in COMMUTATIVE:
            yield from _arguments(node.arguments[::-1], pattern.arguments, bound)


def _arguments(nodes: tuple[Node, ...], patterns: tuple[Node, ...], bound: Bindings) -> Iterator[Bindings]:
    if not nodes:
        yield bound
        return
    for extended in matches(nodes[0], patterns[0], bound):
        yield from _arguments(nodes[1:], patterns[1:], extended)
