"""How the time for an exact gradient grows with the size of an expression: sums, chains, products, Horner, programs.

    python tests/benchmarks/growth.py [LARGEST]

Each is derived without a closed form, by the exact engine and autograd, at sizes that double; the exponent is the
slope of the last doubling: 1 where twice the size takes twice the time. The clock runs in this process.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable

import gradcalc
from gradcalc.base.errors import GradcalcError

IN_ALL = ["5000"]  # arguments where all benchmarks run in turn
SIZES = (625, 1_250, 2_500, 5_000, 10_000)
GOAL = 1.3  # the exponent that still counts as growing with the size
LONGEST = 20.0  # seconds for one of them, after which larger ones are left out
POINT = {"x": 0.5}


def total(n: int) -> str:
    """x·1 + x·2 + …"""
    return " + ".join(f"sin({k}*x)" for k in range(1, n + 1))


def chain(n: int) -> str:
    """A program of n statements, each a function of the one before."""
    return "y0 = x; " + "; ".join(f"y{k} = sin(y{k - 1}) + x/{k}" for k in range(1, n + 1))


def speelpenning(n: int) -> str:
    """The product of n factors, by every one of which all others are the derivative."""
    return "*".join(f"(1 + x/{k + 1000})" for k in range(1, n + 1))


def horner(n: int) -> str:
    """A polynomial of degree n, by a program, as an expression would nest too deep."""
    return "h0 = 1; " + "; ".join(f"h{k} = h{k - 1}*x + {k % 7 + 1}" for k in range(1, n + 1))


def program(n: int) -> str:
    """Statements that each use two earlier ones."""
    steps = (f"a{k} = a{k - 1}/2 + a{max(k - 2, 0)}/3 + cos(x)" for k in range(1, n + 1))
    return "a0 = x; " + "; ".join(steps)


SHAPES: dict[str, Callable[[int], str]] = {
    "sum": total, "chain": chain, "Speelpenning's product": speelpenning, "Horner": horner, "program": program,
}  # fmt: skip


def seconds(text: str) -> float:
    """The time to derive it at the point. NaN where a limit was hit."""
    start = time.perf_counter()
    try:
        gradcalc.diff(text, at=POINT, timeout=LONGEST * 5)
    except GradcalcError as error:
        print(f"    {error.message}")
        return math.nan
    return time.perf_counter() - start


def main(largest: int) -> None:
    """Print the table, and the claims as lines of Markdown."""
    sizes = [size for size in SIZES if size <= largest]
    gradcalc.diff("sin(x)", at=POINT)  # loads the libraries
    for name, shape in SHAPES.items():
        times: list[float] = []
        for size in sizes:
            times.append(seconds(shape(size)))
            print(f"{name:<24}{size:>7,}{times[-1]:>9.2f} s", flush=True)
            if not times[-1] < LONGEST:
                break
        done = [(size, taken) for size, taken in zip(sizes, times, strict=False) if taken == taken]
        if len(done) > 1:
            (_, before), (size, taken) = done[-2:]
            exponent = math.log2(taken / before)
            print(f"| {name} of {size:,} | {taken:.2f} s | half of it, {before:.2f} s | n^{exponent:.2f} | n^{GOAL} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
