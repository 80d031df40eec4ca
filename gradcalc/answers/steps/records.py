"""What a derivation comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from gradcalc.arrays.shape import Shape
from gradcalc.base.printing import Printed
from gradcalc.calculus.matrix.backward import Back
from gradcalc.calculus.matrix.stages import Stage
from gradcalc.calculus.step import Rule, Step

SILENT = frozenset({Rule.CONSTANT, Rule.VARIABLE, Rule.DEPENDENT})


@dataclass(frozen=True, slots=True)
class Derivation:
    """One derivative by one variable: of `of`, which is the expression or its derivative of the order before.

    `formula` is the result as `diff` prints it, None where there is none; `swapped` is the variable whose derivation
    this one repeats by symmetry, and `step` is then None. Of an equation, `step` is that of its left side, `right` that
    of the other.
    """

    variable: str
    order: int
    of: str
    step: Step | None
    formula: str | None
    note: str | None = None
    swapped: str | None = None
    right: Step | None = None


@dataclass(frozen=True, slots=True)
class Steps(Printed):
    """The whole answer: a derivation for each variable and order; in full, or as `brief` as a person would be."""

    expression: str
    reading: str | None
    function: str
    partial: bool
    derivations: tuple[Derivation, ...]
    brief: bool = True
    of: str | None = None  # the dependent variable of an equation
    at: ClassVar[None] = None
    verdict: ClassVar[None] = None  # nothing is compared


@dataclass(frozen=True, slots=True)
class ArraySteps(Printed):
    """The answer for arrays: the lines of the forward pass, the steps back through them, and what these come to.

    `shapes` are those of the array variables. A step back may be of use to several variables.
    """

    expression: str
    reading: str | None
    function: str
    partial: bool
    shapes: Mapping[str, Shape]
    forward: tuple[Stage, ...]
    backward: tuple[Back, ...]
    derivations: tuple[Derivation, ...]
    at: ClassVar[None] = None
    verdict: ClassVar[None] = None  # nothing is compared

    def total(self, variable: str) -> Back | None:
        """The step that all of a gradient came with; None where nothing flows to the variable."""
        return next((one for one in reversed(self.backward) if one.to == variable and not one.part), None)


def shown(step: Step, *, brief: bool) -> Iterator[Step]:
    """The steps inside a step that are worth a line: all of them, or those that a person would write down."""
    for one in step.inner:
        chained = step.rule is Rule.CHAIN and one.rule not in SILENT
        if not brief or chained or not _is_short(one):
            yield one


def _is_short(step: Step) -> bool:
    """Would a person do this in the head?"""
    if step.rule is Rule.SUM:
        return all(one.rule in SILENT for one in step.inner)
    return not step.inner or (step.rule is Rule.MULTIPLE and all(map(_is_short, step.inner)))
