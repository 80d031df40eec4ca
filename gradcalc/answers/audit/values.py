"""Arguments as they are written for an audit: numbers with a format, what is drawn or made, files, plain values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from gradcalc.answers.audit.target import literal
from gradcalc.base.errors import PointError, did_you_mean, shortened
from gradcalc.functions import ALIASES, CATALOGUE

MAKERS = ("randn", "rand", "randint", "ones", "zeros", "full", "eye", "arange", "linspace", "tensor")
DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
FILES = (".npy", ".npz", ".safetensors", ".pt", ".pth")
NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)\s*(.*)", re.DOTALL)
TYPED = re.compile(rf"(.+):\s*({'|'.join(DTYPES)})\s*", re.DOTALL)
MISTYPED = re.compile(r"[\[(\d.+-][^:]*:\s*([^\W\d]\w*)\s*")
KEYED = re.compile(r"(?P<path>.+?)(?::(?P<key>[^:/\\]+))?")
OPENING, CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Maker:
    """A tensor that is made: `randn(4, 8)`, `tensor([0, 2], dtype=int64)`."""

    function: str
    arguments: Sequence[Any]
    dtype: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor, or all of them, from a file; of a file that holds several, the one with a key."""

    path: Path
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """What is no tensor: a text, True, False, None."""

    value: str | bool | None


Written: TypeAlias = Maker | Stored | Plain


@dataclass(slots=True)
class Arguments:
    """What was given: what is written in ways of its own here, by name, and the rest, as `--at` has it everywhere."""

    own: dict[str | None, Any] = field(default_factory=dict)
    rest: Any = None


def read_arguments(at: Any) -> Arguments:
    """The arguments that were given. Raises PointError."""
    if isinstance(at, Mapping):
        found = {name: _python(one) for name, one in at.items()}
        own: dict[str | None, Any] = {name: one for name, one in found.items() if one is not None}
        rest = {name: one for name, one in at.items() if name not in own}
        return Arguments(own, rest or None)
    if not isinstance(at, str) and not (isinstance(at, Sequence) and all(isinstance(one, str) for one in at)):
        own = {None: at} if _is_tensor(at) else {}
        return Arguments(own, None if own else at)
    arguments, rest_of_it = Arguments(), []
    for text in [at] if isinstance(at, str) else at:
        others = []
        for piece in _pieces(text):
            name, value = _named(piece)
            one = _written(value)
            if one is None:
                others.append(piece)
            elif name in arguments.own:
                raise PointError(f"`{shortened(name or piece)}` is given twice")
            else:
                arguments.own[name] = one
        if others or not text.strip():
            rest_of_it.append(",".join(others))
    arguments.rest = rest_of_it or None
    return arguments


def _is_tensor(value: object) -> bool:
    return hasattr(value, "detach") and hasattr(value, "requires_grad")


def _python(value: Any) -> Any:
    """A value from Python, where it is one of those that are special here."""
    if value is None or isinstance(value, bool):
        return Plain(value)
    if _is_tensor(value):
        return value
    return _written(value) if isinstance(value, str) else None


def _pieces(text: str) -> Iterator[str]:
    """The assignments of one text: parted by commas, outside of brackets and quotes, that a name and `=` follow."""
    depth, begin, quote = 0, 0, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in OPENING or letter in CLOSING:
            depth += 1 if letter in OPENING else -1
        elif letter == "," and depth == 0 and NAMED.fullmatch(text[place + 1 :]) and "@" not in text[begin:place]:
            yield text[begin:place]
            begin = place + 1
    yield text[begin:]


def _named(piece: str) -> tuple[str | None, str]:
    found = NAMED.fullmatch(piece)
    return (found[1], found[2].strip()) if found else (None, piece.strip())


def _written(value: str) -> Written | None:
    """A value of one of the kinds that are special here."""
    if value.startswith("@"):
        found = KEYED.fullmatch(value[1:].strip())
        path = Path(found["path"]) if found else None
        return Stored(path, found["key"]) if found and path and path.suffix in FILES else None
    if typed := TYPED.fullmatch(value):
        return Maker("tensor", (_literal(typed[1], value),), typed[2])
    if mistyped := MISTYPED.fullmatch(value):
        _dtype(mistyped[1])
    try:
        node = ast.parse(value, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if isinstance(node, ast.Constant) and (isinstance(node.value, str | bool) or node.value is None):
        return Plain(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name in MAKERS:
            return _maker(node, name, value)
        if (hint := did_you_mean(name, MAKERS)) and name not in CATALOGUE and name not in ALIASES:
            raise PointError(f"`{shortened(name)}` is nothing that values are made by", hint=hint)
    return None


def _maker(node: ast.Call, name: str, text: str) -> Maker:
    options = {one.arg: one.value for one in node.keywords}
    dtype = options.pop("dtype", None)
    try:
        arguments = [literal(one) for one in node.args]
        if options:
            raise ValueError
    except ValueError:
        hint = f"its arguments are numbers, and dtype=…: {name}(4, 8, dtype=float32)"
        raise PointError(f"`{shortened(text)}` cannot be made", hint=hint) from None
    return Maker(name, arguments, None if dtype is None else _dtype(ast.unparse(dtype)))


def _dtype(text: str) -> str:
    name = text.removeprefix("torch.").strip("'\"")
    if name not in DTYPES:
        hint = did_you_mean(name, DTYPES) or ", ".join(DTYPES)
        raise PointError(f"`{shortened(name)}` is no number format", hint=hint)
    return name


def _literal(text: str, whole: str) -> Any:
    try:
        return literal(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise PointError(f"`{shortened(whole)}` is no literal with a number format", hint="[0, 2]:int64") from None
