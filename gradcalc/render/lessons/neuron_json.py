"""The lesson of one neuron as JSON: on one example with plain numbers, on a file with a weight for each feature."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.neuron.records import Example, Fit, Pass, Predictions
from gradcalc.lessons.neuron.weights import Weights
from gradcalc.render.json import picked, plain
from gradcalc.render.lessons.neuron_example import SYMBOLS
from gradcalc.render.lessons.neuron_loss import SPELLINGS


def record(lesson: Fit) -> dict[str, Any]:
    """The lesson as JSON."""
    example, data = lesson.example, {"file": str(lesson.dataset.path)} | picked(lesson.dataset, "rows features label")
    return {
        "data": data if example is None else picked(example, "iq placed"),
        "parameters": _weights(lesson.initial, example),
        "forward": (picked(lesson.check, "rows") if example is None else picked(example.by_hand, "z p"))
        | picked(lesson.check, "loss"),
        "gradient": _gradient(lesson),
        "update": {"lr": lesson.settings.lr} | _weights(lesson.first, example),
        "epochs": [_pass(epoch, example) for epoch in lesson.epochs],
        **picked(lesson.settings, "dtype optimizer zero_grad"),
        **(_rows(lesson) if example is None else _example(lesson, example)),
        **predictions(lesson.predictions),
        "verdict": lesson.verdict,
    }


def _weights(weights: Weights, example: Example | None) -> dict[str, Any]:
    return {"w": weights.w if example is None else next(iter(weights.w.values())), "b": weights.b}


def _gradient(lesson: Fit) -> dict[str, Any] | None:
    check = lesson.check
    if check.comparison is None or lesson.example is not None:
        return None if check.comparison is None else {row.name: row for row in check.comparison.rows}
    rows = zip(check.comparison.rows, check.by_hand, strict=True)
    *by_w, by_b = (plain(row) | {"by_hand": hand} for row, hand in rows)
    return {"w": dict(zip(lesson.initial.features, by_w, strict=True)), "b": by_b}


def _pass(epoch: Pass, example: Example | None) -> dict[str, Any]:
    gradient = {} if example is None else {"gradient": dict(zip("wb", epoch.gradient, strict=True))}
    return picked(epoch, "epoch=number loss") | _weights(epoch.weights, example) | gradient


def _rows(lesson: Fit) -> dict[str, Any]:
    """What only many rows have."""
    rows = lesson.dataset.rows
    return {
        "batch_size": lesson.settings.batch(rows),
        **picked(lesson, "seed=settings.seed standardize=initial.scale"),
        "accuracy": lesson.right / rows,
    }


def _example(lesson: Fit, example: Example) -> dict[str, Any]:
    """What only one example has."""
    zeroed = [_pass(epoch, example) for epoch in example.zeroed]
    return {
        **picked(lesson.comparison, "expression loss_exact=value"),
        "factors": [plain(factor) | {"name": SYMBOLS[factor.name]} for factor in example.factors],
        "by_hand": picked(example.by_hand, "product collapsed"),
        "spellings": [{"name": one.name, "formula": SPELLINGS[one.name]} | plain(one) for one in example.spelled],
        **({"with_zero_grad": zeroed} if zeroed else {}),
    }


def predictions(found: Predictions | None) -> dict[str, Any]:
    """The predictions; no key at all where none were asked for."""
    if found is None:
        return {}
    rows = zip(*found.columns, strict=True)
    return {
        "predictions": [
            {"row": dict(zip(found.features, row, strict=True)), "p": p, "predicted": int(p >= 0.5)}
            for row, p in zip(rows, found.p, strict=True)
        ],
        **picked(found, "requires_grad requires_grad_with_tracking=tracked"),
    }
