"""A graph in Mermaid: what it says, that Mermaid's parser takes it, and that no text breaks it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gradcalc.lessons.graph.lesson import graph
from gradcalc.lessons.graph.records import Graph
from gradcalc.render.graph.mermaid import render

CHAIN = "y = x^2; z = sin(y); u = e^z"
SHARED = "y = x**2; f = y + sin(y)"
LEGEND = ["box: leaf", "oval: intermediate", "double border: result", "solid: forward", "dashed, ←: backward"]
Parse = Callable[[Sequence[str]], list[dict[str, Any]]]


def named(found: Graph, name: str) -> Graph:
    """The graph with `name` for its first vertex and inside every formula, as no parser would let it in."""
    first, *others = found.vertices
    edges = tuple(dataclasses.replace(edge, written=name, filled=name) for edge in found.edges)
    vertices = (dataclasses.replace(first, names=(name,), label=name), *others)
    return dataclasses.replace(found, vertices=vertices, edges=edges)


def test_a_chain_is_a_flowchart() -> None:
    assert render(graph("y = x^2; sin(y)", at=3)) == (
        "---\n"
        'title: "df/dx = cos(y) · 2x = (-0.91113) · 6 = -5.46678"\n'
        "config:\n"
        "  flowchart:\n"
        "    wrappingWidth: 900\n"
        "---\n"
        "flowchart LR\n"
        "  accTitle: computational graph of 3 nodes\n"
        "  accDescr: df/dx = cos(y) · 2x = (-0.91113) · 6 = -5.46678\n"
        '  n1["x<br/>data 3<br/>grad -5.46678<br/>leaf"]:::leaf\n'
        '  n2(["y = x²<br/>data 9<br/>grad -0.91113<br/>PowBackward0"]):::intermediate\n'
        '  n3[["f = sin(y)<br/>data 0.412118<br/>grad 1<br/>SinBackward0"]]:::intermediate\n'
        '  n1 -->|"y\'(x) = 2x = 2·3<br/>= 6"| n2\n'
        '  n2 -.->|"← (-0.91113)·6<br/>= -5.46678"| n1\n'
        '  n2 -->|"f\'(y) = cos(y)<br/>= cos(9)<br/>= -0.91113"| n3\n'
        '  n3 -.->|"← 1·(-0.91113)<br/>= -0.91113"| n2\n'
        '  legend["box#58; leaf<br/>oval#58; intermediate<br/>double border#58; result<br/>solid#58; forward<br/>'
        'dashed, ←#58; backward"]:::legend\n'
        "  classDef leaf fill:#e6effa,stroke:#000,color:#000\n"
        "  classDef intermediate fill:#fff,stroke:#000,color:#000\n"
        "  classDef untracked fill:#fff,stroke:#666,color:#666,stroke-dasharray:6 4\n"
        "  classDef legend fill:none,stroke:none\n"
    )


def test_outside_of_a_chain_the_way_back_is_a_line_in_the_same_direction() -> None:
    lines = [line.strip() for line in render(graph(SHARED, at=2)).splitlines()]
    assert [line for line in lines if "-.-" in line] == [
        'n1 -.-|"← 0.346356·4<br/>= 1.38543"| n2',
        'n2 -.-|"← 1·(-0.653644)<br/>= -0.653644"| n3',
        'n2 -.-|"← 1·1 = 1"| n4',
        'n3 -.-|"← 1·1 = 1"| n4',
    ]


def test_a_deep_graph_goes_down_and_the_way_back_up() -> None:
    lines = [line.strip() for line in render(graph("sin(sin(sin(sin(sin(x)))))", at=0)).splitlines()]
    assert "flowchart TB" in lines
    assert 'n2 -.->|"↑ 1·1 = 1"| n1' in lines
    assert next(line for line in lines if line.startswith("legend[")).endswith('dashed, ↑#58; backward"]:::legend')


def test_more_arrows_than_mermaid_draws_are_announced() -> None:
    source = render(graph("+".join(f"{k}*x" for k in range(1, 131)), at=1))
    assert "%% 776 arrows: Mermaid draws 500 unless maxEdges is raised" in source.splitlines()


def test_a_title_that_would_be_too_long_is_the_first_line_alone() -> None:
    source = render(graph("sin(a)*cos(b)*exp(c)*d", at="a=1,b=2,c=3,d=4"))
    assert source.splitlines()[1].startswith('title: "df/da = d · exp(c) · cos(b) · cos(a) = ')


GRAPHS = {
    "a chain": (CHAIN, 3, 4, 6),
    "shared vertices": (SHARED, 2, 4, 8),
    "an argument that stands twice": ("x*x", 3, 2, 4),
    "a choice": ("where(x <= 0, x**2, relu(x))*c", "x=1,c=2", 7, 14),
    "one vertex": ("x", 3, 1, 0),
    "arrays": ("sum((A@x)**2)", ["A=[[1,2],[3,4]]", "x=[1,-1]"], 5, 8),
    "letters of many alphabets": ("été + β*变量 + и̂", "été=1,β=2,变量=3,и̂=4", 7, 12),
    "words of Mermaid": (
        "end*graph + style*class + subgraph*o",
        "end=1,graph=2,style=3,class=4,subgraph=5,o=6",
        11,
        20,
    ),
    "numbers that are not finite": ("where(x > 0, sqrt(x), 0)", -1, 4, 6),
}
HOSTILE = {
    "the end of a label": '"]; pwned["',
    "a line of its own": "x\n  click n1 call alert(1)",
    "a tag": "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "an entity": "&lt;script&gt; #lt;script#gt; #60;",
    "a directive": '%%{init: {"securityLevel": "loose"}}%%',
    "a link": "click n1 href javascript:alert(1)",
    "a markdown string": "`**bold**`",
    "brackets of every kind": "[({|})] <-->|x| --- ...",
    "a style": "style n1 fill:#f00;",
    "a head": "---\ntitle: x\n---",
    "a backslash": '\\" \\n \\u0022',
}


@pytest.fixture(scope="module")
def read(mermaid: Parse) -> dict[str, dict[str, Any]]:
    """What Mermaid reads in each graph; its parser takes a second to start, so it reads them all at once."""
    sources = {name: render(graph(expression, at=at)) for name, (expression, at, *_) in GRAPHS.items()}  # type: ignore[arg-type]
    sources |= {name: render(named(graph("sin(x)", at=1), text)) for name, text in HOSTILE.items()}
    sources["broken"] = "flowchart LR\n  a[\n"
    return dict(zip(sources, mermaid(list(sources.values())), strict=True))


@pytest.mark.parametrize("name", GRAPHS)
def test_mermaid_reads_every_vertex_and_arrow(read: dict[str, dict[str, Any]], name: str) -> None:
    found, (*_, vertices, edges) = read[name], GRAPHS[name]
    assert "error" not in found
    assert found["config"] == {"flowchart": {"wrappingWidth": 900}}
    assert (len(found["vertices"]), len(found["edges"])) == (vertices + 1, edges)
    assert found["vertices"][-1] == ["legend", LEGEND, "square"]


def test_mermaid_reads_what_was_meant(read: dict[str, dict[str, Any]]) -> None:
    found = read["a choice"]
    assert found["vertices"][:2] == [
        ["n1", ["x", "data 1, grad 2", "leaf"], "square"],
        ["n2", ["x ≤ 0", "data false", "no grad", "requires_grad False"], "square"],
    ]
    assert found["edges"][:3] == [
        ["n1", "n2", [""], "normal", "arrow_point"],
        ["n1", "n3", ["∂(x²)/∂x = 2x", "= 2·1 = 2"], "normal", "arrow_point"],
        ["n1", "n3", ["← 0·2 = 0"], "dotted", "arrow_open"],
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_text_is_read_as_it_is(read: dict[str, dict[str, Any]], name: str) -> None:
    found = read[name]
    assert "error" not in found
    assert [vertex[0] for vertex in found["vertices"]] == ["n1", "n2", "legend"]
    assert found["vertices"][0][1] == [HOSTILE[name], "data 1", "grad 0.540302", "leaf"]
    assert [edge[:2] for edge in found["edges"]] == [["n1", "n2"], ["n2", "n1"]]


def test_the_parser_refuses_what_is_broken(read: dict[str, dict[str, Any]]) -> None:
    assert read["broken"]["error"].startswith("Parse error on line ")
