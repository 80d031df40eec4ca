"""What the catalogue says of a function of arrays, beyond what it says of every function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from gradcalc.functions.function import Function, Rule

AXIS, NUMBER, SIZE = "axis", "#", "="  # arguments that are no arrays
ANY = "..."


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

    def rank(self, place: int) -> int | None:
        """How many dimensions an operand has; None where it may have any number."""
        return None if self.arguments[place].startswith(ANY) else len(self.arguments[place])

    def least(self, place: int) -> int:
        """How many dimensions an operand has at least."""
        return len(self.arguments[place].removeprefix(ANY))


@cache
def signatures(shape: str, *others: str) -> tuple[Signature, ...]:
    """The signatures that are written so, the `others` first: they ask for more."""
    return tuple(Signature(one.strip()) for one in (*others, *shape.split("|")))


@dataclass(frozen=True, slots=True)
class ArrayFunction(Function):
    """One function of vectors and matrices, to be read like a line of a printed table.

    `shape` is its signature, or several, parted by `|`; `others` are further ones, each with rules of its own in place
    of `vjp`. `mismatch` says what is wrong with arguments that fit none: too few dimensions, and too many. `axis` is
    the one that it runs along where none is named: None stands for all elements. `samples` hold vectors and matrices,
    as nested tuples.

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

    @property
    def of_sizes(self) -> bool:
        """Does it take sizes alone?"""
        return not self.signatures[0].operands

    def rules(self, taken: Signature) -> tuple[Rule, ...]:
        """The rules for arguments that fit one of its signatures."""
        return self.others.get(taken.text, self.vjp)
