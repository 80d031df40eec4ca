"""Floats as whole numbers, packed: a matrix may have millions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(frozen=True, slots=True)
class Packed(Sequence[int]):
    """Floats as whole multiples of 2**-bits, each made when it is asked for.

    Python's own whole numbers would take six times the memory.
    """

    values: Sequence[float]
    bits: int

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, slice):
            return [int(math.ldexp(value, self.bits)) for value in self.values[place]]
        return int(math.ldexp(self.values[place], self.bits))

    def __iter__(self) -> Iterator[int]:
        return (int(math.ldexp(value, self.bits)) for value in self.values)
