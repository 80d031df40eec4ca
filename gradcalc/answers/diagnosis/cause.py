"""Where and how digits went: a part of a computation, with the true number and torch's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from gradcalc.answers.verdicts import Reason
from gradcalc.base.floating import Format
from gradcalc.base.real import Real
from gradcalc.syntax.tree import Call, Node

MOST_BITS = 12  # lost beyond rounding, before a number counts as wrong; fewer where the tolerance is tight
ALL_LOST = math.inf
SUMS = frozenset({"add", "sub"})
Numbers = Mapping[
    int, tuple[float, float | None]
]  # torch's value of each node, by id, and the gradient that came to it


class Stage(StrEnum):
    """Which way the graph was walked when the number went wrong."""

    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class Rounded:
    """An argument that torch has rounded to `found`, which is what it has for its `twin` as well."""

    node: Node
    found: float
    twin: Node | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Where and how the digits went.

    `node` is the call, `true` what it should have given and `autograd` what torch has: its value, or on the way back
    the gradient that it passes on to `argument`; without an argument what flows together at the node, terms of a
    `size`. `lost_digits` are decimal digits, all of them where infinite; `condition` is by how much a sum magnifies
    relative errors. `others` are to blame too.
    """

    node: Node
    stage: Stage
    kind: Reason
    true: Real | None
    autograd: float
    lost_digits: float
    condition: float | None = None
    argument: Node | None = None
    taken: bool = True
    size: Real | None = None
    healthy: bool = True  # every value is right, up to rounding
    magnified: bool = False  # the operation did well with the rounded arguments that it got
    magnifier: Cause | None = None  # the first value to be wrong of those above the node, whose own is but rounded
    decided: tuple[Rounded, ...] = ()  # the arguments whose rounding made a comparison or a step come out so
    absorbed: tuple[Node, Node] | None = None  # a sum below the node that came out as one term, and its other term
    order: int = 1  # of torch's own derivative of the call, where that is what is wrong
    others: tuple[Cause, ...] = ()


def bad_bits(form: Format) -> float:
    """How many bits a number lacks before it counts as wrong: fewer than make a result disagree."""
    return min(MOST_BITS, math.log2(form.rtol / form.epsilon) - 1)


def lost_bits(true: Real | None, found: float, form: Format) -> float:
    """How many of the format's bits a number lacks: 0 where it is right but for rounding, infinite without a number.

    One that is too small to have all its bits lacks those that it has not, though none is nearer.
    """
    if true is None:
        return 0.0
    nearest = true.nearest(form)
    small = true.mantissa != 0 and abs(nearest) < form.smallest_normal
    if found == nearest and not (small and nearest):
        return ALL_LOST if math.isinf(nearest) or small else 0.0
    distance = true.distance(found)
    if found == 0 or distance is None or math.isinf(nearest):
        return ALL_LOST
    scale = abs(true.fraction() or Fraction(0))
    ratio = distance / (scale * Fraction(form.epsilon) or Fraction(form.ulp(0.0)))
    return 0.0 if ratio <= 1 else min(math.log2(ratio.numerator) - math.log2(ratio.denominator), 2.0 * form.precision)


def digits_of(bits: float, form: Format) -> float:
    """Bits as decimal digits; infinite where none is left."""
    return math.inf if bits >= form.precision else round(bits * math.log10(2), 1)


def kind_of(node: Node, true: Real | None, found: float, form: Format) -> Reason:
    """What happened to a number."""
    if true is not None and not true.infinite and true.mantissa:
        exponent = true.exponent + abs(true.mantissa).bit_length() - 1
        if exponent > form.greatest:
            return Reason.OVERFLOW
        if exponent < form.least:
            return Reason.UNDERFLOW
    return Reason.NAN if math.isnan(found) else rounding_of(node)


def rounding_of(node: Node) -> Reason:
    """What happened to a number that digits alone have spoilt, as no bound on the exponent did."""
    return Reason.CANCELLATION if isinstance(node, Call) and node.function in SUMS else Reason.PRECISION
