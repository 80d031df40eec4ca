"""What is audited, as it is written: a file or a package's module, and in it a name, a call with literals, a method."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcalc.base.errors import UsageError, shortened

HINT = "write FILE.py:function, package.module:function, or a call of literals: FILE.py:Model(8)"
WRITTEN = re.compile(r"(?P<file>.+?\.py):(?P<what>.+)|(?P<module>[^\W\d]\w*(\.\w+)*):(?P<what_of_module>.+)", re.DOTALL)
LONGEST = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Made:
    """A call, with the literals that it is given."""

    arguments: Sequence[Any]
    named: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TargetText:
    """Where to look, and the way to what is meant: names, and calls of what the names before have led to."""

    where: str
    is_file: bool
    steps: tuple[str | Made, ...]
    text: str  # of the way

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.where)


def read_target(text: str) -> TargetText:
    """A target as it is written. Raises UsageError."""
    found = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    what = found and (found["what"] or found["what_of_module"])
    if found is None or not what:
        raise UsageError(f"`{shortened(text)}` is no target", hint=HINT)
    try:
        steps = tuple(_steps(ast.parse(what.strip(), mode="eval").body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # ValueError: a null byte, or no literal
        raise UsageError(f"`{shortened(text)}` is no target", hint=HINT) from None
    return TargetText(found["file"] or found["module"], found["file"] is not None, steps, what.strip())


def _steps(node: ast.expr) -> list[str | Made]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [*_steps(node.value), node.attr]
    if isinstance(node, ast.Call) and all(one.arg for one in node.keywords):
        named = {str(one.arg): literal(one.value) for one in node.keywords}
        return [*_steps(node.func), Made([literal(one) for one in node.args], named)]
    raise ValueError(ast.dump(node))


def literal(node: ast.expr) -> Any:
    """The value of a literal: numbers, texts, True, False, None, and lists, tuples and dictionaries of such.

    Raises ValueError at anything else.
    """
    if isinstance(node, ast.Constant) and not isinstance(node.value, bytes | complex) and node.value is not ...:
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = literal(node.operand)
        if isinstance(value, int | float):
            return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.List):
        return [literal(one) for one in node.elts]
    if isinstance(node, ast.Tuple):
        return tuple(literal(one) for one in node.elts)
    if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
        return {literal(key): literal(one) for key, one in zip(node.keys, node.values, strict=True) if key is not None}
    raise ValueError(ast.dump(node))
