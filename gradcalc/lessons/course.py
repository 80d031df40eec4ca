"""The lecture's examples in order, each with the command that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gradcalc.base.errors import UsageError, shortened
from gradcalc.base.printing import Printed

ARTICLES = {"a", "the"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One example of the lecture: what it is called, what it shows, the command as one types it, and its program."""

    title: str
    sentence: str
    command: str
    program: str


COURSE = (
    Lesson(
        "a square",
        "The slope of y = x² at 3, by hand and by autograd.",
        'gradcalc diff "x**2" --at 3',
        "y = x**2",
    ),
    Lesson(
        "the chain rule",
        "z = sin(y) of y = x²: the derivatives of the links are multiplied.",
        'gradcalc diff "y = x**2; z = sin(y)" --at 3',
        "y = x**2; z = sin(y)",
    ),
    Lesson(
        "a longer chain",
        "u = e^z on top: each step of the backward pass adds one factor.",
        'gradcalc diff "y = x**2; z = sin(y); u = e**z" --at 3',
        "y = x**2; z = sin(y); u = e**z",
    ),
    Lesson(
        "the sigmoid",
        "p = σ(z) and its derivative p(1 − p): in steps, by autograd, as a picture.",
        "gradcalc lessons sigmoid",
        "p = sigmoid(z)",
    ),
    Lesson(
        "a neuron",
        "One student, one weight: forward pass, loss, backward pass, update.",
        "gradcalc nn --iq 10 --placed 1",
        "z = w*x + b; p = sigmoid(z); L = -(y*log(p) + (1 - y)*log(1 - p))",
    ),
    Lesson(
        "a vector",
        "y is the mean of x² over three numbers: the gradient is a vector too.",
        'gradcalc diff "(x**2).mean()" --at "x=[1, 2, 3]"',
        "y = mean(x**2)",
    ),
    Lesson(
        "gradients add up",
        "Every backward() adds to .grad, until it is cleared.",
        'gradcalc accumulate "x**2" --at 2',
        "y = x**2",
    ),
    Lesson(
        "without gradients",
        "Three ways of disabling tracking, and when to use which.",
        'gradcalc nograd "x**2" --at 2',
        "y = x**2",
    ),
)


@dataclass(frozen=True, slots=True)
class Course(Printed):
    """Lessons by their numbers, from 1."""

    lessons: Mapping[int, Lesson]
    verdict: ClassVar[None] = None  # nothing is compared


def whole() -> Course:
    """Every lesson."""
    return Course(dict(enumerate(COURSE, 1)))


def number_of(text: str) -> int:
    """The number of a lesson, by that, from 1, or by a word of its title. Raises UsageError where there is none."""
    for number, one in whole().lessons.items():
        if text == str(number) or text in set(one.title.split()) - ARTICLES:
            return number
    raise UsageError(
        f"there is no lesson {shortened(text)}",
        hint=f"the lessons are 1 to {len(COURSE)}, or a word of their titles: gradcalc lessons",
    )
