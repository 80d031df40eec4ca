"""Where elements come from that were only moved."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.tracing.arrays import Pick
from gradcalc.tracing.tape import Read, Tape, composed


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
