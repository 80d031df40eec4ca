"""Trees as a straight line: nothing is done twice, buffers are used again, and the order keeps them few."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from gradcalc.base.limits import Limits
from gradcalc.calculus.straight_line import StraightLine, straight_line
from gradcalc.inputs.pose import pose


def line(*texts: str, inputs: Sequence[str] = "xyz") -> StraightLine:
    """The straight line of several expressions."""
    return straight_line([pose(text, Limits()).root for text in texts], list(inputs), {"lt"})


def functions(found: StraightLine) -> list[str]:
    """What its steps do."""
    return [step.call.function for step in found.steps]


STEPS = [
    (["sin(x) + sin(x)"], ["sin", "add"]),
    (["x*y", "y*x + z"], ["mul", "add"]),
    (["x - y", "y - x"], ["sub", "sub"]),
    (["x*(2 + 3)"], ["mul"]),
    (["exp(x)", "exp(x)"], ["exp"]),
    (["x"], []),
    (["2"], []),
]


@pytest.mark.parametrize(("texts", "wanted"), STEPS)
def test_equal_parts_are_one_step(texts: list[str], wanted: list[str]) -> None:
    assert functions(line(*texts)) == wanted


COPIED = [
    (["x"], ((3, 0),)),
    (["exp(x)", "exp(x)"], ((4, 3),)),
    (["pi"], ((4, 3),)),
]


@pytest.mark.parametrize(("texts", "pairs"), COPIED)
def test_a_root_that_is_there_already_is_copied(texts: list[str], pairs: tuple[tuple[int, int], ...]) -> None:
    assert line(*texts).copied == pairs


def test_a_chain_needs_one_buffer() -> None:
    assert line("sin(cos(exp(sin(cos(exp(x))))))").buffers == (False,)


def test_conditions_have_buffers_of_their_own() -> None:
    assert line("where(sin(x) < y, x, y)").buffers == (False, True)


def test_a_buffer_is_not_written_to_while_it_is_read_later() -> None:
    found = line("sin(x)*cos(sin(x)) + exp(sin(x))")
    held: dict[int, object] = {}
    for step in found.steps:
        for child, place in zip(step.call.arguments, step.arguments, strict=True):
            assert place not in held or held[place] is child
        held[step.result] = step.call


def test_terms_are_done_one_after_the_other() -> None:
    names = [f"x{number}" for number in range(1, 31)]
    chain = " + ".join(f"({after} - {one}**2)**2" for one, after in itertools.pairwise(names))
    assert len(line(chain, *(f"sin({name})*{name}" for name in names), inputs=names).buffers) < 8
