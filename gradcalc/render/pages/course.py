"""Lessons: what each shows, and its command."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.course import Course
from gradcalc.render.document import Document, Note, Verbatim
from gradcalc.render.json import plain

RUN = "Run one with gradcalc lessons N, or type its command."


def document(course: Course) -> Document:
    """The lessons, and how to run one of several."""
    shown = (Verbatim(f"{one.sentence}\n{one.command}", f"{n}. {one.title}") for n, one in course.lessons.items())
    return Document((*shown, *([Note(RUN)] if len(course.lessons) > 1 else [])))


def quiet(course: Course) -> str:
    """The commands alone, one a line."""
    return "".join(f"{one.command}\n" for one in course.lessons.values())


def record(course: Course) -> dict[str, Any]:
    """The list as JSON."""
    return {"lessons": [{"number": number} | plain(one) for number, one in course.lessons.items()]}
