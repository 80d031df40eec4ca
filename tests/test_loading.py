"""Libraries are loaded whole, whatever the time limit says."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
from gradcalc import api
from gradcalc.errors import LimitError
try:
    api.diff("x**2", at=3, timeout=0.3)
    print("in time")
except LimitError as error:
    print(error.message)
print(api.diff("x**2", at=3, timeout=60).row("x").autograd)
"""


def test_a_time_limit_that_ends_during_an_import_leaves_no_half_library() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("no result within 0.3 s\n6.0\n", "")
