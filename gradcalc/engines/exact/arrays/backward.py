"""What flows back through functions whose gradient depends on literal numbers or on blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

from gradcalc.arrays.literals import integer
from gradcalc.arrays.places import MOVES, lines
from gradcalc.arrays.shape import Shape, size
from gradcalc.arrays.windows import NOTHING, POOLS, pools, sources, windows_back
from gradcalc.engines.exact.arrays.matrices import Engine, divided, multiplied, power
from gradcalc.engines.exact.arrays.operations import axis_of, middle, ordering
from gradcalc.engines.exact.arrays.spectra import FROM_SPECTRA
from gradcalc.engines.exact.arrays.tensor import Tensor, transposed
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.function import BLOCKS
from gradcalc.syntax.tree import Call


class Reverse(Engine, Protocol):
    """What evaluates, and goes back."""

    def narrowed(self, a: Tensor, shape: Shape) -> Tensor:
        """The sums of the elements that come from one that was repeated."""

    def sum(self, one: Tensor, other: Tensor) -> Tensor:
        """The sum of two arrays of one shape."""


Backward = Callable[[Reverse, Call, int, Tensor, Sequence[Tensor]], Tensor]  # of a call, the place, the flow, arguments


def _scattered(engine: Reverse, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """Each element's flow to where it came from."""
    shapes = [one.shape for one in arrays]
    start, length = sum(map(size, shapes[:place])), size(shapes[place])
    sums = [engine.zero] * length
    add = engine.function("add")
    for source, item in zip(MOVES[node.function](node, shapes), flow.items, strict=True):
        own = source - start
        if source != NOTHING and 0 <= own < length:
            sums[own] = item if sums[own] is engine.zero else add(sums[own], item)
    return Tensor(shapes[place], sums)


def _windowed(engine: Reverse, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """To each element of a window the flow of where it was added."""
    found = windows_back(node)
    places = sources(found, int(arrays[0].shape[0]) // found.size)
    return Tensor(arrays[0].shape, [engine.zero if one == NOTHING else flow.items[one] for one in places])


def _kron(engine: Reverse, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """To one side of a Kronecker product: the products with the other side, added up."""
    (m, n), (p, q) = (map(int, one.shape) for one in arrays)
    kept, other = [((m, 1, n, 1), (1, p, 1, q)), ((1, p, 1, q), (m, 1, n, 1))][place]
    factors = [flow.reshaped((m, p, n, q)), arrays[1 - place].reshaped(other)]
    products = engine.each(node, engine.function("mul"), factors)
    return engine.narrowed(products, kept).reshaped(arrays[place].shape)


def _matrix_power(engine: Reverse, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """To A of Aᵏ: the sum of (Aᵀ)ⁱ G (Aᵀ)ʲ over i + j = k - 1; of an inverse minus that sum, over i + j = k + 1."""
    exponent = integer(node.arguments[1])
    base = arrays[0] if exponent > 0 else divided(engine, arrays[0])
    turned, first = transposed(base), int(exponent < 0)
    total = Tensor(base.shape, [engine.zero] * size(base.shape))
    for i in range(abs(exponent)):
        left, right = power(engine, turned, i + first), power(engine, turned, abs(exponent) - 1 - i + first)
        total = engine.sum(total, multiplied(engine, multiplied(engine, left, flow), right))
    if exponent > 0:
        return total
    return engine.each(node, engine.function("neg"), [total])


def _ordered(engine: Reverse, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """Each flow to the element that came to its place; of a median, to those in the middle."""
    a = arrays[0]
    sums = [engine.zero] * len(a.items)
    for number, line in enumerate(lines(a.shape, axis_of(node, a.shape))):
        order = ordering(engine, [a.items[one] for one in line])
        if node.function == "sort":
            for end, source in zip(line, order, strict=True):
                sums[line[source]] = flow.items[end]
            continue
        chosen = middle(len(line))
        part = engine.function("div")(flow.items[number], engine.number(len(chosen)))
        for one in chosen:
            sums[line[order[one]]] = part
    return Tensor(a.shape, sums)


def ties(engine: Engine, node: Call, a: Tensor) -> bytearray:
    """The elements that another one is equal to, where that makes a corner: of a median, only those in the middle."""
    found = bytearray(len(a.items))
    same = engine.function("eq")
    for line in lines(a.shape, axis_of(node, a.shape)):
        order = ordering(engine, [a.items[one] for one in line])
        inner = middle(len(line))
        for low, high in pairwise(range(len(line))):
            counts = node.function == "sort" or (low in inner) != (high in inner)
            one, other = line[order[low]], line[order[high]]
            if counts and (a.items[one] is a.items[other] or same(a.items[one], a.items[other])):
                found[one] = found[other] = 1
    return found


def _to_greatest(engine: Reverse, node: Call, place: int, flow: Tensor, arrays: Sequence[Tensor]) -> Tensor:
    """Each flow to the largest element of its window."""
    a, add = arrays[0], engine.function("add")
    sums = [engine.zero] * len(a.items)
    for window, item in zip(pools(node, a.shape), flow.items, strict=True):
        chosen = window[ordering(engine, [a.items[one] for one in window])[-1]]
        sums[chosen] = item if sums[chosen] is engine.zero else add(sums[chosen], item)
    return Tensor(a.shape, sums)


def ties_of_windows(engine: Engine, node: Call, a: Tensor) -> bytearray:
    """The elements that are the largest of a window together with another one."""
    found = bytearray(len(a.items))
    same = engine.function("eq")
    for window in pools(node, a.shape):
        order = [window[one] for one in ordering(engine, [a.items[one] for one in window])]
        for one in order[:-1]:
            if a.items[one] is a.items[order[-1]] or same(a.items[one], a.items[order[-1]]):
                found[one] = found[order[-1]] = 1
    return found


TIED = {"sort": ties, "median": ties, **dict.fromkeys(POOLS, ties_of_windows)}
BACKWARD: dict[str, Backward] = {
    **{name: _scattered for name in MOVES if BLOCKS in ARRAY_FUNCTIONS[name].vjp},
    **FROM_SPECTRA, "sort": _ordered, "median": _ordered, "kron": _kron, "matrix_power": _matrix_power,
    "fold": _windowed, "fold2d": _windowed, **dict.fromkeys(POOLS, _to_greatest),
}  # fmt: skip
