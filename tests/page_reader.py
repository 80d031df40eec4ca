"""A page of HTML as the tests read it: its elements, and what is wrong with it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("meta", "link", "br", "hr", "img", "input"))
LOADING = frozenset(("src", "href", "xlink:href", "srcset", "action", "data", "poster", "background"))


@dataclass
class Element:
    """An element, the names of those around it, and the text directly and further inside it."""

    tag: str
    attributes: dict[str, str]
    around: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Reads a page; fails at a tag that closes nothing that is open."""

    source: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []
        self.feed(self.source)
        self.close()
        assert not self.open, f"never closed: {[one.tag for one in self.open]}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {name: value or "" for name, value in attributes}, tuple(one.tag for one in self.open))
        self.elements.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes {self.open[-1].tag}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data

    def all(self, *tags: str) -> list[Element]:
        """The elements of these names."""
        return [one for one in self.elements if one.tag in tags]

    def text(self, tag: str) -> list[str]:
        """The texts of the elements of a name."""
        return [" ".join(one.text.split()) for one in self.all(tag)]

    def asked_for(self) -> list[str]:
        """What the page loads, or leads to."""
        found = [value for one in self.elements for name, value in one.attributes.items() if name in LOADING]
        return [value for value in found if value != "data:,"]

    def faults(self) -> list[str]:
        """What somebody who cannot see the page, or uses no mouse, would stumble over."""
        found = [f"{one.tag} without scope" for one in self.all("th") if "scope" not in one.attributes]
        levels = [
            int(one.tag[1]) for one in self.elements if len(one.tag) == 2 and one.tag[0] == "h" and one.tag[1].isdigit()
        ]
        found += [f"h{low} before h{high}" for low, high in itertools.pairwise(levels) if high > low + 1]
        found += [
            f"{one.tag} without a name"
            for one in self.all("svg")
            if not {"aria-label", "aria-hidden"} & one.attributes.keys()
        ]
        found += [
            f"{one.tag} {one.attributes}" for one in self.elements for name in one.attributes if name.startswith("on")
        ]
        found += [f"{one.tag} with a style of its own" for one in self.elements if "style" in one.attributes]
        ids = [one.attributes["id"] for one in self.elements if "id" in one.attributes]
        return found + [f"id {one} twice" for one in set(ids) if ids.count(one) > 1]
