"""The lesson of one neuron on the rows of a file, for people: its head, the gradient checked, what was learned."""

from __future__ import annotations

from gradcalc.answers.records import Row
from gradcalc.lessons.neuron.lesson import NOTE
from gradcalc.lessons.neuron.records import Fit
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.render.document import BAD, Block, Facts, Note, Table
from gradcalc.render.rows import tone
from gradcalc.render.words import WORDS

METHOD = "mean of binary_cross_entropy_with_logits(z, y) over the rows of a mini-batch, computed from z, not from p"


def check(lesson: Fit) -> list[Block]:
    """What it learns from, and the gradient at the initial weights beside the true one."""
    check = lesson.check
    rows = "the first row" if check.rows == 1 else f"the first {check.rows} rows"
    title = f"gradient at the initial weights, {rows}: {NOTE}"
    if check.comparison is None:
        return [_head(lesson), Note(f"The gradient is not checked: {check.why}.", BAD)]
    found = check.comparison.rows
    lines = tuple(
        (f"∂L/∂{name}", digits(row.symbolic), digits(row.autograd), digits(hand), verdict(row))
        for name, row, hand in zip(parameters(lesson), found, check.by_hand, strict=True)
    )
    return [
        _head(lesson),
        Facts((("mean loss", digits(check.loss)),), title),
        Table(("", "true value", "autograd", "by hand", "verdict"), lines, tuple(map(tone, found))),
        *[Note(row.explanation, BAD) for row in found if row.explanation is not None][:1],
    ]


def learned(lesson: Fit) -> Facts:
    """The weights at the end, and what they are worth."""
    weights, rows = lesson.weights, lesson.dataset.rows
    numbers = zip(parameters(lesson), (*weights.w.values(), weights.b), strict=True)
    return Facts(
        (
            *((name, digits(value)) for name, value in numbers),
            ("loss", f"{digits(lesson.epochs[-1].loss)}, the mean over the last epoch"),
            ("accuracy", f"{lesson.right / rows:.2%}, {lesson.right:,} of {rows:,} rows right"),
        ),
        "learned",
    )


def parameters(lesson: Fit) -> tuple[str, ...]:
    """What a table calls the weights, and b."""
    return (*(("w",) if lesson.example else (f"w[{name}]" for name in lesson.dataset.features)), "b")


def digits(value: float | None) -> str:
    """A number as far as every processor adds up alike: sums over many rows differ in their last digits."""
    return "-" if value is None else f"{value:.10g}"


def optimizer(settings: Settings) -> str:
    """`SGD (momentum 0.9), η = 0.1`: as torch.optim names it."""
    row = OPTIMIZERS[settings.optimizer]
    extras = ", ".join(name if value is True else f"{name} {value:g}" for name, value in row.arguments.items())
    return f"torch.optim.{row.kind}{f' ({extras})' if extras else ''}, η = {settings.lr:g}"


def verdict(row: Row) -> str:
    """The verdict, with its reason."""
    assert row.verdict is not None
    return WORDS[row.verdict] + (f" ({row.reason})" if row.reason else "")


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
            ("dtype", settings.dtype),
        )
    )
