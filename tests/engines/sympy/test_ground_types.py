"""SymPy computes with FLINT's numbers where they are installed: the closed forms are those of Python's own."""

from __future__ import annotations

import os
import subprocess
import sys

FORMULAS = (
    "sin(x**2)*exp(-x)", "x**7/3 - 2*x/5 + 1/7", "(x**2 - 1)/(x - 1)**3", "log(x + sqrt(x**2 + 1))", "x**x",
    "tanh(x)/x", "0.1*x**3 + 1e-5*x", "atan2(x, 3)", "softplus(x)*sigmoid(x)", "(x + 1/3)**(5/2)", "gamma(x)*x**2",
    "2**(x/7)", "cos(pi*x/3)**2", "norm([x, 2*x, 1])", "det([[x, 1], [2, x**2]])",
)  # fmt: skip
PROGRAM = """
import sys
import sympy
from gradcalc import diff
print(sympy.external.gmpy.GROUND_TYPES)
for text in sys.argv[1:]:
    print(diff(text).row("x").formula)
"""


def closed_forms(ground_types: str) -> list[str]:
    """The ground types at work, and the closed forms."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *FORMULAS],
        env={**os.environ, "SYMPY_GROUND_TYPES": ground_types},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_closed_forms_do_not_depend_on_the_ground_types() -> None:
    by_flint, by_python = closed_forms("auto"), closed_forms("python")
    assert (by_flint[0], by_python[0]) == ("flint", "python")
    assert by_flint[1:] == by_python[1:]
    assert len(by_flint) == len(FORMULAS) + 1
