"""How many digits are tried, when a result is known, and what is said where none is enough."""

from __future__ import annotations

import pytest
from flint import ctx

from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import ONE, Ball, Undecided
from gradcalc.engines.exact.evaluation import AT_ONCE, PROVING, Evaluator
from gradcalc.engines.exact.precision import precisions, refined
from tests.reference import tree

LADDERS = [
    ("x**2", 1048576),
    ("sin(x)", 1048576),
    ("sin(x)*cos(x)", 524288),
    ("erf(x)", 524288),
    ("gamma(x)", 32768),
    ("sin(x) + lgamma(erf(x))", 8192),
    ("digamma(x)", 8192),
    ("+".join(["sin(x)"] * 21), 131072),
    ("+".join(["sin(x)"] * 4000), 2048),
]


@pytest.mark.parametrize(("text", "last"), LADDERS)
def test_fewer_digits_are_tried_where_they_take_long(text: str, last: int) -> None:
    assert precisions(tree(text))[-1] == last
    assert precisions(tree(text))[:3] == [192, 512, 2048]


def test_precision_rises_until_the_result_is_known_with_proofs_from_the_second_try_on() -> None:
    tried: list[tuple[int, bool]] = []

    def attempt(evaluator: Evaluator) -> Ball:
        tried.append((ctx.prec, evaluator.rules is PROVING))
        assert evaluator.rules in (PROVING, AT_ONCE)
        if ctx.prec < 300:
            raise Undecided
        return ONE

    refined(tree("x"), attempt, lambda ball: len(tried) > 2)
    assert tried == [(192, False), (512, True), (2048, True)]


def test_what_no_precision_decides_is_a_limit_that_is_named() -> None:
    with pytest.raises(
        LimitError, match=r"`gamma\(x\)` is not decided: with 32,768 bits a number in it cannot be told"
    ):
        refined(tree("gamma(x)"), lambda evaluator: ONE, lambda found: False)


def test_at_the_last_precision_the_result_may_stand_as_it_is() -> None:
    assert refined(tree("gamma(x)"), lambda evaluator: ctx.prec, lambda found: False, or_last=True) == 32768


def test_a_number_that_is_too_large_at_every_precision_is_said_to_be() -> None:
    def attempt(evaluator: Evaluator) -> None:
        raise Undecided(large=True)

    with pytest.raises(LimitError, match="an intermediate value is too large to compute with"):
        refined(tree("x"), attempt, lambda found: True)
