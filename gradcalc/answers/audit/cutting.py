"""The lines where the code hides a number from autograd, or changes what it still needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, at
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Frozen
from gradcalc.tracing.tape import Step

CUTS = {
    "detach": "`.detach()` cuts this number off: autograd takes it for a constant",
    "data": "`.data` cuts this number off: autograd takes it for a constant",
    "no_grad": "grad mode is off here: autograd does not see what is computed",
    "item": "`.item()` makes a Python number of it, which autograd does not see",
    "tolist": "`.tolist()` makes Python numbers of it, which autograd does not see",
    "numpy": "`.numpy()` hands it to NumPy, which autograd does not see",
    "tensor": "`torch.tensor` copies numbers: autograd does not see where they come from",
    "padding": "the row of `padding_idx` is held constant: autograd gives it no gradient, and nothing trains it",
    "requires_grad": "this number does not require grad here: autograd does not see it",
}
MODIFIED_BY = re.compile(r"which is output \d+ of (\w+)Backward\d*")


def cuts(judge: Judge) -> Iterator[CodeBlame]:
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
            yield at(place, cut.kind, "cut", CUTS[cut.kind])
    for cut in tape.escapes:
        if cut.place is not None and (cut.kind, cut.place) not in met:
            met.add((cut.kind, cut.place))
            yield at(cut.place, cut.kind, "cut", CUTS[cut.kind])
    for step in tape.steps:
        if freezes(judge, step) and step.place is not None:
            place, name = step.place, step.operation.removeprefix("aten.")
            what = "a cast to whole numbers" if name in ("_to_copy", "to") else f"`{name}` gives whole numbers, which"
            sentence = f"{what} cuts the graph" if "cast" in what else f"{what} are no part of the graph"
            yield at(place, step.operation, "cut", sentence)


def freezes(judge: Judge, step: Step) -> bool:
    """Does a step make whole numbers of what depends on a leaf?"""
    tape = judge.truth.tape
    nodes = [node for node in tape.nodes if node.step == tape.steps.index(step) + 1]
    return any(node.leaves and (node.rule is FUNCTIONS["integer"] or isinstance(node.rule, Frozen)) for node in nodes)


def in_place(judge: Judge, refusal: str) -> Iterator[CodeBlame]:
    """The operation in place that autograd refuses to go back through: it says which, where it knows."""
    named = MODIFIED_BY.search(refusal)
    steps = [one for one in judge.truth.tape.steps if one.operation.endswith("_") and one.place is not None]
    if named is not None:
        steps = [one for one in steps if one.operation == f"aten.{named[1].lower()}_"] or steps
    for step in steps[-1:]:
        place, name = step.place, step.operation.removeprefix("aten.")
        assert place is not None
        sentence = f"`{name}` changes in place what backward() still needs: autograd refuses"
        yield at(place, step.operation, "in-place", sentence)
