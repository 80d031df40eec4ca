"""Wrong signs planted in the catalogue, one rule at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from gradcalc.answers import compare
from gradcalc.answers.check import scalars
from gradcalc.answers.gradient import arrays, direction, scalar
from gradcalc.answers.matrices import forms, hessian, jacobian
from gradcalc.answers.steps import arrays as array_steps
from gradcalc.answers.steps import steps
from gradcalc.answers.trials import points
from gradcalc.base.memory import Memory
from gradcalc.calculus.matrix.form import Form
from gradcalc.calculus.matrix.gradient import TEXTBOOK
from gradcalc.calculus.matrix.structure import FORMLESS, STRUCTURAL
from gradcalc.calculus.matrix.sums import negative
from gradcalc.engines.exact import jets, replay, tape
from gradcalc.engines.exact.interval import THROUGHOUT
from gradcalc.engines.exact.rules import AT_ONCE, IDENTICAL, PROVING
from gradcalc.engines.records import ClosedForm
from gradcalc.engines.sympy import closed_form as sympy
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.lessons.graph import link_trials, structure
from gradcalc.syntax.tree import Call, Node

UNSEEN = {("heaviside", 1)}  # nothing flows there but where the function jumps
ZERO = "0 * g"  # minus nothing is nothing: such a rule is made one too large


@dataclass(frozen=True)
class Plant:
    """A wrong rule: of a parameter of a row, in the table that it stands in."""

    row: str
    place: int
    table: str  # `vjp`, `textbook`, `structure`, or the signature that it is for

    def __str__(self) -> str:
        return f"{self.row}-{self.place}-{self.table}"

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the wrong rule in its place, and forget what was found with the right one."""
        monkeypatch.setattr(structure, "LOCALS", Memory[Node](250))
        monkeypatch.setattr(scalar, "FORMS", Memory[dict[str, ClosedForm]](250))
        monkeypatch.setattr(forms, "TRIED", Memory[forms.Tried](250))
        for rules in (AT_ONCE, PROVING, IDENTICAL, THROUGHOUT):
            monkeypatch.setattr(rules, "local", cache(rules._local))
        monkeypatch.setattr(replay, "rounded", cache(replay.rounded.__wrapped__))
        monkeypatch.setattr(jets, "on_series", cache(jets.on_series.__wrapped__))
        monkeypatch.setattr(tape, "_flat", cache(tape._flat.__wrapped__))
        monkeypatch.setattr(sympy, "_by_rules", cache(sympy._by_rules.__wrapped__))
        row = CATALOGUE[self.row]
        if self.table == "structure":
            rule = STRUCTURAL[self.row]
            monkeypatch.setitem(STRUCTURAL, self.row, lambda *given: self._turned(rule, *given))
        elif self.table == "textbook":
            monkeypatch.setitem(TEXTBOOK, self.row, self._wrong(TEXTBOOK[self.row]))
        elif self.table == "vjp":
            monkeypatch.setitem(CATALOGUE, self.row, dataclasses.replace(row, vjp=self._wrong(row.vjp)))
        else:
            assert isinstance(row, ArrayFunction)
            others = {**row.others, self.table: self._wrong(row.others[self.table])}
            monkeypatch.setitem(CATALOGUE, self.row, dataclasses.replace(row, others=others))

    def _turned(self, rule: Callable[..., Form], node: Call, place: int, *given: Any) -> Form:
        found = rule(node, place, *given)
        return negative(found) if place == self.place or self.row == "array" else found

    def _wrong(self, rules: Sequence[Any]) -> tuple[Any, ...]:
        rule = rules[self.place]
        wrong = f"g + ({rule})" if rule == ZERO else f"-({rule})"
        return (*rules[: self.place], wrong, *rules[self.place + 1 :])


def without_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask SymPy for no component of an array: it takes long, and hears nothing of the rules for arrays."""
    for source in (arrays.Components, jacobian.Components, hessian.Partials, direction.Line):
        monkeypatch.setattr(source, "few", 0)


def plants() -> Iterator[Plant]:
    """Every rule of every table."""
    for row in CATALOGUE.values():
        tables = {"vjp": row.vjp, "textbook": TEXTBOOK.get(row.name, ())}
        tables |= dict(row.others) if isinstance(row, ArrayFunction) else {}
        for table, rules in tables.items():
            places = [place for place, text in enumerate(rules) if isinstance(text, str)]
            yield from (Plant(row.name, place, table) for place in places if (row.name, place) not in UNSEEN)
    for name in (one for one in STRUCTURAL if one not in FORMLESS):
        operands = len(CATALOGUE[name].parameters) if name == "kron" else 1
        yield from (Plant(name, place, "structure") for place in range(operands))


def unguard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everything be shown that comes from the rules."""
    monkeypatch.setattr(forms, "holds", lambda *_: True)
    for module in (scalar, jacobian, hessian):
        monkeypatch.setattr(module, "verified", lambda found, *_, **__: dict(found))
    for module in (compare, points, scalars):
        monkeypatch.setattr(module, "confirm", lambda *_: None)
    monkeypatch.setattr(steps, "_try", lambda *_: None)
    monkeypatch.setattr(array_steps, "_is_right", lambda *_: True)
    monkeypatch.setattr(link_trials, "refuted", lambda *_: False)
