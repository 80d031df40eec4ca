"""The node where a derivative went wrong: torch's graph walked with exact values beside it.

Forward first: the call whose arguments torch has right and whose value it has wrong. Where every value is right, the
gradient that flows back: the call that gets the right gradient and passes a wrong one on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from gradcalc.answers.records import Reason
from gradcalc.base.floating import Format
from gradcalc.base.real import Real, fraction
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, children, dependents, postorder

BAD_BITS = 12  # lost beyond rounding, before a node counts as wrong; fewer where the format has few
KEPT_BITS = 3
ALL_LOST = math.inf
SUMS = frozenset({"add", "sub"})
Numbers = Mapping[int, tuple[float, float | None]]


class Stage(StrEnum):
    """Which way the graph was walked when the number went wrong."""

    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class Cause:
    """Where and how the digits went.

    `node` is the call, `true` what it should have given and `autograd` what torch has: its value, or on the way back
    the gradient that it passes on to `argument`. `lost_digits` are decimal digits, all of them where infinite;
    `condition` is by how much a subtraction magnifies relative errors.
    """

    node: Call
    stage: Stage
    kind: Reason
    true: Real | None
    autograd: float
    lost_digits: float
    condition: float | None = None
    argument: Node | None = None
    taken: bool = True
    magnified: bool = False  # the operation did well with the rounded arguments that it got
    absorbed: tuple[Node, Node] | None = None  # a sum below the node that came out as one term, and its other term
    matters: bool = True  # the result moves with the node, as far as the first order goes


@dataclass(frozen=True, slots=True)
class Truths:
    """The exact value and flow of each node, and whether the result came from it."""

    values: Mapping[int, Real | None]
    flows: Mapping[int, Real | None]
    taken: Mapping[int, bool]


def find(problem: Problem, truths: Truths, numbers: Numbers) -> Cause | None:
    """The cause of a wrong derivative; None where no single node stands out."""
    order = postorder(problem.root)
    causes = list(_forward(order, truths, numbers, problem.format))
    if not causes:
        causes = list(_backward(order, dependents(order, problem.wrt), truths, numbers, problem.format))
    return max(causes, key=lambda cause: (cause.taken, cause.matters, cause.lost_digits), default=None)


def bad_bits(form: Format) -> int:
    """How many bits a number lacks before it counts as wrong."""
    return min(BAD_BITS, form.precision - KEPT_BITS)


def lost_bits(true: Real | None, found: float, form: Format) -> float:
    """How many of the format's bits a number lacks: 0 where it is right but for rounding, infinite without a number."""
    if true is None:
        return 0.0
    nearest = true.nearest(form)
    if found == nearest:
        return ALL_LOST if math.isinf(nearest) or (nearest == 0 and true.mantissa != 0) else 0.0
    distance = true.distance(found)
    if distance is None or math.isinf(nearest):
        return ALL_LOST
    scale = abs(true.fraction() or Fraction(0))
    unit = max(scale * Fraction(form.epsilon), form.ulp(0.0))
    ratio = distance / unit
    return 0.0 if ratio <= 1 else min(math.log2(ratio.numerator) - math.log2(ratio.denominator), 2.0 * form.precision)


def _forward(order: list[Node], truths: Truths, numbers: Numbers, form: Format) -> Iterator[Cause]:
    """The calls whose value is the first to be wrong."""
    calls = [node for node in order if isinstance(node, Call)]
    lost = {id(node): lost_bits(truths.values[id(node)], numbers[id(node)][0], form) for node in calls}
    wrong = {key: bits for key, bits in lost.items() if bits > bad_bits(form)}
    for node in calls:
        if id(node) in wrong and not any(id(child) in wrong for child in children(node)):
            true, found = truths.values[id(node)], numbers[id(node)][0]
            yield Cause(
                node=node,
                stage=Stage.FORWARD,
                kind=_kind(node, true, found, form),
                true=true,
                autograd=found,
                lost_digits=_digits(wrong[id(node)], form),
                condition=_condition(node, truths),
                taken=truths.taken[id(node)],
                matters=(flow := truths.flows.get(id(node))) is None or flow.mantissa != 0,
            )


def _backward(order: list[Node], wanted: set[int], truths: Truths, numbers: Numbers, form: Format) -> Iterator[Cause]:
    """The calls that get a right gradient and pass a wrong one on, towards the `wanted` nodes."""

    def bits(node: Node) -> float:
        """How wrong the gradient is that reached a node; where nothing should reach it, only nan and inf count."""
        found = numbers[id(node)][1]
        if found is None:
            return 0.0
        true = truths.flows.get(id(node))
        if true is None:
            return 0.0 if math.isfinite(found) else ALL_LOST
        return lost_bits(true, found, form)

    for node in order:
        if not isinstance(node, Call) or numbers[id(node)][1] is None or bits(node) > bad_bits(form):
            continue
        for child in node.arguments:
            lost = bits(child) if id(child) in wanted else 0.0
            found = numbers[id(child)][1]
            if lost > bad_bits(form) and found is not None:
                true = truths.flows.get(id(child))
                kind = Reason.NAN if math.isnan(found) else _kind(node, true, found, form)
                yield Cause(
                    node, Stage.BACKWARD, kind, true, found, _digits(lost, form), None, child, truths.taken[id(node)]
                )


def _kind(node: Call, true: Real | None, found: float, form: Format) -> Reason:
    """What happened to the number."""
    if true is not None and not true.infinite and true.mantissa:
        exponent = true.exponent + abs(true.mantissa).bit_length() - 1
        if exponent > form.greatest:
            return Reason.OVERFLOW
        if exponent < form.least:
            return Reason.UNDERFLOW
    if math.isnan(found):
        return Reason.NAN
    return Reason.CANCELLATION if node.function in SUMS else Reason.PRECISION


def _condition(node: Call, truths: Truths) -> float | None:
    """(|a| + |b|) / |a ± b|: by how much a sum magnifies the relative errors of its terms."""
    if node.function not in SUMS:
        return None
    terms = [fraction(truths.values[id(child)]) for child in node.arguments]
    whole = fraction(truths.values[id(node)])
    if not whole or None in terms:
        return None
    return float(min(sum(abs(term) for term in terms if term is not None) / abs(whole), Fraction(10) ** 300))


def _digits(bits: float, form: Format) -> float:
    """Bits as decimal digits; infinite where none is left."""
    return math.inf if bits >= form.precision else round(bits * math.log10(2), 1)
