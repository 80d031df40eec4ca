"""What is kept for the next time: as much as there is room for, and nothing that went wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradcalc import api
from gradcalc.base.limits import Limits
from gradcalc.base.memory import Memory
from gradcalc.engines import ask
from gradcalc.problem.resolve import read


def counted() -> tuple[list[str], Callable[[str], Callable[[], str]]]:
    """A list of what was made, and a maker of results that writes into it."""
    made: list[str] = []

    def maker(name: str) -> Callable[[], str]:
        def make() -> str:
            made.append(name)
            return name.upper()

        return make

    return made, maker


def test_a_result_is_made_once() -> None:
    made, maker = counted()
    memory = Memory[str](2)
    assert [memory.recall("a", maker("a")), memory.recall("a", maker("a"))] == ["A", "A"]
    assert made == ["a"]


def test_the_one_not_asked_for_the_longest_is_forgotten() -> None:
    made, maker = counted()
    memory = Memory[str](2)
    memory.recall("a", maker("a"))
    memory.recall("b", maker("b"))
    memory.recall("a", maker("a"))
    memory.recall("c", maker("c"))
    memory.recall("a", maker("a"))
    memory.recall("b", maker("b"))
    assert made == ["a", "b", "c", "b"]


def test_an_error_is_not_kept() -> None:
    _, maker = counted()
    memory = Memory[str](2)

    def fail() -> str:
        raise ValueError

    with pytest.raises(ValueError):
        memory.recall("a", fail)
    assert memory.recall("a", maker("a")) == "A"


def test_an_expression_is_read_once() -> None:
    assert read("x + y*17", Limits(), ("x",)) is read("x + y*17", Limits(), ("x",))


def test_e_is_read_anew_where_it_is_a_variable() -> None:
    assert read("e*x*17", Limits()).variables == ("x",)
    assert read("e*x*17", Limits(), ("e",)).variables == ("e", "x")


def test_other_limits_are_not_overlooked() -> None:
    assert read("x + y + z*17", Limits()).variables == ("x", "y", "z")
    with pytest.raises(Exception, match="over the limit of 2 characters"):
        read("x + y + z*17", Limits(characters=2))


def test_a_closed_form_is_found_once_for_all_points(monkeypatch: pytest.MonkeyPatch) -> None:
    first = api.diff("sin(x*17)", at=1)
    monkeypatch.setattr(ask, "closed_forms", None)
    second = api.diff("sin(x*17)", at=2)
    assert second.gradient["x"].formula == first.gradient["x"].formula == "17*cos(x*17)"


def test_another_order_is_another_closed_form() -> None:
    assert api.diff("x**3*17", order=1).gradient["x"].formula == "51*x**2"
    assert api.diff("x**3*17", order=2).gradient["x"].formula == "102*x"


def test_another_choice_of_variables_is_another_closed_form() -> None:
    assert list(api.diff("x*y*17", wrt="y").gradient) == ["y"]
    assert list(api.diff("x*y*17", wrt="x").gradient) == ["x"]
