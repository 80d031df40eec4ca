"""p = σ(z) and its derivative p·(1 − p): rule by rule, by autograd, and as two curves."""

from __future__ import annotations

import math

from gradcalc.answers.check.check import check
from gradcalc.answers.gradient import derive
from gradcalc.answers.steps.records import Steps
from gradcalc.answers.steps.steps import steps
from gradcalc.base.errors import InternalError
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.inputs.question import asked
from gradcalc.lessons.sigmoid.records import Sigmoid

DEFINED = "p = 1/(1 + exp(-z))"
TURNS = (
    "exp(-z)/(1 + exp(-z))**2",
    "1/(1 + exp(-z))*(exp(-z)/(1 + exp(-z)))",
    "1/(1 + exp(-z))*(1 - 1/(1 + exp(-z)))",
    "p*(1 - p)",
)
NUMBERS = (-6.0, -2.0, -1.0, 0.0, 1.0, 2.0, 6.0)
COLUMNS = 60  # of the curves


def sigmoid(timeout: float = DEFAULT_TIMEOUT) -> Sigmoid:
    """The whole lesson. Raises InternalError where a line of it is not the derivative."""
    with time_limit(timeout):
        derivation = steps(asked(DEFINED))
        assert isinstance(derivation, Steps)
        for text in TURNS:
            if not check(asked(DEFINED), text).right:
                raise InternalError(f"gradcalc has a bug: {text} is not the derivative of {DEFINED}")
        numbers = {z: derive(asked("p = sigmoid(z)", at=z)) for z in NUMBERS}
    first, last = NUMBERS[0], NUMBERS[-1]
    places = [first + (last - first) * place / (COLUMNS - 1) for place in range(COLUMNS)]
    values = tuple(1 / (1 + math.exp(-z)) for z in places)
    curves = {"p": values, "dp/dz": tuple(p * (1 - p) for p in values)}
    return Sigmoid(derivation, TURNS, numbers, curves, first, last)
