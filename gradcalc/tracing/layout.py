"""Where the elements of arrays are: strides, broadcasting, and the groups that a reduction takes together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]


def strides(shape: Sequence[int]) -> list[int]:
    """How far apart neighbours are along each dimension, in row-major order."""
    found, step = [], 1
    for size in reversed(shape):
        found.append(step)
        step *= size
    return found[::-1]


def strided(shape: Sequence[int], steps: Sequence[int], offset: int) -> list[int]:
    """The places of the elements of a view, in row-major order."""
    found = [offset]
    for size, step in zip(shape, steps, strict=True):
        found = [place + step * one for place in found for one in range(size)]
    return found


def along(shape: Shape, dim: int, places: Sequence[int]) -> list[int]:
    """The elements of an array at some places along a dimension, in row-major order."""
    size, block = shape[dim], math.prod(shape[dim + 1 :])
    starts = range(0, math.prod(shape), max(size * block, 1))
    return [start + place % size * block + one for start in starts for place in places for one in range(block)]


@lru_cache(maxsize=512)
def broadcast(shape: Shape, to: Shape) -> list[int]:
    """For each element of `to`, the element of `shape` that stands there."""
    steps = [0] * (len(to) - len(shape)) + [
        0 if size == 1 else step for size, step in zip(shape, strides(shape), strict=True)
    ]
    return strided(to, steps, 0)


def broadcast_shape(*shapes: Shape) -> Shape:
    """The shape that all are broadcast to."""
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return tuple(0 if 0 in sizes else max(sizes) for sizes in zip(*padded, strict=True))


@lru_cache(maxsize=512)
def groups(shape: Shape, dims: tuple[int, ...]) -> list[list[int]]:
    """The elements that a reduction over `dims` takes together, for each of its results."""
    steps = strides(shape)
    within = strided([shape[dim] for dim in dims], [steps[dim] for dim in dims], 0)
    kept = [dim for dim in range(len(shape)) if dim not in dims]
    starts = strided([shape[dim] for dim in kept], [steps[dim] for dim in kept], 0)
    return [[start + one for one in within] for start in starts]
