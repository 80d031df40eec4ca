"""What the other functions of arrays make of balls: along lines, and from place to place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key, reduce
from itertools import accumulate

from gradcalc.arrays.literals import axis, integer
from gradcalc.arrays.places import MOVES, lines, strided, strides
from gradcalc.arrays.shape import Shape, checked_axis, reduced, size
from gradcalc.arrays.windows import NOTHING, POOLS, folded_shape, gathered, pooled_shape, pools, windows_back
from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.arrays.matrices import ITEM_STEP, MATRICES, Engine, Operation, summed
from gradcalc.engines.exact.arrays.spectra import SPECTRA
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, first_missing, made_of, transposed
from gradcalc.engines.exact.ball import Undecided
from gradcalc.syntax.tree import Call

# -- places


def moved(engine: Engine, node: Call, arguments: Sequence[Tensor], shape: Shape) -> Tensor:
    """A function that only moves elements."""
    items = [item for one in arguments for item in one.items]
    places = MOVES[node.function](node, [one.shape for one in arguments])
    spend(len(places) * ITEM_STEP)
    found = [engine.zero if place == NOTHING else items[place] for place in places]
    return made_of(shape, found) if any(one.missing for one in arguments) else Tensor(shape, found)


def permuted(a: Tensor, order: Sequence[int]) -> Tensor:
    """The axes in another order."""
    shape, steps = tuple(a.shape[one] for one in order), strides(a.shape)
    if len(order) == 2:
        return a if order[0] == 0 else transposed(a)
    places = strided(shape, [steps[one] for one in order])
    return Tensor(shape, [a.items[place] for place in places], missing=a.missing)


def put_back(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    """What windows have, added up where they overlap."""
    found, a = windows_back(node), arguments[0]
    spend(len(a.items) * ITEM_STEP)
    parts = gathered(found, int(a.shape[0]) // found.size, a.items)
    items = [(a.missing and first_missing(own)) or (summed(engine, own) if own else engine.zero) for own in parts]
    return made_of(folded_shape(node, [a.shape]), items)


def pooled(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
    """The largest of each window."""
    a, greatest = arguments[0], engine.function("max")
    windows = pools(node, a.shape)
    spend(sum(map(len, windows)) * ITEM_STEP)
    own = ([a.items[place] for place in window] for window in windows)
    items = [(a.missing and first_missing(one)) or reduce(greatest, one) for one in own]
    return made_of(pooled_shape(node, [a.shape]), items)


# -- along lines


def axis_of(node: Call, shape: Shape) -> int | None:
    """The axis that a call runs along, counted from the front; None for all elements."""
    named = axis(node)
    return None if named is None else checked_axis(shape, named)


def folded(engine: Engine, node: Call, a: Tensor, fold: Callable[[Sequence[Item]], Item]) -> Tensor:
    """What becomes of each line along the axis, or of all elements."""
    along = axis_of(node, a.shape)
    spend(len(a.items) * ITEM_STEP * (1 + engine.bits / 1000))
    items = []
    for line in lines(a.shape, along):
        own = a.items[line.start : line.stop : line.step]
        try:
            items.append((a.missing and first_missing(own)) or fold(own))
        except (Undecided, LimitError) as error:
            items.append(error)
    return made_of(reduced(a.shape, along), items)


def each_line(engine: Engine, node: Call, a: Tensor, each: Callable[[Sequence[Item]], Sequence[Item]]) -> Tensor:
    """What becomes of each line along the axis, element by element."""
    spend(len(a.items) * ITEM_STEP * (1 + engine.bits / 100))
    items: list[Item] = list(a.items)
    for line in lines(a.shape, axis_of(node, a.shape)):
        own = items[line.start : line.stop : line.step]
        missing = first_missing(own) if a.missing else None
        items[line.start : line.stop : line.step] = each(own) if missing is None else [missing] * len(own)
    return Tensor(a.shape, items, missing=a.missing)


def _softmax(engine: Engine, line: Sequence[Item]) -> Sequence[Item]:
    raised = list(map(engine.function("exp"), line))
    total, div = summed(engine, raised), engine.function("div")
    return [div(one, total) for one in raised]


def _variance(engine: Engine, line: Sequence[Item]) -> Item:
    """The mean of the squared deviations."""
    count, sub, mul = engine.number(len(line)), engine.function("sub"), engine.function("mul")
    div = engine.function("div")
    mean = div(summed(engine, line), count)
    deviations = [sub(one, mean) for one in line]
    return div(summed(engine, map(mul, deviations, deviations)), count)


def ordering(engine: Engine, line: Sequence[Item]) -> list[int]:
    """The places of elements from the least to the greatest. Raises Undecided."""
    below, same = engine.function("lt"), engine.function("eq")

    def compared(one: int, other: int) -> int:
        if line[one] is line[other] or same(line[one], line[other]):
            return 0
        return -1 if below(line[one], line[other]) else 1

    return sorted(range(len(line)), key=cmp_to_key(compared))


def middle(count: int) -> list[int]:
    """The places in the middle of an ordered line, one or two."""
    return [count // 2] if count % 2 else [count // 2 - 1, count // 2]


def _median(engine: Engine, line: Sequence[Item]) -> Item:
    """The element in the middle, or the mean of two."""
    order = ordering(engine, line)
    chosen = [line[order[place]] for place in middle(len(line))]
    return engine.function("div")(summed(engine, chosen), engine.number(len(chosen)))


def _fold(function: str) -> Operation:
    """A function of two, of all elements of a line from the left."""
    return lambda engine, node, arguments: folded(
        engine, node, arguments[0], lambda line: reduce(engine.function(function), line)
    )


def _running(function: str) -> Operation:
    return lambda engine, node, arguments: each_line(
        engine, node, arguments[0], lambda line: list(accumulate(line, engine.function(function)))
    )


def _filled(value: int) -> Operation:
    def fill(engine: Engine, node: Call, arguments: Sequence[Tensor]) -> Tensor:
        shape = tuple(map(integer, node.arguments))
        return Tensor(shape, [engine.number(value)] * size(shape))

    return fill


OPERATIONS: dict[str, Operation] = MATRICES | SPECTRA | {
    "transpose": lambda engine, node, arguments: transposed(arguments[0]),
    "sum": _fold("add"), "prod": _fold("mul"), "amax": _fold("max"), "amin": _fold("min"),
    "var": lambda engine, node, arguments: folded(engine, node, arguments[0], lambda line: _variance(engine, line)),
    "softmax": lambda engine, node, arguments: each_line(
        engine, node, arguments[0], lambda line: _softmax(engine, line)
    ),
    "cumsum": _running("add"), "cumprod": _running("mul"),
    "sort": lambda engine, node, arguments: each_line(
        engine, node, arguments[0], lambda line: [line[place] for place in ordering(engine, line)]
    ),
    "median": lambda engine, node, arguments: folded(engine, node, arguments[0], lambda line: _median(engine, line)),
    "ones": _filled(1), "zeros": _filled(0), "fold": put_back, "fold2d": put_back,
    **dict.fromkeys(POOLS, pooled),
}  # fmt: skip
