"""The accumulation lesson: `.grad` pass by pass, why it adds up, what clears it, and what torch refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gradcalc.lessons.accumulation.records import Accumulation, Passes
from gradcalc.render.document import BAD, Block, Document, Facts, Note, Table
from gradcalc.render.json import HEAD, picked
from gradcalc.render.lessons.lesson import bare, head, one_or_named
from gradcalc.render.numbers import bracketed
from gradcalc.render.pages import comparison

WHY = (
    "Why backward() adds: a batch too large for the memory is split into micro-batches, and the gradients "
    "of the parts must add up to the gradient of the whole."
)
CLEAR = "So clear the gradient before the next batch. None is not 0: it says that there was no backward() since."
NOTHING_SAVED = "A second backward() works here: the graph of this expression keeps no values that could be missing."
WRITTEN_OUT = 3  # passes; the sum of more is shown as a product


def document(lesson: Accumulation) -> Document:
    """The whole lesson."""
    blocks: list[Block] = [head(lesson.first, lesson.words, lesson.run.value)]
    if lesson.run.error is not None:
        blocks.append(Note(f"{lesson.words.y}.backward() raises {lesson.run.error}", BAD))
    blocks.extend(_passes(lesson.words.names[name], passes) for name, passes in lesson.run.passes.items())
    blocks.extend(comparison.array_forms(lesson.first, lesson.words.y))
    blocks.extend([_checked(lesson), *comparison.notes(lesson.first), Note(WHY), _sum(lesson)])
    blocks.extend([_clearing(lesson), Note(CLEAR)])
    for one in lesson.run.attempts:
        held = (f"{lesson.words.x}.grad", bracketed(one.grad))
        blocks.append(Facts((held, ("raises", one.error or "nothing")), one.call))
    if lesson.run.error is None and lesson.run.attempts[1].error is None:
        blocks.append(Note(NOTHING_SAVED))
    return Document(tuple(blocks))


def quiet(lesson: Accumulation) -> str:
    """What `.grad` holds after each pass, for one variable after the other."""
    return bare([value for passes in lesson.run.passes.values() for value in passes.accumulated])


def record(lesson: Accumulation) -> dict[str, Any]:
    """The record; lists for one variable, objects of lists by name for several."""
    passes = lesson.run.passes
    return {
        **picked(lesson.first, HEAD),
        "value": lesson.run.value,
        "passes": lesson.count,
        "accumulated": one_or_named({name: one.accumulated for name, one in passes.items()}),
        "zeroed": one_or_named({name: one.zeroed for name, one in passes.items()}),
        "gradient_of_sum": one_or_named({name: one.of_sum for name, one in passes.items()}),
        **picked(lesson, "error=run.error clearing=run.clearing attempts=run.attempts"),
        **picked(lesson.first, "gradient verdict"),
    }


def _passes(name: str, passes: Passes) -> Table:
    numbers = zip(passes.accumulated, passes.zeroed, strict=True)
    rows = tuple((str(index), bracketed(alone), bracketed(zeroed)) for index, (alone, zeroed) in enumerate(numbers, 1))
    return Table(
        ("pass", "left alone", f"{name}.grad.zero_() before each"), rows, title=f"{name}.grad after each backward()"
    )


def _checked(lesson: Accumulation) -> Block:
    table = comparison.gradient(lesson.first, lesson.words.y)
    return replace(table, title="the first pass against the true derivative") if isinstance(table, Table) else table


def _sum(lesson: Accumulation) -> Table:
    """The gradients of the passes, added, beside the gradient of their sum."""
    y, count = lesson.words.y, lesson.count
    total = " + ".join([y] * count) if count <= WRITTEN_OUT else f"{y} + … + {y}, {count} times"
    columns = ("", "the passes, added", f"one backward() of {total}")
    rows = tuple(
        (f"{lesson.words.names[name]}.grad", bracketed(one.accumulated[-1]), bracketed(one.of_sum))
        for name, one in lesson.run.passes.items()
    )
    return Table(columns, rows)


def _clearing(lesson: Accumulation) -> Table:
    columns = ("call", f"{lesson.words.x}.grad", "after the next backward()")
    rows = tuple((one.call, bracketed(one.grad), bracketed(one.next_grad)) for one in lesson.run.clearing)
    return Table(columns, rows, title=f"what clears {lesson.words.x}.grad")
