"""Whose value is it: the variable that a value is for, by its place in a point or as the only one; and the errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradcalc.base.errors import PointError, did_you_mean, shortened
from gradcalc.base.span import Span
from gradcalc.base.words import MOST_NAMES, listed
from gradcalc.inputs.assignment import Assignment
from gradcalc.inputs.unit_vectors import UNITS
from gradcalc.problem.problem import joint

AXES = frozenset("xyz")
DIRECTION = "--direction"


def in_place(known: Sequence[str], one: Assignment, place: int, count: int, option: str) -> str:
    """The variable whose value has a place in a point without names: x before y, whichever comes first in the text."""
    if count == len(known) or (count == UNITS and place < len(known)):
        return in_order(known)[place]
    message = f"the point has {count or place + 1} coordinates, the expression has the variables {listed(known)}"
    product = next((f"`{name}` is one name, for a product write `{text}`" for name, text in joint(known)), None)
    hint = f"write {option} {assigned(known)}" + ("; an array stands in brackets: [1, 2]" if len(known) == 1 else "")
    raise PointError(message, span=Span(0, len(one.source)), source=one.source, hint=product or hint)


def in_order(names: Sequence[str]) -> Sequence[str]:
    """Names in the order in which the coordinates of a point stand."""
    return sorted(names) if AXES.issuperset(names) else names


def only(known: Sequence[str], one: Assignment, option: str) -> str:
    """The variable that a value without a name is for."""
    if len(known) == 1:
        return known[0]
    if not known:
        raise PointError("the expression has no variable to give a value to", span=one.span, source=one.source)
    hint = f"write {option} {assigned(known)}"
    if option == DIRECTION and len(known) == 2:
        angle = one.source[one.span.start : one.span.end]
        hint += f"; at an angle that is ({', '.join(f'{name}({angle})' for name in ('cos', 'sin'))})"
    raise PointError(f"which variable is this for: {listed(known, 'or')}?", span=one.span, source=one.source, hint=hint)


def unknown(name: str, one: Assignment, known: Sequence[str], defined: Iterable[str]) -> PointError:
    shown = shortened(name)
    span, source = (one.span, one.source) if one.name_span is not None else (None, None)  # Python's names stand nowhere
    if name in defined or name == "pi":
        reason = "is a constant" if name == "pi" else "is defined by the expression"
        return PointError(f"`{shown}` {reason}, it takes no value", span=span, source=source)
    hint = did_you_mean(name, known) or (f"its variables are {listed(known)}" if known else "it has no variables")
    return PointError(f"`{shown}` is not a variable of the expression", span=span, source=source, hint=hint)


def assigned(names: Sequence[str]) -> str:
    """How values are given: `x=…,y=…`."""
    return ",".join([f"{shortened(name)}=…" for name in names[:MOST_NAMES]] + ["…"] * (len(names) > MOST_NAMES))
