"""The rows to learn from: features chosen, every number checked; and the rows to predict."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradcalc.base.errors import FileError, GradcalcError, UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.lessons.neuron.dataset import BLOCK_ROWS, Dataset, block_rows, named_numbers, new_rows, read_dataset

FLOAT64 = FORMATS["float64"]
ROWS = "iq,cgpa,placed\n10,7,1\n5,4,0\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(text)
    return path


def stored(found: Dataset) -> tuple[float, ...]:
    """The first block, column by column."""
    memory, offset, count = found.spool.block(0)
    return struct.unpack_from(f"{found.spool.columns * count}d", memory, offset)


CHOSEN = [  # what was asked for, the label, the features, the numbers
    (None, "placed", ("iq", "cgpa"), (10, 5, 7, 4, 1, 0)),
    (["cgpa"], "placed", ("cgpa",), (7, 4, 1, 0)),
    (["cgpa", "iq"], "placed", ("cgpa", "iq"), (7, 4, 10, 5, 1, 0)),
]


@pytest.mark.parametrize(("asked", "label", "features", "numbers"), CHOSEN)
def test_features_are_those_named_or_all_but_the_label(
    tmp_path: Path, asked: Sequence[str] | None, label: str, features: tuple[str, ...], numbers: tuple[float, ...]
) -> None:
    found = read_dataset(written(tmp_path, ROWS), asked, label, FLOAT64)
    assert (found.features, found.label, found.rows, stored(found)) == (features, label, 2, numbers)


WRONG = [  # the text, the features, the dtype, the message behind the file's name
    ("iq,placed\n1,2\n", None, "float64", ", line 2, column `placed`: the label is 2.0, expected 0 or 1"),
    ("iq,placed\n1,0\n1,0.5\n", None, "float64", ", line 3, column `placed`: the label is 0.5, expected 0 or 1"),
    ("iq,placed\n1,yes\n", None, "float64", ", line 2, column `placed`: `yes` is not a number"),
    ("iq,placed\n", None, "float64", " has no rows below its header"),
    ("placed\n1\n", None, "float64", ", line 1: no column besides the label `placed`"),
    ("iq,label\n1,1\n", None, "float64", ", line 1: no column `placed`"),
    ("iq,placed\n1,1\n", ["iq", "cgpa"], "float64", ", line 1: no column `cgpa`"),
    (
        "iq,placed\n1,1\n1e39,1\n",
        None,
        "float32",
        ", line 3, column `iq`: 1e+39 is beyond the largest float32, 3.4e+38",
    ),
    ("iq,placed\n-7e4,1\n", None, "float16", ", line 2, column `iq`: -70000.0 is beyond the largest float16, 6.55e+04"),
]


@pytest.mark.parametrize(("text", "features", "dtype", "message"), WRONG)
def test_a_wrong_row_is_named(
    tmp_path: Path, text: str, features: Sequence[str] | None, dtype: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(FileError) as caught:
        read_dataset(path, features, "placed", FORMATS[dtype])
    assert caught.value.message == f"`{path}`{message}"


def test_a_column_of_text_is_to_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "name,iq,placed\nAnn,1,1\n")
    with pytest.raises(FileError) as caught:
        read_dataset(path, None, "placed", FLOAT64)
    assert caught.value.hint == "--features iq,cgpa names the columns to learn from"


def test_rows_to_predict_come_from_a_file_and_then_from_the_command_line(tmp_path: Path) -> None:
    found = new_rows(written(tmp_path, ROWS), ["cgpa=1,iq=2", "iq=3,cgpa=4"], ("iq", "cgpa"), FLOAT64)
    assert found is not None
    assert (found.rows, stored(found)) == (4, (10, 5, 2, 3, 7, 4, 1, 4))


def test_no_rows_to_predict_is_nothing() -> None:
    assert new_rows(None, [], ("iq",), FLOAT64) is None


TYPED = [  # a row, the message, the hint
    ("iq=1", "--predict-row `iq=1` has no value for `cgpa`", None),
    ("iq=1,cgpa=2,iq=3", "--predict-row: `iq` is given twice", None),
    ("iq=1,cgp=2", "--predict-row: `cgp` is not a feature", "did you mean `cgpa`?"),
    ("iq=1,zzz=2", "--predict-row: `zzz` is not a feature", "the features are `iq` and `cgpa`"),
    ("7", "--predict-row is `7`, expected name=number", "write --predict-row iq=1"),
    ("iq=,cgpa=2", "--predict-row is `iq=,cgpa=2`, expected name=number", "write --predict-row iq=1"),
    ("iq=nan,cgpa=2", "--predict-row is `iq=nan,cgpa=2`, expected name=number", "write --predict-row iq=1"),
    ("", "--predict-row is ``, expected name=number", "write --predict-row iq=1"),
]


@pytest.mark.parametrize(("text", "message", "hint"), TYPED)
def test_a_typed_row_names_every_feature_once(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        new_rows(None, [text], ("iq", "cgpa"), FLOAT64)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_typed_number_that_the_dtype_does_not_hold_is_an_error() -> None:
    with pytest.raises(UsageError) as caught:
        new_rows(None, ["iq=7e4"], ("iq",), FORMATS["float16"])
    assert caught.value.message == "--predict-row: `iq` is beyond the largest float16, 6.55e+04"


def test_numbers_by_name() -> None:
    assert named_numbers(" iq = 1.5 , cgpa=-2e1", "--weight", ["iq", "cgpa"]) == {"iq": 1.5, "cgpa": -20.0}


def test_a_feature_may_have_an_equals_sign_in_its_name() -> None:
    assert named_numbers("a=b=1", "--weight", ["a=b"]) == {"a=b": 1.0}


SIZES = [(None, BLOCK_ROWS), (64, 65_536), (100, 65_500), (65_537, 65_537)]


@pytest.mark.parametrize(("batch", "rows"), SIZES)
def test_a_block_is_a_whole_number_of_batches(batch: int | None, rows: int) -> None:
    assert block_rows(batch) == rows


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GradcalcError):
        read_dataset(tmp_path / "none.csv", None, "placed", FLOAT64)
