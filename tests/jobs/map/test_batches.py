"""`gradcalc.map_batches`: from Arrow batch to Arrow batch, also in the hands of Polars and DuckDB."""

from __future__ import annotations

import pickle
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from gradcalc import map_batches
from gradcalc.base.errors import GradcalcError

pa = pytest.importorskip("pyarrow")
EXAMPLES = Path(__file__).parents[3] / "examples"


def batch(**columns: Any) -> Any:
    """A batch of Arrow."""
    return pa.RecordBatch.from_pydict(columns)


def test_a_batch_has_the_results_behind_its_columns() -> None:
    found = map_batches("x**2*y")(batch(y=[1.0, 2.0], name=["a", "b"], x=[3, 4]))
    assert list(found.to_pydict().items()) == [
        ("y", [1.0, 2.0]), ("name", ["a", "b"]), ("x", [3, 4]),
        ("f", [9.0, 32.0]), ("df/dx", [6.0, 16.0]), ("df/dy", [9.0, 16.0]),
    ]  # fmt: skip


CHOSEN: list[tuple[dict[str, Any], dict[str, list[float]]]] = [
    ({"carry": []}, {"f": [6.0], "df/dx": [3.0], "df/dy": [2.0]}),
    ({"carry": [], "wrt": "y"}, {"f": [6.0], "df/dy": [2.0]}),
    ({"carry": [], "columns": {"x": "y", "y": "x"}}, {"f": [6.0], "df/dx": [2.0], "df/dy": [3.0]}),
    ({"carry": [], "at": {"y": 10}}, {"f": [20.0], "df/dx": [10.0]}),
    ({"carry": ["x"], "dtype": "float32"}, {"x": [2.0], "f": [6.0], "df/dx": [3.0], "df/dy": [2.0]}),
]


@pytest.mark.parametrize(("options", "wanted"), CHOSEN)
def test_what_comes_out_is_chosen(options: dict[str, Any], wanted: dict[str, list[float]]) -> None:
    assert map_batches("x*y", **options)(batch(x=[2.0], y=[3.0])).to_pydict() == wanted


def test_tables_and_schemas_are_mapped_too() -> None:
    function = pickle.loads(pickle.dumps(map_batches("x**2")))  # noqa: S301  # our own
    table = pa.table({"x": pa.chunked_array([[1.0], [2.0, 3.0]])})
    assert function(table).column("df/dx").to_pylist() == [2.0, 4.0, 6.0]
    assert function(table).schema == function.schema(table.schema)
    assert function(table.slice(0, 0)).num_rows == 0


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("x", {"x": [1.0, None]}, "row 2, column `x`: there is no value"),
    ("x", {"x": [float("nan")]}, "row 1, column `x`: `nan` is not a finite number"),
    ("x", {"x": ["a"]}, "column `x` is of type string"),
    ("x*y", {"x": [1.0]}, "has no column for `y`"),
    ("sni(x)", {"x": [1.0]}, "unknown function `sni`"),
]


@pytest.mark.parametrize(("expression", "columns", "message"), WRONG)
def test_a_wrong_batch_is_an_error(expression: str, columns: dict[str, Any], message: str) -> None:
    with pytest.raises(GradcalcError, match=re.escape(message)):
        map_batches(expression)(batch(**columns))


def test_wrong_rows_are_skipped_where_that_is_asked_for() -> None:
    found = map_batches("x", skip=True)(batch(x=[1.0, None, 3.0, float("inf")]))
    assert found.column("f").to_pylist() == [1.0, 3.0]


POLARS = "[('a', -0.22625000000000006, -4.905), ('b', -2.9050000000000002, -9.81), ('c', -8.03625, -14.715)]\n-14.715\n"


@pytest.mark.filterwarnings("ignore")  # of the engines' own
@pytest.mark.parametrize(("engine", "printed"), [("polars", POLARS), ("duckdb", "[(1000, 1951.09837)]\n")])
def test_the_example_of_an_engine_runs(engine: str, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(engine)
    runpy.run_path(str(EXAMPLES / f"with_{engine}.py"))
    assert capsys.readouterr().out == printed
