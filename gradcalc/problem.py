"""What was asked: a resolved expression, the variables to derive by, and the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcalc.floating import FORMATS, Format
from gradcalc.syntax.tree import Node

DEFAULT_DTYPE = "float64"


@dataclass(frozen=True, slots=True)
class Definition:
    """One statement of a program; `body` speaks of earlier definitions by name, `whole` has them put in.

    The last statement may go without a name.
    """

    name: str | None
    body: Node
    whole: Node


@dataclass(frozen=True, slots=True)
class Problem:
    """An expression with every name settled.

    `root` is the result with all definitions put in, each definition one shared node; `variables` are its free
    names in order of first appearance, `wrt` those to derive by. `point` gives each variable a number of `dtype`,
    or is None where no point was asked for.
    """

    source: str
    root: Node
    definitions: tuple[Definition, ...]
    variables: tuple[str, ...]
    wrt: tuple[str, ...]
    order: int = 1
    dtype: str = DEFAULT_DTYPE
    point: Mapping[str, float] | None = None
    rewritten: bool = False

    @property
    def format(self) -> Format:
        """The floating-point format of `dtype`."""
        return FORMATS[self.dtype]
