"""The gradient at every row of a query of DuckDB, batch by batch. It takes `pip install gradcalc[map] duckdb`."""

import duckdb
import pyarrow as pa

import gradcalc

source, target = duckdb.connect(), duckdb.connect()
points = source.sql("select range::double as x from range(1000)").to_arrow_reader(100)
slopes = gradcalc.map_batches("sin(x**2)")
mapped = pa.RecordBatchReader.from_batches(slopes.schema(points.schema), map(slopes, points))
print(target.sql('select count(*), round(max("df/dx"), 6) from mapped').fetchall())
