"""Many points in short: `x=0:1:0.1` is every number from 0 to 1 in steps of 0.1; of several, every combination."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from gradcalc.base.errors import LimitError, PointError, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.calculus.simplify import rational
from gradcalc.inputs.point import read_point
from gradcalc.problem.problem import DEFAULT_DTYPE

MOST_POINTS = 10_000
PART = re.compile(r"(?:[^,\[\](){}]|\[[^\]]*\]|\([^)]*\)|\{[^}]*\})+")  # of a point, between commas
SWEPT = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=\s*(?P<ends>[^:?\[\]@]+(?::[^:?\[\]@]+){1,2})\s*")
TOO_MANY = "write the points to a file: gradcalc map has no such limit"


def points_of(at: Sequence[str] | None, limits: Limits) -> list[list[str]] | None:
    """The points that `--at` stands for, each as `--at` gives one; None where it gives one itself.

    Raises PointError at a range that makes no sense, LimitError where there are too many.
    """
    parts = [part for text in at or () for part in PART.findall(text) if part.strip()]
    swept = {part: found for part in parts if (found := SWEPT.fullmatch(part)) is not None}
    if not swept:
        return None
    values = [list(_values(part, swept[part], limits)) if part in swept else [part] for part in parts]
    require_few(math.prod(map(len, values)))
    return [list(point) for point in itertools.product(*values)]


def require_few(count: int) -> None:
    """Raises LimitError where there are more points than are worked out one by one."""
    if count > MOST_POINTS:
        raise LimitError(f"there are more than {MOST_POINTS:,} points", hint=f"no option raises this limit: {TOO_MANY}")


def _values(source: str, found: re.Match[str], limits: Limits) -> Iterator[str]:
    """The numbers of a range, as `--at` gives each; exactly as written, the second end too where a step meets it."""
    ends = found["ends"].split(":")
    if len(ends) < 3:
        span = Span(found.start("ends"), found.end("ends"))
        raise PointError("a range without a step", span=span, source=source, hint=f"write {found['name']}=0:1:0.1")
    begin, end, step = (_number(text, limits) for text in ends)
    if step == 0 or (end - begin) / step < 0:
        span = Span(found.start("ends"), found.end("ends"))
        raise PointError("the step does not lead from the first number to the second", span=span, source=source)
    count = int((end - begin) / step) + 1
    require_few(count)
    return (f"{found['name']}={begin + place * step}" for place in range(count))


def _number(text: str, limits: Limits) -> Fraction:
    """A constant expression as the number that it is, where it is rational, else as the nearest float."""
    point = read_point(text, limits)
    value = point.values(["x"], (), FORMATS[DEFAULT_DTYPE])["x"]
    if not isinstance(value, float):
        raise PointError(f"`{shortened(text)}` is no number")
    exact = rational(point.exact(["x"])["x"][0])
    return Fraction(value) if exact is None else exact
