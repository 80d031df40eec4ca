"""Every benchmark in turn, in under ten minutes, as one table of Markdown.

    python -m tests.benchmarks [NAME...]

A script prints what it likes, and its claims as lines `| what | measured | beside what | ratio | goal |`. What else it
prints goes to stderr. None fails on time: a goal that is missed is a line like the others.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = {  # arguments that keep each within its share of the time
    "startup": ["5"],
    "warm": ["20"],
    "growth": [],
    "batch": ["400"],
    "arrays": ["1000", "1"],
    "neuron": ["100000", "1", "1"],
    "map_kernel": [],
    "map_files": [],
    "watch": ["15"],
}
LONGEST = 75.0  # seconds for one script
HEAD = "| what | measured | beside | ratio | goal |\n| --- | --- | --- | --- | --- |"


def claims(name: str) -> list[str]:
    """The lines of a script's table; why there are none, where it did not get there."""
    command = [sys.executable, str(HERE / f"{name}.py"), *SCRIPTS[name]]
    paths = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    print(f"== {name}", file=sys.stderr, flush=True)
    begin = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths.rstrip(os.pathsep)}
    ) as script:
        try:
            shown, _ = script.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            script.kill()
            shown, _ = script.communicate()
            print(f"   ended after {LONGEST:.0f} s", file=sys.stderr)
    print(shown, file=sys.stderr, flush=True)
    found = [line for line in shown.splitlines() if line.startswith("| ")]
    return found or [f"| {name} | no claims in {time.monotonic() - begin:.0f} s, see `{name}.py` | | | |"]


def main(names: list[str]) -> None:
    """Print the table."""
    there = [name for name in names or SCRIPTS if (HERE / f"{name}.py").is_file()]
    lines = [line for name in there for line in claims(name)]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, {platform.machine()}, Python {platform.python_version()}\n\n{HEAD}")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
