"""The list of lessons, and the head of one of them."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.course import COURSE, Lesson
from gradcalc.render.document import Document, Note, Verbatim
from gradcalc.render.json import SCHEMA

RUN = "Run one with gradcalc lessons N, or type its command."


def document() -> Document:
    """Every lesson, and how to run one."""
    return Document((*(shown(number, one) for number, one in enumerate(COURSE, 1)), Note(RUN)))


def head(number: int, lesson: Lesson) -> Document:
    """What stands above the output of a lesson's command."""
    return Document((shown(number, lesson),))


def shown(number: int, lesson: Lesson) -> Verbatim:
    """A lesson: its number and title, what it shows, its command."""
    return Verbatim(f"{lesson.sentence}\n{lesson.command}", f"{number}. {lesson.title}")


def quiet() -> str:
    """The commands alone, one a line."""
    return "".join(f"{one.command}\n" for one in COURSE)


def record() -> dict[str, Any]:
    """The list as JSON."""
    return {
        "schema": SCHEMA,
        "lessons": [
            {"number": number, "title": one.title, "sentence": one.sentence, "command": one.command}
            for number, one in enumerate(COURSE, 1)
        ],
    }
