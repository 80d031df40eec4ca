"""The registries: every page has what every format shows of it, and every format finds its function."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gradcalc import api
from gradcalc.base.loading import load
from gradcalc.render import formats
from gradcalc.render.formats import FORMATS, KINDS, Format, Kind, text

PARTS = {form.part for form in FORMATS.values() if form.part is not None}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_page_has_every_part(kind: Kind, part: str) -> None:
    assert callable(load(f"{kind.page}:{part}"))


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_format_shows_a_part_or_a_result(form: Format) -> None:
    assert any((form.part, form.address, form.pages))
    assert form.address is None or callable(load(form.address))


SQUARE = {
    "quiet": "6.0\n",
    "latex": "\\frac{d f}{d x} = 2 x\n",
}


@pytest.mark.parametrize(("form", "shown"), SQUARE.items(), ids=SQUARE)
def test_a_result_is_shown_in_a_format(form: str, shown: str) -> None:
    assert text(api.diff("x**2", at=3), form) == shown


def test_a_format_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "loud", Format("quiet", "builtins:ascii"))
    assert text(api.diff("x**2", at=3), "loud") == "'6.0\\n'"


@dataclass(frozen=True)
class News:
    """A new kind of result."""


def test_a_page_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "News", Kind("News", "gradcalc.render.pages.comparison"))
    monkeypatch.setattr("gradcalc.render.pages.comparison.quiet", lambda news: "nothing\n")
    assert text(News(), "quiet") == "nothing\n"


def test_a_result_without_a_page_is_seen() -> None:
    with pytest.raises(KeyError, match="News"):
        formats.text(News(), "quiet")
