"""What repeated `backward()` does to `.grad`, with and without clearing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcalc.answers.records import Comparison
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import DEFAULT_TIMEOUT, current
from gradcalc.base.loading import load
from gradcalc.inputs.point import Given
from gradcalc.lessons.lesson import Held, answer, checked, posed
from gradcalc.lessons.words import Words, words
from gradcalc.problem.problem import DEFAULT_DTYPE

MOST_PASSES = 1_000
DEFAULT_PASSES = 3


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
class Accumulation:
    """The whole lesson; `first` compares the gradient after the first pass with the true one."""

    count: int
    words: Words
    run: Run
    first: Comparison


def accumulate(
    expression: str,
    *,
    at: Given | None,
    wrt: Sequence[str] | str | None = None,
    passes: int = DEFAULT_PASSES,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    atol: float = 0.0,
    timeout: float = DEFAULT_TIMEOUT,
) -> Accumulation:
    """Run `passes` backward passes twice: `.grad` left alone, and set to zero before each.

    The closed form may take a part of `timeout` seconds. Raises a GradcalcError as `api.diff` does, and UsageError
    where the number of passes makes no sense.
    """
    if not 1 <= passes <= MOST_PASSES:
        raise UsageError(f"the passes are {passes}, expected a whole number from 1 to {MOST_PASSES:,}")
    limits = current()
    problem = posed(expression, limits, at=at, wrt=wrt, dtype=dtype)
    spoken = words(problem)
    run: Run = load("gradcalc.lessons.accumulation.passes_torch:run_passes")(problem, passes, spoken)
    said = answer(problem, run.value, {name: run.passes[name].accumulated[0] for name in problem.wrt})
    first = checked(problem, said, limits, rtol=rtol, atol=atol, seconds=timeout)
    return Accumulation(passes, spoken, run, first)
