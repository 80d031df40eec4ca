"""Which part of a computation spoils it: the one with which exact all the rest comes out right, rounded as it is.

Where no single part is enough, it is the smallest set of them in the order of evaluation. Source: Zeller, Why Programs
Fail, 2nd ed., 2009, chapter 14: isolating failure causes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcalc.engines.records import Part

MOST_TRIED = 200  # replays to find a single part, and as many to make a set small
Right = Callable[[Sequence[Part]], bool]  # does the computation come out right with these parts exact?


def spoiling(parts: Sequence[Part], likely: Sequence[Part], right: Right) -> tuple[Part, ...]:
    """The part, or the smallest set of parts, of those `likely` before the others; none where no set is enough.

    What is worked out from several likely ones would heal it too, and yet is only where they meet.
    """
    single = next((part for part in likely if right((part,))), None)
    if single is None and len(likely) > 1 and right(likely):
        return smallest(likely, right)
    single = single or next((part for part in parts[:MOST_TRIED] if part not in likely and right((part,))), None)
    if single is not None:
        return (single,)
    return smallest(parts, right) if right(parts) else ()


def smallest(parts: Sequence[Part], right: Right) -> tuple[Part, ...]:
    """A set from which nothing can be left out: the shortest beginning that is enough, without what it can spare."""
    low, high = 0, len(parts)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if right(parts[:middle]) else (middle, high)
    found, tried = list(parts[:high]), 0
    size = max(len(found) // 2, 1)
    while size and tried < MOST_TRIED:
        for start in range(0, len(found), size):
            rest = found[:start] + found[start + size :]
            tried += 1
            if rest and right(rest):
                found = rest
                break
        else:
            size //= 2
    return tuple(found)
