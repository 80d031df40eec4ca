"""An array of numbers, and what a variable may hold."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from gradcalc.arrays.shape import Shape

if TYPE_CHECKING:
    Doubles: TypeAlias = array[float]
else:
    Doubles = array  # which takes nothing in brackets before Python 3.12, where somebody asks for the types of fields


@dataclass(frozen=True, slots=True)
class Array:
    """Numbers of a shape, in row-major order, packed as the machine's own doubles: a matrix may have millions."""

    shape: tuple[int, ...]
    values: Doubles

    def nested(self) -> Any:
        """The numbers as lists of lists."""
        return nested(self.values.tolist(), self.shape)


def nested(flat: Any, shape: Shape) -> Any:
    """A flat sequence as lists of lists of a shape; its only element, for the shape of a scalar."""
    if not shape:
        return flat[0]
    count = int(shape[0])
    step = len(flat) // max(count, 1)
    return [nested(flat[place * step : (place + 1) * step], shape[1:]) for place in range(count)]


Value: TypeAlias = float | Array


def shape_of(value: Value) -> tuple[int, ...]:
    """The shape of a value; that of a number is ()."""
    return value.shape if isinstance(value, Array) else ()


def numbers_of(value: Value) -> Sequence[float]:
    """The numbers in a value, in row-major order."""
    return value.values if isinstance(value, Array) else (value,)


def nested_of(value: Value) -> Any:
    """A number, or an array as lists of lists."""
    return value.nested() if isinstance(value, Array) else value
