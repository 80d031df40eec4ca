"""The loss of a neuron with one feature as a surface over w and b, and the way that training took on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradcalc.answers.plot.plane import LINES, even, heights, inner
from gradcalc.answers.plot.records import Arrow, Ends, SurfacePlot
from gradcalc.base.errors import UsageError
from gradcalc.engines.torch import torch
from gradcalc.lessons.neuron.records import Fit
from gradcalc.lessons.neuron.training_torch import Rows
from gradcalc.lessons.neuron.weights import Weights
from gradcalc.lessons.notebook_torch import Tensor

MOST = 2_000  # rows that the surface is the mean of
AROUND, LEAST = 0.75, 1.0  # of the way that training took: what is seen beside it, and at least
EXPRESSION = "mean(softplus(w*x + b) - y*(w*x + b))"  # the loss, from z and not from p


def surface(lesson: Fit) -> SurfacePlot:
    """The surface about the descent, in float64. Raises UsageError where there are several weights."""
    features = lesson.dataset.features
    if len(features) != 1:
        raise UsageError("a surface of the loss is over one weight and b", hint="name one feature with --features")
    path = [_place(lesson.initial), *(_place(one.weights) for one in lesson.epochs)]
    box = {"w": _around([w for w, _ in path]), "b": _around([b for _, b in path])}
    x, y = _rows(lesson)
    ws, bs = even(*box["w"], LINES), even(*box["b"], LINES)
    values = tuple(tuple(_loss(x, y, ws, b).tolist()) for b in bs)
    arrows = tuple(arrow for b in inner(*box["b"]) for arrow in _arrows(x, y, inner(*box["w"]), b))
    found = SurfacePlot(
        EXPRESSION, "L", ("w", "b"), box, {}, tuple(ws), tuple(bs), values, (0, 1), arrows, path=tuple(path)
    )
    return replace(found, limits=heights(found))


def _place(weights: Weights) -> Ends:
    (w,) = weights.w.values()
    return w, weights.b


def _around(numbers: Sequence[float]) -> Ends:
    """What is seen beside the way."""
    low, high = min(numbers), max(numbers)
    beside = max(AROUND * (high - low), LEAST)
    return low - beside, high + beside


def _rows(lesson: Fit) -> tuple[Tensor, Tensor]:
    """The feature, standardized where training was, and the labels; of very many rows, some that are spread evenly."""
    features, labels = Rows(lesson.dataset, lesson.initial, "float64").block(0)
    step = -(-len(labels) // MOST)
    return features[::step, 0], labels[::step]


def _loss(x: Tensor, y: Tensor, ws: Sequence[float], b: float) -> Tensor:
    """The mean loss for each w, with one b."""
    z = torch.tensor(ws, dtype=x.dtype)[:, None] * x + b
    return (torch.logaddexp(z, torch.zeros_like(z)) - y * z).mean(dim=1)


def _arrows(x: Tensor, y: Tensor, ws: Sequence[float], b: float) -> list[Arrow]:
    """The gradient for each w: the mean of (p - y)·x, and of p - y."""
    off = torch.sigmoid(torch.tensor(ws, dtype=x.dtype)[:, None] * x + b) - y
    slopes = zip((off * x).mean(dim=1).tolist(), off.mean(dim=1).tolist(), strict=True)
    return [Arrow((w, b), slope) for w, slope in zip(ws, slopes, strict=True)]
