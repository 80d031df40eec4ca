"""The lines where a function has no derivative: corners, jumps, steps, infinite slopes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from gradcalc.answers.audit.blame import Suspect
from gradcalc.answers.audit.fitted import Written
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.no_number import told
from gradcalc.answers.audit.records import CodeBlame, Finding, Part, at
from gradcalc.tracing.line import Side
from gradcalc.tracing.places import Place
from gradcalc.tracing.pointwise import COMPARISONS
from gradcalc.tracing.rules import Step as StepRule
from gradcalc.tracing.tape import Node, Step
from gradcalc.tracing.truth import flipped

MOST_FELT = 8  # lines that are asked for
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

    def cure(self, suspect: Suspect) -> Written | None:
        """An equal expression that is right here."""

    def guard(self, step: Step) -> Written | None:
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
    """The places where a branch changes just here (`True`), and where something is flat, those that move in steps.

    Those that the result feels, if there are such: from which a gradient goes on that is not 0.
    """
    everywhere: dict[Place, tuple[Step, bool]] = {}
    felt: dict[Place, tuple[Step, bool]] = {}
    for number, node in enumerate(judge.truth.tape.nodes):
        step, ties = _step(judge, node), judge.truth.run.ties.get(number, ())
        steps = flat and isinstance(node.rule, StepRule) and node.leaves != 0
        if step is None or step.place is None or not (ties or steps):
            continue
        for found in (everywhere, felt) if len(felt) < MOST_FELT and _feels(judge, number, ties) else (everywhere,):
            found[step.place] = step, bool(ties) or found.get(step.place, (step, False))[1]
    return felt or everywhere


def _feels(judge: Judge, number: int, ties: Sequence[int]) -> bool:
    """Does the result feel a node's branch: does a gradient come back to it, or change when it takes the other?"""
    node, flow, leaves = judge.truth.tape.nodes[number], judge.truth.flows[number], judge.truth.ways
    if ties and getattr(node.rule, "name", "") in COMPARISONS:
        places = [(name, place) for name, ways in leaves.items() for place, way in enumerate(ways) if way]
        return bool(flipped(judge.truth, {number: list(ties)}, places))
    return bool(flow) and any((g := flow[place]) is not None and not g.is_zero() for place in ties or range(len(flow)))


def _step(judge: Judge, node: Node) -> Step | None:
    """The step that a node belongs to."""
    steps = judge.truth.tape.steps
    return steps[node.step - 1] if 0 < node.step <= len(steps) else None


def _name(step: Step) -> str:
    return told(step.operation.removeprefix("aten.").rstrip("_"))


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
