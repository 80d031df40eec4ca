"""The formulas of layers: normalisation and attention."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.paper.along import masked_softmax
from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.combined import constant_matrix
from gradcalc.answers.audit.paper.elements import hide, hiding
from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.joining import elementwise, matmul, over, plus, times
from gradcalc.answers.audit.paper.number import Factor, Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Operand, Piece


def _normalized(writer: Writing, one: Operand, dims: Sequence[int], eps: float) -> Operand:
    """x less its mean over the root of its variance."""
    kept = tuple(place for place in one.places if place not in dims)
    mean, spread = (Operand(folded(name, one, dims), kept, one.apart) for name in ("mean", "var"))
    off = Operand(plus(one, mean, -1), one.places, one.apart)
    root = Operand(elementwise("sqrt({0} + {1})", [spread, writer.scalar("eps", eps)]), kept, one.apart)
    return Operand(over(off, root), one.places, one.apart)


def _affine(writer: Writing, one: Operand, given: Bound, place: int | None) -> Piece:
    """What is normalised times a weight plus a bias, where there are such; vectors along the axis at a place."""
    for name, join in (("weight", times), ("bias", plus)):
        if given.get(name) is not None:
            other = writer.operand(given.get(name))
            placed = other if place is None else replace(other, places=tuple(place for _ in other.places))
            one = replace(one, piece=join(one, placed))
    return one.piece


def _layer_norm(writer: Writing, given: Bound) -> Piece:
    one, count = writer.operand(given.get("input")), len(given.get("normalized_shape"))
    found = _normalized(writer, one, range(-count, 0), given.get("eps"))
    return _affine(writer, found, given, -1 if count == 1 else None)


def _batch_norm(writer: Writing, given: Bound) -> Piece:
    value = given.get("input")
    one, place = writer.operand(value), 1 - value.tensor.dim()
    if given.get("training", given.get("train", True)):
        if place == 1 - value.tensor.dim() and one.places[-1:] == (-1,) and _is_laid_flat(one, value):
            return _of_flat_rows(writer, one, given)
        if {*one.apart} - {place}:
            raise Unwritten
        others = [other for other in range(-value.tensor.dim(), 0) if other != place]
        return _affine(writer, _normalized(writer, one, others, given.get("eps")), given, place)
    mean, spread = (
        replace(found, places=tuple(place for _ in found.places))
        for found in (writer.operand(given.get("running_mean")), writer.operand(given.get("running_var")))
    )
    off = Operand(plus(one, mean, -1), one.places, one.apart)
    root = elementwise("sqrt({0} + {1})", [spread, writer.scalar("eps", given.get("eps"))])
    return _affine(writer, Operand(over(off, Operand(root, spread.places)), one.places, one.apart), given, place)


def _is_laid_flat(one: Operand, value: Any) -> bool:
    """Is each item of a batch a row, its channels side by side?"""
    shape = value.tensor.shape
    return len(shape) > MATRIX and not one.piece.batch and one.piece.sizes == (shape[0], math.prod(shape[1:]))


def _of_flat_rows(writer: Writing, one: Operand, given: Bound) -> Piece:
    """Normalised over all elements of each channel: `M` has their means, `S` brings these back to each of them."""
    count, wide = given.get("input").tensor.shape[1], one.piece.sizes[1]
    rows = [[float(column * count // wide == row) for column in range(wide)] for row in range(count)]
    shares = [[number * count / wide for number in column] for column in zip(*rows, strict=True)]
    means, back = constant_matrix(writer, shares, ("M", MEANS)), constant_matrix(writer, rows, ("S", CHANNELS))
    off = f"({one.piece.said} - mean({one.piece.said}, axis=0) @ {means} @ {back})"
    eps = writer.scalar("eps", given.get("eps")).piece.said
    text = f"({off} / (sqrt(mean({off}**2, axis=0) @ {means} + {eps}) @ {back}))"
    for name, sign in (("weight", "*"), ("bias", "+")):
        if given.get(name) is not None:
            text = f"({text} {sign} ({writer.operand(given.get(name)).piece.said} @ {back}))"
    return Piece(text, one.piece.sizes)


def _group_norm(writer: Writing, given: Bound) -> Piece:
    """Normalised over groups of channels, which are rows of what is normalised."""
    value, groups = given.get("input"), given.get("group")
    one, place = writer.operand(value), 1 - value.tensor.dim()
    if len(one.piece.sizes) != MATRIX or one.places[0] != place:
        raise Unwritten
    channels, length = one.piece.sizes
    rows, dims = one, one.places if groups == 1 else one.places[1:]
    if 1 < groups < channels:
        sizes = groups, channels * length // groups
        rows = replace(one, piece=Piece(f"reshape({one.piece.said}, {groups}, -1)", sizes, batch=one.piece.batch))
    found = _normalized(writer, rows, dims, given.get("eps"))
    if 1 < groups < channels:
        whole = f"reshape({found.piece.said}, {channels}, -1)"
        found = replace(found, piece=Piece(whole, one.piece.sizes, batch=one.piece.batch))
    return _affine(writer, found, given, place)


def _rms_norm(writer: Writing, given: Bound) -> Piece:
    one = writer.operand(given.get("input"))
    squares = Operand(elementwise("({0}**2)", [one]), one.places, one.apart)
    kept = tuple(place for place in one.places if place != -1)
    mean = Operand(folded("mean", squares, (-1,)), kept, one.apart)
    eps = given.get("eps")
    small = writer.scalar("eps", eps if eps is not None else float(math.ulp(1.0)))
    root = Operand(elementwise("sqrt({0} + {1})", [mean, small]), kept, one.apart)
    return _affine(writer, Operand(over(one, root), one.places, one.apart), given, -1)


def _attention(writer: Writing, given: Bound) -> Piece:
    """softmax(q @ k.T / sqrt(d)) @ v."""
    q, k, v = (writer.operand(given.get(name)) for name in ("query", "key", "value"))
    if given.get("dropout_p"):
        raise Unwritten
    turned = replace(k, piece=replace(k.piece, text=k.piece.transposed, sizes=k.piece.sizes[::-1]))
    if any(len(one.piece.sizes) != MATRIX for one in (q, k, v)):
        raise Unwritten
    scale = given.get("scale") or 1 / math.sqrt(q.piece.sizes[-1])
    scores = matmul(q, turned)
    scores = _masked(writer, given, Operand(replace(scores, times=scores.times * Factor(scale)), (-2, -1), q.apart))
    if scores.masked is not None:
        soft = masked_softmax(Operand(scores, (-2, -1), q.apart), -1)
    else:
        soft = replace(scores.plainly(), text=f"softmax({scores.said}, axis=1)")
    return matmul(Operand(soft, (-2, -1), q.apart), v)


def _masked(writer: Writing, given: Bound, scores: Operand) -> Piece:
    """Scores with what is added to them: numbers, or minus infinity for what is not to be seen, as what comes later."""
    added = given.get("attn_mask")
    if given.get("is_causal"):
        rows, columns = scores.piece.sizes
        later = [float(column > row) for row in range(rows) for column in range(columns)]
        found = writer.constant("mask", later, ((), (rows, columns)))
        return hide(scores, Operand(replace(found, text=f"({found.text} > 0)"), (-2, -1)))
    if added is None:
        return scores.piece
    hidden = hiding(writer, added)
    return plus(scores, writer.operand(added)) if hidden is None else hide(scores, hidden)


MEANS = "`{name}` has the weights of the mean of each channel"
CHANNELS = "`{name}` has a row for each channel, with a 1 for each of its elements in a row of images"
ROWS: Mapping[str, Callable[[Writing, Bound], Piece]] = {
    "native_layer_norm": _layer_norm, "native_group_norm": _group_norm,
    "native_batch_norm": _batch_norm, "_native_batch_norm_legit": _batch_norm,
    "_fused_rms_norm": _rms_norm, "_scaled_dot_product_flash_attention_for_cpu": _attention,
}  # fmt: skip
