"""A document in a terminal, by rich: tables, colour, lines that fit the width."""

from __future__ import annotations

import io

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from gradcalc.render.document import BAD, GOOD, PLAIN, Block, Document, Facts, Note, Table, Verbatim

STYLES = {GOOD: "green", BAD: "bold yellow", PLAIN: ""}


def render(document: Document) -> str:
    """The text of a document, with the terminal's codes for colour where it has colours."""
    console = Console(file=io.StringIO(), force_terminal=True, width=Console().width, highlight=False)
    for index, block in enumerate(document.blocks):
        if index:
            console.print()
        console.print(_block(block))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _block(block: Block) -> RenderableType:
    match block:
        case Facts(pairs, title):
            grid = Grid.grid(padding=(0, 1))
            for label, value in pairs:
                grid.add_row(Text(label, "bold"), Text("="), Text(value))
            return _titled(title, grid)
        case Table():
            return _titled(block.title, _grid(block))
        case Verbatim(text, title):
            return _titled(title, Text(text.rstrip("\n")))
        case Note(text, tone):
            return Text(text, STYLES[tone])


def _grid(table: Table) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for column in table.columns:
        grid.add_column(Text(column), overflow="fold")
    tones = table.tones or (PLAIN,) * len(table.rows)
    for row, tone in zip(table.rows, tones, strict=True):
        *cells, last = row
        grid.add_row(*map(Text, cells), Text(last, STYLES[tone]))
    return grid


def _titled(title: str | None, body: RenderableType) -> RenderableType:
    return Group(Text(title, "bold"), Padding(body, (0, 0, 0, 2))) if title else body
