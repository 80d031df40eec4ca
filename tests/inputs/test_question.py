"""A question holds all that is asked for, and its clock grants parts of what is left of the time."""

from __future__ import annotations

import pytest

from gradcalc.base.effort import STEPS, Exhausted, spend
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import running, time_limit
from gradcalc.inputs.question import asked


def test_options_become_one_question() -> None:
    question = asked("x*y", at="x=2,y=3", dtype="float32", atol=0.5, direction="x=1", wrt="y")
    assert question.problem.point == {"x": 2.0, "y": 3.0}
    assert question.problem.wrt == ("y",)
    assert (question.tolerance.rtol, question.tolerance.atol) == (1e-5, 0.5)
    assert question.direction is not None
    assert question.direction.along == {"x": 1.0}


def test_a_question_about_another_problem_has_no_direction() -> None:
    question = asked("x*y", at="x=2,y=3", direction="x=1")
    other = question.about(asked("x", at=4).problem)
    assert (other.problem.source, other.direction, other.clock) == ("x", None, question.clock)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rtol": -1.0}, "rtol is -1.0, expected a number from 0 up"),
        ({"direction": "x=0"}, "the direction is zero"),
        ({"wrt": "pi"}, "`pi` is a constant, not a variable"),
    ],
)
def test_what_is_wrong_with_options_is_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        asked("x", at=1, **options)  # type: ignore[arg-type]  # one of each kind
    assert raised.value.message == message


def test_a_clock_grants_parts_of_the_time() -> None:
    with time_limit(100):
        clock = running()
    assert (clock.steps(0.5), clock.part(0.5).steps(0.1)) == (50 * STEPS, 5 * STEPS)


def test_a_part_that_is_used_up_leaves_the_others_as_they_are() -> None:
    with time_limit(10):
        question = asked("x", at=1)
    with pytest.raises(Exhausted), question.clock.grant(0.25):
        spend(2 * STEPS)
        spend(STEPS)
    with question.clock.grant(0.25):
        spend(2.5 * STEPS)
