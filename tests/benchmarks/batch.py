"""How many formulas of physics a second `gradcalc batch` answers, and where the time goes.

python tests/benchmarks/batch.py [JOBS]
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from physics import FORMULAS, jobs

from gradcalc.files.lines import Line
from gradcalc.jobs import batch
from gradcalc.render.pages import batch as rendering

IN_ALL = ["300"]  # arguments where all benchmarks run in turn
GRADCALC = [sys.executable, "-m", "gradcalc", "batch"]
STAGES = (  # stage, module, function: time inside counts for the innermost one
    ("JSON in", "gradcalc.jobs.batch", "read"),
    ("reading the expression", "gradcalc.inputs.pose", "read"),
    ("point and options", "gradcalc.inputs.question", "pose"),
    ("SymPy: lowering", "gradcalc.engines.sympy.closed_form", "lowered"),
    ("SymPy: diff", "gradcalc.engines.sympy.closed_form", "derivative"),
    ("SymPy: simplifying", "gradcalc.engines.sympy.closed_form", "shortest"),
    ("SymPy: text", "gradcalc.engines.sympy.closed_form", "to_text"),
    ("exact value and gradient", "gradcalc.engines.exact.truth", "differentiate"),
    ("autograd", "gradcalc.engines.torch.autograd", "differentiate"),
    ("closed forms verified", "gradcalc.answers.gradient.scalar", "verified"),
    ("comparing", "gradcalc.answers.gradient.scalar", "compare"),
    ("JSON out", "gradcalc.render.pages.batch", "line"),
)


class Stages:
    """The seconds spent in each stage, without those spent in a stage inside it."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(("everything else", *(stage for stage, _, _ in STAGES)), 0.0)
        self.inside = ["everything else"]
        self.since = time.perf_counter()

    def turn(self) -> None:
        """Book the time up to now on the stage that it was spent in."""
        now = time.perf_counter()
        self.seconds[self.inside[-1]] += now - self.since
        self.since = now

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time booked on a stage."""

        def wrapper(*arguments: Any, **options: Any) -> Any:
            self.turn()
            self.inside.append(stage)
            try:
                return function(*arguments, **options)
            finally:
                self.turn()
                self.inside.pop()

        return wrapper


def main(count: int) -> None:
    """Print both tables."""
    print(f"{count:,} jobs from {len(FORMULAS)} formulas, {os.cpu_count()} cores, start-up included\n")
    print(f"{'':<24}{'seconds':>9}{'a second':>10}{'of processors':>15}{'not in agreement':>18}")
    for name, distinct in (("formulas come again", False), ("no formula comes again", True)):
        seconds, busy, bad = run(jobs(count, distinct=distinct))
        print(f"{name:<24}{seconds:>9.2f}{count / seconds:>10.1f}{busy:>15.2f}{bad:>18}")
        print(f"| `batch`, {name} | {count / seconds:.0f} formulas a second | {os.cpu_count()} cores | | |")
    print("\nshare of one worker's time where no formula comes again\n")
    for stage, share in shares(jobs(min(count, len(FORMULAS)))).items():
        print(f"{stage:<28}{share:>6.1%}")


def run(work: Iterable[dict[str, Any]]) -> tuple[float, float, int]:
    """The seconds that `gradcalc batch` takes, those of its processors, and how many answers are not `agree`.

    Where other programs run beside it, the processors' seconds say more.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.jsonl"), Path(folder, "out.jsonl")
        source.write_text("".join(f"{json.dumps(job)}\n" for job in work))
        begin, before = time.perf_counter(), processors()
        subprocess.run([*GRADCALC, str(source), "-o", str(target)], check=False)
        seconds, busy = time.perf_counter() - begin, processors() - before
        answers = [json.loads(line) for line in target.read_text().splitlines()]
    return seconds, busy, sum(answer.get("verdict") != "agree" for answer in answers)


def processors() -> float:
    """The seconds that the processes started from here, and ended by now, have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def shares(work: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Each stage's share of the time of one worker, which is warm."""
    stages = Stages()
    settings = batch.Settings(timeout=60, dtype="float64")
    rendering.line(batch.answer(Line(1, b'{"expression": "sin(x)*cos(x)/(x + 1)", "at": 1}', 0), settings))
    for stage, module, function in STAGES:
        home = importlib.import_module(module)
        setattr(home, function, stages.timed(stage, getattr(home, function)))
    stages.since = time.perf_counter()
    for number, job in enumerate(work):
        rendering.line(batch.answer(Line(number, json.dumps(job).encode(), 0), settings))
    stages.turn()
    total = sum(stages.seconds.values())
    return {stage: seconds / total for stage, seconds in sorted(stages.seconds.items(), key=lambda pair: -pair[1])}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
