"""What torch refuses: a singular matrix gives nan, an operation that a short format lacks is told."""

from __future__ import annotations

import math

import pytest

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import Limits
from gradcalc.engines.records import Missing
from gradcalc.engines.torch.autograd import differentiate
from gradcalc.inputs.pose import pose
from gradcalc.lessons.accumulation.lesson import accumulate

SINGULAR = ["inv(A)[1, 2]", "sum(solve(A, [1, 2]))", "trace(matrix_power(A, -2))"]


@pytest.mark.parametrize("expression", SINGULAR)
def test_a_singular_matrix_gives_nan(expression: str) -> None:
    found = differentiate(pose(expression, Limits(), at="A=[[1,2],[2,4]]"))
    assert math.isnan(found.value)


LACKING = {
    "det(A)": "torch has no `det` in float16",
    "inv(A)[1, 2]": "torch has no `inv` in float16",
    "logdet(A)": "torch has no `logdet` in float16",
}


@pytest.mark.parametrize(("expression", "message"), LACKING.items(), ids=LACKING)
def test_an_operation_that_a_format_lacks_has_no_gradient(expression: str, message: str) -> None:
    found = differentiate(pose(expression, Limits(), at="A=[[2,1],[1,4]]", dtype="float16"))
    assert (found.value, found.gradient) == (None, {"A": Missing(message)})


@pytest.mark.parametrize(("expression", "message"), LACKING.items(), ids=LACKING)
def test_a_lesson_about_one_is_refused(expression: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        accumulate(expression, at="A=[[2,1],[1,4]]", dtype="float16")
    assert (caught.value.message, caught.value.hint) == (message, "ask for --dtype float64")
