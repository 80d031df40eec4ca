"""Files of numbers, of training data and of weights that hold something else: each with the whole message."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcalc.cli.app import main

NOBODY = 65534  # the number of a user who owns nothing
NUMBERS = "hint: write a row on each line, numbers such as 1.5 between commas; a first line may name the columns\n"
FILL = "hint: fill it in, leave the row out, or choose other columns: x=@FILE:NAME\n"
DECIMAL = "hint: a decimal comma is written as a point: 1.5\n"
COLUMNS = "hint: --features iq,cgpa names the columns to learn from\n"
SAVED = "hint: --save FILE writes such a file\n"
MATRICES = [  # of numbers, with `--at A=@in.csv`
    (b"1,2\n3\n", "error: `in.csv`, line 2: 1 number, expected 2 as above\n\n" + NUMBERS),
    (b"", "error: `in.csv` has no numbers\n\n" + NUMBERS),
    (b"\n\n \n", "error: `in.csv` has no numbers\n\n" + NUMBERS),
    (b"a,b\n", "error: `in.csv`, line 1, column 1: `a` is not a number\n\n" + NUMBERS),
    (b"a,b\n1,2\n\n3,\n", "error: `in.csv`, line 4, column `b`: there is no value\n\n" + FILL),
    (b"a;b\n1;2\n3;n/a\n", "error: `in.csv`, line 3, column `b`: `n/a` is not a number\n\n" + FILL),
    (b"a\tb\n1\t2\n3\n", "error: `in.csv`, line 3: 1 number, expected 2 as above\n\n" + NUMBERS),
    (b'"a, b",c\nParis,2\n', "error: `in.csv`, line 2, column `a, b`: `Paris` is not a number\n\n"
     "hint: x=@in.csv:c takes the columns of numbers\n"),
    (b"a;b\n1,5;2\n", "error: `in.csv`, line 2, column `a`: `1,5` is not a number\n\n" + DECIMAL),
    (b'a,b\n1,"2\n3,4\n', "error: `in.csv`, line 2: a quote is left open\n\n" + NUMBERS),
    (b"id,2019\n1,2\n", "error: `in.csv`, line 1, column 1: `id` is not a number\n\n" + NUMBERS),
    (b"\xef\xbb\xbfx,2\n", "error: `in.csv`, line 1, column 1: `x` is not a number\n\n" + NUMBERS),
    (b"1,2\n3,abc\n", "error: `in.csv`, line 2, column 2: `abc` is not a number\n\n" + NUMBERS),
    (b"1,nan\n", "error: `in.csv`, line 1, column 2: `nan` is not a finite number\n\n" + NUMBERS),
    (b"1,inf\n", "error: `in.csv`, line 1, column 2: `inf` is not a finite number\n\n" + NUMBERS),
    (b"1,1e999\n", "error: `in.csv`, line 1, column 2: `1e999` is not a finite number\n\n" + NUMBERS),
    (b"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b",
     "error: `in.csv` is not UTF-8 text\n\nhint: save it as text in UTF-8\n"),
    (b"1,2\x00\n", "error: `in.csv`, line 1, column 2: `2\\x00` is not a number\n\n" + NUMBERS),
    (b"\xff\xfe1\x00,\x002\x00\n\x00", "error: `in.csv` is not UTF-8 text\n\nhint: save it as text in UTF-8\n"),
    (b"1,5;2,5\n", "error: `in.csv`, line 1, column 1: `1,5` is not a number\n\n" + DECIMAL),
    (b"1,5 2,5\n", "error: `in.csv`, line 1, column 2: `5 2` is not a number\n\n" + NUMBERS),
    (b"1,,2\n", "error: `in.csv`, line 1, column 2: there is no value\n\n" + NUMBERS),
    (b"1,2,\n", "error: `in.csv`, line 1, column 3: there is no value\n\n" + NUMBERS),
    (b'"1","2."\n"3",""\n', "error: `in.csv`, line 2, column 2: there is no value\n\n" + NUMBERS),
    (b"1_000,2\n", "error: `in.csv`, line 1, column 1: `1_000` is not a number\n\n" + NUMBERS),
    (b"0x10\n", "error: `in.csv`, line 1, column 1: `0x10` is not a number\n\n" + NUMBERS),
    (b"5%,2\n", "error: `in.csv`, line 1, column 1: `5%` is not a number\n\n" + NUMBERS),
    (b"$5,2\n", "error: `in.csv`, line 1, column 1: `$5` is not a number\n\n" + NUMBERS),
    (b"\x1b[2J,2\n", "error: `in.csv`, line 1, column 1: `\\x1b[2J` is not a number\n\n" + NUMBERS),
    (b"\xd9\xa3,2\n", "error: `in.csv`, line 1, column 1: `٣` is not a number\n\n" + NUMBERS),
    (b"[[1,2],[3,4]]", "error: `in.csv`, line 1, column 1: `[[1` is not a number\n\n" + NUMBERS),
    (b"1|2\n", "error: `in.csv`, line 1, column 1: `1|2` is not a number\n\n" + NUMBERS),
    (b"# c\n1,2\n#\n3,x\n", "error: `in.csv`, line 4, column 2: `x` is not a number\n\n" + NUMBERS),
    (b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
     "error: `in.csv`, line 1, column 1: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is not a number\n\n" + NUMBERS),
    (b"1/2,3\n", "error: `in.csv`, line 1, column 1: `1/2` is not a number\n\n" + NUMBERS),
    (b"\xe2\x88\x921,2\n", "error: `in.csv`, line 1, column 1: `−1` is not a number\n\n" + NUMBERS),
    (b"\xe9,1\n", "error: `in.csv` is not UTF-8 text\n\nhint: save it as text in UTF-8\n"),
]  # fmt: skip
TRAINING = [  # data, of `gradcalc nn --data in.csv`
    (b"iq,placed\n1,0\n2\n", "error: `in.csv`, line 3: 1 value, expected 2\n"),
    (b"", "error: `in.csv` is empty\n\nhint: the first line names the columns\n"),
    (b"iq,placed\n", "error: `in.csv` has no rows below its header\n"),
    (b"1,0\n2,1\n", "error: `in.csv`, line 1: no column `placed`\n\nhint: its columns are 1, 0\n"),
    (b"iq,placed\n1,0\nabc,1\n", "error: `in.csv`, line 3, column `iq`: `abc` is not a number\n\n" + COLUMNS),
    (b"iq,placed\nnan,1\n", "error: `in.csv`, line 2, column `iq`: `nan` is not a finite number\n\n" + COLUMNS),
    (b"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b", "error: `in.csv`, line 1: not UTF-8 text\n"),
    (b"iq;placed\n1,5;0\n",
     "error: `in.csv`, line 1: `;` between the columns, expected `,`\n\n"
     "hint: write commas and decimal points, or tabs in a file named .tsv\n"),
    (b"iq\tplaced\n1\t0\n",
     "error: `in.csv`, line 1: a tab between the columns, expected `,`\n\n"
     "hint: write commas and decimal points, or tabs in a file named .tsv\n"),
    (b"iq,placed\n1,2\n", "error: `in.csv`, line 2, column `placed`: the label is 2.0, expected 0 or 1\n"),
    (b"iq,placed\n1,yes\n",
     "error: `in.csv`, line 2, column `placed`: `yes` is not a number\n\nhint: a label is 0 or 1\n"),
    (b"iq,iq,placed\n1,2,1\n", "error: `in.csv`, line 1: column `iq` comes twice\n"),
    (b"iq,placed\n,1\n", "error: `in.csv`, line 2, column `iq`: there is no value\n\n" + COLUMNS),
    (b'iq,placed\n"1,0\n', "error: `in.csv`, line 2: 1 value, expected 2\n"),
    (b"iq,placed\n\x1b[2J,1\n", "error: `in.csv`, line 2, column `iq`: `\\x1b[2J` is not a number\n\n" + COLUMNS),
    (b"i\x1b[2Jq,placed\n1,1\n", "error: `in.csv`, line 1: `i\\x1b[2Jq` is not the name of a column\n"),
    (b"iq,placed\n1\x00,1\n", "error: `in.csv`, line 2, column `iq`: `1\\x00` is not a number\n\n" + COLUMNS),
    (b"\xff\xfei\x00q\x00,\x00p\x00l\x00a\x00c\x00e\x00d\x00\n\x001\x00,\x001\x00\n\x00",
     "error: `in.csv`, line 1: not UTF-8 text\n"),
    (b"placed\n1\n", "error: `in.csv`, line 1: no column besides the label `placed`\n"),
    (b"iq,placed\n1e999,1\n", "error: `in.csv`, line 2, column `iq`: `1e999` is not a finite number\n\n" + COLUMNS),
    (b"IQ,Placed\n1,0\n", "error: `in.csv`, line 1: no column `placed`\n\nhint: did you mean `Placed`?\n"),
]  # fmt: skip
WEIGHTS = [  # of `gradcalc nn --load in.csv`
    (b"", "error: `in.csv` does not hold the weights of a neuron: it is not JSON\n\n" + SAVED),
    (b"{}",
     'error: `in.csv` does not hold the weights of a neuron: it lacks "kind": "gradcalc neuron", "schema": 1\n\n'
     + SAVED),
    (b"[1]",
     'error: `in.csv` does not hold the weights of a neuron: it lacks "kind": "gradcalc neuron", "schema": 1\n\n'
     + SAVED),
    (b'{"w": 1, "b": 2}',
     'error: `in.csv` does not hold the weights of a neuron: it lacks "kind": "gradcalc neuron", "schema": 1\n\n'
     + SAVED),
    (b"\xff", "error: `in.csv` is not UTF-8 text: byte 0xff at position 0\n"),
    (b"[[[[[[[[[", "error: `in.csv` does not hold the weights of a neuron: it is not JSON\n\n" + SAVED),
    (b'{"schema": 1, "kind": "gradcalc neuron", "w": {"iq": NaN}, "b": 0, "label": "placed"}',
     "error: `in.csv` does not hold the weights of a neuron: `w` does not hold finite numbers\n\n" + SAVED),
    (b'{"schema": 1, "kind": "gradcalc neuron", "w": {}, "b": 0, "label": "placed"}',
     "error: `in.csv` does not hold the weights of a neuron: `w` does not hold finite numbers\n\n" + SAVED),
    (b'{"schema": 1, "kind": "gradcalc neuron", "w": {"\\u001b[2J": 1}, "b": 0, "label": "placed"}',
     "error: the weights in `in.csv` are for \\x1b[2J\n\nhint: an example has iq alone; use --data\n"),
]  # fmt: skip
PLACES = [  # that are no files to read
    ("folder", "error: cannot read `folder`: is a directory\n"),
    ("loop", "error: cannot read `loop`: too many levels of symbolic links\n"),
    ("missing", "error: cannot read `missing`: no such file or directory\n"),
    ("miss\x1b[2Jing", "error: cannot read `miss\\x1b[2Jing`: no such file or directory\n"),
    ("nul\x00", "error: cannot read `nul\\x00`: the name of a file has no NUL in it\n"),
    ("", "error: expected a name and a file\n\n  A=@\n  ^^^\n\nhint: write --at A=@FILE\n"),
]  # fmt: skip


CONTENTS = [
    *((["diff", "sum(A)", "--at=A=@in.csv"], *row) for row in MATRICES),
    *((["nn", "--data=in.csv"], *row) for row in TRAINING),
    *((["nn", "--load=in.csv", "--iq=1", "--placed=1"], *row) for row in WEIGHTS),
]


@pytest.mark.parametrize(("arguments", "data", "message"), CONTENTS)
def test_a_file_is_refused_with_this_message(
    arguments: list[str],
    data: bytes,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_bytes(data)
    assert (main(arguments), capsys.readouterr().err) == (2, message)


@pytest.mark.parametrize(("name", "message"), PLACES)
def test_what_is_no_file_is_refused_with_this_message(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("loop").symlink_to("loop")
    assert (main(["diff", "sum(A)", f"--at=A=@{name}"]), capsys.readouterr().err) == (2, message)


def test_a_file_that_may_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "closed"
    path.touch(0)
    with as_nobody():
        assert main(["diff", "sum(A)", f"--at=A=@{path}"]) == 2
    assert capsys.readouterr().err == f"error: cannot read `{path}`: permission denied\n"


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of whoever runs the tests, who may be allowed everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
