"""A map on a real Dask cluster of two worker processes, one of which dies in mid-run."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradcalc.cli.app import main
from tests.running import Run

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytestmark = pytest.mark.filterwarnings("ignore")  # what Dask warns of when a worker dies
ROWS, FILES, GROUP = 30_000, 3, 2_500
EXPRESSION = "sin(x*y) + x**2"


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """A folder of Parquet files of several row groups."""
    folder = tmp_path / "points"
    folder.mkdir()
    for number in range(FILES):
        ids = list(range(number * ROWS // FILES, (number + 1) * ROWS // FILES))
        table = pa.table({"id": ids, "x": [one / 1000 for one in ids], "y": [one % 17 - 8.5 for one in ids]})
        pq.write_table(table, folder / f"{number}.parquet", row_group_size=GROUP)
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found:
        yield found


def alone(points: Path, folder: Path) -> Any:
    """The same by one process."""
    tables = []
    for path in sorted(points.glob("*.parquet")):
        out = folder / f"alone-{path.name}"
        assert main(["map", EXPRESSION, "--points", str(path), "-o", str(out), "-q"]) == 0
        tables.append(pq.read_table(out))
    return pa.concat_tables(tables)


def test_a_worker_dies_and_every_row_is_there(
    cluster: Any, points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradcalc.jobs.map import cluster as module

    monkeypatch.setattr(module, "ROWS", GROUP)
    out = tmp_path / "out"
    victim = cluster.workers[0].process.process.pid

    def kill() -> None:
        end = time.monotonic() + 60
        while not list(tmp_path.glob("out.part/part-*.parquet")) and time.monotonic() < end:
            time.sleep(0.002)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    address = cluster.scheduler_address
    assert main(["map", EXPRESSION, "--points", str(points), "-o", str(out), "--scheduler", address, "--json"]) == 0
    killer.join()
    record = json.loads(capsys.readouterr().out)
    assert (record["rows"], record["skipped"], record["audit"]["rows"], record["verdict"]) == (ROWS, 0, 100, "agree")
    parts = sorted(out.iterdir())
    assert [one.name for one in parts] == [f"part-{number:06}.parquet" for number in range(ROWS // GROUP)]
    assert pa.concat_tables([pq.read_table(one) for one in parts]).equals(alone(points, tmp_path))
    assert not (tmp_path / "out.part").exists()


def test_a_wrong_row_ends_it_without_a_result(cluster: Any, tmp_path: Path, run: Run) -> None:
    pq.write_table(pa.table({"x": [1.0, None], "y": [1.0, 2.0]}), tmp_path / "p.parquet")
    out, address = tmp_path / "out", cluster.scheduler_address
    command = ["map", EXPRESSION, "--points", str(tmp_path / "p.parquet"), "-o", str(out), "--scheduler", address]
    assert "/p.parquet`, row 2, column `x`: there is no value" in run.refused(*command)
    assert [one.name for one in tmp_path.iterdir()] == ["p.parquet"]
    assert run.record(*command, "--on-error", "skip", code=0)["skipped"] == 1


def test_no_scheduler_is_an_error(points: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcalc.jobs.map import cluster as module

    pytest.importorskip("distributed")
    monkeypatch.setattr(module, "PATIENCE", "100ms")
    command = ["map", "x", "--points", str(points), "--scheduler", "tcp://127.0.0.1:9"]
    assert "no Dask scheduler answers" in run.refused(*command, "-o", str(tmp_path / "out"))
    assert "--scheduler takes --output with a folder" in run.refused(*command)
