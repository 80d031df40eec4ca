"""What a picture of a graph shows, before it has a syntax: boxes, arrows there and back, a caption and a legend."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradcalc.answers.records import ArrayRow, Row
from gradcalc.lessons.graph.numbers import short
from gradcalc.lessons.graph.records import Edge, Graph, Kind, Value, Vertex
from gradcalc.render.graph.branches import doubtful
from gradcalc.render.graph.chain import one_line
from gradcalc.render.graph.notation import Notation, equation, factor, nested, steps
from gradcalc.render.words import in_words

WIDEST = 32  # characters of a line on an arrow or in a box
WIDER = 44  # of one that would be broken inside parentheses
BOUND = "\N{NO-BREAK SPACE}"
ACROSS = 4  # edges one after the other that fit from left to right
HELD = {Kind.LEAF: "leaf", Kind.UNTRACKED: "requires_grad False", Kind.INTERMEDIATE: ""}  # what has no grad_fn
SHORT = 18  # characters of a line that is packed, where the picture goes from left to right


@dataclass(frozen=True, slots=True)
class Box:
    """A vertex: its title, what it holds and what there is to say about it, and in small print what made it."""

    id: int
    title: str
    lines: tuple[str, ...]
    small: str
    kind: Kind
    result: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from an argument to what is computed from it, or `backward`; no label where no gradient flows."""

    start: int
    end: int
    label: tuple[str, ...]
    backward: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture: forward to the right, or down where it is `deep`; `straight` where it is one chain."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    caption: tuple[str, ...]
    straight: bool
    deep: bool


def drawing(graph: Graph) -> Drawing:
    """The picture of a graph."""
    notation = Notation(graph)
    deep = _depth(graph) > ACROSS
    width = WIDEST if deep else SHORT
    gradients = {vertex.id: vertex.gradient for vertex in graph.vertices}
    arrows: list[Arrow] = []
    for edge in graph.edges:
        arrows.append(_forward(edge, notation, width))
        if edge.flow is not None:
            arrows.append(_backward(edge, gradients[edge.target], width))
    boxes = tuple(_box(vertex, vertex is graph.result, width) for vertex in graph.vertices)
    return Drawing(boxes, tuple(arrows), tuple(one_line(graph, notation)), graph.straight, deep)


def _depth(graph: Graph) -> int:
    """The edges on the longest way; they come in the order of the forward pass."""
    depths: dict[int, int] = {}
    for edge in graph.edges:
        depths[edge.target] = max(depths.get(edge.target, 0), depths.get(edge.source, 0) + 1)
    return max(depths.values(), default=0)


def _box(vertex: Vertex, result: bool, width: int) -> Box:
    """The box of a vertex."""
    gradient = f"grad {short(vertex.gradient)}" if vertex.gradient is not None else "no grad"
    texts = (*_packed([f"data {short(vertex.value)}", gradient], ", ", width), *_doubt(vertex.check))
    small = vertex.grad_fn or HELD[vertex.kind]
    return Box(vertex.id, equation(vertex), _broken(texts), small, vertex.kind, result)


def _forward(edge: Edge, notation: Notation, width: int) -> Arrow:
    """The arrow of the forward pass: the local derivative as formula, with numbers, as number."""
    if edge.local is None:
        return Arrow(edge.source, edge.target, _doubt(edge.check), False)
    label = (*_lines([notation.local(edge), *reversed(steps(edge))], width), *_doubt(edge.check))
    return Arrow(edge.source, edge.target, label, False)


def _backward(edge: Edge, gradient: Value | None, width: int) -> Arrow:
    """The arrow of the backward pass: the product of the chain rule; for arrays, what it comes to."""
    flow = short(edge.flow)
    if isinstance(edge.local, float) and isinstance(gradient, float):
        product = f"{factor(short(gradient))}·{factor(short(edge.local))}"
        return Arrow(edge.source, edge.target, _lines([product, flow], width), True)
    return Arrow(edge.source, edge.target, _broken([flow]), True)


def _doubt(check: Row | ArrayRow | None) -> tuple[str, ...]:
    """The verdict on a derivative, where it is not plain agreement."""
    return (in_words(check),) if check is not None and doubtful(check) else ()


def _lines(terms: Sequence[str], width: int) -> tuple[str, ...]:
    """The sides of an equation, as few lines as the width allows."""
    first, *more = terms
    return _broken(_packed([first, *(f"= {term}" for term in more)], " ", width))


def _packed(texts: Sequence[str], joint: str, width: int) -> tuple[str, ...]:
    """The texts, those together in a line that fit."""
    lines = [texts[0]]
    for text in texts[1:]:
        together = f"{lines[-1]}{joint}{text}"
        lines[-1:] = [together] if len(together) <= width else [lines[-1], text]
    return tuple(lines)


def _broken(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, each on as many lines as it takes; where it can be helped, none is broken inside parentheses."""
    return tuple(line for text in texts for line in _wrapped(text))


def _wrapped(text: str) -> list[str]:
    bound = "".join(BOUND if letter == " " and inside else letter for letter, inside in nested(text))
    lines = textwrap.wrap(bound, WIDEST, break_long_words=False)
    if max(map(len, lines), default=0) > WIDER:
        lines = textwrap.wrap(text, WIDEST, break_long_words=False)
    return [line.replace(BOUND, " ") for line in lines]
