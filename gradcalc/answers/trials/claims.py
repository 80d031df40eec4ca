"""What is claimed of derivatives, so that it can be tried; and what the rules say, confirmed by values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

from gradcalc.answers.trials.candidates import SEED
from gradcalc.base.errors import InternalError
from gradcalc.base.words import place
from gradcalc.engines import ask
from gradcalc.engines.records import Claim, Slope, Trial
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node, Number

FINE = 20  # bits of a direction's components


def claim(functions: Sequence[Node], by: Sequence[Sequence[str]], entries: Sequence[Node]) -> Claim:
    """The claim that the entries are the derivatives of the functions by names of each sequence in turn, row-major.

    A name may stand in several places, as the entries of a symmetric matrix do: the first of its entries counts.
    """
    along = tuple(_direction(names, place) for place, names in enumerate(by))
    weights = [Fraction(1)]
    for names, rates in zip(by, along, strict=True):
        own = [rates[name] if name not in names[:place] else Fraction(0) for place, name in enumerate(names)]
        weights = [weight * rate for weight in weights for rate in own]
    return Claim(tuple(functions), along, tuple(entries), tuple(weights))


def _direction(names: Sequence[str], place: int) -> dict[str, Fraction]:
    """A direction in which no two wrong derivatives make up for each other."""
    random, unit = Random(SEED + place), 2**FINE
    return {name: Fraction(random.randint(unit, 2 * unit), unit) if len(names) > 1 else Fraction(1) for name in names}


def confirm(problem: Problem, slopes: Mapping[str, Slope]) -> None:
    """Raises InternalError where the slopes that the rules gave are not those of the function's own values.

    What the rules had no part in is left out, and so is what is too small or too large to be written as a fraction.
    """
    ruled = {name: slope.by_rules for name, slope in slopes.items()}
    known = {name: Number(value) for name, value in ruled.items() if value is not None}
    turns = [[list(known)]] if problem.order == 1 else [[[name]] * problem.order for name in known]
    for by in turns if known else ():
        entries = [known[name] for name in by[0]]
        if ask.tried(claim([problem.root], by, entries), problem.numbers) is Trial.FAILS:
            raise unconfirmed({name: slopes[name] for name in by[0]}, place(problem.numbers))


def unconfirmed(slopes: Mapping[str, Slope], where: str) -> InternalError:
    """The error for slopes that the function's own values refute."""
    texts = [(name, slope.value) for name, slope in slopes.items()]
    given = ", ".join(f"{value.text} for the derivative by {name}" for name, value in texts if value is not None)
    return InternalError(
        f"gradcalc has a bug: its rules give {given} at {where}, the function's values do not",
        hint="please report it with this command",
    )


def unconfirmed_step(step: str, local: str) -> InternalError:
    """The error for a local derivative that the step's own values refute."""
    return InternalError(
        f"gradcalc has a bug: its rules give {local} for a derivative of {step}, the function's values do not",
        hint="please report it with this command",
    )
