"""A plain function from one Arrow batch to another, for whatever engine deals in such batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcalc.base.loading import loading
from gradcalc.files.columns.kinds import require_arrow
from gradcalc.files.columns.piece import Wanted
from gradcalc.inputs.pose import require_dtype
from gradcalc.jobs.map.plan import Asked, Plan, planned
from gradcalc.jobs.map.run import Room, kernel_of
from gradcalc.problem.problem import DEFAULT_DTYPE

if TYPE_CHECKING:
    from gradcalc.engines.torch.kernel.kernel import Kernel
    from gradcalc.inputs.point import Given

WHERE = "the batch"


def map_batches(
    expression: str,
    *,
    columns: Mapping[str, str] | None = None,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    results: Sequence[str] | str | None = None,
    carry: Sequence[str] | None = None,
    dtype: str = DEFAULT_DTYPE,
    skip: bool = False,
) -> BatchMap:
    """A function from Arrow batch to Arrow batch: the value of `expression` and its derivatives at every row.

    `columns` gives variables the columns that they have, where these are called otherwise; `at` gives values to
    variables without a column. `wrt` names the variables to derive by, every one with a column unless given; `results`
    the statements of a program whose values are wanted, the last one unless given. `carry` names the columns that come
    out too, every one unless given. Rows in which a number is missing or not finite are an error, or with `skip` are
    left out. The columns that come out are called `f` and `df/dx`, or as the program calls its result.

    The function takes a pyarrow RecordBatch or Table, and pickles, so that workers can have it:

        slopes = gradcalc.map_batches("sin(x**2)")
        polars.from_arrow(slopes(frame.to_arrow()))                                    # Polars
        duckdb.from_arrow(slopes(duckdb.sql("from points").to_arrow_table()))          # DuckDB
        ray.data.read_parquet(path).map_batches(slopes, batch_format="pyarrow")        # Ray Data
        frame.mapInArrow(lambda batches: map(slopes, batches), "x double, f double, `df/dx` double")  # Spark

    Raises UsageError where a dtype is unknown, MissingProgramError without pyarrow. When called, the function raises
    what `gradcalc.diff` raises at a wrong expression, and FileError at a missing column or a wrong row.
    """
    require_dtype(dtype)
    carried = None if carry is None else tuple(carry)
    return BatchMap(Asked(expression, columns or {}, at, wrt, results, carried, dtype), skip)


class BatchMap:
    """A function of Arrow batches. It can be pickled: what it needs is made anew where it arrives."""

    def __init__(self, asked: Asked, skip: bool = False, threads: int = 1) -> None:
        require_arrow("map_batches")
        self.asked, self.skip, self.threads = asked, skip, threads
        self.made: dict[tuple[str, ...], tuple[Plan, Kernel]] = {}

    def __reduce__(self) -> tuple[type[BatchMap], tuple[Asked, bool, int]]:
        return BatchMap, (self.asked, self.skip, self.threads)

    def __call__(self, batch: Any) -> Any:
        """The rows of a batch with the columns of values and derivatives behind those that it has.

        For a RecordBatch comes a RecordBatch, for a Table a Table. Raises FileError at a row in which a number is
        missing or not finite, unless such rows are skipped, and as `gradcalc.diff` does at a wrong expression.
        """
        with loading():
            import pyarrow as pa
        if isinstance(batch, pa.RecordBatch):
            return self.mapped(batch)[1]
        parts = batch.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], batch.schema)]
        return pa.Table.from_batches([self.mapped(one)[1] for one in parts])

    def schema(self, given: Any) -> Any:
        """The schema of what comes out, for batches of the schema `given`."""
        return self(given.empty_table()).schema

    def mapped(self, batch: Any, where: str = WHERE, first: int = 1) -> tuple[Sequence[Any], Any]:
        """The numbers of the rows, what was given and then what was computed, and the batch that comes out.

        Messages speak of rows of `where`, in which that of the batch's first row has the number `first`.
        """
        with loading():
            from gradcalc.files.columns.arrow_files import clean, require_numbers
            from gradcalc.files.columns.arrow_out import joined
            from gradcalc.files.columns.arrow_text import numeric
        plan, kernel = self.plan_of(tuple(batch.schema.names))
        wanted = Wanted(tuple(plan.inputs.values()), skip=self.skip)
        for name in wanted.numbers:
            require_numbers(batch.schema.field(name), where)
        kept = clean(batch, wanted, where, first)
        given = [numeric(kept.column(name)) for name in wanted.numbers]
        results = Room(len(plan.names), plan.problem.dtype).of(kept.num_rows)
        kernel.run([*given, *plan.fixed.values()], results)
        carried = kept if plan.carried is None else kept.select(list(plan.carried)) if plan.carried else None
        return [*given, *results], joined(carried, plan.names, results)

    def plan_of(self, columns: tuple[str, ...]) -> tuple[Plan, Kernel]:
        """What is computed of batches with these columns, and what computes it."""
        if columns not in self.made:
            plan = planned(self.asked, columns, WHERE)
            self.made[columns] = plan, kernel_of(plan, threads=self.threads)
        return self.made[columns]
