"""Rows predicted with weights that were learned before."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.neuron.records import Predicted
from gradcalc.render.document import Document
from gradcalc.render.json import picked
from gradcalc.render.lessons import neuron, neuron_json


def document(lesson: Predicted) -> Document:
    """The table of predictions."""
    return Document(tuple(neuron.predictions(lesson.predictions, lesson.weights.label)))


def quiet(lesson: Predicted) -> str:
    """The probabilities, one a line."""
    return "".join(f"{p!r}\n" for p in lesson.predictions.p)


def record(lesson: Predicted) -> dict[str, Any]:
    """The predictions, and the weights behind them."""
    return picked(lesson, "parameters=weights standardize=weights.scale") | neuron_json.predictions(lesson.predictions)
