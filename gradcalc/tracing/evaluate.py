"""The tape worked out: the numbers of every node, and the gradient of a result by every node, in one pass back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gradcalc.base.effort import spend
from gradcalc.engines.exact.ball import ONE, ZERO, Ball, working
from gradcalc.tracing.arrays import added
from gradcalc.tracing.rules import Flow, Numbers
from gradcalc.tracing.tape import Node, Read, Tape, taken

STEPS_PER_NUMBER = 1.0  # of work at ordinary precision
LIST_OF_NONE: Flow = []


@dataclass(slots=True)
class Run:
    """The numbers of every node, and the elements whose branch was not decided, or equal."""

    values: list[Numbers]
    ties: dict[int, list[int]] = field(default_factory=dict)

    def at(self, read: Read) -> Numbers:
        """The numbers that a read takes."""
        return taken(self.values[read.node], read.index)


def run(
    tape: Tape,
    leaves: Mapping[int, Numbers] | None = None,
    base: Run | None = None,
    flips: Mapping[int, Collection[int]] | None = None,
) -> Run:
    """The numbers of every node at the precision at work, with other numbers for some leaves, by their nodes.

    With `base`, a run at the recorded point, what does not depend on those leaves is taken from there. `flips` are the
    elements of comparisons that are to come out the other way.
    """
    leaves = leaves or {}
    moved = 0
    for leaf in leaves:
        moved |= tape.nodes[leaf].leaves
    found = Run([])
    for place, node in enumerate(tape.nodes):
        if place in leaves:
            found.values.append(leaves[place])
        elif base is not None and not node.leaves & moved:
            found.values.append(base.values[place])
        else:
            found.values.append(_values(node, found, place))
            for element in (flips or {}).get(place, ()):
                found.values[place][element] = ONE - found.values[place][element]
    return found


def _values(node: Node, found: Run, place: int) -> Numbers:
    spend(STEPS_PER_NUMBER * node.work)
    ties: list[int] = []
    values = node.rule.values([found.at(read) for read in node.reads], ties)
    if ties and node.leaves:
        found.ties[place] = ties
    return values


def rounded(tape: Tape, bits: int, given: Mapping[int, Numbers], finals: Sequence[bool], most: int) -> Run:
    """A run in which the results of steps (`finals`) are rounded to `bits`, of any exponent; those `given` are exact.

    What a step needs in between has `most` bits. This is what torch would do if no number were too large or small.
    """
    found = Run([])
    for place, node in enumerate(tape.nodes):
        if place in given:
            found.values.append(given[place])
            continue
        with working(most):
            numbers = _values(node, found, place)
        rounds = finals[place] and bool(node.reads)
        found.values.append(shortened(numbers, bits) if rounds else numbers)
    return found


def shortened(numbers: Numbers, bits: int) -> Numbers:
    """The middles, rounded to so many bits."""
    with working(bits):
        return [(+number.mid()).mid() for number in numbers]


def flows(
    tape: Tape,
    run: Run,
    seeds: Mapping[int, Flow],
    *,
    held: bool = False,
    rounding: Sequence[int] | None = None,
    since: int = 0,
    stops: Collection[int] = (),
) -> list[Flow]:
    """The gradient by every node of a result, of which the gradient by some is given; empty where none comes.

    With `held`, what the code hides from autograd is held constant. `rounding` has for each node the bits that the
    gradient by it is rounded to, 0 for none. It flows through no step before number `since`, and not beyond `stops`.
    """
    found: list[Flow] = [LIST_OF_NONE] * len(tape.nodes)
    for place, seed in seeds.items():
        found[place] = list(seed)
    for place in range(len(tape.nodes) - 1, -1, -1):
        node, flow = tape.nodes[place], found[place]
        if not flow or not node.leaves or not node.reads or node.step < since or place in stops:
            continue
        if rounding is not None and rounding[place]:
            flow = _shortened(flow, rounding[place])
        if held and node.bypass is not None:
            _add(found, tape, node.bypass, flow)
        else:
            _send(found, tape, run, place, flow, node.rule.flows, held)
    return found


def _send(
    found: list[Flow], tape: Tape, run: Run, place: int, flow: Flow, back: Callable[..., list[Flow]], held: bool
) -> None:
    """Send a flow back through a node, to what it reads."""
    node = tape.nodes[place]
    spend(STEPS_PER_NUMBER * node.work)
    varies = [tape.varies(read) and not (held and read.cut is not None) for read in node.reads]
    if any(varies):
        inputs = [run.at(read) for read in node.reads]
        for read, one, wanted in zip(node.reads, back(inputs, run.values[place], flow, varies), varies, strict=True):
            if wanted:
                _add(found, tape, read, one)


def variances(
    tape: Tape, run: Run, gradient: Sequence[Flow], shares: Sequence[Ball], *, held: bool = False
) -> list[Flow]:
    """The variance of the gradient by every node, where rounding gives every number of it an error of its own.

    The error of a number at a node is the node's share of it, and independent of all others: what it does to the
    numbers behind is the running error of the pass back, in the mean. `gradient` is what `flows` gave.
    Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 2.8 and 3.3.
    """
    found: list[Flow] = [LIST_OF_NONE] * len(tape.nodes)
    for place in range(len(tape.nodes) - 1, -1, -1):
        node, flow = tape.nodes[place], gradient[place]
        if not flow or not node.leaves or not node.reads:
            continue
        before = found[place] or [None] * node.size
        share = shares[place] * shares[place]
        own = [
            None if g is None else share * g * g + (ZERO if more is None else more)
            for g, more in zip(flow, before, strict=True)
        ]
        if held and node.bypass is not None:
            _add(found, tape, node.bypass, own)
        else:
            _send(found, tape, run, place, own, node.rule.variances, held)
    return found


def _shortened(flow: Flow, bits: int) -> Flow:
    with working(bits):
        return [None if g is None else (+g.mid()).mid() for g in flow]


def _add(found: list[Flow], tape: Tape, read: Read, back: Flow) -> None:
    """Add the gradient of what was read to that by its node."""
    before = found[read.node]
    if read.index is None and not before:
        found[read.node] = list(back)
        return
    if not before:
        before = found[read.node] = [None] * tape.nodes[read.node].size
    for place, g in zip(range(len(back)) if read.index is None else read.index, back, strict=True):
        if g is not None:
            added(before, place, g)


def marks(tape: Tape, run: Run, seeds: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """The ways from every element of every node to the elements that `seeds` mark."""
    found: list[list[int]] = [[] for _ in tape.nodes]
    for place, seed in seeds.items():
        found[place] = list(seed)
    for place in range(len(tape.nodes) - 1, -1, -1):
        node, ways = tape.nodes[place], found[place]
        if not ways or not node.leaves or not node.reads:
            continue
        spend(STEPS_PER_NUMBER * node.work)
        back = node.rule.marks([run.at(read) for read in node.reads], ways)
        for read, more in zip(node.reads, back, strict=True):
            if tape.varies(read):
                _mark(found, tape, read, more)
    return found


def _mark(found: list[list[int]], tape: Tape, read: Read, more: Sequence[int]) -> None:
    before = found[read.node]
    if not before:
        before = found[read.node] = [0] * tape.nodes[read.node].size
    for place, way in zip(range(len(more)) if read.index is None else read.index, more, strict=True):
        before[place] |= way
