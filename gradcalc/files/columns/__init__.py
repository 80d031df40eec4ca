"""Tables read and written piece by piece: CSV, TSV, JSON Lines, Parquet and Arrow."""
