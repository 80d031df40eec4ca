"""A map on a Dask cluster: Parquet in, Parquet out, partition by partition, on any path that fsspec knows."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import posixpath
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO

from gradcalc.base.errors import FileError, GradcalcError, LimitError, MissingProgramError, shortened
from gradcalc.base.loading import loading
from gradcalc.files.streams import reason
from gradcalc.jobs.map.audit import audited
from gradcalc.jobs.map.batches import BatchMap
from gradcalc.jobs.map.plan import Asked, planned
from gradcalc.jobs.map.records import Mapped
from gradcalc.jobs.map.run import Options, Report, kernel_of, quietly
from gradcalc.problem.problem import reading
from gradcalc.problem.tolerance import tolerance_of

if TYPE_CHECKING:
    from gradcalc.engines.torch.kernel.kernel import Kernel
    from gradcalc.engines.torch.kernel.sample import Sample

ROWS = 1 << 20  # of a partition, about
BATCH = 1 << 18  # rows that are computed at once
RETRIES = 3  # of a partition whose worker fails
PATIENCE = "20s"  # for the scheduler to answer


@dataclass(frozen=True, slots=True)
class Partition:
    """Some row groups of a Parquet file; their first row has the number `begin` in the file, `first` in the whole."""

    number: int
    path: str
    groups: tuple[int, ...]
    begin: int
    first: int


@dataclass(frozen=True, slots=True)
class Job:
    """What is done to every partition: the function, where the parts are written, how many rows are kept to look at."""

    function: BatchMap
    folder: str
    verify: int


@dataclass(frozen=True, slots=True)
class Part:
    """What became of a partition: its rows, those left out, and the rows to look at again, as JSON keeps them.

    Where something is wrong with the rows, or with what is asked, it is the error: another worker would find it too.
    """

    rows: int = 0
    skipped: int = 0
    sample: dict[str, Any] = field(default_factory=dict)
    error: GradcalcError | None = None


def mapped_on_cluster(
    address: str, asked: Asked, source: str, target: str, options: Options, report: Report = quietly,
    audits: Report = quietly,
) -> Mapped:  # fmt: skip
    """Map Parquet files on the cluster whose scheduler is at `address`; `target` becomes a folder of as many parts.

    `report` is told how many of how many partitions are done. Raises a GradcalcError.
    """
    started = time.monotonic()
    for name in ("distributed", "pyarrow"):
        if importlib.util.find_spec(name) is None:
            raise MissingProgramError(f"--scheduler needs {name}", hint="pip install 'gradcalc[dask]'")
    partitions, columns = _partitions(source)
    plan = planned(asked, columns, f"`{source}`")
    tolerance = tolerance_of(plan.problem, options.rtol, options.atol, options.strict_forward)
    sample = kernel_of(plan).sample(options.verify)
    with _folder(target, force=options.force) as folder:
        job = Job(BatchMap(asked, options.skip), folder, options.verify)
        parts = list(_computed(address, job, partitions, report))
    for part in parts:
        sample.join(part.sample)
    rows, skipped = sum(part.rows for part in parts), sum(part.skipped for part in parts)
    audit = audited(plan, sample.chosen, tolerance, audits)
    return Mapped(
        asked.expression, reading(plan.problem), plan.inputs, plan.fixed, plan.names, asked.dtype, rows, skipped,
        sample.odd, 0, time.monotonic() - started, audit, target,
    )  # fmt: skip


def _computed(address: str, job: Job, partitions: Sequence[Partition], report: Report) -> Iterator[Part]:
    """The parts, in the order of the partitions; what a worker that dies had, another one does."""
    with loading():
        distributed = importlib.import_module("distributed")
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise FileError(f"no Dask scheduler answers at `{address}`: {shortened(str(error), 200)}") from None
    with client, client.as_current():
        futures = client.map(compute, partitions, job=job, retries=RETRIES, pure=False)
        try:
            for done, (_, part) in enumerate(distributed.as_completed(futures, with_results=True), 1):
                if part.error is not None:
                    client.cancel(futures)
                    raise part.error
                report(done, len(futures))
            yield from client.gather(futures)
        except (distributed.KilledWorker, distributed.client.CancelledError) as error:
            raise LimitError(
                f"the workers gave up: {shortened(str(error), 200)}",
                hint="no option raises this limit: give the workers more memory",
            ) from None


def compute(partition: Partition, job: Job) -> Part:
    """On a worker: map a partition; its part of the result appears when it is whole."""
    filesystem, name = _filesystem(posixpath.join(job.folder, f"part-{partition.number:06}.parquet"))
    fresh = f"{name}.{uuid.uuid4().hex}.tmp"
    try:
        with filesystem.open(fresh, "wb") as out:
            part = _written(partition, job, out)
        filesystem.mv(fresh, name)
    except GradcalcError as error:
        return Part(error=error)
    return part


def _written(partition: Partition, job: Job, out: BinaryIO) -> Part:
    """Write the part of a partition to a file."""
    from gradcalc.files.columns.arrow_text import one_batch  # here, as it takes pyarrow

    parquet = importlib.import_module("pyarrow.parquet")
    filesystem, path = _filesystem(partition.path)
    found: Sample | None = None
    rows = given = 0
    with filesystem.open(path, "rb") as file, contextlib.ExitStack() as stack:
        source, writer = parquet.ParquetFile(file), None
        batches = source.iter_batches(BATCH, row_groups=list(partition.groups))
        for batch in chain(batches, [one_batch(source.schema_arrow.empty_table())]):
            plan, kernel = job.function.plan_of(tuple(batch.schema.names))
            found = found or _sample(kernel, job, partition)
            numbers, mapped = job.function.mapped(batch, f"`{partition.path}`", partition.begin + given + 1)
            found.see(numbers[: len(plan.inputs)], numbers[len(plan.inputs) :])
            rows, given = rows + mapped.num_rows, given + batch.num_rows
            writer = writer or stack.enter_context(parquet.ParquetWriter(out, mapped.schema))
            if mapped.num_rows:
                writer.write_batch(mapped)
    assert found is not None
    return Part(rows, given - rows, asdict(found))


def _sample(kernel: Kernel, job: Job, partition: Partition) -> Sample:
    found = kernel.sample(job.verify)
    found.rows = partition.first
    return found


# -- paths


def _filesystem(path: str) -> tuple[Any, str]:
    """The file system of a path or a URL, and the path in it. Raises FileError where nobody knows the protocol."""
    fsspec = importlib.import_module("fsspec.core")
    try:
        filesystem, inner = fsspec.url_to_fs(path)
    except (ImportError, ValueError) as error:
        raise FileError(f"`{path}`: {error}") from None
    return filesystem, inner


def _partitions(source: str) -> tuple[list[Partition], tuple[str, ...]]:
    """The partitions of a Parquet file, or of a folder of such, in order, and the columns. Raises FileError."""
    parquet = importlib.import_module("pyarrow.parquet")
    filesystem, inner = _filesystem(source)
    try:
        whole = filesystem.isdir(inner)
        paths = sorted(filesystem.glob(posixpath.join(inner, "**", "*.parquet"))) if whole else [inner]
        found: list[Partition] = []
        names: tuple[str, ...] = ()
        rows = 0
        for path in paths:
            with filesystem.open(path, "rb") as file:
                opened = parquet.ParquetFile(file)
                counts = [opened.metadata.row_group(place).num_rows for place in range(opened.num_row_groups)]
                names = names or tuple(opened.schema_arrow.names)
            name = filesystem.unstrip_protocol(path)
            for groups in grouped(counts):
                begin = sum(counts[: groups[0]]) if groups else 0
                found.append(Partition(len(found), name, groups, begin, rows + begin))
            rows += sum(counts)
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) and error.errno else shortened(str(error), 200)
        raise FileError(f"cannot read `{source}`: {why}") from None
    if not found:
        raise FileError(f"`{source}` has no Parquet files")
    return found, names


def grouped(counts: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Neighbouring row groups together that have about ROWS rows; of a file without rows, none of them once."""
    held: list[int] = []
    for place, count in enumerate(counts):
        held.append(place)
        if sum(counts[one] for one in held) + count > ROWS:
            yield tuple(held)
            held = []
    if held or not counts:
        yield tuple(held)


@contextlib.contextmanager
def _folder(target: str, *, force: bool) -> Iterator[str]:
    """A folder for the parts, which is called `target` at the end, and is gone after an error. Raises FileError."""
    filesystem, inner = _filesystem(target)
    if filesystem.exists(inner) and not force:
        raise FileError(f"`{target}` exists", hint="replace it with --force")
    part = inner.rstrip("/") + ".part"
    try:
        if filesystem.exists(part):
            filesystem.rm(part, recursive=True)
        filesystem.makedirs(part)
        yield filesystem.unstrip_protocol(part)
        for left in filesystem.glob(posixpath.join(part, "*.tmp")):  # of workers that died
            filesystem.rm(left)
        if filesystem.exists(inner):
            filesystem.rm(inner, recursive=True)
        filesystem.mv(part, inner, recursive=True)
    except OSError as error:
        raise FileError(f"cannot write `{target}`: {reason(error)}") from None
    finally:
        with contextlib.suppress(OSError):
            if filesystem.exists(part):
                filesystem.rm(part, recursive=True)
