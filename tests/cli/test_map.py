"""`gradcalc map`: tables in and out, errors with their places, verified rows, files whole or not at all, resuming."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from gradcalc.cli.app import main
from gradcalc.files.columns import doors, kinds, text
from tests.running import Run

HAS_ARROW = importlib.util.find_spec("pyarrow") is not None
needs_arrow = pytest.mark.skipif(not HAS_ARROW, reason="pyarrow is not installed")
POINTS = 'id,x,note\n007,1,a\n008, 2.5,"b,c"\n009,+3e0,\n'


@pytest.fixture(params=["pyarrow", "csv module"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of reading CSV."""
    if request.param == "pyarrow" and not HAS_ARROW:
        pytest.skip("pyarrow is not installed")
    if request.param != "pyarrow":
        for module in (kinds, doors):
            monkeypatch.setattr(module, "has_arrow", lambda: False)
    return str(request.param)


def table(folder: Path, text: str | bytes = POINTS, name: str = "points.csv") -> str:
    """The path of a file with that text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_the_columns_of_the_table_come_first(reader: str, tmp_path: Path, run: Run) -> None:
    code, out, err = run("map", "x**2", "--points", table(tmp_path))
    assert code == 0
    header, first, second, third = out.splitlines()
    assert header == "id,x,note,f,df/dx"
    assert first == "007,1,a,1,2"
    assert second.endswith('2.5,"b,c",6.25,5')
    assert third.startswith("009,") and third.endswith("3e0,,9,6")
    assert "3 rows were verified by the exact engine and autograd" in err and "3 agree, which are all" in err


CARRIED = [("all", "id,x,note,f,df/dx"), ("none", "f,df/dx"), ("note,id", "note,id,f,df/dx")]


@pytest.mark.parametrize(("carry", "header"), CARRIED)
def test_other_columns_are_carried_or_dropped(reader: str, carry: str, header: str, tmp_path: Path, run: Run) -> None:
    out = run.printed("map", "x**2", "--points", table(tmp_path), "--carry", carry, "-q")
    assert out.splitlines()[0] == header
    assert out.splitlines()[1] == {"all": "007,1,a,1,2", "none": "1,2", "note,id": "a,007,1,2"}[carry]


FLAWS = [
    ("x\n1\nabc\n", "line 3, column `x`: `abc` is not a number"),
    ("x,y\n1,2\n3,\n", None),
    ("y,x\n1,2\n3,\n", "line 3, column `x`: there is no value"),
    ("x,y\n1,2\n3\n", "line 3: 1 value, expected 2"),
    ("x,y\n1,2\n3,4,5\n", "line 3: 3 values, expected 2"),
    ("x\n1\n\n\nnan\n", "line 5, column `x`: `nan` is not a finite number"),
    ("x\ninf\n", "line 2, column `x`: `inf` is not a finite number"),
    ("x\n1e999\n", "line 2, column `x`: `1e999` is not a finite number"),
    ("x\n1_0\n", "line 2, column `x`: `1_0` is not a number"),
    ("x\n0x10\n", "line 2, column `x`: `0x10` is not a number"),
    ('note,x\n"a\nb",1\n"c",?\n', "line 4, column `x`: `?` is not a number"),
    (b"x,n\n1,a\n2,\xff\n", "line 3: not UTF-8 text"),
]


@pytest.mark.parametrize(("text", "message"), FLAWS)
def test_an_error_names_the_line_and_the_column(
    reader: str, text: str | bytes, message: str | None, tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "out.csv"
    code, _, err = run("map", "x**2", "--points", table(tmp_path, text), "-q", "-o", str(out))
    assert (code, out.exists()) == ((0, True) if message is None else (2, False))
    assert message is None or message in err
    assert {one.name for one in tmp_path.iterdir()} <= {"points.csv", "out.csv"}


def test_rows_with_an_error_are_skipped_and_counted(reader: str, tmp_path: Path, run: Run) -> None:
    text = "k,x\na,1\nb,?\nc,\nd\ne,2,3\nf,nan\ng,4\n"
    code, out, err = run("map", "x**2", "--points", table(tmp_path, text), "--on-error", "skip", "--json")
    assert (code, out) == (0, "k,x,f,df/dx\na,1,1,2\ng,4,16,8\n")
    record = json.loads(err)
    assert (record["rows"], record["skipped"], record["verdict"]) == (2, 5, "agree")


REFUSED = [
    (["x*h"], "has no column for `h`"),
    (["x", "--column", "x=hight"], "has no column `hight`"),
    (["x", "--column", "y=x"], "`y` is not a variable of the expression"),
    (["x", "--column", "x"], "--column is `x`, expected x=NAME"),
    (["x", "--carry", "nothing"], "has no column `nothing`"),
    (["id = x"], "has a column `id` already"),
    (["x", "--results", "y"], "the expression defines no `y`"),
    (["2"], "no variable of the expression has a column"),
    (["x", "--at", "x=1"], "no variable of the expression has a column"),
    (["norm(x)*0 + x @ x"], "`x` is an array"),
    (["x", "--on-error", "stay"], "unknown --on-error `stay`"),
    (["x", "--from", "xls"], "unknown --from `xls`"),
    (["x", "--to", "parquet"], "parquet needs a file"),
    (["x", "--verify", "-1"], "--verify is -1"),
    (["x", "--threads", "0"], "--threads is 0"),
    (["lambertw(x)"], "torch has no `lambertw`"),
    (["x", "--dtype", "float128"], "unknown dtype `float128`"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_makes_no_sense_is_refused(arguments: list[str], message: str, tmp_path: Path, run: Run) -> None:
    assert message in run.refused("map", *arguments, "--points", table(tmp_path))


def test_two_things_do_not_come_from_standard_input(run: Run) -> None:
    assert "cannot both come from standard input" in run.refused("map", "-", "--points", "-")


WORSE = [
    ("abs(x - 1)", "kink", 1),
    ("log(x - 2)", "undefined", 1),
    ("(1 - cos(x*1e-8))/x**2", "disagree", 1),
    ("x**2", "agree", 0),
]


@pytest.mark.parametrize(("expression", "verdict", "code"), WORSE)
def test_the_verdict_is_that_of_the_worst_row(
    expression: str, verdict: str, code: int, tmp_path: Path, run: Run
) -> None:
    arguments = ["map", expression, "--points", table(tmp_path), "-o", str(tmp_path / "o.csv"), "--json"]
    record = json.loads(run.printed(*arguments, code=code))
    assert (record["verdict"], record["audit"]["worst"]["verdict"]) == (verdict, verdict)


def test_a_wrong_kernel_is_seen(tmp_path: Path, run: Run, monkeypatch: Any) -> None:
    from gradcalc.engines.torch.kernel import lowering

    monkeypatch.setitem(lowering.RULES, "sin", ("-g * cos(x)",))
    out = run.printed("map", "sin(x)", "--points", table(tmp_path), "-o", str(tmp_path / "o.csv"), "--json", code=1)
    audit = json.loads(out)["audit"]
    assert (audit["counts"], audit["apart"]) == ({"disagree": 3}, 3)


def test_so_many_rows_are_verified_at_most(tmp_path: Path, run: Run) -> None:
    points = table(tmp_path, "x\n" + "".join(f"{number}\n" for number in range(1, 1001)))
    out = run.printed("map", "x**2", "--points", points, "-o", str(tmp_path / "o.csv"), "--verify", "12")
    assert "12 rows were verified" in out and "the other 988 were not looked at" in out
    out = run.printed("map", "x**2", "--points", points, "-o", str(tmp_path / "o2.csv"), "--verify", "0")
    assert "nothing was verified" in out


KINDS = ["csv", "csv.gz", "csv.zst", "tsv", "jsonl", "jsonl.gz", "parquet", "arrow"]


@needs_arrow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_and_read_again(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there, back = tmp_path / f"there.{kind}", tmp_path / "back.csv"
    assert main(["map", "x**2", "--points", table(tmp_path), "-q", "-o", str(there)]) == 0
    assert main(["map", "g = f + x", "--points", str(there), "-q", "-o", str(back), "--carry", "note,f"]) == 0
    assert back.read_text() == 'note,f,g,dg/df,dg/dx\na,1,2,1,1\n"b,c",6.25,8.75,1,1\n,9,12,1,1\n'


@needs_arrow
def test_lines_of_json_keep_every_letter(tmp_path: Path, run: Run) -> None:
    lines = '{"x":1.50, "k": {"a": [1, "ü"]}}\n{"z": null,  "x": 2}  \n'
    out = run.printed("map", "log(x - 1.75)", "--points", table(tmp_path, lines, "p.jsonl"), "-q", code=1)
    first, second = out.splitlines()
    assert first == '{"x":1.50, "k": {"a": [1, "ü"]}, "f": "NaN", "df/dx": -4}'
    assert second.startswith('{"z": null,  "x": 2, "f": -1.38')


JSON_FLAWS = [
    ('{"x": 1}\n{"x": "2"}\n', "line 2, column `x`: `2` is text, expected a number"),
    ('{"x": 1}\n\n{"y": 2}\n', "line 3, column `x`: there is no value"),
    ('{"x": 1}\n{"x": null}\n', "line 2, column `x`: there is no value"),
    ('{"x": 1}\n{"x": true}\n', "line 2, column `x`: `True` is true or false, expected a number"),
    ('{"x": 1}\n{"x": 1e999}\n', "line 2, column `x`: `inf` is not a finite number"),
    ('{"x": 1}\n{"x": 1\n', "line 2: not JSON"),
    ('{"x": 1}\n[1]\n', "line 2: a list, expected an object"),
    ("[1]\n", "line 1: not a JSON object"),
]


@needs_arrow
@pytest.mark.parametrize(("text", "message"), JSON_FLAWS)
def test_an_error_in_json_has_its_place(text: str, message: str, tmp_path: Path, run: Run) -> None:
    assert message in run.refused("map", "x**2", "--points", table(tmp_path, text, "p.jsonl"), "-q")


@needs_arrow
def test_missing_numbers_of_a_typed_table_are_found(tmp_path: Path, run: Run) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "p.parquet"
    pq.write_table(pa.table({"x": [1, 2, None, 4], "t": ["a", "b", "c", "d"]}), path)
    err = run.refused("map", "x**2", "--points", str(path), "-o", str(tmp_path / "o.csv"))
    assert "row 3, column `x`: there is no value" in err
    assert main(["map", "x**2", "--points", str(path), "-o", str(tmp_path / "o.csv"), "--on-error", "skip", "-q"]) == 0
    assert (tmp_path / "o.csv").read_text() == "x,t,f,df/dx\n1,a,1,2\n2,b,4,4\n4,d,16,8\n"
    assert "column `t` is of type string, expected numbers" in run.refused("map", "t**2", "--points", str(path))


def test_compressed_text_is_read(reader: str, tmp_path: Path, run: Run) -> None:
    out = run.printed("map", "x", "--points", table(tmp_path, gzip.compress(b"x\n2\n"), "p.csv.gz"), "-q")
    assert out == "x,f,df/dx\n2,2,1\n"
    assert "is not gzip" in run.refused("map", "x", "--points", table(tmp_path, b"x\n2\n", "p.csv.gz"), "-q")


def test_a_table_without_rows_has_its_header(reader: str, tmp_path: Path, run: Run) -> None:
    assert run.printed("map", "x", "--points", table(tmp_path, "x\n"), "-q") == "x,f,df/dx\n"
    assert "is empty" in run.refused("map", "x", "--points", table(tmp_path, ""), "-q")


def test_what_exists_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    points, out = table(tmp_path), table(tmp_path, "mine", "out.csv")
    assert main(["map", "x", "--points", points, "-o", out]) == 2
    assert main(["map", "x", "--points", points, "-o", points, "--force"]) == 2
    assert Path(out).read_text() == "mine"


TAKING = [
    (["--points", "p.parquet"], "reading parquet needs pyarrow"),
    (["--points", "p.jsonl", "-o", "o.csv"], "reading jsonl needs pyarrow"),
    (["--points", "points.csv", "-o", "o.parquet"], "writing parquet needs pyarrow"),
    (["--points", "points.csv", "--to", "jsonl"], "writing jsonl needs pyarrow"),
    (["--points", "points.csv", "-o", "o.csv.zst"], "compressing with zstd needs pyarrow"),
]


@pytest.mark.parametrize(("arguments", "message"), TAKING)
def test_what_takes_pyarrow_says_so(
    arguments: list[str], message: str, tmp_path: Path, run: Run, monkeypatch: Any
) -> None:
    for module in (kinds, doors):
        monkeypatch.setattr(module, "has_arrow", lambda: False)
    monkeypatch.chdir(tmp_path)
    table(tmp_path)
    err = run.refused("map", "x", *arguments)
    assert message in err and "pip install 'gradcalc[map]'" in err
    assert [one.name for one in tmp_path.iterdir()] == ["points.csv"]


# -- interruptions

LONG = "x,y\n" + "".join(f"{number},{number % 7}.5\n" for number in range(1, 5_001))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few rows."""
    monkeypatch.setattr(text, "SIZE", 8_000)


def interrupted(arguments: list[str], after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a map and press Ctrl-C after so many pieces."""
    from gradcalc.jobs.map.run import Run

    note, count = Run._note, [0]

    def ring(self: Run, *noted: Any) -> None:
        note(self, *noted)
        count[0] += 1
        if count[0] == after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Run, "_note", ring)
        assert main(arguments) == 130


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_interrupted_run_goes_on(
    reader: str, suffix: str, small: None, tmp_path: Path, run: Run, monkeypatch: Any
) -> None:
    points, out = table(tmp_path, LONG), tmp_path / f"out.csv{suffix}"
    whole = tmp_path / f"whole.csv{suffix}"
    command = ["map", "sin(x)*y", "--points", points, "--json"]
    straight = json.loads(run.printed(*command, "-o", str(whole)))
    for after in (1, 3):
        interrupted([*command, "-o", str(out), "--resume"], after, monkeypatch)
        assert not out.exists()
        assert "--resume goes on from there" in run.capsys.readouterr().err
    record = json.loads(run.printed(*command, "-o", str(out), "--resume"))
    assert out.read_bytes() == whole.read_bytes()
    assert record["resumed"] > 0
    assert record["audit"] == straight["audit"]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["points.csv", out.name, whole.name])


def test_another_command_does_not_go_on(small: None, tmp_path: Path, run: Run, monkeypatch: Any) -> None:
    points, out = table(tmp_path, LONG), str(tmp_path / "out.csv")
    interrupted(["map", "sin(x)*y", "--points", points, "-o", out], 2, monkeypatch)
    err = run.refused("map", "cos(x)*y", "--points", points, "-o", out, "--resume")
    assert "what was interrupted is another command" in err
    assert main(["map", "cos(x)*y", "--points", points, "-o", out, "-q"]) == 0
    assert not list(tmp_path.glob(".*"))


def test_a_killed_run_leaves_no_output_and_goes_on(tmp_path: Path) -> None:
    points, out = table(tmp_path, "x\n" + "0.5\n" * 1_500_000), tmp_path / "out.csv"
    command = [sys.executable, "-m", "gradcalc", "map", "sin(x)", "--points", points, "-o", str(out), "-q", "--resume"]
    note = tmp_path / ".out.csv.part.json"
    for _ in range(5):  # it may have finished before the signal comes
        out.unlink(missing_ok=True)
        run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while not note.exists() and run.poll() is None and time.monotonic() < end:
            time.sleep(0.001)
        run.kill()
        run.wait()
        if not out.exists():
            break
    assert not out.exists() and note.exists()
    assert main(command[3:]) == 0
    assert out.stat().st_size == len("x,f,df/dx\n") + 1_500_000 * len("0.5,0.479425538604203,0.8775825618903728\n")


def test_a_full_pipe_ends_quietly(tmp_path: Path) -> None:
    points = table(tmp_path, LONG)
    script = f'"{sys.executable}" -m gradcalc map "x*y" --points {points} -q | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert done.stdout.splitlines()[0] == "x,y,f,df/dx,df/dy"
    assert done.stdout.splitlines()[1] in ("0", "141")
    assert "Traceback" not in done.stderr
