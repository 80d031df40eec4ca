"""What a command must not load: shell scripts pay for every import at every call."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROBE = """
import json, sys
from gradcalc.cli.app import main
code = main(sys.argv[1:])
heavy = [name for name in ("flint", "mpmath", "rich.console", "sympy", "torch") if name in sys.modules]
print(json.dumps([code, heavy]), file=sys.stderr)
"""


def run(*arguments: str) -> tuple[int, list[str]]:
    """The exit code of a command, and the heavy libraries that it loaded."""
    done = subprocess.run([sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True)
    code, heavy = json.loads(done.stderr.splitlines()[-1])
    return code, heavy


LIGHT = [
    (("--help",), 0),
    (("--version",), 0),
    (("diff", "--help"), 0),
    (("functions",), 0),
    (("lessons",), 0),
    (("lessons", "99"), 2),
    (("accumulate", "x**2"), 2),
    (("nograd", "--help"), 0),
    (("diff",), 2),
    (("diff", "x", "--no-such-option"), 2),
    (("no-such-command",), 2),
    (("diff", "sinn(x)"), 2),
    (("diff", "x +"), 2),
    (("diff", "9**9**9"), 3),
    (("diff", "x*y", "--at", "x=1"), 2),
    (("diff", "x", "--at", "z=1"), 2),
    (("diff", "@/no/such/file"), 2),
]


@pytest.mark.parametrize(("arguments", "code"), LIGHT)
def test_help_and_bad_input_load_no_library(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments) == (code, [])


def test_a_closed_form_loads_no_torch() -> None:
    assert run("diff", "sin(x**2)") == (0, ["flint", "mpmath", "sympy"])


def test_the_probe_sees_what_is_loaded() -> None:
    assert run("diff", "sin(x**2)", "--at", "3") == (0, ["flint", "mpmath", "sympy", "torch"])
