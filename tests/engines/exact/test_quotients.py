"""What is claimed of derivatives is judged by the function's own values, and only where these tell."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gradcalc.answers.trials.claims import claim
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.quotients import tried
from gradcalc.engines.records import Trial
from gradcalc.problem.resolve import read

CLAIMS = [  # function, names to derive by in turn, entries, point, what the values say
    ("x**3", ["x"], ["3*x**2"], {"x": 2.0}, Trial.HOLDS),
    ("x**3", ["x"], ["3*x**2 + 1e-20"], {"x": 2.0}, Trial.FAILS),
    ("x**3", ["x"], ["3*x**2 + 1e-40"], {"x": 2.0}, Trial.HOLDS),  # as good as any formula is known
    ("x**3", ["x"], ["-3*x**2"], {"x": 2.0}, Trial.FAILS),
    ("x**3", ["x"], ["1/(x - 2)"], {"x": 2.0}, Trial.VALUELESS),
    ("5", ["x"], ["0"], {"x": 2.0}, Trial.HOLDS),
    ("5", ["x"], ["1"], {"x": 2.0}, Trial.FAILS),
    ("x*y", ["xy"], ["y", "x"], {"x": 2.0, "y": 3.0}, Trial.HOLDS),
    ("x*y", ["xy"], ["x", "y"], {"x": 2.0, "y": 3.0}, Trial.FAILS),
    ("x - y", ["xy"], ["2", "-2"], {"x": 2.0, "y": 3.0}, Trial.FAILS),
    # steep within the first steps
    ("sqrt(x**2 + 1e-400)", ["x", "x"], ["1e-400/(x**2 + 1e-400)**(3/2)"], {"x": 0.0}, Trial.HOLDS),
    ("sqrt(x**2 + 1e-400)", ["x", "x"], ["-1e-400/(x**2 + 1e-400)**(3/2)"], {"x": 0.0}, Trial.OPEN),
    # of higher orders
    ("x**5", ["x", "x"], ["20*x**3"], {"x": 2.0}, Trial.HOLDS),
    ("x**5", ["x", "x", "x"], ["-60*x**2"], {"x": 2.0}, Trial.FAILS),
    ("sin(x*y)", ["x", "y"], ["cos(x*y) - x*y*sin(x*y)"], {"x": 2.0, "y": 3.0}, Trial.HOLDS),
    ("sin(x*y)", ["x", "y"], ["cos(x*y) + x*y*sin(x*y)"], {"x": 2.0, "y": 3.0}, Trial.FAILS),
    ("x**2*y", ["xy", "xy"], ["2*y", "2*x", "2*x", "0"], {"x": 2.0, "y": 3.0}, Trial.HOLDS),
    ("x**2*y", ["xy", "xy"], ["2*y", "0", "4*x", "0"], {"x": 2.0, "y": 3.0}, Trial.FAILS),  # its mean is symmetric
    # where the values tell nothing
    ("log(x)", ["x"], ["1/x"], {"x": -1.0}, Trial.OUTSIDE),
    ("sqrt(x)", ["x"], ["7"], {"x": 0.0}, Trial.OUTSIDE),
    ("abs(x)", ["x"], ["1"], {"x": 0.0}, Trial.OPEN),
    ("cbrt(x)", ["x"], ["1"], {"x": 0.0}, Trial.OPEN),
    ("abs(x - 1 - 1e-300)", ["x"], ["-1"], {"x": 1.0}, Trial.OPEN),  # the corner lies within every step
    # nothing changes, but for rounding
    ("sin(x)**2 + cos(x)**2", ["x"], ["0"], {"x": 2.0}, Trial.HOLDS),
    ("sin(x)**2 + cos(x)**2", ["x"], ["1"], {"x": 2.0}, Trial.FAILS),
    # far from ordinary numbers
    ("exp(1e9*x)", ["x"], ["1e9*exp(1e9*x)"], {"x": 2.0}, Trial.HOLDS),
    ("exp(1e9*x)", ["x"], ["x"], {"x": 2.0}, Trial.FAILS),
    ("exp(-1e9*x)", ["x"], ["-1e9*exp(-1e9*x)"], {"x": 2.0}, Trial.HOLDS),
    ("exp(-1e9*x)", ["x"], ["1e9*exp(-1e9*x)"], {"x": 2.0}, Trial.FAILS),
    ("sqrt(x*x)", ["x"], ["1"], {"x": 1e-200}, Trial.HOLDS),
    ("sqrt(x*x)", ["x"], ["-1"], {"x": 1e-200}, Trial.FAILS),
    ("sin(1e30*x)", ["x"], ["1e30*cos(1e30*x)"], {"x": 2.0}, Trial.HOLDS),
    ("sin(1e100*x)", ["x"], ["1"], {"x": 2.0}, Trial.FAILS),  # the finer step is short enough
]  # fmt: skip


@pytest.mark.parametrize(("function", "by", "entries", "point", "trial"), CLAIMS)
def test_a_claim_is_judged_by_values(
    function: str, by: list[str], entries: list[str], point: Mapping[str, float], trial: Trial
) -> None:
    trees = [read(entry, Limits()).root for entry in entries]
    assert tried(claim([read(function, Limits()).root], by, trees), point) is trial


ROWS = [
    (["2*x", "y", "0", "1"], Trial.HOLDS),
    (["2*x", "y", "1", "0"], Trial.FAILS),
    (["2*x", "0", "0", "1"], Trial.FAILS),
]


@pytest.mark.parametrize(("entries", "trial"), ROWS)
def test_every_function_is_looked_at(entries: list[str], trial: Trial) -> None:
    functions = [read(text, Limits()).root for text in ("x**2 + y**2/2", "y")]
    trees = [read(entry, Limits()).root for entry in entries]
    assert tried(claim(functions, ["xy"], trees), {"x": 2.0, "y": 3.0}) is trial


def test_a_name_that_stands_twice_counts_once() -> None:
    function = read("a*c - b*b", Limits()).root
    entries = [read(text, Limits()).root for text in ("c", "-2*b", "7", "a")]
    assert tried(claim([function], [["a", "b", "b", "c"]], entries), {"a": 2.0, "b": 3.0, "c": 5.0}) is Trial.HOLDS
