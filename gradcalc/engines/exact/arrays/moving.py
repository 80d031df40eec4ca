"""Arrays that move along many directions at once: beside each value the rates of its elements, by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flint import arb_mat

from gradcalc.arrays.definitions import definition
from gradcalc.arrays.places import MOVES, NOTHING
from gradcalc.arrays.shape import Shape, size
from gradcalc.base.effort import spend
from gradcalc.engines.exact.arrays.gradient import Reverse
from gradcalc.engines.exact.arrays.matrices import MATRIX_STEP
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, number, sources
from gradcalc.engines.exact.rules import SIGNS, UNIT, Rules, literals_of
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call, Name, Node, postorder

Rates: TypeAlias = "arb_mat | None"  # of one element, in a row, by each direction; None where it stands still
MOST = 4_000_000  # rates of an array


class Unmoved(Exception):
    """The rules alone do not tell how fast something moves: a kink, an edge, or a function without a rule for it."""


@dataclass(frozen=True, slots=True)
class Moving:
    """An array and the rates of each of its elements; of a constant none."""

    value: Tensor
    rows: Sequence[Rates] | None = None

    @property
    def shape(self) -> Shape:
        """The shape of the array."""
        return self.value.shape


Forward: TypeAlias = Callable[["Mover", Call, Sequence[Moving], Tensor], Sequence[Rates]]


class Mover:
    """Evaluates trees of arrays with their rates; `signless` the size of the terms that each rate is the sum of."""

    def __init__(self, rules: Rules, forward: Mapping[str, Forward], width: int, *, signless: bool = False) -> None:
        self.engine, self.rules, self.forward = Reverse(rules), rules, forward
        self.width, self.signless = width, signless

    def evaluate(self, root: Node, point: Mapping[str, Moving]) -> dict[int, Moving]:
        """Every node below a tree. Raises Unmoved, NoValue, Undecided and LimitError."""
        found: dict[int, Moving] = {}
        for node in postorder(root):
            if isinstance(node, Name):
                found[id(node)] = point[node.name]
            elif isinstance(node, Call):
                found[id(node)] = self.call(node, [found[id(one)] for one in node.arguments])
            else:
                found[id(node)] = Moving(number(self.rules.compiled(node, ())(())))
        return found

    def result(self, root: Node, point: Mapping[str, Moving]) -> Moving:
        """The tree itself."""
        return self.evaluate(root, point)[id(root)]

    def call(self, node: Call, arguments: Sequence[Moving]) -> Moving:
        """A call, and what it makes of the rates."""
        row, name = ARRAY_FUNCTIONS.get(node.function), node.function
        if row is not None and name not in self.forward and name not in MOVES and row.definition is not None:
            body = definition(node, [one.shape for one in arguments])
            return self.result(body, dict(zip(row.parameters, arguments, strict=False)))
        value = self.engine.call(node, [one.value for one in arguments])
        if value.missing:
            raise Unmoved
        if all(one.rows is None for one in arguments):
            return Moving(value)
        if size(value.shape) * self.width > MOST:
            raise Unmoved
        spend(size(value.shape) * self.width * MATRIX_STEP)
        return Moving(value, self._rows(node, arguments, value))

    def _rows(self, node: Call, arguments: Sequence[Moving], value: Tensor) -> Sequence[Rates] | None:
        if node.function in SIGNS:
            self._settled(arguments, value)
            return None
        if node.function not in ARRAY_FUNCTIONS:
            return self._each(node, arguments, value)
        if node.function in MOVES:
            every = [row for one in arguments for row in still(one)]
            places = MOVES[node.function](node, [one.shape for one in arguments])
            return [None if place == NOTHING else every[place] for place in places]
        if node.function not in self.forward:
            raise Unmoved
        return self.forward[node.function](self, node, arguments, value)

    # -- element by element

    def _settled(self, arguments: Sequence[Moving], value: Tensor) -> None:
        """A comparison holds all around the point, unless two that are equal move."""
        left, right = (one.value.spread(value.shape) for one in arguments)
        moved = zip(*(spread(one, value.shape) for one in arguments), strict=True)
        same = self.engine.function("eq")
        for one, other, rows in zip(left, right, moved, strict=False):
            if any(row is not None for row in rows) and one is not other and same(one, other):
                raise Unmoved

    def _each(self, node: Call, arguments: Sequence[Moving], value: Tensor) -> list[Rates]:
        """The local derivatives times the rates."""
        columns = [one.value.spread(value.shape) for one in arguments]
        rates = [spread(one, value.shape) for one in arguments]
        if node.function == "where":
            return [yes if holds else no for holds, yes, no in zip(columns[0], rates[1], rates[2], strict=False)]
        numbers = literals_of(node)
        singular = self.rules.singular(node.function, numbers)
        local = [self.rules.local(node.function, numbers, place) for place in range(len(arguments))]
        self.engine.spend(node.function, 2 * size(value.shape))
        found: list[Rates] = []
        for items, own in zip(zip(*columns, value.items, strict=False), zip(*rates, strict=True), strict=True):
            if all(row is None for row in own):
                found.append(None)
                continue
            if singular is not None and singular(items):
                raise Unmoved
            found.append(self.total(map(self._share, own, local, [items] * len(own))))
        return found

    def _share(self, row: Rates, local: Callable[[Sequence[Any]], Any] | None, items: Sequence[Item]) -> Rates:
        """The rates of one argument, times the local derivative by it."""
        if row is None:
            return None
        if local is None:
            raise Unmoved
        return row if local is UNIT else self.scaled(row, local(items))

    # -- rates

    def scaled(self, row: Rates, by: Item) -> Rates:
        """The rates times a number."""
        return None if row is None else row * (abs(by) if self.signless else by)

    def total(self, rows: Any) -> Rates:
        """The sum of rates."""
        found: Rates = None
        for row in rows:
            found = row if found is None else found if row is None else found + row
        return found

    def added(self, one: Moving, other: Moving) -> Moving:
        """The sum of two arrays of one shape."""
        value = self.engine.sum(one.value, other.value)
        if one.rows is None or other.rows is None:
            return Moving(value, other.rows if one.rows is None else one.rows)
        return Moving(value, [self.total(pair) for pair in zip(one.rows, other.rows, strict=True)])

    def narrowed(self, a: Moving, shape: Shape) -> Moving:
        """The sums of the elements that come from one that was repeated."""
        if a.shape == shape:
            return a
        value = self.engine.narrowed(a.value, shape)
        if a.rows is None:
            return Moving(value)
        rows: list[Rates] = [None] * size(shape)
        for place, row in zip(sources(shape, a.shape), a.rows, strict=True):
            rows[place] = self.total((rows[place], row))
        return Moving(value, rows)


def still(a: Moving) -> Sequence[Rates]:
    """The rates of every element, those of a constant too."""
    return [None] * size(a.shape) if a.rows is None else a.rows


def spread(a: Moving, shape: Shape) -> Sequence[Rates]:
    """The rates of the array repeated to a shape."""
    rows = still(a)
    return rows if a.shape == shape else [rows[place] for place in sources(a.shape, shape)]
