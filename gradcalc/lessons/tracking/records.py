"""What the lesson on gradient tracking shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcalc.answers.records import Comparison
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.printing import Printed
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.words import Words
from gradcalc.problem.problem import Problem


@dataclass(frozen=True, slots=True)
class Advice:
    """What a way is for, how long it lasts, and what to do with it in training and in inference."""

    lasts: str
    use: str
    training: str
    inference: str


@dataclass(frozen=True, slots=True)
class Result:
    """A result of torch: its numbers, whether it is tracked, and the function that recorded it."""

    value: Held
    requires_grad: bool
    grad_fn: str | None


@dataclass(frozen=True, slots=True)
class Backward:
    """What a `backward()` raised, in torch's own words or None, and what each variable's `.grad` holds then."""

    error: str | None
    grads: Mapping[str, Held | None]


@dataclass(frozen=True, slots=True)
class Way:
    """One way, really run. `code` says it for each variable and then for the result.

    `requires_grad` is that of each variable afterwards. `new_tensor` and `shares_memory` speak of the tensor that the
    expression is given in place of the variable. `later` is whether the expression, computed once more
    afterwards without any of this, is tracked again.
    """

    name: str
    code: tuple[str, ...]
    requires_grad: Mapping[str, bool]
    new_tensor: bool
    shares_memory: bool
    changes_variable: bool
    result: Result
    later: bool
    backward: Backward


@dataclass(frozen=True, slots=True)
class Case:
    """Something that people meet next: its code, and what each piece of code was seen to give or to raise."""

    title: str
    code: tuple[str, ...]
    seen: Mapping[str, Held | bool | str | None]


@dataclass(frozen=True, slots=True)
class Run:
    """What torch did: tracked as usual, in the three ways, and in the other cases."""

    tracked: Result
    backward: Backward
    ways: tuple[Way, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Tracking(Printed):
    """The whole lesson; `tracked` compares the gradient as it is without any of the ways with the true one."""

    problem: Problem
    words: Words
    run: Run
    tracked: Comparison
    situation: str | None = None  # `training` or `inference`, where advice for it alone is asked for
    more: bool = False  # is all of it asked for?

    @property
    def verdict(self) -> Verdict | None:
        """That of the gradient with tracking."""
        return self.tracked.verdict


ADVICE = {
    "requires_grad_(False)": Advice(
        lasts="until set to True",
        use="freezing parameters",
        training="Freeze the parameters that shall not learn: call it on each of them before the first forward pass.",
        inference="Not needed: torch.no_grad() leaves the parameters as they are, and training can go on afterwards.",
    ),
    "detach()": Advice(
        lasts="for this tensor",
        use="cutting one branch",
        training="Cut one branch: what is computed from x.detach() counts as a constant. Log loss.detach(), not loss.",
        inference="For one result that leaves the model, such as y.detach(): it holds no graph in memory.",
    ),
    "torch.no_grad()": Advice(
        lasts="inside the block",
        use="inference",
        training="Only around what is no part of the loss: the update of the parameters by hand, a validation pass.",
        inference="Put the forward pass inside: no graph is recorded. torch.inference_mode() is stricter and faster. "
        "Neither calls model.eval(): do that too.",
    ),
}
