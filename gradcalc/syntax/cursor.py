"""A place in a list of tokens: what comes next, what came before, and errors that point there."""

from __future__ import annotations

from gradcalc.base.errors import ExpressionSyntaxError, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.tokens import Token


class Cursor:
    """One pass over the tokens; `index` is the next one to read."""

    def __init__(self, source: str, tokens: list[Token], limits: Limits) -> None:
        self.source = source
        self.tokens = tokens
        self.limits = limits
        self.index = 0
        self.brackets: list[str] = []  # what is open: `(` or `|`; inside brackets a new line is only white space

    @property
    def token(self) -> Token:
        """The next token; new lines inside brackets are passed over."""
        if self.brackets:
            self.skip_lines()
        return self.tokens[self.index]

    @property
    def previous(self) -> Token:
        """The token read last."""
        return self.tokens[self.index - 1]

    def advance(self) -> Token:
        """Read the next token."""
        token = self.token
        self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Is the next token one of these operators?"""
        token = self.token
        return token.kind == "operator" and token.text in texts

    def skip_lines(self) -> None:
        """Pass over new lines where an operand must follow, so that `x +` may go on in the next line."""
        while self.tokens[self.index].text == "\n":
            self.index += 1

    def typed(self, token: Token) -> str:
        """A token as it stands in the source."""
        return self.source[token.span.start : token.span.end] or token.text

    def fail(self, message: str, span: Span | None = None, hint: str | None = None) -> ExpressionSyntaxError:
        """The error at `span`, or at the next token."""
        return ExpressionSyntaxError(message, span=span or self.token.span, source=self.source, hint=hint)

    def expected(self, what: str, hint: str | None = None) -> ExpressionSyntaxError:
        """The error that names what should stand here, and what does."""
        token = self.token
        found = {"\n": "the end of the line", "": "the end"}.get(token.text, f"`{shortened(self.typed(token))}`")
        return self.fail(f"expected {what}, found {found}", hint=hint)
