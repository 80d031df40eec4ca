"""Random expressions over the whole scalar catalogue: the exact engine against central differences in mpmath.

    python -m tests.benchmarks.campaign --count 1000 --seed 1

Each expression is derived once to four times, at a point of one of the formats. What the engine calls smooth is
compared wherever the differences settle, which are right to sixty digits there; every mismatch is printed.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import mpmath

from gradcalc.base.errors import GradcalcError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.truth import differentiate
from gradcalc.engines.records import Smoothness
from gradcalc.functions import ELEMENTWISE, Function
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem
from tests import reference

DIGITS = 60
STEADY, CLOSE, NOTHING = mpmath.mpf(10) ** -30, mpmath.mpf(10) ** -19, mpmath.mpf(10) ** -40
PATIENCE = 3  # seconds of the processor for each expression, mpmath's part in it included
LEAVES = ["x", "x", "x", "x", "y", "1", "2", "3", "0.5", "1/3", "pi"]
NUMBERS = [
    "0.5",
    "-0.5",
    "0.3",
    "3.2",
    "1.7",
    "-1.3",
    "-0.8",
    "0.9",
    "2.2",
    "1.1",
    "5.5",
    "-4.25",
    "0.0625",
    "12.5",
    "1e-3",
]
EXPONENTS = ["2", "3", "-1", "0.5", "1/3", "1.5", "y"]
COMPARISONS = ["<", "<=", ">", ">="]
DEPTHS, DEEP = [1, 2, 2, 3, 3], 0.4
ROWS = [row for row in ELEMENTWISE.values() if row.name != "where"]


FINDS = ("wrong", "crash")
UNSETTLED = (
    reference.NoValue, ZeroDivisionError, ValueError, OverflowError, TypeError, MemoryError, NotImplementedError,
    mpmath.libmp.NoConvergence, mpmath.libmp.ComplexResult,
)  # fmt: skip


IDENTIFIER = re.compile(r"\w+")


class Slow(BaseException):
    """The alarm rang. No Exception, so that no library's `except` keeps it."""


def expression(chance: random.Random, depth: int) -> str:
    """A random expression in x and y."""
    if depth == 0:
        return chance.choice(LEAVES)

    def inner() -> str:
        return expression(chance, depth - 1 if chance.random() < DEEP else chance.randrange(depth))

    kind = chance.random()
    if kind < 0.62:
        return called(chance.choice(ROWS), inner, chance)
    if kind < 0.85:
        return f"({inner()}){chance.choice('+-*/')}({inner()})"
    if kind < 0.95:
        return f"({inner()})**({chance.choice(EXPONENTS)})"
    return f"where({inner()} {chance.choice(COMPARISONS)} {inner()}, {inner()}, {inner()})"


def called(row: Function, inner: Callable[[], str], chance: random.Random) -> str:
    """A call of a row; a parameter without a rule is a number out of the samples."""
    sample = chance.choice(row.samples)
    texts = [inner() if isinstance(rule, str) else repr(one) for rule, one in zip(row.vjp, sample, strict=True)]
    least = len(texts) - len(row.defaults)
    return f"{row.name}({', '.join(texts[: chance.choice([least, len(texts)])])})"


def found(problem: Problem) -> str:
    """What the comparison of a problem comes to; `wrong` where the engine and mpmath differ."""
    truth = differentiate(problem)
    slope = truth.slopes["x"]
    if truth.value is None or slope.value is None or slope.smoothness is not Smoothness.SMOOTH:
        return f"not smooth: {slope.smoothness}"
    try:
        with mpmath.workdps(DIGITS // 2 * (problem.order + 2)):
            return compared(problem, truth.value.text, slope.value.text)
    except UNSETTLED:
        return "not settled"


def compared(problem: Problem, value: str, slope: str) -> str:
    """The engine's value and slope against mpmath's, at the precision that is at work."""
    point = {name: mpmath.mpf(number) for name, number in problem.numbers.items()}
    true = reference.evaluate(problem.root, point)
    one = differences(problem, point, part=1)
    with mpmath.workdps(2 * mpmath.mp.dps):  # digits that all cancel, as in 1 - erf(12), settle at 0 twice
        other = differences(problem, point, part=3)
    if not mpmath.isfinite(one) or abs(one - other) > STEADY * abs(one) + NOTHING:
        return "not settled"
    if not near(value, true):
        return f"wrong value: {value}, mpmath has {mpmath.nstr(true, 22)}"
    return "right" if near(slope, one) else f"wrong: {slope}, mpmath has {mpmath.nstr(one, 22)}"


def differences(problem: Problem, point: dict[str, Any], part: int) -> Any:
    """The central difference of the problem's order, with a part of the usual step."""
    order = problem.order
    step = mpmath.mpf(10) ** (-mpmath.mp.dps / (order + 2)) * max(1, abs(point["x"])) / part
    terms = [
        (-1) ** k
        * mpmath.binomial(order, k)
        * reference.evaluate(problem.root, {**point, "x": point["x"] + (mpmath.mpf(order) / 2 - k) * step})
        for k in range(order + 1)
    ]
    return mpmath.fsum(terms) / step**order


def near(text: str, true: Any) -> bool:
    """Is the number in the text the true one, but for its last digits?"""
    return bool(abs(mpmath.mpf(text) - true) <= CLOSE * abs(true) + NOTHING)


def tried(chance: random.Random) -> tuple[str, str]:
    """One random expression, and what comes of it."""
    while "x" not in IDENTIFIER.findall(text := expression(chance, chance.choice(DEPTHS))):
        pass  # a constant tells nothing
    at = {"x": chance.choice(NUMBERS), "y": chance.choice(NUMBERS)}
    order, dtype = chance.randint(1, 4), chance.choice(list(FORMATS))
    shown = f"{text}  --at x={at['x']},y={at['y']} --wrt x --order {order} --dtype {dtype}"
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        return shown, found(pose(text, Limits(), at=at, wrt="x,y", order=order, dtype=dtype))
    except Slow:
        return shown, "slow"
    except GradcalcError as error:
        return shown, f"{error.kind}: {error.message.partition('`')[0]}"
    except Exception as error:  # every one of these is a find
        return shown, f"crash: {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def ring(number: int, frame: FrameType | None) -> None:
    """Give an expression up."""
    raise Slow


def main() -> None:
    """Try so many expressions, print what is wrong and how many came to what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    signal.signal(signal.SIGVTALRM, ring)
    counts: Counter[str] = Counter()
    for number in range(asked.count):
        shown, said = tried(random.Random(f"{asked.seed}/{number}"))
        counts[said.partition(":")[0] if said.startswith(FINDS) else said] += 1
        if said.startswith(FINDS):
            print(f"{said}\n    {shown}", flush=True)
    print(dict(counts.most_common()), flush=True)


if __name__ == "__main__":
    main()
