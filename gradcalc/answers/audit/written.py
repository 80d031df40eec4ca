"""One value as it is written for an audit: `[0, 2]:int64`, `0.1*randn(4, 8)`, `@x.npy`, `{'x': ones(2)}`, `True`."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from gradcalc.answers.audit.target import literal
from gradcalc.answers.audit.value import FLOATS, Computed, Maker, Plain, Stored, Structure, Written, file_and_key
from gradcalc.base.errors import PointError, did_you_mean, shortened
from gradcalc.files.numbers import PACKED, SUFFIXES
from gradcalc.functions import ALIASES, CATALOGUE

MAKERS = ("randn", "rand", "randint", "ones", "zeros", "full", "eye", "arange", "linspace", "tensor")
DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
NUMBERS: dict[str, type] = {"int": int, "float": float}  # Python's own
TABLES = (*SUFFIXES, PACKED)
FILES = (".npy", ".npz", ".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".tar")
TYPED = re.compile(rf"(.+):\s*({'|'.join((*DTYPES, *NUMBERS))})\s*", re.DOTALL)
MISTYPED = re.compile(r"[\[(\d.+-][^:]*:\s*([^\W\d]\w*)\s*")
TYPED_INSIDE = re.compile(rf"[\])\d]\s*:\s*(?:{'|'.join(DTYPES)})\b")
WORDS = {"true": True, "false": False, "none": None}
UNUSED = {"requires_grad", "device"}  # what torch's makers take besides, and nobody needs here
OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
INSIDE = "inside of brackets a number format is written tensor([0, 2], dtype=int64)"
NO_FILES_INSIDE = "a file is an argument of its own: x=@FILE, or batch=@FILE:* for a dictionary of all that it holds"


def written(text: str) -> Written | None:
    """A value of one of the kinds that are special here; None of the numbers that are written as everywhere.

    Raises PointError.
    """
    if text.startswith("@"):
        path, key = file_and_key(text[1:].strip())
        return Stored(path, key) if path.suffix.lower() in FILES else None
    if text.lower() in WORDS:
        return Plain(WORDS[text.lower()])
    if text.endswith(("}", ")", "]")) and text[:1] in "{([" and TYPED_INSIDE.search(text):
        raise PointError(f"`{shortened(text)}` has number formats inside", hint=INSIDE)
    if typed := TYPED.fullmatch(text):
        return _typed(typed[1], typed[2], text)
    if mistyped := MISTYPED.fullmatch(text):
        _dtype(mistyped[1])
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if text.startswith(("{", "(", "[")) and "@" in text:
            raise PointError(f"`{shortened(text)}` has a file inside", hint=NO_FILES_INSIDE) from None
        return None
    return _of_node(node, text)


def structure(value: Any) -> Written | None:
    """A list, a tuple or a dictionary from Python, where it holds more than numbers."""
    return None if _is_numeric(value) else Structure(_from_python(value))


def _from_python(value: Any) -> Any:
    """A part of a structure; lists and arrays of numbers are tensors."""
    if isinstance(value, dict):
        return {key: _from_python(one) for key, one in value.items()}
    if isinstance(value, list | tuple) and not (isinstance(value, list) and _is_numeric(value)):
        return type(value)([_from_python(one) for one in value])
    if hasattr(value, "tolist") and not hasattr(value, "detach"):
        value = value.tolist()
    return _listed(value) if isinstance(value, list) else value


def _of_node(node: ast.expr, text: str) -> Written | None:
    if isinstance(node, ast.Constant) and (isinstance(node.value, str | bool) or node.value is None):
        return Plain(node.value)
    if isinstance(node, ast.Tuple | ast.Dict | ast.List):
        return _structure(node, text)
    if isinstance(node, ast.BinOp | ast.UnaryOp) and any(_is_maker(one) for one in ast.walk(node)):
        made: Computed = _computed(node, text)
        return made
    if isinstance(node, ast.Call):
        return _call(node, text)
    return None


def _called(node: ast.Call) -> str | None:
    """The name of the function of a call, without torch's in front."""
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "torch":
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _is_maker(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) in MAKERS


def _call(node: ast.Call, text: str) -> Maker | None:
    name = _called(node)
    if name in MAKERS:
        return _maker(node, name, text)
    if name and (hint := did_you_mean(name, MAKERS)) and name not in CATALOGUE and name not in ALIASES:
        raise PointError(f"`{shortened(name)}` is nothing that values are made by", hint=hint)
    return None


def _maker(node: ast.Call, name: str, text: str) -> Maker:
    options = {str(one.arg): one.value for one in node.keywords if one.arg not in UNUSED}
    dtype = options.pop("dtype", None)
    try:
        arguments = [literal(one) for one in node.args]
        named = {key: literal(one) for key, one in options.items()}
    except ValueError:
        hint = f"its arguments are numbers, and dtype=…: {name}(4, 8, dtype=float32)"
        raise PointError(f"`{shortened(text)}` cannot be made", hint=hint) from None
    return Maker(name, arguments, None if dtype is None else _dtype(ast.unparse(dtype)), named)


def _computed(node: ast.expr, text: str) -> Any:
    """A tensor, or a number of it, by arithmetic."""
    if isinstance(node, ast.Call) and _is_maker(node):
        return _call(node, text)
    operation = OPERATORS.get(type(node.op)) if isinstance(node, ast.BinOp | ast.UnaryOp) else None
    if operation is not None:
        operands = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.operand]  # type: ignore[attr-defined]  # one of the two that have an operator
        return Computed(operation, [_computed(one, text) for one in operands])
    try:
        return literal(node)
    except ValueError:
        message = f"`{shortened(text)}` cannot be made"
        raise PointError(message, hint="write numbers and what is drawn: 0.1*randn(4, 8) + 1") from None


def _structure(node: ast.expr, text: str) -> Written | None:
    """A list, a tuple or a dictionary; None of a list of numbers, and of what is written otherwise."""
    try:
        value = literal(node)
    except ValueError:
        value = None
    if isinstance(node, ast.List) and _is_numeric(value):
        return made if (made := _listed(value)).dtype else None
    try:
        found = _inside(node, text)
    except ValueError:
        return None
    return Structure(found) if any(isinstance(one, Maker | Computed) for one in flat(found)) else Plain(found)


def _listed(numbers: Any) -> Maker:
    """A list of numbers: floats, or whole numbers where the code wants them; of True and False alone these."""
    booleans = [isinstance(one, bool) for one in flat(numbers)]
    return Maker("tensor", (numbers,), "bool") if booleans and all(booleans) else Maker(FLOATS, (numbers,))


def _inside(node: ast.expr, text: str) -> Any:
    """A part of a structure: lists of numbers are tensors, single numbers Python's own. Raises ValueError."""
    if isinstance(node, ast.Tuple):
        return tuple(_inside(one, text) for one in node.elts)
    if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
        pairs = zip(node.keys, node.values, strict=True)
        return {literal(key): _inside(one, text) for key, one in pairs if key is not None}
    if isinstance(node, ast.List):
        numbers = _numbers(node)
        return [_inside(one, text) for one in node.elts] if numbers is None else _listed(numbers)
    made = any(_is_maker(one) for one in ast.walk(node))
    return _computed(node, text) if made else literal(node)


def _numbers(node: ast.List) -> Any:
    """The numbers of a list; None where it holds anything else."""
    try:
        value = literal(node)
    except ValueError:
        return None
    return value if _is_numeric(value) else None


def flat(value: Any) -> Iterator[Any]:
    """What stands in lists, tuples and dictionaries, however they are nested."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else None
    if inner is None:
        yield value
        return
    for one in inner:
        yield from flat(one)


def _is_numeric(value: Any) -> bool:
    """Is it nothing but numbers, in lists?"""
    return isinstance(value, list | tuple) and all(isinstance(one, int | float) for one in flat(value))


def _dtype(text: str) -> str:
    name = text.removeprefix("torch.").strip("'\"")
    name = {"long": "int64", "float": "float32", "double": "float64", "half": "float16", "int": "int32"}.get(name, name)
    if name not in DTYPES:
        hint = did_you_mean(name, DTYPES) or ", ".join((*DTYPES, *NUMBERS))
        raise PointError(f"`{shortened(name)}` is no number format", hint=hint)
    return name


def _typed(numbers: str, dtype: str, whole: str) -> Written:
    """Numbers with a format, or one of Python's own."""
    try:
        value = literal(ast.parse(numbers.strip(), mode="eval").body)
        if dtype not in NUMBERS:
            return Maker("tensor", (value,), dtype)
        made = NUMBERS[dtype](value)
        if not isinstance(value, int | float) or made != value:
            raise ValueError
    except (SyntaxError, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        hint = f"2:{dtype}" if dtype in NUMBERS else "[0, 2]:int64"
        raise PointError(f"`{shortened(whole)}` is no literal with a number format", hint=hint) from None
    return Plain(made)
