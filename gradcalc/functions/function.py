"""What one row of the catalogue says, and its rules read as trees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from gradcalc.base.limits import Limits
from gradcalc.syntax.parser import Vocabulary, parse
from gradcalc.syntax.tree import Constant, Name, Node, rebuilt, with_arguments

Sample = tuple[Any, ...]  # an argument is a number, or nested tuples of them


@dataclass(frozen=True, slots=True)
class Function:
    """One function, in gradcalc's own language, to be read like a line of a printed table of derivatives.

    `vjp` holds a rule for each parameter: the gradient that flows to it when `g` flows in from above; `out` is the
    function's own value, and None says that no gradient flows there. `domain`, `kink` and `pole` are conditions on
    the parameters: where the value is real; where one-sided derivatives may differ; where the derivative is infinite.
    `definition` writes the function in others; `samples` are points inside the domain, away from kinks.
    """

    name: str
    parameters: tuple[str, ...]
    vjp: tuple[str | None, ...]
    definition: str | None = None
    domain: str | None = None
    needs: str | None = None  # the domain in words, where the condition is no easy reading
    kink: str | None = None
    pole: str | None = None
    defaults: tuple[str, ...] = ()  # values of the last parameters where they are left out
    optional: int = 0  # how many of the last parameters may be left out for good
    aliases: tuple[str, ...] = ()
    fold: bool = False  # f(a, b, c) is f(f(a, b), c)
    bare: bool = False  # may stand before an argument without parentheses: `sin x`
    samples: tuple[Sample, ...] = ((0.5,), (1.75,), (-0.8,))

    @property
    def arity(self) -> tuple[int, int | None]:
        """The least and the greatest number of arguments; None where there is no greatest."""
        most = len(self.parameters)
        return (1 if self.fold else most - len(self.defaults) - self.optional), (None if self.fold else most)


@cache
def rule(text: str) -> Node:
    """A rule of the catalogue as a tree; each text is parsed once."""
    return close(parse(text, Everything(), Limits()).statements[0].body, frozenset({"pi"}))


class Everything(Vocabulary):
    """In a rule every name before a parenthesis is a function: the catalogue is written by its authors."""

    def __init__(self) -> None:
        object.__setattr__(self, "functions", _Any())
        object.__setattr__(self, "bare", frozenset())


class _Any(frozenset[str]):
    def __contains__(self, name: object) -> bool:
        return True


def close(root: Node, constants: frozenset[str]) -> Node:
    """The tree with the names of `constants` read as such."""

    def closed(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Name) and node.name in constants:
            return Constant(node.name, node.span)
        return with_arguments(node, arguments)

    return rebuilt(root, closed)


def substitute(root: Node, replacements: dict[str, Node]) -> Node:
    """The tree with names replaced, those of sizes too; every occurrence of a name becomes the same node."""

    def replacement(node: Node, arguments: tuple[Node, ...]) -> Node:
        return (
            replacements.get(node.name, node) if isinstance(node, Name | Constant) else with_arguments(node, arguments)
        )

    return rebuilt(root, replacement)
