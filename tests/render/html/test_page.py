"""A page to share asks for nothing, shows what it was given and never runs it, and can be read in any way."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from gradcalc.answers.records import Comparison, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.render.document import (
    Branch,
    Document,
    Facts,
    Formula,
    Grid,
    Note,
    Sheet,
    Source,
    Table,
    Tree,
    Verbatim,
    readable,
)
from gradcalc.render.formats import text
from gradcalc.render.html.page import fragment, page
from tests.page_reader import Page

pytestmark = pytest.mark.smoke

HOSTILE = [
    "<script>alert(1)</script>", "</style><script>alert(1)</script>", "]]>", "<!--", "-->", "javascript:alert(1)",
    '"><img src=x onerror=alert(1)>', "' onfocus='alert(1)", "&lt;b&gt;", "`<b>`", "</code></pre><b>",
    "a\u202eb", "a\u2066b", "a\x1b[2Jb", "a\x00b", "a\ufeffb",
]  # fmt: skip


def comparison(**changed: object) -> Comparison:
    """The gradient of x² at 3."""
    row = Row("x", "2*x", 6.0, "6", 6.0, 0.0, 0.0, Verdict.AGREE)
    facts = {"expression": "x**2", "reading": None, "at": {"x": 3.0}, "dtype": "float64", "order": 1, "value": 9.0,
             "gradient": {"x": row}, "verdict": Verdict.AGREE} | changed  # fmt: skip
    return Comparison(**facts)  # type: ignore[arg-type]  # which are of many types


def blocks(text: str) -> Document:
    """Every kind of block, with a text wherever one can be."""
    return Document((
        Facts(((text, text),), text),
        Table((text, "b"), ((text, text),), ("good",), text),
        Note(text, "bad"),
        Verbatim(text, text),
        Source(text, text, 0, 3),
        Grid((text,), (text,), ((text,),), text),
        Tree(Branch(text, text, (Branch(text),)), text),
        Facts((("f", Formula("x**2" * 100)),)),
    ))  # fmt: skip


def test_a_gradient() -> None:
    found = Page(text(comparison(), "html"))
    assert found.text("title") == ["Gradient: x**2"]
    assert found.text("h1") == ["Gradient"]
    assert found.text("strong") == ["agree"]
    assert [one.attributes["scope"] for one in found.all("th")] == [*["col"] * 5, "row"]
    assert [one.attributes["lang"] for one in found.all("html")] == ["en"]
    assert found.asked_for() == []
    assert found.faults() == []


def test_the_formula_is_set() -> None:
    found = Page(text(comparison(), "html"))
    assert found.text("math") == ["d\u2062fd\u2062x=2\u2062x", "2\u2062x"]


def test_a_fragment_is_for_a_place_inside_a_page() -> None:
    found = Page(text(comparison(), "fragment"))
    assert {one.tag for one in found.elements} & {"html", "head", "body", "title", "meta", "h1", "main"} == set()
    assert found.text("h3") == ["Gradient"]
    assert found.faults() == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_comes_from_outside_is_text(hostile: str) -> None:
    sheet = Sheet("Gradient", comparison(expression=hostile), readable(blocks(hostile)), None)
    for written in (page(sheet), fragment(sheet)):
        found = Page(written)
        assert len(found.all("script")) == 1
        assert not found.all("img", "b", "a")
        assert found.asked_for() == []
        assert found.faults() == []
        assert all(letter.isprintable() or letter == "\n" for letter in written)


def test_nothing_but_the_page_s_own_script_may_run() -> None:
    found = Page(text(comparison(), "html"))
    (policy,) = (one.attributes["content"] for one in found.all("meta") if "http-equiv" in one.attributes)
    allowed = re.findall(r"(\w+-src) ('[^']*'|[\w:]+)", policy)
    for tag in ("style", "script"):
        (inside,) = (one.text for one in found.all(tag))
        known = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert (f"{tag}-src", f"'sha256-{known}'") in allowed
    assert ("default-src", "'none'") in allowed


def test_the_same_result_gives_the_same_page() -> None:
    assert text(comparison(), "html") == text(comparison(), "html")


def test_numbers_are_rounded_for_a_slide() -> None:
    assert "5.467" in text(comparison(value=-5.466781571308062), "html", 4)


def test_a_line_to_blame_is_marked() -> None:
    sheet = Sheet(
        "Gradient", comparison(), Document((Source("model.py, line 4", "    return exp(x)  # <b>", 11, 17),)), None
    )
    found = Page(page(sheet))
    assert found.text("figcaption") == ["model.py, line 4"]
    assert found.text("mark") == ["exp(x)"]
    (code,) = (one.text for one in found.all("pre"))
    assert code == "return exp(x)  # <b>\n       ^^^^^^"


def test_long_formulas_can_be_broken() -> None:
    long = "x + " * 100 + "x"
    found = Page(page(Sheet("Gradient", comparison(), Document((Facts((("f", Formula(long)),)),)), None)))
    assert found.text("math") == []
    assert long in found.text("dd")
