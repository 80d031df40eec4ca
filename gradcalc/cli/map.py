"""`gradcalc map`: value and gradient at every row of a table."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from typer import Option

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import time_limit
from gradcalc.cli.child import speak
from gradcalc.cli.options import Expression, Precision, Texts, Wrt
from gradcalc.cli.output import Output, exit_code, for_people, progress
from gradcalc.cli.points import pairs
from gradcalc.cli.signals import Finished, ending_in_order
from gradcalc.cli.signature import command
from gradcalc.cli.source import unsupervised_text
from gradcalc.files.columns.kinds import kind_of
from gradcalc.jobs.map.asking import skips
from gradcalc.jobs.map.plan import Asked
from gradcalc.jobs.map.records import Mapped
from gradcalc.jobs.map.run import Options, Request, Run, Table, require_device
from gradcalc.render.formats import text

ONE_SLASH = re.compile(r"^([a-z][a-z0-9]+):/(?!/)")  # what is left of a URL as the path of a file
ALL = "all"  # columns


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is computed of which columns."""

    panel: ClassVar[str | None] = None
    points: Annotated[
        str, Option("--points", metavar="FILE", help="The table of points, a column for each variable; - is stdin.")
    ]
    column: Annotated[Texts, Option("--column", metavar="x=NAME", help="The column that holds a variable.")] = None
    at: Annotated[Texts, Option("--at", metavar="POINT", help="Values of variables that have no column: a=2.")] = None
    wrt: Wrt = None
    results: Annotated[
        Texts,
        Option("--results", metavar="NAMES", help="The statements of a program to map; the last unless given."),
    ] = None
    carry: Annotated[
        str, Option("--carry", metavar="NAMES", help="The columns that come out again: all, none, or their names.")
    ] = ALL


@dataclass(frozen=True, slots=True)
class Way:
    """How it is computed."""

    panel: ClassVar[str | None] = None
    on_error: Annotated[
        str, Option("--on-error", metavar="stop|skip", help="What a row with something wrong in it does.")
    ] = "stop"
    verify: Annotated[int, Option("--verify", metavar="N", help="How many rows are verified; 0 for none.")] = 100
    threads: Annotated[
        int,
        Option(
            "--threads", metavar="N", help="How many threads compute; reading and writing take longer than one does."
        ),
    ] = 1
    device: Annotated[str, Option("--device", metavar="cpu|cuda", help="What computes.")] = "cpu"
    resume: Annotated[bool, Option("--resume", help="Go on where the same command was interrupted.")] = False
    read_as: Annotated[
        str | None, Option("--from", metavar="KIND", help="What FILE is: csv, tsv, jsonl, parquet or arrow.")
    ] = None
    write_as: Annotated[
        str | None, Option("--to", metavar="KIND", help="What comes out; by the name of the output.")
    ] = None
    scheduler: Annotated[
        str | None,
        Option("--scheduler", metavar="ADDRESS", help="Compute on a Dask cluster, from Parquet to Parquet: tcp://…"),
    ] = None
    seconds: Annotated[
        float | None, Option("--timeout", metavar="SECONDS", help="When to give up; never unless given.")
    ] = None

    def __post_init__(self) -> None:
        skips(self.on_error)
        require_device(self.device)


@command(
    timeout=None,
    latex=None,
    places=None,
    html=None,
    quiet="Print no summary.",
    json="Print the summary as one JSON object.",
)
def map(  # as the command is called
    expression: Expression, wanted: Wanted, precision: Precision, way: Way, *, out: Output
) -> int:
    """Value and gradient of EXPR at every row of a table, which may be of any size.

    The columns of the table are matched to the variables by name; what comes out has them all, the value f, and the
    derivatives df/dx. CSV, TSV and JSON Lines may be compressed (.gz, .zst). Without --output the table goes to stdout
    as text, and the summary to stderr. Some rows are verified by autograd and the exact engine.

    Exit code 1: a verified row disagrees, or has no derivative; 2: a row cannot be read.

    gradcalc map "sin(x**2)" --points points.csv --output slopes.csv
    """
    if wanted.points == expression == "-":
        raise UsageError("the expression and the points cannot both come from standard input")
    asked = Asked(
        unsupervised_text(expression, out), pairs(wanted.column), wanted.at, wanted.wrt, wanted.results,
        None if wanted.carry == ALL else _names(wanted.carry), precision.dtype,
    )  # fmt: skip
    options = Options(
        way.on_error == "skip", way.verify, precision.rtol, precision.atol, precision.strict_forward, way.device,
        way.threads, way.resume, out.force,
    )  # fmt: skip
    with ending_in_order(), _limit(way.seconds):
        if way.scheduler is not None:
            return _tell(_on_cluster(way.scheduler, asked, wanted.points, out, options), out)
        source = None if wanted.points == "-" else Path(wanted.points)
        kind = kind_of(source, way.read_as, "--from")
        written = way.write_as or (kind.name if out.output is None and kind.is_text else None)
        target = Table(out.output, kind_of(out.output, written, "--to"))
        return _tell(_run(Request(asked, Table(source, kind), target, options)), out)


def _on_cluster(scheduler: str, asked: Asked, points: str, out: Output, options: Options) -> Mapped:
    """The map on a cluster."""
    if out.output is None or options.resume or options.device != "cpu":
        why = "--output with a folder" if out.output is None else "neither --resume nor --device"
        raise UsageError(f"--scheduler takes {why}", hint="what a worker fails at is tried again by itself")
    from gradcalc.jobs.map.cluster import mapped_on_cluster  # here, as most calls compute alone

    target = ONE_SLASH.sub(r"\1://", str(out.output))
    with progress() as tell:
        return mapped_on_cluster(
            scheduler, asked, points, target, options,
            lambda done, count: tell(done, count, f"{done} of {count} partitions"),
            lambda done, count: tell(done, count, f"verifying, {done} of {count} rows"),
        )  # fmt: skip


def _run(request: Request) -> Mapped:
    with _bar(request.source.path) as bar:
        run = Run(request, bar)
        with _advice(run):
            speak()
            run.write(sys.stdout.buffer)
            sys.stdout.buffer.flush()  # before the summary, whose stream is another
    with progress() as tell:
        return run.summary(lambda done, count: tell(done, count, f"verifying, {done} of {count} rows"))


def _tell(result: Mapped, out: Output) -> int:
    """Write the summary: to stdout, unless the table is there; the exit code."""
    stream = sys.stderr if out.output is None else sys.stdout
    stream.write(text(result, out.form or for_people(stream)))
    stream.flush()
    return exit_code(result)


@contextlib.contextmanager
def _advice(run: Run) -> Iterator[None]:
    """After an interruption, say how to go on."""
    try:
        yield
    except (KeyboardInterrupt, Finished):
        if run.noted:
            sys.stderr.write(
                f"interrupted after {run.noted:,} rows: the same command with --resume goes on from there\n"
            )
        raise


@contextlib.contextmanager
def _bar(source: Path | None) -> Iterator[Any]:
    """A progress bar, where somebody is watching; else nothing."""
    if not sys.stderr.isatty():
        yield lambda rows, position: None
        return
    from gradcalc.cli.progress import Rows  # here, as rich takes long to load

    bar = Rows(source.stat().st_size if source is not None and source.is_file() else None)
    try:
        yield bar.report
    finally:
        bar.close()


@contextlib.contextmanager
def _limit(seconds: float | None) -> Iterator[None]:
    if seconds is None:
        yield
    else:
        with time_limit(seconds):
            yield


def _names(text: str) -> tuple[str, ...]:
    return () if text == "none" else tuple(one.strip() for one in text.split(",") if one.strip())
