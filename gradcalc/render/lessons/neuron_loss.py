"""The loss of one neuron in its many spellings, for people: what each gives, and why some of them fail."""

from __future__ import annotations

import math

from gradcalc.lessons.neuron.records import Example, Fit, Spelled
from gradcalc.render.document import BAD, GOOD, Block, Facts, Note, Table
from gradcalc.render.numbers import brief

SPELLINGS = {
    "as written": "−[y·ln p + (1 − y)·ln(1 − p)]",
    "clamped": "the same, p clamped by 1e-8",
    "bce": "binary_cross_entropy(p, y)",
    "with logits": "binary_cross_entropy_with_logits(z, y)",
    "minus slipped": "−y·ln p + (1 − y)·ln(1 − p), the slip",
}
SLIPPED = "minus slipped"
SLIP = (
    "The minus stands before the whole bracket. With a minus before the first term alone, a common slip, an example "
    "with y = 0 has the loss −L: training then goes uphill."
)
LOGITS = (
    "binary_cross_entropy_with_logits has the loss right, but takes its gradient as sigmoid(z) − y, where the rounded "
    "p comes in again. The gradient of logsigmoid has no such difference."
)
ORDINARY = "z itself is an ordinary number, and from z the loss and its gradient are right."
FINE = "Here the spellings agree. They part where p comes near 0 or 1: try --iq 17 --placed 0 --dtype float32."


def loss(lesson: Fit, example: Example) -> list[Block]:
    """The second step: the loss, and what other spellings of it give."""
    value = f"−[y·ln p + (1 − y)·ln(1 − p)] = {lesson.check.loss!r}"
    rows = tuple((SPELLINGS[one.name], brief(one.loss), brief(one.w), _judgement(one)) for one in example.spelled)
    tones = tuple(GOOD if one.loss_right and one.gradient_right else BAD for one in example.spelled)
    columns = ("spelling", "loss", "∂L/∂w", "")
    title = f"the same loss in other spellings, each run by torch in {lesson.settings.dtype}"
    return [
        Facts((("L", value),), "2. loss"),
        Note("Computed from z, not from p: ln p = logsigmoid(z) and ln(1 − p) = logsigmoid(−z)."),
        Note(SLIP),
        Table(columns, rows, tones, title),
        Note(_saturation(lesson, example)),
        *_logits(example),
    ]


def _judgement(spelled: Spelled) -> str:
    if spelled.name == SLIPPED and spelled.loss_right:
        return "right, as y is 1"
    wrong = [name for name, right in (("loss", spelled.loss_right), ("gradient", spelled.gradient_right)) if not right]
    return f"wrong {' and '.join(wrong)}" if wrong else "right"


def _saturation(lesson: Fit, example: Example) -> str:
    """Why the spellings differ, where they do."""
    p, dtype = example.by_hand.p, lesson.settings.dtype
    if p in (0.0, 1.0):
        rest = "1 − p" if p else "p"
        z = ORDINARY if math.isfinite(example.by_hand.z) else f"z too is beyond the largest {dtype}: rescale iq or w."
        return (
            f"The neuron is saturated: {dtype} rounds p to {p:g}. ln({rest}) becomes ln 0, and p·(1 − p) becomes 0, so "
            f"the formulas in p give infinity, nan or 0. binary_cross_entropy cuts its logarithms off at −100. "
            f"{z}"
        )
    if all(one.gradient_right and one.loss_right for one in example.spelled if one.name != SLIPPED):
        return FINE
    return (
        f"p is near {round(p):d}, and {dtype} keeps only {lesson.settings.format.precision} binary digits of it: "
        f"what 1 − p or p − y needs is rounded away. From z nothing is lost."
    )


def _logits(example: Example) -> list[Block]:
    """Why even the loss from logits has a wrong gradient, where it has."""
    found = next(one for one in example.spelled if one.name == "with logits")
    return [Note(LOGITS)] if found.loss_right and not found.gradient_right else []
