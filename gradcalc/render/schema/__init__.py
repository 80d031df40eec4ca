"""The JSON Schema of what `--json` prints, derived from the records that it prints."""
