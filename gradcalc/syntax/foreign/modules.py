"""The modules of Python and its like: `np.exp(x)`, `torch.nn.functional.softplus(x)`, `math.pi`, Julia's `exp.(x)`."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.base import ways
from gradcalc.syntax.foreign.words import Words
from gradcalc.syntax.tokens import Token

MODULES = frozenset({
    "math", "cmath", "Math", "np", "numpy", "jnp", "jax", "torch", "tf", "tensorflow", "sympy", "sp", "scipy", "mpmath",
    "mp", "nn", "keras", "cp", "cupy", "special", "linalg", "F", "K", "LA", "xp", "anp", "autograd", "mx", "cvxpy",
    "stats", "norm",
})  # fmt: skip
CONSTANTS = {"pi": "pi", "Pi": "pi", "PI": "pi", "e": "e", "E": "e", "inf": "inf", "Infinity": "inf", "nan": "nan"}
TRANSPOSED = ("T", "mT")
ARRAYS = frozenset({"array", "asarray", "tensor", "constant", "Tensor", "as_tensor", "float64", "float32", "Matrix"})


def modules(words: Words) -> list[Token]:
    """`np.exp` becomes `exp`, the place of both; `np.array([1, 2])` what it is made of."""
    made: list[Token] = []
    index = 0
    while index < len(words.tokens):
        token = words.tokens[index]
        end = _path_end(words, index)
        if token.text == "." and words.at(index + 1).text == "(":
            index += 1  # exp.(x), of each element
        elif end > index and _is_module(words, index, end):
            made.extend(_member(words, index, end))
            index = end + (3 if _is_layer(words, end) else 1)
        else:
            made.append(token)
            index += 1
    return made


def _path_end(words: Words, index: int) -> int:
    """The last name of a path `a.b.c` that begins at `index`."""
    while words.is_name(index) and words.at(index + 1).text == "." and words.at(index + 2).kind == "name":
        index += 2
    return index


def _is_module(words: Words, index: int, end: int) -> bool:
    """Is the name a module rather than an array? `F.T` and `K.sum(axis=1)` are parts of arrays."""
    name = words.tokens[index].text
    if name not in MODULES or words.is_given(name) or words.at(index - 1).text == "." or name in _variables(words):
        return False
    if words.tokens[end].text in TRANSPOSED and not words.is_called(end):
        return False
    inside = words.at(end + 2)
    by_name = words.at(end + 3).text == "="
    method = inside.text == ")" or inside.kind == "number" or by_name
    return len(name) > 1 or (words.is_called(end) and not method)


def _variables(words: Words) -> set[str]:
    """The names that stand for themselves somewhere, as no modules do."""
    return {
        one.text
        for index, one in enumerate(words.tokens)
        if one.kind == "name" and words.at(index + 1).text not in (".", "(") and words.at(index - 1).text != "."
    }


def _is_layer(words: Words, end: int) -> bool:
    """Is a layer of a network made and called at once: `nn.ReLU()(x)`?"""
    return words.texts(end + 1, 3) == ["(", ")", "("]


def _member(words: Words, index: int, end: int) -> list[Token]:
    """What a member of a module is called here. Raises where it is neither a function nor a constant."""
    path = [token.text for token in words.tokens[index : end + 1 : 2]]
    last = replace(words.tokens[end], span=words.tokens[index].span.join(words.tokens[end].span))
    name, qualified = path[-1], f"{path[0]}.{path[-1]}"
    if not words.is_called(end):
        if name not in CONSTANTS:
            raise words.fail(f"`{'.'.join(path)}` is not part of the language", last.span, ways.BEYOND)
        return [replace(last, text=CONSTANTS[name])]
    if name in ARRAYS:
        return []
    layer = [name.lower()] if _is_layer(words, end) else []
    known = next((one for one in (qualified, ".".join(path[-2:]), name, *layer) if words.is_function(one)), None)
    return [replace(last, kind="call", text=known) if known else last]
