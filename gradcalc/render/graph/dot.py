"""A computational graph in DOT, the language of Graphviz."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from gradcalc.lessons.graph.records import Graph, Kind
from gradcalc.render.graph.drawing import drawing
from gradcalc.render.graph.picture_parts import Arrow, Box, Drawing

FORWARD, BACKWARD, QUIET, WRONG = "#1b4b91", "#9c2f1b", "#666666", "#b00020"
GROUND = "#ffffff"
SLIDE, MOST_ON_SLIDE = 9 / 16, 24  # height to width, and vertices of a picture that is fitted to it
HEAD = """digraph gradcalc {
  graph [ranksep=0.4, nodesep=0.4, pad=0.3, labelloc=b, fontname="Helvetica", fontsize=20];
  node [fontname="Helvetica", fontsize=20, penwidth=1.5, margin="0.12,0.06"];
  edge [fontname="Helvetica", fontsize=17, penwidth=1.5];
"""
LEGEND = (
    "box: leaf; oval: intermediate; double border: result",
    "solid arrow: forward, with the local derivative; dashed arrow: backward, with the gradient that flows",
)
ONE_WAY = (
    "blue: leaf; dashed: constant; white: operation; double border: result; red: wrong",
    "(2, 3) -1 to 4: a tensor of that shape, and how far its numbers reach",
    "arrow: forward, with the local derivative; vjp (2, 3): of arrays, the shape of what flows back",
)
STEP = 'shape=box, style="filled,rounded", fillcolor="#ffffff"'  # an operation of code, whose words need the corners
NEAR, FAR = 6, 1  # how strongly an operation is drawn to what it reads: to another more than to a variable
STYLES = {
    Kind.LEAF: 'shape=box, style="filled", fillcolor="#e6effa"',
    Kind.INTERMEDIATE: 'shape=ellipse, style="filled", fillcolor="#ffffff"',
    Kind.UNTRACKED: f'shape=box, style="dashed", color="{QUIET}", fontcolor="{QUIET}"',
}


def render(graph: Graph) -> str:
    """The graph as a DOT program."""
    return written(drawing(graph))


def written(picture: Drawing, *, labelled: bool = True) -> str:
    """A picture as a DOT program; `labelled` as one by itself, of a slide's shape."""
    statements = [
        f"rankdir={'TB' if picture.deep else 'LR'}",
        *([f"ratio={SLIDE}"] if _is_slide(picture) and labelled else []),
        *([_label(picture.caption, not picture.one_way)] if labelled else []),
        *(_node(box, picture.one_way) for box in picture.boxes),
        *map(_code_edge(picture) if picture.one_way else _edge, picture.arrows),
    ]
    return HEAD + "".join(f"  {statement};\n" for statement in statements) + "}\n"


def _is_slide(picture: Drawing) -> bool:
    """Is a picture fitted to a slide? Code is as tall as it is long."""
    return picture.deep and not picture.one_way and len(picture.boxes) <= MOST_ON_SLIDE


def _label(caption: Sequence[str], back: bool) -> str:
    """The caption and the legend below the picture."""
    lines = [f"{_text(line)}<BR/>" for line in caption]
    size, told = (14, LEGEND) if back else (17, ONE_WAY)
    legend = [f'<FONT POINT-SIZE="{size}" COLOR="{QUIET}">{_text(line)}</FONT><BR/>' for line in told]
    return f"label=<<BR/>{''.join([*lines, *legend])}>"


def _node(box: Box, of_code: bool) -> str:
    small = f'<FONT POINT-SIZE="14" COLOR="{QUIET}">{_text(box.small)}</FONT>'
    lines = [*(f"<B>{_text(one)}</B>" for one in (box.title, *box.more)), *map(_text, box.lines), small]
    border = ", peripheries=2" if box.result else ""
    border += f', color="{WRONG}", fontcolor="{WRONG}", penwidth=4' if box.wrong else ""
    style = STEP if of_code and box.kind is Kind.INTERMEDIATE else STYLES[box.kind]
    room = ', margin="0.16,0.11"' if of_code else ""
    return f"n{box.id} [label=<{'<BR/>'.join(lines)}>, {style}{border}{room}]"


def _code_edge(picture: Drawing) -> Callable[[Arrow], str]:
    """How arrows of code are written: variables stand near what reads them, labels before the arrows they cross."""
    steps = {box.id for box in picture.boxes if box.kind is Kind.INTERMEDIATE}

    def edge(arrow: Arrow) -> str:
        """An arrow."""
        color = FORWARD if arrow.label else QUIET
        rows = "<BR/>".join(map(_text, arrow.label))
        cell = f'<TR><TD BGCOLOR="{GROUND}">{rows}</TD></TR>'
        label = f'label=<<TABLE BORDER="0" CELLPADDING="0" CELLSPACING="4">{cell}</TABLE>>, '
        weight = NEAR if arrow.start in steps else FAR
        attributes = f'weight={weight}, style=solid, color="{color}", fontcolor="{color}"'
        return f"n{arrow.start} -> n{arrow.end} [{label if arrow.label else ''}{attributes}]"

    return edge


def _edge(arrow: Arrow) -> str:
    label = "<BR/>".join(f"&#160;{_text(line)}&#160;" for line in arrow.label)  # a little off the line
    color = BACKWARD if arrow.backward else FORWARD if arrow.label else QUIET
    style = "style=dashed, dir=back, arrowtail=vee" if arrow.backward else "style=solid"
    attributes = f'{style}, color="{color}", fontcolor="{color}"'
    return f"n{arrow.start} -> n{arrow.end} [{f'label=<{label}>, ' if label else ''}{attributes}]"


def _text(text: str) -> str:
    """A text inside a label: what DOT or its markup would read as syntax is written as an entity."""
    visible = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return escape(visible).replace("\\", r"\\")  # \N would be the node's name
