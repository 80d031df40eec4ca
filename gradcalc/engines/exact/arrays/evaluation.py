"""The value of a tree of arrays, in ball arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flint import ctx, fmpq

from gradcalc.arrays.array import Value, numbers_of, shape_of
from gradcalc.arrays.definitions import definition
from gradcalc.arrays.infer import infer
from gradcalc.arrays.places import MOVES
from gradcalc.arrays.shape import Shape, broadcast, size
from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.arithmetic import Marked, unproven
from gradcalc.engines.exact.arrays.matrices import MATRICES
from gradcalc.engines.exact.arrays.operations import OPERATIONS, moved
from gradcalc.engines.exact.arrays.spectra import SPECTRA
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, first_missing, made_of, measured, number
from gradcalc.engines.exact.ball import Ball, Undecided, as_ratio
from gradcalc.engines.exact.rules import AT_ONCE, SIGNS, NoValue, Rules, literals_of
from gradcalc.engines.exact.values import Undefined
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call, Name, Node, postorder

OWN = frozenset((*OPERATIONS, *MOVES))  # what stands for nothing else here
WHOLE = MATRICES.keys() - {"matmul", "outer"} | SPECTRA.keys()  # which an element without a value leaves without any
EACH = 0.02  # of the steps of a number by itself, for one element of many
Point = Mapping[str, Tensor]
Values = dict[int, Tensor]


class Evaluator:
    """Evaluates trees of arrays, at the precision that is at work: with proofs of what is 0, or without and faster."""

    def __init__(self, rules: Rules) -> None:
        self.rules, self.bits, self.plain = rules, ctx.prec, rules is AT_ONCE
        self.signless = False
        self.zero: Ball = rules.zero
        self.one: Ball = rules.one

    def function(self, name: str) -> Callable[..., Any]:
        """A function of elements."""
        return self.rules.operation(name)

    def number(self, value: int | fmpq) -> Ball:
        """A rational number."""
        found: Ball = self.rules.arithmetic.number(as_ratio(fmpq(value)))
        return found

    def point(self, numbers: Mapping[str, Value]) -> dict[str, Tensor]:
        """A point in the evaluator's arithmetic."""
        return {name: self.proved(measured(shape_of(one), numbers_of(one))) for name, one in numbers.items()}

    def proved(self, a: Tensor) -> Tensor:
        """The array with what is needed to prove which numbers are 0."""
        first = a.items[0] if a.items else None
        if self.plain or a.missing or not isinstance(first, Ball) or isinstance(first, Marked):
            return a
        return Tensor(a.shape, list(map(unproven, a.items)))

    # -- forward

    def evaluate(self, root: Node, point: Point) -> Values:
        """The value of every node below a tree."""
        values: Values = {}
        for node in postorder(root):
            if isinstance(node, Name):
                values[id(node)] = point[node.name]
            elif isinstance(node, Call):
                values[id(node)] = self.call(node, [values[id(argument)] for argument in node.arguments])
            else:
                values[id(node)] = number(self.rules.compiled(node, ())(()))
        return values

    def call(self, node: Call, arguments: Sequence[Tensor]) -> Tensor:
        """The value of a call."""
        row = ARRAY_FUNCTIONS.get(node.function)
        if row is None:
            return self.each(node, self._element(node), arguments)
        arrays = row.parted(arguments)[0]
        if node.function in OPERATIONS:
            return self._array(node, arrays)
        if node.function in MOVES:
            return moved(self, node, arrays, _shape_of(node, arrays))
        body = definition(node, [one.shape for one in arguments])
        return self.evaluate(body, dict(zip(row.parameters, arguments, strict=False)))[id(body)]

    def _array(self, node: Call, arrays: Sequence[Tensor]) -> Tensor:
        """A function of arrays; all of its elements are missing where the whole has no value."""
        if node.function in WHOLE and any(one.missing for one in arrays):
            return self._missing(node, arrays, first_missing(*(one.items for one in arrays)))
        try:
            return self.proved(OPERATIONS[node.function](self, node, arrays))
        except NoValue as error:
            lost: Item = Undefined(node, error.condition)
        except (Undecided, LimitError) as error:
            lost = placed(error, node)
        return self._missing(node, arrays, lost)

    def _missing(self, node: Call, arrays: Sequence[Tensor], lost: Item) -> Tensor:
        """The result of which every element is missing."""
        shape = _shape_of(node, arrays)
        return Tensor(shape, [lost] * size(shape), missing=True)

    def _element(self, node: Call) -> Callable[..., Any]:
        """What a function does with elements."""
        if node.function == "where":
            return lambda condition, yes, no: yes if condition else no
        operation = self.rules.operation(node.function, literals_of(node))
        if node.function not in SIGNS:
            return operation
        same = SIGNS[node.function](0)
        return lambda left, right: same if left is right else operation(left, right)

    def each(self, node: Call, function: Callable[..., Any], arguments: Sequence[Tensor]) -> Tensor:
        """A function of every element, with NumPy's broadcasting."""
        shape = broadcast(*(one.shape for one in arguments))
        self.spend(node.function, size(shape))
        if not any(one.missing for one in arguments):
            try:
                return Tensor(shape, list(map(function, *(one.spread(shape) for one in arguments))))
            except (NoValue, Undecided, LimitError):
                pass  # one by one, then
        choice = node.function == "where"
        rows = zip(*(one.spread(shape) for one in arguments), strict=False)
        return made_of(shape, [_careful(node, function, row, choice) for row in rows])

    def spend(self, function: str, count: int) -> None:
        effort = 0.0 if function == "where" else self.rules.effort(function, self.bits)
        spend(effort * (1 + (count - 1) * EACH))


def _careful(node: Call, function: Callable[..., Any], row: Sequence[Item], choice: bool) -> Item:
    """A function of elements that may be missing; of a choice, only the one that is taken counts."""
    lost = first_missing(row[:1] if choice else row)
    if lost is not None:
        return lost
    try:
        return function(*row)
    except NoValue as error:
        return Undefined(node, error.condition)
    except (Undecided, LimitError) as error:
        return placed(error, node)


def placed(error: Undecided | LimitError, node: Node) -> Undecided | LimitError:
    """The error, which knows where it arose."""
    if isinstance(error, Undecided):
        error.node = error.node or node
    return error


def _shape_of(node: Call, arrays: Sequence[Tensor]) -> Shape:
    """The shape of what a function makes of arrays."""
    names = [Name(str(place)) for place in range(len(arrays))]
    call = Call(node.function, (*names, *node.arguments[len(arrays) :]))
    return infer(call, {one.name: array.shape for one, array in zip(names, arrays, strict=True)})[id(call)]
