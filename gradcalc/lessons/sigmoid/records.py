"""What the lesson on the sigmoid shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcalc.answers.records import Comparison
from gradcalc.answers.steps.records import Steps
from gradcalc.answers.verdicts import Verdict, overall
from gradcalc.base.printing import Printed


@dataclass(frozen=True, slots=True)
class Sigmoid(Printed):
    """The whole lesson: the derivative rule by rule, what it is turned into, and at some numbers by autograd.

    `turns` are formulas of the derivative, each equal to the one before, the last p·(1 − p). `numbers` compares at
    each z. `curves` holds the values of p and of its derivative at numbers from `first` to `last`, equally far apart.
    """

    steps: Steps
    turns: tuple[str, ...]
    numbers: Mapping[float, Comparison]
    curves: Mapping[str, tuple[float, ...]]
    first: float
    last: float

    @property
    def expression(self) -> str:
        """What is derived."""
        return self.steps.expression

    @property
    def verdict(self) -> Verdict | None:
        """The worst one of all numbers."""
        return overall(one.verdict for one in self.numbers.values())
