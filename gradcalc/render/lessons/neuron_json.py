"""The lesson of one neuron on one example, as JSON."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.neuron.records import Epoch, Factor, Neuron, Spelled
from gradcalc.render import json
from gradcalc.render.lessons.neuron import SYMBOLS
from gradcalc.render.lessons.neuron_loss import SPELLINGS
from gradcalc.render.lessons.training import prediction_records, settings_record
from gradcalc.render.pages import comparison_json


def record(lesson: Neuron) -> dict[str, Any]:
    """The lesson as JSON."""
    first = lesson.epochs[0]
    return {
        "schema": json.SCHEMA,
        "data": lesson.data,
        "parameters": lesson.parameters,
        "forward": {"z": lesson.forward.z, "p": lesson.forward.p, "loss": lesson.forward.loss},
        "gradient": {row.name: comparison_json.row(row) for row in lesson.comparison.rows},
        "update": {"lr": lesson.settings.lr, "w": first.w, "b": first.b},
        "epochs": [_epoch_record(epoch) for epoch in lesson.epochs],
        **settings_record(lesson.settings),
        "expression": lesson.comparison.expression,
        "loss_exact": lesson.comparison.value,
        "factors": [_factor_record(factor) for factor in lesson.factors],
        "by_hand": {"product": lesson.by_hand.product, "collapsed": lesson.by_hand.collapsed},
        "spellings": [_spelled_record(spelled) for spelled in lesson.spelled],
        **({"with_zero_grad": [_epoch_record(epoch) for epoch in lesson.zeroed]} if lesson.zeroed else {}),
        **prediction_records(lesson.predictions),
        "verdict": lesson.comparison.verdict,
    }


def _epoch_record(epoch: Epoch) -> dict[str, Any]:
    return {
        "epoch": epoch.number,
        "loss": epoch.loss,
        "w": epoch.w,
        "b": epoch.b,
        "gradient": {"w": epoch.gradient["w"], "b": epoch.gradient["b"]},
    }


def _factor_record(factor: Factor) -> dict[str, Any]:
    return {
        "name": SYMBOLS[factor.name],
        "formula": factor.formula,
        "value": factor.value,
        "exact": factor.exact,
        "by_hand": factor.by_hand,
    }


def _spelled_record(spelled: Spelled) -> dict[str, Any]:
    return {
        "name": spelled.name,
        "formula": SPELLINGS[spelled.name],
        "loss": spelled.loss,
        "w": spelled.w,
        "b": spelled.b,
        "loss_right": spelled.loss_right,
        "gradient_right": spelled.gradient_right,
    }
