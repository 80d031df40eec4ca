"""What every command shows of derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import gradcalc
from gradcalc.answers.check.records import Judgement
from gradcalc.answers.records import ArrayRow, Row
from gradcalc.answers.steps.records import ArraySteps
from gradcalc.answers.verdicts import Verdict
from gradcalc.base.errors import InternalError, UsageError
from gradcalc.base.limits import Limits
from gradcalc.calculus.matrix.closed import closed_form
from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.step import every
from gradcalc.engines.torch.missing import Absent
from gradcalc.functions.function import rule
from gradcalc.functions.printer import to_text
from gradcalc.lessons.graph import lesson
from gradcalc.problem.resolve import read
from gradcalc.syntax.tree import Node, substitute
from tests import array_reference as reference
from tests.planted import Plant
from tests.quotients import Case, Shown, cases, of_vectors, parts_of, unit


def telling(plant: Plant) -> Case | None:
    """The first case in which the derivatives that come from the rules, with nobody looking, are wrong."""
    return next((case for case in cases(plant.row) if any(one.is_wrong for one in _by_rules(case))), None)


def _by_rules(case: Case) -> Iterator[Shown]:
    """The derivatives as the rules have them."""
    root = read(case.scalar, Limits()).root
    shapes = case.shape(named=False)
    for name in case.point:
        found = gradient(root, [name])[name] if _is_of_numbers(case) else closed_form(root, name, shapes)
        if found is not None:
            yield Shown(case.scalar, (name,), to_text(found), case.point)


def shown(command: str, case: Case) -> list[Shown]:
    """What a command shows of derivatives; nothing where it owns up to a bug, or has no steps of arrays to show."""
    try:
        return list(COMMANDS[command](case))
    except InternalError:
        return []
    except UsageError:
        assert command == "steps" and case.arrays
        return []


def _diff(case: Case, **how: Any) -> Iterator[Shown]:
    for row in gradcalc.diff(case.scalar, **how).gradient.values():
        yield from _rows(row, case)


def _along(case: Case) -> Iterator[Shown]:
    """The derivative along the last component of the last variable."""
    name, value = list(case.point.items())[-1]
    count = len(reference.flat(value))
    found = gradcalc.diff(case.scalar, at=case.point, direction={name: unit(value)}).direction
    assert found is not None
    parts = [part for part, (own, place) in parts_of(case.point).items() if (own, place) == (name, count - 1)]
    yield from (Shown(case.scalar, (*parts, name)[:1], what, case.point) for what in _entry(found.row))


def _rows(row: Row | ArrayRow, case: Case, name: str | None = None) -> Iterator[Shown]:
    """The formulas of a row, and those of its numbers that are not marked as wrong."""
    if row.formula is not None:
        yield Shown(case.scalar, (row.name,), row.formula, case.point)
    for one in row.rows if isinstance(row, ArrayRow) else (row,):
        yield from (Shown(case.scalar, (one.name or name or "",), what, case.point) for what in _entry(one))


def _jacobian(case: Case, **how: Any) -> Iterator[Shown]:
    found = gradcalc.jacobian(case.value, **how).matrix
    for name, formula in found.formulas.items():
        if formula is not None:
            yield Shown(case.value, (name,), formula, case.point)
    for output, row in enumerate(found.entries):
        for entry in row:
            yield from (Shown(case.value, (entry.name,), what, case.point, output) for what in _entry(entry))


def _entry(entry: Row) -> Iterator[str]:
    if entry.formula is not None:
        yield entry.formula
    if entry.verdict in (Verdict.AGREE, None) and entry.exact is not None:
        yield entry.exact


def _hessian(case: Case, **how: Any) -> Iterator[Shown]:
    found = gradcalc.hessian(case.scalar, **how)
    for first in found.gradient.values():
        yield from _rows(first, case)
    for names, formula in found.matrix.formulas.items():
        if formula is not None:
            one, _, other = names.partition(",")
            yield Shown(case.scalar, (one, other or one), formula, case.point)
    for row, each in zip(found.matrix.rows, found.matrix.entries, strict=False):
        for entry in each:
            yield from (Shown(case.scalar, (row, entry.name), what, case.point) for what in _entry(entry))


def _check(case: Case, **how: Any) -> Iterator[Shown]:
    """The right gradient handed in, and of numbers the one with the other sign too."""
    right = honest(case)
    if right is None:
        return
    for sign in ("",) if case.arrays else ("", "-"):
        handed_in = {name: f"{sign}({formula})" for name, formula in right.items()}
        for finding in gradcalc.check(case.scalar, handed_in, **how).gradient.values():
            if finding.formula is not None:
                yield Shown(case.scalar, (finding.name,), finding.formula, case.point)
            if finding.verdict is Judgement.RIGHT:
                yield Shown(case.scalar, (finding.name,), handed_in[finding.name], case.point)
            example = finding.counterexample
            if example is not None and example.true is not None:
                yield Shown(case.scalar, (finding.name,), to_text(rule(str(example.true))), dict(example.at))


@cache
def honest(case: Case) -> dict[str, str] | None:
    """The closed forms, found before anything is planted; None where there are not all."""
    shape = case.shape(named=False) or None
    rows = gradcalc.diff(case.scalar, shape=shape).gradient
    found = {name: row.formula for name, row in rows.items() if row.formula is not None}
    return found if len(found) == len(rows) > 0 else None


def _graph(case: Case, **how: Any) -> Iterator[Shown]:
    try:
        found = lesson.graph(case.graph or case.scalar, **how)
    except Absent:  # there is no graph of what torch lacks
        return
    vertices = {vertex.id: vertex for vertex in found.vertices}
    values = {vertex.label: vertex.value for vertex in found.vertices if not isinstance(vertex.value, bool)}
    for edge in found.edges:
        source, target = vertices[edge.source], vertices[edge.target]
        if not source.label.isidentifier() or target.text is None:
            continue
        at = {name: reference.flat(value)[0] for name, value in values.items() if name.isidentifier()}
        if edge.formula is not None:
            yield Shown(target.text, (source.label,), edge.formula, at)
        if isinstance(edge.check, Row) and _is_of_numbers(case):  # of arrays it is of what flows
            yield from (Shown(target.text, (source.label,), what, at) for what in _entry(edge.check))
    for vertex in found.vertices:
        if vertex.label in case.point and vertex.check is not None:
            yield from _rows(vertex.check, case, vertex.label)


def _steps(case: Case) -> Iterator[Shown]:
    """Every step, and what they come to."""
    answer = gradcalc.steps(case.scalar, detail="full", shape=_named(case).get("shape"))
    if isinstance(answer, ArraySteps):
        yield from _back(answer, case)
        return
    for found in answer.derivations:
        if found.formula is not None:
            yield Shown(case.scalar, (found.variable,), found.formula, case.point)
        for step in every(found.step) if found.step is not None else ():
            yield Shown(to_text(step.of), (step.by,), to_text(step.result), case.point)


def _back(found: ArraySteps, case: Case) -> Iterator[Shown]:
    """What the steps of arrays come to, and what they are told to be."""
    wholes: dict[str, Node] = {}
    for line in found.forward:
        wholes[line.name] = substitute(line.body, wholes)
    for one in found.derivations:
        total = found.total(one.variable)
        if total is not None:
            yield Shown(case.scalar, (one.variable,), to_text(substitute(total.result, wholes)), case.point)
        if one.formula is not None:
            yield Shown(case.scalar, (one.variable,), one.formula, case.point)


def _is_of_numbers(case: Case) -> bool:
    return case.value == case.scalar


def _named(case: Case) -> dict[str, Any]:
    return {"shape": case.shape(named=True)} if case.arrays else {}


COMMANDS: dict[str, Callable[[Case], Iterator[Shown]]] = {
    "diff": lambda case: _diff(case, **_named(case)),
    "diff of whole sizes": lambda case: _diff(case, shape=case.shape(named=False)) if case.arrays else iter(()),
    "diff at a point": lambda case: _diff(case, at=case.point),
    "diff along a direction": _along,
    "jacobian": lambda case: _jacobian(case, **_named(case)),
    "jacobian at a point": lambda case: _jacobian(case, at=case.point),
    "hessian": lambda case: _hessian(case, **_named(case)),
    "hessian at a point": lambda case: _hessian(case, at=case.point),
    "check": lambda case: _check(case) if not case.arrays else iter(()),  # of arrays it shows what diff finds
    "check at a point": lambda case: _check(case, at=case.point),
    "graph": lambda case: _graph(case, at=case.point),
    "steps": _steps,
    "diff of vectors": lambda case: (
        _diff(of_vectors(case), shape=of_vectors(case).shape(named=True)) if _is_of_numbers(case) else iter(())
    ),
}
