"""Equations below each other in HTML: rows of a table, so that they go over to the next page, and wrap."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcalc.render.html.elements import Item, broken, row
from gradcalc.render.html.mathml import Reader
from gradcalc.render.html.symbols import NAMESPACE

COMMENT = re.compile(r"^%.*\n?", re.MULTILINE)


def block(latex: str) -> str:
    """Equations below each other, as `aligned` writes them, or the only one; comments left out. Sides are cells."""
    reader = Reader(COMMENT.sub("", latex).strip())
    if not latex.rstrip().endswith(r"\end{aligned}"):
        return f'<math xmlns="{NAMESPACE}" display="block">{reader.whole()}</math>'
    reader.next()
    reader.raw()
    lines = [part for line in reader.lines() for part in broken(line)]
    rows = "\n".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines)
    return f'<table class="equations" role="presentation">\n{rows}\n</table>'


def _cell(items: Sequence[Item]) -> str:
    """A side of an equation, or a remark in words."""
    if any(one.prose for one in items):
        return f'<td class="remark">{"".join(one.prose for one in items)}</td>'
    shown = f'<math xmlns="{NAMESPACE}" displaystyle="true">{row(items)}</math>' if items else ""
    return f"<td>{shown}</td>"
