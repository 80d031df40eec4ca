"""The gradient at every row of a Polars frame. It takes `pip install gradcalc[map] polars`."""

import polars as pl

import gradcalc

frame = pl.DataFrame({"name": ["a", "b", "c"], "height": [1.0, 2.0, 3.0], "t": [0.5, 1.0, 1.5]})
slopes = gradcalc.map_batches("left = h - g*t**2/2", columns={"h": "height"}, at={"g": 9.81}, wrt=["t"])
print(pl.DataFrame(slopes(frame.to_arrow())).select("name", "left", "dleft/dt").rows())

schema = pl.DataFrame(slopes(frame.clear().to_arrow())).schema
lazy = frame.lazy().map_batches(lambda part: pl.DataFrame(slopes(part.to_arrow())), schema=schema)
print(lazy.filter(pl.col("height") > 1).select(pl.col("dleft/dt").min()).collect().item())
