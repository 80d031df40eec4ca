"""Matlab's matrices: `[1, 2; 3, 4]` is `[[1, 2], [3, 4]]`, `[1; 2]` a vector, `[1 2 3]` has commas in it."""

from __future__ import annotations

from gradcalc.syntax.foreign.words import Words, operator
from gradcalc.syntax.tokens import Token


def rows(words: Words) -> list[Token]:
    """Brackets with commas between the numbers, and each row of a matrix in brackets of its own."""
    closings = words.closings()
    parts = _parts(words)
    enclosed = {
        index for index, row in parts.items() if any(row) and len(row) > 1 and index in closings
    }  # brackets around matrices
    ends = {closings[index] for index in enclosed}
    open_: list[int] = []  # the brackets around the token
    made: list[Token] = []
    for index, token in enumerate(words.tokens):
        if index in ends:
            made.append(operator("]", token))
        if index in closings:
            open_.append(index)
        elif open_ and index == closings[open_[-1]]:
            open_.pop()
        around = open_[-1] if open_ else -1
        if token.text == ";" and around in parts and len(parts[around]) > 1:
            inside = around in enclosed
            made += [operator("]", token)] * inside + [operator(",", token)] + [operator("[", token)] * inside
        elif _follows_a_number(words, index) and around in parts:
            made += [Token("operator", ",", words.at(index - 1).span), token]
        else:
            made.append(token)
            made += [operator("[", token)] * (index in enclosed)
    return made


def _follows_a_number(words: Words, index: int) -> bool:
    return words.at(index).kind == words.at(index - 1).kind == "number"


def _parts(words: Words) -> dict[int, list[bool]]:
    """By square bracket, its rows: has each several elements?"""
    found: dict[int, list[bool]] = {}
    open_: list[int] = []
    for index, token in enumerate(words.tokens):
        inside = found.get(open_[-1]) if open_ else None
        if token.kind == "operator" and token.text in ("(", "["):
            open_.append(index)
            if token.text == "[" and not words.ends_value(index - 1):
                found[index] = [False]
        elif token.kind == "operator" and token.text in (")", "]") and open_:
            open_.pop()
        elif inside is not None and token.text == ";":
            inside.append(False)
        elif inside is not None and (token.text == "," or _follows_a_number(words, index)):
            inside[-1] = True
    return found
