"""The lesson of one neuron as JSON: on one example with plain numbers, on a file with a weight for each feature."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.records import Row
from gradcalc.lessons.neuron.records import Example, Factor, Fit, Pass, Predicted, Predictions, Spelled
from gradcalc.lessons.neuron.weights import Weights
from gradcalc.render import json
from gradcalc.render.lessons.neuron_example import SYMBOLS
from gradcalc.render.lessons.neuron_loss import SPELLINGS
from gradcalc.render.pages import comparison_json


def record(lesson: Fit) -> dict[str, Any]:
    """The lesson as JSON."""
    settings, example, check = lesson.settings, lesson.example, lesson.check
    return {
        "schema": json.SCHEMA,
        "data": _data(lesson) if example is None else {"iq": example.iq, "placed": example.placed},
        "parameters": _weights(lesson.initial, example),
        "forward": ({"rows": check.rows} if example is None else {"z": example.by_hand.z, "p": example.by_hand.p})
        | {"loss": check.loss},
        "gradient": _gradient(lesson),
        "update": {"lr": settings.lr, **_weights(lesson.first, example)},
        "epochs": [_pass(epoch, example) for epoch in lesson.epochs],
        "dtype": settings.dtype,
        "optimizer": settings.optimizer,
        "zero_grad": settings.zero_grad,
        **(_rows(lesson) if example is None else _example(lesson, example)),
        **_predictions(lesson.predictions),
        "verdict": None if check.comparison is None else check.comparison.verdict,
    }


def predicted_record(lesson: Predicted) -> dict[str, Any]:
    """Predictions alone, as JSON."""
    return {
        "schema": json.SCHEMA,
        "parameters": _weights(lesson.weights),
        "standardize": _scale(lesson.weights),
        **_predictions(lesson.predictions),
    }


def _data(lesson: Fit) -> dict[str, Any]:
    dataset = lesson.dataset
    return {
        "file": str(dataset.path), "rows": dataset.rows, "features": list(dataset.features), "label": dataset.label,
    }  # fmt: skip


def _weights(weights: Weights, example: Example | None = None) -> dict[str, Any]:
    return {"w": dict(weights.w) if example is None else next(iter(weights.w.values())), "b": weights.b}


def _gradient(lesson: Fit) -> dict[str, Any] | None:
    check = lesson.check
    if check.comparison is None:
        return None
    rows: list[Row] = check.comparison.rows
    if lesson.example is not None:
        return {row.name: comparison_json.row(row) for row in rows}
    *by_w, by_b = (comparison_json.row(row) | {"by_hand": hand} for row, hand in zip(rows, check.by_hand, strict=True))
    return {"w": dict(zip(lesson.initial.features, by_w, strict=True)), "b": by_b}


def _pass(epoch: Pass, example: Example | None) -> dict[str, Any]:
    gradient = {} if example is None else {"gradient": dict(zip("wb", epoch.gradient, strict=True))}
    return {"epoch": epoch.number, "loss": epoch.loss, **_weights(epoch.weights, example), **gradient}


def _rows(lesson: Fit) -> dict[str, Any]:
    """What only many rows have."""
    return {
        "batch_size": lesson.settings.batch(lesson.dataset.rows),
        "seed": lesson.settings.seed,
        "standardize": _scale(lesson.initial),
        "accuracy": lesson.right / lesson.dataset.rows,
    }


def _scale(weights: Weights) -> dict[str, Any] | None:
    return None if weights.scale is None else {"mean": dict(weights.scale.mean), "std": dict(weights.scale.std)}


def _example(lesson: Fit, example: Example) -> dict[str, Any]:
    """What only one example has."""
    zeroed = [_pass(epoch, example) for epoch in example.zeroed]
    return {
        "expression": lesson.comparison.expression,
        "loss_exact": lesson.comparison.value,
        "factors": [_factor(factor) for factor in example.factors],
        "by_hand": {"product": example.by_hand.product, "collapsed": example.by_hand.collapsed},
        "spellings": [_spelled(spelled) for spelled in example.spelled],
        **({"with_zero_grad": zeroed} if zeroed else {}),
    }


def _factor(factor: Factor) -> dict[str, Any]:
    return {
        "name": SYMBOLS[factor.name], "formula": factor.formula, "value": factor.value, "exact": factor.exact,
        "by_hand": factor.by_hand,
    }  # fmt: skip


def _spelled(spelled: Spelled) -> dict[str, Any]:
    return {
        "name": spelled.name, "formula": SPELLINGS[spelled.name], "loss": spelled.loss, "w": spelled.w,
        "b": spelled.b, "loss_right": spelled.loss_right, "gradient_right": spelled.gradient_right,
    }  # fmt: skip


def _predictions(found: Predictions | None) -> dict[str, Any]:
    """The predictions; no key at all where none were asked for."""
    if found is None:
        return {}
    rows = zip(*found.columns, strict=True)
    return {
        "predictions": [
            {"row": dict(zip(found.features, row, strict=True)), "p": p, "predicted": int(p >= 0.5)}
            for row, p in zip(rows, found.p, strict=True)
        ],
        "requires_grad": found.requires_grad,
        "requires_grad_with_tracking": found.tracked,
    }
