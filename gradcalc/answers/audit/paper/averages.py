"""A sum that is divided by a size is a mean: where torch divides by itself, or the source calls it a size."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import replace

from gradcalc.answers.audit.paper.bound import Bound
from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.number import Factor
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece

SIZES = re.compile(  # what sizes are called
    r"shape|size|len|numel|n|N|m|B|bs|batch|batch_?size|num_\w+|n_\w+|length|count"
)
DIVIDES = frozenset({"div", "div_", "true_divide", "divide"})


def averaged(piece: Piece, count: float, given: Bound) -> Piece | None:
    """The mean, where the sum was divided by a size: by torch itself, or by what the source calls a size."""
    summed, share = piece.summed, _size_part(given)
    if summed is None or share is None or piece.over or not summed.piece.sizes:
        return None
    sizes, count = summed.piece.sizes, count / share
    if count not in (sizes[0], math.prod(sizes)):
        return None
    inner = summed
    if count == sizes[0] and len(sizes) == MATRIX:
        inner = Operand(folded("sum", summed, summed.places[1:]), summed.places[:1])
    return replace(folded("mean", inner, inner.places), times=piece.times / Factor(share))


def over_all(piece: Piece, number: Factor, given: Bound) -> Piece | None:
    """The mean of all elements, where torch itself multiplied the mean of the sums of lines by a part of one."""
    lines, rows = piece.lines, piece.text.startswith("mean(sum(") and piece.text.endswith(", axis=1))")
    if lines is None or not rows or lines.piece.turned or lines.piece.batch or not isinstance(_source(given), ast.Call):
        return None
    return replace(folded("mean", lines, lines.places), times=piece.times * number * Factor(lines.piece.sizes[-1]))


def _source(given: Bound) -> ast.expr | None:
    """What the user wrote where the operation ran; None where that is no expression."""
    try:
        return ast.parse(given.step.place.whole.strip() if given.step.place else "", mode="eval").body
    except SyntaxError:
        return None


def _size_part(given: Bound) -> float | None:
    """By what else than a size a number divides, as the user wrote it: by 2 in `/ (2 * n)`; None where by no size."""
    root = _source(given)
    if isinstance(root, ast.Call):  # of a loss that divides by itself
        return None if isinstance(root.func, ast.Attribute) and root.func.attr in DIVIDES else 1.0
    if not isinstance(root, ast.BinOp):
        return None
    share, pending, sized = 1.0, [root.right], False
    while pending:
        one = pending.pop()
        if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult):
            pending += [one.left, one.right]
        elif isinstance(one, ast.Constant) and isinstance(one.value, int | float):
            share *= one.value
        else:
            sized = any(SIZES.fullmatch(_word(part)) for part in ast.walk(one))
    return share if sized else None


def _word(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
