"""What comes out for a matrix of derivatives: its entries, and what they say about the point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gradcalc.answers.records import ArrayRow, Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import Array, Value, nested
from gradcalc.arrays.shape import Shape
from gradcalc.base.printing import Printed
from gradcalc.base.real import digits_of
from gradcalc.engines.records import Missing

Grid = tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Partial derivatives in rows and columns, each with its closed form, its true value and autograd's.

    `rows` and `columns` name them, one for each component, row-major; both are empty where a dimension is no number.
    `entries` is empty where the partials were not looked at one by one, and `note` then says why. `formulas` holds the
    closed form in array terms of the columns of each variable, or None. `autograd` is None without a point, and has nan
    in the columns of the variables by which torch has no gradient, which are `missing`.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    formulas: Mapping[str, str | None]
    entries: Grid = ()
    autograd: Array | None = None
    note: str | None = None
    missing: Mapping[str, Missing] = field(default_factory=dict)

    @property
    def every(self) -> list[Row]:
        """The entries, row by row."""
        return [entry for row in self.entries for entry in row]


@dataclass(frozen=True, slots=True)
class Jacobian(Printed):
    """The partial derivative of each component of a function by each component of its variables.

    `function` is what it is called; `value` holds the components of its value, of the given `shape`, None where one
    has none; it is empty without a point. `forward` judges torch's, where the components were
    looked at. `remarks` are what else there is to say, a sentence each.
    """

    expression: str
    reading: str | None
    function: str
    at: Mapping[str, Value] | None
    dtype: str
    shape: Shape
    value: tuple[float | None, ...]
    matrix: Matrix
    verdict: Verdict | None = None
    forward: tuple[Forward, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def exact_value(self) -> list[Any] | str | None:
        """The digits of the value, where a number of them was asked for."""
        texts = list(map(digits_of, self.value))
        return nested(texts, self.shape) if any(texts) else None

    @property
    def agrees(self) -> bool:
        """Is there nothing that a script should stop for?"""
        return self.verdict in (None, Verdict.AGREE)


class Definiteness(StrEnum):
    """The signs of a symmetric matrix's eigenvalues."""

    POSITIVE = "positive definite"
    POSITIVE_SEMI = "positive semidefinite"
    INDEFINITE = "indefinite"
    NEGATIVE_SEMI = "negative semidefinite"
    NEGATIVE = "negative definite"
    ZERO = "zero"


class Critical(StrEnum):
    """What a function has where its gradient is zero, as far as the second derivatives tell."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    INFLECTION = "inflection"  # of one variable: it goes on rising, or falling
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Hessian(Printed):
    """The second derivatives of a scalar function, by every pair of components of its variables.

    `gradient` has a row for each variable. `symmetric` says whether the true matrix is; where that is not
    known, whether autograd's is, up to rounding.
    `eigenvalues` are those of the true matrix, in ascending order, zero only where they are known to be;
    `definiteness` is theirs. `critical` is None where the gradient is not zero; `near` is then what lies within the
    rounding of the point, if anything does. `remarks` are what else there is to say, a sentence each.
    """

    expression: str
    reading: str | None
    function: str
    at: Mapping[str, Value] | None
    dtype: str
    value: float | None
    gradient: Mapping[str, Row | ArrayRow]
    matrix: Matrix
    verdict: Verdict | None = None
    forward: Forward = field(default_factory=Forward)
    symmetric: bool | None = None
    eigenvalues: tuple[float, ...] | None = None
    definiteness: Definiteness | None = None
    critical: Critical | None = None
    near: Critical | None = None
    remarks: tuple[str, ...] = ()

    @property
    def exact_value(self) -> str | None:
        """The digits of the value, where a number of them was asked for."""
        return digits_of(self.value)

    @property
    def agrees(self) -> bool:
        """Is there nothing that a script should stop for?"""
        return self.verdict in (None, Verdict.AGREE)
