"""LaTeX cut into marks: commands, letters, numbers and signs, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.latex.tables import WRAPPERS
from gradcalc.syntax.letters import SPELLINGS, describe, is_name_start, marks_end, superscript_end

COMMAND = re.compile(r"\\(?:operatorname\*?|[A-Za-z]+|.)", re.DOTALL)
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
SIGN = re.compile(r"\*\*|[<>=!:]=|\|\|(?!\|)|[-+*/=<>!,:.|()\[\]{}^_&@'?]")
COMMENT = re.compile(r"%[^\n]*")
UNICODE = {"∥": "‖", "‖": "‖", "||": "‖", "′": "'", "’": "'", "⟨": "\\langle", "⟩": "\\rangle", "√": "√", "∛": "∛"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A `command` (its text without the backslash), `letter`, `number`, `sign`, `raised` digits, `line` or `end`."""

    kind: str
    text: str
    span: Span


def marks(source: str, limits: Limits) -> list[Mark]:
    """The marks of a text, closed by an end. Raises ExpressionSyntaxError at what LaTeX does not have."""
    start, end = _unwrapped(source)
    found: list[Mark] = []
    position = start
    while position < end:
        letter = source[position]
        if letter in "\n;":
            found.append(Mark("line", letter, Span(position, position + 1)))
            position += 1
        elif letter.isspace() or letter in "~$":
            position += 1
        elif comment := COMMENT.match(source, position, end):
            position = comment.end()
        else:
            found.append(_mark(source, position, end))
            position = found[-1].span.end
        limits.require("nodes", len(found), "the expression has too many parts")
    found.append(Mark("end", "", Span(end, end)))
    return found


def _unwrapped(source: str) -> tuple[int, int]:
    """The part of the text between its dollar signs, or all of it."""
    start = len(source) - len(source.lstrip())
    end = max(start, len(source.rstrip()))
    for opening, closing in WRAPPERS.items():
        if source.startswith(opening, start):
            inner = start + len(opening)
            if end - len(closing) < inner or not source.endswith(closing, start, end):
                place = Span(start, inner)
                raise ExpressionSyntaxError(
                    f"`{opening}` is never closed", span=place, source=source, hint=ways.closing(opening)
                )
            return inner, end - len(closing)
    return start, end


def _mark(source: str, start: int, end: int) -> Mark:
    """The mark at a position."""
    letter = source[start]
    if letter == "\\":
        matched = COMMAND.match(source, start, end)
        place = Span(start, matched.end() if matched else end)
        return Mark("command", source[start + 1 : place.end], place)
    if matched := NUMBER.match(source, start, end):
        return Mark("number", matched.group(), Span(*matched.span()))
    if (raised := superscript_end(source, start)) > start:
        return Mark("raised", source[start:raised], Span(start, raised))
    if letter != "_" and is_name_start(letter):
        place = Span(start, marks_end(source, start + 1))
        return Mark("letter", source[place.start : place.end], place)
    matched = SIGN.match(source, start, end)
    text = matched.group() if matched else letter if letter in UNICODE or letter in SPELLINGS else None
    if text is None:
        message = f"unexpected {describe(letter)}"
        raise ExpressionSyntaxError(message, span=Span(start, start + 1), source=source, hint=ways.LEAVE_OUT)
    return Mark("sign", UNICODE.get(text, text), Span(start, start + len(text)))


class Text:
    """The text that is read, and what errors point at."""

    def __init__(self, source: str, limits: Limits) -> None:
        self.source, self.limits = source, limits

    def typed(self, span: Span) -> str:
        """What stands there."""
        return self.source[span.start : span.end]

    def shown(self, span: Span) -> str:
        """What stands there, for a message."""
        return shortened(self.typed(span))

    def error(self, message: str, span: Span, hint: str | None = None) -> ExpressionSyntaxError:
        """The error at a place."""
        return ExpressionSyntaxError(message, span=span, source=self.source, hint=hint)
