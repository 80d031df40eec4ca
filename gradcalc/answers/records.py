"""What comes out: a row with its verdict for each derivative, and the comparison that everything prints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gradcalc.answers.beside import Implicit, Link, Tangent, Where
from gradcalc.answers.diagnosis.records import Culprit
from gradcalc.answers.verdicts import Reason, Verdict, overall
from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.shape import Shape, size
from gradcalc.base.printing import Printed
from gradcalc.base.real import digits_of
from gradcalc.base.span import Span
from gradcalc.engines.records import Corner


@dataclass(frozen=True, slots=True)
class Blame:
    """The piece of the expression that a verdict comes from."""

    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why autograd is wrong, and what to write instead.

    `sentence` names the operation where the digits went; `true` is what it should have given (20 digits), `autograd`
    what it gave, on the way forward or `backward`. `cure` is an equal expression that was checked to be right here;
    with `near`, `x = 0`, it is its series there.
    """

    sentence: str | None
    cure: str | None
    blame: Blame | None = None
    operation: str | None = None
    stage: str | None = None
    kind: Reason | None = None
    true: str | None = None
    autograd: float | None = None
    lost_digits: float | None = None
    condition: float | None = None
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """The function's value by torch's forward pass, and how far that is from the true one.

    `lost_digits` are decimal digits, where it is wrong. `counts` says whether the whole is judged by it too: where it
    is not finite though the true one is, and where it is off and that was asked for.
    """

    autograd: float | None = None
    ulps: float | None = None
    verdict: Verdict | None = None
    reason: Reason | None = None
    lost_digits: float | None = None
    diagnosis: Diagnosis | None = None
    counts: bool = False

    @property
    def counted(self) -> Verdict | None:
        """Its verdict, where the whole is judged by it."""
        return self.verdict if self.counts else None


@dataclass(frozen=True, slots=True)
class Row:
    """One partial derivative: its closed form, its true value, autograd's, and whether they agree.

    `formula` parses back; `symbolic` is the true value rounded once to the dtype, `exact` its first digits;
    `error` is |autograd - true|, `ulps` the same in units in the last place. Numbers are None without a point.
    """

    name: str
    formula: str | None
    symbolic: float | None = None
    exact: str | None = None
    autograd: float | None = None
    error: float | None = None
    ulps: float | None = None
    verdict: Verdict | None = None
    reason: Reason | None = None
    left: float | None = None
    right: float | None = None
    blame: Blame | None = None
    explanation: str | None = None
    note: str | None = None  # why there is no formula, where there is none
    diagnosis: Diagnosis | None = None
    limit: float | None = None  # of the function, where only this one point is missing

    @property
    def subdifferential(self) -> tuple[float, float] | None:
        """Clarke's at a kink, as the ends of an interval: every slope that a library may answer; None elsewhere."""
        if self.verdict is not Verdict.KINK or self.left is None or self.right is None:
            return None
        low, high = sorted((self.left, self.right))
        return (low, high) if math.isfinite(low) and math.isfinite(high) else None


@dataclass(frozen=True, slots=True)
class ArrayRow:
    """The gradient by an array variable: a row for each component, in row-major order, and one closed form for all.

    `rows` is empty where the components were not compared; `note` then says why. Of an array with very many, `sample`
    has the rows of some, by their places, `symbolic` the true derivatives, `worse` the verdicts on those that do not
    agree, None where torch has no gradient; `unknown` were not looked at. `autograd` is None without a point.
    """

    name: str
    shape: Shape
    formula: str | None
    rows: tuple[Row, ...] = ()
    autograd: Array | None = None
    note: str | None = None
    sample: Mapping[int, Row] = field(default_factory=dict)
    symbolic: Array | None = None
    worse: Mapping[int, Verdict | None] = field(default_factory=dict)
    unknown: frozenset[int] = frozenset()

    @property
    def compared(self) -> int:
        """How many components were compared."""
        if self.symbolic is None:
            return sum(row.verdict is not None for row in self.rows)
        return size(self.shape) - len(self.unknown) - sum(verdict is None for verdict in self.worse.values())

    @property
    def agreeing(self) -> int:
        """How many of these agree."""
        if self.symbolic is None:
            return sum(row.verdict is Verdict.AGREE for row in self.rows)
        return size(self.shape) - len(self.unknown) - len(self.worse)

    @property
    def known(self) -> tuple[Row, ...]:
        """The rows of the components that were looked at: of all, or of a sample."""
        return self.rows or tuple(self.sample.values())

    @property
    def verdict(self) -> Verdict | None:
        """The worst verdict of a component."""
        return overall((*self.worse.values(), *(row.verdict for row in self.known)))


def rows_of(found: Row | ArrayRow | None) -> tuple[Row, ...]:
    """The rows of a variable's components that were looked at, of a number the one."""
    if found is None:
        return ()
    return found.known if isinstance(found, ArrayRow) else (found,)


@dataclass(frozen=True, slots=True)
class Directional:
    """The derivative along a direction: the direction as torch got it, not normalised, its length, and the row."""

    along: Mapping[str, Value]
    length: float
    row: Row


@dataclass(frozen=True, slots=True)
class Comparison(Printed):
    """The whole answer: the true value, torch's (`forward`), a row for each variable, the worst of their verdicts."""

    expression: str
    reading: str | None  # how the expression was understood, where that is not obvious
    at: Mapping[str, Value] | None
    dtype: str
    order: int
    value: float | None
    gradient: Mapping[str, Row | ArrayRow]
    forward: Forward = field(default_factory=Forward)
    chain: tuple[Link, ...] = ()
    ways: Mapping[str, tuple[tuple[Link, ...], ...]] = field(default_factory=dict)  # for each variable, along the chain
    verdict: Verdict | None = None
    written: str | None = None  # an array expression, component by component, where it is short
    direction: Directional | None = None
    corner: Corner | None = None
    rounding: str | None = None  # what the function does just where the point was meant, before it was rounded
    function: str | None = None  # what a program calls its result, where it has a name
    culprit: Culprit | None = None
    implicit: Implicit | None = None  # where the expression is an equation
    tangent: Tangent | None = None
    remarks: tuple[str, ...] = ()
    where: Where | None = None  # how long formulas are printed
    held: Mapping[str, Shape] = field(default_factory=dict)  # shapes of names in formulas that are no variables of it

    @property
    def shortened(self) -> Comparison:
        """The answer with its formulas as they are printed: in terms of names, where they are long."""
        if self.where is None:
            return self
        rows = {
            name: replace(row, formula=self.where.gradient.get(name, row.formula))
            for name, row in self.gradient.items()
        }
        return replace(self, expression=self.where.expression, gradient=rows)

    def scalar(self, name: str) -> Row:
        """The derivative by a variable that is a number. Raises KeyError where there is none, TypeError at an array."""
        if isinstance(found := self.gradient[name], Row):
            return found
        raise TypeError(f"`{name}` is an array: array({name!r}) has its gradient")

    row = scalar

    def array(self, name: str) -> ArrayRow:
        """The gradient by a variable that is an array. Raises KeyError where there is none, TypeError at a number."""
        if isinstance(found := self.gradient[name], ArrayRow):
            return found
        raise TypeError(f"`{name}` is a number: scalar({name!r}) has its derivative")

    @property
    def exact_value(self) -> str | None:
        """The digits of the value, where a number of them was asked for."""
        return digits_of(self.value)

    @property
    def rows(self) -> list[Row]:
        """The row of every partial derivative, an array's component by component, as far as they were looked at."""
        return [one for row in self.gradient.values() for one in rows_of(row)]

    @property
    def agrees(self) -> bool:
        """Is there nothing that a script should stop for?"""
        return self.verdict in (None, Verdict.AGREE)
