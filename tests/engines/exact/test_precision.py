"""How many digits are tried, and when a result is known."""

from __future__ import annotations

import pytest

from gradcalc.engines.exact.ball import ONE, Ball, Undecided
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.precision import precisions, refined
from tests.reference import tree

LADDERS = [
    ("x**2", [192, 384, 768, 1536, 4608, 12288]),
    ("sin(x)", [192, 384, 768, 1536, 4608, 12288]),
    ("erf(x)", [192, 384, 768, 1536, 4608]),
    ("gamma(x)", [192, 384, 768, 1536]),
    ("sin(x) + lgamma(erf(x))", [192, 384, 768, 1536]),
    ("+".join(["sin(x)"] * 21), [192, 384, 768, 1536, 4608]),
]


@pytest.mark.parametrize(("text", "ladder"), LADDERS)
def test_fewer_digits_are_tried_where_they_take_long(text: str, ladder: list[int]) -> None:
    assert precisions(tree(text)) == ladder


def test_precision_rises_until_the_result_is_known() -> None:
    tried: list[int] = []

    def attempt(evaluator: Evaluator) -> Ball:
        tried.append(evaluator.arithmetic.precision)
        if evaluator.arithmetic.precision < 300:
            raise Undecided
        return ONE

    refined(tree("x"), attempt, lambda ball: len(tried) > 2)
    assert tried == [192, 384, 768]


def test_at_the_last_precision_the_result_stands_as_it_is() -> None:
    tried: list[tuple[int, bool]] = []

    def attempt(evaluator: Evaluator) -> None:
        tried.append((evaluator.arithmetic.precision, evaluator.arithmetic.last))

    refined(tree("gamma(x)"), attempt, lambda found: False)
    assert tried == [(192, False), (384, False), (768, False), (1536, True)]
