"""The ground of the LaTeX reader: the text, a position in it, and the tokens written so far."""

from __future__ import annotations

from gradcalc.base.errors import ExpressionSyntaxError, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.latex.tables import WRAPPERS
from gradcalc.syntax.letters import ROOTS
from gradcalc.syntax.tokens import Token


class Text:
    """One pass over the text; `position` is the next character, `tokens` what was read."""

    def __init__(self, source: str, functions: frozenset[str], limits: Limits) -> None:
        self.source, self.functions, self.limits = source, functions, limits
        self.tokens: list[Token] = []
        self.position, self.end = self._unwrapped()

    def _unwrapped(self) -> tuple[int, int]:
        """The part of the text between its dollar signs, or all of it."""
        start = len(self.source) - len(self.source.lstrip())
        end = max(start, len(self.source.rstrip()))
        for opening, closing in WRAPPERS.items():
            if self.source.startswith(opening, start):
                inner = start + len(opening)
                if end - len(closing) < inner or not self.source.endswith(closing, start, end):
                    raise self._error(f"`{opening}` is never closed", Span(start, inner))
                return inner, end - len(closing)
        return start, end

    def _to(self, end: int, start: int | None = None) -> Span:
        """Go on to `end`; the span that ends there."""
        span = Span(self.position if start is None else start, end)
        self.position = end
        return span

    def _peek(self) -> str:
        return self.source[self.position : min(self.position + 1, self.end)]

    def _skip(self) -> None:
        while self._peek().isspace():
            self.position += 1

    def _typed(self, span: Span) -> str:
        return self.source[span.start : span.end]

    def _shown(self, span: Span) -> str:
        """What is typed there, for a message."""
        return shortened(self._typed(span))

    def _error(self, message: str, span: Span, hint: str | None = None) -> ExpressionSyntaxError:
        return ExpressionSyntaxError(message, span=span, source=self.source, hint=hint)

    def _emit(self, span: Span, *texts: str, kind: str = "") -> None:
        for text in texts:
            number = text != "." and text[0] in ".0123456789"
            self.tokens.append(Token(kind or ("number" if number else "operator"), text, span))

    def _cut(self, mark: int) -> list[Token]:
        """Take back the tokens since `mark`, to write them elsewhere."""
        cut = self.tokens[mark:]
        del self.tokens[mark:]
        return cut

    def _after_value(self) -> bool:
        last = self.tokens[-1] if self.tokens else Token("operator", "", Span(0, 0))
        return last.kind == "number" or (last.kind == "name" and last.text not in ROOTS) or last.text in (")", "!")
