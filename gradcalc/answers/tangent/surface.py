"""The tangent line or plane of a function of numbers, and of the curve of an equation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce

from gradcalc.answers.records import Row, Tangent
from gradcalc.answers.tangent.shown import Shown, shown, term, total, value_of, written
from gradcalc.answers.trials.claims import claim
from gradcalc.base.errors import InternalError
from gradcalc.calculus.implicit import implicit
from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.simplify import ZERO, build
from gradcalc.engines import ask
from gradcalc.engines.records import Trial
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, Number, number, postorder, substitute

NAMES = ("y", "z", "w", "u", "v", "tangent")
CORNER = "there is no tangent at a corner"
HALVES = "there is no tangent at a corner, but one on either side: {left} on the left, {right} on the right"
UNKNOWN = "there is no tangent plane over the variables, and no other is known"
Place = Mapping[str, Node]


class Surface:
    """The graph of a function of numbers, or the curve of an equation, at the point as it was written."""

    def __init__(self, problem: Problem, forms: Mapping[str, Node]) -> None:
        """`forms` are closed forms of the derivatives, which may have a value where the rules give none."""
        self._problem, self._forms = problem, forms
        self._limits: set[str] = set()  # where the rules give no value: sqrt(x) + sqrt(y) = 1 at y = 0
        self._wrt = [name for name in problem.wrt if name in problem.variables]
        as_given: Place = {name: number(Fraction(value)) for name, value in problem.numbers.items()}
        meant = {**as_given, **problem.meant}
        self._place: Place = meant if value_of(substitute(problem.root, meant)) is not None else as_given
        literals = [node for node in postorder(problem.root, *self._place.values()) if isinstance(node, Number)]
        self._decimals = any(node.value.denominator != 1 for node in literals)
        last = problem.definitions[-1].name if problem.definitions else None
        free = next((name for name in NAMES if name not in problem.names), NAMES[-1])
        self._name = problem.of or last or free

    def plane(self) -> Tangent:
        """The tangent line or plane, its slopes and what it is where all variables are 0.

        Raises InternalError where the function's own values have other slopes.
        """
        slopes = self._slopes()
        self._confirm({name: slope for name, slope in slopes.items() if name not in self._limits})
        return self._through(slopes)

    def _slopes(self) -> dict[str, Node]:
        problem = self._problem
        if problem.of is None:
            trees: Mapping[str, Node] = gradient(problem.root, self._wrt)
        else:
            trees = {name: implicit(problem.root, problem.of, name, 1)[0] for name in self._wrt}
        found = {name: substitute(tree, self._place) for name, tree in trees.items()}
        for name in self._forms.keys() & {name for name, tree in found.items() if value_of(tree) is None}:
            found[name] = substitute(self._forms[name], self._place)
            self._limits.add(name)
        return found

    @property
    def _height(self) -> Node:
        """The function's value at the point."""
        problem = self._problem
        return substitute(problem.root, self._place) if problem.of is None else self._place[problem.of]

    def _through(self, slopes: Mapping[str, Node]) -> Tangent:
        """The plane of some slopes, through the point."""
        moved = [build("mul", slope, self._place[name]) for name, slope in slopes.items()]
        constant = reduce(lambda left, one: build("sub", left, one), moved, self._height)
        numbers = {name: self._number(slope) for name, slope in slopes.items()}
        last = self._number(constant)
        texts = {name: to_text(term(value)) for name, value in numbers.items()}
        right = to_text(total([*((value, name) for name, value in numbers.items()), (last, None)]))
        return Tangent(f"{self._name} = {right}", slopes=texts, constant=to_text(term(last)))

    def _confirm(self, slopes: Mapping[str, Node]) -> None:
        """Raises InternalError where the values about the point, which is at 0 now, say otherwise."""
        problem = self._problem
        moved: dict[str, Node] = {name: Call("add", (node, Name(name))) for name, node in self._place.items()}
        entries = dict(slopes)
        if problem.of is not None:
            steps = [Call("mul", (slope, Name(name))) for name, slope in slopes.items()]
            moved[problem.of] = reduce(lambda height, step: Call("add", (height, step)), steps, self._height)
            entries = dict.fromkeys(slopes, ZERO)
        claimed = claim([substitute(problem.root, moved)], [list(entries)], list(entries.values()))
        if entries and ask.tried(claimed, dict.fromkeys(problem.names, 0.0)) is Trial.FAILS:
            raise InternalError("gradcalc has a bug: its tangent is none", hint="please report it with this command")

    def halves(self, row: Row) -> Tangent:
        """The tangents on either side of a corner."""
        (name,) = self._wrt
        sides = {
            side: self._through({name: written(slope)}).equation
            for side, slope in (("left", row.left), ("right", row.right))
            if slope is not None
        }
        return Tangent(note=HALVES.format(**sides) if len(sides) == 2 else CORNER)

    def upright(self) -> Tangent:
        """The vertical tangent: x = a, or the plane of an equation's partial derivatives."""
        problem = self._problem
        if problem.of is None or len(self._wrt) == 1:
            return self._at(*self._wrt)
        names = [*self._wrt, problem.of]
        partials = {name: substitute(tree, self._place) for name, tree in gradient(problem.root, names).items()}
        if any(value_of(one) is None for one in partials.values()):
            return Tangent(note=UNKNOWN)
        numbers = {name: self._number(one) for name, one in partials.items()}
        alone = [name for name, one in numbers.items() if one.value]
        if len(alone) == 1:
            return self._at(alone[0])
        left = total([(one, name) for name, one in numbers.items()])
        terms = [build("mul", one, self._place[name]) for name, one in partials.items()]
        right = self._number(reduce(lambda before, one: build("add", before, one), terms))
        return Tangent(f"{to_text(left)} = {to_text(term(right))}", note="vertical")

    def _at(self, name: str) -> Tangent:
        """The line or plane where one variable is what it is at the point."""
        return Tangent(f"{name} = {to_text(term(self._number(self._place[name])))}", note="vertical")

    def _number(self, tree: Node) -> Shown:
        return shown(tree, decimals=self._decimals)
