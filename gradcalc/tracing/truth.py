"""What is true of a recorded run: the result's value and its slope by every component, in balls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gradcalc.engines.exact.ball import ONE, Ball, known, working
from gradcalc.tracing.evaluate import Run, flows, marks, run
from gradcalc.tracing.line import BITS, Sides, sides
from gradcalc.tracing.pointwise import FUNCTIONS
from gradcalc.tracing.rules import FROZEN, OPAQUE, SMOOTH, STEPPED, Flow, Frozen
from gradcalc.tracing.tape import Read, Tape

LADDER = (128, 512, 2048)  # bits
ENOUGH = 64  # of them right
MOST_PROBES = 256  # components that are looked at one by one
PROBED = 2_000_000  # numbers that are worked out for that
FEW = 8
COMPARISONS = frozenset({"gt", "ge", "lt", "le", "eq", "ne"})
Place = tuple[str, int]


@dataclass(slots=True, eq=False)
class Truth:
    """The result's true value, and for each variable the true derivative by each component.

    A derivative is None where no smooth way leads from the component to the result; `sides` has those of components
    at which a branch changes, or a rule has no number; `open` are components that were too many to look at.
    """

    tape: Tape
    result: Read
    run: Run
    bits: int
    value: Ball
    flows: list[Flow]
    sides: dict[Place, Sides] = field(default_factory=dict)
    open: set[Place] = field(default_factory=set)
    ways: dict[str, list[int]] = field(default_factory=dict)

    def slopes(self, name: str) -> Flow:
        """The derivative by each component of a variable, by the rules."""
        node = self.tape.leaves[name]
        return self.flows[node] or [None] * self.tape.nodes[node].size

    def behind(self) -> set[int]:
        """The nodes that the result depends on."""
        found = {self.result.node}
        for number in range(self.result.node, -1, -1):
            if number in found:
                found |= {read.node for read in self.tape.nodes[number].reads}
        return found

    def unchanged(self, place: int) -> Read | None:
        """What a node was before a change in place that autograd does not see, where that changed no number."""
        before = self.tape.nodes[place].bypass
        return before if before is not None and self.run.values[place] == self.run.at(before) else None

    def exact(self, read: Read) -> list[Ball]:
        """The true numbers that a read takes."""
        return self.run.at(read)


def truth(tape: Tape, result: Read) -> Truth:
    """The truth at the recorded point, with as many bits as it takes."""
    found = None
    for bits in LADDER:
        with working(bits):
            made = run(tape)
            value = made.at(result)[0]
            back = flows(tape, made, seed(tape, result))
        found = Truth(tape, result, made, bits, value, back)
        if _known(value) and all(_known(one) for name in tape.leaves for one in found.slopes(name)):
            break
    assert found is not None
    _special(found)
    return found


def seed(tape: Tape, result: Read) -> dict[int, Flow]:
    """The gradient of a result by itself."""
    place = 0 if result.index is None else result.index[0]
    return {result.node: [ONE if one == place else None for one in range(tape.nodes[result.node].size)]}


def _known(one: Ball | None) -> bool:
    return one is None or known(one, ENOUGH)  # what is no number yet may be one with more bits


def _special(found: Truth) -> None:
    """Look along the line of each component that the rules do not settle."""
    tape = found.tape
    size = tape.nodes[found.result.node].size
    place = 0 if found.result.index is None else found.result.index[0]
    ways = marks(tape, found.run, {found.result.node: [SMOOTH if one == place else 0 for one in range(size)]})
    found.ways = {name: ways[node] or [0] * tape.nodes[node].size for name, node in tape.leaves.items()}
    fixed = stuck(tape)
    seeds = {
        node: [
            SMOOTH if one in chosen and ways[node] and ways[node][one] else 0 for one in range(tape.nodes[node].size)
        ]
        for node, places in found.run.ties.items()
        if (chosen := set(places)) and not all(fixed[read.node] for read in tape.nodes[node].reads)
    }
    touched = marks(tape, found.run, seeds) if seeds else []
    places = _felt(found, list(_places(found, touched)))
    if places:
        with working(BITS):
            base = run(tape)
    most = min(MOST_PROBES, PROBED // (4 * sum(node.size for node in tape.nodes if node.leaves) + 1))
    for name, one in places[:most]:
        found.sides[name, one] = sides(tape, found.result, base, tape.leaves[name], one)
    found.open = set(places[most:])


def stuck(tape: Tape) -> list[bool]:
    """Which nodes no small step moves, as they depend on leaves by way of whole numbers at most: classes, places."""
    found: list[bool] = []
    for node in tape.nodes:
        whole = isinstance(node.rule, Frozen) or node.rule is FUNCTIONS["integer"]
        found.append(not node.leaves or whole or (bool(node.reads) and all(found[read.node] for read in node.reads)))
    return found


def _felt(found: Truth, places: list[Place]) -> list[Place]:
    """Of many places, those that feel it when comparisons of equal numbers come out the other way.

    For every two comparisons there is a try in which one of them does and the other does not. What else has ties is
    felt by all places.
    """
    tape, ties = found.tape, found.run.ties
    compared = all(getattr(tape.nodes[node].rule, "name", "") in COMPARISONS for node in ties)
    if len(places) <= FEW or not compared:
        return places
    felt: set[Place] = set()
    every = [(node, one) for node, some in ties.items() for one in some]
    for bit in range(len(every).bit_length() + 1):
        flips: dict[int, list[int]] = {}
        for number, (node, one) in enumerate(every):
            if not number >> bit & 1:
                flips.setdefault(node, []).append(one)
        felt |= flipped(found, flips, places)
    return [one for one in places if one in felt]


def flipped(found: Truth, flips: Mapping[int, list[int]], places: Iterable[Place]) -> set[Place]:
    """The places that feel it when comparisons, of which some elements are given, come out the other way."""
    tape = found.tape
    with working(found.bits):
        made = run(tape, flips=flips)
        back = flows(tape, made, seed(tape, found.result))
    felt: set[Place] = set()
    for name, place in places:
        before = found.slopes(name)
        other = (back[tape.leaves[name]] or before)[place]
        if not (_overlap(before[place], other) and _overlap(made.at(found.result)[0], found.value)):
            felt.add((name, place))
    return felt


def _overlap(one: Ball | None, other: Ball | None) -> bool:
    """May two slopes be one?"""
    a, b = (Ball(0) if number is None else number for number in (one, other))
    return bool(a.is_finite() and b.is_finite() and a.overlaps(b))


def _places(found: Truth, touched: list[list[int]]) -> Iterator[Place]:
    for name, node in found.tape.leaves.items():
        tied = touched[node] if touched and touched[node] else [0] * found.tape.nodes[node].size
        for place, (slope, tie) in enumerate(zip(found.slopes(name), tied, strict=True)):
            if tie or (slope is not None and not slope.is_finite()):
                yield name, place


def only_steps(way: int) -> bool:
    """Does every way lead through a step?"""
    return bool(way) and not way & SMOOTH and bool(way & STEPPED)


def only_whole(way: int) -> bool:
    """Does every way lead through whole numbers, which are no part of autograd's graph?"""
    return way & ~OPAQUE == FROZEN


def perturbed(found: Truth, relative: Ball, signs: Mapping[str, list[int]]) -> tuple[Ball, list[Flow]]:
    """Value and gradient with every leaf moved by a relative amount, up or down."""
    with working(found.bits):
        moved = {
            node: [x * (ONE + relative * sign) for x, sign in zip(found.run.values[node], signs[name], strict=True)]
            for name, node in found.tape.leaves.items()
        }
        made = run(found.tape, moved)
        return made.at(found.result)[0], flows(found.tape, made, seed(found.tape, found.result))
