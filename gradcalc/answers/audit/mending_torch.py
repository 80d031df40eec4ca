"""The user's file with cuts and changes in place written otherwise, run, and judged: only what holds is offered."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from gradcalc.answers.audit.code_torch import load_target
from gradcalc.answers.audit.escapes_torch import APART
from gradcalc.answers.audit.fitted import source_of
from gradcalc.answers.audit.gradients_torch import plain
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Played, Subject, play, recast
from gradcalc.answers.audit.target import TargetText
from gradcalc.answers.audit.uncut import Edit, copies, edit, edited
from gradcalc.base.errors import GradcalcError

MENDED = {"cut", "in-place"}


def with_cures(
    blame: Sequence[CodeBlame], subject: Subject, judge: Judge, gradient: Mapping[str, Part]
) -> list[CodeBlame]:
    """The blame, with what to write where value and gradient come out right with all of it written.

    Of what was found for a piece by itself it says whether the whole comes out right too.
    """
    path = subject.target.path
    if path is None or not any(one.reason in MENDED or one.spot is not None for one in blame):
        return list(blame)
    source = source_of(str(path))
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the file has changed since
        return list(blame)
    own = {one: found for one in blame if (found := _own(one, path)) is not None}
    chosen = [one for one in blame if one.reason in MENDED and Path(one.file) == path]
    flowing = any(_lost(one.reason, one.symbolic) for part in gradient.values() for one in part.components)
    edits = {one: found for one in chosen if flowing and (found := edit(tree, one)) is not None}
    guarded = any(one.guard for one in own)
    for more in ((), tuple(copies(tree, source))) if edits else ():
        mended = edited(source, [*own.values(), *edits.values(), *more])
        if not guarded and _holds(mended, subject, judge, gradient):
            return [replace(one, cure=_said(edits[one], more)) if one in edits else one for one in blame]
    if not own:
        return list(blame)
    mended = edited(source, list(own.values()))
    whole = _is_finite(mended, subject) if guarded else _holds(mended, subject, judge, gradient)
    return [replace(one, whole=whole) if one in own else one for one in blame]


def _own(one: CodeBlame, path: Path) -> Edit | None:
    """A cure or a guard as an edit of the file; None where there is none, or it is no piece of one line of it."""
    text, spot = one.write, one.spot
    if text is None or spot is None or "\n" in spot.whole or Path(spot.file) != path:
        return None
    return Edit(spot.line, spot.span, text, text)


def _is_finite(source: str, subject: Subject) -> bool:
    """Are value and gradient numbers with it?"""
    played = _played(source, subject)
    numbers = None if played is None else plain(played.gradients)
    if played is None or numbers is None:
        return False
    return all(math.isfinite(one) for one in (played.value, *chain.from_iterable(numbers.values())))


def _lost(reason: str | None, true: float | None) -> bool:
    """Is there a gradient that does not arrive? Where the true one is 0 there is nothing to mend."""
    return reason in MENDED and bool(true)


def _said(one: Edit, more: Sequence[Edit]) -> str:
    whole = any(other.covers(one) for other in more)
    return "; ".join([*([] if whole else [one.cure]), *(other.cure for other in more)])


def _holds(source: str, subject: Subject, judge: Judge, gradient: Mapping[str, Part]) -> bool:
    """Are value and gradient right with it?"""
    played = _played(source, subject)
    numbers = None if played is None else plain(played.gradients)
    if played is None or played.gradients is None or numbers is None or set(numbers) != set(judge.truth.tape.leaves):
        return False
    judged = judge.gradient(numbers, {name: tuple(one.shape) for name, one in played.gradients.items()})
    pairs = [
        pair for name, part in gradient.items() for pair in zip(judged[name].components, part.components, strict=True)
    ]
    return judge.value(played.value).verdict is not Finding.DISAGREE and all(_right(*pair) for pair in pairs)


def _played(source: str, subject: Subject) -> Played | None:
    """A run of the file as it would read; None where it raises."""
    assert subject.target.text is not None
    try:
        return play(recast(subject, load_target(_absolute(subject.target.text, subject.target.path), source)))
    except GradcalcError:  # what the edit does not suit
        return None


def _absolute(text: TargetText, path: Path | None) -> TargetText:
    """The target where it is, though the code may be in another folder by now."""
    return replace(text, where=str(path)) if text.is_file else text


def _right(now: Judged, before: Judged) -> bool:
    """Is a component right now: by its own verdict, or as the differences had it that showed the cut?"""
    known, found = before.symbolic, now.autograd
    near = known is not None and found is not None and abs(found - known) <= APART * max(abs(known), APART)
    return now.verdict is not Finding.DISAGREE or (before.reason in MENDED and near)
