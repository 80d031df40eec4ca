"""A function of arrays with a definition is one row of the catalogue, and nothing else anywhere."""

from __future__ import annotations

import dataclasses
import operator
from typing import Any

import mpmath
import pytest

from gradcalc.arrays.unfold import unfolded
from gradcalc.codegen import torch as code_torch
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE, ArrayFunction
from gradcalc.functions.function import NO_GRADIENT
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Definition, Problem
from gradcalc.render.latex.trees import to_latex
from gradcalc.syntax.tree import Call, Name, number
from tests import array_reference as reference
from tests.array_walk import DIGITS, ENGINES, WAYS, by_exact, function


def along(name: str, text: str, definition: str, **others: Any) -> ArrayFunction:
    return ArrayFunction(
        name, ("a", "axis"), (text, NO_GRADIENT), definition, optional=1, samples=CATALOGUE["sum"].samples, **others
    )


NEW = {
    "rms": along("rms", "g * a / (n * out)", "sqrt(mean(a**2, axis))"),
    "centred": along("centred", "g - mean(g, axis)", "a - mean(a, axis)", axis=0, linear=True),
    "gram": ArrayFunction("gram", ("a",), ("a @ (g + g.T)",), "a.T @ a", samples=CATALOGUE["norm"].samples[1:3]),
    "ridge": ArrayFunction(
        "ridge", ("a", "k"), ("g", NO_GRADIENT), "a + k * eye(n)", samples=((CATALOGUE["det"].samples[0][0], 3),)
    ),
}
PLACES = [(name, place) for name, row in NEW.items() for place in range(len(row.samples))]


@pytest.fixture
def new(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue with these rows."""
    for table in (CATALOGUE, ARRAY_FUNCTIONS):
        for name, row in NEW.items():
            monkeypatch.setitem(table, name, row)


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize(("engine", "order"), WAYS)
@pytest.mark.parametrize(("name", "place"), PLACES)
def test_one_row_is_a_function_in_every_engine(name: str, place: int, engine: str, order: int) -> None:
    differentiate, least = ENGINES[engine]
    asked = function(name, place)
    defined = dataclasses.replace(asked, root=unfolded(asked.root, asked.shapes, reference.KNOWN))
    with mpmath.workdps(DIGITS):
        found, true = differentiate(asked, order), by_exact(defined, order)
        assert max(map(abs, map(operator.sub, found, true))) < max(least, 1e-18) * max(1, *map(abs, true))


RMS = Call("rms", (Name("A"), number(1)))


@pytest.mark.usefixtures("new")
def test_one_row_is_printed() -> None:
    assert to_text(RMS) == "rms(A, axis=1)"


@pytest.mark.usefixtures("new")
def test_one_row_is_typeset() -> None:
    assert to_latex(RMS, {"A": (2, 3)}) == r"\operatorname{rms}_{\text{axis } 1}\left(A\right)"


@pytest.mark.usefixtures("new")
def test_one_row_is_programmed() -> None:
    root = Call("rms", (Name("a"),))
    shape = {"a": (3,)}
    definitions = (Definition(None, root, root),)
    problem = Problem("rms", root, definitions, ("a",), ("a",), point={"a": 1.0}, shapes=shape, arrays=True)
    assert code_torch.function(problem, "f", {"a": "a"})[-1] == "    return torch.sqrt(torch.mean(a**2))"
