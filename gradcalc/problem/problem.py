"""What was asked: a resolved expression, the variables to derive by, and the point."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gradcalc.arrays.shape import Shape
from gradcalc.base.floating import FORMATS, Format
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
class Array:
    """Numbers of a shape, in row-major order, packed as the machine's own doubles: a matrix may have millions."""

    shape: tuple[int, ...]
    values: array[float]

    def nested(self) -> Any:
        """The numbers as lists of lists."""
        return nested(self.values.tolist(), self.shape)


def nested(flat: Any, shape: Shape) -> Any:
    """A flat sequence as lists of lists of a shape; its only element, for the shape of a scalar."""
    if not shape:
        return flat[0]
    step = len(flat) // int(shape[0])
    return [nested(flat[start : start + step], shape[1:]) for start in range(0, len(flat), step)]


Value: TypeAlias = float | Array


@dataclass(frozen=True, slots=True)
class Problem:
    """An expression with every name settled.

    `root` is the result with all definitions put in, each definition one shared node; `variables` are its free
    names in order of first appearance, `wrt` those to derive by. `point` gives each variable a number of `dtype`, or
    an array of them, or is None where no point was asked for. `shapes` holds the shapes of the array variables,
    `assumed` those among them that nobody gave; `arrays` says whether the expression deals in arrays at all.
    """

    source: str
    root: Node
    definitions: tuple[Definition, ...]
    variables: tuple[str, ...]
    wrt: tuple[str, ...]
    order: int = 1
    dtype: str = DEFAULT_DTYPE
    point: Mapping[str, Value] | None = None
    rewritten: bool = False
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    assumed: Mapping[str, Shape] = field(default_factory=dict)
    arrays: bool = False
    symmetric: frozenset[str] = frozenset()  # matrices that are declared to equal their transpose

    @property
    def format(self) -> Format:
        """The floating-point format of `dtype`."""
        return FORMATS[self.dtype]

    @property
    def numbers(self) -> Mapping[str, float]:
        """The point of a problem without arrays."""
        assert self.point is not None
        return {name: value for name, value in self.point.items() if isinstance(value, float)}
