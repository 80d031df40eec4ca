"""What an array of numbers is called: by the name that the code has for it, or for the classes that its rows pick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcalc.answers.audit.paper.picks import picked

IDENTITY = "I"  # the name of the unit matrix


@dataclass(frozen=True, slots=True)
class Called:
    """A name, and whether the code has it for the numbers of classes, of which there is a row of 0 and 1 each."""

    name: str
    hot: bool = False


def called(numbers: Sequence[float], shape: tuple[int, ...], given: Mapping[str, Any]) -> Called | None:
    """The name of an array of those numbers, row by row, among tensors that are `given`; None where it has none."""
    for name, one in given.items():
        own = one.double().reshape(-1).tolist()
        if tuple(one.shape) == shape and own == [*numbers]:
            return Called(name)
        if len(shape) > 1 and tuple(one.shape) == shape[:-1] and own == picked(numbers, shape[-1]):
            return Called(name, hot=True)
    unit = len(shape) == 2 and picked(numbers, shape[1]) == [*range(shape[0])]
    return Called(IDENTITY) if unit else None
