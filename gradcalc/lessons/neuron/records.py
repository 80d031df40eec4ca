"""What the lesson on one neuron shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from gradcalc.answers.records import Comparison
from gradcalc.answers.verdicts import Verdict
from gradcalc.arrays.array import Doubles
from gradcalc.base.printing import Printed
from gradcalc.lessons.neuron.dataset import Dataset
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Weights

Report: TypeAlias = Callable[[int, int, float], None]  # hears what is done, of how much, and the loss


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the chain rule: its formula, its true value, and the dtype's own arithmetic where it was done."""

    name: str
    formula: str
    value: float
    exact: str
    by_hand: float | None


@dataclass(frozen=True, slots=True)
class ByHand:
    """One example in the dtype's own arithmetic: z, p, the factors of the chain rule, their product, and (p - y)·iq."""

    z: float
    p: float
    factors: Mapping[str, float]
    product: Mapping[str, float]
    collapsed: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spelled:
    """The loss in one spelling, and what autograd makes of it; `loss_right` and the like once it is judged."""

    name: str
    loss: float
    w: float
    b: float
    loss_right: bool = False
    gradient_right: bool = False


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The rows whose gradient is checked, as torch sees them, and what torch says; one number a parameter, b last."""

    features: Sequence[Sequence[float]]
    labels: Sequence[float]
    loss: float
    autograd: Sequence[float]
    by_hand: Sequence[float]


@dataclass(frozen=True, slots=True)
class Check:
    """The gradient of the mean loss over some rows, at the initial weights, compared with the true one.

    `comparison` names the weights w_1, w_2, … in the order of the features; None, with a clause that says why,
    where a number on the way is too large for the exact engine.
    """

    rows: int
    loss: float
    by_hand: Sequence[float]
    comparison: Comparison | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the data: the mean loss on the way, the weights at its end, and what `.grad` held last, b last."""

    number: int
    loss: float
    weights: Weights
    gradient: Sequence[float]


@dataclass(frozen=True, slots=True)
class Predictions:
    """The probability for every new row; `requires_grad` as torch says it, without tracking and with."""

    features: tuple[str, ...]
    columns: Sequence[Doubles]
    p: Doubles
    requires_grad: bool
    tracked: bool
    grad_fn: str  # of the same with tracking


@dataclass(frozen=True, slots=True)
class Predicted(Printed):
    """Rows predicted with weights that were learned before."""

    weights: Weights
    predictions: Predictions
    verdict: ClassVar[None] = None  # nothing is compared


@dataclass(frozen=True, slots=True)
class Example:
    """What a lesson on one row shows beside: every factor of the chain rule, and the loss in its many spellings."""

    iq: float
    placed: float
    by_hand: ByHand
    factors: tuple[Factor, ...]
    spelled: tuple[Spelled, ...]
    zeroed: tuple[Pass, ...]  # the same training with zero_grad, where it went without


@dataclass(frozen=True, slots=True)
class Fit(Printed):
    """The whole lesson: on the rows of a file, or on the one row of an `example`."""

    dataset: Dataset
    settings: Settings
    initial: Weights
    check: Check
    first: Weights  # after the first mini-batch
    epochs: tuple[Pass, ...]
    right: int  # rows that the trained neuron gets right
    predictions: Predictions | None
    example: Example | None = None

    @property
    def verdict(self) -> Verdict | None:
        """That of the gradient of the first rows, where it was checked."""
        return None if self.check.comparison is None else self.check.comparison.verdict

    @property
    def weights(self) -> Weights:
        """What was learned."""
        return self.epochs[-1].weights

    @property
    def comparison(self) -> Comparison:
        """The gradient of the check, where that came to an end, as it does for one example."""
        assert self.check.comparison is not None
        return self.check.comparison
