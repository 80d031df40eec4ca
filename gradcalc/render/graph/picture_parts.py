"""What a picture of a graph is made of: boxes, and arrows there and back."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.lessons.graph.records import Kind


@dataclass(frozen=True, slots=True)
class Box:
    """A vertex: its title and `more` lines of it, what it holds and what is to say of it, and below what made it.

    `whole` is what `lines` say, where they are broken.
    """

    id: int
    title: str
    lines: tuple[str, ...]
    small: str
    kind: Kind
    result: bool
    wrong: bool = False
    more: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it holds, each in one piece."""
        return self.whole or self.lines

    @property
    def name(self) -> str:
        """All of its title."""
        return " ".join((self.title, *self.more))


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

    @property
    def one_way(self) -> bool:
        """Whether its arrows go forward alone, as those of code do."""
        return bool(self.arrows) and not any(one.backward for one in self.arrows)
