"""What the catalogue says of a function of arrays, beyond what it says of every function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TypeVar

from gradcalc.functions.function import NO_GRADIENT, Function, Rule

AXIS, NUMBER, SIZE = "axis", "#", "="  # arguments that are no arrays
ANY = "..."
T = TypeVar("T")


@dataclass(frozen=True)
class Signature:
    """The shapes of the arguments and of the result, as NumPy writes them: `mk, kn -> mn`.

    An argument is an array with a letter for each dimension, equal letters for equal sizes; `...` is an array of any
    shape, `...n` one with a dimension at least. `axis` and `#` are whole numbers, `=n` is a size. In the result `(mp)`
    is the product of two sizes, and `... - axis` the shape of the first argument without the axis. A result that is
    left out follows from no such rule.
    """

    text: str

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """What is said of each argument."""
        return tuple(one.strip() for one in self.text.partition("->")[0].split(","))

    @cached_property
    def result(self) -> str:
        """What is said of the result."""
        return self.text.partition("->")[2].strip()

    @cached_property
    def operands(self) -> int:
        """How many of the arguments are arrays; these come first."""
        return sum(one not in (AXIS, NUMBER) and not one.startswith(SIZE) for one in self.arguments)

    def argument(self, place: int) -> str:
        """What is said of one argument; where there may be any number, the last one stands for all others."""
        return self.arguments[min(place, len(self.arguments) - 1)]

    def rank(self, place: int) -> int | None:
        """How many dimensions an operand has; None where it may have any number."""
        argument = self.argument(place)
        return None if argument.startswith(ANY) else len(argument)

    def least(self, place: int) -> int:
        """How many dimensions an operand has at least."""
        return len(self.argument(place).removeprefix(ANY))


@cache
def signatures(shape: str, *others: str) -> tuple[Signature, ...]:
    """The signatures that are written so, the `others` first: they ask for more."""
    return tuple(Signature(one.strip()) for one in (*others, *shape.split("|")))


@dataclass(frozen=True, slots=True)
class ArrayFunction(Function):
    """One function of vectors and matrices, to be read like a line of a printed table.

    `shape` is its signature, or several, parted by `|`; a function with a definition may go without, and has the shape
    of that. `others` are further signatures, each with rules of its own in place of `vjp`. `mismatch` says what is
    wrong with arguments that fit none: too few dimensions, and too many. `axis` is the one that it runs along where
    none is named; None stands for all elements. `samples` hold vectors and matrices as nested tuples.

    In the rules products are those of matrices, and reductions run over all elements or, where an axis is named, down
    the columns: `g` and `out` broadcast against `a`. `n` is how many elements are folded into one, or the number of
    rows of a square matrix.
    """

    shape: str = ""
    others: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict, hash=False)
    mismatch: tuple[str, ...] = ()
    axis: int | None = None
    linear: bool = False  # in its last array at least

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """What it takes, and makes of it."""
        return signatures(self.shape, *self.others)

    @property
    def along(self) -> bool:
        """Does it run over all elements, or along an axis?"""
        return AXIS in self.parameters

    def parted(self, arguments: Sequence[T]) -> tuple[Sequence[T], Sequence[T]]:
        """The arguments that are arrays, and those that are whole numbers or sizes."""
        count = len(self.parameters) - self.vjp.count(NO_GRADIENT)
        return (arguments, ()) if self.fold else (arguments[:count], arguments[count:])

    @property
    def numbers(self) -> list[int]:
        """The places of the arguments that are whole numbers, no axis among them."""
        return [place for place, one in enumerate(self.signatures[0].arguments) if one == NUMBER]
