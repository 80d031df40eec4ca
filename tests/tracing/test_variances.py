"""What rounding adds up to on the way back: independent errors, told from the rules' own way back."""

from __future__ import annotations

from itertools import chain

import pytest

from gradcalc.engines.exact.ball import Ball, working
from gradcalc.tracing.arrays import Pick, Prod, RunningProduct, RunningSum, Sorted, Sum
from gradcalc.tracing.matrices import Cholesky, Determinant, Inverse, MatMul
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Flow, Rule

MATRIX, OTHER = [2.0, 0.5, 0.5, 3.0], [0.3, -1.0, 2.0, 0.7]
RULES: list[tuple[str, Rule, list[list[float]]]] = [
    ("a product", FUNCTIONS["mul"], [MATRIX, OTHER]),
    ("a difference", FUNCTIONS["sub"], [MATRIX, OTHER]),
    ("an exponential", FUNCTIONS["exp"], [OTHER]),
    ("a choice", FUNCTIONS["where"], [[1.0, 0.0, 1.0, 0.0], MATRIX, OTHER]),
    ("a step", FUNCTIONS["floor"], [OTHER]),
    ("elements picked", Pick([(0, 1), (0, 1), None]), [OTHER]),
    ("sums", Sum([[0, 1, 2], [2, 3]]), [OTHER]),
    ("products", Prod([[0, 1, 2], [3]]), [OTHER]),
    ("running sums", RunningSum([[0, 1, 2, 3]]), [OTHER]),
    ("running products", RunningProduct([[0, 1, 2, 3]]), [OTHER]),
    ("elements sorted", Sorted([[0, 1, 2, 3]]), [OTHER]),
    ("a product of matrices", MatMul(1, 2, 2, 2), [MATRIX, OTHER]),
    ("an inverse", Inverse(1, 2), [MATRIX]),
    ("determinants", Determinant(2, 2), [[*MATRIX, *OTHER]]),
    ("Cholesky factors", Cholesky(2, 2), [[*MATRIX, *MATRIX]]),
]


@pytest.mark.parametrize(("name", "rule", "given"), RULES, ids=[row[0] for row in RULES])
def test_independent_errors_add_up_by_their_squares(name: str, rule: Rule, given: list[list[float]]) -> None:
    with working(64):
        inputs = [[Ball(one) for one in numbers] for numbers in given]
        values = rule.values(inputs, [])
        sent: Flow = [Ball(place + 1) for place in range(len(values))]
        varies = [True] * len(inputs)
        found = rule.variances(inputs, values, sent, varies)
        expected = [[0.0] * len(one) for one in inputs]
        for place, variance in enumerate(sent):
            unit: Flow = [Ball(1) if one == place else None for one in range(len(values))]
            for row, flow in zip(expected, rule.flows(inputs, values, unit, varies), strict=True):
                for element, slope in enumerate(flow):
                    row[element] += 0.0 if slope is None else float(variance * slope * slope)
    numbers = [[0.0 if one is None else float(one) for one in row] for row in found]
    assert list(chain(*numbers)) == pytest.approx(list(chain(*expected)), abs=1e-12)
