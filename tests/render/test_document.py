"""Before they reach a reader, huge texts lose their middle, and what a terminal would obey is made visible."""

from __future__ import annotations

import pytest

from gradcalc.render.document import (
    Block,
    Branch,
    Document,
    Facts,
    Note,
    Table,
    Tree,
    Verbatim,
    readable,
)

pytestmark = [pytest.mark.smoke, pytest.mark.torchless]

LONG = "a" * 1_500 + "b" * 1_500
CUT = "a" * 300 + "… (2,600 characters left out; --json has the whole) …" + "b" * 100
BLOCKS: list[tuple[Block, Block]] = [
    (Facts((("f", LONG), ("x", "1.0"))), Facts((("f", CUT), ("x", "1.0")))),
    (Table(("", "form"), (("df/dx", LONG),)), Table(("", "form"), (("df/dx", CUT),))),
    (Note(LONG), Note(CUT)),
    (Note("a" * 2_000), Note("a" * 2_000)),
    (Verbatim(LONG), Verbatim(LONG)),
    (Facts((("data", "a\x1b[2J.csv"),)), Facts((("data", "a\\x1b[2J.csv"),))),
    (Table(("a\x07",), (("b\r",),)), Table(("a\\x07",), (("b ",),))),
    (Verbatim("a\n\x9bb", "t\x00"), Verbatim("a\n\\x9bb", "t\\x00")),
    (Tree(Branch("a\x1b", branches=(Branch("b\u202e"),))), Tree(Branch("a\\x1b", branches=(Branch("b\\u202e"),)))),
]


@pytest.mark.parametrize(("block", "shown"), BLOCKS)
def test_what_is_left_of_a_block(block: Block, shown: Block) -> None:
    assert readable(Document((block,))) == Document((shown,))
