"""What a call costs, as ratios to the bare imports that it needs: medians, side by side, in one run.

python tests/benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
GRADCALC = str(Path(sys.executable).with_name("gradcalc"))
BASES = {
    "import typer": [PYTHON, "-c", "import typer"],
    "import sympy": [PYTHON, "-c", "import sympy"],
    "import sympy, torch": [PYTHON, "-W", "ignore", "-c", "import sympy, torch"],
}
CALLS = [  # what, its arguments, what it is compared with, the ratio that it should stay below
    ("--help", ["--help"], "import typer", 1.0),
    ("--version", ["--version"], "import typer", 1.0),
    ("a syntax error", ["diff", "sinn(x)"], "import typer", 1.0),
    ("diff", ["diff", "sin(x**2)"], "import sympy", 1.15),
    ("diff --at", ["diff", "sin(x**2)", "--at", "3"], "import sympy, torch", 0.72),
]


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print the table, and the claims as lines of Markdown."""
    commands = BASES | {name: [GRADCALC, *arguments] for name, arguments, _, _ in CALLS}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):  # in turn, so that a busy minute slows all alike
        for name, command in commands.items():
            times[name].append(seconds(command))
    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"{'call':<16}{'seconds':>8}  {'base':<20}{'seconds':>8}{'ratio':>8}{'goal':>8}")
    for name, _, base, goal in CALLS:
        ratio = median[name] / median[base]
        print(f"{name:<16}{median[name]:>8.3f}  {base:<20}{median[base]:>8.3f}{ratio:>8.2f}{goal:>8.2f}")
    for name, _, base, goal in CALLS:
        measured, ratio = f"{median[name] * 1e3:.0f} ms", median[name] / median[base]
        print(f"| `{name}` by itself | {measured} | `{base}`, {median[base] * 1e3:.0f} ms | {ratio:.2f} | ≤ {goal} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
