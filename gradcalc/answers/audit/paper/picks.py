"""The formulas of what numbers pick, classes and rows: these become rows of 0 and 1, as in textbooks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.joining import elementwise, matmul, over, plus, times
from gradcalc.answers.audit.paper.number import Factor, Unwritten
from gradcalc.answers.audit.paper.piece import MATRIX, Axes, Operand, Piece, axes_of

LOG_SOFTMAX = "log_softmax("
MEAN, SUM = 1, 2  # torch's numbers for reductions
LABELS, ROWS_NAME = "y", "rows"


def _one_hot(
    writer: Writing, tensor: Any, classes: int, axes: Axes, ignored: int | None = None, otherwise: str = LABELS
) -> Piece:
    """Class numbers as rows of 0 and 1, under the name that they have."""
    numbers = [one % classes if one != ignored else -1 for one in tensor.reshape(-1).tolist()]
    rows = [float(place == one) for one in numbers for place in range(classes)]
    same = (name for name, one in writer.given.items() if one.reshape(-1).tolist() == tensor.reshape(-1).tolist())
    found = writer.constant(next(same, otherwise), rows, axes)
    if len(rows) != math.prod((*axes[0], *axes[1])):
        raise Unwritten
    if -1 not in numbers:
        writer.hot.add(found.text)
    return found


def _axes(one: Operand) -> Axes:
    return one.piece.batch, one.piece.sizes


def _embedding(writer: Writing, given: Bound) -> Piece:
    return _selected(writer, given.get("weight"), given.get("indices").tensor)


def _selected(writer: Writing, value: Any, chosen: Any) -> Piece:
    """The rows of a matrix, or the elements of a vector, that numbers name: `rows @ E`."""
    one, size = writer.operand(value), value.tensor.shape[0]
    if str(chosen.dtype) == "torch.bool":
        chosen = chosen.nonzero().reshape(-1)
    picks = _one_hot(writer, chosen, size, axes_of((*chosen.shape, size)), otherwise=ROWS_NAME)
    if one.piece.batch or not one.piece.sizes or one.piece.sizes[0] != size:
        raise Unwritten
    places = tuple(range(-len(one.piece.sizes), 0)) if len(one.piece.sizes) == MATRIX else (-2,)
    rows = (-2, -1) if len(picks.sizes) == MATRIX else (-1,)
    return matmul(Operand(picks, rows, (-3,) if picks.batch else ()), replace(one, places=places))


def _index(writer: Writing, given: Bound) -> Piece:
    """`x[i]`, `x[:, i]`, and `x[range(n), y]`, an element of each row."""
    value, indices = given.get("self"), given.get("indices")
    used = [one for one in indices if one is not None]
    if len(used) == 1 and indices[0] is not None and used[0].tensor.dim() == 1:
        return _selected(writer, value, used[0].tensor)
    if len(used) != MATRIX or len(indices) != MATRIX:
        raise Unwritten
    if used[0].tensor.reshape(-1).tolist() != list(range(value.tensor.shape[0])):
        raise Unwritten
    return _of_rows(writer, value, used[1].tensor.reshape(-1))


def _gathered(writer: Writing, given: Bound) -> Piece:
    value, places = given.get("self"), given.get("index").tensor
    if given.get("dim") % value.tensor.dim() != value.tensor.dim() - 1 or places.shape[-1] != 1:
        raise Unwritten
    return _of_rows(writer, value, places.squeeze(-1))


def _of_rows(writer: Writing, value: Any, classes: Any) -> Piece:
    """An element of each row: `sum(x*y, axis=1)`, y being rows of 0 and 1."""
    one = writer.operand(value)
    picks = _one_hot(writer, classes, value.tensor.shape[-1], _axes(one))
    if one.piece.sizes[-1:] != picks.sizes[-1:]:
        raise Unwritten
    return folded("sum", Operand(times(Operand(picks, one.places, one.apart), one), one.places, one.apart), (-1,))


def _index_selected(writer: Writing, given: Bound) -> Piece:
    if given.get("dim") % max(given.get("self").tensor.dim(), 1):
        raise Unwritten
    return _selected(writer, given.get("self"), given.get("index").tensor)


def _nll(writer: Writing, given: Bound) -> Piece:
    """Negative log-likelihood of classes."""
    value, weight, reduction, ignored = (given.get(key) for key in ("self", "weight", "reduction", "ignore_index"))
    one, classes = writer.operand(value), given.get("target").tensor
    picks = Operand(_one_hot(writer, classes, value.tensor.shape[-1], _axes(one), ignored), one.places, one.apart)
    if one.piece.sizes != picks.piece.sizes:
        raise Unwritten
    counted = ignored not in classes.reshape(-1).tolist()
    if reduction == MEAN and weight is None and counted:
        return _mean_nll(one, picks)
    logs, weights = one, None
    if weight is not None:
        weights = writer.operand(weight)
        logs = Operand(times(weights, one), one.places, one.apart)
    each = times(picks, logs)
    if reduction not in (MEAN, SUM):
        found = folded("sum", Operand(each, one.places, one.apart), (-1,))
        return replace(found, times=-found.times)
    total = folded("sum", Operand(each, one.places, one.apart), (*one.apart, *one.places))
    total = replace(total, times=-total.times)
    if reduction == SUM:
        return total
    count = picks if weights is None else Operand(times(picks, weights), one.places)
    return over(Operand(total), Operand(folded("sum", count, one.places)))


def _nll_back(writer: Writing, given: Bound) -> Piece:
    """Back from the negative log-likelihood: less the rows of 0 and 1, over their number."""
    value, weight, reduction, ignored = (given.get(key) for key in ("self", "weight", "reduction", "ignore_index"))
    one, classes, g = writer.operand(value), given.get("target").tensor, writer.operand(given.get("grad_output"))
    if weight is not None or ignored in classes.reshape(-1).tolist() or not one.piece.sizes:
        raise Unwritten
    picks = Operand(_one_hot(writer, classes, value.tensor.shape[-1], _axes(one), ignored), one.places, one.apart)
    g = replace(g, places=tuple(place - 1 for place in g.places), apart=tuple(place - 1 for place in g.apart))
    found = times(g, picks)
    return replace(found, times=found.times * Factor(-1.0, float(classes.numel() if reduction == MEAN else 1)))


def _mean_nll(one: Operand, picks: Operand) -> Piece:
    """The mean of what classes pick, which has a name of its own."""
    text, piece = one.piece.text, one.piece
    if piece.times.value != 1:
        raise Unwritten
    inner = text.removeprefix(LOG_SOFTMAX).removesuffix(")")
    matched = text.startswith(LOG_SOFTMAX) and inner.endswith(", axis=1") and len(piece.sizes) == MATRIX
    if matched or (text.startswith(LOG_SOFTMAX) and len(piece.sizes) == 1):
        found = f"cross_entropy({inner.removesuffix(', axis=1')}, {picks.piece.text})"
    else:
        found = f"nll({piece.said}, {picks.piece.text})"
    if not piece.batch:
        return Piece(found)
    return folded("mean", Operand(Piece(found, batch=piece.batch), (), (-1,)), (-1,))


def _nll_of_images(writer: Writing, given: Bound) -> Piece:
    """The same of a class for each place of an image: channels are rows, one for each class."""
    value, weight, reduction, ignored = (given.get(key) for key in ("self", "weight", "reduction", "ignore_index"))
    one, target = writer.operand(value), given.get("target").tensor
    classes, odd = value.tensor.shape[1], weight is not None or ignored in target.reshape(-1).tolist()
    if odd or reduction not in (MEAN, SUM) or len(one.piece.sizes) != MATRIX or one.piece.sizes[0] != classes:
        raise Unwritten
    items = target.reshape(len(target), -1).tolist()
    numbers = [float(label == number) for item in items for number in range(classes) for label in item]
    picks = replace(one, piece=writer.constant(LABELS, numbers, _axes(one)))
    each = folded("sum", replace(one, piece=times(picks, one)), one.places[:1])
    found = Operand(replace(each, times=-each.times), one.places[1:], one.apart)
    return folded("mean" if reduction == MEAN else "sum", found, (*one.apart, *one.places[1:]))


def _multi_margin(writer: Writing, given: Bound) -> Piece:
    """The mean of the hinges of all classes but the right one."""
    value = given.get("self")
    one, margin = writer.operand(value), float(given.get("margin"))
    picks = Operand(_one_hot(writer, given.get("target").tensor, value.tensor.shape[-1], _axes(one)), one.places)
    kept = tuple(place for place in one.places if place != -1)
    right = Operand(folded("sum", Operand(times(picks, one), one.places), (-1,)), kept)
    off = Operand(plus(writer.operand(margin), Operand(plus(one, right, -1), one.places)), one.places)
    hinge = Operand(elementwise("relu({0})", [off]), one.places)
    others = Operand(plus(writer.operand(1), picks, -1), one.places)
    found = Operand(times(others, hinge), one.places)
    reduction, classes = given.get("reduction"), value.tensor.shape[-1]
    if reduction == MEAN:
        return folded("mean", found, one.places)
    summed = folded("sum", found, one.places if reduction == SUM else (-1,))
    return replace(summed, times=summed.times * Factor(1, classes))


def picked(numbers: Sequence[float], classes: int) -> list[float] | None:
    """The places of the ones, where rows are each a single 1 among zeros."""
    rows = [numbers[place : place + classes] for place in range(0, len(numbers), classes)]
    if any(sorted(row) != [0.0] * (classes - 1) + [1.0] for row in rows):
        return None
    return [float(row.index(1.0)) for row in rows]


def called(given: Mapping[str, Any], numbers: Sequence[float], shape: Sequence[int]) -> tuple[str, bool]:
    """The name of a tensor that the user gave, or that has a row of 0 and 1 for each of his numbers; is it one?"""
    for name, one in given.items():
        own, known = tuple(one.shape), one.double().reshape(-1).tolist()
        if own == tuple(shape) and known == list(numbers):
            return name, False
        if own == tuple(shape[:-1]) and len(shape) > 1 and known == picked(numbers, shape[-1]):
            return name, True
    return "", False


ROWS: Mapping[str, Callable[[Writing, Bound], Piece]] = {
    "embedding": _embedding, "index": _index, "gather": _gathered, "index_select": _index_selected,
    "nll_loss_forward": _nll, "nll_loss2d_forward": _nll_of_images, "multi_margin_loss": _multi_margin,
    "nll_loss_backward": _nll_back,
}  # fmt: skip
