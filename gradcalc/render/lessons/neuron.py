"""The lesson of one neuron on one example: the four steps of training, by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcalc.answers.records import Row, Verdict
from gradcalc.lessons.neuron.records import Epoch, Factor, Neuron
from gradcalc.render.document import BAD, GOOD, Block, Document, Facts, Note, Table
from gradcalc.render.json import picked, plain
from gradcalc.render.lessons.neuron_loss import SPELLINGS, loss, short
from gradcalc.render.lessons.training import SETTINGS, chosen, losses, optimizer, prediction_records, predictions
from gradcalc.render.pages import comparison
from gradcalc.render.pages.comparison import WORDS

SYMBOLS = {"L by p": "∂L/∂p", "p by z": "∂p/∂z", "z by w": "∂z/∂w", "z by b": "∂z/∂b", "L by z": "∂L/∂z"}
PAPER = {  # the factors as they stand in a textbook
    "L by p": "(p − y)/(p·(1 − p))", "p by z": "p·(1 − p)", "z by w": "iq", "z by b": "1", "L by z": "p − y",
}  # fmt: skip
COLLAPSE = "The product collapses: p·(1 − p) stands below the line in ∂L/∂p, and ∂p/∂z multiplies it away."
ACCUMULATED = (
    "Without zero_grad(), backward() adds to what .grad holds: each step moves by the sum of all gradients so far, "
    "and goes on when the loss is long past its lowest point or near 0."
)
LONGEST_NUMBER = 40  # characters
ONCE = "Nothing has piled up after one epoch; --epochs 5 shows what goes wrong."


def document(lesson: Neuron) -> Document:
    """The whole lesson."""
    blocks = [
        _head(lesson),
        _forward(lesson),
        *loss(lesson),
        *_backward(lesson),
        _graph(lesson),
        *_update(lesson),
        *_training(lesson),
    ]
    if lesson.predictions is not None:
        blocks.extend(predictions(lesson.predictions, "placed"))
    return Document(tuple(blocks))


def quiet(lesson: Neuron) -> str:
    """The true gradient, by w and by b."""
    return comparison.quiet(lesson.comparison)


def record(lesson: Neuron) -> dict[str, Any]:
    """The lesson as JSON."""
    first = lesson.epochs[0]
    zeroed = {"with_zero_grad": lesson.zeroed} if lesson.zeroed else {}
    return {
        **picked(lesson, "data parameters forward gradient=comparison.gradient"),
        "update": {"lr": lesson.settings.lr, "w": first.w, "b": first.b},
        **picked(lesson, f"epochs {SETTINGS} expression=comparison.expression loss_exact=comparison.value"),
        "factors": [plain(one) | {"name": SYMBOLS[one.name]} for one in lesson.factors],
        "by_hand": picked(lesson.by_hand, "product collapsed"),
        "spellings": [{"name": one.name, "formula": SPELLINGS[one.name]} | plain(one) for one in lesson.spelled],
        **zeroed,
        **prediction_records(lesson.predictions),
        "verdict": lesson.verdict,
    }


# -- for people


def _head(lesson: Neuron) -> Facts:
    data, start = lesson.data, lesson.parameters
    return Facts(
        (
            ("neuron", "z = w·iq + b, p = sigmoid(z)"),
            ("iq", repr(data["iq"])),
            ("y", f"{data['placed']!r}, the label: placed"),
            ("w", repr(start["w"])),
            ("b", repr(start["b"])),
            ("numbers", lesson.settings.dtype),
        )
    )


def _forward(lesson: Neuron) -> Facts:
    data, start, done = lesson.data, lesson.parameters, lesson.forward
    sum_ = f"{start['w']!r}·{_signed(data['iq'])} + {_signed(start['b'])}"
    return Facts(
        (("z", f"w·iq + b = {sum_} = {done.z!r}"), ("p", f"sigmoid(z) = 1/(1 + e^(−z)) = {done.p!r}")),
        "1. forward pass",
    )


def _backward(lesson: Neuron) -> list[Block]:
    dtype = lesson.settings.dtype
    columns = ("factor", "formula", "true value", f"by hand in {dtype}")
    rows = tuple(
        (SYMBOLS[one.name], PAPER[one.name], _value(one), "-" if one.by_hand is None else repr(one.by_hand))
        for one in lesson.factors
    )
    chain = (
        ("∂L/∂w", "∂L/∂p · ∂p/∂z · ∂z/∂w = (p − y)·iq"),
        ("∂L/∂b", "∂L/∂p · ∂p/∂z · ∂z/∂b = p − y"),
    )
    return [
        Table(columns, rows, title="3. backward pass"),
        Facts(chain, "chain rule"),
        Note(COLLAPSE),
        _gradient(lesson),
        Facts(
            tuple((f"∂L/∂{row.name}", row.formula or "-") for row in lesson.comparison.rows),
            "closed form, by SymPy",
        ),
        *comparison.notes(lesson.comparison),
    ]


def _gradient(lesson: Neuron) -> Table:
    """The gradient by every way: one line a way."""
    dtype, hand, rows = lesson.settings.dtype, lesson.by_hand, lesson.comparison.rows
    lines = (
        ("true value", *(_true(row) for row in rows)),
        ("autograd", *(repr(row.autograd) for row in rows)),
        ("by hand, collapsed", *map(repr, hand.collapsed.values())),
        ("by hand, the product", *map(repr, hand.product.values())),
        ("autograd is off by", *("-" if row.ulps is None else f"{row.ulps:g} ulp" for row in rows)),
        ("verdict", *(_verdict(row) for row in rows)),
    )
    good = all(row.verdict is Verdict.AGREE for row in rows)
    tones = ("plain",) * (len(lines) - 1) + (GOOD if good else BAD,)
    return Table((dtype, "∂L/∂w", "∂L/∂b"), lines, tones)


def _graph(lesson: Neuron) -> Table:
    """The computational graph as a tree: the loss on top, what it is computed from below it."""
    flows = {factor.name: factor for factor in lesson.factors}
    w, b = lesson.comparison.row("w"), lesson.comparison.row("b")
    data, start, done = lesson.data, lesson.parameters, lesson.forward
    nodes = (
        ("L = BCE(p, y)", done.loss, "1.0"),
        ("├─ p = sigmoid(z)", done.p, _value(flows["L by p"])),
        ("│  └─ z = w·iq + b", done.z, _value(flows["L by z"])),
        ("│     ├─ w", start["w"], _true(w)),
        ("│     ├─ iq", data["iq"], "data"),
        ("│     └─ b", start["b"], _true(b)),
        ("└─ y = placed", data["placed"], "data"),
    )
    return Table(
        ("node", "value", "∂L/∂node"),
        tuple((name, repr(value), flow) for name, value, flow in nodes),
        title="computational graph",
    )


def _update(lesson: Neuron) -> list[Block]:
    first, start, lr = lesson.epochs[0], lesson.parameters, lesson.settings.lr
    plain = lesson.settings.optimizer == "sgd"
    pairs = [("by", optimizer(lesson.settings))]
    for name, new in (("w", first.w), ("b", first.b)):
        step = f"{name} − η·∂L/∂{name} = {start[name]!r} − {lr:g}·{_signed(first.gradient[name])} = "
        pairs.append((f"new {name}", f"{step if plain else ''}{new!r}"))
    return [Facts(tuple(pairs), "4. update")]


def _training(lesson: Neuron) -> list[Block]:
    epochs, astray = lesson.epochs, not lesson.settings.zero_grad
    blocks: list[Block] = []
    if astray:
        blocks.append(Note(ACCUMULATED if len(epochs) > 1 else f"{ACCUMULATED} {ONCE}", BAD))
    if len(epochs) > 1:
        blocks.append(_epochs(epochs, lesson.zeroed))
        blocks.extend(losses([epoch.loss for epoch in epochs]))
    return blocks


def _epochs(epochs: Sequence[Epoch], zeroed: Sequence[Epoch]) -> Table:
    columns = ("epoch", "loss", "w", "b", "w.grad") + (("loss with zero_grad()",) if zeroed else ())
    rows = tuple(
        (
            str(epochs[index].number),
            *map(short, (epochs[index].loss, epochs[index].w, epochs[index].b, epochs[index].gradient["w"])),
            *([short(zeroed[index].loss)] if zeroed else []),
        )
        for index in chosen(len(epochs))
    )
    return Table(columns, rows, title="training: loss and gradient before each update, w and b after it")


def _value(factor: Factor) -> str:
    """The true value; where the format has no number like it, its digits."""
    written = math.isfinite(factor.value) and (factor.value != 0 or factor.exact == "0")
    return repr(factor.value) if written else _exact(factor.exact, factor.value)


def _true(row: Row) -> str:
    if row.exact is None or row.symbolic is None:
        return "none"
    written = math.isfinite(row.symbolic) and (row.symbolic != 0 or row.exact == "0")
    return repr(row.symbolic) if written else _exact(row.exact, row.symbolic)


def _exact(digits: str, value: float) -> str:
    """The digits of a number that no float is near; in words where its exponent alone would fill the line."""
    return digits if len(digits) <= LONGEST_NUMBER else "almost 0" if value == 0 else "immense"


def _verdict(row: Row) -> str:
    assert row.verdict is not None
    return WORDS[row.verdict] + (f" ({row.reason})" if row.reason else "")


def _signed(value: float) -> str:
    """A number that may follow a sign: in parentheses where it has one itself."""
    return f"({value!r})" if math.copysign(1, value) < 0 else repr(value)
