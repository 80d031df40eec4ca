"""A computational graph in Mermaid, which Markdown pages and notebooks draw."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gradcalc.lessons.graph.records import Graph, Kind
from gradcalc.render.graph.dot import ONE_WAY
from gradcalc.render.graph.drawing import drawing
from gradcalc.render.graph.picture_parts import Arrow, Box, Drawing

BREAK = "<br/>"
PLAIN = frozenset(" .,+-=·^()/∂←↑'_")
LONGEST_TITLE = 150
MOST_ARROWS = 500  # that Mermaid draws unless told otherwise
SHAPES = {Kind.LEAF: ("[", "]"), Kind.INTERMEDIATE: ("([", "])"), Kind.UNTRACKED: ("[", "]")}
RESULT, STEP = ("[[", "]]"), ("(", ")")  # STEP: an operation of code, whose words need the corners
HEAD = """---
title: {title}
config:
  flowchart:
    wrappingWidth: 900
---
"""
CLASSES = """  classDef leaf fill:#e6effa,stroke:#000,color:#000
  classDef intermediate fill:#fff,stroke:#000,color:#000
  classDef untracked fill:#fff,stroke:#666,color:#666,stroke-dasharray:6 4
  classDef legend fill:none,stroke:none
"""
WRONG = "  classDef wrong fill:#fde8e8,stroke:#b00020,color:#b00020\n"


def render(graph: Graph) -> str:
    """The graph as a Mermaid flowchart."""
    return written(drawing(graph))


def written(picture: Drawing) -> str:
    """A picture as a Mermaid flowchart."""
    lines = [
        f"accTitle: computational graph of {len(picture.boxes)} nodes",
        *([f"accDescr: {_spoken(title)}"] if (title := _title(picture)) else []),
        *(_node(box, picture.one_way) for box in picture.boxes),
        *(_edge(arrow, picture) for arrow in picture.arrows),
        f"legend[{_label(_legend(picture))}]:::legend",
    ]
    return (
        _head(picture)
        + f"flowchart {'TB' if picture.deep else 'LR'}\n"
        + "".join(f"  {line}\n" for line in lines)
        + CLASSES
        + (WRONG if any(box.wrong for box in picture.boxes) else "")
    )


def _head(picture: Drawing) -> str:
    """The chain rule as the title, and a remark on pictures that are very large."""
    title = json.dumps(_title(picture), ensure_ascii=False)
    count = len(picture.arrows)
    remark = f"%% {count} arrows: Mermaid draws {MOST_ARROWS} unless maxEdges is raised\n"
    return HEAD.format(title=title) + (remark if count > MOST_ARROWS else "")


def _title(picture: Drawing) -> str:
    """All of the caption, or its first line."""
    line = "; ".join(picture.caption)
    return line if len(line) <= LONGEST_TITLE else picture.caption[0]


def _spoken(text: str) -> str:
    """A text that readers of screens say, and that Mermaid takes as it is, up to the end of the line."""
    return "".join(letter if letter.isalnum() or letter in PLAIN | {":", "@", "*"} else " " for letter in text)


def _node(box: Box, of_code: bool) -> str:
    opening, closing = RESULT if box.result else STEP if of_code and box.kind is Kind.INTERMEDIATE else SHAPES[box.kind]
    kind = "wrong" if box.wrong else box.kind
    return f"n{box.id}{opening}{_label([box.title, *box.more, *box.lines, box.small])}{closing}:::{kind}"


def _edge(arrow: Arrow, picture: Drawing) -> str:
    """An arrow.

    Outside of a chain, the way back is a dashed line with its arrow in the label: arrows in both directions would make
    Mermaid put arguments behind what is computed from them.
    """
    start, end = f"n{arrow.start}", f"n{arrow.end}"
    if not arrow.backward:
        return f"{start} -->{f'|{_label(arrow.label)}|' if arrow.label else ''} {end}"
    first, *more = arrow.label
    label = _label([f"{_back(picture)} {first}", *more])
    return f"{end} -.->|{label}| {start}" if picture.straight else f"{start} -.-|{label}| {end}"


def _legend(picture: Drawing) -> tuple[str, ...]:
    if picture.one_way:
        return ONE_WAY
    shapes = "box: leaf", "oval: intermediate", "double border: result"
    return (*shapes, "solid: forward", f"dashed, {_back(picture)}: backward")


def _back(picture: Drawing) -> str:
    """The arrow that points back to the leaves."""
    return "↑" if picture.deep else "←"


def _label(lines: Iterable[str]) -> str:
    """A quoted label of several lines."""
    return f'"{BREAK.join(map(_text, lines))}"'


def _text(text: str) -> str:
    """A text inside a label: all but letters, digits and what stands in formulas is written as an entity."""
    return "".join(letter if letter.isalnum() or letter in PLAIN else f"#{ord(letter)};" for letter in text)
