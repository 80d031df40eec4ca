"""What the lesson on accumulation shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcalc.answers.records import Comparison
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.printing import Printed
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.words import Words


@dataclass(frozen=True, slots=True)
class Passes:
    """One variable's `.grad` after each `backward()`, None where torch leaves it None.

    `accumulated` without clearing it, `zeroed` with; `of_sum` after one `backward()` of the sum of all passes.
    """

    accumulated: tuple[Held | None, ...]
    zeroed: tuple[Held | None, ...]
    of_sum: Held | None


@dataclass(frozen=True, slots=True)
class Clearing:
    """One way to clear a gradient: what is left in `.grad`, and what the next `backward()` makes of it."""

    call: str
    grad: Held | None
    next_grad: Held | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that may fail: what torch raised, in its own words or None, and what `.grad` holds then."""

    call: str
    error: str | None
    grad: Held | None


@dataclass(frozen=True, slots=True)
class Run:
    """What torch did: everything here was really run. `error` is what the first `backward()` raised, if anything.

    The clearing and the attempts are shown on the first variable.
    """

    value: Held
    error: str | None
    passes: Mapping[str, Passes]
    clearing: tuple[Clearing, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Accumulation(Printed):
    """The whole lesson; `first` compares the gradient after the first pass with the true one."""

    count: int
    words: Words
    run: Run
    first: Comparison

    @property
    def verdict(self) -> Verdict | None:
        """That of the first pass."""
        return self.first.verdict
