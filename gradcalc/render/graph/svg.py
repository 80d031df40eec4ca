"""Graphviz's picture made to be read by all: its title, what each node is, and texts in the middle in any font."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from gradcalc.answers.audit.records import CodeGraph
from gradcalc.lessons.graph.records import Graph
from gradcalc.render.graph import code_drawing
from gradcalc.render.graph.dot import written
from gradcalc.render.graph.drawing import drawing
from gradcalc.render.graph.picture import draw
from gradcalc.render.graph.picture_parts import Box, Drawing

NAMESPACE = "http://www.w3.org/2000/svg"
SVG = f"{{{NAMESPACE}}}"
OUTLINES = frozenset(f"{SVG}{tag}" for tag in ("polygon", "path", "ellipse"))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
MOST = 200  # nodes of which a picture tells in words


def render(graph: Graph | CodeGraph) -> str:
    """A graph as an SVG file."""
    picture = code_drawing.drawing(graph) if isinstance(graph, CodeGraph) else drawing(graph)
    root = centred(draw(written(picture), ".svg"))
    _named(root, picture)
    ElementTree.register_namespace("", NAMESPACE)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def centred(svg: bytes) -> ElementTree.Element:
    """The picture with the texts of its nodes in their middle: Graphviz measures them in a font that few have."""
    root = ElementTree.fromstring(svg)
    for group in root.iter(f"{SVG}g"):
        outline = next((one for one in group.iter() if one.tag in OUTLINES), None)
        if group.get("class") != "node" or outline is None:
            continue
        middle = _middle(outline)
        for text in group.iter(f"{SVG}text"):
            text.set("x", f"{middle:.2f}")
            text.set("text-anchor", "middle")
    return root


def _middle(outline: ElementTree.Element) -> float:
    """Halfway from the left end of an outline to the right."""
    if (given := outline.get("cx")) is not None:
        return float(given)
    across = [float(one) for one in NUMBER.findall(outline.get("points") or outline.get("d") or "0")][::2]
    return (min(across) + max(across)) / 2


def _named(root: ElementTree.Element, picture: Drawing) -> None:
    """Give the picture a name, a description, and words in place of Graphviz's `n1` and `n1->n2`."""
    boxes = {box.id: box.name for box in picture.boxes}
    titles = {f"n{key}": words for key, words in boxes.items()}
    titles |= {f"n{one.start}->n{one.end}": f"{boxes[one.start]} → {boxes[one.end]}" for one in picture.arrows}
    for title in root.iter(f"{SVG}title"):
        title.text = titles.get(title.text or "", "; ".join(picture.caption))
    root.set("role", "img")
    root.set("aria-label", f"computational graph of {len(boxes)} nodes; {'; '.join(picture.caption)}")
    description = ElementTree.Element(f"{SVG}desc")
    description.text = "\n".join(map(_told, picture.boxes[:MOST]))
    root.insert(0, description)


def _told(box: Box) -> str:
    """A node in a line."""
    return ", ".join(filter(None, (box.name, *box.sentences, box.small)))
