"""What the exact engine takes, as ratios to an earlier commit: each figure the median of several runs, turn about.

python tests/benchmarks/exact.py [COMMIT] [ROUNDS]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import compiled

IN_ALL = ["e43ffd4", "1"]  # arguments where all benchmarks run in turn
ROOT = Path(__file__).parents[2]
BEFORE = "e43ffd4"  # the last one whose engine computed with mpmath
OPERATIONS = (  # 30 of them
    "sin(x**2)*exp(-y) + log(1 + x**2*y**2)/(2 + cos(x*y)) - tanh(x - y)*sqrt(x**2 + 1) + atan(y/x)*exp(x*y/3) - x"
)
GOALS = {  # how many times faster
    "30 operations with gradient": 20.0,
    "order 10 of sin(sin(sin(sin(x))))": 19.0,
    "--range, 257 samples": 8.0,
    "diff --at, cold": 1.0,
}
PROBE = """
import contextlib, io, json, random, subprocess, sys, time
from gradcalc.base.limits import Limits
from gradcalc.cli.app import main
from gradcalc.engines.exact import truth
from gradcalc.inputs.pose import pose

def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start

text = sys.argv[1]
random.seed(1)
problems = [pose(text, Limits(), at={name: random.uniform(0.1, 3) for name in "xy"}) for _ in range(61)]
truth.differentiate(problems.pop())
nested = pose("sin(sin(sin(sin(x))))", Limits(), at="0.7", order=int(sys.argv[2]))
over_range = ["diff", text.replace("y", "2"), "--range", "x=0.1:3", "--json"]
cold = [sys.executable, "-m", "gradcalc", "diff", "sin(x**2)", "--at", "3"]
found = {"30 operations with gradient": seconds(lambda: [truth.differentiate(one) for one in problems]) / 60}
found["order 10 of sin(sin(sin(sin(x))))"] = seconds(lambda: truth.differentiate(nested))
with contextlib.redirect_stdout(io.StringIO()):
    main(["diff", "sin(x)**2", "--range", "x=1:2", "--json"])  # torch and all modules are loaded, its threads started
    found["--range, 257 samples"] = seconds(lambda: main(over_range))
start = time.perf_counter()
subprocess.run(cold, stdout=subprocess.DEVNULL, check=True)
found["diff --at, cold"] = time.perf_counter() - start
print(json.dumps(found))
"""


def measured(root: Path, bytecode: str) -> dict[str, float]:
    """The seconds that each piece of work takes in a checkout."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROBE, OPERATIONS, "10"],
        cwd=root,
        env={**compiled(bytecode), "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(commit: str, rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as kept:
        subprocess.run(
            ["git", "worktree", "add", "--detach", "-f", folder, commit], cwd=ROOT, check=True, capture_output=True
        )
        try:
            runs = [(measured(Path(folder), kept), measured(ROOT, kept)) for _ in range(rounds)]
        finally:
            subprocess.run(["git", "worktree", "remove", "-f", folder], cwd=ROOT, check=True)
    print(f"{'':<36}{commit[:9]:>12}{'now':>12}{'times':>8}{'goal':>7}")
    told: list[str] = []
    for what, goal in GOALS.items():
        before, now = (statistics.median(run[place][what] for run in runs) for place in (0, 1))
        print(f"{what:<36}{before * 1e3:>9.1f} ms{now * 1e3:>9.1f} ms{before / now:>8.1f}{goal:>7.0f}")
        told.append(
            f"| {what} | {now * 1e3:.1f} ms | the engine before, on mpmath, {before * 1e3:.0f} ms "
            f"| {before / now:.1f} | ≥ {goal:.0f} |"
        )
    print(*told, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else BEFORE, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
