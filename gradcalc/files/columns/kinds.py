"""What kind of table a file holds, by its name, and how it is compressed."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

from gradcalc.base.errors import FileError, MissingProgramError, one_of

TEXT = ("csv", "tsv", "jsonl")  # kinds that can be streamed
KINDS = (*TEXT, "parquet", "arrow")
SUFFIXES = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow",
}  # fmt: skip
COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
DELIMITERS = {"csv": ",", "tsv": "\t"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One of KINDS, and `gzip` or `zstd` where it is compressed."""

    name: str
    compression: str | None = None

    @property
    def is_text(self) -> bool:
        """Can it be streamed?"""
        return self.name in TEXT


def kind_of(path: PurePath | None, asked: str | None, option: str) -> Kind:
    """The kind of a file's table by its suffix, or the one that was asked for; CSV where there is no file.

    Raises FileError where neither tells.
    """
    if asked is not None and asked not in KINDS:
        raise FileError(f"unknown {option} `{asked}`", hint=one_of(asked, KINDS))
    if path is None:
        found = Kind(asked or "csv")
        if not found.is_text:
            raise FileError(f"{found.name} needs a file: it cannot be streamed", hint="name one, or use csv")
        return found
    compression = COMPRESSIONS.get(path.suffix.lower())
    inner = path.with_suffix("") if compression else path
    name = asked or SUFFIXES.get(inner.suffix.lower())
    if name is None:
        raise FileError(
            f"`{path}` does not tell what kind of table it is", hint=f"say so with {option}: one of {', '.join(KINDS)}"
        )
    if compression and name not in TEXT:
        raise FileError(f"`{path}`: {name} is compressed inside", hint=f"leave `{path.suffix}` out")
    return Kind(name, compression)


def has_arrow() -> bool:
    """Is pyarrow installed?"""
    return importlib.util.find_spec("pyarrow") is not None


def require_arrow(what: str) -> None:
    """Raises MissingProgramError where pyarrow, which is needed for something, is not installed."""
    if not has_arrow():
        raise MissingProgramError(f"{what} needs pyarrow", hint="pip install 'gradcalc[map]'")


def compressor(compression: str | None) -> Any:
    """A function that makes a piece of bytes a compressed piece; pieces behind each other are one compressed file."""
    if compression is None:
        return lambda data: data
    if compression == "gzip" and not has_arrow():
        return partial(importlib.import_module("gzip").compress, mtime=0)  # the same bytes at any time
    require_arrow(f"compressing with {compression}")
    library = importlib.import_module("pyarrow")
    return lambda data: library.Codec(compression).compress(data, asbytes=True)  # its own: threads cannot share one
