"""The lines where the code hides a number from autograd, or changes what it still needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.records import CodeBlame, at
from gradcalc.tracing.operations import DRAWS
from gradcalc.tracing.places import Place
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import Frozen
from gradcalc.tracing.truth import stuck

CUTS = {
    "detach": "`.detach()` cuts this number off: autograd takes it for a constant",
    "data": "`.data` cuts this number off: autograd takes it for a constant",
    "no_grad": "grad mode is off here: autograd does not see what is computed",
    "item": "`.item()` makes a Python number of it, which autograd does not see",
    "tolist": "`.tolist()` makes Python numbers of it, which autograd does not see",
    "numpy": "`.numpy()` hands it to NumPy, which autograd does not see",
    "tensor": "`torch.tensor` copies numbers: autograd does not see where they come from",
    "padding": "the row of `padding_idx` is held constant: autograd gives it no gradient, and nothing trains it",
    "create_graph": "without create_graph=True these gradients have no graph: autograd does not see what they hang on",
    "written": "changed where autograd does not look: it takes the new numbers for the old ones",
    "requires_grad": "this number does not require grad here: autograd does not see it",
}
DERIVED = re.compile(r"\bgrad\(|\.backward\(")  # what derives inside
MODIFIED_BY = re.compile(r"which is output \d+ of (\w+)Backward\d*")


def cuts(judge: Judge) -> Iterator[CodeBlame]:
    """The places where the code hides a number that the gradient flows through."""
    found = list(_cuts(judge))
    derived = any(one.operation == "create_graph" for one in found)  # which detaches what it keeps, with no such word
    written = [(one.line, one.span) for one in found if one.operation == "written"]
    for one in found:
        silent = derived and one.operation == "detach" and "detach" not in one.source
        if not silent and (one.operation == "written" or (one.line, one.span) not in written):
            yield one


def _cuts(judge: Judge) -> Iterator[CodeBlame]:
    tape, met, behind = judge.truth.tape, set(), judge.truth.behind()
    fixed, idle = stuck(tape), _idle(judge)
    for number, (node, flow) in enumerate(zip(tape.nodes, judge.truth.flows, strict=True)):
        for read in node.reads:
            lost = isinstance(node.rule, Frozen) or fixed[read.node]  # with a gradient too
            if read.cut is None or lost or not tape.varies(read) or not any(g is not None for g in flow):
                continue
            if number in idle:
                continue
            cut = tape.cuts[read.cut]
            if cut.place is None or (cut.kind, cut.place) in met:
                continue
            met.add((cut.kind, cut.place))
            kind = "create_graph" if cut.kind == "no_grad" and DERIVED.search(cut.place.whole) else cut.kind
            yield at(cut.place, kind, "cut", CUTS[kind])
        place = _written(judge, number)
        if place is not None and ("written", place) not in met and any(g is not None for g in flow):
            met.add(("written", place))
            yield at(place, "written", "cut", CUTS["written"])
    for cut in tape.escapes:
        if cut.place is not None and (cut.kind, cut.place) not in met:
            met.add((cut.kind, cut.place))
            yield at(cut.place, cut.kind, "cut", CUTS[cut.kind])
    for number, step in enumerate(tape.steps, 1):
        if step.place is not None and _freezes(judge, number, behind):
            place, name = step.place, step.operation.removeprefix("aten.")
            yield at(place, step.operation, "cut", _whole(name))


def _written(judge: Judge, number: int) -> Place | None:
    """Where a node's numbers were changed without autograd's seeing it."""
    node = judge.truth.tape.nodes[number]
    if node.bypass is None or judge.truth.unchanged(number) is not None or not node.step:
        return None
    steps = judge.truth.tape.steps
    return steps[node.step - 1].place if node.step <= len(steps) else None


def _idle(judge: Judge) -> set[int]:
    """What is written in place where autograd does not see it, and changes nothing, as by torch's own functions."""
    found: set[int] = set()
    for place, node in enumerate(judge.truth.tape.nodes):
        if (before := judge.truth.unchanged(place)) is not None:
            found |= {read.node for read in node.reads} - {before.node}
    return found


def _whole(name: str) -> str:
    """Why nothing goes back through a step."""
    if name in DRAWS:
        other = "; rsample() of a distribution has one" if name == "normal" else ""
        return f"`{name}` draws at random: no gradient goes back to what it draws from{other}"
    if name in ("_to_copy", "to"):
        return "a cast to whole numbers cuts the graph"
    return f"`{name}` gives whole numbers, which are no part of the graph"


def _freezes(judge: Judge, number: int, behind: Set[int]) -> bool:
    """Does a step make whole numbers, that the result hangs on, of what depends on a leaf?"""
    nodes = [one for place, one in enumerate(judge.truth.tape.nodes) if one.step == number and place in behind]
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
