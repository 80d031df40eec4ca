"""How windows lie in rows and images: their sizes, steps and borders, and the elements of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as products
from operator import mul

from gradcalc.answers.audit.paper.bound import Bound
from gradcalc.answers.audit.paper.number import Unwritten
from gradcalc.tracing.layout import strides

AXES = (1, 2)  # of images that the language has windows of
PLAIN = (1, 0, 1)  # a step of one, no border, neighbouring elements


@dataclass(frozen=True, slots=True)
class Frame:
    """How windows of a `kernel` lie in images of `sizes`: their step, the border around, how far elements are apart."""

    sizes: tuple[int, ...]
    kernel: tuple[int, ...]
    step: tuple[int, ...]
    border: tuple[int, ...]
    apart: tuple[int, ...]

    @classmethod
    def of(cls, given: Bound, sizes: Sequence[int], kernel: Sequence[int]) -> Frame:
        """That of an operation, whose options have a number for each axis or one for all."""
        options = [given.get("stride") or kernel, given.get("padding") or [0], given.get("dilation") or [1]]
        spread = [tuple(one) * len(kernel) if len(one) == 1 else tuple(one) for one in options]
        return cls(tuple(sizes), tuple(kernel), *spread)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many windows there are along each axis."""
        axes = zip(self.sizes, self.kernel, self.step, self.border, self.apart, strict=True)
        return tuple((size + 2 * border - (k - 1) * d - 1) // s + 1 for size, k, s, border, d in axes)

    @property
    def places(self) -> list[list[int | None]]:
        """Of each window the elements that it has, row by row; None in the border."""
        found: list[list[int | None]] = []
        for window in products(*map(range, self.counts)):
            own: list[int | None] = []
            for element in products(*map(range, self.kernel)):
                axes = zip(window, element, self.step, self.border, self.apart, strict=True)
                at = [w * s - border + e * d for w, e, s, border, d in axes]
                inside = all(0 <= one < size for one, size in zip(at, self.sizes, strict=True))
                own.append(sum(map(mul, at, strides(self.sizes))) if inside else None)
            found.append(own)
        return found

    @property
    def count(self) -> int:
        """How many windows there are."""
        return math.prod(self.counts)

    def numbers(self, first: Sequence[int]) -> str:
        """The numbers of `unfold` and its kin behind the `first` ones, as few as it takes. Raises Unwritten."""
        options = [{*one} for one in (self.step, self.border, self.apart)]
        if len(self.kernel) not in AXES or any(len(one) > 1 for one in options):
            raise Unwritten
        last = [one.pop() for one in options]
        while last and last[-1] == PLAIN[len(last) - 1]:
            last.pop()
        return ", ".join(map(str, (*first, *self.kernel, *last)))
