"""Where elements come from that were only moved."""

from __future__ import annotations

import re
from dataclasses import replace

from gradcalc.tracing.arrays import Pick
from gradcalc.tracing.tape import Cut, Read, Tape, composed
from gradcalc.tracing.truth import Truth

HELD, CUT = "held", re.compile(r"(?:self\.)?(\w+)\.(?:detach\(\)|data)")


def origin(truth: Truth, read: Read, cuts: bool) -> Read | None:
    """Where elements come from; with `cuts` also through an unseen change in place that changed nothing."""
    if cuts and (before := truth.unchanged(read.node)) is not None:
        index = range(truth.tape.nodes[read.node].size) if read.index is None else read.index
        return replace(before, index=composed(before.index, index))
    return moved_from(truth.tape, read)


def name_of_held(tape: Tape, read: Read, cut: Cut) -> str:
    """The name of what is held constant: `z_held` of z, `held` of what has no name."""
    name = next((name for name, node in tape.leaves.items() if node == read.node), None)
    if name is None and cut.place is not None and (found := CUT.fullmatch(cut.place.whole)) is not None:
        name = found[1]
    return HELD if name is None else f"{name.rpartition('.')[2]}_{HELD}"


def moved_from(tape: Tape, read: Read) -> Read | None:
    """Where elements come from that were only moved, as a write to a part of a tensor does; None where they are not."""
    rule = tape.nodes[read.node].rule
    if not isinstance(rule, Pick) or rule.deciding:
        return None
    index = range(tape.nodes[read.node].size) if read.index is None else read.index
    places = [rule.places[one] for one in index]
    sources = {None if one is None else one[0] for one in places}
    source = sources.pop()
    if sources or source is None:
        return None
    inner = tape.nodes[read.node].reads[source]
    return replace(inner, index=composed(inner.index, [one[1] for one in places if one is not None]))
