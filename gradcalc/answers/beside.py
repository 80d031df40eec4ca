"""What an answer has beside the gradient: the links of a chain, an equation's parts, the tangent, names in formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradcalc.arrays.shape import Shape


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain rule: the derivative of a definition by a name that it uses."""

    of: str
    by: str
    formula: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Implicit:
    """What the derivatives of an equation rest on: `function` is its left side minus its right one, which stays 0.

    It makes `of` a function of the others; `partials` are by those and by `of`, `curve` says where the point is.
    """

    of: str
    function: str
    partials: tuple[Link, ...]
    curve: str | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Tangent:
    """The tangent at a point: `y = 6*x - 9`, with its slopes and its constant as texts; a note where there is none."""

    equation: str | None = None
    note: str | None = None
    slopes: Mapping[str, str] = field(default_factory=dict)
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """An expression and its gradient in terms of names; `definitions` say what these are, each after those it uses."""

    definitions: Mapping[str, str]
    expression: str
    gradient: Mapping[str, str]
    shapes: Mapping[str, Shape] = field(default_factory=dict)
