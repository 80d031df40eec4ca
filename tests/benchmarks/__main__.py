"""Every benchmark in turn, in under ten minutes, as one table of Markdown.

    python -m tests.benchmarks [NAME...]

A script prints what it likes, and its claims as lines `| what | measured | beside what | ratio | goal |`. What else it
prints goes to stderr. None fails on time: a goal that is missed is a line like the others.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
CLAIM = re.compile(r"""f?["']\| """)  # a script that prints claims takes part, with the arguments of its IN_ALL
ARGUMENTS = re.compile(r"^IN_ALL = (\[.*\])", re.MULTILINE)  # such as keep it within its share of the time
LONGEST = 90.0  # seconds for one script
HEAD = "| what | measured | beside | ratio | goal |\n| --- | --- | --- | --- | --- |"


def scripts() -> dict[str, list[str]]:
    """The scripts that print claims, with the arguments that each has here."""
    texts = {path.stem: path.read_text() for path in sorted(HERE.glob("[a-z]*.py"))}
    found = {name: ARGUMENTS.search(text) for name, text in texts.items() if CLAIM.search(text)}
    return {name: ast.literal_eval(one[1]) if one else [] for name, one in found.items()}


def claims(name: str, arguments: list[str]) -> list[str]:
    """The lines of a script's table; why there are none, where it did not get there."""
    command = [sys.executable, "-W", "ignore", str(HERE / f"{name}.py"), *arguments]
    paths = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    print(f"== {name}", file=sys.stderr, flush=True)
    begin = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": paths.rstrip(os.pathsep), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as script:
        try:
            shown, _ = script.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            script.send_signal(signal.SIGINT)  # so that it ends what it has begun
            shown, _ = script.communicate()
            print(f"   ended after {LONGEST:.0f} s", file=sys.stderr)
    print(shown, file=sys.stderr, flush=True)
    found = [line for line in shown.splitlines() if line.startswith("| ")]
    return found or [f"| {name} | no claims in {time.monotonic() - begin:.0f} s, see `{name}.py` | | | |"]


def main(names: list[str]) -> None:
    """Print the table."""
    found = scripts()
    lines = [line for name in names or found for line in claims(name, found[name])]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, {platform.machine()}, Python {platform.python_version()}\n\n{HEAD}")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
