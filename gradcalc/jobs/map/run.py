"""A map from one table to another, piece by piece in bounded memory, and an audit of some of its rows."""

from __future__ import annotations

import contextlib
import hashlib
import time
from array import array
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from gradcalc import __version__
from gradcalc.answers.trials.derived import tried_gradient
from gradcalc.base.errors import UsageError, one_of
from gradcalc.engines import ask
from gradcalc.files.access import require_apart
from gradcalc.files.columns.doors import reading_table, writing_table
from gradcalc.files.columns.kinds import DELIMITERS, Kind, require_arrow
from gradcalc.files.columns.piece import Piece, Reader, Wanted
from gradcalc.files.unfinished import Unfinished, stamp
from gradcalc.jobs.map.audit import audited
from gradcalc.jobs.map.plan import Asked, Plan, planned
from gradcalc.jobs.map.records import Mapped
from gradcalc.jobs.map.stages import BEHIND, read_ahead, writing_behind
from gradcalc.problem.problem import reading
from gradcalc.problem.tolerance import tolerance_of

if TYPE_CHECKING:
    from gradcalc.engines.torch.kernel.kernel import Kernel
    from gradcalc.engines.torch.kernel.sample import Sample

MOST_VERIFIED = 100_000
DEVICES = ("cpu", "cuda")
Report = Callable[[int, int], None]


def quietly(done: int, other: int) -> None:
    """Tell nobody."""


def require_device(name: str) -> None:
    """Raises UsageError at what is none that a map is computed on."""
    if name not in DEVICES:
        raise UsageError(f"unknown --device `{name}`", hint=one_of(name, DEVICES))


@dataclass(frozen=True, slots=True)
class Table:
    """A file and the kind of table in it; standard input or output where there is no path."""

    path: Path | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Options:
    """How a map is done: whether rows with a flaw are skipped, how many are verified, what it is computed on."""

    skip: bool = False
    verify: int = 100
    rtol: float | None = None
    atol: float = 0.0
    strict_forward: bool = False
    device: str = "cpu"
    threads: int = 1
    resume: bool = False
    force: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.verify <= MOST_VERIFIED:
            raise UsageError(f"--verify is {self.verify}, expected a whole number from 0 to {MOST_VERIFIED:,}")
        require_device(self.device)
        if not 1 <= self.threads <= 1024:
            raise UsageError(f"--threads is {self.threads}, expected a whole number from 1 to 1024")


@dataclass(frozen=True, slots=True)
class Request:
    """A whole map: what, of which table, into which, and how."""

    asked: Asked
    source: Table
    target: Table
    options: Options

    @property
    def resumable(self) -> bool:
        """Can it go on after an interruption? Parquet and Arrow have at their end what tells where the rows are."""
        return self.source.path is not None and self.target.path is not None and self.target.kind.is_text

    @property
    def typed(self) -> bool:
        """Do the columns that are carried go where numbers are numbers, and not text as it was?"""
        kinds = {self.source.kind.name, self.target.kind.name}
        return not (kinds <= {"csv", "tsv"} or kinds == {"jsonl"})

    @property
    def fingerprint(self) -> str:
        """What is the same for a run and for the one that goes on with it."""
        changed = "" if self.source.path is None else stamp(self.source.path)
        same = replace(self.options, threads=1, resume=False, force=False)
        return hashlib.sha256(
            repr((__version__, self.asked, self.source, self.target.kind, same, changed)).encode()
        ).hexdigest()


class Run:
    """A map under way; `report` is told of the rows that are done and of the bytes of the input that were read."""

    def __init__(self, request: Request, report: Report = quietly) -> None:
        self.request, self.report = request, report
        self.rows = self.skipped = self.resumed = 0
        self.noted = 0  # rows from which a run could go on
        self.plan: Plan
        self.sample: Sample
        self.started = time.monotonic()

    def write(self, stream: BinaryIO | None = None) -> None:
        """Write the table that is asked for, to `stream` where it has no path. Raises a GradcalcError."""
        source, target, options = self.request.source, self.request.target, self.request.options
        require_apart(target.path, source.path)
        if target.kind.name not in DELIMITERS:
            require_arrow(f"writing {target.kind.name}")
        with reading_table(source.path, source.kind, options.threads) as (reader, raw):
            where = "standard input" if source.path is None else f"`{source.path}`"
            self.plan = planned(self.request.asked, reader.names, where)
            with contextlib.ExitStack() as stack:
                unfinished, file = self._opened(stack, stream)
                self._rows(reader, raw, file, unfinished)

    def summary(self, audits: Report = quietly) -> Mapped:
        """What the map comes to, with an audit of some of its rows; `audits` is told how many of how many are done."""
        plan, options, target = self.plan, self.request.options, self.request.target.path
        tolerance = tolerance_of(plan.problem, options.rtol, options.atol, options.strict_forward)
        audit = audited(plan, self.sample.chosen, tolerance, audits)
        return Mapped(
            plan.problem.source, reading(plan.problem), plan.inputs, plan.fixed, plan.names, plan.problem.dtype,
            self.rows, self.skipped, self.sample.odd, self.resumed, time.monotonic() - self.started, audit,
            None if target is None else str(target),
        )  # fmt: skip

    def _opened(self, stack: contextlib.ExitStack, stream: BinaryIO | None) -> tuple[Unfinished | None, BinaryIO]:
        """Where the table is written."""
        path, options = self.request.target.path, self.request.options
        if path is None:
            assert stream is not None
            return None, stream
        keep = self.request.resumable
        unfinished = Unfinished(path, self.request.fingerprint if keep else "", resume=options.resume and keep)
        return (unfinished if keep else None), stack.enter_context(unfinished.writing(force=options.force, keep=keep))

    def _rows(self, reader: Reader, raw: BinaryIO, file: BinaryIO, unfinished: Unfinished | None) -> None:
        plan, options, start = self.plan, self.request.options, None
        kernel = kernel_of(plan, options.device, options.threads)
        self.sample = kernel.sample(options.verify)
        if unfinished is not None and unfinished.state is not None:
            start = self._gone_on(unfinished.state)
        carried = reader.names if plan.carried is None else plan.carried
        writer = writing_table(file, self.request.target.kind, carried, plan.names, begun=start is not None)
        wanted = Wanted(tuple(plan.inputs.values()), plan.carried, options.skip, self.request.typed, start)
        rooms = cycle([Room(len(plan.names), plan.problem.dtype) for _ in range(BEHIND + 1)])
        with writing_behind(writer) as behind:
            for piece, position in read_ahead((one, _position(raw, one)) for one in reader.pieces(wanted)):
                results = next(rooms).of(piece.rows)
                kernel.run([*piece.numbers, *plan.fixed.values()], results)
                self.sample.see(piece.numbers, results)
                self.rows, self.skipped = self.rows + piece.rows, self.skipped + piece.skipped
                noted = _unnoted if unfinished is None else partial(self._note, unfinished, self._state(piece))
                behind.put(piece, results, noted)
                self.report(self.rows, position)

    def _state(self, piece: Piece) -> dict[str, Any]:
        """What a run that goes on behind a piece has to know."""
        own = {"rows": self.rows, "skipped": self.skipped, "sample": asdict(self.sample)}
        return own | {"start": (piece.position, piece.line)}

    def _note(self, unfinished: Unfinished, state: Mapping[str, Any]) -> None:
        unfinished.save(state)
        self.noted = state["rows"]

    def _gone_on(self, state: Mapping[str, Any]) -> tuple[int, int]:
        """Take up where an interrupted run was; where its next piece begins."""
        self.rows = self.resumed = self.noted = state["rows"]
        self.skipped = state["skipped"]
        self.sample.restore(state["sample"])
        position, line = state["start"]
        return position, line


def _unnoted() -> None:
    """What cannot be gone on with needs no note of how far it is."""


def kernel_of(plan: Plan, device: str = "cpu", threads: int = 1) -> Kernel:
    """What computes the results of a plan. Raises InternalError where a derivative by the rules is refuted."""
    roots = list(plan.functions.values())
    for root in roots:
        tried_gradient(plan.problem, root, plan.wrt)
    return ask.kernel(roots, plan.variables, plan.wrt, plan.problem.format, device, threads)


class Room:
    """Memory for the columns that are computed, used again for each piece."""

    def __init__(self, columns: int, dtype: str) -> None:
        self.kind = "d" if dtype == "float64" else "f"
        self.columns = [array(self.kind) for _ in range(columns)]

    def of(self, rows: int) -> list[memoryview]:
        """Memory for so many rows."""
        if len(self.columns[0]) < rows:
            self.columns = [array(self.kind, bytes(rows * array(self.kind).itemsize)) for _ in self.columns]
        return [memoryview(one)[:rows] for one in self.columns]


def _position(raw: BinaryIO, piece: Piece) -> int:
    """How many bytes of the file are read, as far as it tells."""
    try:
        return raw.tell()
    except OSError:
        return piece.position
