"""The closed form of a place at which equations are 0: found by SymPy, and proven."""

from __future__ import annotations

from collections.abc import Sequence

from gradcalc.base.limits import current
from gradcalc.engines import ask
from gradcalc.engines.exact.ball import working
from gradcalc.engines.exact.interval import Interval
from gradcalc.engines.exact.zeros import FINE_BITS, value_sign, values_over
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node, substitute

Place = dict[str, Node]


def proven_forms(equations: Sequence[Node], names: Sequence[str]) -> list[Place]:
    """Places in closed form at which all equations are proven to be 0."""
    limits = current()
    found = [
        {name: read(text, limits, ()).root for name, text in place.items()} for place in ask.roots(equations, names)
    ]
    return [place for place in found if all(value_sign(substitute(one, place)) == 0 for one in equations)]


def form_in(places: Sequence[Place], box: dict[str, Interval]) -> Place | None:
    """The place in closed form that lies in a narrow box; None where none does."""
    with working(FINE_BITS):
        for place in places:
            found = {name: values_over(node, {}) for name, node in place.items()}
            if all(one is not None and one.meet(box[name]) is not None for name, one in found.items()):
                return place
    return None
