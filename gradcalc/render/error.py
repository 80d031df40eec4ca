"""An error for people: what is wrong, the line it stands in with carets under the place, and what to do."""

from __future__ import annotations

from gradcalc.errors import GradcalcError
from gradcalc.render.plain import width
from gradcalc.span import Span

INDENT = "  "
BEFORE, AFTER = 40, 30  # characters shown on either side of the place; a longer line is cut there
LONGEST_PLACE = 60
CUT = "…"


def render(error: GradcalcError) -> str:
    """The message, the place where there is one, and the hint where there is one."""
    parts = [f"error: {visible(error.message)}\n"]
    if error.span is not None and error.source:
        parts.append(_place(error.source, error.span))
    if error.hint:
        parts.append(f"hint: {visible(error.hint)}\n")
    return "\n".join(parts)


def visible(text: str) -> str:
    """The text with nothing in it that a terminal would obey: one column of `·` for each control character."""
    return "".join(letter if letter.isprintable() else "·" if letter != "\t" else " " for letter in text)


def _place(source: str, span: Span) -> str:
    """The line that the span begins in, and carets below it; in a text of several lines, the line's number too."""
    start = source.rfind("\n", 0, span.start) + 1
    line = source[start:].split("\n", 1)[0]
    first = span.start - start
    last = min(max(span.end - start, first + 1), max(len(line), first + 1), first + LONGEST_PLACE)
    label = f"line {source.count(chr(10), 0, start) + 1}: " if "\n" in source.strip() else ""
    cut = max(0, first - BEFORE)
    before = (CUT if cut else "") + visible(line[cut:first])
    after = visible(line[last : last + AFTER]) + (CUT if len(line) > last + AFTER else "")
    piece = visible(line[first:last])
    carets = " " * width(label + before) + "^" * max(1, width(piece))
    return f"{INDENT}{label}{before}{piece}{after}".rstrip() + f"\n{INDENT}{carets}\n"
