"""torch loads wherever it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, sys
os.rmdir(os.getcwd())
from gradcalc.engines.torch import torch
a = torch.ones(64, 64, dtype=torch.float64)
print(float((a @ a).sum()))
try:
    os.getcwd()
except FileNotFoundError:
    print("still gone")
"""


def test_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path, env={"PYTHONPATH": str(Path(__file__).parents[3])}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "262144.0\nstill gone\n", "")
