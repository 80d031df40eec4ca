"""Decisions that torch takes otherwise than is true: comparisons, steps and ties of numbers that it had to round."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from gradcalc.answers.diagnosis.cause import SUMS, Cause, Numbers, Rounded, Stage, bad_bits, lost_bits
from gradcalc.base.real import Real, fraction
from gradcalc.engines import ask
from gradcalc.functions import CATALOGUE
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, free_names, number, postorder

COMPARED = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
STEPS = frozenset({
    "floor", "ceil", "round", "trunc", "frac", "sign", "heaviside", "mod", "remainder", "fmod",
})  # fmt: skip


def decided_by(cause: Cause, numbers: Numbers, problem: Problem) -> tuple[Rounded, ...]:
    """The rounded arguments that made a node decide as it did; none where it is no decision, or they do not explain it.

    They do where the node comes out right with them exact and the others as torch has them.
    """
    node = cause.node
    if not isinstance(node, Call) or not all(math.isfinite(numbers[id(one)][0]) for one in node.arguments):
        return ()
    explains = _question(cause, node, problem)
    if explains is None:
        return ()
    exact = {id(one): ask.value(one, problem.numbers) for one in node.arguments if not _is_condition(one)}
    rounded = [one for one in node.arguments if _differs(exact.get(id(one)), numbers[id(one)][0])]
    if node.function in SUMS:  # what is worked out may be rounded as well; a number that is written need not be
        rounded = [one for one in rounded if not free_names(postorder(one))]
    for chosen in [*([one] for one in rounded), rounded]:
        given = {id(one): number(Fraction(numbers[id(one)][0])) for one in node.arguments if one not in chosen}
        if chosen and explains(given):
            return tuple(_rounded(one, node, numbers) for one in chosen)
    return ()


def _rounded(argument: Node, node: Call, numbers: Numbers) -> Rounded:
    found = numbers[id(argument)][0]
    twin = next((one for one in node.arguments if one is not argument and numbers[id(one)][0] == found), None)
    return Rounded(argument, found, twin)


def _question(cause: Cause, node: Call, problem: Problem) -> Callable[[Mapping[int, Node]], bool] | None:
    """Does a node come out right with these of its arguments as they are given? None where it decides nothing."""

    def result(given: Mapping[int, Node]) -> Call:
        return Call(node.function, tuple(given.get(id(one), one) for one in node.arguments))

    if cause.stage is Stage.BACKWARD:
        kink = CATALOGUE[node.function].kink if node.function in CATALOGUE else None
        return None if kink is None or cause.argument is None else lambda given: not _tied(result(given), problem)
    if node.function in COMPARED:
        true = fraction(cause.true)
        return lambda given: fraction(_value(_as_number(result(given)), problem)) == true
    if node.function in STEPS or node.function in SUMS:
        return lambda given: _is_right(_value(result(given), problem), cause, problem)
    return None


def _is_right(found: Real | None, cause: Cause, problem: Problem) -> bool:
    true = cause.true
    if found is None or true is None:
        return False
    return lost_bits(true, found.nearest(problem.format), problem.format) <= bad_bits(problem.format)


def _tied(node: Call, problem: Problem) -> bool:
    """Are the arguments of a choice of two the same number?"""
    values = [fraction(_value(one, problem)) for one in node.arguments]
    return len(values) == 2 and values[0] == values[1]


def _as_number(condition: Node) -> Node:
    return Call("where", (condition, number(1), number(0)))


def _is_condition(node: Node) -> bool:
    return isinstance(node, Call) and node.function in COMPARED


def _value(node: Node, problem: Problem) -> Real | None:
    return ask.value(node, problem.numbers)


def _differs(true: Real | None, found: float) -> bool:
    exact = fraction(true)
    return exact is not None and exact != Fraction(found)
