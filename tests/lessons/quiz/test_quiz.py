"""Exercises: the same for the same seed, each one derivable, with answers that a check finds right."""

from __future__ import annotations

from random import Random

import pytest

import gradcalc
from gradcalc.base.errors import UsageError
from gradcalc.lessons.quiz.exercises import NUMBERS, TOPICS
from gradcalc.lessons.quiz.quiz import quiz


def test_the_same_seed_sets_the_same_exercises() -> None:
    one, other, another = (quiz("chain", seed=seed, count=5) for seed in (7, 7, 8))
    assert one == other
    assert [each.expression for each in one.exercises] != [each.expression for each in another.exercises]


def test_topics_come_in_turn() -> None:
    assert [one.topic for one in quiz(count=len(TOPICS) + 1).exercises] == [*TOPICS, "power"]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_form_comes_before_one_comes_again(topic: str) -> None:
    count = len(TOPICS[topic])
    assert len({one.expression for one in quiz(topic, seed=3, count=count).exercises}) == count


FORMS = [(topic, form) for topic, forms in TOPICS.items() for form in forms]


@pytest.mark.parametrize(("topic", "form"), FORMS)
def test_every_form_is_an_expression_with_a_closed_derivative(topic: str, form: str) -> None:
    random = Random(form)
    text = form.format(**{name: random.choice(choices) for name, choices in NUMBERS.items()})
    rows = gradcalc.diff(text, wrt={"neuron": "w", "partial": "y"}.get(topic, "x")).gradient
    assert all(row.formula is not None for row in rows.values())


def test_the_answers_are_those_of_diff_and_a_check_finds_them_right() -> None:
    (one,) = quiz("quotient", seed=1, count=1, answers=True).exercises
    assert one.answer["x"] is not None
    assert gradcalc.check(one.expression, one.answer["x"]).right


REFUSED = [({"topic": "chian"}, "unknown topic `chian`", "did you mean `chain`?"), ({"count": 0}, "--count is 0", None)]


@pytest.mark.parametrize(("options", "message", "hint"), REFUSED)
def test_what_cannot_be_set_is_refused(options: dict[str, str | int], message: str, hint: str | None) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        quiz(**options)  # type: ignore[arg-type]  # one of two
    assert caught.value.hint == hint
