"""The keys of the lesson of one neuron: on one example with plain numbers, on a file with a weight for each feature."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.records import Comparison, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.lessons.neuron.dataset import Dataset
from gradcalc.lessons.neuron.records import ByHand, Check, Example, Factor, Pass, Spelled
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Scale
from gradcalc.render.json import DETAILS, FACTS
from gradcalc.render.schema.derive import Either, Keys, Listed, Made, Named, own, picked

WEIGHTS: Keys = {"w": Either(float, dict[str, float]), "b": float}
CHECKED: Keys = {**picked(Row, f"{FACTS} left? right? {DETAILS}"), "by_hand?": float}
GRADIENT = Made(
    "Gradient of a neuron",
    {"w": Either(Made("Checked", CHECKED), Named(Made("Checked", CHECKED))), "b": Made("Checked", CHECKED)},
)
PASS = Made("Pass", {**picked(Pass, "epoch=number loss"), **WEIGHTS, "gradient?": dict[str, float]})
PREDICTIONS: dict[str, Any] = {
    "predictions": Listed(Made("Prediction", {"row": dict[str, float], "p": float, "predicted": int})),
    "requires_grad": bool,
    "requires_grad_with_tracking": bool,
}
ROWS: dict[str, Any] = {"batch_size": int, "seed": int, "standardize": Scale | None, "accuracy": float}
EXAMPLE: dict[str, Any] = {
    **picked(Comparison, "expression loss_exact=value"),
    "factors": Listed(Made("Factor", own(Factor))),
    "by_hand": Made("By hand", picked(ByHand, "product collapsed")),
    "spellings": Listed(Made("Spelling", {"formula": str, **own(Spelled)})),
    "with_zero_grad?": Listed(PASS),
}
FIT: Keys = {
    "data": Either(
        Made("Example", picked(Example, "iq placed")),
        Made("Table", {"file": str, **picked(Dataset, "rows features label")}),
    ),
    "parameters": Made("Parameters", WEIGHTS),
    "forward": Made("Forward pass", {"rows?": int, "z?": float, "p?": float, **picked(Check, "loss")}),
    "gradient": Either(GRADIENT, None),
    "update": Made("Update", {"lr": float, **WEIGHTS}),
    "epochs": Listed(PASS),
    **picked(Settings, "dtype optimizer zero_grad"),
    **{f"{key.rstrip('?')}?": hint for key, hint in (ROWS | EXAMPLE | PREDICTIONS).items()},
    "verdict": Verdict | None,
}
PREDICTED: Keys = {"parameters": Made("Parameters", WEIGHTS), "standardize": Scale | None, **PREDICTIONS}
