"""Functions and constants that are written otherwise: `σ(x)` for the sigmoid, `log_b(x)`, `J_0(x)`, `M_PI`."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.syntax.foreign.words import Words, call, operator
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tokens import NUMBER, Token

SIGMOIDS = ("sigma", "σ")
SUBSCRIPTED = {  # the functions whose subscripts are arguments, and where these stand
    "log": ("log", -1), "J": ("besselj", 0), "Y": ("bessely", 0), "I": ("besseli", 0), "K": ("besselk", 0),
    "E": ("expint", 0), "W": ("lambertw", -1),
}  # fmt: skip
RENAMED = dict.fromkeys(("ifelse", "iif", "cond", "IF", "If"), "where")
UNCLEAR = ("log", "round", "rank")  # of base ten in tables, of base e in Fortran; with two arguments
CONSTANTS = {"M_PI": "pi", "M_E": "e"}  # of C


def functions(words: Words) -> list[Token]:
    """`σ(x)` becomes `sigmoid(x)` where σ is no variable; `log_b(x)` becomes `log(x, b)`."""
    sigmoids = {name for name in SIGMOIDS if not words.is_given(name)}
    sigmoids -= {token.text for index, token in enumerate(words.tokens) if not words.is_called(index)}
    last: dict[int, Token] = {}  # arguments before the parenthesis that closes
    made: list[Token] = []
    below = {index: found for index, one in enumerate(words.tokens) if (found := _below(words, index, one))}
    closings = words.closings() if below else {}
    for index, token in enumerate(words.tokens):
        if index in last:
            made += [operator(",", token), last[index]]
        if token.kind == "name" and words.is_called(index) and token.text in sigmoids:
            token = call("sigmoid", token)
        elif index in below and index + 1 in closings:
            function, place, argument = below[index]
            token = call(function, token)
            last |= {closings[index + 1]: argument} if place else {}
        elif (renamed := _renamed(words, index)) is not None:
            token = call(renamed, token)
        made.append(token)
        if index - 1 in below and below[index - 1][1] == 0 and index in closings:
            made += [below[index - 1][2], operator(",", token)]
    return made


def _renamed(words: Words, index: int) -> str | None:
    """What a function is called here: `ifelse(…)`, or in capitals, `SQRT(x)`, as in tables and in Fortran."""
    name, small = words.at(index).text, words.at(index).text.lower()
    if not words.is_called(index) or words.at(index).kind != "name":
        return None
    capitals = len(name) > 1 and name.isupper() and small not in UNCLEAR and not words.is_function(name)
    plain = capitals and words.is_function(small) and not words.is_given(name) and not words.is_defined(name)
    return small if plain else RENAMED.get(name)


def _below(words: Words, index: int, token: Token) -> tuple[str, int, Token] | None:
    """The function, and which argument the subscript is, of `log_b(x)` or `J_0(x)`; None of another name."""
    stem, subscript = _parted(token.text)
    spaced = stem == "log" and words.at(index + 1).text == "("  # `log_7 (x)`
    called = token.kind == "name" and (spaced or words.is_called(index)) and not words.is_function(token.text)
    if stem not in SUBSCRIPTED or not called or words.is_given(token.text) or words.is_defined(token.text):
        return None
    argument = _argument(subscript, token) if "_" in token.text or subscript.isdecimal() else None
    return None if argument is None else (*SUBSCRIPTED[stem], argument)


def _parted(text: str) -> tuple[str, str]:
    """A name, and what stands below it: `log_7`, `log7`, `J0`."""
    if "_" in text:
        stem, _, subscript = text.partition("_")
        return stem, subscript
    length = len("log") if text.startswith("log") else 1
    return text[:length], text[length:]


def _argument(text: str, token: Token) -> Token | None:
    """What stands below a function as a token: a number, or a name."""
    if NUMBER.fullmatch(text):
        return replace(token, kind="number", text=text)
    return replace(token, text=text) if canonical(text) else None


def constants(words: Words) -> list[Token]:
    """`M_PI` becomes `pi`."""
    renamed = {name: other for name, other in CONSTANTS.items() if not words.is_given(name)}
    return [replace(token, text=renamed.get(token.text, token.text)) for token in words.tokens]


def remainders(words: Words) -> list[Token]:
    """`x mod y` becomes `x % y`."""
    return [
        operator("%", token)
        if token.text == "mod" and token.kind == "name" and _is_between(words, index) and not words.is_given("mod")
        else token
        for index, token in enumerate(words.tokens)
    ]


def _is_between(words: Words, index: int) -> bool:
    """Does a value end before a token, and another one begin behind it?"""
    following = words.at(index + 1)
    return words.ends_value(index - 1) and not words.is_called(index) and following.kind in ("name", "number", "call")
