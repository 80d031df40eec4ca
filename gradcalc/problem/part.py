"""A place in a formula whose meaning depends on what is an array, and the errors that ask."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.base.errors import GradcalcError, ShapeError, shortened
from gradcalc.functions.printer import to_text
from gradcalc.problem.kinds import Kind
from gradcalc.syntax.tree import Call, Node


@dataclass(frozen=True, slots=True)
class Part:
    """A call whose arguments are settled, with their kinds."""

    node: Call
    arguments: tuple[Node, ...]
    kinds: tuple[Kind, ...]

    def call(self, function: str, *arguments: Node) -> Node:
        """Another call in its place."""
        return Call(function, arguments or self.arguments, self.node.span)

    def unclear(self, message: str, *ways: Node) -> GradcalcError:
        """The error that asks which of some ways to write it is meant."""
        hint = " or ".join(f"`{shortened(to_text(way))}`" for way in ways)
        return ShapeError(message, span=self.node.span, hint=f"write {hint}")

    def lacking(self, what: str, each: Node) -> GradcalcError:
        """The error for what a matrix has no function of here, and numbers have: element by element it has one."""
        hint = f"write `{shortened(to_text(each))}` for that of each element"
        return ShapeError(f"{what} of a matrix is not part of the language", span=self.node.span, hint=hint)
