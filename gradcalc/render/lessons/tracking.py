"""The tracking lesson: the three ways side by side, when to use which, and what people meet next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from gradcalc.answers.verdicts import Verdict
from gradcalc.base.words import brief, joined
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.tracking.records import ADVICE, Backward, Case, Result, Tracking, Way
from gradcalc.render.document import Block, Document, Facts, Note, Table, Verbatim
from gradcalc.render.json import HEAD, picked, plain
from gradcalc.render.lessons.lesson import bare, head, one_or_named
from gradcalc.render.numbers import bracketed
from gradcalc.render.pages import comparison

MORE = "--more: the tensors, and what people meet next; --code: a program to run"
LONGEST = 10  # characters of a gradient; the comparison below has all its digits
ONE_LINE = 46  # characters of code and gradients beside it; more code has several lines
NARROWEST = 30  # characters of code, whatever stands beside it
MOST_GRADIENTS, FIRST_GRADIENTS = 3, 2  # in a row, and of more the first ones; the comparison has all
GAP, LEAST = 2, 6  # between columns, and of the head of a gradient's


def document(lesson: Tracking) -> Document:
    """The three ways on one screen; the whole lesson; or the advice for one situation."""
    if lesson.situation is not None:
        return Document(tuple(_advice(lesson, lesson.situation)))
    blocks: list[Block] = [
        _head(lesson),
        _side_by_side(lesson),
        _when(lesson),
        *_backwards(lesson),
        *comparison.array_forms(lesson.tracked, lesson.words.y),
        *_compared(lesson),
        *comparison.notes(lesson.tracked),
    ]
    more = [_tensors(lesson), *map(_case, lesson.run.cases)] if lesson.more else [Note(MORE)]
    return Document((*blocks, *more))


def _head(lesson: Tracking) -> Facts:
    """The head of the page; the values of several variables in one line, as Python assigns them."""
    facts = head(lesson.tracked, lesson.words, lesson.run.tracked.value)
    variables = [pair for pair in facts.pairs if pair[0] in (lesson.problem.point or {})]
    if len(variables) < 2 or len(lesson.problem.wrt) < len(variables) or lesson.problem.arrays:
        return facts
    first, (names, values) = facts.pairs.index(variables[0]), map(", ".join, zip(*variables, strict=True))
    others = [pair for pair in facts.pairs if pair not in variables]
    return Facts((*others[:first], (names, values), *others[first:]))


def _compared(lesson: Tracking) -> list[Block]:
    """The gradient with tracking against the true one; where all of several agree, in a line."""
    tracked, y = lesson.tracked, lesson.words.y
    if lesson.more or tracked.verdict is not Verdict.AGREE or len(tracked.gradient) + lesson.problem.arrays < 2:
        return [comparison.gradient(tracked, y)]
    forms = ", ".join(f"∂{y}/∂{row.name} = {row.formula}" for row in tracked.rows)
    return [] if lesson.problem.arrays else [Note(f"{forms}: autograd agrees with each")]


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


def _backwards(lesson: Tracking) -> list[Note]:
    """What `backward()` raises, in torch's own words, and the ways in which it does."""
    alike: dict[str, list[str]] = {}
    for way in lesson.run.ways:
        if way.backward.error is not None:
            alike.setdefault(way.backward.error, []).append(way.name)
    return [Note(f"{lesson.words.y}.backward() {_ways(lesson, names)}: {error}") for error, names in alike.items()]


def _ways(lesson: Tracking, names: Sequence[str]) -> str:
    """`with` the names of ways; of all of them, that."""
    return f"with {joined(names)}" if len(names) < len(lesson.run.ways) else "in all of these ways"


def _case(case: Case) -> Verbatim:
    """Code, and beside each piece of it what it was seen to give."""
    longest = max(map(len, case.seen))
    seen = (
        f"{code.ljust(longest)}  # {value if isinstance(value, str) else bracketed(value)}"
        for code, value in case.seen.items()
    )
    return Verbatim("\n".join([*case.code, *seen]), case.title)


def _side_by_side(lesson: Tracking) -> Table:
    """A few lines a way: its code, beside it the result and what `backward()` leaves in each gradient."""
    words, run = lesson.words, lesson.run
    grads = [f"{words.names[name]}.grad" for name in run.backward.grads]
    apart = len(lesson.problem.wrt) < len(words.variables) or len(grads) == 1
    columns = ("code", f"{words.y}.requires_grad", "grad_fn", *(grads if apart else [".grad"]))
    whole = _made(run.tracked, run.backward, apart=apart)
    rows = [(f"{words.y} = {words.call()}", *whole)]
    for way in run.ways:
        room = ONE_LINE - sum(max(len(one), LEAST) + GAP for one in whole[2:])
        *before, last = _lines(way.code, max(room, NARROWEST))
        rows += [(line, *[""] * (len(columns) - 1)) for line in before]
        rows.append((last, *_made(way.result, way.backward, apart=apart)))
    return Table(columns, tuple(rows))


def _lines(code: Sequence[str], most: int) -> Sequence[str]:
    """The code in one line where it is short, as Python takes it; long lines broken between arguments."""
    whole = code[0]
    for line in code[1:]:
        whole += f" {line.strip()}" if whole.endswith(":") else f"; {line}"
    if len(whole) <= most and not whole.startswith("for "):  # what follows a loop would become part of it
        return [whole]
    indent = " " * (code[0].find("(") + 1)
    return wrap(whole, most, subsequent_indent=indent, break_long_words=False) if len(code) == 1 else code


def _made(result: Result, backward: Backward, *, apart: bool) -> tuple[str, ...]:
    """A row's facts of the result and of the gradients, each by itself or all in one cell."""
    grads = list(map(_gradient, backward.grads.values()))
    if apart:
        return (bracketed(result.requires_grad), str(result.grad_fn), *grads)
    shown = grads if len(grads) <= MOST_GRADIENTS else [*grads[:FIRST_GRADIENTS], "…"]
    same = grads[0] if len(set(grads)) == 1 and backward.error is not None else ", ".join(shown)
    return (bracketed(result.requires_grad), str(result.grad_fn), same)


def _gradient(held: Held | None) -> str:
    text = bracketed(held)
    return brief(held) if isinstance(held, float) and len(text) > LONGEST else text


def _when(lesson: Tracking) -> Table:
    """One row a way: what becomes of the variables' own flag, how long it lasts, and what it is for."""
    first = lesson.problem.wrt[0]  # the others fare alike
    rows = tuple(
        (way.name, bracketed(way.requires_grad[first]), ADVICE[way.name].lasts, ADVICE[way.name].use)
        for way in lesson.run.ways
    )
    return Table(("", f"{_variables(lesson)}.requires_grad", "it lasts", "use it for"), rows)


def _variables(lesson: Tracking) -> str:
    return "/".join(lesson.words.names[name] for name in lesson.problem.wrt)


def _tensors(lesson: Tracking) -> Table:
    """One row a fact about the tensors, one column a way."""
    words, ways = lesson.words, lesson.run.ways
    x = _variables(lesson)
    facts: list[tuple[str, Callable[[Way], bool]]] = [
        (f"{words.f} is given a new tensor", lambda way: way.new_tensor),
        (f"which shares the memory of {x}", lambda way: way.shares_memory),
        (f"{x} itself is changed", lambda way: way.changes_variable),
        (f"{words.call()} afterwards is tracked", lambda way: way.later),
    ]
    cells = tuple((label, *("yes" if fact(way) else "no" for way in ways)) for label, fact in facts)
    return Table(("", *(way.name for way in ways)), cells, title="the tensors")
