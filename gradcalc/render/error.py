"""An error for people: what is wrong, the line it stands in with carets under the place, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gradcalc.base.errors import GradcalcError
from gradcalc.base.span import Span
from gradcalc.render.colour import BLUE, RED, painted
from gradcalc.render.width import width

INDENT = "  "
BEFORE, AFTER = 40, 30  # characters shown on either side of the place; a longer line is cut there
LONGEST_PLACE = 60
CUT = "…"
COLOURS = {"error:": RED, "hint:": BLUE}
LABELS = re.compile(r"^(?:error|hint):", re.MULTILINE)
CARETS = re.compile(r"^( *)(\^[\^ ]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mark:
    """What to underline: characters `first` to `last` (exclusive) of the line that begins at `start` of the text."""

    start: int
    first: int
    last: int


def render(error: GradcalcError, *, coloured: bool = False) -> str:
    """The message, the place where there is one (or both, where there are two), and the hint where there is one."""
    text = _plain(error)
    if not coloured:
        return text
    text = CARETS.sub(lambda found: found[1] + painted(found[2], RED, bold=True), text)
    return LABELS.sub(lambda found: painted(found[0], COLOURS[found[0]], bold=True), text)


def _plain(error: GradcalcError) -> str:
    parts = [f"error: {visible(error.message)}\n"]
    if error.source and error.source.strip():
        marks = [_mark(error.source, span) for span in (error.span, error.also) if span is not None]
        parts.extend(_drawn(error.source, group) for group in _grouped(marks))
    if error.hint:
        parts.append(f"hint: {visible(error.hint)}\n")
    return "\n".join(parts)


def visible(text: str) -> str:
    """The text with nothing in it that a terminal would obey: ESC as `\\x1b`, white space as spaces."""
    return "".join(map(_shown, text))


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    if letter.isspace():
        return " "
    return f"\\x{ord(letter):02x}" if letter.isascii() else letter.encode("ascii", "backslashreplace").decode()


def _mark(source: str, span: Span) -> Mark:
    """The part of a span that stands in its first line; one character at least, behind the text where it is over."""
    begin = min(span.start, len(source.rstrip()))
    start = source.rfind("\n", 0, begin) + 1
    first = begin - start
    rest = len(_line(source, start)) - first
    return Mark(start, first, first + max(1, min(span.end - begin, rest, LONGEST_PLACE)))


def _line(source: str, start: int) -> str:
    end = source.find("\n", start)
    return source[start:] if end < 0 else source[start:end]


def _grouped(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks to draw under one line: two of them where they are near each other."""
    if len(marks) == 2 and marks[0].start == marks[1].start:
        first, last = min(mark.first for mark in marks), max(mark.last for mark in marks)
        if last - first <= LONGEST_PLACE:
            return [list(marks)]
    return [[mark] for mark in marks]


def _drawn(source: str, marks: Sequence[Mark]) -> str:
    """The line with its carets; in a text of several lines, with its number too."""
    start = marks[0].start
    line = _line(source, start)
    first, last = min(mark.first for mark in marks), max(mark.last for mark in marks)
    begin, end = max(0, first - BEFORE), last + AFTER
    label = f"line {source.count(chr(10), 0, start) + 1}: " if "\n" in source.strip() else ""
    left = INDENT + label + (CUT if begin else "")
    letters = [visible(letter) for letter in line.ljust(last)[begin:end]]
    carets = "".join(_under(letter, place, marks) for place, letter in enumerate(letters, begin))
    text = "".join(letters).rstrip() + (CUT if len(line) > end else "")
    return f"{left}{text}".rstrip() + "\n" + " " * width(left) + carets.rstrip() + "\n"


def _under(letter: str, place: int, marks: Sequence[Mark]) -> str:
    """What stands below a character: carets or spaces, as many as it takes columns."""
    for mark in marks:
        if mark.first <= place < mark.last:
            return "^" * max(width(letter), place == mark.first)  # an accent alone takes no column
    return " " * width(letter)
