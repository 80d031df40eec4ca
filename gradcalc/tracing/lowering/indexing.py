"""Reductions, indexing, and rearranging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcalc.tracing.arrays import Sum
from gradcalc.tracing.layout import along, broadcast_shape, strided, strides
from gradcalc.tracing.lowering.pointwise import Lowering
from gradcalc.tracing.terms import Term, joined, picked


def same(x: Term, *_: Any, **__: Any) -> Term:
    """The same numbers: copies, casts between float types."""
    return x


def filled(x: Term, value: Any, *_: Any) -> Term:
    """One number everywhere."""
    one = value if isinstance(value, Term) else x.scalar(value)
    return one.expand(x.shape)


def masked_fill(x: Term, mask: Term, value: Any) -> Term:
    """A number where the mask is set."""
    return mask.where(value if isinstance(value, Term) else x.scalar(float(value)), x)


def plane(x: Term, indices: Sequence[Term | None]) -> tuple[list[int], tuple[int, ...]]:
    """The elements that advanced indexing takes, and their shape, as NumPy has it."""
    dims, whole = _whole(x, indices)
    shape = broadcast_shape(*(one.shape for one in whole))
    spread = [[one.whole[place] for place in strided_of(one.shape, shape)] for one in whole]
    steps = strides(x.shape)
    starts = [
        sum((place % x.shape[dim]) * steps[dim] for dim, place in zip(dims, places, strict=True))
        for places in zip(*spread, strict=True)
    ]
    together = dims == list(range(dims[0], dims[0] + len(dims)))
    before = list(range(dims[0])) if together else []
    behind = [dim for dim in range(x.rank) if dim not in dims and dim not in before]
    outer = strided([x.shape[dim] for dim in before], [steps[dim] for dim in before], 0)
    inner = strided([x.shape[dim] for dim in behind], [steps[dim] for dim in behind], 0)
    places = [a + b + c for a in outer for b in starts for c in inner]
    return places, (*(x.shape[dim] for dim in before), *shape, *(x.shape[dim] for dim in behind))


def strided_of(shape: tuple[int, ...], to: tuple[int, ...]) -> list[int]:
    """Where the elements of a broadcast array come from."""
    steps = [0 if size == 1 else step for size, step in zip(shape, strides(shape), strict=True)]
    return strided(to, [0] * (len(to) - len(shape)) + steps, 0)


def _whole(x: Term, indices: Sequence[Term | None]) -> tuple[list[int], list[Term]]:
    """The indexed dimensions and their indices, a mask as the places where it is set."""
    dims: list[int] = []
    found: list[Term] = []
    dim = 0
    for one in indices:
        if one is not None and one.shape == x.shape[dim : dim + one.rank] and _is_mask(one):
            chosen = [place for place, set_ in enumerate(one.whole) if set_]
            steps = strides(one.shape)
            for axis in range(one.rank):
                dims.append(dim + axis)
                places = [place // steps[axis] % one.shape[axis] for place in chosen]
                found.append(_index(one, places, (len(places),)))
            dim += one.rank
            continue
        if one is not None:
            dims.append(dim)
            found.append(one)
        dim += 1
    return dims, found


def _is_mask(one: Term) -> bool:
    return bool(one.whole) and isinstance(one.whole[0], bool)


def _index(like: Term, whole: Sequence[int], shape: tuple[int, ...]) -> Term:
    return Term(like.tape, like.read, shape, whole)


def index(x: Term, indices: Sequence[Term | None]) -> Term:
    """Elements by arrays of whole numbers or masks."""
    places, shape = plane(x, indices)
    by = [one for one in indices if one is not None]
    return picked([x], [(0, place) for place in places], shape, by)


def index_put(x: Term, indices: Sequence[Term | None], values: Term, accumulate: bool = False) -> Term:
    """The same elements replaced, or added to."""
    places, shape = plane(x, indices)
    return _put(x, places, values.expand(shape), accumulate)


def _put(x: Term, places: Sequence[int], values: Term, accumulate: bool = False) -> Term:
    if accumulate:
        whole = joined([x.reshape(-1), values.reshape(-1)])
        groups: list[list[int]] = [[place] for place in range(x.size)]
        for source, place in enumerate(places):
            groups[place].append(x.size + source)
        return whole.made(Sum(groups), x.shape)
    picks = [(0, place) for place in range(x.size)]
    for source, place in enumerate(places):
        picks[place] = (1, source)
    return picked([x, values], picks, x.shape)


def _along(x: Term, dim: int, at: Term) -> list[int]:
    """The elements of x that `at` names along a dimension, for every place of `at`."""
    if not x.rank:
        return [0] * at.size
    dim, steps = dim % x.rank, strides(x.shape)
    steps_without = [0 if one == dim else step for one, step in enumerate(steps)]
    base = strided(at.shape, steps_without, 0)
    return [start + place % x.shape[dim] * steps[dim] for start, place in zip(base, at.whole, strict=True)]


def gather(x: Term, dim: int, at: Term, *_: Any, **__: Any) -> Term:
    """An element along a dimension for each place."""
    return picked([x], [(0, place) for place in _along(x, dim, at)], at.shape, [at])


def scatter(x: Term, dim: int, at: Term, source: Any, accumulate: bool = False, **_: Any) -> Term:
    """The opposite: those elements replaced, or added to."""
    values = source if isinstance(source, Term) else x.scalar(source).expand(at.shape)
    if values.shape != at.shape:
        values = values.at(strided(at.shape, strides(values.shape), 0), at.shape)
    return _put(x, _along(x, dim, at), values, accumulate)


def index_select(x: Term, dim: int, at: Term) -> Term:
    """Some places along a dimension."""
    return picked([x], [(0, place) for place in _selected(x, dim, at)], _shape(x, dim, at), [at])


def _selected(x: Term, dim: int, at: Term) -> list[int]:
    """Which elements those are."""
    return along(x.shape, dim % x.rank, at.whole) if x.rank else [0]


def _shape(x: Term, dim: int, at: Term) -> tuple[int, ...]:
    dim = dim % max(x.rank, 1)
    return (*x.shape[:dim], len(at.whole), *x.shape[dim + 1 :]) if x.rank else ()


def index_add(x: Term, dim: int, at: Term, source: Term, alpha: float = 1) -> Term:
    """Added to some places along a dimension."""
    return _put(x, _selected(x, dim, at), source if alpha == 1 else source * alpha, True)


def masked_select(x: Term, mask: Term) -> Term:
    """The elements where a mask is set."""
    shape = broadcast_shape(x.shape, mask.shape)
    return index(x.expand(shape), [_index(mask, [mask.whole[i] for i in strided_of(mask.shape, shape)], shape)])


def masked_scatter(x: Term, mask: Term, source: Term) -> Term:
    """The first elements of another array where a mask is set."""
    places = [place for place, one in enumerate(mask.whole) if one]
    return _put(x, places, source.reshape(-1).narrow(0, range(len(places))))


def index_fill(x: Term, dim: int, at: Term, value: Term | float) -> Term:
    """One number at some places along a dimension."""
    number = value if isinstance(value, Term) else x.scalar(value)
    return _put(x, _selected(x, dim, at), number.expand(_shape(x, dim, at)))


def triangle(x: Term, diagonal: int = 0, upper: bool = False) -> Term:
    """The lower or upper triangle, 0 elsewhere."""
    rows, columns = x.shape[-2:]
    kept = [(c - r >= diagonal) if upper else (c - r <= diagonal) for r in range(rows) for c in range(columns)]
    picks = [(0, place) if kept[place % len(kept)] else None for place in range(x.size)]
    return picked([x], picks, x.shape)


def stacked(terms: Sequence[Term], dim: int = 0) -> Term:
    """Arrays side by side along a new dimension."""
    return joined([one.unsqueeze(dim) for one in terms], dim % (terms[0].rank + 1))


ROWS: dict[str, Lowering] = {
    **dict.fromkeys(("clone", "_to_copy", "contiguous", "lift_fresh_copy", "_unsafe_view", "view_copy", "to"), same),
    "copy": lambda x, y, *_: y.expand(x.shape),
    "fill": filled,
    "zero": lambda x: filled(x, 0.0),
    "zeros_like": lambda x, **_: filled(x, 0.0),
    "ones_like": lambda x, **_: filled(x, 1.0),
    "full_like": lambda x, value, **_: filled(x, value),
    "masked_fill": masked_fill,
    "masked_scatter": masked_scatter,
    "sum": lambda x, dims=None, keepdim=False, **_: x.sum(dims, keepdim),
    "nansum": lambda x, dims=None, keepdim=False, **_: x.apply("isnan").where(0.0, x).sum(dims, keepdim),
    "mean": lambda x, dims=None, keepdim=False, **_: x.mean(dims, keepdim),
    "prod": lambda x, dims=None, keepdim=False, **_: x.prod(dims, keepdim),
    "cumsum": lambda x, dim, **_: x.running_sum(dim) if x.rank else x,
    "cumprod": lambda x, dim, **_: x.running_product(dim) if x.rank else x,
    "index": index,
    "_unsafe_index": index,
    "index_put": index_put,
    "_unsafe_index_put": index_put,
    "gather": gather,
    "scatter": scatter,
    "scatter_add": lambda x, dim, at, source: scatter(x, dim, at, source, True),
    "index_select": index_select,
    "index_add": index_add,
    "index_fill": index_fill,
    "index_copy": lambda x, dim, at, source: _put(x, _selected(x, dim, at), source),
    "masked_select": masked_select,
    "take": lambda x, at: picked([x], [(0, one % x.size) for one in at.whole], at.shape, [at]),
    "tril": triangle,
    "triu": lambda x, diagonal=0: triangle(x, diagonal, True),
    "stack": stacked,
}  # fmt: skip
