"""Sorting, and what picks by size: top k, medians, the largest and the smallest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcalc.tracing.lowering.layers import extreme
from gradcalc.tracing.lowering.pointwise import Lowering
from gradcalc.tracing.terms import Term, joined


def by_order(x: Term, dim: int, places: Sequence[int], keepdim: bool = True) -> tuple[Term, None]:
    """The elements along a dimension that have these places in ascending order; and the indices, as recorded."""
    if not x.rank:
        return x, None
    found = x.sorted(dim).narrow(dim, places)
    return found if keepdim else found.reshape(*x.reduced(dim, False)), None


def sort(x: Term, dim: int = -1, descending: bool = False, **_: Any) -> tuple[Term, None]:
    """All of them."""
    size = x.shape[dim] if x.rank else 1
    return by_order(x, dim, range(size - 1, -1, -1) if descending else range(size))


def topk(x: Term, k: int, dim: int = -1, largest: bool = True, *_: Any) -> tuple[Term, None]:
    """The k largest or smallest."""
    size = x.shape[dim] if x.rank else 1
    return by_order(x, dim, range(size - 1, size - 1 - k, -1) if largest else range(k))


def median(x: Term, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the two in the middle."""
    if dim is None:
        return by_order(x.reshape(-1), 0, [(x.size - 1) // 2], False)[0]
    return by_order(x, dim, [(x.shape[dim] - 1) // 2], keepdim)


def best(largest: bool) -> Lowering:
    """The largest or smallest of all, or along a dimension with its place."""

    def lower(x: Term, dim: Any = None, keepdim: bool = False) -> Any:
        if isinstance(dim, Term):
            return x.maximum(dim) if largest else x.minimum(dim)
        found = extreme(x, dim, keepdim, largest)
        return found if dim is None else (found, None)

    return lower


def running_best(x: Term, dim: int, largest: bool) -> tuple[Term, None]:
    """The best of the beginnings along a dimension."""
    parts = [x.narrow(dim, [0])]
    for place in range(1, x.shape[dim]):
        following = x.narrow(dim, [place])
        parts.append(parts[-1].maximum(following) if largest else parts[-1].minimum(following))
    return joined(parts, dim), None


ROWS: dict[str, Lowering] = {
    "cummax": lambda x, dim: running_best(x, dim, True),
    "cummin": lambda x, dim: running_best(x, dim, False),
    "sort": sort,
    "topk": topk,
    "kthvalue": lambda x, k, dim=-1, keepdim=False: by_order(x, dim, [k - 1], keepdim),
    "median": median,
    "nanmedian": median,
    "max": best(True),
    "min": best(False),
}
