"""The chain rule through a program: its links, and the ways along them."""

from __future__ import annotations

import pytest

from gradcalc.answers.beside import Link
from gradcalc.answers.gradient.chain import MOST_WAYS
from gradcalc.answers.gradient.chain import ways as ways_along
from gradcalc.base.limits import Limits
from gradcalc.calculus.links import links as links_of
from gradcalc.functions.printer import to_text
from gradcalc.problem.resolve import read

LINKS = [
    ("y = x**2; sin(y)", [("y", "x", "2*x", "2*x"), ("f", "y", "cos(y)", "cos(x**2)")]),
    (
        "u = x*y; v = u + x; v**2",
        [
            ("u", "x", "y", "y"),
            ("u", "y", "x", "x"),
            ("v", "u", "1", "1"),
            ("v", "x", "1", "1"),
            ("f", "v", "2*v", "2*(x*y + x)"),
        ],
    ),
    ("z = w*x + b; z**2", [("z", "x", "w", "w"), ("f", "z", "2*z", "2*(w*x + b)")]),
    ("a = 3; a*x", [("f", "x", "a", "3")]),
]


@pytest.mark.parametrize(("program", "expected"), LINKS)
def test_the_links_of_the_chain(program: str, expected: list[tuple[str, str, str, str]]) -> None:
    found = links_of(read(program, Limits()).definitions, ["x", "y"])
    assert [(one.of, one.by, to_text(one.formula), to_text(one.whole)) for one in found] == expected


def ways(program: str, end: str, variable: str) -> list[list[str]]:
    """The ways of a program, each link as `of/by`."""
    links = [Link(one.of, one.by, "") for one in links_of(read(program, Limits()).definitions, [variable])]
    return [[f"{link.of}/{link.by}" for link in way] for way in ways_along(links, end, variable)]


def test_a_chain_has_one_way() -> None:
    assert ways("y = x**2; z = sin(y); exp(z)", "f", "x") == [["f/z", "z/y", "y/x"]]


def test_every_way_to_a_variable_is_found() -> None:
    assert ways("u = x*y; v = u + x; v*u", "f", "x") == [["f/v", "v/u", "u/x"], ["f/v", "v/x"], ["f/u", "u/x"]]


def test_a_variable_that_does_not_matter_has_no_way() -> None:
    assert ways("u = x*y; v = x; v**2", "f", "y") == []


def test_no_more_ways_are_listed_than_can_be_read() -> None:
    program = "; ".join(["a1 = x*x + x", *(f"a{k} = a{k - 1}*x" for k in range(2, 20))])
    assert len(ways(program, "a19", "x")) == MOST_WAYS
