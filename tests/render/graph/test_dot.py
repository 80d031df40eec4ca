"""A graph in the language of Graphviz: what it says, that Graphviz takes it, and that no text breaks it."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from gradcalc.lessons.graph.lesson import graph
from gradcalc.lessons.graph.records import Graph
from gradcalc.render.graph.dot import render

CHAIN = "y = x^2; z = sin(y); u = e^z"
SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[str, str], bytes]


def statements(expression: str, at: object) -> list[str]:
    return [line.strip() for line in render(graph(expression, at=at)).splitlines()]  # type: ignore[arg-type]


def named(found: Graph, name: str) -> Graph:
    """The graph with `name` for its first vertex and inside every formula, as no parser would let it in."""
    first, *others = found.vertices
    edges = tuple(dataclasses.replace(edge, written=name, filled=name) for edge in found.edges)
    vertices = (dataclasses.replace(first, names=(name,), label=name), *others)
    return dataclasses.replace(found, vertices=vertices, edges=edges, chains=())


def texts(svg: bytes) -> list[str]:
    """Everything that stands written in a picture."""
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_leaf_an_intermediate_vertex_and_the_result_differ_in_shape() -> None:
    small = '<FONT POINT-SIZE="14" COLOR="#666666">'
    assert [line for line in statements(CHAIN, 3) if line.startswith("n") and " [label=<<B>" in line] == [
        f"n1 [label=<<B>x</B><BR/>data 3<BR/>grad -8.25491<BR/>{small}leaf</FONT>>, "
        'shape=box, style="filled", fillcolor="#e6effa"];',
        f"n2 [label=<<B>y = x²</B><BR/>data 9<BR/>grad -1.37582<BR/>{small}PowBackward0</FONT>>, "
        'shape=ellipse, style="filled", fillcolor="#ffffff"];',
        f"n3 [label=<<B>z = sin(y)</B><BR/>data 0.412118<BR/>grad 1.51001<BR/>{small}SinBackward0</FONT>>, "
        'shape=ellipse, style="filled", fillcolor="#ffffff"];',
        f"n4 [label=<<B>u = e^z</B><BR/>data 1.51001<BR/>grad 1<BR/>{small}PowBackward1</FONT>>, "
        'shape=ellipse, style="filled", fillcolor="#ffffff", peripheries=2];',
    ]


def test_the_way_forward_is_solid_and_the_way_back_is_dashed() -> None:
    assert [line for line in statements(CHAIN, 3) if " -> " in line][:2] == [
        "n1 -> n2 [label=<&#160;y&#x27;(x) = 2x = 2·3&#160;<BR/>&#160;= 6&#160;>, style=solid, "
        'color="#1b4b91", fontcolor="#1b4b91"];',
        "n1 -> n2 [label=<&#160;(-1.37582)·6&#160;<BR/>&#160;= -8.25491&#160;>, style=dashed, dir=back, arrowtail=vee, "
        'color="#9c2f1b", fontcolor="#9c2f1b"];',
    ]


def test_where_no_gradient_flows_there_is_a_bare_arrow_and_a_dashed_box() -> None:
    lines = statements("where(x > 1, x, 0)", 2)
    assert 'n1 -> n2 [style=solid, color="#666666", fontcolor="#666666"];' in lines
    assert next(line for line in lines if line.startswith("n2 [")).startswith(
        "n2 [label=<<B>x &gt; 1</B><BR/>data true"
    )


def test_a_kink_is_told_in_the_picture() -> None:
    source = render(graph("relu(x)", at=0))
    assert source.count("kink: no derivative") == 2


def test_the_chain_rule_and_the_legend_stand_below() -> None:
    line = next(line for line in statements(CHAIN, 3) if line.startswith("label="))
    assert line.startswith("label=<<BR/>du/dx = e^z · cos(y) · 2x = 1.51001 · (-0.91113) · 6 = -8.25491<BR/><FONT")
    assert "box: leaf; oval: intermediate; double border: result" in line


DIRECTIONS = {"a chain of four": ("sin(sin(sin(sin(x))))", "LR"), "a longer one": ("sin(sin(sin(sin(sin(x)))))", "TB")}


@pytest.mark.parametrize(("expression", "direction"), DIRECTIONS.values(), ids=DIRECTIONS)
def test_a_deep_graph_goes_down_instead_of_across(expression: str, direction: str) -> None:
    assert f"rankdir={direction};" in statements(expression, 1)


def test_a_matrix_stands_on_several_lines() -> None:
    source = render(graph("sum(A/3)", at="A=[[1,2],[4,5]]"))
    assert "[[0.333333, 0.666667],<BR/>[1.33333, 1.66667]]" in source


GRAPHS = {
    "a chain": (CHAIN, 3, 4, 6),
    "shared vertices": ("y = x**2; p = y*sin(y); p + y", 2, 5, 12),
    "an argument that stands twice": ("x*x", 3, 2, 4),
    "a choice": ("where(x > 0, x**2, relu(x))*c", "x=1,c=2", 7, 14),
    "one vertex": ("x", 3, 1, 0),
    "arrays": ("sum((A@x)**2)", ["A=[[1,2],[3,4]]", "x=[1,-1]"], 5, 8),
    "letters of many alphabets": ("été + β*变量 + и̂", "été=1,β=2,变量=3,и̂=4", 7, 12),
    "numbers that are not finite": ("where(x > 0, sqrt(x), 0)", -1, 4, 6),
}


@pytest.mark.parametrize(("expression", "at", "vertices", "edges"), GRAPHS.values(), ids=GRAPHS)
def test_graphviz_reads_every_vertex_and_arrow(
    graphviz: Draw, expression: str, at: object, vertices: int, edges: int
) -> None:
    read: dict[str, Any] = json.loads(graphviz(render(graph(expression, at=at)), "json0"))  # type: ignore[arg-type]
    assert (len(read["objects"]), len(read.get("edges", []))) == (vertices, edges)


HOSTILE = {
    "the end of a label": ">, shape=none]; pwned [label=<",
    "quotes": '"]; pwned [label="',
    "a picture": '<IMG SRC="/etc/passwd"/>',
    "a table": "</B></FONT><TABLE><TR><TD HREF='javascript:alert(1)'>x</TD></TR></TABLE>",
    "an entity": "&lt;script&gt;&#60;&amp;",
    "escapes of DOT": r"\N \G \E \L \n \\",
    "a comment": "/* */ // #include",
    "the end of character data": "]]> --> <!--",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_drawn_as_it_is(graphviz: Draw, name: str) -> None:
    source = render(named(graph("sin(x)", at=1), name))
    read: dict[str, Any] = json.loads(graphviz(source, "json0"))
    assert [one["name"] for one in read["objects"]] == ["n1", "n2"]
    assert {key for one in read["objects"] for key in one} <= {
        "_gvid", "name", "label", "shape", "style", "fillcolor", "peripheries", "fontname", "fontsize", "margin",
        "penwidth", "pos", "width", "height", "rects",
    }  # fmt: skip
    svg = graphviz(source, "svg")
    assert name in texts(svg)
    assert {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()} == {
        "svg", "g", "title", "polygon", "ellipse", "path", "text",
    }  # fmt: skip


def test_what_would_not_print_is_replaced(graphviz: Draw) -> None:
    assert "a\ufffdb\ufffdc" in texts(graphviz(render(named(graph("sin(x)", at=1), "a\x00b\nc")), "svg"))


def test_a_deep_picture_fits_a_slide_and_breaks_no_parentheses(graphviz: Draw) -> None:
    source = render(graph("z = w*x + b; p = sigmoid(z); L = -(y*log(p) + (1-y)*log(1-p))", at="w=1,x=2,b=0,y=1"))
    assert "u = y·log(p) + (1 - y)·log(1 - p)" in source
    assert "∂((1 - y)·log(1 - p))/∂log(1 - p)&#160;<BR/>" in source
    picture = ET.fromstring(graphviz(source, "svg"))
    width, height = (float(picture.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    assert 1.6 < width / height < 1.9
