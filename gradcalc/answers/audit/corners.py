"""The lines where a function has no derivative: corners, jumps, steps, infinite slopes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from gradcalc.answers.audit.blame import Suspect
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Part, at
from gradcalc.tracing.line import Side
from gradcalc.tracing.places import Place
from gradcalc.tracing.pointwise import COMPARISONS
from gradcalc.tracing.rules import Step as StepRule
from gradcalc.tracing.tape import Node, Step

TIED = {Side.JUMP: "jump", Side.INFINITE: "infinite"}
SENTENCES = {
    "infinite": "the slope of {} is infinite here",
    "flat": "{} moves in steps: its gradient is 0 wherever it has one, and no training will move what lies behind it",
    "kink": "{} has a corner just here",
    "undefined": "{} has no slope here",
    "jump": "{} jumps just here",
}
DECIDING = {
    "infinite": "{} changes just here, and beside this point the slope grows without bound",
    "kink": "the comparison, {}, changes its answer just here",
}


class Cures(Protocol):
    """Where to ask what to write instead."""

    def cure(self, suspect: Suspect) -> str | None:
        """An equal expression that is right here."""

    def guard(self, step: Step) -> str | None:
        """Another one, that has value and gradient here."""


def special(judge: Judge, gradient: Mapping[str, Part], cures: Cures) -> Iterator[CodeBlame]:
    """The steps whose branch changes here, or that only move in steps; else the one whose slope is no number."""
    verdicts = {one.verdict for part in gradient.values() for one in part.components}
    kinds = {side.kind for both in judge.truth.sides.values() for side in (both.left, both.right)}
    of_ties = next((name for kind, name in TIED.items() if kind in kinds), "kink")
    found = _branching(judge, Finding.FLAT in verdicts)
    if Finding.INFINITE in verdicts:
        yield from _steep(judge, "infinite", cures)
    elif verdicts & {Finding.KINK, Finding.UNDEFINED} and not found:
        yield from _steep(judge, of_ties if Finding.KINK in verdicts or of_ties != "kink" else "undefined", cures)
    for place, (step, tied) in found.items():
        reason = of_ties if tied else "flat"
        chosen = DECIDING if _name(step) in COMPARISONS else SENTENCES
        sentence = chosen.get(reason, SENTENCES[reason])
        yield at(place, step.operation, reason, sentence.format(_name(step)))


def _branching(judge: Judge, flat: bool) -> dict[Place, tuple[Step, bool]]:
    """The places where a branch changes just here (`True`), and where something is flat, those that move in steps."""
    found: dict[Place, tuple[Step, bool]] = {}
    for number, node in enumerate(judge.truth.tape.nodes):
        step, tied = _step(judge, node), number in judge.truth.run.ties
        steps = flat and isinstance(node.rule, StepRule) and node.leaves != 0
        if step is not None and step.place is not None and (tied or steps):
            found[step.place] = step, tied or found.get(step.place, (step, False))[1]
    return found


def _step(judge: Judge, node: Node) -> Step | None:
    """The step that a node belongs to."""
    steps = judge.truth.tape.steps
    return steps[node.step - 1] if 0 < node.step <= len(steps) else None


def _name(step: Step) -> str:
    return step.operation.removeprefix("aten.").rstrip("_")


def _steep(judge: Judge, reason: str, cures: Cures) -> Iterator[CodeBlame]:
    """The first step on the way back whose slope is no number."""
    tape, run = judge.truth.tape, judge.truth.run
    for number in range(len(tape.nodes) - 1, -1, -1):
        node, flow = tape.nodes[number], judge.truth.flows[number]
        step = _step(judge, node)
        if not flow or step is None or step.place is None or not all(g is None or g.is_finite() for g in flow):
            continue
        varies = [tape.varies(read) for read in node.reads]
        back = node.rule.flows([run.at(read) for read in node.reads], run.values[number], flow, varies)
        if any(g is not None and not g.is_finite() for part in back for g in part):
            guard = cures.guard(step) if reason == "infinite" else None
            yield at(step.place, step.operation, reason, SENTENCES[reason].format(_name(step)), guard=guard)
            return
