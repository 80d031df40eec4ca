"""What the engines say of a function at a point: the truth, the closed form, autograd's numbers, a corner."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from gradcalc.arrays.array import Array, Value
from gradcalc.base.floating import Format
from gradcalc.base.real import Real, fraction
from gradcalc.syntax.tree import Call, Node


class Smoothness(StrEnum):
    """How a function goes through a point, along one variable."""

    SMOOTH = "smooth"
    EDGE = "edge"  # the domain ends here; the derivative is one-sided
    KINK = "kink"
    INFINITE = "infinite"
    UNDEFINED = "undefined"
    UNDECIDED = "undecided"  # a sign or a zero is not proven at the last precision


@dataclass(frozen=True, slots=True)
class Slope:
    """The true derivative along one variable, as the exact engine found it.

    `value` is set where a derivative exists; `left` and `right` where one-sided ones were looked at. `blame` is the
    node that has no value, or that has the kink; `magnitude` the size of the terms that `value` is the sum of.
    """

    smoothness: Smoothness
    value: Real | None = None
    left: Real | None = None
    right: Real | None = None
    blame: Node | None = None
    why: str | None = None
    magnitude: Real | None = None
    limit: Real | None = None  # of the value, where it is missing at this one point

    @property
    def by_rules(self) -> Fraction | None:
        """The derivative as a fraction, where the rules alone decide it."""
        return None if self.magnitude is None else fraction(self.value)

    @property
    def finite(self) -> Real | None:
        """The derivative, unless it is an infinity."""
        return None if self.value is None or self.value.infinite else self.value


@dataclass(frozen=True, slots=True)
class Truth:
    """What the exact engine says at a point: the function's value, and a slope for each variable.

    The value is None where there is none, and where it is not decided; the slopes tell which.
    """

    value: Real | None
    slopes: Mapping[str, Slope]


class Slopes(Sequence[Slope]):
    """The true derivative by every component of a variable, row-major; each a slope when it is asked for.

    `special` are those that the rules do not decide, and `unknown` those of them that were not looked at.
    """

    special: Mapping[int, Slope] = {}
    unknown: frozenset[int] = frozenset()

    @abstractmethod
    def nearest(self, form: Format) -> array[float]:
        """The derivatives rounded to a format; nan where there is none."""


@dataclass(frozen=True, slots=True)
class ArrayTruth:
    """What the exact engine says of a number made of arrays: its value, and the slopes by each variable."""

    value: Real | None
    slopes: Mapping[str, Slopes]


@dataclass(frozen=True, slots=True)
class MatrixTruth:
    """What the exact engine says of a matrix of derivatives: what each row derives, and the slopes along the row."""

    values: tuple[Real, ...]
    rows: tuple[Slopes, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """That `entries` are derivatives of `functions`, one name to derive by after the other.

    For each function there is an entry for every choice of names, row-major. The trial takes them all at once, `along`
    a direction for each order of derivation; `weights` are what the entries of one function count in that.
    """

    functions: tuple[Node, ...]
    along: tuple[Mapping[str, Fraction], ...]
    entries: tuple[Node, ...]
    weights: tuple[Fraction, ...]


class Trial(StrEnum):
    """What the functions' own values at a point say about a claim."""

    HOLDS = "holds"
    FAILS = "fails"
    VALUELESS = "valueless"  # an entry has no value, and the functions are fine
    OUTSIDE = "outside"  # nothing: a function has no value about the point
    OPEN = "open"  # nothing: its quotients do not settle


@dataclass(frozen=True, slots=True)
class Stress:
    """What the way to a gradient of arrays goes through.

    `overflow` and `underflow`: a value, or a gradient that flows back, leaves the range of the format.
    `lost_bits`: how many leading bits of a sum cancel, at the worst of the sums.
    """

    overflow: bool
    underflow: bool
    lost_bits: int


class Kind(StrEnum):
    """What of a node is meant: its value, its local derivative by an argument, or what flows back to it in all."""

    VALUE = "value"
    LOCAL = "local derivative"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a computation, of a group of equal nodes; `place` is that of the argument of a local derivative."""

    kind: Kind
    group: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Traced:
    """What a node is worth: its value, and the derivative of the result by it; None where there is none.

    `taken` says whether the result really came from it: a branch of `where` may not have been taken.
    """

    value: Real | None
    flow: Real | None
    taken: bool


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """A derivative as text of the language, or None and a clause that says why it is left out; `root` is its tree."""

    text: str | None
    note: str | None = None
    root: Node | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """Where torch has no gradient of its own: why."""

    why: str


@dataclass(frozen=True, slots=True)
class Autograd:
    """What torch says: the function's value, None where it lacks a part of it, and the gradient by each variable."""

    value: float | None
    gradient: Mapping[str, Value | Missing]

    def number(self, name: str) -> float | Missing:
        """The derivative by a scalar variable; 0 by one that the function lacks."""
        value = self.gradient.get(name, 0.0)
        assert isinstance(value, float | Missing)
        return value

    def by_parts(self, parts: Mapping[str, Sequence[str]]) -> Autograd:
        """The same with a number for each component, by the names of those of each variable."""
        numbers: dict[str, Value | Missing] = {}
        for name, own in parts.items():
            value = self.gradient.get(name, 0.0)
            numbers.update(zip(own, value.values if isinstance(value, Array) else (value,) * len(own), strict=True))
        return Autograd(self.value, numbers)


@dataclass(frozen=True, slots=True)
class AutogradMatrix:
    """torch's derivatives of each component of a function, or of its gradient, and the function's own components.

    A value is None where torch lacks a part of the function. In the columns of a variable that is `missing` the
    numbers are nan.
    """

    values: Sequence[float | None]
    numbers: Array
    missing: Mapping[str, Missing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exactly:
    """The part of a function that has no value just at the point that was meant or, if it has, a kink or a pole."""

    node: Call
    valueless: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A function along a line through the point: the slopes before and behind it, and whether they break there.

    `expected` is what the partial derivatives add up to, where that is not the slope. A slope is None where it has no
    limit.
    """

    along: Mapping[str, float]
    left: float | None
    right: float | None
    breaks: bool
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Corner:
    """How a function of several variables has no gradient at the point, along a few lines through it.

    Where `switch` is set, it breaks along every direction in which that quantity changes, and along no other.
    """

    lines: tuple[Line, ...]
    switch: str | None
    explanation: str = ""
