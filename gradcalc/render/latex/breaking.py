"""Long right sides in lines that fit a page: broken before signs, where need be inside of parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_TAKEN = 0.7  # of a line, before what has to be broken begins
ROOM = 48.0  # letters that stand beside the left side of an equation, on a page of an article
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
SIGNS = frozenset(("+", "-", "=", r"\odot", r"\cdot", r"\circ", r"\otimes"))
WORDS = frozenset((r"\mathrm", r"\operatorname", r"\text", r"\mathbf"))
NOTHING = frozenset((*WORDS, r"\left", r"\right", r"\bigl", r"\bigr", "{", "}", " ", "&"))
SIGN, SMALL, NARROW = 2.1, 0.7, 0.6  # letters: an operator with its spaces, a letter of a script, a bracket
INSIDE = frozenset(("_", "^", r"\sqrt"))


def broken(text: str, room: float = ROOM, taken: float = 0.0) -> list[str]:
    """The text in lines that are about so many letters wide, as far as it has places to break it at.

    Of the first line some room is `taken`. A pair of brackets that is on two lines no longer grows with what is in it.
    """
    if width(text) + taken <= room:
        return [text]
    parts = list(_parts(text, (", ",))) or list(_parts(text, (" + ", " - ")))
    if len(parts) > 1:
        return _filled(parts, room, taken)
    opened = _opened(text)
    if opened is None:
        return [text]
    before, inner, after = opened
    first, *more = broken(inner, room, min(taken + width(before), room * MOST_TAKEN))
    if not more:
        return [text]
    *between, last = more
    return [rf"{before}\bigl({first}", *between, rf"{last}\bigr){after}"]


def _filled(parts: list[str], room: float, taken: float) -> list[str]:
    """As many parts on each line as it holds."""
    lines: list[str] = []
    for part in parts:
        before = taken if len(lines) < 2 else 0.0
        first, *more = broken(part, room, 0.0 if lines else taken)
        together = f"{lines[-1]} {first}" if lines else first
        lines[-1:] = [together] if not lines or width(together) + before <= room else [lines[-1], first]
        lines += more
    return lines


def _parts(text: str, ends: tuple[str, ...]) -> Iterator[str]:
    """What stands between signs, or behind commas, outside of all braces and brackets."""
    depth, start, place = 0, 0, 0
    for token in TOKEN.findall(text):
        depth += (token in ("{", r"\left", r"\begin")) - (token in ("}", r"\right", r"\end"))
        if depth == 0 and place > start and text[place : place + len(ends[0])] in ends:
            cut = place + (ends[0] == ", ")
            yield text[start:cut].strip()
            start = cut
        place += len(token)
    if start:
        yield text[start:].strip()


def _opened(text: str) -> tuple[str, str, str] | None:
    """What stands before, in and behind the widest parentheses outside of braces, or a fraction's numerator."""
    found = None
    for begin, end in _groups(text, r"\left(", r"\right)"):
        inner = text[begin + len(r"\left(") : end]
        if found is None or width(inner) > width(found[1]):
            found = text[:begin], inner, text[end + len(r"\right)") :]
    if found is None and (matched := re.match(r"-?\\frac(?=\{)", text)):
        above, below, rest = _sides(text[matched.end() :])
        if not rest and below:
            return rf"{text[: matched.end()]}{{1}}{{{below}}} ", above, ""
    return found


def _groups(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Where the outermost brackets outside of braces open and close."""
    braces, depth, begin, place = 0, 0, 0, 0
    for token in TOKEN.findall(text):
        braces += (token in ("{", r"\begin")) - (token in ("}", r"\end"))
        if not braces and token == r"\left":
            begin = begin if depth else place
            depth += 1
        elif not braces and token == r"\right":
            depth -= 1
            if not depth and text.startswith(opening, begin) and text.startswith(closing, place):
                yield begin, place
        place += len(token)


def _sides(text: str) -> tuple[str, str, str]:
    """The two groups in braces that a text begins with, and what follows."""
    groups: list[str] = []
    for _ in range(2):
        depth, place = 0, 0
        for token in TOKEN.findall(text):
            depth += (token == "{") - (token == "}")
            place += len(token)
            if not depth:
                break
        groups.append(text[1 : place - 1])
        text = text[place:]
    return groups[0], groups[1], text


def width(text: str) -> float:
    """About how many letters wide a text is set."""
    total, place, tokens = 0.0, 0, TOKEN.findall(text)
    while place < len(tokens):
        token = tokens[place]
        place += 1
        if token == r"\frac":
            above, place = _group(tokens, place)
            below, place = _group(tokens, place)
            total += max(width(above), width(below))
        elif token in INSIDE:
            inner, place = _group(tokens, place)
            total += width(inner) * (1 if token == r"\sqrt" else SMALL)
        elif token not in NOTHING:
            total += SIGN if token in SIGNS else NARROW if token in "()[],." else 1
    return total


def _group(tokens: list[str], place: int) -> tuple[str, int]:
    """A group in braces, or a token, and where it ends."""
    start, depth = place, 0
    while place < len(tokens):
        depth += (tokens[place] == "{") - (tokens[place] == "}")
        place += 1
        if not depth:
            break
    return "".join(tokens[start:place]), place
