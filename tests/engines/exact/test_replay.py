"""Computations in floating point done again: as torch does them, and with parts of them exact."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from gradcalc.base.floating import FORMATS
from gradcalc.engines import ask
from gradcalc.engines.records import Kind, Part
from gradcalc.inputs.question import asked

NATIVE = ask.own_functions()
FEW = 4  # units in the last place: torch multiplies in another order
SAME = [  # expression, point: arithmetic that torch rounds correctly
    ("x*y + x/y - sqrt(x)", "x=1.3,y=0.7"),
    ("(x - y)*(x + y)/(x*x + y*y)", "x=1.3,y=-0.7"),
    ("x**2*y - 1/(x + y)", "x=0.1,y=0.2"),
    ("where(x > y, x*y, x/y)*y", "x=2.5,y=1.7"),
    ("sqrt(x*x + 0.1) - abs(y - 3)", "x=1e-3,y=1"),
    ("(x + 1) - x + y*0", "x=1e4,y=1"),
]


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize(("source", "at"), SAME)
def test_where_nothing_is_exact_it_is_what_torch_computes(source: str, at: str, dtype: str) -> None:
    problem = asked(source, at=at, dtype=dtype).problem
    autograd = ask.autograd(problem)
    value = ask.replay(dataclasses.replace(problem, wrt=()), NATIVE).run()
    assert value is not None
    assert value.nearest(problem.format) == autograd.value
    for name in problem.wrt:
        slope = ask.replay(dataclasses.replace(problem, wrt=(name,)), NATIVE).run()
        assert slope is not None
        true = slope.nearest(problem.format)
        assert abs(Fraction(true) - Fraction(autograd.number(name))) <= FEW * problem.format.ulp(true)


PARTS = [  # expression, point, what is exact, and the derivative's first digits then
    ("tanh(x)", "20", None, "0"),
    ("tanh(x)", "20", Part(Kind.LOCAL, 1), "1.699341702116635"),
    ("sin(x/2)/x", "1e-9", None, "0"),
    ("sin(x/2)/x", "1e-9", Part(Kind.FLOW, 0), "-4.16666666666666"),
    ("exp(x)/exp(x)*x", "1000", None, "1.000000000000"),
    ("log(1 + exp(x))", "1000", None, "1.000000000000"),
    ("log(1 - sigmoid(x))", "40", None, None),
    ("log(1 - sigmoid(x))", "40", Part(Kind.VALUE, 2), "-1.0000"),
]


@pytest.mark.parametrize(("source", "at", "exact", "digits"), PARTS)
def test_a_part_may_be_exact(source: str, at: str, exact: Part | None, digits: str | None) -> None:
    replay = ask.replay(asked(source, at=at).problem, NATIVE)
    found = replay.run(() if exact is None else (exact,))
    assert (found is None) == (digits is None)
    assert digits is None or (found is not None and found.text.startswith(digits))


def test_parts_come_in_the_order_of_evaluation_and_equal_ones_once() -> None:
    replay = ask.replay(asked("exp(x)*x + exp(x)", at=1).problem, NATIVE)
    groups = [(part.kind, part.group, part.place) for part in replay.parts()]
    assert groups[:3] == [(Kind.VALUE, 1, 0), (Kind.VALUE, 2, 0), (Kind.VALUE, 3, 0)]
    assert groups[-1] == (Kind.FLOW, 0, 0)
    assert len(set(groups)) == len(groups)
