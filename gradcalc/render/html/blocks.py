"""The blocks of a page in HTML: lists, tables, notes, code, trees; every text in it is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from gradcalc.answers.plot.records import SurfacePlot
from gradcalc.arrays.shape import Shape
from gradcalc.render.document import (
    PLAIN,
    Block,
    Branch,
    Facts,
    Formula,
    Grid,
    Note,
    Source,
    Table,
    Tree,
    Verbatim,
)
from gradcalc.render.html.curves import heading, panel
from gradcalc.render.html.elements import wide
from gradcalc.render.html.mathml import inline
from gradcalc.render.html.surface import surface
from gradcalc.render.latex.breaking import width
from gradcalc.render.latex.equations import formula

LONGEST = 160  # characters of a formula that is set: a longer one stands as text, which has line breaks
WIDEST = 80.0  # letters that it is wide
SHORT = 20  # characters of a row's name
CODE = re.compile(r"`([^`]+)`")
WORDLESS = "<span>&#xa0;</span>"  # in the head of a column without a name


@dataclass(frozen=True, slots=True)
class Setting:
    """How blocks are set: formulas in these `names`, those of arrays with their `shapes`; titles at a `level`."""

    names: Collection[str] = ()
    shapes: Mapping[str, Shape] | None = None
    level: int = 2

    def block(self, block: Block) -> str:
        """One block."""
        return BLOCKS[type(block)](self, block)

    def text(self, text: str) -> str:
        """A text: a formula as such, what stands in backticks as code."""
        if isinstance(text, Formula):
            return self.formula(text)
        return CODE.sub(r"<code>\1</code>", escape(text, quote=False)).replace("\n", "<br>")

    def formula(self, text: str) -> str:
        """A formula in a line."""
        latex = "" if len(text) > LONGEST else formula(text, self.names, self.shapes)
        return inline(latex) if latex and width(latex) <= WIDEST else f"<code>{escape(text)}</code>"

    def titled(self, title: str | None, body: str) -> str:
        """A part of the page under its title, where it has one."""
        if title is None:
            return body
        return f"<section>\n<h{self.level}>{self.text(title)}</h{self.level}>\n{body}\n</section>"

    # -- kinds of block

    def facts(self, block: Facts) -> str:
        """A list of what is called how."""
        pairs = "\n".join(
            f"<div><dt>{self.text(label)}</dt><dd>{self.text(value)}</dd></div>" for label, value in block.pairs
        )
        return self.titled(block.title, f'<dl class="facts">\n{pairs}\n</dl>')

    def table(self, block: Table) -> str:
        """A table whose rows begin with their names."""
        tones = block.tones or (PLAIN,) * len(block.rows)
        rows = [f'<tr class="{tone}">{self.cells(row)}</tr>' for row, tone in zip(block.rows, tones, strict=True)]
        return self.grid_of(block.columns, rows, block.title)

    def cells(self, row: Sequence[str]) -> str:
        """The cells of a row."""
        first, *rest = row
        kind = ' class="short"' if len(first) <= SHORT else ""  # which is not broken at the slash of a derivative
        head = f'<th scope="row"{kind}>{self.text(first)}</th>' if first else f"<td>{WORDLESS}</td>"
        return head + "".join(f"<td>{self.text(one)}</td>" for one in rest)

    def grid_of(self, columns: Sequence[str], rows: Sequence[str], title: str | None) -> str:
        """A table of rows in HTML; one that is too wide is scrolled, by keys too."""
        heads = "".join(f'<th scope="col">{self.text(one)}</th>' if one else f"<td>{WORDLESS}</td>" for one in columns)
        caption = "" if title is None else f"<caption>{self.text(title)}</caption>\n"
        body = "\n".join(rows)
        whole = f"{caption}<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>"
        return wide(f"<table>\n{whole}\n</table>", title or "table")

    def grid(self, block: Grid) -> str:
        """A matrix with its names."""
        if not block.columns or not block.rows:
            return self.titled(block.title, "<p>(empty)</p>")
        rows = [f"<tr>{self.cells((name, *row))}</tr>" for name, row in zip(block.rows, block.cells, strict=True)]
        return self.grid_of(("", *block.columns), rows, block.title)

    def note(self, block: Note) -> str:
        """A paragraph."""
        return f'<p class="{block.tone}">{self.text(block.text)}</p>'

    def verbatim(self, block: Verbatim) -> str:
        """Lines as they are; in place of a picture in characters, the picture."""
        if block.picture and isinstance(block.picture[0], SurfacePlot):
            return self.titled(block.picture[0].name, surface(block.picture[0]))
        if block.picture:
            equation = heading(*block.picture)
            title = block.title if equation is None else (block.title or "").partition(" = ")[0]
            shown = "" if equation is None else f"<p>{inline(equation)}</p>\n"
            return self.titled(title, shown + panel(*block.picture))
        code = f'<pre tabindex="0"><code>{escape(block.text.rstrip(chr(10)))}</code></pre>'
        return self.titled(block.title, code)

    def source(self, block: Source) -> str:
        """A line of a program, the piece that is meant marked, and carets below it."""
        _, line, carets = block.drawn.rsplit("\n", 2)
        begin, end = len(carets) - len(carets.lstrip()), len(carets)
        before, piece, after = (escape(one) for one in (line[4:begin], line[begin:end], line[end:]))
        return (
            f'<figure class="source">\n<figcaption>{self.text(block.place)}</figcaption>\n'
            f'<pre tabindex="0"><code>{before}<mark>{piece}</mark>{after}</code>\n'
            f'<span class="carets" aria-hidden="true">{carets[4:]}</span></pre>\n</figure>'
        )

    def tree(self, block: Tree) -> str:
        """A drawing of what hangs on what, as lists in lists."""
        return self.titled(block.title, f'<ul class="tree">\n{self.branch(block.root)}\n</ul>')

    def branch(self, branch: Branch) -> str:
        """A node of a tree, with its branches."""
        above = "" if branch.above is None else f'<span class="above">{self.text(branch.above)}</span> '
        below = "".join(map(self.branch, branch.branches))
        return f'<li class="{branch.tone}">{above}{self.text(branch.text)}{f"<ul>{below}</ul>" if below else ""}</li>'


BLOCKS: dict[type, Callable[[Setting, Any], str]] = {
    Facts: Setting.facts, Table: Setting.table, Grid: Setting.grid, Note: Setting.note, Verbatim: Setting.verbatim,
    Source: Setting.source, Tree: Setting.tree,
}  # fmt: skip
