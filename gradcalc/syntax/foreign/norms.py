"""Double bars: `||x||`, `||x - y||_1`, `‖x‖`; where they pair up they are norms, else single bars side by side."""

from __future__ import annotations

from gradcalc.syntax.foreign.words import CLOSING, OPENING, Words, call, operator
from gradcalc.syntax.grammar import NESTED
from gradcalc.syntax.tokens import Token

KINDS = {
    "_1": "norm1",
    "_2": "norm2",
    "_F": "norm",
    "_f": "norm",
    "_inf": "norminf",
    "_infty": "norminf",
    "_∞": "norminf",
}
DOUBLE, SINGLE = "||", "|"


def norms(words: Words) -> list[Token]:
    """`||x||` becomes `norm(x)`, `⟨x, y⟩` the product of two vectors."""
    pairs = _paired(words)
    starts, ends = pairs, {end: start for start, end in pairs.items()}
    made: list[Token] = []
    index = 0
    while index < len(words.tokens):
        token = words.tokens[index]
        if index in starts:
            subscript = words.at(_behind(words, starts[index])).text
            made += [call(KINDS.get(subscript, "norm"), _whole(words, index)), operator("(", _whole(words, index))]
            index = _behind(words, index)
        elif index in ends:
            made.append(operator(")", _whole(words, index)))
            index = _behind(words, index)
            index += words.at(index).text in KINDS
        elif token.text == "⟨":
            made += [call("angled", token), operator("(", token)]
            index += 1
        else:
            made.append(operator(")", token) if token.text == "⟩" else token)
            index += 1
    return made


def _is_double(words: Words, index: int) -> bool:
    """Do two bars stand here, not three?"""
    bars = [one.text == SINGLE for one in (words.at(index + step) for step in (-1, 0, 1, 2))]
    start = words.at(index).span.start
    near = [start - 1, start, start + 1, start + 2]
    run = [
        bar and words.at(index + step).span.start == near[step + 1]
        for step, bar in zip((-1, 0, 1, 2), bars, strict=True)
    ]
    return words.at(index).text == "‖" or run == [False, True, True, False]


def _behind(words: Words, index: int) -> int:
    """The index behind a double bar."""
    return index + (1 if words.at(index).text == "‖" else 2)


def _whole(words: Words, index: int) -> Token:
    """A double bar as one token."""
    first, last = words.tokens[index], words.tokens[_behind(words, index) - 1]
    return Token("operator", DOUBLE, first.span.join(last.span))


def _paired(words: Words) -> dict[int, int]:
    """The first index of each norm and that of its end; none at all where they do not pair up."""
    found: dict[int, int] = {}
    open_: list[tuple[str, int]] = []
    index, value = 0, False  # whether a value ends before the token
    while index < len(words.tokens):
        token = words.tokens[index]
        kind = DOUBLE if _is_double(words, index) else token.text
        top = open_[-1][0] if open_ else ""
        if kind == DOUBLE and value and top == SINGLE:
            kind = SINGLE
        if kind in (*OPENING, DOUBLE, SINGLE) and not (value and top == kind):
            if value and top in (DOUBLE, SINGLE) and kind in (DOUBLE, SINGLE):
                return _unpaired(words)
            open_.append((kind, index))
            value = False
        elif kind in (*CLOSING, DOUBLE, SINGLE):
            if not open_ or (kind in CLOSING) != (top in OPENING):
                return _unpaired(words)
            start = open_.pop()[1]
            found |= {start: index} if kind == DOUBLE else {}
            value = True
        else:
            value = words.ends_value(index)
        index = _behind(words, index) if kind == DOUBLE else index + 1
    return _unpaired(words) if any(kind in (DOUBLE, SINGLE) for kind, _ in open_) else found


def _unpaired(words: Words) -> dict[int, int]:
    """No norms. Raises where double bars are the `or` of a condition."""
    for index in range(len(words.tokens)):
        if _is_double(words, index) and words.ends_value(index - 1) and words.at(index - 1).text not in (SINGLE, "‖"):
            before = words.at(index - 1).span.end
            if before < words.tokens[index].span.start:
                raise words.fail("`||` is not part of the language", _whole(words, index).span, NESTED)
    return {}
