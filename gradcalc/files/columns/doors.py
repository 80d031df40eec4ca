"""Tables opened to be read and to be written, whatever their kind, by what is installed."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from gradcalc.base.errors import FileError
from gradcalc.base.loading import loading
from gradcalc.files.access import opened
from gradcalc.files.columns.kinds import Kind, has_arrow, require_arrow
from gradcalc.files.columns.piece import Reader, Writer
from gradcalc.files.columns.plain import PlainReader, PlainWriter
from gradcalc.files.columns.text import open_text
from gradcalc.files.streams import telling


@contextlib.contextmanager
def reading_table(path: Path | None, kind: Kind, threads: int = 1) -> Iterator[tuple[Reader, BinaryIO]]:
    """A table, its columns known, and the file that it is in; standard input where there is no path.

    Raises FileError where it cannot be read, MissingProgramError where pyarrow is missing for it.
    """
    plain = not has_arrow()
    if not plain or kind.name not in ("csv", "tsv"):
        require_arrow(f"reading {kind.name}")
    name = PurePath("standard input") if path is None else path
    with opened(path) as raw, telling(f"cannot read `{name}`"):
        try:
            yield _reader(unpacked(raw, kind.compression), name, kind, threads, plain), raw
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise FileError(f"`{name}` is not {kind.compression}: {error}") from None


def _reader(file: BinaryIO, name: PurePath, kind: Kind, threads: int, plain: bool) -> Reader:
    if plain:
        return PlainReader(open_text(file, name, kind.name))
    with loading():
        from gradcalc.files.columns.arrow_files import open_arrow
        from gradcalc.files.columns.arrow_text import ArrowTextReader
    if kind.is_text:
        return ArrowTextReader(open_text(file, name, kind.name), threads)
    return open_arrow(file, name, kind, threads)


def unpacked(raw: BinaryIO, compression: str | None) -> BinaryIO:
    """A file as it was before it was compressed."""
    if compression is None:
        return raw
    if compression == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    require_arrow(f"reading {compression}")
    with loading():
        import pyarrow as pa
    found: Any = pa.CompressedInputStream(pa.PythonFile(raw, "r"), compression)
    return cast(BinaryIO, found)


def writing_table(
    file: BinaryIO, kind: Kind, carried: Sequence[str], results: Sequence[str], *, begun: bool = False
) -> Writer:
    """A table to be written: columns that are carried, then those of results; `begun` where its header stands."""
    if not has_arrow():
        return PlainWriter(file, kind, [*carried, *results], begun=begun)
    with loading():
        from gradcalc.files.columns.arrow_out import ArrowTextWriter, ArrowWriter
    if kind.is_text:
        return ArrowTextWriter(file, kind, [*carried, *results], results, begun)
    return ArrowWriter(file, kind, results)
