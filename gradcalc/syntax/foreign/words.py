"""The tokens of a text while they are translated: which stands where, what closes what, and what errors point at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from gradcalc.base.errors import ExpressionSyntaxError
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.letters import ROOTS
from gradcalc.syntax.tokens import PRIME, Token

OPENING, CLOSING = ("(", "["), (")", "]")
ENDS_A_VALUE = (*CLOSING, "!", PRIME, "ᵀ", "|", "‖")
NOTHING = Token("end", "", Span(0, 0))


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens, the text that they stand in, and the names that are known."""

    tokens: list[Token]
    source: str
    vocabulary: Vocabulary

    def at(self, index: int) -> Token:
        """The token there; one that is nothing, outside of the text."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else NOTHING

    def texts(self, start: int, count: int) -> list[str]:
        """What some tokens in a row say."""
        return [self.at(index).text for index in range(start, start + count)]

    def is_name(self, index: int) -> bool:
        """Does a name stand there, one that is not the sign of a root?"""
        return self.at(index).kind == "name" and self.at(index).text not in ROOTS

    def is_called(self, index: int) -> bool:
        """Does a parenthesis follow directly?"""
        following = self.at(index + 1)
        return following.text == "(" and following.span.start == self.at(index).span.end

    def typed(self, index: int) -> str:
        """A token as it was typed."""
        span = self.at(index).span
        return self.source[span.start : span.end]

    def is_defined(self, name: str) -> bool:
        """Does the text define this name?"""
        return any(one.text == name and other.text == "=" for one, other in pairwise(self.tokens))

    def ends_value(self, index: int) -> bool:
        """May a value end with this token?"""
        token = self.at(index)
        return token.kind in ("number", "name", "call") or token.text in ENDS_A_VALUE

    def is_given(self, name: str) -> bool:
        """Is this a variable because the user says so?"""
        return name in self.vocabulary.variables

    def is_function(self, name: str) -> bool:
        """Is this a function, of gradcalc or of another library?"""
        return name in self.vocabulary.functions or name in self.vocabulary.foreign

    def closings(self) -> dict[int, int]:
        """Where the brackets that are open at some index are closed, as far as they are."""
        found: dict[int, int] = {}
        open_: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.kind == "operator" and token.text in OPENING:
                open_.append(index)
            elif token.kind == "operator" and token.text in CLOSING and open_:
                found[open_.pop()] = index
        return found

    def statements(self) -> Iterator[tuple[int, int]]:
        """Where each statement begins and ends: before the separator behind it."""
        level = start = 0
        for index, token in enumerate(self.tokens):
            level += (token.text in OPENING) - (token.text in CLOSING)
            if token.kind == "end" or (token.kind == "separator" and level <= 0):
                yield start, index
                start = index + 1

    def fail(self, message: str, span: Span, hint: str | None = None) -> ExpressionSyntaxError:
        """The error at a place of the text."""
        return ExpressionSyntaxError(message, span=span, source=self.source, hint=hint)


def call(function: str, token: Token) -> Token:
    """A function in place of a token."""
    return replace(token, kind="call", text=function)


def operator(text: str, token: Token) -> Token:
    """An operator in place of a token."""
    return replace(token, kind="operator", text=text)
