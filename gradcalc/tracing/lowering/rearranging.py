"""Arrays rearranged: turned round, shifted, tiled, given a border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcalc.tracing.lowering.pointwise import Lowering
from gradcalc.tracing.terms import Term, joined


def flip(x: Term, dims: Sequence[int]) -> Term:
    """Backwards along dimensions."""
    found = x
    for dim in dims:
        found = found.narrow(dim, range(x.shape[dim] - 1, -1, -1))
    return found


def roll(x: Term, shifts: Any, dims: Any = ()) -> Term:
    """Shifted round along dimensions, or as one row."""
    shifts, dims = ([one] if isinstance(one, int) else list(one) for one in (shifts, dims))
    found = x if dims else x.reshape(-1)
    for shift, dim in zip(shifts, dims or [0], strict=True):
        size = found.shape[dim]
        found = found.narrow(dim, [(place - shift) % size for place in range(size)])
    return found.reshape(*x.shape)


def repeat(x: Term, times: Sequence[int]) -> Term:
    """Tiled."""
    found = x.reshape(*[1] * (len(times) - x.rank), *x.shape)
    for dim, count in enumerate(times):
        found = found.narrow(dim, list(range(found.shape[dim])) * count)
    return found


def pad(x: Term, widths: Sequence[int], value: float = 0.0) -> Term:
    """A border of a constant, the last dimension first."""
    found = x
    for place in range(len(widths) // 2):
        dim = x.rank - 1 - place
        before, behind = widths[2 * place : 2 * place + 2]
        size = found.shape[dim]
        kept = found.narrow(dim, range(max(-before, 0), size - max(-behind, 0)))
        edges = [_block(kept, dim, max(width, 0), value) for width in (before, behind)]
        found = joined([one for one in (edges[0], kept, edges[1]) if one.shape[dim]], dim)
    return found


def _block(x: Term, dim: int, width: int, value: float) -> Term:
    return x.scalar(value).expand((*x.shape[:dim], width, *x.shape[dim + 1 :]))


def mirrored(x: Term, widths: Sequence[int], edge: bool) -> Term:
    """A border that repeats the edge, or reflects what is inside."""
    found = x
    for place in range(len(widths) // 2):
        dim, size = x.rank - 1 - place, x.shape[x.rank - 1 - place]
        places = range(-widths[2 * place], size + widths[2 * place + 1])
        inside = [min(max(one, 0), size - 1) if edge else _reflected(one, size) for one in places]
        found = found.narrow(dim, inside)
    return found


def _reflected(place: int, size: int) -> int:
    place = abs(place)
    return place if place < size else 2 * (size - 1) - place


ROWS: dict[str, Lowering] = {
    "flip": flip,
    "roll": roll,
    "repeat": repeat,
    "constant_pad_nd": pad,
    **{f"reflection_pad{n}d": lambda x, widths: mirrored(x, widths, False) for n in (1, 2, 3)},
    **{f"replication_pad{n}d": lambda x, widths: mirrored(x, widths, True) for n in (1, 2, 3)},
}
