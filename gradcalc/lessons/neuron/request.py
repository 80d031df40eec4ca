"""What was asked of `gradcalc nn`, and the lesson that answers it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradcalc.base.errors import UsageError
from gradcalc.base.floating import Format
from gradcalc.files.cells import flaw
from gradcalc.lessons.neuron.dataset import named_numbers, new_rows, read_dataset
from gradcalc.lessons.neuron.example import FEATURE, LABEL, fit_example
from gradcalc.lessons.neuron.lesson import fit, predict, standardized
from gradcalc.lessons.neuron.records import Fit, Predicted, Report
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Weights, load

EPOCHS, EPOCHS_OF_A_FILE = 1, 10
FILE_OPTIONS = ("features", "label", "standardize", "batch_size", "seed")  # that mean nothing without --data
LEARNED_OPTIONS = ("weight", "bias", "features", "label", "standardize")  # that a file of weights answers


def unheard(done: int, total: int, loss: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Request:
    """The options of `gradcalc nn` that say what to learn from; None where one was not given."""

    iq: float | None
    placed: float | None
    weight: str | None
    bias: float | None
    data: Path | None
    features: str | None
    label: str | None
    standardize: bool
    batch_size: int | None
    seed: int | None
    predict: Path | None
    predict_row: Sequence[str]
    load: Path | None

    def epochs(self, given: int | None) -> int:
        """How many epochs, where none are given: one of an example, more of a file."""
        return given if given is not None else EPOCHS if self.data is None else EPOCHS_OF_A_FILE

    def answer(self) -> Callable[[Request, Settings, Report], Fit | Predicted]:
        """The lesson that fits. Raises UsageError where the options do not tell, or exclude each other."""
        if self.load is not None:
            self._refuse(LEARNED_OPTIONS, "and --load exclude each other: the file of weights says it")
        if self.data is not None:
            self._refuse(("iq", "placed"), "and --data exclude each other")
            return from_file
        self._refuse(FILE_OPTIONS, "is for --data")
        if self.iq is not None and self.placed is not None:
            return from_example
        if self.iq is not None or self.placed is not None:
            missing = "iq" if self.iq is None else "placed"
            raise UsageError(f"--{missing} is missing", hint="gradcalc nn --iq 10 --placed 1")
        if self.load is not None and (self.predict is not None or self.predict_row):
            return from_weights
        raise UsageError(
            "there is nothing to learn from",
            hint="give an example, --iq 10 --placed 1, or a file of them, --data FILE.csv",
        )

    def _refuse(self, names: Sequence[str], why: str) -> None:
        for name in names:
            value = getattr(self, name)  # `name` is one of the fields above
            if value is not None and value is not False:
                raise UsageError(f"--{name.replace('_', '-')} {why}")


def from_example(asked: Request, settings: Settings, report: Report) -> Fit:
    """One neuron on one example."""
    assert asked.iq is not None
    assert asked.placed is not None
    start = Weights({FEATURE: 1.0}, 0.0, LABEL)
    if asked.load is not None:
        start = load(asked.load)
        if start.features != (FEATURE,) or start.scale is not None:
            names = ", ".join(start.features) + (", standardized" if start.scale else "")
            raise UsageError(
                f"the weights in `{asked.load}` are for {names}", hint="an example has iq alone; use --data"
            )
    start = _given(asked, start, settings.format)
    data = {FEATURE: _number("iq", asked.iq, settings.format), LABEL: _number("placed", asked.placed, settings.format)}
    new = new_rows(asked.predict, asked.predict_row, (FEATURE,), settings.format)
    return fit_example(data, start, settings, new, report)


def from_file(asked: Request, settings: Settings, report: Report) -> Fit:
    """One neuron on the rows of a file."""
    assert asked.data is not None
    loaded = None if asked.load is None else load(asked.load)
    label = asked.label or LABEL if loaded is None else loaded.label
    features = _names(asked.features, label) if loaded is None else loaded.features
    rows = read_dataset(asked.data, features, label, settings.format, settings.batch_size)
    start = loaded or _given(asked, Weights(dict.fromkeys(rows.features, 0.0), 0.0, label), settings.format)
    new = new_rows(asked.predict, asked.predict_row, rows.features, settings.format)
    return fit(rows, standardized(rows, start) if asked.standardize else start, settings, new, report)


def from_weights(asked: Request, settings: Settings, report: Report) -> Predicted:
    """Predictions with weights that were learned before."""
    assert asked.load is not None
    weights = load(asked.load)
    new = new_rows(asked.predict, asked.predict_row, weights.features, settings.format)
    assert new is not None
    return Predicted(weights, predict(new, weights, settings))


def _given(asked: Request, start: Weights, form: Format) -> Weights:
    """The weights to begin with: what --weight and --bias say, else those of `start`."""
    w = dict(start.w)
    if asked.weight is not None:
        plain = not flaw(asked.weight)
        w |= dict.fromkeys(w, float(asked.weight)) if plain else named_numbers(asked.weight, "--weight", start.features)
    b = start.b if asked.bias is None else asked.bias
    return Weights(
        {name: _number("weight", value, form) for name, value in w.items()}, _number("bias", b, form), start.label
    )


def _number(option: str, value: float, form: Format) -> float:
    """A number that the format holds. Raises UsageError at any other."""
    if not abs(value) <= form.largest:
        finite = math.isfinite(value)
        expected = f"expected at most {form.largest:.3g} in {form.name}" if finite else "expected a finite number"
        raise UsageError(f"--{option} is {value:g}, {expected}")
    return value


def _names(text: str | None, label: str) -> list[str] | None:
    """The features that were named. Raises UsageError at an empty name, or where the label is among them."""
    if text is None:
        return None
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    if "" in names:
        raise UsageError(f"--features is `{text}`, expected names with commas between them", hint="--features iq,cgpa")
    if label in names:
        raise UsageError(f"--features has the label `{label}` among them", hint="name another column with --label")
    return names
