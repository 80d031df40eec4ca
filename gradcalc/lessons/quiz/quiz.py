"""Exercises by topic and seed, the same ones every time, with their derivatives where these are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import gcd
from random import Random
from typing import ClassVar

from gradcalc.answers.gradient import derive
from gradcalc.base.errors import UsageError, one_of
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.printing import Printed
from gradcalc.inputs.question import asked
from gradcalc.lessons.quiz.exercises import BY, NUMBERS, TOPICS

MOST = 1_000  # exercises


@dataclass(frozen=True, slots=True)
class Exercise:
    """An expression to derive, and its derivatives by each variable, where they are shown."""

    topic: str
    expression: str
    wrt: tuple[str, ...]
    answer: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Quiz(Printed):
    """Exercises in the order in which they are set."""

    seed: int
    exercises: tuple[Exercise, ...]
    verdict: ClassVar[None] = None  # nothing is compared


def quiz(
    topic: str | None = None, *, seed: int = 0, count: int = 10, answers: bool = False, timeout: float = DEFAULT_TIMEOUT
) -> Quiz:
    """So many exercises on a topic, on all of them in turn unless given; the same seed sets the same ones.

    `timeout` is in seconds, for each answer. Raises UsageError at an unknown topic, or at a count that is none.
    """
    if topic is not None and topic not in TOPICS:
        raise UsageError(f"unknown topic `{topic}`", hint=one_of(topic, TOPICS))
    if not 1 <= count <= MOST:
        raise UsageError(f"--count is {count}, expected a whole number from 1 to {MOST:,}")
    topics = [topic] if topic is not None else list(TOPICS)
    found = [_exercise(one, text, answers, timeout) for one, text in _set(topics, seed, count)]
    return Quiz(seed, tuple(found))


def _set(topics: list[str], seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Expressions, topic after topic; of each topic every form comes once before one comes again."""
    random = Random(seed)
    left: dict[str, list[str]] = {topic: [] for topic in topics}
    for place in range(count):
        topic = topics[place % len(topics)]
        forms = left[topic] = left[topic] or random.sample(TOPICS[topic], len(TOPICS[topic]))
        yield topic, _filled(forms.pop(), random)


def _filled(form: str, random: Random) -> str:
    """A form with numbers in it; a fraction is in its lowest terms."""
    numbers = {name: random.choice(choices) for name, choices in NUMBERS.items()}
    if "{n}/{d}" in form and gcd(numbers["n"], numbers["d"]) > 1:
        numbers["n"] = numbers["d"] + 1
    return form.format(**numbers)


def _exercise(topic: str, text: str, answers: bool, timeout: float) -> Exercise:
    names = BY.get(topic) or (("x", "y") if topic == "partial" else ("x",))
    if not answers:
        return Exercise(topic, text, names, {})
    with time_limit(timeout):
        rows = derive(asked(text, wrt=names)).gradient
    return Exercise(topic, text, names, {name: row.formula for name, row in rows.items()})
