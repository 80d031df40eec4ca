"""What a person reads, before it has a format: a few kinds of block that a terminal and a pipe both show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from gradcalc.render.error import visible

Part = TypeVar("Part")
GOOD, BAD, PLAIN = "good", "bad", "plain"
LONGEST = 2_000  # characters of one text; of a longer one, the beginning and the end are shown
HEAD, TAIL = 300, 100


class Formula(str):
    """A formula of the language among the texts of a page; where mathematics can be set, it is."""

    __slots__ = ()


def form(text: str | None, missing: str = "-") -> str:
    """A formula; or what stands where there is none."""
    return missing if text is None else Formula(text)


@dataclass(frozen=True, slots=True)
class Facts:
    """Short lines `label = value`, under a title where there is one."""

    pairs: tuple[tuple[str, str], ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column heads; `tones` says for each row whether it is good, bad or plain news.

    Where a terminal is too narrow, the column `spill` is listed above the others instead, a line for each row, or the
    lines of `narrow` stand for the whole.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tones: tuple[str, ...] = ()
    title: str | None = None
    spill: int | None = None
    narrow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence or two of prose."""

    text: str
    tone: str = PLAIN


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Lines that stand as they are: code to copy, a drawing.

    Where a terminal is too narrow for formulas, they go on in the next line, indented. A `picture` in characters is
    that of a plot, or of a plot and some of its curves, which other formats draw.
    """

    text: str
    title: str | None = None
    formulas: bool = False
    picture: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A line of somebody's program, of which the characters from `begin` to `end` (exclusive) are meant."""

    place: str
    line: str
    begin: int
    end: int

    @property
    def drawn(self) -> str:
        """The line under its place, with carets under the piece."""
        indent = len(self.line) - len(self.line.lstrip())
        before, carets = max(self.begin - indent, 0), max(min(self.end, len(self.line)) - max(self.begin, indent), 1)
        return f"{self.place}\n    {self.line.strip()}\n    {' ' * before}{'^' * carets}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix with names above its columns and before its rows; what does not fit is left out of the middle.

    `names` are those of the cells: where they are given, cells that do not fit are listed below each other instead.
    `brief` holds shorter texts for the cells. Numbers stand at the right of their columns, other texts at the left.
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    title: str | None = None
    names: tuple[tuple[str, ...], ...] = ()
    brief: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree: its line, a lighter line `above` it about how it hangs there, and its own branches."""

    text: str
    above: str | None = None
    branches: tuple[Branch, ...] = ()
    tone: str = PLAIN


@dataclass(frozen=True, slots=True)
class Tree:
    """A drawing of what hangs on what."""

    root: Branch
    title: str | None = None


Block: TypeAlias = Facts | Table | Note | Verbatim | Source | Tree | Grid


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks, from top to bottom."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page to share is made of: a title, a result, its page, and its formulas in LaTeX where it has some."""

    title: str
    result: Any
    document: Document
    latex: str | None = None


def readable(document: Document) -> Document:
    """The document with nothing in it that a terminal would obey, and with the middle of huge texts left out."""
    return Document(tuple(_elided(respelled(block, _visible)) for block in document.blocks))


def respelled(part: Part, spell: Callable[[str], str]) -> Part:
    """A part of a page, whatever it is made of, with every text in it spelled anew."""

    def changed(value: Any) -> Any:
        if isinstance(value, Formula):
            return Formula(spell(value))
        if isinstance(value, str):
            return value if isinstance(value, StrEnum) else spell(value)
        if isinstance(value, tuple):
            return tuple(map(changed, value))
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: changed(getattr(value, one.name)) for one in fields(value)})
        return value

    found: Part = changed(part)
    return found


def _visible(text: str) -> str:
    """A text with nothing in it that a terminal would obey; names of files and columns come from outside."""
    return text if text.isprintable() else "\n".join(map(visible, text.split("\n")))


def _elided(block: Block) -> Block:
    match block:
        case Facts(pairs):
            return replace(block, pairs=tuple((label, _cut(value)) for label, value in pairs))
        case Table(rows=rows):
            return replace(block, rows=tuple(tuple(map(_cut, row)) for row in rows))
        case Note(text):
            return replace(block, text=_cut(text))
        case _:
            return block


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    left_out = len(text) - HEAD - TAIL
    return f"{text[:HEAD]}… ({left_out:,} characters left out; --json has the whole) …{text[-TAIL:]}"
