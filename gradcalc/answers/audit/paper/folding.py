"""Formulas folded along dimensions: sums, means and their like, of some axes or of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper.number import ONE, Unwritten
from gradcalc.answers.audit.paper.piece import Operand, Over, Piece, bare, closes

LINEAR, SPREADS = frozenset({"sum", "mean"}), frozenset({"var", "std"})


def folded(name: str, one: Operand, dims: Sequence[int]) -> Piece:
    """A reduction over dimensions, counted from the end. Raises Unwritten."""
    if one.piece.flat is not None and {*one.places} <= {*dims}:
        whole = replace(one.piece.flat, times=one.piece.times)
        one = Operand(whole, tuple(range(-len(whole.sizes), 0)))
        dims = one.places
    piece = one.piece
    gone = [axis for axis, place in enumerate(one.places) if place in dims]
    if not gone and not any(place in dims for place in one.apart):
        if name in SPREADS:
            raise Unwritten
        return piece
    front, piece = (piece.times, replace(piece, times=ONE)) if name in LINEAR else (ONE, piece)
    minus = (
        None if piece.minus is None or name not in LINEAR else replace(piece.plainly(), text=piece.minus, turned=None)
    )
    made = _folded(name, replace(one, piece=piece), gone, dims)
    if minus is not None:
        made = replace(made, minus=_folded(name, replace(one, piece=minus), gone, dims).text)
    plain, partly = replace(one, piece=piece), bool(made.sizes)
    lines = plain if name == "sum" and partly else piece.lines if name == "mean" and not partly else None
    return replace(made, times=front, lines=lines, summed=plain if name == "sum" and not partly else None)


def _folded(name: str, one: Operand, gone: Sequence[int], dims: Sequence[int]) -> Piece:
    """The reduction of a formula over some of its axes, or all."""
    piece, batched = one.piece, [place in dims for place in one.apart]
    if any(batched):
        if not all(batched) or len(gone) < len(piece.sizes) or name not in LINEAR:
            raise Unwritten
        inner = _whole(name, piece) if piece.sizes else piece.said
        return Piece(inner, over=Over(name, piece.batch))
    if len(gone) == len(piece.sizes):
        return Piece(_whole(name, piece), batch=piece.batch)
    axis, kept = gone[0], piece.sizes[1 - gone[0]]
    if piece.turned is not None:
        axis, text = 1 - axis, piece.times.of(piece.turned)
    else:
        text = piece.said
    return Piece(f"{name}({bare(text)}, axis={axis})", (kept,), batch=piece.batch)


def _whole(name: str, piece: Piece) -> str:
    """The reduction of all elements: of sums the sum, of a diagonal the trace."""
    text = bare(piece.times.of(piece.turned or piece.text))
    one_sum = (
        text.startswith(f"{name}(") and text.endswith((", axis=0)", ", axis=1)")) and closes(text) == len(text) - 1
    )
    if one_sum and name in LINEAR:
        return f"{text[: text.rindex(', axis=')]})"
    if name == "sum" and text.startswith("diag(") and closes(text) == len(text) - 1:
        return f"trace{text[4:]}"
    return f"{name}({text})"
