"""How long `gradcalc map` takes from file to file, beside pyarrow's own reading and writing of the same columns.

python tests/benchmarks/map_files.py [ROWS] [ROUNDS]

The whole command is timed, with the start of its process and the verification of 100 rows; of pyarrow, reading the
input and writing a table of its columns and two more of float64, in a process that is there already. Seconds of the
processor are told too: they depend less on what else the machine does.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from measuring import compiled

ROOT = Path(__file__).parents[2]
ROWS, ROUNDS = 10_000_000, 2
IN_ALL = ["4000000", "2"]  # arguments where all benchmarks run in turn
EXPRESSION = "sin(x**2)"
GOAL, MEMORY = 1.5, 1.0  # times, GiB


def made(folder: Path, rows: int) -> dict[str, Path]:
    """A column of numbers as CSV and as Parquet."""
    place = pa.array(range(rows), pa.float64())
    table = pa.table({"x": pc.divide(place, rows / 3)})
    paths = {kind: folder / f"points.{kind}" for kind in ("csv", "parquet")}
    pacsv.write_csv(table, paths["csv"])
    pq.write_table(table, paths["parquet"])
    return paths


def with_csv(source: Path, target: Path) -> None:
    """Read and write CSV, batch by batch."""
    with pacsv.open_csv(source) as reader:
        writer: Any = None
        for batch in reader:
            wide = pa.record_batch([batch.column(0), *results(batch.column(0))], names=["x", "f", "df/dx"])
            writer = writer or pacsv.CSVWriter(target, wide.schema)
            writer.write(wide)
        writer.close()


def with_parquet(source: Path, target: Path) -> None:
    """Read and write Parquet, batch by batch."""
    with pq.ParquetFile(source) as file:
        writer: Any = None
        for batch in file.iter_batches(1 << 18):
            wide = pa.record_batch([batch.column(0), *results(batch.column(0))], names=["x", "f", "df/dx"])
            writer = writer or pq.ParquetWriter(target, wide.schema)
            writer.write_batch(wide)
        writer.close()


def results(x: Any) -> list[Any]:
    """Two columns of numbers of as many digits as those of the map."""
    return [pc.sin(pc.multiply(x, x)), pc.cos(x)]


environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
PEERS: dict[str, Callable[[Path, Path], None]] = {"csv": with_csv, "parquet": with_parquet}


def command(source: Path, target: Path) -> None:
    """Run `gradcalc map`."""
    arguments = ["map", EXPRESSION, "--points", str(source), "-o", str(target), "--force", "-q"]
    done = subprocess.run([sys.executable, "-m", "gradcalc", *arguments], cwd=ROOT, check=False, env=environment)
    assert done.returncode in (0, 1), done.returncode  # 1: a verified row lies so near a 0 that its digits cancel


def best(work: Callable[[Path, Path], None], source: Path, target: Path, rounds: int) -> tuple[float, float]:
    """The least of several times, in seconds: by the clock, and of the processor."""
    clock, processor = [], []
    for _ in range(rounds):
        start, used = time.perf_counter(), os.times()
        work(source, target)
        after = os.times()
        clock.append(time.perf_counter() - start)
        processor.append(sum(after[:4]) - sum(used[:4]))
    return min(clock), min(processor)


def main(rows: int, rounds: int) -> None:
    """Print the table."""
    print(f"{rows:,} rows of one column, {EXPRESSION}: seconds\n")
    print(f"{'':12}{'':10}{'gradcalc map':>14}{'pyarrow alone':>16}{'times':>8}{'goal':>8}")
    told: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        environment.update(compiled(str(folder / "bytecode")))
        command(made(folder, 10)["csv"], folder / "first.csv")  # compiles what it loads
        for kind, source in made(folder, rows).items():
            target = folder / f"out.{kind}"
            own, alone = best(command, source, target, rounds), best(PEERS[kind], source, target, rounds)
            for name, mine, theirs in zip(("clock", "processor"), own, alone, strict=True):
                print(f"{kind:12}{name:10}{mine:14.2f}{theirs:16.2f}{mine / theirs:8.2f}{GOAL:8.1f}", flush=True)
            mine, theirs = own[0], alone[0]
            told.append(
                f"| `map` from {kind} to {kind}, {rows:,} rows | {mine:.1f} s | pyarrow alone, {theirs:.1f} s "
                f"| {mine / theirs:.2f} | ≤ {GOAL} |"
            )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    told.append(f"| memory of `map` at its peak | {peak:.2f} GiB | | | < {MEMORY:g} GiB |")
    print(*told, sep="\n")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [ROWS, ROUNDS][len(given) :]))
