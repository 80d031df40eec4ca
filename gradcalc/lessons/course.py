"""The lecture's examples in order, each with the command that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gradcalc.base.errors import UsageError


@dataclass(frozen=True, slots=True)
class Lesson:
    """One example of the lecture: what it is called, what it shows, and the command as one types it."""

    title: str
    sentence: str
    command: str


COURSE = (
    Lesson(
        "a square",
        "The slope of y = x² at 3, by hand and by autograd.",
        'gradcalc diff "x**2" --at 3',
    ),
    Lesson(
        "the chain rule",
        "z = sin(y) of y = x²: the derivatives of the links are multiplied.",
        'gradcalc diff "y = x**2; z = sin(y)" --at 3',
    ),
    Lesson(
        "a longer chain",
        "u = e^z on top: each step of the backward pass adds one factor.",
        'gradcalc diff "y = x**2; z = sin(y); u = e**z" --at 3',
    ),
    Lesson(
        "a neuron",
        "One student, one weight: forward pass, loss, backward pass, update.",
        "gradcalc nn --iq 10 --placed 1",
    ),
    Lesson(
        "a vector",
        "y is the mean of x² over three numbers: the gradient is a vector too.",
        'gradcalc diff "(x**2).mean()" --at "x=[1, 2, 3]"',
    ),
    Lesson(
        "gradients add up",
        "Every backward() adds to .grad, until it is cleared.",
        'gradcalc accumulate "x**2" --at 2',
    ),
    Lesson(
        "without gradients",
        "Three ways of disabling tracking, and when to use which.",
        'gradcalc nograd "x**2" --at 2',
    ),
)


@dataclass(frozen=True, slots=True)
class Course:
    """Lessons by their numbers, from 1."""

    lessons: Mapping[int, Lesson]
    verdict: ClassVar[None] = None  # nothing is compared


def whole() -> Course:
    """Every lesson."""
    return Course(dict(enumerate(COURSE, 1)))


def lesson(number: int) -> Lesson:
    """A lesson by its number, from 1. Raises UsageError where there is none."""
    if not 1 <= number <= len(COURSE):
        raise UsageError(f"there is no lesson {number}", hint=f"the lessons are 1 to {len(COURSE)}: gradcalc lessons")
    return COURSE[number - 1]
