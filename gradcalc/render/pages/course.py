"""Lessons: what each shows, and its command."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.course import Course
from gradcalc.render.document import Document, Note, Verbatim
from gradcalc.render.json import plain
from gradcalc.render.latex.equations import statements

RUN = "Run one with gradcalc lessons N, or type its command."


def document(course: Course) -> Document:
    """The lessons, and how to run one of several."""
    shown = (Verbatim(f"{one.sentence}\n{one.command}", f"{n}. {one.title}") for n, one in course.lessons.items())
    return Document((*shown, *([Note(RUN)] if len(course.lessons) > 1 else [])))


def latex(course: Course) -> str:
    """An `enumerate` of the lessons: what each is called, its formulas, and its command."""
    found = course.lessons.values()
    items = "".join(f"  \\item {one.title}: ${statements(one.program)}$ \\\\ \\verb|{one.command}|\n" for one in found)
    return f"\\begin{{enumerate}}\n{items}\\end{{enumerate}}\n"


def quiet(course: Course) -> str:
    """The commands alone, one a line."""
    return "".join(f"{one.command}\n" for one in course.lessons.values())


def record(course: Course) -> dict[str, Any]:
    """The list as JSON."""
    return {"lessons": [{"number": number} | plain(one) for number, one in course.lessons.items()]}
