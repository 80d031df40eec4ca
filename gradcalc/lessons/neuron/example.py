"""One neuron on one example: forward pass, loss, backward pass, update, with every factor of the chain rule."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from gradcalc.answers.gradient.scalar import closed_forms, compared
from gradcalc.answers.records import Comparison
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import Format
from gradcalc.base.limits import current
from gradcalc.base.loading import loading
from gradcalc.engines import ask
from gradcalc.inputs.question import Question, asked
from gradcalc.lessons.neuron.dataset import Dataset
from gradcalc.lessons.neuron.records import ByHand, Epoch, Factor, Neuron, Spelled
from gradcalc.lessons.neuron.rows import predict
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.problem.problem import Problem
from gradcalc.problem.resolve import read
from gradcalc.problem.tolerance import Tolerance

LOSS = "z = w*iq + b; L = -(placed*logsigmoid(z) + (1 - placed)*logsigmoid(-z))"  # ln p and ln(1 - p), from z
SHORTER = "z = w*iq + b; softplus(z) - placed*z"  # the same loss, in the form that SymPy derives most readably
FACTORS = {  # name: as it is written in terms of p, and as it is computed in terms of z, where 1 - p keeps its digits
    "L by p": ("(p - placed)/(p*(1 - p))", "(1 - placed)/sigmoid(-z) - placed/sigmoid(z)"),
    "p by z": ("p*(1 - p)", "sigmoid(z)*sigmoid(-z)"),
    "z by w": ("iq", "iq"),
    "z by b": ("1", "1"),
    "L by z": ("p - placed", "(1 - placed)*sigmoid(z) - placed*sigmoid(-z)"),
}


def neuron(
    data: Mapping[str, float],
    parameters: Mapping[str, float],
    settings: Settings,
    new: Dataset | None,
    report: Callable[[int, int, float], None],
) -> Neuron:
    """The lesson for one example: `data` gives iq and placed, `parameters` w and b; `new` holds rows to predict.

    `report` hears of every epoch: how many are done, of how many, and the loss. Raises UsageError where placed is
    neither 0 nor 1, PointError at a number that the dtype does not hold.
    """
    require_label(data["placed"])
    question = _posed(LOSS, data, parameters, settings)
    problem, point = question.problem, question.problem.numbers
    comparison = compared(question, closed_forms(_posed(SHORTER, data, parameters, settings)))
    with loading():
        from gradcalc.lessons.neuron import example_torch
    by_hand = example_torch.by_hand(problem)
    epochs = _trained(problem, settings, report)
    lesson = Neuron(
        data={name: point[name] for name in data},
        parameters={name: point[name] for name in parameters},
        settings=settings,
        forward=example_torch.forward_pass(problem),
        factors=tuple(_factors(problem, by_hand)),
        by_hand=by_hand,
        comparison=comparison,
        spelled=tuple(
            _judged(one, comparison, question.tolerance, problem.format) for one in example_torch.spelled(problem)
        ),
        epochs=epochs,
        zeroed=() if settings.zero_grad else _trained(problem, dataclasses.replace(settings, zero_grad=True), report),
    )
    if new is None:
        return lesson
    return dataclasses.replace(lesson, predictions=predict(new, lesson.weights, settings))


def require_label(placed: float) -> None:
    """Raises UsageError where a label is not one: what happened is known, so it is no probability."""
    if placed not in (0.0, 1.0):
        raise UsageError(
            f"--placed is {placed:g}, expected 0 or 1", hint="a label says what happened: 1 placed, 0 not placed"
        )


def _posed(loss: str, data: Mapping[str, float], parameters: Mapping[str, float], settings: Settings) -> Question:
    return asked(loss, at={**data, **parameters}, wrt=tuple(parameters), dtype=settings.dtype)


def _trained(problem: Problem, settings: Settings, report: Callable[[int, int, float], None]) -> tuple[Epoch, ...]:
    with loading():
        from gradcalc.lessons.neuron import example_torch
    return tuple(example_torch.train(problem, settings, report))


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


def _judged(spelled: Spelled, comparison: Comparison, tolerance: Tolerance, form: Format) -> Spelled:
    """The spelling, with a word on its loss and on its gradient: is each within the tolerance of the true one?"""
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
