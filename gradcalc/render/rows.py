"""Partial derivatives for people: the table of them, how many agree, and what there is to explain, each thing once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TypeAlias

from gradcalc.answers.records import Diagnosis, Forward, Row
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.words import first_of
from gradcalc.render.document import BAD, GOOD, Note, Table, form
from gradcalc.render.numbers import either
from gradcalc.render.words import VALUE, in_words

FAR = 1_000_000.0  # units in the last place
MOST_ROWS = 12  # components listed with all their numbers
AUTOGRAD_RIGHT, VALUE_RIGHT = "checked, autograd is right with that here", "checked, the value is right with that here"
Said: TypeAlias = tuple[str, str, str]  # of what, the text, and whether it is good news
Named: TypeAlias = Sequence[tuple[str, Row]]  # each with the name of its derivative


def table(rows: Named, dtype: str, *, formulas: bool = True) -> Table:
    """The true value of each derivative, autograd's, and the verdict; with the closed form, unless it stands apart."""
    columns = ("", "closed form", "true value", f"autograd ({dtype})", "distance", "verdict")
    lines = [
        (name, form(row.formula), true_text(row), either(row.autograd, "-"), distance(row), in_words(row))
        for name, row in rows
    ]
    tones = tuple(tone(row) for _, row in rows)
    if formulas:
        return Table(columns, tuple(lines), tones, spill=1)
    return Table(columns[:1] + columns[2:], tuple(line[:1] + line[2:] for line in lines), tones)


def tone(row: Row) -> str:
    """Is it good news?"""
    return GOOD if row.verdict in (Verdict.AGREE, None) else BAD


def true_text(row: Row) -> str:
    """The true derivative; where there is none, the two one-sided ones; a dash where it is not known."""
    if row.symbolic is not None:
        return repr(row.symbolic)
    if row.left is not None and row.right is not None:
        return f"left {row.left!r}, right {row.right!r}"
    return "-" if row.verdict is Verdict.UNDECIDED else "none"


def distance(row: Row) -> str:
    """How far autograd is off."""
    return "-" if row.ulps is None or math.isinf(row.ulps) else f"{row.ulps:g} ulp"


def agreeing(rows: Sequence[Row]) -> int:
    """How many rows agree."""
    return sum(row.verdict is Verdict.AGREE for row in rows)


def worst(rows: Named) -> str:
    """Which is the worst of them, to end a sentence with; nothing where none was compared."""
    compared = [
        (row.verdict is Verdict.DISAGREE, math.inf if row.ulps is None else row.ulps, name)
        for name, row in rows
        if row.verdict is Verdict.DISAGREE or row.ulps is not None
    ]
    if not compared:
        return ""
    near = [one for one in compared if one[0] or one[1] < FAR]  # beside 0 what agrees may be far off in these units
    _, ulps, name = max(near or compared, key=itemgetter(0, 1))
    if ulps == 0:
        return " to the last bit"
    return f", the worst is {name}, {ulps:g} ulp off" if math.isfinite(ulps) else f", the worst is {name}"


def of_value(forward: Forward, told: Iterable[tuple[str, str, str]]) -> list[Note]:
    """The cause and the cure of a wrong value, where they are not told already."""
    return notes(not_told(diagnosed(VALUE, forward), told))


def not_told(said: Iterable[Said], told: Iterable[Said]) -> Iterator[Said]:
    """What is said of a value and not told of its derivatives: a cure of both is told once."""
    texts = {text for _, text, _ in told}
    texts |= {text.replace(AUTOGRAD_RIGHT, VALUE_RIGHT) for text in texts}
    return (one for one in said if one[1] not in texts)


def explained(name: str, row: Row) -> Iterator[tuple[str, str, str]]:
    """Why a row is as it is: the cause on the graph and the cure, or else what its verdict means."""
    if row.explanation is not None and (row.diagnosis is None or row.diagnosis.sentence is None):
        yield name, row.explanation, tone(row)
    yield from diagnosed(name, row)


def diagnosed(name: str, one: Row | Forward) -> Iterator[tuple[str, str, str]]:
    """The cause of what is wrong and the cure, where they are known."""
    found = one.diagnosis
    if found is not None and found.sentence is not None:
        yield name, found.sentence, BAD
    if found is not None and found.cure is not None:
        yield name, f"{instead(found)}: {AUTOGRAD_RIGHT if isinstance(one, Row) else VALUE_RIGHT}", BAD


def instead(found: Diagnosis) -> str:
    """What to write instead, and where."""
    if found.near is None:
        return f"write it as `{found.cure}`"
    return f"near {found.near} write it as `{found.cure}`, the series there as far as it counts"


def said_once(rows: Sequence[Row]) -> bool:
    """Is what rows lack a sentence for them all: are there many, or several with one note and no formula?"""
    return len(rows) > MOST_ROWS or (len(rows) > 1 and len({row.formula or row.note for row in rows}) == 1)


def notes(
    said: Iterable[tuple[str, str, str]], *, nameless: int = 0, listing: Callable[[Sequence[str]], str] = first_of
) -> list[Note]:
    """A note for each text, of names, texts and tones: the names that it is about, unless they are `nameless` many."""
    about: dict[tuple[str, str], list[str]] = {}
    for name, text, tone in said:
        about.setdefault((text, tone), []).append(name)
    return [
        Note(text if len(names) == nameless else f"{listing(names)}: {text}", tone)
        for (text, tone), names in about.items()
    ]
