"""The lesson of one neuron on one example, for people: the four steps of training, with every factor."""

from __future__ import annotations

import math

from gradcalc.lessons.neuron.records import Example, Fit
from gradcalc.render.document import BAD, GOOD, PLAIN, Block, Facts, Note, Table
from gradcalc.render.lessons.neuron_loss import loss
from gradcalc.render.lessons.neuron_rows import optimizer, verdict
from gradcalc.render.numbers import either
from gradcalc.render.pages import comparison
from gradcalc.render.rows import agreeing, distance

SYMBOLS = {"L by p": "∂L/∂p", "p by z": "∂p/∂z", "z by w": "∂z/∂w", "z by b": "∂z/∂b", "L by z": "∂L/∂z"}
PAPER = {  # the factors as they stand in a textbook
    "L by p": "(p − y)/(p·(1 − p))", "p by z": "p·(1 − p)", "z by w": "iq", "z by b": "1", "L by z": "p − y",
}  # fmt: skip
COLLAPSE = "The product collapses: p·(1 − p) stands below the line in ∂L/∂p, and ∂p/∂z multiplies it away."
LONGEST_NUMBER = 30  # characters


def four_steps(lesson: Fit) -> list[Block]:
    """Forward pass, loss, backward pass, update."""
    assert lesson.example is not None
    example = lesson.example
    return [
        _head(lesson, example),
        _forward(lesson, example),
        *loss(lesson, example),
        *_backward(lesson, example),
        _graph(lesson, example),
        _update(lesson),
    ]


def _head(lesson: Fit, example: Example) -> Facts:
    return Facts(
        (
            ("neuron", "z = w·iq + b, p = sigmoid(z)"),
            ("iq", repr(example.iq)),
            ("y", f"{example.placed!r}, the label: placed"),
            ("w", repr(lesson.initial.w["iq"])),
            ("b", repr(lesson.initial.b)),
            ("dtype", lesson.settings.dtype),
        )
    )


def _forward(lesson: Fit, example: Example) -> Facts:
    start, done = lesson.initial, example.by_hand
    sum_ = f"{start.w['iq']!r}·{_signed(example.iq)} + {_signed(start.b)}"
    return Facts(
        (("z", f"w·iq + b = {sum_} = {done.z!r}"), ("p", f"sigmoid(z) = 1/(1 + e^(−z)) = {done.p!r}")),
        "1. forward pass",
    )


def _backward(lesson: Fit, example: Example) -> list[Block]:
    dtype = lesson.settings.dtype
    columns = ("factor", "formula", "true value", f"by hand in {dtype}")
    rows = tuple(
        (SYMBOLS[one.name], PAPER[one.name], _true(one.value, one.exact), either(one.by_hand, "-"))
        for one in example.factors
    )
    chain = (
        ("∂L/∂w", "∂L/∂p · ∂p/∂z · ∂z/∂w = (p − y)·iq"),
        ("∂L/∂b", "∂L/∂p · ∂p/∂z · ∂z/∂b = p − y"),
    )
    return [
        Table(columns, rows, title="3. backward pass"),
        Facts(chain, "chain rule"),
        Note(COLLAPSE),
        _gradient(lesson, example),
        Facts(
            tuple((f"∂L/∂{row.name}", row.formula or "-") for row in lesson.comparison.rows),
            "closed form, by SymPy",
        ),
        *comparison.notes(lesson.comparison),
    ]


def _gradient(lesson: Fit, example: Example) -> Table:
    """The gradient by every way: one line a way."""
    dtype, hand, rows = lesson.settings.dtype, example.by_hand, lesson.comparison.rows
    lines = (
        ("true value", *(_true(row.symbolic, row.exact) for row in rows)),
        ("autograd", *(repr(row.autograd) for row in rows)),
        ("by hand, collapsed", *map(repr, hand.collapsed.values())),
        ("by hand, the product", *map(repr, hand.product.values())),
        ("autograd is off by", *map(distance, rows)),
        ("verdict", *(verdict(row) for row in rows)),
    )
    tones = (PLAIN,) * (len(lines) - 1) + (GOOD if agreeing(rows) == len(rows) else BAD,)
    return Table((dtype, "∂L/∂w", "∂L/∂b"), lines, tones)


def _graph(lesson: Fit, example: Example) -> Table:
    """The computational graph as a tree: the loss on top, what it is computed from below it."""
    flows = {factor.name: _true(factor.value, factor.exact) for factor in example.factors}
    w, b = (_true(row.symbolic, row.exact) for row in lesson.comparison.rows)
    start, done = lesson.initial, example.by_hand
    nodes = (
        ("L = BCE(p, y)", lesson.check.loss, "1.0"),
        ("├─ p = sigmoid(z)", done.p, flows["L by p"]),
        ("│  └─ z = w·iq + b", done.z, flows["L by z"]),
        ("│     ├─ w", start.w["iq"], w),
        ("│     ├─ iq", example.iq, "data"),
        ("│     └─ b", start.b, b),
        ("└─ y = placed", example.placed, "data"),
    )
    return Table(
        ("node", "value", "∂L/∂node"),
        tuple((name, repr(value), flow) for name, value, flow in nodes),
        title="computational graph",
    )


def _update(lesson: Fit) -> Facts:
    start, new, lr = lesson.initial, lesson.first, lesson.settings.lr
    plain = lesson.settings.optimizer == "sgd"
    pairs = [("optimizer", optimizer(lesson.settings))]
    steps = zip("wb", (start.w["iq"], start.b), lesson.epochs[0].gradient, (new.w["iq"], new.b), strict=True)
    for name, old, slope, now in steps:
        step = f"{name} − η·∂L/∂{name} = {old!r} − {lr:g}·{_signed(slope)} = "
        pairs.append((f"new {name}", f"{step if plain else ''}{now!r}"))
    return Facts(tuple(pairs), "4. update")


def _true(value: float | None, exact: str | None) -> str:
    """A true value; where the format has no number like it, its digits, or a word where they would fill the line."""
    if value is None or exact is None:
        return "none"
    if math.isfinite(value) and (value != 0 or exact == "0"):
        return repr(value)
    return exact if len(exact) <= LONGEST_NUMBER else "almost 0" if value == 0 else "immense"


def _signed(value: float) -> str:
    """A number that may follow a sign: in parentheses where it has one itself."""
    return f"({value!r})" if math.copysign(1, value) < 0 else repr(value)
