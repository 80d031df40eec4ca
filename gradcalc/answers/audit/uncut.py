"""What to write instead of what hides a number from autograd, or changes what it needs: edits of the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gradcalc.answers.audit.records import CodeBlame
from gradcalc.answers.audit.source import is_module

DROPPED = {"detach", "item", "tolist"}  # methods that cut, without which the graph goes on
COPIES = {"tensor", "as_tensor", "Variable"}
GRAD_OFF = {
    "no_grad": "torch.enable_grad()",
    "inference_mode": "torch.enable_grad()",
    "set_grad_enabled": "torch.set_grad_enabled(True)",
}
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` in place of some characters of a line; `cure` is what is said of it."""

    line: int
    span: tuple[int, int]
    text: str
    cure: str

    def covers(self, other: Edit) -> bool:
        """Does it replace what another one replaces?"""
        return self.line == other.line and self.span[0] <= other.span[0] and other.span[1] <= self.span[1]


def edited(source: str, edits: Sequence[Edit]) -> str:
    """A file with its edits; of two that overlap the one that begins first."""
    lines = source.splitlines(keepends=True)
    for number in {one.line for one in edits}:
        row, kept = lines[number - 1], 0
        pieces = []
        for one in sorted((one for one in edits if one.line == number), key=lambda one: (one.span[0], -one.span[1])):
            if one.span[0] >= kept:
                pieces += [row[kept : one.span[0]], one.text]
                kept = one.span[1]
        lines[number - 1] = "".join([*pieces, row[kept:]])
    return "".join(lines)


def edit(tree: ast.Module, blame: CodeBlame) -> Edit | None:
    """What to write in place of a piece that cuts the graph, or changes something in place."""
    begin, end = blame.span
    piece = blame.source[begin:end]
    if blame.reason == "in-place":
        return _out_of_place(tree, blame) or _layer_out_of_place(tree, blame)
    off = (
        next((one for one in _switches(tree, blame) if one is not None), None) if blame.operation == "no_grad" else None
    )
    if off is not None:
        return off
    try:
        before = ast.parse(piece.strip(), mode="eval")
    except SyntaxError:  # a statement, or an expression of several lines
        return None
    if blame.operation == "create_graph":
        return _with_graph(before, blame)
    text = ast.unparse(_Uncut().visit(before))
    return (
        None if text == ast.unparse(ast.parse(piece.strip(), mode="eval")) else Edit(blame.line, blame.span, text, text)
    )


def _with_graph(call: ast.Expression, blame: CodeBlame) -> Edit | None:
    """A derivative whose graph is kept; of what `backward()` leaves in `.grad` there is none to be had in its place."""
    body = call.body
    if not isinstance(body, ast.Call) or _name(body) != "grad":
        return None
    if any(one.arg == "create_graph" for one in body.keywords):
        return None
    piece = blame.source[slice(*blame.span)].strip().removesuffix(")").rstrip(", ")
    return Edit(blame.line, blame.span, text := f"{piece}, create_graph=True)", text)


def copies(tree: ast.Module, source: str) -> Iterator[Edit]:
    """Every place where a tensor is made of other numbers, with the graph kept."""
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_copy(node) and not isinstance(node.args[0], ast.Constant):
            span = _span(node, lines)
            if span is not None:
                piece = lines[node.lineno - 1][slice(*span)]
                text = ast.unparse(_Uncut().visit(ast.parse(piece, mode="eval")))
                yield Edit(node.lineno, span, text, f"{text} in place of {piece}")


class _Uncut(ast.NodeTransformer):
    """An expression without what cuts the graph."""

    def visit_Call(self, node: ast.Call) -> ast.expr:  # the name that ast calls
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in DROPPED and not node.args:
            return function.value
        if isinstance(function, ast.Name) and function.id == "float" and len(node.args) == 1:
            return node.args[0]
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "math":
            function.value.id = "torch"
        if _is_copy(node):
            inner = node.args[0]
            return _torch("stack", inner) if isinstance(inner, ast.List | ast.Tuple | ast.ListComp) else inner
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # the name that ast calls
        self.generic_visit(node)
        return node.value if node.attr == "data" else node


def _torch(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("torch", ast.Load()), name, ast.Load()), list(arguments), [])


def _is_copy(node: ast.Call) -> bool:
    function = node.func
    own = isinstance(function, ast.Attribute) and function.attr in COPIES and is_module(function.value)
    return (own or (isinstance(function, ast.Name) and function.id == "Variable")) and bool(node.args)


def _switches(tree: ast.Module, blame: CodeBlame) -> Iterator[Edit | None]:
    """Where grad mode is switched off for a line: the block or function around it, or a call anywhere."""
    for node in ast.walk(tree):
        around = isinstance(node, ast.With | ast.FunctionDef) and node.lineno <= blame.line <= (node.end_lineno or 0)
        if isinstance(node, ast.With) and around:
            yield from (_switched(one.context_expr) for one in node.items)
        elif isinstance(node, ast.FunctionDef) and around:
            yield from map(_switched, node.decorator_list)
    yield from (_switched(node) for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in GRAD_OFF)


def _switched(node: ast.expr) -> Edit | None:
    """`torch.no_grad()` and its kin, on instead of off."""
    text = GRAD_OFF.get(_name(node))
    if text is None or node.end_col_offset is None:
        return None
    return Edit(node.lineno, (node.col_offset, node.end_col_offset), text, f"{text} in line {node.lineno}")


def _name(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else ""


def _out_of_place(tree: ast.Module, blame: CodeBlame) -> Edit | None:
    """A statement that makes a new tensor where it changed one."""
    inside = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.Assign | ast.AugAssign) and node.lineno == node.end_lineno == blame.line
    ]  # fmt: skip
    if len(inside) != 1:
        return None
    text = _new(inside[0])
    span = _span(inside[0], {blame.line: blame.source})
    return None if text is None or span is None else Edit(blame.line, span, text, text)


def _new(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        name, operator = statement.target.id, OPERATORS.get(type(statement.op))
        value = ast.unparse(statement.value)
        return operator and f"{name} = {name} {operator} {f'({value})' if ' ' in value else value}"
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return _assigned(statement.value)
    target: ast.expr | None = statement.target if isinstance(statement, ast.AugAssign) else None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        return f"{target.value.id} = {target.value.id}.clone(); {ast.unparse(statement)}"
    return None


def _assigned(call: ast.Call) -> str | None:
    """`y.mul_(2)` and `F.relu(y, inplace=True)`, given to `y`."""
    function, flags = call.func, [one for one in call.keywords if one.arg == "inplace"]
    if flags and call.args and isinstance(call.args[0], ast.Name):
        call.keywords = [one for one in call.keywords if one not in flags]
        return f"{call.args[0].id} = {ast.unparse(call)}"
    if isinstance(function, ast.Attribute) and function.attr.endswith("_") and isinstance(function.value, ast.Name):
        function.attr = function.attr.rstrip("_")
        changed = call.args[0] if call.args and is_module(function.value) else function.value
        return f"{changed.id} = {ast.unparse(call)}" if isinstance(changed, ast.Name) else None
    return None


def _layer_out_of_place(tree: ast.Module, blame: CodeBlame) -> Edit | None:
    """A layer that was made to work in place, made anew, where there is one of that kind alone."""
    kind = blame.operation.removeprefix("aten.").replace("_", "")
    layers = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.lineno == node.end_lineno and node.end_col_offset is not None
        and _name(node).lower() == kind and any(one.arg == "inplace" for one in node.keywords)
    ]  # fmt: skip
    if len(layers) != 1:
        return None
    layer, span = layers[0], (layers[0].col_offset, layers[0].end_col_offset or 0)
    layer.keywords = [one for one in layer.keywords if one.arg != "inplace"]
    text = ast.unparse(layer)
    return Edit(layer.lineno, span, text, f"{text} in line {layer.lineno}")


def _span(node: ast.expr | ast.stmt, lines: Sequence[str] | dict[int, str]) -> tuple[int, int] | None:
    """The characters of a node of one line; Python counts in bytes."""
    if node.lineno != node.end_lineno or node.end_col_offset is None:
        return None
    row = (lines[node.lineno] if isinstance(lines, dict) else lines[node.lineno - 1]).encode()
    return len(row[: node.col_offset].decode()), len(row[: node.end_col_offset].decode())
