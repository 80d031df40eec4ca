"""Numbers of hundreds of digits, nearly all of which are zeros or nines, as sums of short ones: `1 - 1e-300`."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import reduce

from gradcalc.syntax.tree import Call, Node, is_decimal, number

LONG = 200  # bits of a number that is looked into
SHORT = 20  # digits of each term
GAP = 12  # zeros or nines in a row between two terms
MOST = 6  # terms
RUN = re.compile(f"0{{{GAP},}}|9{{{GAP},}}")


def short(value: Fraction) -> Node | None:
    """The tree of a positive number as a sum of short terms, the largest first; None of one that is none, or short."""
    if value.numerator.bit_length() <= LONG or not is_decimal(value):
        return None
    places = max(len(str(value.denominator)) * 4, 1)  # 1/2**n has n decimals, and less than 4 n digits below the line
    terms = _terms(value.numerator * (10**places // value.denominator))
    if terms is None or len(terms) == 1:
        return None
    sizes = [Fraction(term, 10**places) for term in terms]
    return reduce(_joined, sizes[1:], number(sizes[0]))


def _joined(total: Node, term: Fraction) -> Node:
    return Call("sub" if term < 0 else "add", (total, number(abs(term))))


def _terms(value: int) -> list[int] | None:
    """The terms of an integer; None where they are too many or too long."""
    found: list[int] = []
    while value and len(found) < MOST:
        digits = str(abs(value))
        gap = RUN.search(digits)
        start = len(digits) if gap is None else gap.start()
        if start > SHORT:
            return None
        leading = int(digits[:start] or 0) + (gap is not None and gap.group().startswith("9"))
        term = leading * 10 ** (len(digits) - start) * (1 if value > 0 else -1)
        found.append(term)
        value -= term
    return None if value else found
