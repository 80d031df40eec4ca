"""What the code takes of a result, written after something else: of `log(p[:, 1])` the text with `[:, 1]`."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Mapping

from gradcalc.answers.audit.source import is_module
from gradcalc.tracing.places import Place

TAKING = {
    "gather", "select", "index_select", "take_along_dim", "diagonal", "narrow", "squeeze", "unsqueeze", "view",
    "reshape", "flatten", "t", "transpose",
}  # fmt: skip
DEEPEST = 4  # names that stand for a name


def chained(text: str, place: Place | None) -> str:
    """The text with all that is taken of what the piece at a place works on, also by names that were given before."""
    if place is None:
        return text
    try:
        whole = ast.parse(place.whole.strip(), mode="eval").body
        base = ast.parse(text, mode="eval").body
    except SyntaxError:
        return text
    taken = _taken(_worked_on(whole), base, _assigned(place), DEEPEST)
    return text if taken is None else ast.unparse(taken)


def _worked_on(node: ast.expr) -> ast.expr:
    """What a function is called with; of a quotient what stands above the line."""
    while isinstance(node, ast.Call):
        own = isinstance(node.func, ast.Attribute) and not is_module(node.func.value)
        if own and isinstance(node.func, ast.Attribute) and node.func.attr in TAKING:
            break
        node = node.func.value if own and isinstance(node.func, ast.Attribute) else node.args[0]
    return node.left if isinstance(node, ast.BinOp) else node


def _taken(node: ast.expr, base: ast.expr, assigned: Mapping[str, ast.expr], depth: int) -> ast.expr | None:
    """The node with another base under all that is taken of it; None where nothing is."""
    if isinstance(node, ast.Name) and depth and node.id in assigned:
        return _taken(assigned[node.id], base, assigned, depth - 1)
    if isinstance(node, ast.Subscript):
        return ast.Subscript(_taken(node.value, base, assigned, depth) or base, node.slice, ast.Load())
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKING:
        inner = _taken(node.func.value, base, assigned, depth) or base
        return ast.Call(ast.Attribute(inner, node.func.attr, ast.Load()), node.args, node.keywords)
    return None


def _assigned(place: Place) -> dict[str, ast.expr]:
    """What names stand for at a line of a function: what they were given last."""
    try:
        tree = ast.parse("".join(linecache.getlines(place.file)))
    except SyntaxError:
        return {}
    around = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= place.line <= (node.end_lineno or 0)
    ]  # fmt: skip
    if not around:
        return {}
    found = {}
    for node in ast.walk(around[-1]):
        if isinstance(node, ast.Assign) and node.lineno < place.line and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found
