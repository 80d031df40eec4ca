"""Which bars of a text belong together: `|x|`, `|x||y|`, `\\|x\\|`; the bar of `p(x | y)` pairs with none."""

from __future__ import annotations

from gradcalc.syntax.latex.marks import Mark
from gradcalc.syntax.latex.tables import BARS, BRACKETS, CLOSERS, SAME_BRACKET, SIZES, SPACES, SYMBOLS

OPENING = frozenset({*BRACKETS, "{"})
WORDS = SYMBOLS | {"infty", "top"}  # commands that are values


def key(mark: Mark) -> str:
    """A mark as the bracket that it may be."""
    text = "\\" + mark.text if mark.kind == "command" else mark.text
    return SAME_BRACKET.get(text, text)


def pairs(marks: list[Mark]) -> dict[int, int]:
    """The index of each bar that opens, and of the one that closes it. Linear in the text."""
    found: dict[int, int] = {}
    open_: list[tuple[str, int]] = []
    value, sized = False, False  # whether a value ends before the mark, and whether it is the bracket of \left
    for index, mark in enumerate(marks):
        name = key(mark)
        if sized:
            value, sized = marks[index - 1].text != "left", False
        elif name in ("\\left", "\\right", "\\middle"):
            _close(open_, "\\left") if name == "\\right" else None
            open_ += [("\\left", index)] if name == "\\left" else []
            sized = True
        elif name in BARS:
            if value and open_ and open_[-1][0] == name:
                found[open_.pop()[1]] = index
            else:
                open_.append((name, index))
                value = False
                continue
            value = True
        elif name in OPENING:
            open_.append((name, index))
            value = False
        elif name in CLOSERS:
            _close(open_, name)
            value = True
        elif name in ("&", "\\\\"):
            _close(open_, None)
            value = False
        elif not (mark.kind == "command" and (mark.text in SPACES or mark.text in SIZES)):
            value = mark.kind in ("letter", "number", "raised") or name in ("'", "!") or mark.text in WORDS
            value = value or (index > 0 and key(marks[index - 1]) in ("^", "_"))  # as in |x^*|
    return found


def _close(open_: list[tuple[str, int]], closing: str | None) -> None:
    """Take back the bars that are open, and the bracket around them where one closes."""
    while open_ and open_[-1][0] in BARS:
        open_.pop()
    if closing is not None and open_:
        open_.pop()
