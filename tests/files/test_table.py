"""Columns out of CSV and TSV files: what is read, and what is wrong with what is not, with line and column."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradcalc.base.errors import FileError
from gradcalc.files import table


def read(path: Path, data: str | bytes, names: Sequence[str]) -> list[list[float]]:
    """The columns of a file with that content."""
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    columns: list[list[float]] = [[] for _ in names]
    with table.open_table(path) as opened:
        for block in opened.blocks(names):
            assert len(block.lines) == len(block.columns[0])
            for column, more in zip(columns, block.columns, strict=True):
                column.extend(more)
    return columns


READ = [  # what kind of file, its name, its content, and the columns a and b
    ("plain", "t.csv", "a,b\n1,2\n3,4\n", [[1, 3], [2, 4]]),
    ("no newline at the end", "t.csv", "a,b\n1,2\n3,4", [[1, 3], [2, 4]]),
    ("from Windows", "t.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4\r\n", [[1, 3], [2, 4]]),
    ("blank lines", "t.csv", "a,b\n\n1,2\n\n\n3,4\n\n", [[1, 3], [2, 4]]),
    ("spaces", "t.csv", "a , b\n 1,2 \n3 , 4\n", [[1, 3], [2, 4]]),
    ("columns in another order", "t.csv", "b,c,a\n2,x,1\n4,y,3\n", [[1, 3], [2, 4]]),
    ("quotes, commas and newlines in text", "t.csv", 'n,a,b\n"A, ""x""\nB",1,2\n"é",3,4\n', [[1, 3], [2, 4]]),
    ("numbers in quotes", "t.csv", 'a,b\n"1","2"\n"3",4\n', [[1, 3], [2, 4]]),
    ("tabs", "t.tsv", "a\tb\n1\t2\n3\t4\n", [[1, 3], [2, 4]]),
    ("every way to write a number", "t.csv", "a,b\n-1.5,+2.\n.5e1,4E-2\n", [[-1.5, 5.0], [2.0, 0.04]]),
    ("numbers whose sum is too large", "t.csv", "a,b\n1e308,2\n1e308,4\n", [[1e308, 1e308], [2, 4]]),
    ("no rows", "t.csv", "a,b\n", [[], []]),
]


@pytest.mark.parametrize(("name", "data", "columns"), [row[1:] for row in READ], ids=[row[0] for row in READ])
def test_reads(tmp_path: Path, name: str, data: str | bytes, columns: list[list[float]]) -> None:
    assert read(tmp_path / name, data, ["a", "b"]) == columns


ERRORS = [  # what is wrong, the content, the message behind the file's name, the hint
    ("nothing in it", "", " is empty", "the first line names the columns"),
    ("nothing but blank lines", "\n\n", " is empty", "the first line names the columns"),
    ("a column missing", "a,c\n1,2\n", ", line 1: no column `b`", "its columns are a, c"),
    ("a column misspelled", "a,bb\n1,2\n", ", line 1: no column `b`", "its columns are a, bb"),
    ("a column twice", "a,b,b\n1,2,3\n", ", line 1: column `b` comes twice", None),
    ("text", "a,b\n1,2\n3,good\n", ", line 3, column `b`: `good` is not a number", "do this"),
    ("no value", "a,b\n1,2\n3,\n", ", line 3, column `b`: there is no value", "do this"),
    ("only spaces", "a,b\n1,2\n3,  \n", ", line 3, column `b`: there is no value", "do this"),
    ("nan", "a,b\n1,2\nnan,4\n", ", line 3, column `a`: `nan` is not a finite number", "do this"),
    ("infinity", "a,b\n1,2\n-inf,4\n", ", line 3, column `a`: `-inf` is not a finite number", "do this"),
    ("beyond floats", "a,b\n1,2\n1e999,4\n", ", line 3, column `a`: `1e999` is not a finite number", "do this"),
    ("an underscore", "a,b\n1_0,2\n", ", line 2, column `a`: `1_0` is not a number", "do this"),
    ("digits of another script", "a,b\n१,2\n", ", line 2, column `a`: `१` is not a number", "do this"),
    ("hexadecimal", "a,b\n0x1,2\n", ", line 2, column `a`: `0x1` is not a number", "do this"),
    ("NUL", "a,b\n1\0,2\n", ", line 2, column `a`: `1\0` is not a number", "do this"),
    ("a long text", f"a,b\n{'x' * 99},2\n", f", line 2, column `a`: `{'x' * 40}…` is not a number", "do this"),
    ("a row too short", "a,b\n1,2\n3\n", ", line 3: 1 value, expected 2", None),
    ("a row too long", "a,b\n1,2\n3,4,5\n", ", line 3: 3 values, expected 2", None),
    ("rows of another length than the header", "a,b\n1,2,3\n4,5,6\n", ", line 2: 3 values, expected 2", None),
    ("a fault after blank lines", "a,b\n\n\n1,x\n", ", line 4, column `b`: `x` is not a number", "do this"),
    ("a fault after a long row", 'a,b,c\n1,2,"x\ny"\n3,z,\n', ", line 4, column `b`: `z` is not a number", "do this"),
    ("Latin-1", "a,b\n1,2\né,4\n".encode("latin-1"), ", line 3: not UTF-8 text", None),
    ("UTF-16", "a,b\n1,2\n".encode("utf-16"), ", line 1: not UTF-8 text", None),
    ("a control character", "a,\x1b[1mb\n1,2\n", ", line 1: `\x1b[1mb` is not the name of a column", None),
    ("an endless field", f'a,b\n"{"x" * 200_000}",2\n', ", line 2: field larger than field limit (131072)", None),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message", "hint"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS])
def test_an_error_names_line_and_column(tmp_path: Path, data: str | bytes, message: str, hint: str | None) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(FileError) as caught, table.open_table(path) as opened:
        list(opened.blocks(["a", "b"], {"a": "do this", "b": "do this"}))
    assert (caught.value.message, caught.value.hint) == (f"`{path}`{message}", hint)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught, table.open_table(tmp_path / "none.csv"):
        pass
    assert caught.value.message == f"cannot read `{tmp_path}/none.csv`: no such file or directory"


def test_lines_are_counted_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BLOCK", 16)
    with pytest.raises(FileError) as caught:
        read(tmp_path / "t.csv", "a,b\n" + "1,2\n" * 1000 + "3,x\n", ["a", "b"])
    assert caught.value.message == f"`{tmp_path}/t.csv`, line 1002, column `b`: `x` is not a number"


def test_a_quoted_newline_at_the_edge_of_a_block_is_no_end_of_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "BLOCK", 9)
    assert read(tmp_path / "t.csv", 'a,n,b\n1,"x\n\n\n\ny",2\n3,z,4\n', ["a", "b"]) == [[1, 3], [2, 4]]


@pytest.mark.parametrize("data", ['a,b\n"1,2\n' + "3,4\n" * 100, "a,b\n" + "1" * 400])
def test_a_row_without_end_is_given_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: str) -> None:
    monkeypatch.setattr(table, "BLOCK", 16)
    monkeypatch.setattr(table, "LONGEST_RECORD", 200)
    with pytest.raises(FileError) as caught:
        read(tmp_path / "t.csv", data, ["a", "b"])
    assert caught.value.message == f"`{tmp_path}/t.csv` has a row of more than 200 bytes"
    assert caught.value.hint == "is a quote left open?"


def test_the_garbage_collector_works_again_afterwards(tmp_path: Path) -> None:
    read(tmp_path / "t.csv", "a,b\n1,2\n", ["a", "b"])
    assert gc.isenabled()
