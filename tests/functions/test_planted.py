"""No rule vouches for itself: a wrong sign in any of them leads to no wrong formula and to no unmarked wrong number."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

import gradcalc
from gradcalc.base.errors import InternalError
from gradcalc.calculus.matrix.structure import FORMLESS
from gradcalc.engines.exact.arrays.backward import BACKWARD, Reverse
from gradcalc.engines.exact.arrays.tensor import Tensor
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import FORGOTTEN, NO_GRADIENT, Absent, Function
from gradcalc.syntax.tree import Call
from tests.planted import Plant, plants, unguard, without_components
from tests.quotients import Shown, cases
from tests.shown import COMMANDS, honest, shown, telling

PLANTS = {str(plant): plant for plant in plants()}


def wrong(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Shown]]:
    """What the commands show that is wrong, each with the command's name, with a wrong rule in its place."""
    if isinstance(CATALOGUE[plant.row], ArrayFunction):
        without_components(monkeypatch)
    with monkeypatch.context() as planted:
        plant.put(planted)
        case = telling(plant)
    assert case is not None, "the derivatives by the rules are right with a wrong rule"
    honest(case)
    plant.put(monkeypatch)
    return [(command, one) for command in COMMANDS for one in shown(command, case) if one.is_wrong]


@pytest.mark.parametrize("name", PLANTS)
def test_a_wrong_sign_comes_out_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wrong(PLANTS[name], monkeypatch) == []


UNGUARDED = [  # a wrong rule, and who would show what comes of it if nobody looked
    ("sin-0-vjp", {"check", "check at a point", "diff of vectors", "graph", "steps"}),
    ("mul-1-vjp", {"check", "check at a point", "diff of vectors", "graph"}),
    ("cumsum-0-vjp", {"diff", "diff of whole sizes", "hessian", "check at a point", "steps"}),
    ("kron-0-structure", {"diff", "diff of whole sizes", "hessian", "check at a point"}),
    ("sigmoid-0-textbook", {"diff", "diff of whole sizes", "jacobian", "hessian", "check at a point", "steps"}),
]


@pytest.mark.parametrize(("name", "commands"), UNGUARDED)
def test_unguarded_it_comes_out(name: str, commands: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    unguard(monkeypatch)
    assert {command for command, _ in wrong(PLANTS[name], monkeypatch)} == commands


def test_every_rule_is_planted() -> None:
    assert {plant.row for plant in PLANTS.values()} == {
        row.name for row in CATALOGUE.values() if any(one is not NO_GRADIENT for one in row.vjp)
    } - {*FORMLESS}


@pytest.mark.parametrize("name", sorted(set(FORMLESS) & BACKWARD.keys()))
def test_a_wrong_sign_in_what_flows_back_comes_out_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case, right = cases(name)[0], BACKWARD[name]

    def wrong(engine: Reverse, node: Call, *given: Any) -> Tensor:
        return engine.each(node, engine.function("neg"), [right(engine, node, *given)])

    monkeypatch.setitem(BACKWARD, name, wrong)
    with pytest.raises(InternalError, match="its rules give"):
        gradcalc.diff(case.scalar, at=case.point)


def test_no_row_forgets_a_rule() -> None:
    assert [row.name for row in CATALOGUE.values() if len(row.vjp) != len(row.parameters) or FORGOTTEN in row.vjp] == []


FORGETFUL = [
    (Function("f", ("x", "y"), ("g", "g")), "g"),
    (Function("f", ("x", "y"), ("g", NO_GRADIENT)), None),
]


@pytest.mark.parametrize(("row", "rule"), FORGETFUL)
def test_a_row_says_which_gradient_flows(row: Function, rule: str | None) -> None:
    assert row.rule_to(1) == rule


@pytest.mark.parametrize("rules", [("g",), ("g", FORGOTTEN), ("g", Absent.BLOCKS)])
def test_a_rule_that_is_missing_is_an_error(rules: tuple[str | Absent, ...]) -> None:
    with pytest.raises(InternalError, match="the rule for the gradient that flows to argument 2 of `f` is missing"):
        Function("f", ("x", "y"), rules).rule_to(1)


@pytest.mark.parametrize("at", [{"x": 2.0}, None])
def test_a_forgotten_rule_is_never_a_zero(at: dict[str, float] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOGUE, "sin", dataclasses.replace(CATALOGUE["sin"], vjp=()))
    with pytest.raises(InternalError, match="argument 1 of `sin` is missing: it was forgotten"):
        gradcalc.diff("sum(sin(x)*y)", at=at and {**at, "y": 3.0}, shape=None if at else {"x": ("n",), "y": ("n",)})
