"""Array functions that an engine has no line for, written in others by their definitions."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from gradcalc.arrays.definitions import definition
from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.base.span import Span
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call, Name, Node, postorder, rebuilt, with_arguments


def unfolded(root: Node, variables: Mapping[str, Shape], own: Container[str]) -> Node:
    """The tree with no array function but those that an engine has lines of its own for.

    What stands for a call has its place in the text. Raises ShapeError where shapes do not fit.
    """
    if not any(_is_defined(node, own) for node in postorder(root)):
        return root
    shapes = infer(root, variables)

    def unfold(node: Node, arguments: tuple[Node, ...]) -> Node:
        if not isinstance(node, Call) or not _is_defined(node, own):
            return with_arguments(node, arguments)
        parameters = ARRAY_FUNCTIONS[node.function].parameters
        taken = [shapes[id(argument)] for argument in node.arguments]
        body = unfolded(definition(node, taken), dict(zip(parameters, taken, strict=False)), own)
        return _put_in(body, dict(zip(parameters, arguments, strict=False)), node.span)

    return rebuilt(root, unfold)


def _is_defined(node: Node, own: Container[str]) -> bool:
    """Is this a call that stands for others?"""
    return isinstance(node, Call) and node.function in ARRAY_FUNCTIONS and node.function not in own


def _put_in(body: Node, arguments: Mapping[str, Node], span: Span | None) -> Node:
    """A definition with its parameters replaced, at the place of the call."""

    def placed(node: Node, inner: tuple[Node, ...]) -> Node:
        if isinstance(node, Name):
            return arguments[node.name]
        return Call(node.function, inner, span) if isinstance(node, Call) else replace(node, span=span)

    return rebuilt(body, placed)
