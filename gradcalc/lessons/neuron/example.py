"""One neuron on one example: the lesson on a dataset of one row, with every factor of the chain rule on top."""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections.abc import Mapping
from fractions import Fraction

from gradcalc.answers.gradient.scalar import closed_forms
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import current
from gradcalc.base.loading import loading
from gradcalc.engines import ask
from gradcalc.files.spool import Spool
from gradcalc.inputs.question import asked
from gradcalc.lessons.neuron.dataset import Dataset
from gradcalc.lessons.neuron.lesson import Written, fit
from gradcalc.lessons.neuron.records import ByHand, Example, Factor, Fit, Pass, Report, Spelled
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Weights
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.problem.tolerance import tolerance_of

FEATURE, LABEL = "iq", "placed"
LOSS = "z = w*iq + b; L = -(placed*logsigmoid(z) + (1 - placed)*logsigmoid(-z))"  # ln p and ln(1 - p), from z
SHORTER = "z = w*iq + b; softplus(z) - placed*z"  # the same loss, in the form that SymPy derives most readably
FACTORS = {  # name: as it is written in terms of p, and as it is computed in terms of z, where 1 - p keeps its digits
    "L by p": ("(p - placed)/(p*(1 - p))", "(1 - placed)/sigmoid(-z) - placed/sigmoid(z)"),
    "p by z": ("p*(1 - p)", "sigmoid(z)*sigmoid(-z)"),
    "z by w": ("iq", "iq"),
    "z by b": ("1", "1"),
    "L by z": ("p - placed", "(1 - placed)*sigmoid(z) - placed*sigmoid(-z)"),
}


def fit_example(
    data: Mapping[str, float],
    initial: Weights,
    settings: Settings,
    new: Dataset | None,
    report: Report,
) -> Fit:
    """The lesson for one example: `data` gives iq and placed, `initial` w and b; `new` holds rows to predict.

    `report` hears of every epoch: how many are done, of how many, and the loss. Raises UsageError where placed is
    neither 0 nor 1, PointError at a number that the dtype does not hold.
    """
    require_label(data[LABEL])
    point = {**data, "w": initial.w[FEATURE], "b": initial.b}
    question, shorter = (asked(text, at=point, wrt=("w", "b"), dtype=settings.dtype) for text in (LOSS, SHORTER))
    problem = question.problem
    point = dict(problem.numbers)  # rounded to the dtype
    row, start = one_row(point), Weights({FEATURE: point["w"]}, point["b"], LABEL)
    written = Written(problem, closed_forms(shorter))
    with loading():
        from gradcalc.lessons.neuron import example_torch, training_torch
    by_hand = example_torch.by_hand(problem)
    factors = tuple(_factors(problem, by_hand))
    lesson = fit(row, start, settings, new, report, written)
    spelled = tuple(_judged(one, lesson, problem) for one in example_torch.spelled(problem))
    zeroed: list[Pass] = []
    if not settings.zero_grad:
        usual = dataclasses.replace(settings, zero_grad=True)
        _, *zeroed = training_torch.train(row, start, usual, report, problem)
    example = Example(point[FEATURE], point[LABEL], by_hand, factors, spelled, tuple(zeroed))
    return dataclasses.replace(lesson, example=example)


def require_label(placed: float) -> None:
    """Raises UsageError where a label is not one: what happened is known, so it is no probability."""
    if placed not in (0.0, 1.0):
        raise UsageError(
            f"--placed is {placed:g}, expected 0 or 1", hint="a label says what happened: 1 placed, 0 not placed"
        )


def one_row(values: Mapping[str, float]) -> Dataset:
    """The dataset of one example."""
    spool = Spool(2, 1)
    spool.append([array("d", [values[name]]) for name in (FEATURE, LABEL)])
    spool.close()
    return Dataset(None, (FEATURE,), LABEL, spool)


def _factors(problem: Problem, by_hand: ByHand) -> list[Factor]:
    """Every factor of the chain rule, with its true value."""
    limits = current()
    found = []
    for name, (formula, computed) in FACTORS.items():
        root = read(f"z = w*iq + b; {computed}", limits, set(problem.variables)).root
        real = ask.value(root, problem.numbers)
        assert real is not None
        found.append(Factor(name, formula, real.nearest(problem.format), real.text, by_hand.factors.get(name)))
    return found


def _judged(spelled: Spelled, lesson: Fit, problem: Problem) -> Spelled:
    """The spelling, with a word on its loss and on its gradient: is each within the tolerance of the true one?"""
    tolerance, form, comparison = tolerance_of(problem, None, 0.0), problem.format, lesson.comparison
    w, b = comparison.row("w"), comparison.row("b")

    def right(value: float, true: float | None) -> bool:
        if true is None or not (math.isfinite(value) and math.isfinite(true)):
            return value == true
        distance = abs(Fraction(value) - Fraction(true))
        return tolerance.accepts(distance, abs(Fraction(true))) or distance <= form.ulp(true)

    return dataclasses.replace(
        spelled,
        loss_right=right(spelled.loss, comparison.value),
        gradient_right=right(spelled.w, w.symbolic) and right(spelled.b, b.symbolic),
    )
