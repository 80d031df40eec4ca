"""The formulas of operations that work element by element."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any

from gradcalc.answers.audit.paper.averages import averaged
from gradcalc.answers.audit.paper.bound import Bound, Writing
from gradcalc.answers.audit.paper.joining import elementwise, over, plus, times
from gradcalc.answers.audit.paper.number import Factor, Unwritten
from gradcalc.answers.audit.paper.piece import Operand, Piece, axes_of
from gradcalc.answers.audit.paper.reading import operand
from gradcalc.answers.audit.paper.rows import ELEMENTS, SAME

Row = Callable[[Writing, Bound], Piece]
SMALL = 1e-4  # a number that is added to keep another one from 0, and has a name on paper
GUARD = 1e-6  # a bound that keeps a number from 0, and is on no paper where it is not met


def by(template: str) -> Row:
    """A row that is a template of the operation's arguments."""
    names = list(dict.fromkeys(name for _, name, _, _ in Formatter().parse(template) if name))
    numbered = template.format(**{name: f"{{{place}}}" for place, name in enumerate(names)})

    def row(writer: Writing, given: Bound) -> Piece:
        return elementwise(numbered, [writer.operand(given.get(name)) for name in names])

    return row


def _gelu(writer: Writing, given: Bound) -> Piece:
    """With the error function, or by tanh."""
    name = "gelu" if given.get("approximate") == "none" else "gelu_tanh"
    return by(f"{name}({{self}})")(writer, given)


def _softplus(writer: Writing, given: Bound) -> Piece:
    """softplus(beta*x)/beta."""
    one, beta = writer.operand(given.get("self")), Factor(float(given.get("beta")))
    inner = replace(one, piece=replace(one.piece, times=one.piece.times * beta))
    return replace(elementwise("softplus({0})", [inner]), times=Factor() / beta)


def _randomly_leaky(writer: Writing, given: Bound) -> Piece:
    """Where it is not trained the slope is in the middle."""
    slope = (float(given.get("lower")) + float(given.get("upper"))) / 2
    if given.get("training"):
        raise Unwritten
    return elementwise("leaky_relu({0}, {1})", [writer.operand(given.get("self")), writer.operand(slope)])


def _gated(writer: Writing, given: Bound) -> Piece:
    """The first half times the sigmoid of the second one."""
    one, place = writer.operand(given.get("self")), given.get("dim") % given.get("self").tensor.dim()
    place -= given.get("self").tensor.dim()
    if place not in one.places:
        raise Unwritten
    axis = one.places.index(place)
    half, before = one.piece.sizes[axis] // 2, ":, " * axis
    sizes = tuple(half if one == axis else size for one, size in enumerate(one.piece.sizes))
    parts = [
        replace(one, piece=Piece(f"{one.piece.said}[{before}{first}:{first + half - 1}]", sizes, batch=one.piece.batch))
        for first in (1, half + 1)
    ]
    gate = replace(parts[1], piece=elementwise("sigmoid({0})", parts[1:]))
    return times(parts[0], gate)


def counted(writer: Writing, value: Any) -> Operand:
    """An operand that numbers are made with: a condition counts as 1 or 0."""
    one = writer.operand(value)
    if not hasattr(value, "tensor") or str(value.tensor.dtype) != "torch.bool" or one.piece.number:
        return one
    if not writer.tape.varies(value.read):  # a constant, and numbers as it is
        return replace(one, piece=replace(one.piece, text=one.piece.text.removeprefix("(").removesuffix(" > 0)")))
    return replace(one, piece=elementwise("where({0}, 1, 0)", [one]))


def _same(writer: Writing, given: Bound) -> Piece:
    return writer.operand(given.get("self")).piece


def _negated(writer: Writing, given: Bound) -> Piece:
    return writer.operand(given.get("self")).piece.negated


def _added(writer: Writing, given: Bound) -> Piece:
    sign = 1 if given.name == "add" else -1
    if given.name == "add" and (hidden := hiding(writer, given.get("other"))) is not None:
        return hide(writer.operand(given.get("self")), hidden)
    one, other = counted(writer, given.get("self")), counted(writer, given.get("other"))
    if given.name == "rsub":
        one, other = other, one
    factor = float(given.get("alpha", 1))
    if other.piece.number and 0 < abs(other.piece.times.value) <= SMALL and not one.piece.number:
        return plus(one, writer.scalar("eps", other.piece.times.value * factor), sign)
    if given.name == "add" and other.piece.number and factor == 1 and _is_first(given, other.piece.said):
        return plus(other, one)
    scaled = replace(other, piece=replace(other.piece, times=other.piece.times * Factor(factor)))
    return plus(one, other if factor == 1 else scaled, sign)


def _is_first(given: Bound, number: str) -> bool:
    """Does a sum begin with its number in the user's source? torch has it last."""
    place = given.step.place
    return place is not None and place.whole.lstrip("( ").startswith(number)


def _multiplied(writer: Writing, given: Bound) -> Piece:
    one, other = counted(writer, given.get("self")), counted(writer, given.get("other"))
    if writer.above is not None and given.step is writer.above[1]:
        writer.array = one.piece.said
    if (one.piece.over or other.piece.over) and not (one.piece.number or other.piece.number):
        raise Unwritten
    return times(one, other)


def _divided(writer: Writing, given: Bound) -> Piece:
    one, other = writer.operand(given.get("self")), writer.operand(given.get("other"))
    if other.piece.number and (found := averaged(one.piece, other.piece.times.value, given)) is not None:
        return found
    return over(one, other)


def _added_product(writer: Writing, given: Bound) -> Piece:
    """`x + c*a*b`, and `x + c*a/b`."""
    whole, one, other = (writer.operand(given.get(name)) for name in ("self", "tensor1", "tensor2"))
    made = times(one, other) if given.name == "addcmul" else over(one, other)
    scaled = replace(made, times=made.times * Factor(float(given.get("value", 1))))
    return plus(whole, Operand(scaled, max(one.places, other.places, key=len), max(one.apart, other.apart, key=len)))


def _reciprocal(writer: Writing, given: Bound) -> Piece:
    return over(writer.operand(1), writer.operand(given.get("self")))


def _raised(writer: Writing, given: Bound) -> Piece:
    power = given.get("exponent")
    if power == 1:
        return _same(writer, given)
    if isinstance(power, int | float) and power in (0.5, -0.5, -1):
        one = writer.operand(given.get("self"))
        root = one if power == -1 else Operand(elementwise("sqrt({0})", [one]), one.places, one.apart)
        return root.piece if power > 0 else over(writer.operand(1), root)
    return by(ELEMENTS["pow"])(writer, given)


def _over_root(writer: Writing, given: Bound) -> Piece:
    one = writer.operand(given.get("self"))
    return over(writer.operand(1), Operand(elementwise("sqrt({0})", [one]), one.places, one.apart))


def _chosen(writer: Writing, given: Bound) -> Piece:
    """`where`; what is no number and is never chosen, as by logdet where a sign is wrong, is left out."""
    condition, branches = given.get("condition"), [given.get("self"), given.get("other")]
    taken = {bool(one) for one in writer.numbers(condition)}
    for branch, mine in zip(branches, (True, False), strict=True):
        constant = hasattr(branch, "read") and not writer.tape.varies(branch.read)
        if constant and taken == {not mine} and not all(map(math.isfinite, writer.numbers(branch))):
            return writer.operand(branches[mine]).piece
    return by(ELEMENTS["where"])(writer, given)


def _logged(writer: Writing, given: Bound) -> Piece:
    """`x*log(y)`, which remembers its factors."""
    one, other = writer.operand(given.get("self")), writer.operand(given.get("other"))
    return times(one, Operand(elementwise("log({0})", [other]), other.places, other.apart))


def _clamped(writer: Writing, given: Bound) -> Piece:
    one, low, high = writer.operand(given.get("self")), given.get("min"), given.get("max")
    if low is not None and not (high is None and _is_guard(writer, given, low)):
        one = Operand(elementwise("max({0}, {1})", [one, writer.operand(low)]), one.places, one.apart)
    if high is not None:
        one = Operand(elementwise("min({0}, {1})", [one, writer.operand(high)]), one.places, one.apart)
    return one.piece


def _is_guard(writer: Writing, given: Bound, low: Any) -> bool:
    """Is it a bound that keeps a number from 0, and is not met here?"""
    bound = writer.operand(low).piece
    if not bound.number or not 0 < bound.times.value <= GUARD:
        return False
    if any(one <= bound.times.value for one in writer.numbers(given.get("self"))):
        return False
    writer.remarks.append(f"what is kept above {bound.times.value:g} is larger here, and is written without that bound")
    return True


def _masked(writer: Writing, given: Bound) -> Piece:
    one, mask = writer.operand(given.get("self")), given.get("mask")
    if not any(writer.numbers(mask)):
        return one.piece
    hidden, value = writer.operand(mask), given.get("value")
    if value == -math.inf and {*hidden.places} <= {*one.places} and not hidden.piece.number:
        return hide(one, hidden)
    return elementwise("where({0}, {1}, {2})", [hidden, writer.operand(value), one])


def hide(one: Operand, hidden: Operand) -> Piece:
    """A formula that is minus infinity where another one is true. Raises Unwritten."""
    if not {*hidden.places} <= {*one.places} or hidden.piece.number or hidden.piece.batch:
        raise Unwritten
    if len(hidden.places) < len(one.places) and hidden.places != one.places[1:]:
        raise Unwritten
    return replace(one.piece.plainly(one.piece.times), masked=hidden.piece.said)


def hiding(writer: Writing, value: Any) -> Operand | None:
    """Where a constant tensor of zeros is minus infinity, if it is such a one."""
    if not hasattr(value, "read") or writer.tape.varies(value.read):
        return None
    numbers = [float(one) for one in value.tensor.reshape(-1).tolist()]
    if {*numbers} != {0.0, -math.inf}:
        return None
    shape = tuple(value.tensor.shape)
    piece = writer.constant("mask", [float(one != 0) for one in numbers], axes_of(shape))
    return operand(replace(piece, text=f"({piece.text} > 0)"), None, shape)


ROWS: Mapping[str, Row] = {
    **{name: by(template) for name, template in ELEMENTS.items()},
    **dict.fromkeys(SAME, _same),
    **dict.fromkeys(("add", "sub", "rsub"), _added),
    **dict.fromkeys(("clamp", "clamp_min", "clamp_max"), _clamped),
    "gelu": _gelu, "softplus": _softplus, "rrelu_with_noise": _randomly_leaky, "glu": _gated,
    "neg": _negated, "mul": _multiplied, "div": _divided, "reciprocal": _reciprocal, "pow": _raised, "xlogy": _logged,
    **dict.fromkeys(("addcmul", "addcdiv"), _added_product),
    "masked_fill": _masked, "rsqrt": _over_root, "where": _chosen,
}  # fmt: skip
