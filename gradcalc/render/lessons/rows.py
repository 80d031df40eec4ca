"""The lesson of one neuron on the rows of a file, for people and as JSON."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.records import Row, Verdict
from gradcalc.lessons.neuron.records import Check, Fit
from gradcalc.lessons.neuron.rows import NOTE
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import picked, plain
from gradcalc.render.lessons.training import (
    SETTINGS,
    chosen,
    digits,
    losses,
    optimizer,
    prediction_records,
    predictions,
)
from gradcalc.render.pages import comparison
from gradcalc.render.pages.comparison import WORDS

ACCUMULATED = (
    "Without zero_grad(), backward() adds to what .grad holds: each step moves by all gradients so far, and the loss "
    "swings. Compare with a run without --no-zero-grad."
)
METHOD = "mean of binary_cross_entropy_with_logits(z, y) over the rows of a mini-batch, computed from z, not from p"


def document(lesson: Fit) -> Document:
    """The whole lesson."""
    blocks: list[Block] = [_head(lesson), *_check(lesson)]
    if not lesson.settings.zero_grad:
        blocks.append(Note(ACCUMULATED, BAD))
    if len(lesson.epochs) > 1:
        blocks.append(_epochs(lesson))
    blocks.extend(losses([epoch.loss for epoch in lesson.epochs]))
    blocks.append(_result(lesson))
    if lesson.predictions is not None:
        blocks.extend(predictions(lesson.predictions, lesson.weights.label))
    return Document(tuple(blocks))


def quiet(lesson: Fit) -> str:
    """The true gradient of the check, by each weight and by b."""
    result = lesson.check.comparison
    return "nan\n" * (len(lesson.initial.w) + 1) if result is None else comparison.quiet(result)


def record(lesson: Fit) -> dict[str, Any]:
    """The lesson as JSON: the keys of the single example, each weight under its feature's name."""
    dataset, check = lesson.dataset, lesson.check
    return {
        "data": {"file": str(dataset.path)} | picked(dataset, "rows features label"),
        "parameters": lesson.initial,
        "forward": picked(check, "rows loss"),
        "gradient": _gradient_record(lesson),
        "update": {"lr": lesson.settings.lr} | plain(lesson.first),
        **picked(lesson, f"epochs {SETTINGS}"),
        "batch_size": lesson.settings.batch(dataset.rows),
        **picked(lesson, "seed=settings.seed standardize=initial.scale"),
        "accuracy": lesson.right / dataset.rows,
        **prediction_records(lesson.predictions),
        "verdict": lesson.verdict,
    }


def _head(lesson: Fit) -> Facts:
    dataset, settings = lesson.dataset, lesson.settings
    size = min(settings.batch(dataset.rows), dataset.rows)
    scaled = "(x − mean)/std, measured on these rows" if lesson.initial.scale else "as they are"
    products = " + ".join(f"w[{name}]·{name}" for name in dataset.features)
    return Facts(
        (
            ("neuron", f"z = {products} + b, p = sigmoid(z)"),
            ("data", f"{dataset.path}: {dataset.rows:,} rows"),
            ("features", f"{', '.join(dataset.features)}, {scaled}"),
            ("label y", str(dataset.label)),
            ("loss", METHOD),
            ("optimizer", optimizer(settings)),
            (
                "mini-batches",
                f"{size:,} rows each, {-(-dataset.rows // size):,} an epoch, shuffled with seed {settings.seed}",
            ),
            ("numbers", settings.dtype),
        )
    )


def _check(lesson: Fit) -> list[Block]:
    check = lesson.check
    rows = "the first row" if check.rows == 1 else f"the first {check.rows} rows"
    title = f"gradient at the initial weights, {rows}: {NOTE}"
    if check.comparison is None:
        return [Note(f"The gradient is not checked: {check.why}.", BAD)]
    parameters = [*(f"w[{name}]" for name in lesson.initial.w), "b"]
    found = check.comparison.rows
    lines = tuple(
        (f"∂L/∂{name}", _digits(row.symbolic), _digits(row.autograd), digits(hand), _verdict(row))
        for name, row, hand in zip(parameters, found, check.by_hand, strict=True)
    )
    tones = tuple(GOOD if row.verdict is Verdict.AGREE else BAD for row in found)
    explained = [Note(row.explanation, BAD) for row in found if row.explanation is not None][:1]
    return [
        Facts((("mean loss", digits(check.loss)),), title),
        Table(("", "true value", "autograd", "by hand", "verdict"), lines, tones),
        *explained,
    ]


def _epochs(lesson: Fit) -> Table:
    names = lesson.weights.features
    rows = tuple(
        (
            str(epoch.number),
            _short(epoch.loss),
            *(_short(epoch.weights.w[name]) for name in names),
            _short(epoch.weights.b),
        )
        for epoch in (lesson.epochs[index] for index in chosen(len(lesson.epochs)))
    )
    columns = ("epoch", "mean loss", *(f"w[{name}]" for name in names), "b")
    return Table(columns, rows, title="training: mean loss on the way through the epoch, weights at its end")


def _result(lesson: Fit) -> Facts:
    learned, rows = lesson.weights, lesson.dataset.rows
    pairs = [(f"w[{name}]", digits(value)) for name, value in learned.w.items()]
    pairs.append(("b", digits(learned.b)))
    pairs.append(("loss", f"{digits(lesson.epochs[-1].loss)}, the mean over the last epoch"))
    pairs.append(("accuracy", f"{lesson.right / rows:.2%}, {lesson.right:,} of {rows:,} rows right"))
    return Facts(tuple(pairs), "learned")


def _gradient_record(lesson: Fit) -> dict[str, Any] | None:
    check: Check = lesson.check
    if check.comparison is None:
        return None
    *by_w, by_b = (
        plain(row) | {"by_hand": hand} for row, hand in zip(check.comparison.rows, check.by_hand, strict=True)
    )
    return {"w": dict(zip(lesson.initial.features, by_w, strict=True)), "b": by_b}


def _verdict(row: Row) -> str:
    assert row.verdict is not None
    return WORDS[row.verdict] + (f" ({row.reason})" if row.reason else "")


def _digits(value: float | None) -> str:
    return "-" if value is None else digits(value)


def _short(value: float) -> str:
    return f"{value:.6g}"
