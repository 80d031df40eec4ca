"""Functions and constants that are written otherwise: `σ(x)` for the sigmoid, `log_b(x)` with a base, `M_PI`."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.syntax.foreign.words import Words, call, operator
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tokens import NUMBER, Token

SIGMOIDS = ("sigma", "σ")
LOGARITHM = "log_"
RENAMED = dict.fromkeys(("ifelse", "iif", "cond", "IF", "If"), "where")
CONSTANTS = {"M_PI": "pi", "M_E": "e"}  # of C


def functions(words: Words) -> list[Token]:
    """`σ(x)` becomes `sigmoid(x)` where σ is no variable; `log_b(x)` becomes `log(x, b)`."""
    sigmoids = {name for name in SIGMOIDS if not words.is_given(name)}
    sigmoids -= {token.text for index, token in enumerate(words.tokens) if not words.is_called(index)}
    bases: dict[int, Token] = {}
    made: list[Token] = []
    based = [token for token in words.tokens if token.text.startswith(LOGARITHM) and not words.is_function(token.text)]
    closings = words.closings() if based else {}
    for index, token in enumerate(words.tokens):
        if index in bases:
            made += [operator(",", token), bases[index]]
        base = token.text.removeprefix(LOGARITHM)
        if token.kind == "name" and words.is_called(index) and token.text in sigmoids:
            token = call("sigmoid", token)
        elif token.text in RENAMED and words.is_called(index):
            token = call(RENAMED[token.text], token)
        elif token in based and words.is_called(index) and index + 1 in closings and (below := _base(base, token)):
            bases[closings[index + 1]] = below
            token = call("log", token)
        made.append(token)
    return made


def _base(text: str, token: Token) -> Token | None:
    """The base of a logarithm as a token: a number, or a name."""
    if NUMBER.fullmatch(text):
        return replace(token, kind="number", text=text)
    return replace(token, text=text) if canonical(text) else None


def constants(words: Words) -> list[Token]:
    """`M_PI` becomes `pi`."""
    renamed = {name: other for name, other in CONSTANTS.items() if not words.is_given(name)}
    return [replace(token, text=renamed.get(token.text, token.text)) for token in words.tokens]
