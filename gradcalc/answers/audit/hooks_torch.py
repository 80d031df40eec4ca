"""Hooks that change a gradient: named where it is right without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcalc.answers.audit.gradients_torch import gradients, plain
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Part, at
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.tracing.hooks_torch import HOOKS, Hook


def hooked(recorded: Recorded, judge: Judge, gradient: Mapping[str, Part]) -> Iterator[CodeBlame]:
    """The hooks that spoil the gradient: components that disagree agree once no hook is called."""
    if not HOOKS.met or not recorded.scalar.requires_grad:
        return
    for one in HOOKS.met:
        one.changed = None
    guarded(lambda: gradients(recorded.scalar, recorded.leaves), "backward()")
    changing = [one for one in HOOKS.met if one.changed is not None]
    if not changing:
        return
    with HOOKS.silenced():
        numbers, _ = gradients(recorded.scalar, recorded.leaves)
    without = judge.gradient(plain(numbers), {name: tuple(one.shape) for name, one in recorded.leaves.items()})
    if any(_mended(part, without[name]) for name, part in gradient.items()):
        yield from _blamed(changing)


def _mended(part: Part, without: Part) -> bool:
    pairs = zip(part.components, without.components, strict=True)
    return any(a.verdict is Finding.DISAGREE and b.verdict is not Finding.DISAGREE for a, b in pairs)


def _blamed(changing: list[Hook]) -> Iterator[CodeBlame]:
    met = set()
    for one in changing:
        place = one.culprit
        if place is None or place in met or one.changed is None:
            continue
        met.add(place)
        line = "" if one.place is None else f", put on in line {one.place.line},"
        before, after = one.changed
        sentence = f"the hook `{one.name}`{line} changes the gradient: of {before:.6g} it makes {after:.6g}"
        yield at(place, one.name, "hook", sentence)
