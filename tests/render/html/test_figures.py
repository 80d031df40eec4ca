"""Figures of a page: a graph that can be followed, curves that never go across what is proven to break."""

from __future__ import annotations

import shutil

import pytest

from gradcalc.answers.plot.asking import plot
from gradcalc.answers.plot.records import LinePlot, SurfacePlot
from gradcalc.lessons.graph.records import Kind
from gradcalc.render.curve import plotted
from gradcalc.render.graph.picture_parts import Arrow, Box, Drawing
from gradcalc.render.html.blocks import Setting
from gradcalc.render.html.chart import ticks
from gradcalc.render.html.curves import panel
from gradcalc.render.html.graph import MOST, figure
from gradcalc.render.html.surface import surface
from tests.page_reader import Page

BOXES = (
    Box(1, "x <b>", ("data 3", "grad 6"), "leaf", Kind.LEAF, False),
    Box(2, "x·x", ("data 9", "grad 1"), "MulBackward0", Kind.INTERMEDIATE, True, wrong=True),
)
ARROWS = (
    Arrow(1, 2, ("∂f/∂x = x", "= 3"), False), Arrow(1, 2, ("1·3 = 3",), True),
    Arrow(1, 2, ("∂f/∂x = x = 3",), False), Arrow(1, 2, ("1·3 = 3",), True),
)  # fmt: skip
DRAWING = Drawing(BOXES, ARROWS, ("df/dx = 6",), False, False)


def test_each_node_can_be_gone_to_and_says_what_it_holds(graphviz: object) -> None:
    found = Page(figure(DRAWING, Setting()))
    nodes = [one for one in found.all("g") if "tabindex" in one.attributes]
    assert [one.attributes["data-id"] for one in nodes] == ["1", "2"]
    assert nodes[0].attributes["aria-label"] == (
        "x <b>. data 3. grad 6. leaf. local derivative of x·x: ∂f/∂x = x = 3. gradient back from x·x: 1·3 = 3. "
        "local derivative of x·x: ∂f/∂x = x = 3. gradient back from x·x: 1·3 = 3"
    )
    assert "wrong" in nodes[1].attributes["class"]
    ways = [one.attributes["class"] for one in found.all("g") if "data-from" in one.attributes]
    assert sorted(ways) == ["edge backward", "edge backward", "edge forward", "edge forward"]
    assert found.faults() == []
    assert not found.all("b", "a", "title")


def test_a_huge_graph_is_not_drawn() -> None:
    boxes = tuple(Box(place, "x", (), "", Kind.LEAF, False) for place in range(MOST + 1))
    assert "301 nodes, too many" in figure(Drawing(boxes, (), (), False, False), Setting())


def test_without_graphviz_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "install the package <code>graphviz</code>" in figure(DRAWING, Setting())


def drawn(expression: str, ends: str, order: int) -> Page:
    """The picture of an order of a function over a range."""
    found = plot(expression, [f"x={ends}"])
    assert isinstance(found, LinePlot)
    return Page(panel(found, found.curves[order]))


def kinds(page: Page) -> list[str]:
    """What there is in a picture, by its signs, each kind once."""
    return sorted({one.attributes["class"].split()[0] for one in page.elements if "class" in one.attributes} - {"wide"})


BREAKS = [
    ("1/x", "-1:1", 0, 2, ["chart", "curve", "grid", "pole", "zero"], "dotted line: pole"),
    ("abs(x)", "-1:1", 0, 1, ["chart", "curve", "grid", "ring", "zero"], "diamond: kink"),
    ("abs(x)", "-1:1", 1, 2, ["chart", "curve", "grid", "ring", "zero"], ""),
    ("floor(x)", "-0.5:0.5", 0, 2, ["chart", "curve", "full", "grid", "ring", "zero"], "dot and ring: jump"),
    ("sqrt(x)", "-1:1", 0, 1, ["chart", "curve", "gap", "grid", "ring", "zero"], "hatched: no value"),
    ("cbrt(x)", "-1:1", 1, 2, ["chart", "curve", "grid", "pole", "zero"], "dotted line: infinite slope"),
    ("x**2", "-1:1", 0, 1, ["chart", "curve", "grid", "zero"], ""),
]


@pytest.mark.parametrize(("expression", "ends", "order", "lines", "signs", "legend"), BREAKS)
def test_what_breaks_is_drawn_as_what_it_is(
    expression: str, ends: str, order: int, lines: int, signs: list[str], legend: str
) -> None:
    page = drawn(expression, ends, order)
    assert len(page.all("polyline")) == lines
    assert kinds(page) == signs
    assert legend in page.text("figcaption")[0]
    assert page.faults() == []


def test_a_surface_has_lines_of_equal_height() -> None:
    found = plot("x**2 + y**2", ["x=-1:1,y=-1:1"], critical=True)
    assert isinstance(found, SurfacePlot)
    page = Page(surface(found))
    assert len([one for one in page.all("path") if one.attributes["class"].startswith("level")]) == 10
    assert "▼ minimum" in page.text("figcaption")[0]
    assert page.faults() == []


TICKS = [
    ((-1.0, 1.0), 5, [-1.0, -0.5, 0.0, 0.5, 1.0]),
    ((0.0, 9.5), 5, [0.0, 2.0, 4.0, 6.0, 8.0]),
    ((1e-9, 3e-9), 4, [1e-9, 1.5e-9, 2e-9, 2.5e-9, 3e-9]),
]


@pytest.mark.parametrize(("ends", "most", "places"), TICKS)
def test_numbers_at_an_axis_are_round(ends: tuple[float, float], most: int, places: list[float]) -> None:
    assert ticks(ends, most) == pytest.approx(places)


def test_a_loss_that_is_no_longer_finite_ends_its_curve() -> None:
    picture, curve = plotted({"loss": [3.0, 2.0, float("nan"), 1.0, 0.5]}, (1, 5), "loss", "epoch")
    assert [one.x for one in curve.strokes] == [(1.0, 2.0), (4.0, 5.0)]
    assert len(Page(panel(picture, curve)).all("polyline")) == 2
