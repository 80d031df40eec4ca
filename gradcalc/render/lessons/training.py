"""What the lessons on training have in common: the table of epochs, the loss curve, the predictions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcalc.lessons.neuron.records import Predictions
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.render.curve import curve
from gradcalc.render.document import BAD, Block, Note, Table, Verbatim

SETTINGS = "dtype=settings.dtype optimizer=settings.optimizer zero_grad=settings.zero_grad"  # of a record
SHOWN_EPOCHS = 12
SHOWN_ROWS = 20
ROSE = "The loss has not come down: the steps are too large for numbers of this size. Lower --lr, or add --standardize."
DIVERGED = "The loss is no longer a finite number: the steps were too large. Lower --lr, or add --standardize."


def optimizer(settings: Settings) -> str:
    """`SGD (momentum 0.9), η = 0.1`: as torch.optim names it."""
    row = OPTIMIZERS[settings.optimizer]
    extras = ", ".join(name if value is True else f"{name} {value:g}" for name, value in row.arguments.items())
    return f"torch.optim.{row.kind}{f' ({extras})' if extras else ''}, η = {settings.lr:g}"


def digits(value: float) -> str:
    """A number as far as every processor adds up alike: sums over many rows differ in their last digits."""
    return f"{value:.10g}"


def chosen(count: int) -> list[int]:
    """Which of so many epochs a table shows: all while they are few, else some at even distances, the last one too."""
    if count <= SHOWN_EPOCHS:
        return list(range(count))
    return sorted({round(index * (count - 1) / (SHOWN_EPOCHS - 1)) for index in range(SHOWN_EPOCHS)})


def losses(values: Sequence[float], title: str = "loss by epoch") -> list[Block]:
    """The loss curve, where there is more than a point to draw; and a warning where training went astray."""
    blocks: list[Block] = []
    if len(values) > 1:
        blocks.append(Verbatim(curve(values, "1", str(len(values))), title))
    if not math.isfinite(values[-1]):
        blocks.append(Note(DIVERGED, BAD))
    elif values[-1] > values[0]:
        blocks.append(Note(ROSE, BAD))
    return blocks


def predictions(found: Predictions, label: str) -> list[Block]:
    """The probability for each row, and the proof that nothing was tracked."""
    rows = [
        (
            *(f"{column[index]:.12g}" for column in found.columns),
            digits(found.p[index]),
            str(int(found.p[index] >= 0.5)),
        )
        for index in range(min(len(found.p), SHOWN_ROWS))
    ]
    blocks: list[Block] = [Table((*found.features, "p", label), tuple(rows), title="predictions")]
    if len(found.p) > SHOWN_ROWS:
        blocks.append(Note(f"… and {len(found.p) - SHOWN_ROWS:,} rows more; --json gives them all"))
    blocks.append(
        Note(
            f"Computed under torch.no_grad(): p.requires_grad is {found.requires_grad}, no graph is kept. "
            f"With tracking it is {found.tracked}, and p.grad_fn is {found.grad_fn}."
        )
    )
    return blocks


def prediction_records(found: Predictions | None) -> dict[str, Any]:
    """The predictions as JSON; no key at all where none were asked for."""
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
