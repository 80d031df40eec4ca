"""Exercises for people, with their answers where these are shown; and as JSON and LaTeX."""

from __future__ import annotations

from typing import Any

from gradcalc.lessons.quiz.quiz import Exercise, Quiz
from gradcalc.render.document import Document, Note, Verbatim
from gradcalc.render.json import plain
from gradcalc.render.latex.equations import formula, name, quotient, statements
from gradcalc.render.words import derivative_name

CHECK = 'Check yours: gradcalc check "EXPRESSION" --gradient "YOURS". The same with --answers has the answers.'


def document(quiz: Quiz) -> Document:
    """The exercises, numbered."""
    lines = [line for number, one in enumerate(quiz.exercises, 1) for line in _lines(number, one)]
    notes = [] if any(one.answer for one in quiz.exercises) else [Note(CHECK)]
    return Document((Verbatim("\n".join(lines)), *notes))


def _lines(number: int, one: Exercise) -> list[str]:
    by = "" if len(one.wrt) == 1 else f", by {' and '.join(one.wrt)}"
    answers = [f"   {derivative_name('f', by, 1, len(one.wrt) > 1)} = {text or '-'}" for by, text in one.answer.items()]
    function = one.expression if ";" in one.expression else f"f = {one.expression}"
    return [f"{number}. {function}{by}", *answers]


def quiet(quiz: Quiz) -> str:
    """The expressions alone, one a line; with answers, these."""
    texts = [text for one in quiz.exercises for text in ([*one.answer.values()] or [one.expression])]
    return "".join(f"{text or ''}\n" for text in texts)


def record(quiz: Quiz) -> dict[str, Any]:
    """The exercises as JSON."""
    return {"seed": quiz.seed, "exercises": [plain(one) for one in quiz.exercises]}


def latex(quiz: Quiz) -> str:
    """An `enumerate` of the exercises."""
    items = "".join(_item(one) for one in quiz.exercises)
    return f"\\begin{{enumerate}}\n{items}\\end{{enumerate}}\n"


def _item(one: Exercise) -> str:
    answers = [
        rf"{quotient('f', name(by), partial=len(one.wrt) > 1)} = {formula(text, 'xyzpwb')}"
        for by, text in one.answer.items()
        if text is not None
    ]
    said = statements(one.expression, "xyzpwb")
    return rf"  \item ${said}$" + "".join(rf"\\ ${answer}$" for answer in answers) + "\n"
