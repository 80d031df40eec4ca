"""`gradcalc batch`: many jobs, a line each."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from gradcalc.answers.gradient.scalar import load_engines
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.limits import current, time_limit
from gradcalc.cli.child import speak
from gradcalc.cli.options import Exactness, Precision, Texts, given
from gradcalc.cli.output import Output
from gradcalc.cli.signals import ending_in_order
from gradcalc.cli.signature import command
from gradcalc.files.access import opened, require_apart, whole
from gradcalc.files.lines import Line, Lines
from gradcalc.jobs.batch import Settings, answer, kind, lost
from gradcalc.jobs.pool import Pool
from gradcalc.jobs.worker import Answer
from gradcalc.render.pages import batch as rendering

MOST_JOBS = 256
Input = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="A file of JSON Lines; stdin where none is given, or -.")
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", help="The number of worker processes; one for each core by default."),
]
Plain = Annotated[bool, typer.Option("--lines", help="Each line is an expression as it stands, and not JSON.")]
At = Annotated[Texts, typer.Option("--at", metavar="POINT", help="The point of every line that gives none.")]
Json = Annotated[bool, typer.Option("--json", help="Nothing changes: what comes out is JSON in any case.")]


@command(timeout="When to give up on a line.", form=None, places=None, html=None)
def batch(
    *,
    file: Input = None,
    jobs: Jobs = None,
    plain: Plain = False,
    at: At = None,
    precision: Precision,
    exactness: Exactness,
    as_json: Json = False,
    out: Output,
) -> int:
    """Derive the expression of every line of FILE. The answers come in the order of the lines, each when it is ready.

    A line is an expression as a JSON string, or an object with at least an "expression": {"id": 7, "expression":
    "x**2*y", "at": {"x": 3, "y": 1}, "wrt": ["x"], "order": 1, "dtype": "float32"}. What comes out is what diff --json
    prints, with the "id" of the line. A line that cannot be read, or takes too long, has an error in its place. With
    --lines a line is an expression alone, x**2*y. Of --at a line takes the variables that it has.

    The exit code is 0 if autograd agrees everywhere, 1 if it does not on some line or a line has an error, 2 if FILE
    cannot be read, 3 if a line of it has no end.

    echo '{"expression": "sin(x**2)", "at": {"x": 3}}' | gradcalc batch
    """
    common = None if at is None else tuple(at)
    settings = Settings(out.timeout, at=common, plain=plain, **given(precision, exactness))
    workers = _workers(jobs)
    require_apart(out.output, file)
    with ending_in_order(), _source(file, out.timeout) as source, _target(out) as target:
        bar = _bar(source, out.output)
        pulse = None if bar is None else bar.draw
        pool = Pool(partial(_answer, settings), _lost, jobs=workers, seconds=out.timeout, kind=kind, pulse=pulse)
        load_engines()
        fine = _run(pool, Lines(source.fileno(), str(file or "standard input"), current().line_bytes), target, bar)
    return 0 if fine else 1


def _run(pool: Pool, lines: Lines, target: BinaryIO, bar: Any) -> bool:
    """Write every answer as soon as its turn comes. Were all of them fine? Raises LimitError at a line without end."""
    fine = True
    speak()
    with contextlib.ExitStack() as stack:
        if bar is not None:
            stack.callback(bar.close)
        for line, one in pool.answers(lines):
            target.write(one.text)
            target.flush()
            fine = fine and one.fine
            if bar is not None:
                bar.advance(line.end, fine=one.fine)
    if lines.broken is not None:
        raise lines.broken
    return fine


def _answer(settings: Settings, line: Line) -> Answer:
    """In a worker: the answer to a line."""
    outcome = answer(line, settings)
    return Answer(rendering.line(outcome), outcome.fine)


def _lost(line: Line, error: LimitError) -> Answer:
    """The answer to a line whose worker had to be ended."""
    return Answer(rendering.line(lost(line, error)), fine=False)


def _workers(jobs: int | None) -> int:
    """How many workers: as many as there are cores that this process may use, unless told otherwise."""
    if jobs is None:
        return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_JOBS)
    if not 1 <= jobs <= MOST_JOBS:
        raise UsageError(f"--jobs is {jobs}, expected a whole number from 1 to {MOST_JOBS}")
    return jobs


@contextlib.contextmanager
def _source(file: Path | None, timeout: float) -> Iterator[BinaryIO]:
    """Where the lines come from. A named pipe is waited for as long as a line is."""
    with contextlib.ExitStack() as stack:
        with time_limit(timeout):
            source = stack.enter_context(opened(file))
        yield source


@contextlib.contextmanager
def _target(out: Output) -> Iterator[BinaryIO]:
    """Where the answers go: to stdout, or to a file that appears when all of them are there."""
    if out.output is None:
        yield sys.stdout.buffer
    else:
        with whole(out.output, force=out.force) as file:
            yield file


def _bar(source: BinaryIO, output: Path | None) -> Any:
    """A progress bar, where a person watches it and no answer is printed through it; else None."""
    if not sys.stderr.isatty() or (output is None and sys.stdout.isatty()):
        return None
    from gradcalc.cli.progress import Bar  # here, as rich takes long to load

    found = os.fstat(source.fileno())
    return Bar(found.st_size if stat.S_ISREG(found.st_mode) else None)
