"""The gradient of a tree of arrays: one pass back over its nodes, by the catalogue's rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradcalc.arrays.definitions import DOWN, settled
from gradcalc.arrays.infer import rules as rules_for
from gradcalc.arrays.shape import Shape, size
from gradcalc.base.effort import spend
from gradcalc.engines.exact.arrays.backward import BACKWARD, TIED
from gradcalc.engines.exact.arrays.evaluation import EACH, Evaluator, Point, Values, placed
from gradcalc.engines.exact.arrays.operations import axis_of, permuted
from gradcalc.engines.exact.arrays.reach import Flags, both, made, spread_back
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, first_missing, is_missing, number, sources
from gradcalc.engines.exact.ball import Undecided
from gradcalc.engines.exact.rules import SIGNS, UNIT, NoValue, literals_of
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.syntax.tree import Call, Name, Node, dependents, postorder


class Corner(NamedTuple):
    """Elements of a node, by its id, that are at a kink, a pole or an edge of a call: of itself, or of one after it."""

    node: Call
    key: int
    flags: Flags


@dataclass(frozen=True, slots=True)
class Gradient:
    """What flows back to each name; and where rules alone do not decide, the first call first."""

    flows: Mapping[str, Tensor]
    corners: Sequence[Corner]


class Reverse(Evaluator):
    """Evaluates trees, and goes back over them."""

    def gradient(self, root: Node, values: Values, names: Sequence[str]) -> Gradient:
        """The gradient of a single number, all of whose parts that count have values.

        An element is special from which a corner, a pole or an edge of a part is reached.
        """
        order = postorder(root)
        wanted = dependents(order, names)
        active = spread_back(order, {id(root): True}, values)
        sure = {key: _filled_in(one, self.one) for key, one in values.items()}
        flows: dict[int, Tensor] = {id(root): number(self.one)}
        partials: dict[str, Tensor] = {}
        corners: list[Corner] = []
        for node in reversed(order):
            there = active.get(id(node), False)
            if id(node) not in wanted or there is False:
                continue
            flow = flows.pop(id(node), None)
            if isinstance(node, Name) and flow is not None:
                partials[node.name] = self.sum(partials[node.name], flow) if node.name in partials else flow
            elif isinstance(node, Call):
                corners += self._corners(node, values, sure, there)
                for place, child in enumerate(node.arguments):
                    if id(child) in wanted and passes_on(node, place):
                        own, bare = self._share(node, place, flow, values, sure)
                        corners.append(Corner(node, id(node), both(bare, there)))
                        if own is not None:
                            flows[id(child)] = self.sum(flows[id(child)], own) if id(child) in flows else own
        return Gradient(partials, [one for one in reversed(corners) if one.flags is not False])

    # -- what has no slope

    def _corners(self, node: Call, values: Values, sure: Values, there: Flags) -> list[Corner]:
        """The elements of a call, or of its argument, that stand at a kink or a pole of it."""
        row = ARRAY_FUNCTIONS.get(node.function)
        if row is None:
            condition = self.rules.singular(node.function, literals_of(node))
            return [] if condition is None else [Corner(node, id(node), self._where(node, condition, values, there))]
        argument = node.arguments[0]
        if node.function in TIED and not values[id(node)].missing:
            return [Corner(node, id(argument), made(TIED[node.function](self, node, values[id(argument)])))]
        if row.kink is None or values[id(node)].missing:
            return []
        found = filled(self._by_rule(row, row.kink, node, sure, None), values[id(argument)].shape)
        return [Corner(node, id(argument), made([one is True for one in found.items]))]

    def _where(self, node: Call, condition: Callable[[Sequence[Any]], Any], values: Values, there: Flags) -> Flags:
        """The elements, of those that count, at which a condition holds."""
        value = values[id(node)]
        columns = [values[id(argument)].spread(value.shape) for argument in node.arguments]
        self.spend(node.function, len(value.items))
        found = bytearray(len(value.items))
        try:
            for place, row in enumerate(zip(*columns, value.items, strict=False)):
                if there is True or (isinstance(there, bytearray) and there[place]):
                    found[place] = bool(condition(row))
        except Undecided as error:
            raise placed(error, node) from None
        return made(found)

    # -- shares

    def _share(
        self, node: Call, place: int, flow: Tensor | None, values: Values, sure: Values
    ) -> tuple[Tensor | None, Flags]:
        """What flows from a call to one of its arguments, and the elements of the call by which there is no slope.

        A part that only decides a choice has no flow, but what has no slope in it counts.
        """
        row = ARRAY_FUNCTIONS.get(node.function)
        if row is None:
            return self._elementwise(node, place, flow, values)
        if flow is None:
            return None, False
        arrays = row.parted([sure[id(argument)] for argument in node.arguments])[0]
        try:
            backward = BACKWARD.get(node.function)
            if backward is not None:
                return self.proved(backward(self, node, place, flow, self.before(arrays))), False
            texts = rules_for(row, [sure[id(argument)].shape for argument in node.arguments])
            found = self._by_rule(row, row.rule_to(place, texts), node, sure, flow)
        except NoValue:
            return Tensor(arrays[place].shape, [self.zero] * size(arrays[place].shape)), True
        return filled(found, arrays[place].shape), False

    def _by_rule(self, row: ArrayFunction, text: str | None, node: Call, values: Values, flow: Tensor | None) -> Tensor:
        """The value of a rule; along an axis it runs down the columns, so that this axis stands first."""
        assert text is not None
        given = [values[id(argument)] for argument in node.arguments]
        shape = given[0].shape
        point = dict(zip(row.parameters, given, strict=False)) | {"out": values[id(node)]}
        if flow is not None:
            point["g"] = flow
        axis = axis_of(node, shape) if row.along else None
        if axis is None:
            return self._root(settled(text, shape if row.along else shape[:1], {}), point)
        order = [axis, *(one for one in range(len(shape)) if one != axis)]
        turned = {name: permuted(one, order) if one.shape == shape else one for name, one in point.items()}
        found = self._root(settled(text, (shape[axis],), DOWN), turned)
        whole = filled(found, turned[row.parameters[0]].shape)
        return permuted(whole, [order.index(one) for one in range(len(shape))])

    def _root(self, root: Node, point: Point) -> Tensor:
        """The value of a rule. Raises NoValue where it has none, and Undecided."""
        found = self.rule_values(root, point)[id(root)]
        if found.missing:
            error = first_missing(found.items)
            raise error if isinstance(error, Exception) else NoValue("")
        return found

    def rule_values(self, root: Node, point: Point) -> Values:
        """The values of the parts of a rule."""
        return self.evaluate(root, point)

    def _elementwise(self, node: Call, place: int, flow: Tensor | None, values: Values) -> tuple[Tensor | None, Flags]:
        """The flow times the local derivative, added up where an element was repeated."""
        shape = values[id(node.arguments[place])].shape
        if node.function == "where":
            if flow is None:
                return None, False
            choices = values[id(node.arguments[0])].spread(flow.shape)
            chosen = zip(flow.items, choices, strict=False)
            return self.narrowed(
                Tensor(flow.shape, [one if choice is (place == 1) else self.zero for one, choice in chosen]), shape
            ), False
        local = self.rules.local(node.function, literals_of(node), place)
        if local is UNIT:
            return (None if flow is None else self.narrowed(flow, shape)), False
        slopes, bare = self._slopes(node, local, values)
        if flow is None:
            return None, bare
        return self.narrowed(self.times(flow, slopes), shape), bare

    def times(self, flow: Tensor, slopes: Sequence[Item]) -> Tensor:
        """A flow times local derivatives."""
        return Tensor(flow.shape, list(map(self.function("mul"), flow.items, slopes)))

    def before(self, arrays: Sequence[Tensor]) -> Sequence[Tensor]:
        """What a flow goes back by, through a function without a rule."""
        return arrays

    def _slopes(
        self, node: Call, local: Callable[[Sequence[Any]], Any] | None, values: Values
    ) -> tuple[list[Item], Flags]:
        """The local derivative of every element, 0 where there is none, and where that is."""
        value = values[id(node)]
        columns = [values[id(argument)].spread(value.shape) for argument in node.arguments]
        self.spend(node.function, 2 * len(value.items))
        careful = local is None or any(values[id(argument)].missing for argument in node.arguments)
        found: list[Item] = []
        bare = bytearray(len(value.items))
        for place, row in enumerate(zip(*columns, value.items, strict=False)):
            try:
                known = local is not None and not (careful and any(map(is_missing, row)))
                found.append(local(row) if known and local else self.zero)
                bare[place] = not known
            except NoValue:
                found.append(self.zero)
                bare[place] = 1
            except Undecided as error:
                raise placed(error, node) from None
        return found, made(bare)

    # -- sums

    def narrowed(self, a: Tensor, shape: Shape) -> Tensor:
        """The sums of the elements that come from one that was repeated."""
        if a.shape == shape:
            return a
        spend(len(a.items) * EACH)
        add = self.function("add")
        sums: list[Item] = [None] * size(shape)
        for place, item in zip(sources(shape, a.shape), a.items, strict=True):
            sums[place] = item if sums[place] is None else add(sums[place], item)
        return Tensor(shape, sums)

    def sum(self, one: Tensor, other: Tensor) -> Tensor:
        """The sum of two arrays of one shape."""
        spend(len(one.items) * EACH)
        return Tensor(one.shape, list(map(self.function("add"), one.items, other.items)))


def filled(a: Tensor, shape: Shape) -> Tensor:
    """The array repeated to a shape."""
    return a if a.shape == shape else Tensor(shape, list(a.spread(shape)), missing=a.missing)


def passes_on(node: Call, place: int) -> bool:
    """Is an argument more than a choice's condition, or a whole number?"""
    row = ARRAY_FUNCTIONS.get(node.function)
    if row is not None:
        return place < len(row.parted(node.arguments)[0])
    return node.function not in SIGNS and not (node.function == "where" and place == 0)


def _filled_in(a: Tensor, item: Item) -> Tensor:
    """The array with a number in place of what is missing, which does not count."""
    return Tensor(a.shape, [item if is_missing(one) else one for one in a.items]) if a.missing else a
