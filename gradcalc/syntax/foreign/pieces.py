"""SymPy's choices: `Piecewise((x, x > 0), (0, True))` is `where(x > 0, x, 0)`."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.syntax.foreign.words import CLOSING, OPENING, Words, call, operator
from gradcalc.syntax.tokens import Token

PIECEWISE = frozenset({"Piecewise", "piecewise"})
ALWAYS = ("True", "true")
Piece = tuple[list[Token], list[Token]]  # a value, and the condition that it holds under


def pieces(words: Words) -> list[Token]:
    """Each choice as nested `where`. Raises where the last one has a condition."""
    closings = words.closings()
    for index in range(len(words.tokens) - 1, -1, -1):  # the inner ones first
        if words.at(index).text in PIECEWISE and words.is_called(index) and index + 1 in closings:
            end = closings[index + 1]
            made = _choice(words, words.tokens[index], _pieces(words.tokens[index + 2 : end]))
            words = Words([*words.tokens[:index], *made, *words.tokens[end + 1 :]], words.source, words.vocabulary)
            closings = words.closings()
    return words.tokens


def _pieces(tokens: list[Token]) -> list[Piece]:
    """The pairs in parentheses; those that are none have nothing in them."""
    found = []
    for part in _parted(tokens):
        pair = list(_parted(part[1:-1])) if part and part[0].text in OPENING and part[-1].text in CLOSING else []
        found.append((pair[0], pair[1]) if len(pair) == 2 else ([], []))
    return found


def _parted(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens between commas that stand in no bracket."""
    part: list[Token] = []
    level = 0
    for token in tokens:
        level += (token.text in OPENING) - (token.text in CLOSING)
        if token.text == "," and level == 0:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _choice(words: Words, name: Token, found: list[Piece]) -> list[Token]:
    *first, (last, always) = found
    if not all(value and condition for value, condition in found) or [one.text for one in always] not in (
        [word] for word in ALWAYS
    ):
        raise words.fail("the cases leave something out", name.span, "write `where(x > 0, a, b)`")
    made: list[Token] = []
    for value, condition in first:
        made += [call("where", name), operator("(", name), *condition, operator(",", name), *value, operator(",", name)]
    return [operator("(", name), *made, *last, *[operator(")", name)] * (len(first) + 1)]
