"""A graph as a figure of a page: Graphviz's picture, in which each node can be pointed at and gone to by keys."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from xml.etree import ElementTree

from gradcalc.base.errors import MissingProgramError
from gradcalc.render.document import Facts
from gradcalc.render.graph.dot import GROUND, LEGEND, ONE_WAY, QUIET, written
from gradcalc.render.graph.picture import draw
from gradcalc.render.graph.picture_parts import Arrow, Box, Drawing
from gradcalc.render.graph.svg import SVG, centred
from gradcalc.render.html.blocks import Setting

MOST = 300  # nodes of a figure: of more, the picture takes long and nobody reads it
SCALE, SMALLEST, ROOM = 0.66, 0.55, 1080  # pixels to a point of Graphviz, the least of them, pixels of the page
UNSHOWN = frozenset(f"{SVG}{tag}" for tag in ("g", "a", "title"))
KEPT = frozenset(("points", "d", "cx", "cy", "rx", "ry", "x", "y", "text-anchor", "font-size", "font-weight"))
HINT = (
    "Point at a node, or go to it with the Tab key: what its value comes from stands out, and how its gradient "
    "comes back."
)


def figure(drawing: Drawing, setting: Setting) -> str:
    """The picture with its caption, and what there is to say of each node."""
    if len(drawing.boxes) > MOST:
        return f"<p>The graph has {len(drawing.boxes):,} nodes, too many for a picture here; --output draws it.</p>"
    try:
        svg = draw(written(drawing, labelled=False), ".svg")
    except MissingProgramError as error:
        return f"<p>There is no picture: {setting.text(f'{error.message}; {error.hint}')}</p>"
    legend = LEGEND if any(arrow.backward for arrow in drawing.arrows) else ONE_WAY if drawing.one_way else LEGEND[:1]
    caption = "<br>\n".join(setting.text(line) for line in (*drawing.caption, *legend))
    details = "\n".join(_detail(drawing, box, setting) for box in drawing.boxes)
    body = (
        f'<figure class="graph">\n<div class="wide">{_inline(svg, drawing)}</div>\n'
        f'<div class="details"><p class="detail" data-of="">{HINT}</p>\n{details}\n</div>\n'
        f"<figcaption>{caption}</figcaption>\n</figure>"
    )
    return setting.titled("Graph", body)


def _inline(svg: bytes, drawing: Drawing) -> str:
    """Graphviz's picture as a part of the page, which its style colours."""
    root = centred(svg)
    nodes = {f"n{box.id}": box for box in drawing.boxes}
    arrows: dict[tuple[str, bool], list[Arrow]] = {}
    for arrow in drawing.arrows:
        arrows.setdefault((f"n{arrow.start}->n{arrow.end}", arrow.backward), []).append(arrow)
    shown = []
    for group in root.iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title") or ""
        if group.get("class") == "node":
            shown.append(_node(group, nodes[title], drawing))
        elif group.get("class") == "edge":
            shown.insert(0, _edge(group, arrows[title, _dashed(group)].pop(0)))
    transform = escape(root[0].get("transform") or "") if len(root) else ""
    size = escape(root.get("viewBox") or "")
    natural = float(size.split()[2])
    width = natural * min(SCALE, max(SMALLEST, ROOM / natural))
    name = escape(f"computational graph of {len(drawing.boxes)} nodes")
    return (
        f'<svg viewBox="{size}" width="{width:.0f}" role="group" aria-label="{name}">'
        f'<g transform="{transform}">\n{chr(10).join(shown)}\n</g></svg>'
    )


def _node(group: ElementTree.Element, box: Box, drawing: Drawing) -> str:
    """A node: what a reader of screens says of it, and its shapes."""
    marks = " ".join(filter(None, ("node", box.kind, "result" if box.result else "", "wrong" if box.wrong else "")))
    links = (": ".join(one) for one in _links(drawing, box))
    label = escape(". ".join(filter(None, (box.name, *box.sentences, box.small, *links))))
    return f'<g class="{marks}" data-id="{box.id}" tabindex="0" role="img" aria-label="{label}">{_shapes(group)}</g>'


def _dashed(group: ElementTree.Element) -> bool:
    """Is an arrow one of the backward pass, which are dashed?"""
    return any("stroke-dasharray" in one.attrib for one in group)


def _edge(group: ElementTree.Element, arrow: Arrow) -> str:
    """An arrow, by the nodes that it joins."""
    way = "backward" if arrow.backward else "forward" if arrow.label else "silent"
    return (
        f'<g class="edge {way}" data-from="{arrow.start}" data-to="{arrow.end}" aria-hidden="true">{_shapes(group)}</g>'
    )


def _shapes(group: ElementTree.Element) -> str:
    """Outlines, lines and texts, without their colours."""
    return "".join(_shape(one) for one in group.iter() if one.tag not in UNSHOWN)


def _shape(one: ElementTree.Element) -> str:
    """An outline or a text, with a class for its style."""
    tag, fill = one.tag.removeprefix(SVG), one.get("fill", "none")
    kind = ("quiet" if fill == QUIET else "ink") if tag == "text" else "line" if fill == "none" else "shape"
    if tag == "polygon" and fill in ("white", GROUND) and one.get("stroke") in ("none", "transparent"):
        kind = "ground"  # behind a text on an arrow
    marks = "".join(f' {name}="{escape(value)}"' for name, value in one.attrib.items() if name in KEPT)
    return f'<{tag} class="{kind}"{marks}>{escape(one.text or "", quote=False)}</{tag}>'


def _detail(drawing: Drawing, box: Box, setting: Setting) -> str:
    """What there is to say of a node, shown while it is looked at."""
    made = [("made by", box.small)] if box.small else []
    facts = setting.facts(Facts((("holds", "; ".join(box.sentences)), *made, *_links(drawing, box))))
    title = f"<p><strong>{setting.text(box.name)}</strong></p>"
    return f'<div class="detail" data-of="{box.id}" hidden>{title}\n{facts}</div>'


def _links(drawing: Drawing, box: Box) -> Iterator[tuple[str, str]]:
    """The derivatives on the arrows at a node: of it by what it comes from, of what comes from it, and gradients."""
    titles = {one.id: one.name for one in drawing.boxes}
    for arrow in drawing.arrows:
        text = " ".join(arrow.label)
        if arrow.backward and arrow.start == box.id:
            yield f"gradient back from {titles[arrow.end]}", text
        elif text and not arrow.backward and arrow.end == box.id:
            yield f"local derivative by {titles[arrow.start]}", text
        elif text and not arrow.backward and arrow.start == box.id:
            yield f"local derivative of {titles[arrow.end]}", text
