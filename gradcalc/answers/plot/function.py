"""A function of one variable and its derivatives, exact at every float; and its tangent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gradcalc.answers.plot.records import TangentLine
from gradcalc.answers.trials.derived import tried_derivatives
from gradcalc.base.errors import LimitError
from gradcalc.calculus.branches import branched
from gradcalc.engines import ask
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Node

Row = tuple[float | None, ...]  # the values of every order at a place


class Function:
    """The function and its derivatives by one variable, at floats, each exact and rounded once."""

    def __init__(self, problem: Problem, name: str, order: int) -> None:
        self.problem, self.name = problem, name
        trees = tried_derivatives(problem, problem.root, name, order)
        self.trees: list[Node] = [problem.root, *branched(trees)]
        self.known: dict[float, Row] = {}

    def at(self, x: float) -> Row:
        """The values at a place; None where there is none, or one that is too hard to compute."""
        if x not in self.known:
            self.known[x] = self._computed({**self.problem.numbers, self.name: x})
        return self.known[x]

    def _computed(self, point: Mapping[str, float]) -> Row:
        try:
            found = ask.values(self.trees, point)
        except LimitError:
            return (None,) * len(self.trees)
        numbers = [None if one is None else one.nearest(self.problem.format) for one in found]
        return tuple(numbers if numbers[0] is not None else [None] * len(numbers))


def tangent_at(function: Function, at: float) -> TangentLine | None:
    """The tangent at a place; None where there is none, as at a kink."""
    problem = replace(function.problem, point={**function.problem.numbers, function.name: at}, wrt=(function.name,))
    truth = ask.truth(problem)
    slope = truth.slopes[function.name].value
    if truth.value is None or slope is None or slope.infinite:
        return None
    return TangentLine(at, truth.value.nearest(problem.format), slope.nearest(problem.format))
