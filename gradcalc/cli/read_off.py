"""A file of the user's is run: by `audit`, and by `diff` and `graph` of what its code computes."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from gradcalc.answers.audit.target import WRITTEN, read_target
from gradcalc.base.errors import UsageError
from gradcalc.cli.child import supervise
from gradcalc.cli.options import Point, Precision, Run, given, used
from gradcalc.cli.output import Output
from gradcalc.files.access import require_apart
from gradcalc.render.error import visible

if TYPE_CHECKING:  # `diff` of an expression loads this file, and has nothing to do with audits
    from gradcalc.answers.audit.records import CodeGraph


def names_code(text: str) -> bool:
    """Does a text name something in a Python file, or in a module that there is?"""
    found = WRITTEN.fullmatch(text)
    if found is None or "\n" in text:
        return False
    return found["file"] is not None or _is_module(found["module"].partition(".")[0])


def _is_module(top: str) -> bool:
    """Is there a module of that name, in the folder where the command runs or among those that are installed?"""
    try:
        return Path(f"{top}.py").is_file() or Path(top).is_dir() or find_spec(top) is not None
    except ValueError:  # one that was made by hand, as the program itself
        return False


def derive_file(target: str, point: Point, run: Run, out: Output) -> int:
    """Print the formula and its gradient. This runs the file."""
    if out.form == "quiet":
        raise UsageError("--quiet prints numbers, and a formula has none", hint="gradcalc audit has them")
    from gradcalc.answers.audit.derived import derive_code  # here, as most calls derive an expression

    announce(read_target(target).where, out, read_by(run))
    return out.write(derive_code(target, timeout=out.timeout, **given(point, run)))


def graph_file(target: str, point: Point, precision: Precision, run: Run, out: Output) -> CodeGraph:
    """The graph of the code. This runs the file."""
    from gradcalc.answers.audit.drawn import graph_code  # here, as most calls draw an expression

    announce(read_target(target).where, out, read_by(run))
    asked = {**given(point, run), "dtype": precision.dtype, "rtol": precision.rtol}
    return graph_code(target, timeout=out.timeout, **asked)


def require_code(run: Run, is_code: bool) -> None:
    """Raises UsageError where an option is given that means nothing for an expression."""
    if not is_code and (told := sorted(used(run))):
        raise UsageError(f"{told[0]} is for code: FILE.py:NAME")


def read_by(run: Run) -> Path | None:
    """The file of weights that is read."""
    if run.weights is None:
        return None
    from gradcalc.answers.audit.value import file_and_key  # here, as most calls derive an expression

    return file_and_key(run.weights)[0]


def announce(program: str, out: Output, *read: Path | None, until: str = "") -> None:
    """Say that a program is run, in a child that the parent can end, and how far where it is not run whole.

    Raises FileError where its file, or what is `read` with it, is to be overwritten.
    """
    for file in out.files:
        require_apart(file, Path(program), *read)
    sys.stderr.write(f"running {visible(program)}{until}\n")
    sys.stderr.flush()
    supervise(out.timeout, foreign=True)
