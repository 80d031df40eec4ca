"""Rows set aside: what went in comes out, block by block, from memory and from disk alike."""

from __future__ import annotations

import struct
from array import array

import pytest

from gradcalc.base.errors import FileError
from gradcalc.files import spool
from gradcalc.files.spool import Spool


def filled(size: int, *pieces: int) -> Spool:
    """A spool of two columns, 0, 1, 2, … and their negatives, that came in pieces of so many rows."""
    rows, first = Spool(2, size), 0
    for count in pieces:
        numbers = [float(number) for number in range(first, first + count)]
        rows.append([array("d", numbers), array("d", [-number for number in numbers])])
        first += count
    rows.close()
    return rows


def numbers(rows: Spool, index: int) -> tuple[float, ...]:
    """A block, column by column."""
    memory, offset, count = rows.block(index)
    return struct.unpack_from(f"{2 * count}d", memory, offset)


BLOCKS = [  # rows of a block, rows of each piece, the first column of every block
    (4, (4,), [[0, 1, 2, 3]]),
    (4, (1, 2, 3), [[0, 1, 2, 3], [4, 5]]),
    (2, (5,), [[0, 1], [2, 3], [4]]),
    (3, (3, 3), [[0, 1, 2], [3, 4, 5]]),
]


@pytest.mark.parametrize("in_memory", [spool.IN_MEMORY, 0, 40])
@pytest.mark.parametrize(("size", "pieces", "blocks"), BLOCKS)
def test_what_goes_in_comes_out(
    monkeypatch: pytest.MonkeyPatch, size: int, pieces: tuple[int, ...], blocks: list[list[float]], in_memory: int
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    rows = filled(size, *pieces)
    assert (rows.rows, len(rows)) == (sum(pieces), len(blocks))
    assert [numbers(rows, index) for index in range(len(rows))] == [
        (*block, *(-number for number in block)) for block in blocks
    ]


def test_a_full_disk_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "IN_MEMORY", 0)
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", full)
    with pytest.raises(FileError) as caught:
        filled(1, 1)
    assert caught.value.message == "cannot set rows aside on disk: no space left on device"
