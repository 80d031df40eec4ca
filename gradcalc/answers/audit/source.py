"""The user's own words for what an operation works on: the pieces of the source expression that it ran for."""

from __future__ import annotations

import ast
from typing import Any

from gradcalc.tracing.places import Place

MODULES = {"torch", "F", "nn", "functional", "special", "linalg", "np", "math"}
ATOMS = (ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.Constant)
BACKWARDS = {"rsub"}  # the operand on the right comes first


def operands(place: Place | None, operation: str) -> list[str]:
    """The operands of an operation, as written, those that are no numbers; none where the source does not tell."""
    if place is None:
        return []
    try:
        expression = ast.parse(place.whole.strip(), mode="eval").body
    except SyntaxError:  # a statement, such as `y += 1`
        return []
    found = [one for one in _parts(expression) if not _is_number(one)]
    return [_text(one) for one in (found[::-1] if operation in BACKWARDS else found)]


def _parts(node: ast.expr) -> list[ast.expr]:
    """What stands around an operator, or in a call; a method's own object is its first argument."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Subscript):
        return [node.value]
    if not isinstance(node, ast.Call):
        return []
    own = isinstance(node.func, ast.Attribute) and not is_module(node.func.value)
    return [*([node.func.value] if own and isinstance(node.func, ast.Attribute) else []), *node.args]


def is_module(node: ast.expr) -> bool:
    """Is it a module's name, so that what is called of it is a function?"""
    last = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return last in MODULES


def _is_number(node: ast.expr) -> bool:
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant)


def _text(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if isinstance(node, ATOMS) else f"({text})"


def replaced(place: Place, pieces: dict[str, str]) -> str:
    """The source of an expression with operands of its own replaced."""

    class Operands(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            if isinstance(node, ast.expr) and (text := _text(node)) in pieces:
                return ast.parse(pieces[text], mode="eval").body
            return self.generic_visit(node)

    return ast.unparse(Operands().visit(ast.parse(place.whole.strip(), mode="eval")))
