"""The catalogue's functions of arrays: a row is tested by being there, in every engine, to the second order.

Each is tried at its samples against central differences of values by mpmath, which share nothing with gradcalc's own.
"""

from __future__ import annotations

import mpmath
import pytest

from gradcalc.arrays import components
from gradcalc.arrays.infer import IRREGULAR, taken
from gradcalc.arrays.unfold import unfolded
from gradcalc.arrays.writer import Unwritable
from gradcalc.calculus.matrix import closed_form, read
from gradcalc.calculus.matrix.structure import STRUCTURAL
from gradcalc.codegen import torch_arrays as code
from gradcalc.engines.exact import truth as exact
from gradcalc.engines.exact.arrays import evaluation
from gradcalc.engines.exact.arrays import truth as whole
from gradcalc.engines.torch import arrays as torch_arrays
from gradcalc.engines.torch import autograd
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE, ArrayFunction
from gradcalc.functions.function import rule
from gradcalc.problem.written_out import written_out
from gradcalc.syntax.tree import Call, Name, postorder
from tests import array_reference as reference
from tests.array_walk import (
    CASES,
    DIGITS,
    ENGINES,
    FORMLESS,
    LACKING,
    LIMITS,
    SLOPED,
    UNWRITTEN,
    WAYS,
    differences,
    function,
    listed,
    point,
)


@pytest.mark.parametrize(("engine", "order"), WAYS)
@pytest.mark.parametrize(("name", "place"), SLOPED)
def test_the_derivative_is_the_limit_of_differences(name: str, place: int, engine: str, order: int) -> None:
    differentiate, least = ENGINES[engine]
    if engine == "exact" and name in UNWRITTEN:
        with pytest.raises(Unwritable, match="is not written out component by component"):
            differentiate(function(name, place), order)
        return
    if order == 2 and (name, engine) in LACKING:
        return
    if engine == "array terms" and name in FORMLESS:
        assert closed_form(function(name, place).root, "a", function(name, place).shapes) is None
        return
    with mpmath.workdps(DIGITS):
        found, true = differentiate(function(name, place), order), differences(name, place, order)
        scale = max(1, *map(abs, true))
        assert len(found) == len(true)
        assert max(abs(one - other) for one, other in zip(found, true, strict=True)) < least * scale


@pytest.mark.parametrize(("name", "place"), CASES)
def test_the_value_is_that_of_mpmath(name: str, place: int) -> None:
    asked = function(name, place)
    with mpmath.workdps(DIGITS):
        value = reference.evaluate(asked.root, point(asked))
        truth = (
            whole.differentiate(asked) if name in UNWRITTEN else exact.differentiate(written_out(asked, LIMITS).problem)
        )
        found = mpmath.mpf(truth.value.text)
        assert abs(found - value) < 1e-18 * (1 + abs(value))
        assert abs(autograd.differentiate(asked).value - value) < 1e-13 * (1 + abs(value))


DEFINED = [(name, place) for name, place in CASES if ARRAY_FUNCTIONS[name].definition is not None]


@pytest.mark.parametrize(("name", "place"), DEFINED)
def test_a_definition_says_the_same_as_the_function(name: str, place: int) -> None:
    asked = function(name, place)
    root = unfolded(asked.root, asked.shapes, ARRAY_FUNCTIONS.keys() - {name})
    assert not any(isinstance(node, Call) and node.function == name for node in postorder(root))
    with mpmath.workdps(DIGITS):
        value, defined = (reference.evaluate(one, point(asked)) for one in (asked.root, root))
        assert abs(value - defined) < 1e-80


RULES = [
    (row.name, text, {*row.parameters, *extra})
    for row in ARRAY_FUNCTIONS.values()
    for texts, extra in (
        (row.vjp, ("g", "out", "n")),
        *((rules, ("g", "out", "n")) for rules in row.others.values()),
        ((row.kink,), ("out",)),
        ((row.definition,), ("n",)),
    )
    for text in texts
    if isinstance(text, str)
]


@pytest.mark.parametrize(("name", "text", "names"), RULES)
def test_a_rule_speaks_of_its_parameters_and_of_known_functions(name: str, text: str, names: set[str]) -> None:
    order = postorder(rule(text))
    assert {node.name for node in order if isinstance(node, Name)} - names == set()
    assert {node.function for node in order if isinstance(node, Call)} - set(CATALOGUE) == set()


@pytest.mark.parametrize("row", ARRAY_FUNCTIONS.values(), ids=ARRAY_FUNCTIONS)
def test_every_parameter_has_a_rule(row: ArrayFunction) -> None:
    assert {len(rules) for rules in (row.vjp, *row.others.values())} == {len(row.parameters)}


SIGNED = {name: row for name, row in ARRAY_FUNCTIONS.items() if name not in IRREGULAR}


@pytest.mark.parametrize("row", SIGNED.values(), ids=SIGNED)
def test_every_signature_of_a_row_has_a_sample(row: ArrayFunction) -> None:
    shapes = [[tuple(reference.shape(listed(one))) for one in sample] for sample in row.samples]
    assert {taken(row, one) for one in shapes} == set(row.signatures)


LINES = {  # what each engine does itself
    "exact": set(components.RULES),
    "whole arrays": set(evaluation.OWN),
    "torch": set(torch_arrays.OPERATIONS),
}


@pytest.mark.parametrize("engine", LINES)
def test_every_engine_knows_every_row(engine: str) -> None:
    empty = {name for name, row in ARRAY_FUNCTIONS.items() if name not in LINES[engine] and row.definition is None}
    assert empty == set()


TABLES = LINES | {
    "closed form": set(read.ARRAY) | set(STRUCTURAL),
    "code": set(code.SPELLED) | set(code.HELPERS),
}


@pytest.mark.parametrize("table", TABLES)
def test_no_engine_knows_more_than_the_catalogue(table: str) -> None:
    assert TABLES[table] - set(ARRAY_FUNCTIONS) == set()
