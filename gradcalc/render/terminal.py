"""A document in a terminal, by rich: tables, colour, lines that fit the width."""

from __future__ import annotations

import dataclasses
import io

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree as Guides

from gradcalc.render.document import BAD, GOOD, PLAIN, Block, Branch, Document, Facts, Note, Table, Tree, Verbatim
from gradcalc.render.document import Grid as Matrix
from gradcalc.render.grid import lines_of

GAP = 2  # columns between the columns of a table
INDENT = 2  # of what stands below a title
WIDEST = 100  # a wider table breaks its cells; in a narrower one only the last column, of words, may be broken
STYLES = {GOOD: "green", BAD: "bold yellow", PLAIN: ""}


def render(document: Document) -> str:
    """The text of a document, with the terminal's codes for colour where it has colours."""
    console = Console(file=io.StringIO(), force_terminal=True, width=Console().width, highlight=False)
    blocks = [part for block in document.blocks for part in _fitting(block, console.width)]
    for index, block in enumerate(blocks):
        if index:
            console.print()
        console.print(_block(block, console.width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _fitting(block: Block, width: int) -> list[Block]:
    """The block; a table too wide for the terminal as two, its long column as lines of its own before it."""
    if not isinstance(block, Table) or natural_width(block) + (INDENT if block.title else 0) <= width:
        return [block]
    if block.narrow:
        return [Verbatim("\n".join(block.narrow))]
    if block.spill is None:
        return [block]
    column = block.spill
    narrow, *rows = [row[:column] + row[column + 1 :] for row in (block.columns, *block.rows)]
    lines = Facts(tuple((row[0], row[column]) for row in block.rows))
    return [lines, dataclasses.replace(block, columns=narrow, rows=tuple(rows), spill=None)]


def natural_width(table: Table) -> int:
    """How wide a table is when no cell is broken."""
    columns = zip(table.columns, *table.rows, strict=True)
    return sum(max(map(cell_len, column)) + GAP for column in columns) - GAP


def _block(block: Block, width: int) -> RenderableType:
    match block:
        case Facts(pairs, title):
            grid = Grid.grid(padding=(0, 1))
            for label, value in pairs:
                grid.add_row(Text(label, "bold"), Text("="), Text(value))
            return _titled(title, grid)
        case Table():
            return _titled(block.title, _grid(block, narrow=natural_width(block) > width))
        case Matrix(title=title):
            return _titled(title, Text("\n".join(lines_of(block, width - INDENT))))
        case Verbatim(text, title):
            return _titled(title, Text(text.rstrip("\n")))
        case Tree(root, title):
            return _titled(title, _grown(Guides(_label(root), guide_style="dim"), root))
        case Note(text, tone):
            return Text(text, STYLES[tone])


def _grid(table: Table, *, narrow: bool) -> Grid:
    """The table; where the terminal is too narrow for it, heads wider than their columns have a line for each word."""
    grid = Grid(box=None, padding=(0, GAP, 0, 0), header_style="dim", show_edge=False, pad_edge=False)
    for index, column in enumerate(table.columns):
        words = index == len(table.columns) - 1 or natural_width(table) > WIDEST
        widest = max((cell_len(row[index]) for row in table.rows), default=0)
        head = column.replace(" ", "\n") if narrow and cell_len(column) > widest else column
        grid.add_column(Text(head), overflow="fold", no_wrap=not words)
    tones = table.tones or (PLAIN,) * len(table.rows)
    for row, tone in zip(table.rows, tones, strict=True):
        *cells, last = row
        grid.add_row(*map(Text, cells), Text(last, STYLES[tone]))
    return grid


def _label(branch: Branch) -> Text:
    line = Text(branch.text, STYLES[branch.tone] or "bold")
    return line if branch.above is None else Text.assemble((branch.above, "cyan"), "\n", line)


def _grown(guides: Guides, branch: Branch) -> Guides:
    """The drawing with everything that hangs on a branch; trees are not deep."""
    for child in branch.branches:
        _grown(guides.add(_label(child)), child)
    return guides


def _titled(title: str | None, body: RenderableType) -> RenderableType:
    return Group(Text(title, "bold"), Padding(body, (0, 0, 0, INDENT))) if title else body
