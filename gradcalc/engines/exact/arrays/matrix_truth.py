"""The truth about matrices of derivatives: one pass over whole arrays, of a Hessian forward over reverse."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property, partial

from flint import arb_mat

from gradcalc.arrays.places import MOVES
from gradcalc.arrays.shape import size
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.digits import needed_bits
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.arrays.evaluation import Point
from gradcalc.engines.exact.arrays.moving import Mover, Moving, Rates, Unmoved, still
from gradcalc.engines.exact.arrays.moving_arrays import FORWARD
from gradcalc.engines.exact.arrays.moving_back import gradient
from gradcalc.engines.exact.arrays.slopes import Balls
from gradcalc.engines.exact.arrays.tensor import Item, Tensor
from gradcalc.engines.exact.arrays.truth import PLAINLY
from gradcalc.engines.exact.ball import Ball, Undecided, as_real, known, working
from gradcalc.engines.exact.rules import NoValue, Rules
from gradcalc.engines.records import MatrixTruth
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, Number, number, rebuilt, with_arguments

OWN = frozenset((*FORWARD, *MOVES, *(one.name for one in ARRAY_FUNCTIONS.values() if one.definition is None)))
Found = tuple[list[Item], list[Rates]]  # the value of each row, and its rates


class Matrix(ABC):
    """The way to a matrix of derivatives of one problem."""

    def __init__(self, problem: Problem) -> None:
        assert problem.point is not None
        self.point, self.names = problem.point, problem.wrt
        self.root = unfolded(_squared(problem.root), problem.shapes, OWN)
        self.lengths = {name: size(problem.shapes.get(name, ())) for name in problem.wrt}
        self.width = sum(self.lengths.values())
        self.way: tuple[int, Rules] = PLAINLY[0]  # that led to the result

    @abstractmethod
    def rows(self, mover: Mover, point: Mapping[str, Moving]) -> list[Moving]:
        """What the rows are the rates of, in turn."""

    def truth(self) -> MatrixTruth | None:
        """The value of each row and its derivatives.

        None where one is special or takes more than plain numbers, and where a function has no rule for rates.
        """
        for self.way in PLAINLY:
            try:
                values, rates = self.found()
            except Undecided:
                continue
            except (Unmoved, NoValue, LimitError):
                return None
            balls = [[Ball(0)] * self.width if row is None else row.entries() for row in rates]
            if all(known(one, needed_bits()) for row in (values, *balls) for one in row):
                slopes = [Balls(row, partial(self.sizes, place), {}, frozenset(), 0) for place, row in enumerate(balls)]
                return MatrixTruth(tuple(map(as_real, values)), tuple(slopes))
        return None

    def found(self, *, signless: bool = False) -> Found:
        """What the rules give. Raises Undecided, Unmoved, NoValue and LimitError."""
        bits, rules = self.way
        with working(bits):
            mover = Mover(rules, FORWARD, self.width, signless=signless)
            every = self.rows(mover, self._moving(mover.engine.point(self.point)))
            return [item for one in every for item in one.value.items], [row for one in every for row in still(one)]

    def _moving(self, point: Point) -> dict[str, Moving]:
        """The point, each component that is derived by with a rate of 1 by itself."""
        found, start = {name: Moving(one) for name, one in point.items()}, 0
        for name, length in self.lengths.items():
            if name in point:
                found[name] = Moving(point[name], [self._unit(start + place) for place in range(length)])
            start += length
        return found

    def _unit(self, place: int) -> arb_mat:
        return arb_mat(1, self.width, [int(one == place) for one in range(self.width)])

    def sizes(self, place: int) -> Sequence[Ball]:
        """The size of the terms that the derivatives of a row are the sums of."""
        row = self._sizes[place]
        return [Ball(0)] * self.width if row is None else row.entries()

    @cached_property
    def _sizes(self) -> list[Rates]:
        return self.found(signless=True)[1]


class Jacobian(Matrix):
    """Its rows are the components of the function."""

    def rows(self, mover: Mover, point: Mapping[str, Moving]) -> list[Moving]:
        """The function, evaluated with its rates."""
        return [mover.result(self.root, point)]


class Hessian(Matrix):
    """Its rows are the components of the gradient."""

    def rows(self, mover: Mover, point: Mapping[str, Moving]) -> list[Moving]:
        """The gradient by each variable, evaluated with its rates; 0 by one that the function lacks."""
        found = gradient(mover, self.root, mover.evaluate(self.root, point), self.names)
        return [found.get(name) or _nothing(mover, length) for name, length in self.lengths.items()]


def _nothing(mover: Mover, length: int) -> Moving:
    return Moving(Tensor((length,), [mover.engine.zero] * length))


def jacobian(problem: Problem) -> MatrixTruth | None:
    """Each component of the problem's function and its derivatives, where the rules and plain numbers tell all."""
    return Jacobian(problem).truth()


def hessian(problem: Problem) -> MatrixTruth | None:
    """Each component of a number's gradient and its derivatives, where the rules and plain numbers tell all."""
    return Hessian(problem).truth()


def _squared(root: Node) -> Node:
    """The tree with sums of squares for squares of norms: their derivatives are smooth, and 0 without digits lost."""

    def squared(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Call) and node.function == "pow" and isinstance(base := arguments[0], Call):
            exponent = arguments[1]
            if base.function in SQUARES and isinstance(exponent, Number) and exponent.value % 2 == 0:
                square = SQUARES[base.function](base)
                return square if exponent.value == 2 else Call("pow", (square, number(exponent.value / 2)))
        return with_arguments(node, arguments)

    return rebuilt(root, squared)


SQUARES = {
    "norm": lambda node: Call("sum", (Call("pow", (node.arguments[0], number(2))),)),
    "std": lambda node: Call("var", node.arguments),
}
