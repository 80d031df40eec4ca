"""Processor time of the gradients of physics, beside SymPy's bare `diff` and torch's autograd in a plain script.

python tests/benchmarks/plain.py [TURNS]

Both sides have the formulas as text, as people do. The plain script reads each by `sympify`, derives it by every
variable, writes the derivatives out, and runs it once in torch, forward and backward: it simplifies nothing, verifies
nothing and compares nothing. The sides take turns in one process, warm, with empty caches; the least of each counts.
"""

from __future__ import annotations

import gc
import math
import sys
import time
from collections.abc import Callable
from typing import Any

import sympy
import torch
from physics import FORMULAS, jobs
from sympy.core.cache import clear_cache

from gradcalc import diff
from gradcalc.base.memory import forget
from gradcalc.cli.process import GARBAGE

Job = dict[str, Any]
WARM = {"expression": "sin(x)*cos(x)/(x + 1)", "at": {"x": 1.0}}
FUNCTIONS = ("sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "sqrt", "sinh", "cosh", "tanh")


def _in_torch(name: str) -> Callable[[Any], torch.Tensor]:
    function = getattr(torch, name)
    return lambda x: function(torch.as_tensor(x, dtype=torch.float64))


NAMES: dict[str, Any] = {name: _in_torch(name) for name in FUNCTIONS} | {"pi": math.pi}
CODE: dict[str, Any] = {}  # the formulas as Python has read them: a script has them in it


def plain(job: Job) -> tuple[list[str], list[Any]]:
    """What a script does of itself."""
    names = {name: sympy.Symbol(name) for name in job["at"]}
    function = sympy.sympify(job["expression"], locals=names)
    forms = [str(sympy.diff(function, one)) for one in names.values()]
    leaves = {name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in job["at"].items()}
    eval(CODE[job["expression"]], NAMES | leaves).backward()  # noqa: S307  # the formulas of this folder
    return forms, [one.grad.item() for one in leaves.values()]


def ours(job: Job) -> Any:
    """What gradcalc does: closed forms, simplified and verified, autograd, the truth, the comparison."""
    return diff(job["expression"], at=job["at"])


def seconds(side: Callable[[Job], Any], work: list[Job], threshold: int) -> float:
    """The processor's seconds for all the work, from empty caches, garbage gathered as by such a process."""
    clear_cache()
    forget()
    gc.set_threshold(threshold)
    side(WARM)
    begin = time.process_time()
    for job in work:
        side(job)
    return time.process_time() - begin


def main(turns: int) -> None:
    """Print both times and their ratio."""
    work = list(jobs(len(FORMULAS)))
    CODE.update({job["expression"]: compile(job["expression"], "formula", "eval") for job in [*work, WARM]})
    usual, *_ = gc.get_threshold()
    found = [(seconds(plain, work, usual), seconds(ours, work, GARBAGE)) for _ in range(turns)]
    for bare, whole in found:
        print(f"plain {bare:.2f} s, gradcalc {whole:.2f} s, {whole / bare:.2f} times")
    bare, whole = (min(side) for side in zip(*found, strict=True))
    gradients = sum(len(formula.variables) for formula in FORMULAS)
    what, beside = f"{gradients} partials of {len(FORMULAS)} formulas of physics", f"plain script {bare:.2f} s"
    print(f"| {what} | {whole:.2f} s | {beside} | {whole / bare:.2f} | 1.0 |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
