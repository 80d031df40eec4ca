"""Arrays as they are given: lists, literals, files; and what is no array."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from gradcalc.arrays.array import Array
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.point import Given
from gradcalc.inputs.pose import pose

VALUES: list[tuple[Given, Any]] = [
    ({"x": [1, 2, 3]}, [1.0, 2.0, 3.0]),
    ({"x": (1.5, 2)}, [1.5, 2.0]),
    ({"x": [[1, 2], [3, 4]]}, [[1.0, 2.0], [3.0, 4.0]]),
    ({"x": "[1, 2]"}, [1.0, 2.0]),
    ("[1, 2, 3]", [1.0, 2.0, 3.0]),
    ("x=[1, 2, 3]", [1.0, 2.0, 3.0]),
    ("x=[[1, 2], [3, 4]]", [[1.0, 2.0], [3.0, 4.0]]),
    ("x=[1/2, pi, -sqrt(4)]", [0.5, 3.141592653589793, -2.0]),
    ("x=2*ones(2)", [2.0, 2.0]),
    ("x=eye(2)", [[1.0, 0.0], [0.0, 1.0]]),
    ([1, 2, 3], [1.0, 2.0, 3.0]),
]


@pytest.mark.parametrize(("given", "nested"), VALUES)
def test_an_array_is_given_in_many_ways(given: Given, nested: Any) -> None:
    point = pose("sum(x)", Limits(), at=given).point
    assert point is not None
    value = point["x"]
    assert isinstance(value, Array)
    assert value.nested() == nested


def test_the_numbers_are_rounded_to_the_dtype() -> None:
    point = pose("sum(x)", Limits(), at={"x": [0.1, 1 / 3]}, dtype="float16").point
    assert point is not None
    value = point["x"]
    assert isinstance(value, Array)
    assert value.nested() == [0.0999755859375, 0.333251953125]


FILES = [
    ("1,2\n3,4\n", [[1.0, 2.0], [3.0, 4.0]]),
    ("1 2\n3\t4\n", [[1.0, 2.0], [3.0, 4.0]]),
    ("1; 2; 3\n", [1.0, 2.0, 3.0]),
    ("1\n2\n\n3\n", [1.0, 2.0, 3.0]),
    ("\ufeff1e3,-2.5\n", [1000.0, -2.5]),
    ("\ufeffprice,area\r\n1,2\r\n3,4\r\n", [[1.0, 2.0], [3.0, 4.0]]),
    ('\n"house price";area\n\n"1";2\n3;"4"\n', [[1.0, 2.0], [3.0, 4.0]]),
    ("house price\n1\n2\n", [1.0, 2.0]),
    ("a,x\n1,2\n3,4\n", [2.0, 4.0]),
    ("# a b\n1.0 2.0\n# more\n3.0 4.0\n", [[1.0, 2.0], [3.0, 4.0]]),
]


@pytest.mark.parametrize(("text", "nested"), FILES)
def test_an_array_comes_from_a_file(tmp_path: Path, text: str, nested: Any) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text(text, encoding="utf-8")
    point = pose("sum(x)", Limits(), at=[f"x=@{path}"]).point
    assert point is not None
    value = point["x"]
    assert isinstance(value, Array)
    assert value.nested() == nested


CHOSEN = [
    (":price", "price,area\n1,2\n3,4\n", [1.0, 3.0]),
    (":area, price", "price,city,area\n1,Rome,2\n3,,4\n", [[2.0, 1.0], [4.0, 3.0]]),
    (':"a, b"', '"a, b",c\n1,2\n3,4\n', [1.0, 3.0]),
    (":2019", "id,2019,2020\n1,2,3\n4,5,6\n", [2.0, 5.0]),
    (":b", "# a b\n1 2\n3 4\n", [2.0, 4.0]),
    (":2", "1,2\n3,4\n", [2.0, 4.0]),
]


@pytest.mark.parametrize(("chosen", "text", "nested"), CHOSEN)
@pytest.mark.parametrize("packed", [False, True])
def test_columns_are_chosen_by_name(tmp_path: Path, chosen: str, text: str, nested: Any, packed: bool) -> None:
    path = tmp_path / ("numbers.csv.gz" if packed else "numbers.csv")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    point = pose("sum(x)*y", Limits(), at=[f"x=@{path}{chosen}, y=2"]).point
    assert point is not None and isinstance(point["x"], Array)
    assert (point["x"].nested(), point["y"]) == (nested, 2.0)


UNCHOSEN = [
    (":prise", "price,area\n1,2\n", "has no column `prise`", "did you mean `price`?"),
    (":z", "price,area\n1,2\n", "has no column `z`", "it has `price` and `area`"),
    (":z", "1,2\n", "has no column `z`", "its first line is one of numbers: choose a column from 1 to 2"),
    (":a", "a,a\n1,2\n", "has the column `a` twice", "give each a name of its own"),
]


@pytest.mark.parametrize(("chosen", "text", "message", "hint"), UNCHOSEN)
def test_a_column_that_there_is_not_is_told(tmp_path: Path, chosen: str, text: str, message: str, hint: str) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text(text)
    with pytest.raises(GradcalcError) as raised:
        pose("sum(x)", Limits(), at=[f"x=@{path}{chosen}"])
    assert (raised.value.message, raised.value.hint) == (f"`{path}` {message}", hint)


@pytest.mark.parametrize("name", ["x.xlsx", "x.pkl", "x.npy.gz", "x.npy", "x.csv.gz"])
def test_files_that_are_no_text_are_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"1,2")
    with pytest.raises(GradcalcError, match=rf"`{tmp_path}/{name}`"):
        pose("sum(x)", Limits(), at=[f"x=@{tmp_path}/{name}"])


BROKEN = [
    ("1,2\n3\n", ", line 2: 1 number, expected 2 as above"),
    ("1,two\n", ", line 1, column 2: `two` is not a number"),
    ("1,nan\n", ", line 1, column 2: `nan` is not a finite number"),
    ("1,,2\n", ", line 1, column 2: there is no value"),
    ("1_0\n", ", line 1, column 1: `1_0` is not a number"),
    ("1,5;2,5\n", ", line 1, column 1: `1,5` is not a number"),
    ("1,5 2,5\n", ", line 1, column 2: `5 2` is not a number"),
    ("", " has no numbers"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_file_that_is_no_array_is_told_by_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GradcalcError) as raised:
        pose("sum(x)", Limits(), at=[f"x=@{path}"])
    assert raised.value.message == f"`{path}`{message}"


REFUSED: list[tuple[Given, str]] = [
    ({"x": [[1, 2], [3]]}, "the rows of `x` differ in length, or are empty"),
    ({"x": []}, "the rows of `x` differ in length, or are empty"),
    ({"x": [1, "2"]}, "`x` has '2' in it, expected finite numbers"),
    ({"x": [float("nan")]}, "`x` has nan in it, expected finite numbers"),
    ("x=@/no/such/file", "cannot read `/no/such/file`: no such file or directory"),
]


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_what_is_no_array_is_refused(given: Given, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        pose("sum(x)", Limits(), at=given)
    assert raised.value.message == message


def test_a_file_with_too_many_numbers_meets_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("1,2,3\n4,5,6\n")
    with pytest.raises(GradcalcError) as raised:
        pose("sum(x)", Limits(elements=4), at=[f"x=@{path}"])
    assert (raised.value.exit_code, raised.value.hint) == (3, "set GRADCALC_MAX_ELEMENTS to raise it")
