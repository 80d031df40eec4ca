"""The tracking lesson: the three ways side by side, when to use which, and what people meet next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gradcalc.lessons.tracking.records import ADVICE, Backward, Case, Result, Tracking, Way
from gradcalc.render.document import Block, Document, Facts, Note, Table, Verbatim
from gradcalc.render.json import HEAD, picked, plain
from gradcalc.render.lessons.lesson import bare, head, one_or_named
from gradcalc.render.numbers import bracketed
from gradcalc.render.pages import comparison
from gradcalc.render.words import listed

CODE = "the code (--code prints all of it, ready to run)"


def document(lesson: Tracking) -> Document:
    """The whole lesson, or the advice for one situation."""
    if lesson.situation is not None:
        return Document(tuple(_advice(lesson, lesson.situation)))
    y, tracked = lesson.words.y, lesson.run.tracked
    usual = ((f"{y}.requires_grad", bracketed(tracked.requires_grad)), (f"{y}.grad_fn", str(tracked.grad_fn)))
    blocks: list[Block] = [
        head(lesson.tracked, lesson.words, tracked.value),
        Facts((*usual, *_backward(lesson, lesson.run.backward)), "tracked, as usual"),
        *comparison.array_forms(lesson.tracked, y),
        comparison.gradient(lesson.tracked, y),
        *comparison.notes(lesson.tracked),
        _side_by_side(lesson),
        *_backwards(lesson),
        Verbatim("\n".join(line for way in lesson.run.ways for line in (f"# {way.name}", *way.code)), CODE),
    ]
    blocks.extend(_case(one) for one in lesson.run.cases)
    return Document(tuple(blocks))


def _advice(lesson: Tracking, situation: str) -> Iterator[Block]:
    """What to do with each way, and its code for this expression."""
    for way in lesson.run.ways:
        advised = ADVICE[way.name].training if situation == "training" else ADVICE[way.name].inference
        yield from (Verbatim("\n".join(way.code), way.name), Note(advised))


def quiet(lesson: Tracking) -> str:
    """The values alone: in each of the ways, one a line."""
    return bare([way.result.value for way in lesson.run.ways])


def record(lesson: Tracking) -> dict[str, Any]:
    """The record: `ways` has the three, `more` the other cases."""
    return {
        **picked(lesson.tracked, HEAD),
        "tracked": _said(lesson.run.tracked, lesson.run.backward),
        "ways": [_way(one) for one in lesson.run.ways],
        "more": lesson.run.cases,
        **picked(lesson.tracked, "gradient verdict"),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        **picked(way, "way=name code"),
        "x_requires_grad": one_or_named(way.requires_grad),
        **_said(way.result, way.backward),
        **picked(way, "new_tensor shares_memory changes_variable tracked_again=later"),
        **plain(ADVICE[way.name]),
    }


def _said(result: Result, backward: Backward) -> dict[str, Any]:
    facts = picked(result, "y_requires_grad=requires_grad grad_fn value")
    return facts | {"backward": backward.error, "grad": one_or_named(backward.grads)}


def _backward(lesson: Tracking, backward: Backward) -> tuple[tuple[str, str], ...]:
    """What `backward()` raised, or what it left in each `.grad`."""
    call = f"{lesson.words.y}.backward()"
    if backward.error is not None:
        return ((call, backward.error),)
    return tuple(
        (f"{lesson.words.names[name]}.grad after {call}", bracketed(grad)) for name, grad in backward.grads.items()
    )


def _backwards(lesson: Tracking) -> list[Facts]:
    """The outcome of `backward()` in each way; ways with the same outcome together."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for way in lesson.run.ways:
        alike.setdefault(_backward(lesson, way.backward), []).append(way.name)
    return [Facts(outcome, f"with {listed(names)}") for outcome, names in alike.items()]


def _case(case: Case) -> Verbatim:
    """Code, and beside each piece of it what it was seen to give."""
    longest = max(map(len, case.seen))
    seen = (
        f"{code.ljust(longest)}  # {value if isinstance(value, str) else bracketed(value)}"
        for code, value in case.seen.items()
    )
    return Verbatim("\n".join([*case.code, *seen]), case.title)


def _side_by_side(lesson: Tracking) -> Table:
    """One column a way, one row a fact."""
    y, names, ways = lesson.words.y, lesson.words.names, lesson.run.ways
    x = "/".join(names[name] for name in lesson.problem.wrt)
    facts: list[tuple[str, Callable[[Way], str]]] = [
        *((f"{names[name]}.requires_grad", _flag(name)) for name in ways[0].requires_grad),
        (f"{y}.requires_grad", lambda way: bracketed(way.result.requires_grad)),
        (f"{y}.grad_fn", lambda way: str(way.result.grad_fn)),
        (y, lambda way: bracketed(way.result.value)),
        ("a new tensor", lambda way: _yes(way.new_tensor)),
        ("shares memory", lambda way: _yes(way.shares_memory)),
        (f"{x} is changed", lambda way: _yes(way.changes_variable)),
        ("tracked later", lambda way: _yes(way.later)),
        ("it lasts", lambda way: ADVICE[way.name].lasts),
        ("use it for", lambda way: ADVICE[way.name].use),
    ]
    cells = tuple((label, *map(fact, ways)) for label, fact in facts)
    return Table(("", *(way.name for way in ways)), cells)


def _flag(name: str) -> Callable[[Way], str]:
    return lambda way: bracketed(way.requires_grad[name])


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
