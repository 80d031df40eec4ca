"""Huge texts lose their middle before they reach a reader; all others are left alone."""

from __future__ import annotations

import pytest

from gradcalc.render.document import Block, Document, Facts, Note, Table, Verbatim, elided

LONG = "a" * 1_500 + "b" * 1_500
CUT = "a" * 300 + "… (2,600 characters left out; --json has the whole) …" + "b" * 100
BLOCKS: list[tuple[Block, Block]] = [
    (Facts((("f", LONG), ("x", "1.0"))), Facts((("f", CUT), ("x", "1.0")))),
    (Table(("", "form"), (("df/dx", LONG),)), Table(("", "form"), (("df/dx", CUT),))),
    (Note(LONG), Note(CUT)),
    (Note("a" * 2_000), Note("a" * 2_000)),
    (Verbatim(LONG), Verbatim(LONG)),
]


@pytest.mark.parametrize(("block", "shown"), BLOCKS)
def test_what_is_left_of_a_block(block: Block, shown: Block) -> None:
    assert elided(Document((block,))) == Document((shown,))
