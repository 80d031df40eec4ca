"""The formulas of what goes along dimensions: sums, norms and variances, softmax, and losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.elements import by, counted
from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.joining import elementwise, over, plus
from gradcalc.answers.audit.paper.number import Factor, Unwritten
from gradcalc.answers.audit.paper.piece import Operand, Piece
from gradcalc.answers.audit.paper.rows import ALONG, ELEMENTS, FOLDED, LOSSES, NEGATIVE, NORMS, OF_ONE, WHOLE

HALF = 0.5  # of a smooth loss: where it is a square, over 1
REDUCTIONS = (None, "mean", "sum")


def dims_of(given: Bound, one: Any, name: str = "dim") -> tuple[int, ...]:
    """The dimensions of a reduction, counted from the end; all where none is named."""
    rank, dims = one.tensor.dim(), given.get(name)
    chosen = range(rank) if dims is None or dims == [] else [dims] if isinstance(dims, int) else dims
    return tuple(dim % rank - rank for dim in chosen) if rank else ()


def _folded(writer: Writing, given: Bound) -> Piece:
    one, name = counted(writer, given.get("self")), FOLDED[given.name]
    if given.get("other") is not None:  # the larger one of two
        return by(ELEMENTS["maximum" if name == "amax" else "minimum"])(writer, given)
    found = folded(name, one, dims_of(given, given.get("self")))
    whole = len(found.sizes) == 0 and found.text.startswith(f"{name}(")
    return replace(found, text=WHOLE[name] + found.text[len(name) :]) if whole and name in WHOLE else found


def _along(writer: Writing, given: Bound) -> Piece:
    value = given.get("self")
    one, rank = writer.operand(value), value.tensor.dim()
    place = given.get("dim") % rank - rank if rank else 0
    if place not in one.places or one.piece.over:
        raise Unwritten
    if one.piece.masked is not None:
        if ALONG[given.name] != "softmax":
            raise Unwritten
        return masked_softmax(one, place)
    axis = "" if len(one.places) == 1 else f", axis={one.places.index(place)}"
    return replace(one.piece.plainly(), text=f"{ALONG[given.name]}({one.piece.said}{axis})", turned=None)


def masked_softmax(one: Operand, place: int) -> Piece:
    """Softmax of what is minus infinity in places: exp is 0 there."""
    plain = replace(one, piece=replace(one.piece.plainly(one.piece.times), masked=None))
    weights = Operand(elementwise(f"where({one.piece.masked}, 0, exp({{0}}))", [plain]), one.places, one.apart)
    kept = tuple(other for other in one.places if other != place)
    return over(weights, Operand(folded("sum", weights, (place,)), kept, one.apart))


def _log_of_sums(writer: Writing, given: Bound) -> Piece:
    """The logarithm of the running sum of exp."""
    one = writer.operand(given.get("self"))
    grown = replace(one, piece=elementwise("exp({0})", [one]))
    axis = one.places.index(given.get("dim") % given.get("self").tensor.dim() - given.get("self").tensor.dim())
    named = "" if len(one.places) == 1 else f", axis={axis}"
    summed = replace(grown.piece, text=f"cumsum({grown.piece.said}{named})", turned=None)
    return elementwise("log({0})", [replace(one, piece=summed)])


def _least_and_greatest(writer: Writing, given: Bound) -> Sequence[Piece]:
    """Both, of all elements or along a dimension."""
    return [_folded(writer, replace(given, name=name)) for name in ("amin", "amax")]


def _spread(writer: Writing, given: Bound) -> Piece:
    """Variance and deviation; over n - 1 unless told otherwise."""
    value = given.get("self")
    one, dims = writer.operand(value), dims_of(given, value)
    correction = given.get("correction")
    correction = float(given.get("unbiased", True)) if correction is None else float(correction)
    count = 1
    for dim in dims:
        count *= value.tensor.shape[dim]
    found = folded("var", one, dims)
    if correction and count > correction:
        if not found.sizes:
            whole = folded("mean", one, dims)
            off = Operand(elementwise("({0} - {1})**2", [one, Operand(whole)]), one.places, one.apart)
            found = replace(folded("sum", off, dims), times=Factor(1, count - correction))
        else:
            found = replace(found, times=Factor(count, count - correction))
    return found if given.name == "var" else elementwise("sqrt({0})", [Operand(found, _places(found))])


def _norm(writer: Writing, given: Bound) -> Piece:
    value, order = given.get("self"), given.get("ord", given.get("p"))
    one, dims = writer.operand(value), dims_of(given, value)
    name = NORMS.get(2.0 if order is None else float(order))
    if name is None:
        powers = Operand(elementwise(f"(abs({{0}})**{float(order):g})", [one]), one.places, one.apart)
        return elementwise(f"({{0}}**(1/{float(order):g}))", [Operand(folded("sum", powers, dims))])
    if {*one.places} <= {*dims} and one.piece.sizes and not one.piece.batch:
        return folded(name, one, dims)
    if name == "norm":
        squares = Operand(elementwise("({0}**2)", [one]), one.places, one.apart)
        found = folded("sum", squares, dims)
        return elementwise("sqrt({0})", [Operand(found, _places(found))])
    size = Operand(elementwise("abs({0})", [one]), one.places, one.apart)
    return folded("sum" if name == "norm1" else "amax", size, dims)


def _distance(writer: Writing, given: Bound) -> Piece:
    """The norm of a difference."""
    one, other = writer.operand(given.get("self")), writer.operand(given.get("other"))
    name = NORMS.get(float(given.get("p", 2)))
    if name is None or one.piece.batch or one.places != other.places:
        raise Unwritten
    return folded(name, Operand(plus(one, other, -1), one.places), one.places)


def _places(piece: Piece) -> tuple[int, ...]:
    """Places for the axes of a formula by itself."""
    return tuple(range(-len(piece.sizes), 0))


def _loss(writer: Writing, given: Bound) -> Piece:
    """A loss element by element, and how it is reduced."""
    delta = given.get("delta", given.get("beta"))
    template = OF_ONE.get(given.name, "") if delta == 1 else LOSSES[given.name]
    if delta == HALF:
        template = template.replace("/{double}", "")
    weight = given.get("pos_weight")
    if weight is not None:
        template = "({pos_weight}*{target}*softplus(-{self}) + (1 - {target})*softplus({self}))"
    if delta is not None:
        given = replace(given, values={**given.values, "half": float(delta) / 2, "double": 2 * float(delta)})
    piece: Any = by(template)(writer, given)
    if given.name in NEGATIVE:
        piece = replace(piece, times=Factor(-1))
    return reduced(piece, given.get("reduction", 1))


def reduced(piece: Piece, reduction: int) -> Piece:
    """A loss as it is, its mean or its sum."""
    name = REDUCTIONS[reduction]
    if name is None:
        return piece
    places = _places(piece)
    apart = (-len(piece.sizes) - 1,) if piece.batch else ()
    return folded(name, Operand(piece, places, apart), (*apart, *places))


ROWS: Mapping[str, Callable[[Writing, Bound], Piece | Sequence[Piece]]] = {
    **dict.fromkeys(FOLDED, _folded),
    **dict.fromkeys(ALONG, _along),
    **dict.fromkeys(LOSSES, _loss),
    **dict.fromkeys(("var", "std"), _spread),
    **dict.fromkeys(("linalg_vector_norm", "norm"), _norm),
    "dist": _distance,
    "logcumsumexp": _log_of_sums,
    "aminmax": _least_and_greatest,
}
