"""A place in a list of tokens: what comes next, what came before, what stands in brackets; errors point there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.beyond import BOUNDED
from gradcalc.syntax.beyond import WORDS as BEYOND
from gradcalc.syntax.grammar import COMMA, WHERE, WORDS, Vocabulary
from gradcalc.syntax.letters import ROOTS
from gradcalc.syntax.tokens import Token
from gradcalc.syntax.tree import Node

CLOSERS = {"(": ")", "{": "}", "[": "]", "⟨": "⟩"}  # as they are typed
BRACKETS = {*CLOSERS.keys(), *CLOSERS.values()}
NEAR = 200  # tokens to either side that are looked at for a comma
SIGNS = {  # that have a meaning in some places only
    ":": "a name is defined with `=`", "?": WHERE, "=>": "write `>=`", "->": "a function is written `f(x) = …`",
    "else": WHERE, "'": "`'` transposes what stands before it; a derivative is what comes out", "⊤": "write `x.T`",
    "⟨": "write `x @ y`", "⟩": "write `x @ y`",
}  # fmt: skip


class Cursor(ABC):
    """One pass over the tokens; `index` is the next one to read."""

    def __init__(self, source: str, tokens: list[Token], vocabulary: Vocabulary, limits: Limits) -> None:
        self.source = source
        self.tokens = tokens
        self.vocabulary = vocabulary
        self.limits = limits
        self.index = 0
        self.brackets: list[str] = []  # what is open: `(` or `|`; inside brackets a new line is only white space
        self.rewritten = False  # where the reading is worth showing
        self.defined: dict[str, tuple[tuple[str, ...], Node]] = {}  # functions, with their parameters, of the program

    @abstractmethod
    def expression(self, strength: int) -> Node:
        """An expression whose operators bind at least as tightly as `strength`."""

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

    def is_rewritten(self, token: Token) -> bool:
        """Is a token something else than what was typed?"""
        return self.source[token.span.start : token.span.end] != token.text or token.kind in ("call", "parameter")

    def fail(self, message: str, span: Span | None = None, hint: str | None = None) -> ExpressionSyntaxError:
        """The error at `span`, or at the next token."""
        return ExpressionSyntaxError(message, span=span or self.token.span, source=self.source, hint=hint)

    def require_no_request(self, token: Token) -> None:
        """Raises at what gradcalc does not do, before what it is to be done to: `lim x->0 …`, `int_0^1 …`."""
        if token.kind == "name" and token.text not in self.vocabulary.variables:
            word = token.text.partition("_")[0] if BOUNDED.fullmatch(token.text) else token.text
            if word in BEYOND:
                raise self.fail(f"`{word}` is not part of the language", token.span, BEYOND[word])

    def require_no_word(self, token: Token) -> None:
        """Raises at a word of English: `x times y`, `sin of x`."""
        if token.text in WORDS and token.kind == "name" and token.text not in self.vocabulary.variables:
            raise self.fail(f"`{token.text}` is not part of the language", token.span, WORDS[token.text])

    def expected(self, what: str, way: str, hint: str | None = None) -> ExpressionSyntaxError:
        """The error that names what should stand here, and what does, with a hint, or else the `way` on."""
        token = self.token
        found = {"\n": "the end of the line", "": "the end"}.get(token.text, f"`{shortened(self.typed(token))}`")
        if token.text == "*" and self.previous.text in ("^", "**"):
            hint = hint or "write `x.T` where it is transposed, `x_star` for a name"
        if token.text == "/" and self.previous.text == "/":
            hint = hint or "a whole quotient is `floor(x/y)`"
        if token.text == ":" and self.brackets:
            hint = hint or "write every element: `[x1, x2, x3]`"
        return self.fail(f"expected {what}, found {found}", hint=hint or SIGNS.get(token.text, way))

    def assigned_name(self) -> Token | None:
        """The name of `name =`, both read; None where no definition begins."""
        name = self.token
        following = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if name.kind != "name" or following.text != "=" or name.text in ROOTS:
            return None
        self.advance()
        self.advance()
        self.skip_lines()
        return name

    def at_bar(self) -> bool:
        """Does an absolute value begin here? Directly inside `|`, the next `|` ends it."""
        return self.at("|") and self.brackets[-1:] != ["|"]

    def has_commas(self) -> bool:
        """Are the elements of the array that is being read parted by commas, and a space is then a product?"""
        behind, before = self.tokens[self.index :][:NEAR], self.tokens[: self.index][-NEAR:][::-1]
        for tokens, leaving in ((behind, CLOSERS.values()), (before, CLOSERS.keys())):
            depth = 0
            for token in tokens:
                depth += (token.text in leaving) - (token.text in BRACKETS - set(leaving))
                if depth > 0 or (depth == 0 and token.text == ","):
                    break
            else:
                continue
            if depth == 0:
                return True
        return False

    def item(self) -> Node:
        """One of several expressions between brackets."""
        return self.expression(0)

    def group(self, opening: str, closing: str, item: Callable[[], Node] | None = None) -> tuple[Node, ...]:
        """What stands between a pair of brackets: one expression, or several, each read by `item`."""
        start = self.advance()
        self.brackets.append(opening)
        self._require_open(start)
        inside: list[Node] = []
        if item is None:
            inside.append(self.expression(0))
        elif not self.at(closing):
            inside.append(item())
            while self.at(","):
                self.advance()
                inside.append(item())
        self._require_open(start)
        opened = self.source[start.span.start : start.span.end]  # LaTeX opens some brackets without a sign of them
        wanted = CLOSERS.get(opened, closing)
        other = {*CLOSERS.values()} - {wanted}  # a pair of braces is read as parentheses, but does not mix with them
        if not self.at(closing) or (opened in CLOSERS and self.typed(self.token) in other):
            hint = "write `==` to compare" if self.at("=") else COMMA if self.at(",") else None
            what, way = ("an operator", ways.OPERATOR) if item is None else ("`,`", ways.COMMA)
            raise self.expected(f"{what} or `{wanted}`", way, hint)
        self.advance()
        self.brackets.pop()
        return tuple(inside)

    def _require_open(self, start: Token) -> None:
        """Raises where the text ends before the bracket that `start` opened is closed."""
        if self.token.kind in ("end", "separator"):
            opened = self.typed(start)
            raise self.fail(f"`{opened}` is never closed", start.span, ways.closing(opened))
