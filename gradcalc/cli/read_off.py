"""A file of the user's is run: by `audit`, and by `diff` and `graph` of what its code computes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gradcalc.answers.audit.target import WRITTEN, read_target
from gradcalc.base.errors import UsageError
from gradcalc.cli.child import supervise
from gradcalc.cli.options import FromFile, Point, Precision, given
from gradcalc.cli.output import Output
from gradcalc.files.access import require_apart
from gradcalc.render.error import visible

if TYPE_CHECKING:  # `diff` of an expression loads this file, and has nothing to do with audits
    from gradcalc.answers.audit.records import CodeGraph


def names_code(text: str) -> bool:
    """Does a text name something in a Python file?"""
    found = WRITTEN.fullmatch(text)
    return found is not None and found["file"] is not None and "\n" not in text


def derive_file(target: str, point: Point, code: FromFile, out: Output) -> int:
    """Print the formula and its gradient. This runs the file."""
    if out.form == "quiet":
        raise UsageError("--quiet prints numbers, and a formula has none", hint="gradcalc audit has them")
    from gradcalc.answers.audit.derived import derive_code  # here, as most calls derive an expression

    announce(read_target(target).where, out, code.weights)
    return out.write(derive_code(target, timeout=out.timeout, **given(point, code)))


def graph_file(target: str, point: Point, precision: Precision, code: FromFile, out: Output) -> CodeGraph:
    """The graph of the code. This runs the file."""
    from gradcalc.answers.audit.drawn import graph_code  # here, as most calls draw an expression

    announce(read_target(target).where, out, code.weights)
    asked = {**given(point, code), "dtype": precision.dtype, "rtol": precision.rtol}
    return graph_code(target, timeout=out.timeout, **asked)


def announce(program: str, out: Output, *read: Path | None, until: str = "") -> None:
    """Say that a program is run, in a child that the parent can end, and how far where it is not run whole.

    Raises FileError where its file, or what is `read` with it, is to be overwritten.
    """
    for file in out.files:
        require_apart(file, Path(program), *read)
    sys.stderr.write(f"running {visible(program)}{until}\n")
    sys.stderr.flush()
    supervise(out.timeout, foreign=True)
