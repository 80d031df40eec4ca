"""What a call costs where a warm process answers it, beside an empty Python and a call by itself.

python tests/benchmarks/warm.py [ROUNDS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import compiled

IN_ALL = ["20"]  # arguments where all benchmarks run in turn
PYTHON = sys.executable
GRADCALC = str(Path(sys.executable).with_name("gradcalc"))
COMMAND = [GRADCALC, "diff", "sin(x**2)", "--at", "3"]
LOOP = 'for i in $(seq 100); do "$@" >/dev/null; done'
LOOP_GOAL, CALL_GOAL = 30, 3  # times faster than calls by themselves; times an empty Python at most
COLD_CALLS = 5


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print the table, and the claims as lines of Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        warm = {**compiled(f"{folder}/bytecode"), "XDG_RUNTIME_DIR": folder, "GRADCALC_WARM": "1"}
        cold = {**warm, "GRADCALC_WARM": "0"}
        seconds(COMMAND, cold)  # compiles what it loads
        subprocess.run([GRADCALC, "serve"], env=warm, check=True, stdout=subprocess.DEVNULL)
        try:
            empty, calls = [], []
            for _ in range(rounds):  # in turn, so that a busy minute slows both alike
                empty.append(seconds([PYTHON, "-c", "pass"], warm))
                calls.append(seconds(COMMAND, warm))
            loop = seconds(["bash", "-c", LOOP, "bash", *COMMAND], warm)
            alone = statistics.median(seconds(COMMAND, cold) for _ in range(COLD_CALLS))
        finally:
            subprocess.run([GRADCALC, "serve", "--stop"], env=warm, check=True, stdout=subprocess.DEVNULL)
    nothing, call = statistics.median(empty), statistics.median(calls)
    print(f"python -c pass {nothing * 1e3:.1f} ms, warm call {call * 1e3:.1f} ms, call by itself {alone * 1e3:.0f} ms")
    print(f"| a warm `diff --at` | {call * 1e3:.0f} ms | `python -c pass` | {call / nothing:.2f} | ≤ {CALL_GOAL} |")
    print(
        f"| 100 warm calls in a loop | {loop:.2f} s | 100 calls by themselves, {alone * 100:.0f} s "
        f"| {alone * 100 / loop:.0f} | ≥ {LOOP_GOAL} |"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
