"""What a call costs, as ratios to the bare imports that it needs: medians, turn about, of the processors' seconds.

python tests/benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measuring import compiled, medians

IN_ALL = ["5"]  # arguments where all benchmarks run in turn
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
    ("diff --help", ["diff", "--help"], "import typer", 2.0),
    ("a wrong expression", ["diff", "sinn(x)"], "import typer", 2.0),
    ("diff", ["diff", "sin(x**2)"], "import sympy", 1.15),
    ("diff --at", ["diff", "sin(x**2)", "--at", "3"], "import sympy, torch", 0.72),
]


def main(rounds: int) -> None:
    """Print the table, and the claims as lines of Markdown."""
    commands = BASES | {name: [GRADCALC, *arguments] for name, arguments, _, _ in CALLS}
    with tempfile.TemporaryDirectory() as folder:
        found = medians(commands, {**compiled(folder), "GRADCALC_WARM": "0"}, rounds)
    print(
        f"{'call':<20}{'processor':>10}{'clock':>8}  {'base':<20}{'processor':>10}{'clock':>8}{'ratio':>8}{'goal':>7}"
    )
    for name, _, base, goal in CALLS:
        own, bare = found[name], found[base]
        print(
            f"{name:<20}{own.processors:>10.3f}{own.clock:>8.3f}  {base:<20}{bare.processors:>10.3f}{bare.clock:>8.3f}"
            f"{own.processors / bare.processors:>8.2f}{goal:>7.2f}"
        )
    for name, _, base, goal in CALLS:
        own, bare = found[name].processors, found[base].processors
        print(
            f"| `{name}` by itself | {own * 1e3:.0f} ms | `{base}`, {bare * 1e3:.0f} ms | {own / bare:.2f} | ≤ {goal} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
