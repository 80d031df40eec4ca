"""How functions are defined elsewhere: `f(x) = …`, `lambda x: …`, `x -> …`, `@(x) …`, `f[x_] := …`, `def f(x): …`."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import replace

from gradcalc.syntax.foreign.words import Words, operator
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.tokens import Token

Head = tuple[list[Token], int]  # the parameters, and where the body begins
DECLARING = frozenset({"const", "let", "var", "val", "double", "float", "auto", "final", "local"})
UNKNOWNS, CONSTANTS = frozenset("xyz"), frozenset(("e", "pi", "π"))
EQUALS, ARROWS = ("=", ":="), ("->", "=>")


def heads(words: Words) -> list[Token]:
    """Each statement with its parameters before it, as tokens of their own, and `name =` where it has a name."""
    made: list[Token] = []
    for start, end in words.statements():
        head, body = _head(words, start, end)
        made += [operator("=", one) if one.text == ":=" else one for one in (*head, *words.tokens[body : end + 1])]
    return made


def _head(words: Words, start: int, end: int) -> Head:
    """What stands before the body of a statement in plain spelling, and where the body begins."""
    cell = words.at(start).text == "=" and any(one.kind == "name" for one in words.tokens[start:end])  # =A1^2
    if words.at(start).text == "return" or cell:
        return [], start + 1
    if words.at(start).text in DECLARING and words.is_name(start + 1) and words.at(start + 2).text in EQUALS:
        start += 1
        declared: Head = [words.tokens[start], operator("=", words.tokens[start + 1])], start + 2
        function = _head(words, start, end)
        return function if function[0] else declared
    name, place = _named(words, start)
    found = _function(words, place)
    if found is None and (found := _defined(words, start, end)) is not None:
        head = words.tokens[start]
        body = [one for one in range(found[1], end) if words.tokens[one].text == head.text and not words.is_called(one)]
        name = None if words.is_function(head.text) or body else head  # f(t) = A*sin(2*pi*f*t)
    if found is None and (found := _def(words, start)) is not None:
        name = words.tokens[start + 1]
    if found is None:
        return [], start
    given = [replace(one, kind="parameter") for one in found[0]]
    return (given if name is None else [*given, name, operator("=", name)]), found[1]


def _named(words: Words, start: int) -> tuple[Token | None, int]:
    """The name of `name = …`, `name: …` or R's `name <- …`, and where the rest begins."""
    if words.is_name(start):
        if words.at(start + 1).text in (*EQUALS, ":"):
            return words.tokens[start], start + 2
        if words.texts(start + 1, 3) == ["<", "-", "function"]:
            return words.tokens[start], start + 3
    return None, start


def _listed(words: Words, start: int) -> Head:
    """Names with commas between them, from `start` on, and the index behind them; without Mathematica's `_`."""
    names: list[Token] = []
    index = start
    while words.is_name(index):
        names.append(replace(words.tokens[index], text=words.tokens[index].text.removesuffix("_") or "_"))
        index += 1
        if words.at(index).text != "," or not words.is_name(index + 1):
            break
        index += 1
    return names, index


def _enclosed(words: Words, start: int, opening: str = "(", closing: str = ")") -> Head | None:
    """The names between a pair of brackets that opens at `start`, and the index behind it."""
    if words.at(start).text != opening:
        return None
    names, end = _listed(words, start + 1)
    return (names, end + 1) if names and words.at(end).text == closing else None


def _lambda(words: Words, start: int) -> Head | None:
    names, end = _listed(words, start + 1)
    return (names, end + 1) if words.at(start).text == "lambda" and names and words.at(end).text == ":" else None


def _arrow(words: Words, start: int) -> Head | None:
    found = _enclosed(words, start) or _listed(words, start)
    return (found[0], found[1] + 1) if found[0] and words.at(found[1]).text in ARROWS else None


def _marked(words: Words, start: int) -> Head | None:
    """`@(x) …`, in whose body Matlab's `x(1)` is an element of x; `function(x) …`."""
    found = _enclosed(words, start + 1) if words.at(start).text in ("@", "function") else None
    if found is not None and words.at(start).text == "@":
        names = {one.text for one in found[0]}
        closings = words.closings()
        for index in range(found[1], len(words.tokens) - 1):
            if words.at(index).text in names and index + 1 in closings and words.at(index + 2).kind == "number":
                for place, bracket in ((index + 1, "["), (closings[index + 1], "]")):
                    words.tokens[place] = operator(bracket, words.tokens[place])
    return found


def _function(words: Words, start: int) -> Head | None:
    """The parameters of a function without a name."""
    return next((found for shape in SHAPES if (found := shape(words, start)) is not None), None)


def _defined(words: Words, start: int, end: int) -> Head | None:
    """The parameters of `f(x) = …` or `f[x_] := …`; not of `sin(y) = x/2`, which is an equation."""
    if not words.is_name(start):
        return None
    found = _enclosed(words, start + 1) or _enclosed(words, start + 1, "[", "]")
    if found is None or words.at(found[1]).text not in EQUALS:
        return None
    names = {words.at(index).text for index in range(found[1] + 1, end) if words.is_name(index)}
    own = {one.text for one in found[0]}
    equation = states_equation(words.at(start).text, own, names, words.vocabulary)
    return None if equation else (found[0], found[1] + 1)


def states_equation(function: str, own: Set[str], names: Set[str], vocabulary: Vocabulary) -> bool:
    """Is `sin(y) = …` about y, rather than what defines the function? The right side has `names`, the left its `own`.

    Nobody defines the sine by two variables, or by none of its own, and `ln L = …` is a likelihood.
    """
    others = names - CONSTANTS
    if not own or not set().union(*own) <= UNKNOWNS:  # xy may have been meant as a product
        return False
    if function in vocabulary.bare:
        return not others or not others <= own
    return function in vocabulary.functions | vocabulary.foreign and bool(others) and others.isdisjoint(own)


def _def(words: Words, start: int) -> Head | None:
    """Python's `def f(x): return …`, all in one line or in two."""
    found = _enclosed(words, start + 2) if words.at(start).text == "def" and words.is_name(start + 1) else None
    if found is None or words.at(found[1]).text != ":":
        return None
    return found[0], found[1] + 1 + (words.at(found[1] + 1).text == "return")


SHAPES: tuple[Callable[[Words, int], Head | None], ...] = (_lambda, _arrow, _marked)
