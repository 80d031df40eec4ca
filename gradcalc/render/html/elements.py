"""The elements of MathML, and what holds between those of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from gradcalc.render.html.symbols import DELIMITERS

TAG = re.compile(r"<[^>]*>|&[#\w]*;")
TIMES, APPLY, THIN = "&#x2062;", "&#x2061;", "0.17em"  # spoken, not seen
OPERAND, FUNCTION, OPERATOR, FENCE, SPACE = "operand", "function", "operator", "fence", "space"
BOUND = "&#xa0;"
WIDEST = 80  # characters of a line of a formula that stands by itself


@dataclass(frozen=True, slots=True)
class Item:
    """An element, and its part in the row that it stands in."""

    markup: str
    role: str
    large: bool = False  # a sum, whose bounds stand below and above it
    prose: str = ""  # words as HTML, for a place outside of a formula


def between(before: Item | None, after: Item, spaced: bool) -> Iterator[Item]:
    """The sign that is not written: of a product between factors, of a function before its argument."""
    if before is None or after.role in (OPERATOR, SPACE) or before.role in (OPERATOR, SPACE):
        return
    if before.role == FUNCTION or (after.role == FENCE and not spaced):
        yield _unseen(APPLY, apart=after.role != FENCE)
    elif spaced:
        yield _unseen(TIMES, apart=after.role == FUNCTION)


def _unseen(sign: str, *, apart: bool) -> Item:
    """A sign that is spoken and not seen: a thin space where the name of a function would touch something."""
    return Item(f'<mo lspace="{THIN}">{sign}</mo>' if apart else f"<mo>{sign}</mo>", OPERATOR)


def fenced(opening: str, inside: Sequence[Item], closing: str) -> Item:
    """Elements in brackets."""
    return Item(f"<mrow>{_side(opening, 'prefix')}{row(inside)}{_side(closing, 'postfix')}</mrow>", FENCE)


def _side(delimiter: str, form: str) -> str:
    """A bracket as high as what is in it; none for a dot."""
    if delimiter == ".":
        return ""
    return f'<mo fence="true" stretchy="true" form="{form}">{escape(DELIMITERS.get(delimiter, delimiter))}</mo>'


def row(items: Sequence[Item]) -> str:
    """One element of several."""
    if len(items) == 1:
        return items[0].markup
    return f"<mrow>{''.join(one.markup for one in items)}</mrow>"


def table(rows: Sequence[Sequence[Sequence[Item]]], name: str) -> str:
    """Rows of cells."""
    lines = ("".join(f"<mtd>{row(cell)}</mtd>" for cell in line) for line in rows)
    return f'<mtable class="{escape(name)}">' + "".join(f"<mtr>{line}</mtr>" for line in lines) + "</mtable>"


def broken(line: list[list[Item]]) -> list[list[list[Item]]]:
    """A line of equations as several, where it is too wide: broken before the signs of its right side."""
    if len(line) < 2 or sum(map(_width, line[1])) <= WIDEST:
        return [line]
    left, right, *more = line
    parts: list[list[Item]] = [[]]
    for place, one in enumerate(right):
        breaks = one.role == OPERATOR and "form=" not in one.markup and TAG.sub("", one.markup) in "+-−="
        if breaks and place and sum(map(_width, parts[-1])) > WIDEST / 2:
            parts.append([Item('<mspace width="2em"></mspace>', SPACE)])
        parts[-1].append(one)
    return [[left, parts[0], *more], *([[], part] for part in parts[1:])]


def _width(item: Item) -> int:
    """About how many characters wide an element is."""
    return len(TAG.sub("", item.markup))


def letter(one: str) -> str:
    """A variable; capital Greek letters stand upright, as in LaTeX."""
    return upright(one) if "\u0391" <= one <= "\u03a9" else f"<mi>{escaped(one)}</mi>"


def upright(text: str) -> str:
    """A word; one letter alone would be set in italics."""
    return f'<mi mathvariant="normal">{escaped(text)}</mi>'


def words(text: str) -> str:
    """Words, whose spaces at the ends count."""
    return f"<mtext>{escaped(text).replace(' ', BOUND)}</mtext>"


def wide(body: str, name: str) -> str:
    """What may be wider than the page: it is scrolled, by keys too."""
    return f'<div class="wide" role="group" tabindex="0" aria-label="{escape(name)}">\n{body}\n</div>'


def escaped(text: str) -> str:
    """A text as the inside of an element."""
    return escape(text, quote=False)
