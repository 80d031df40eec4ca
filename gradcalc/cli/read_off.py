"""`gradcalc diff FILE.py:NAME`: the formula that code of the user's computes, derived."""

from __future__ import annotations

import sys

from gradcalc.answers.audit.target import WRITTEN, read_target
from gradcalc.base.errors import UsageError
from gradcalc.cli.child import supervise
from gradcalc.cli.options import Point, given
from gradcalc.cli.output import Output
from gradcalc.render.error import visible


def names_code(text: str) -> bool:
    """Does a text name something in a Python file?"""
    found = WRITTEN.fullmatch(text)
    return found is not None and found["file"] is not None and "\n" not in text


def derive_file(target: str, point: Point, out: Output) -> int:
    """Print the formula and its gradient. This runs the file."""
    if out.form == "quiet":
        raise UsageError("--quiet prints numbers, and a formula has none", hint="gradcalc audit has them")
    from gradcalc.answers.audit.derived import derive_code  # here, as most calls derive an expression

    sys.stderr.write(f"running {visible(read_target(target).where)}\n")
    sys.stderr.flush()
    supervise(out.timeout, foreign=True)
    return out.write(derive_code(target, timeout=out.timeout, **given(point)))
