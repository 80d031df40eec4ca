"""A map, for programs that import it: from arguments to the table that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from os import PathLike
from pathlib import Path

from gradcalc.base.errors import UsageError, one_of
from gradcalc.base.limits import time_limit
from gradcalc.files.columns.kinds import kind_of
from gradcalc.inputs.point import Given
from gradcalc.jobs.map.plan import Asked
from gradcalc.jobs.map.records import Mapped
from gradcalc.jobs.map.run import Options, Request, Run, Table
from gradcalc.problem.problem import DEFAULT_DTYPE

File = PathLike[str] | str
ON_ERROR = ("stop", "skip")


def map(  # as the command is called
    expression: str, points: File, output: File, *, columns: Mapping[str, str] | None = None, at: Given | None = None,
    wrt: Sequence[str] | str | None = None, results: Sequence[str] | str | None = None,
    carry: Sequence[str] | None = None, dtype: str = DEFAULT_DTYPE, rtol: float | None = None, atol: float = 0.0,
    strict_forward: bool = False, on_error: str = "stop", verify: int = 100, threads: int = 1, device: str = "cpu",
    resume: bool = False, force: bool = False, read_as: str | None = None, write_as: str | None = None,
    timeout: float | None = None,
) -> Mapped:  # fmt: skip
    """Value and gradient of `expression` at every row of the table `points`, written to the file `output`.

    The tables are CSV, TSV, JSON Lines, Parquet or Arrow by the names of the files, or as `read_as` and `write_as` say;
    they are of any size, and streamed. The columns are matched to the variables by name: `columns` gives variables the
    columns that they have, where these are called otherwise, `at` values to those without a column. What comes out has
    the columns that `carry` names, every one unless given, the value `f`, and the derivatives `df/dx`; `results` names
    the statements of a program whose values are wanted, the last one unless given. A row in which a number is missing
    or not finite is an error, or with `on_error="skip"` left out. So many rows as `verify` says are looked at by
    autograd and the exact engine: `Mapped.audit` has what came of it. With `resume`, the same call goes on where it was
    interrupted; `force` lets it replace a file. The other arguments are those of `diff`; `timeout` is in seconds, none
    unless given.

        gradcalc.map("sin(x**2)", "points.csv", "slopes.csv").rows

    Raises a GradcalcError: what `diff` raises, FileError at a file, a missing column or a wrong row.
    """
    asked = Asked(expression, columns or {}, at, wrt, results, None if carry is None else tuple(carry), dtype)
    options = Options(skips(on_error), verify, rtol, atol, strict_forward, device, threads, resume, force)
    given, wanted = Path(points), Path(output)
    source, target = kind_of(given, read_as, "--from"), kind_of(wanted, write_as, "--to")
    with nullcontext() if timeout is None else time_limit(timeout):
        run = Run(Request(asked, Table(given, source), Table(wanted, target), options))
        run.write()
        return run.summary()


def skips(on_error: str) -> bool:
    """Is a row with something wrong in it left out? Raises UsageError at an answer that is none."""
    if on_error not in ON_ERROR:
        raise UsageError(f"unknown --on-error `{on_error}`", hint=one_of(on_error, ON_ERROR))
    return on_error == "skip"
