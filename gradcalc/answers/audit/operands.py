"""What an operation reads, in the words of the user's source: `x` and `w` of `x @ w`."""

from __future__ import annotations

import ast

from gradcalc.tracing.places import Place


def operands(place: Place | None, operation: str, count: int) -> list[str]:
    """The texts of the operands of the expression at a place, where it is that operation on so many; else none."""
    try:
        root = ast.parse(" ".join(place.whole.split()) if place else "", mode="eval").body
    except SyntaxError:
        return []
    if isinstance(root, ast.BinOp):
        parts: list[ast.expr] = [root.left, root.right]
    elif isinstance(root, ast.Call) and isinstance(root.func, ast.Attribute) and root.func.attr == operation:
        parts = [*root.args, *(one.value for one in root.keywords)]
    else:
        return []
    named = [ast.unparse(one) for one in parts if not isinstance(one, ast.Constant)]
    return named if len(named) == count else []
