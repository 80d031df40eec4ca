"""The lines to blame for what is wrong, with a sentence for each."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping

from gradcalc.answers.audit.blame import Suspect, Wrong, argument, confirmed, explained, forward, text, undefined
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, Finding, Judged, Part
from gradcalc.engines.exact.ball import Ball
from gradcalc.tracing.line import Side
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Frozen
from gradcalc.tracing.rules import Step as StepRule
from gradcalc.tracing.tape import Step

CUTS = {
    "detach": "`.detach()` cuts this number off: autograd takes it for a constant",
    "data": "`.data` cuts this number off: autograd takes it for a constant",
    "no_grad": "grad mode is off here: autograd does not see what is computed",
    "item": "`.item()` makes a Python number of it, which autograd does not see",
    "requires_grad": "this number does not require grad here: autograd does not see it",
}
SPREADS = {"div": "{} / {} is nan", "sub": "{} - {} is nan", "mul": "{} * {} is nan", "add": "{} + {} is nan"}
MOST = 6  # lines
VALUE = ("", 0)
MODIFIED_BY = re.compile(r"which is output \d+ of (\w+)Backward\d*")


def accusations(
    judge: Judge,
    value: Judged,
    gradient: Mapping[str, Part],
    back: Callable[[], list[Suspect]],
    refusal: str | None,
) -> Iterator[CodeBlame]:
    """What is to blame, for each kind of verdict that there is."""
    judged = [value, *(one for part in gradient.values() for one in part.components)]
    found = {one.verdict for one in judged}
    reasons = {one.reason for one in judged}
    if Finding.UNDEFINED in found and not judge.truth.value.is_finite():
        one = undefined(judge.truth.tape, judge.truth.run)
        if one is not None:
            yield from _said(judge, one, "undefined", _no_value(judge, one))
        return
    if refusal is not None:
        yield from _in_place(judge, refusal)
        return
    if "cut" in reasons:
        yield from _cuts(judge)
    if Finding.DISAGREE in found and reasons - {"cut", None, "jump", "edge"}:
        for one in causes(judge, _wrong(value, gradient), back)[:MOST]:
            yield from _said(judge, one, one.reason, _sentence(judge, one))
    if found & {Finding.KINK, Finding.UNDEFINED, Finding.FLAT, Finding.INFINITE}:
        yield from _special(judge, gradient)


def _wrong(value: Judged, gradient: Mapping[str, Part]) -> Wrong:
    """What disagrees, but for what is cut."""
    parts = [("", 0, value), *((n, k, one) for n, part in gradient.items() for k, one in enumerate(part.components))]
    return [(name, place) for name, place, one in parts if one.verdict is Finding.DISAGREE and one.reason != "cut"]


def causes(judge: Judge, wrong: Wrong, back: Callable[[], list[Suspect]]) -> list[Suspect]:
    """The steps where digits or a number went, one of each group of twins."""
    suspects = forward(judge.truth.tape, judge.truth.run, judge.form)
    found: list[Suspect] = []
    for part in (wrong[:1] if wrong[:1] == [VALUE] else [], [one for one in wrong if one != VALUE]):
        if part and not (found and explained(found, judge, part)):
            found += confirmed(suspects, judge, part) or (back()[:1] if part != [VALUE] else [])
    return list(dict.fromkeys(found))


def _said(judge: Judge, suspect: Suspect, reason: str, sentence: str) -> Iterator[CodeBlame]:
    place = suspect.step.place
    if place is not None:
        yield CodeBlame(
            place.file, place.line, place.span, place.source, suspect.step.operation, reason, sentence,
            suspect.found, text(suspect.true),
        )  # fmt: skip


# -- disagreements


def _sentence(judge: Judge, one: Suspect) -> str:
    """What happened at a step."""
    form, name, true = one.form, one.operation, text(one.true)
    given = argument(one, judge.truth.run)
    of = name if given is None else f"{name} of {_short(given)}"
    reason = one.reason
    if one.back:
        return f"the gradient that {name} passes on is {one.found:.6g} here, the true one is {_short(one.true)}"
    if reason == "overflow":
        becomes = f"and becomes {one.found:.6g}{_spread(judge, one)}"
        return f"{of} is {_short(one.true)}, more than the {form.largest:.3g} that {form.name} holds, {becomes}"
    if reason == "underflow":
        becomes = f"and becomes {one.found:.6g}"
        least = f"less than the {form.smallest_normal:.3g} that {form.name} holds in full"
        return f"{of} is {_short(one.true)}, {least}, {becomes}"
    if reason == "cancellation" and one.kind == "cancellation":
        return f"{of} is rounded to {one.found:.8g}: what the next step takes of it is lost"
    if reason == "cancellation":
        return f"{name} cancels: it comes out as {one.found:.8g}, the true value is {_short(one.true, 8)}"
    return f"{of} comes out as {one.found:.8g}, the true value is {_short(one.true, 8) if true else 'none'}"


def _short(number: Ball, digits: int = 3) -> str:
    """A number in a few digits, of any size."""
    whole = text(number)
    if whole is None:
        return "no number" if number.is_nan() else f"{float(number)}"
    value = float(number)
    if value and math.isfinite(value) and abs(value) > 1e-300:
        return f"{value:.{max(digits, 6)}g}"
    mantissa, _, power = whole.partition("e")
    return f"{float(mantissa):.{digits}g}e{power}" if power else f"{value:g}"


def _spread(judge: Judge, one: Suspect) -> str:
    """How an infinity becomes no number further on."""
    for step in judge.truth.tape.steps:
        operation = step.operation.removeprefix("aten.").rstrip("_")
        if operation not in SPREADS or not step.outputs or len(step.inputs) < 2:
            continue
        numbers = step.outputs[0].numbers.reshape(-1).tolist()
        bad = next((place for place, number in enumerate(numbers) if math.isnan(number)), None)
        if bad is not None:
            return "; " + SPREADS[operation].format("inf", "0" if operation == "mul" else "inf")
    return ""


# -- cuts


def _cuts(judge: Judge) -> Iterator[CodeBlame]:
    """The places where the code hides a number that the gradient flows through."""
    tape, met = judge.truth.tape, set()
    for node, flow in zip(tape.nodes, judge.truth.flows, strict=True):
        for read in node.reads:
            if read.cut is None or not tape.varies(read) or not any(g is not None for g in flow):
                continue
            cut = tape.cuts[read.cut]
            if cut.place is None or (cut.kind, cut.place) in met:
                continue
            met.add((cut.kind, cut.place))
            place = cut.place
            yield CodeBlame(place.file, place.line, place.span, place.source, cut.kind, "cut", CUTS[cut.kind])
    for step in tape.steps:
        if _freezes(judge, step) and step.place is not None:
            place, name = step.place, step.operation.removeprefix("aten.")
            what = "a cast to whole numbers" if name in ("_to_copy", "to") else f"`{name}` gives whole numbers, which"
            sentence = f"{what} cuts the graph" if "cast" in what else f"{what} are no part of the graph"
            yield CodeBlame(place.file, place.line, place.span, place.source, step.operation, "cut", sentence)


def _freezes(judge: Judge, step: Step) -> bool:
    """Does a step make whole numbers of what depends on a leaf?"""
    tape = judge.truth.tape
    nodes = [node for node in tape.nodes if node.step == tape.steps.index(step) + 1]
    return any(node.leaves and (node.rule is FUNCTIONS["integer"] or isinstance(node.rule, Frozen)) for node in nodes)


def _in_place(judge: Judge, refusal: str) -> Iterator[CodeBlame]:
    """The operation in place that autograd refuses to go back through: it says which, where it knows."""
    named = MODIFIED_BY.search(refusal)
    steps = [one for one in judge.truth.tape.steps if one.operation.endswith("_") and one.place is not None]
    if named is not None:
        steps = [one for one in steps if one.operation == f"aten.{named[1].lower()}_"] or steps
    for step in steps[-1:]:
        place, name = step.place, step.operation.removeprefix("aten.")
        assert place is not None
        sentence = f"`{name}` changes in place what backward() still needs: autograd refuses"
        yield CodeBlame(place.file, place.line, place.span, place.source, step.operation, "in-place", sentence)


# -- what has no derivative


def _no_value(judge: Judge, one: Suspect) -> str:
    given = argument(one, judge.truth.run)
    return f"{one.operation}{'' if given is None else f' of {_short(given)}'} has no real value"


def _special(judge: Judge, gradient: Mapping[str, Part]) -> Iterator[CodeBlame]:
    """The steps whose branch changes here, or that only move in steps."""
    if any(part.verdict is Finding.INFINITE for part in gradient.values()):
        yield from _infinite(judge)
    tape = judge.truth.tape
    kinds = {side.kind for both in judge.truth.sides.values() for side in (both.left, both.right)}
    verdicts = {one.verdict for part in gradient.values() for one in part.components}
    met = set()
    for number, node in enumerate(tape.nodes):
        tied = number in judge.truth.run.ties
        steps = isinstance(node.rule, StepRule) and node.leaves != 0
        if not (tied or (Finding.FLAT in verdicts and steps)) or not 0 < node.step <= len(tape.steps):
            continue
        step = tape.steps[node.step - 1]
        if step.place is None or step.place in met:
            continue
        met.add(step.place)
        name = step.operation.removeprefix("aten.").rstrip("_")
        reason = "flat" if not tied else next((name for kind, name in TIED.items() if kind in kinds), "kink")
        place = step.place
        yield CodeBlame(
            place.file, place.line, place.span, place.source, step.operation, reason, SPECIAL[reason].format(name)
        )


def _infinite(judge: Judge) -> Iterator[CodeBlame]:
    """The first step on the way back whose slope is no number."""
    tape, flows = judge.truth.tape, judge.truth.flows
    for number, (node, flow) in reversed(list(enumerate(zip(tape.nodes, flows, strict=True)))):
        if not flow or not 0 < node.step <= len(tape.steps) or not all(g is None or g.is_finite() for g in flow):
            continue
        step = tape.steps[node.step - 1]
        inputs, varies = [judge.truth.run.at(read) for read in node.reads], [tape.varies(read) for read in node.reads]
        back = node.rule.flows(inputs, judge.truth.run.values[number], flow, varies)
        if step.place is not None and any(g is not None and not g.is_finite() for part in back for g in part):
            place, name = step.place, step.operation.removeprefix("aten.").rstrip("_")
            sentence = f"the slope of {name} is infinite here"
            yield CodeBlame(place.file, place.line, place.span, place.source, step.operation, "infinite", sentence)
            return


TIED = {Side.JUMP: "jump", Side.INFINITE: "infinite"}
SPECIAL = {
    "infinite": "the slope of {} is infinite here",
    "flat": "{} moves in steps: its gradient is 0 wherever it has one, and no training will move what lies behind it",
    "kink": "{} has a corner just here",
    "jump": "{} jumps just here",
}
