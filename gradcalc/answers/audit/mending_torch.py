"""The user's file with cuts and changes in place written otherwise, run, and judged: only what holds is offered."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gradcalc.answers.audit.code_torch import load_target
from gradcalc.answers.audit.escapes_torch import APART
from gradcalc.answers.audit.gradients_torch import plain
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Judged, Part
from gradcalc.answers.audit.run_torch import Subject, play, recast
from gradcalc.answers.audit.uncut import Edit, copies, edit, edited
from gradcalc.base.errors import GradcalcError

MENDED = {"cut", "in-place"}


def with_cures(
    blame: Sequence[CodeBlame], subject: Subject, judge: Judge, gradient: Mapping[str, Part]
) -> list[CodeBlame]:
    """The blame, with what to write where value and gradient come out right with all of it written."""
    path = subject.target.path
    chosen = [one for one in blame if one.reason in MENDED and Path(one.file) == path]
    flowing = any(_lost(one.reason, one.symbolic) for part in gradient.values() for one in part.components)
    if path is None or not chosen or not flowing:
        return list(blame)
    source = path.read_text()
    tree = ast.parse(source)
    edits = {one: found for one in chosen if (found := edit(tree, one)) is not None}
    for more in ((), tuple(copies(tree, source))):
        if edits and _holds(edited(source, [*edits.values(), *more]), subject, judge, gradient):
            return [replace(one, cure=_said(edits[one], more)) if one in edits else one for one in blame]
    return list(blame)


def _lost(reason: str | None, true: float | None) -> bool:
    """Is there a gradient that does not arrive? Where the true one is 0 there is nothing to mend."""
    return reason in MENDED and bool(true)


def _said(one: Edit, more: Sequence[Edit]) -> str:
    whole = any(other.covers(one) for other in more)
    return "; ".join([*([] if whole else [one.cure]), *(other.cure for other in more)])


def _holds(source: str, subject: Subject, judge: Judge, gradient: Mapping[str, Part]) -> bool:
    """Are value and gradient right with it?"""
    assert subject.target.text is not None
    try:
        played = play(recast(subject, load_target(subject.target.text, source)))
    except GradcalcError:  # what the edit does not suit
        return False
    numbers = plain(played.gradients)
    shapes = {name: tuple(map(int, part.shape)) for name, part in gradient.items()}
    if numbers is None or set(numbers) != set(shapes):
        return False
    judged = judge.gradient(numbers, shapes)
    pairs = [
        pair for name, part in judged.items() for pair in zip(part.components, gradient[name].components, strict=True)
    ]
    return judge.value(played.value).verdict is not Finding.DISAGREE and all(_right(*pair) for pair in pairs)


def _right(now: Judged, before: Judged) -> bool:
    """Is a component right now: by its own verdict, or as the differences had it that showed the cut?"""
    known, found = before.symbolic, now.autograd
    near = known is not None and found is not None and abs(found - known) <= APART * max(abs(known), APART)
    return now.verdict is not Finding.DISAGREE or (before.reason in MENDED and near)
