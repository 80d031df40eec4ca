"""The formulas of what autograd's own backward passes run, where the code derives inside: penalties, physics losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from gradcalc.answers.audit.paper.along import dims_of
from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.elements import by
from gradcalc.answers.audit.paper.folding import folded
from gradcalc.answers.audit.paper.joining import elementwise, plus, times
from gradcalc.answers.audit.paper.number import ONE, Factor, Unwritten
from gradcalc.answers.audit.paper.piece import Operand, Piece, closes, number_of

FROM, MEAN = "grad_output", 1  # the gradient that comes from above; torch's number for a mean
LOG, RELU = "log_softmax(", "relu("
SLOPES = {  # by which it is multiplied, element by element
    "tanh_backward": "(1 - {output}**2)", "sigmoid_backward": "({output} * (1 - {output}))",
    "leaky_relu_backward": "where({self} > 0, 1, {negative_slope})",
    "hardtanh_backward": "where({self} > {min_val}, where({self} < {max_val}, 1, 0), 0)",
    "gelu_backward": "(ndtr({self}) + {self}*exp(-{self}**2/2)/sqrt(2*pi))",
    "silu_backward": "(sigmoid({self}) * (1 + {self}*(1 - sigmoid({self}))))",
    "softplus_backward": "sigmoid({self})", "log_sigmoid_backward": "sigmoid(-{self})",
    "elu_backward": "where({self_or_result} > 0, 1, {alpha}*exp({self_or_result}))",
}  # fmt: skip


def _sloped(writer: Writing, given: Bound) -> Piece:
    slope = by(SLOPES[given.name])(writer, given)
    return times(writer.operand(given.get(FROM)), _as_read(slope, given, "output", "self", "self_or_result"))


def _rectified(writer: Writing, given: Bound) -> Piece:
    """What torch hands over is relu's result, which is above 0 where what relu took is."""
    one = writer.operand(given.get("self"))
    inner = one.piece.text.removeprefix(RELU)
    if given.get("threshold") or not one.piece.text.startswith(RELU) or closes(f"({inner}") != len(inner):
        raise Unwritten
    taken = replace(one, piece=replace(one.piece.plainly(), text=f"({inner}", turned=None))
    return times(writer.operand(given.get(FROM)), replace(one, piece=elementwise("where({0} > 0, 1, 0)", [taken])))


def _as_read(piece: Piece, given: Bound, *names: str) -> Operand:
    """A formula of a tensor among the arguments, with that one's axes."""
    rank = next(one for name in names if (one := given.get(name)) is not None).tensor.dim()
    shape = given.step.outputs[0].shape
    places = tuple(place - rank for place, size in enumerate(shape) if size != 1)
    own = places[len(places) - len(piece.sizes) :]
    return Operand(piece, own, places[: len(places) - len(own)])


def _softmax(writer: Writing, given: Bound) -> Piece:
    """`p*(g - sum(p*g))`, and of its logarithm `g - p*sum(g)`."""
    g, y = (writer.operand(given.get(name)) for name in (FROM, "output"))
    dims = dims_of(given, given.get("output"))
    if not set(dims) <= {*g.places}:
        raise Unwritten
    kept = tuple(place for place in g.places if place not in dims)
    if given.name == "_log_softmax_backward_data":
        text = y.piece.text
        soft = text.removeprefix("log_") if text.startswith(LOG) and closes(text) == len(text) - 1 else f"exp({text})"
        p = Operand(replace(y.piece.plainly(), text=soft, turned=None), y.places, y.apart)
        front, g = g.piece.times, replace(g, piece=replace(g.piece, times=ONE))
        less = Operand(times(p, Operand(_total(writer, g, dims), kept, g.apart)), g.places, g.apart)
        made = plus(g, less, -1) if front.value > 0 else plus(less, g, -1)
        return replace(made.plainly(), times=front if front.value > 0 else -front)
    total = Operand(folded("sum", Operand(times(g, y), g.places, g.apart), dims), kept, g.apart)
    return times(y, Operand(plus(g, total, -1), g.places, g.apart))


def _total(writer: Writing, g: Operand, dims: tuple[int, ...]) -> Piece:
    """The sum of a gradient along dimensions: of rows with one 1, which is what a loss of classes sends, it is 1."""
    if g.piece.text in writer.hot and dims == (-1,):
        return replace(number_of(1.0), times=g.piece.times)
    return folded("sum", g, dims)


def _squared(writer: Writing, given: Bound) -> Piece:
    """Twice the distance, over the number of elements for a mean."""
    one, other, g = (writer.operand(given.get(name)) for name in ("self", "target", FROM))
    off = Operand(plus(one, other, -1), max(one.places, other.places, key=len), one.apart or other.apart)
    found = times(g, off)
    count = given.get("self").tensor.numel() if given.get("reduction") == MEAN else 1
    return found.plainly(found.times * Factor(2.0, float(count)))


ROWS: Mapping[str, Callable[[Writing, Bound], Piece]] = {
    **dict.fromkeys(SLOPES, _sloped),
    **dict.fromkeys(("_softmax_backward_data", "_log_softmax_backward_data"), _softmax),
    "mse_loss_backward": _squared, "threshold_backward": _rectified,
}  # fmt: skip
