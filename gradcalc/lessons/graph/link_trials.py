"""A local derivative tried at the numbers that torch holds there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gradcalc.answers.trials.claims import claim
from gradcalc.answers.trials.verify import refuted
from gradcalc.arrays.infer import infer
from gradcalc.engines import ask
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.lessons.graph.structure import placeholder
from gradcalc.lessons.lesson import Held, flattened
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, free_names, number, postorder, rebuilt, substitute, with_arguments

LOOKS = 3  # elements of arrays that a formula is tried at
MOST_LOOKS = 100  # times that the same step is judged by the same formula, each time at other numbers
TRUTHS = {True: rule("0 < 1"), False: rule("1 < 0")}


class LinkTrials:
    """Tries of the links of one problem's graph."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._looked: Counter[tuple[str, str]] = Counter()  # how often a step and its local derivative were judged

    def refute(self, step: Call, local: Node, index: int, values: Mapping[str, Held | bool]) -> bool:
        """Is a local derivative not what the step's own values say, at numbers that torch holds here?"""
        same = to_text(step), to_text(local)
        self._looked[same] += 1
        if self._looked[same] > MOST_LOOKS:
            return False
        constants = _constants(step)
        for place, point in enumerate(_points(values)):
            numbers = {name: value for name, value in point.items() if not isinstance(value, bool)}
            truths: dict[str, Node] = {name: TRUTHS[value] for name, value in point.items() if isinstance(value, bool)}
            function, slope = (_at_element(substitute(one, truths), constants, place) for one in (step, local))
            link = claim([function], [[placeholder(index)]], [slope])
            if refuted(link, self._problem, numbers):
                return True
        return False


def _constants(step: Call) -> dict[Node, list[Node]]:
    """The elements of the arrays that stand in the text of a step."""
    found: dict[Node, list[Node]] = {}
    for one in step.arguments:
        if not free_names(postorder(one)) and infer(one, {})[id(one)]:
            values = [None if value is None else value.fraction() for value in ask.elements(one, {})]
            found[one] = [number(value or 0) for value in values]
    return found


def _at_element(root: Node, constants: Mapping[Node, Sequence[Node]], place: int) -> Node:
    """A step, or its derivative, with one element for each array that stands in it."""

    def element(node: Node, arguments: tuple[Node, ...]) -> Node:
        own = with_arguments(node, arguments)
        return constants[own][place % len(constants[own])] if own in constants else own

    return rebuilt(root, element) if constants else root


def _points(values: Mapping[str, Held | bool]) -> Iterator[dict[str, float | bool]]:
    """Some of the numbers that an elementwise step works on, one for each argument."""
    flat = {name: flattened(value) for name, value in values.items()}
    for place in range(min(LOOKS, max(map(len, flat.values()), default=0))):
        point = {name: own[place % len(own)] for name, own in flat.items()}
        if all(map(math.isfinite, point.values())):
            yield point
