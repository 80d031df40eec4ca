"""Long formulas in lines that fit a screen, broken where they hang together least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcalc.render.width import width

SCREEN = 79  # columns
INDENT = "    "  # of what goes on
LEAST = 0.4  # of a line is filled before it is broken
WORDS = ("and", "or", "else", "where")
OPERATION, INSIDE = 0.5, 100.0  # how tightly an operator holds, and what is no place to break a formula at


def beside(head: str, texts: Sequence[str], column: int) -> Iterator[str]:
    """The texts below each other at a column, beside a head; above them, where that is too long."""
    if width(head) >= column:
        yield head
        head = ""
    for text in texts:
        for line in broken(text, SCREEN - column):
            yield (head + " " * (column - width(head)) + line).rstrip()
            head = ""


def broken(text: str, most: int, indent: str = INDENT) -> list[str]:
    """The text in lines of at most so many columns, as far as it has places to break it at."""
    lines: list[str] = []
    rest = text
    while len(rest) > most and (place := _place(rest, most)) is not None:
        lines.append(rest[:place].rstrip())
        rest = indent + rest[place:].lstrip()
    return [*lines, rest]


def _place(text: str, most: int) -> int | None:
    """Where to break a line: at the last space of those that part the most; where there is none, behind a bracket."""
    depth, best, found = 0, INSIDE, None
    for place, letter in enumerate(text[: most + 1]):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == " " and place >= most * LEAST and (rank := depth + _hold(text, place)) <= best:
            best, found = rank, place
    return found or max(text.rfind(bracket, 0, most) + 1 for bracket in "([") or None


def _hold(text: str, place: int) -> float:
    """How tightly a space holds together what it stands between: least behind a comma and before `and`."""
    following = text[place + 1 :].partition(" ")[0]
    if text[place - 1] in ",;" or following in WORDS:
        return 0
    if following == "=":
        return OPERATION / 2
    return OPERATION if following and not any(letter.isalnum() or letter in "(['\"" for letter in following) else INSIDE
