"""Closed forms in array terms, tried component by component: small arrays stand for those of every size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import cycle
from math import isqrt, prod

from gradcalc.answers.trials.candidates import Point
from gradcalc.answers.trials.claims import claim
from gradcalc.answers.trials.verify import Outcome, outcomes
from gradcalc.answers.trials.whole import holds_along
from gradcalc.arrays.shape import Dimension
from gradcalc.arrays.writer import Unwritable, indices
from gradcalc.base.errors import LimitError, ShapeError
from gradcalc.base.limits import Limits
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import expanded, part_names
from gradcalc.syntax.tree import Call, Node, Number, postorder, rebuilt, substitute, with_arguments

SMALL = ((3, 2), (2, 3))  # sizes for dimensions that have names, in turn
LEAST_LARGE = 5  # a dimension of that size is made as small as one with a name
SHIFTS = ((0.31, 1.0), (0.12, 0.2), (1.6, 1.0), (-2.3, 1.0))  # where the numbers begin, and how they are scaled
STEP = 0.17  # from one number to the next
APART = 0.07  # from one variable to the next
DIAGONAL = 2.0  # more on the diagonal of a matrix, so that it has an inverse


@dataclass(frozen=True, slots=True)
class Formula:
    """A closed form in array terms: of the derivative by the variables of `by` in turn.

    `again` finds the same for the problem with other sizes.
    """

    form: Node
    by: tuple[str, ...]
    again: Callable[[Problem], Node | None]


def holds(formula: Formula, problem: Problem, limits: Limits) -> bool | None:
    """Has a closed form the derivative's values, for small arrays? None where that cannot be told."""
    for far in (False, True):  # there may be points of the usual domain for one size and not for another
        for group in _sized(problem):
            told = [one for sized in group if (one := _holds(formula, sized, limits, far=far)) is not None]
            if told:
                return all(told)
    return None


def _holds(formula: Formula, sized: Sized, limits: Limits, *, far: bool) -> bool | None:
    """Has a closed form the derivative's values for these sizes?"""
    try:
        form = formula.again(sized.problem) if sized.shrunk else sized.settled(formula.form)
    except (ShapeError, LimitError):
        return None
    try:
        outcome = None if form is None else _outcome(form, formula, sized.problem, limits, far=far)
    except Unwritable:
        return holds_along(form, *formula.by, sized.problem) if form is not None and len(formula.by) == 1 else None
    except (ShapeError, LimitError):
        return None
    return None if outcome is None or not (outcome.held or outcome.wrong_at is not None) else outcome.wrong_at is None


def _outcome(form: Node, formula: Formula, problem: Problem, limits: Limits, *, far: bool) -> Outcome:
    """The trial of a closed form for arrays with numbers for their sizes. Raises ShapeError and LimitError."""
    parts = {name: _mirrored(own) if name in problem.symmetric else own for name, own in part_names(problem).items()}
    functions = expanded(problem.root, problem, parts, limits).nodes
    entries = expanded(form, problem, parts, limits).nodes
    by = [parts[name] for name in formula.by]
    if len(entries) != len(functions) * prod(map(len, by)):
        return Outcome(wrong_at={})
    names = list(dict.fromkeys(part for own in parts.values() for part in own))
    scalar = problem.of_numbers(problem.root, names, (), None)
    one = claim(functions, by, entries)
    return outcomes({"": one}, scalar, names, _points(problem, parts), total=False, far=far)[""]


def _mirrored(parts: tuple[str, ...]) -> tuple[str, ...]:
    """What the entries of a symmetric matrix are called: those below the diagonal like their mirror images."""
    size = isqrt(len(parts))
    return tuple(parts[min(i, j) * size + max(i, j)] for i in range(size) for j in range(size))


@dataclass(frozen=True, slots=True)
class Sized:
    """The problem with numbers for its dimensions.

    `sizes` are those of the dimensions with names; where it was `shrunk`, others are smaller too.
    """

    problem: Problem
    sizes: Mapping[str, int]
    shrunk: bool = False

    def settled(self, form: Node) -> Node:
        """A closed form with numbers for the dimensions in it."""
        return rebuilt(substitute(form, _numbers(self.sizes)), _multiplied)


def _numbers(sizes: Mapping[str, int]) -> dict[str, Node]:
    return {name: Number(Fraction(size)) for name, size in sizes.items()}


def _multiplied(node: Node, arguments: tuple[Node, ...]) -> Node:
    """The number that a product of numbers is: an array's dimensions are literal."""
    if isinstance(node, Call) and node.function == "mul":
        first, second = arguments
        if isinstance(first, Number) and isinstance(second, Number):
            return Number(first.value * second.value)
    return with_arguments(node, arguments)


def _sized(problem: Problem) -> Iterator[list[Sized]]:
    """The problem with small arrays, of several sizes; where literal numbers do not fit these, with its own.

    Wide matrices may have to be tall, or a determinant is 0 whatever is in them.
    """
    dimensions = dict.fromkeys(one for shape in problem.shapes.values() for one in shape)
    named = [one for one in dimensions if isinstance(one, str)]
    large = [one for one in dimensions if not isinstance(one, str) and one >= LEAST_LARGE]
    if large:
        smaller = replace(problem, root=_reindexed(problem.root))
        yield [_resized(smaller, dict(zip([*named, *large], cycle(sizes), strict=False))) for sizes in SMALL]
    yield [_resized(problem, dict(zip(named, cycle(sizes), strict=False))) for sizes in (SMALL if named else SMALL[:1])]


def _resized(problem: Problem, sizes: Mapping[Dimension, int]) -> Sized:
    shapes = {name: tuple(sizes.get(one) or int(one) for one in shape) for name, shape in problem.shapes.items()}
    named = {one: size for one, size in sizes.items() if isinstance(one, str)}
    numbers = _numbers({name: size for name, size in named.items() if name not in problem.variables})
    root = substitute(problem.root, numbers)
    return Sized(replace(problem, root=root, shapes=shapes, point=None), named, shrunk=len(named) < len(sizes))


def _reindexed(root: Node) -> Node:
    """The tree with the first elements of arrays in place of others, as many as there are."""
    indexed = [node for node in postorder(root) if isinstance(node, Call) and node.function == "index"]
    places = sorted({one.value for node in indexed for one in node.arguments[1:] if isinstance(one, Number)})
    first = {value: Number(Fraction(place)) for place, value in enumerate(places, start=1)}

    def moved(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Call) and node.function == "index":
            array, *rest = arguments
            arguments = (array, *(first[one.value] if isinstance(one, Number) else one for one in rest))
        return with_arguments(node, arguments)

    return rebuilt(root, moved)


def _points(problem: Problem, parts: Mapping[str, Sequence[str]]) -> Iterator[Point]:
    """Some points in different parts of the number line."""
    for start, scale in SHIFTS:
        point: Point = {}
        for place, (name, own) in enumerate(parts.items()):
            shift = start + place * APART
            shape = tuple(map(int, problem.shapes.get(name, ())))
            values = _array(problem, name, shape, shift, scale) if shape else [shift]
            point.update(zip(own, values, strict=True))
        yield point


def _array(problem: Problem, name: str, shape: tuple[int, ...], start: float, scale: float) -> list[float]:
    """Numbers of a shape; symmetric where the variable is."""
    values = []
    for index in indices(shape):
        places = sorted(index) if name in problem.symmetric else index
        step = sum(place * size for place, size in zip(places, (1.0, 3.0, 9.0), strict=False))
        on_diagonal = len(index) == 2 and index[0] == index[1]
        values.append(start + scale * STEP * step + (DIAGONAL if on_diagonal else 0.0))
    return values
