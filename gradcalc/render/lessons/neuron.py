"""The lesson of one neuron: what its data show, the training, the predictions."""

from __future__ import annotations

import math

from gradcalc.base.words import brief
from gradcalc.lessons.neuron.records import Fit, Predictions
from gradcalc.render.curve import curve, plotted
from gradcalc.render.document import BAD, Block, Document, Note, Table, Verbatim
from gradcalc.render.lessons import neuron_example, neuron_json, neuron_rows
from gradcalc.render.lessons.neuron_rows import digits, parameters
from gradcalc.render.pages import comparison

record = neuron_json.record
SHOWN_EPOCHS = 12
SHOWN_ROWS = 20
ROSE = "The loss has not come down: the steps are too large for numbers of this size. Lower --lr, or add --standardize."
DIVERGED = "The loss is no longer a finite number: the steps were too large. Lower --lr, or add --standardize."
ACCUMULATED = "Without zero_grad(), backward() adds to what .grad holds: each step moves by "
ON_ROWS = "all gradients so far, and the loss swings. Compare with a run without --no-zero-grad."
ON_EXAMPLE = "the sum of all gradients so far, and goes on when the loss is long past its lowest point or near 0."
ONCE = " Nothing has piled up after one epoch; --epochs 5 shows what goes wrong."


def document(lesson: Fit) -> Document:
    """The whole lesson."""
    on_rows = lesson.example is None
    blocks = neuron_rows.check(lesson) if on_rows else neuron_example.four_steps(lesson)
    blocks.extend(_training(lesson))
    if on_rows:
        blocks.append(neuron_rows.learned(lesson))
    return Document((*blocks, *predictions(lesson.predictions, lesson.weights.label)))


def quiet(lesson: Fit) -> str:
    """The true gradient of the check, by each weight and by b."""
    result = lesson.check.comparison
    return "nan\n" * (len(lesson.initial.w) + 1) if result is None else comparison.quiet(result)


def _training(lesson: Fit) -> list[Block]:
    """The epochs and the loss curve, where there are several; and what went wrong on the way."""
    several, on_rows = len(lesson.epochs) > 1, lesson.example is None
    blocks: list[Block] = []
    if not lesson.settings.zero_grad:
        what = ON_ROWS if on_rows else ON_EXAMPLE if several else ON_EXAMPLE + ONCE
        blocks.append(Note(ACCUMULATED + what, BAD))
    if several:
        blocks.append(_epochs(lesson))
    if len(lesson.epochs) > SHOWN_EPOCHS:
        blocks.append(Note(f"{SHOWN_EPOCHS} of {len(lesson.epochs):,} epochs are listed; --json has them all"))
    return blocks + (_losses([epoch.loss for epoch in lesson.epochs]) if several or on_rows else [])


def _epochs(lesson: Fit) -> Table:
    example, zeroed = lesson.example, lesson.example.zeroed if lesson.example else ()
    loss, gradient, title = (
        ("mean loss", (), "training: mean loss on the way through the epoch, weights at its end")
        if example is None
        else ("loss", ("w.grad",), "training: loss and gradient before each update, w and b after it")
    )
    rows = []
    for index in _chosen(len(lesson.epochs)):
        epoch = lesson.epochs[index]
        shown = [epoch.loss, *epoch.weights.w.values(), epoch.weights.b, *epoch.gradient[: len(gradient)]]
        shown.extend(one.loss for one in zeroed[index : index + 1])
        rows.append((str(epoch.number), *map(brief, shown)))
    columns = ("epoch", loss, *parameters(lesson), *gradient, *(("loss with zero_grad()",) if zeroed else ()))
    return Table(columns, tuple(rows), title=title)


def _chosen(count: int) -> list[int]:
    """Which of so many epochs a table shows: all while they are few, else some at even distances, the last one too."""
    if count <= SHOWN_EPOCHS:
        return list(range(count))
    return sorted({round(index * (count - 1) / (SHOWN_EPOCHS - 1)) for index in range(SHOWN_EPOCHS)})


def _losses(values: list[float]) -> list[Block]:
    """The loss curve, where there is more than a point to draw; and a warning where training went astray."""
    blocks: list[Block] = []
    if len(values) > 1:
        picture = plotted({"loss": values}, (1, len(values)), "loss", "epoch")
        blocks.append(Verbatim(curve(values, "1", str(len(values))), "loss by epoch", picture=picture))
    if not math.isfinite(values[-1]):
        blocks.append(Note(DIVERGED, BAD))
    elif values[-1] > values[0]:
        blocks.append(Note(ROSE, BAD))
    return blocks


def predictions(found: Predictions | None, label: str) -> list[Block]:
    """The probability for each row, and the proof that nothing was tracked."""
    if found is None:
        return []
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
