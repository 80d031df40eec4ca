"""Closed forms in array terms for whole blocks of a matrix, shown only where their values are right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Protocol

from gradcalc.answers.gradient.scalar import matching
from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.answers.trials.arrays import Formula, holds
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import LimitError
from gradcalc.engines import ask
from gradcalc.engines.records import Truth
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import expanded, numbers, part_names
from gradcalc.syntax.tree import Node

SHARE = 0.4  # of the time
MOST_LOOKED_AT = 400  # entries of a block


@dataclass(frozen=True, slots=True)
class Block:
    """A closed form for the rows of one variable, or for all rows, and the columns of another."""

    form: Node
    column: str
    row: str | None = None


class Blocks(Protocol):
    """Where the blocks of one kind of matrix come from, and what is true of them at a point."""

    def blocks(self, problem: Problem) -> Iterator[tuple[str, Block]]:
        """The closed form of each block that has one, by name."""

    def outputs(self, question: Question) -> Outputs:
        """The function of each row."""

    def truths(self, found: Outputs) -> list[Truth]:
        """The true value and derivatives of each row."""


def proven(
    source: Blocks, question: Question, found: Outputs | None = None, truths: Sequence[Truth] = ()
) -> dict[str, str | None]:
    """The closed form of each block that is right at points of our own and, where there is one, at the point."""
    formulas: dict[str, str | None] = dict.fromkeys(question.problem.wrt)
    if not question.problem.arrays:
        return formulas
    try:
        with question.clock.grant(SHARE):
            for name, block in source.blocks(question.problem):
                agreed = None if found is None or not truths else _agrees(block, question, found, truths)
                right = agreed is not False and _holds(source, name, block, question)
                formulas[name] = to_text(block.form) if right or (right is None and agreed) else None
    except (Exhausted, LimitError):
        pass  # what was found so far stands
    return formulas


def _holds(source: Blocks, name: str, block: Block, question: Question) -> bool | None:
    """Has a closed form the derivative's values at points of our own? None where that cannot be told."""

    def again(problem: Problem) -> Node | None:
        found = dict(source.blocks(problem)).get(name)
        return None if found is None else found.form

    by = (block.column,) if block.row is None else (block.row, block.column)
    return holds(Formula(block.form, by, again), question.problem, question.limits)


def _agrees(block: Block, question: Question, found: Outputs, truths: Sequence[Truth]) -> bool | None:
    """Does a closed form have the true values? None where no entry can be compared."""
    columns = found.parts[block.column]
    chosen = None if block.row is None else set(found.parts[block.row])
    rows = [truth for name, truth in zip(found.rows, truths, strict=True) if chosen is None or name in chosen]
    trues = [truth.slopes[column].by_rules for truth in rows for column in columns]
    nodes = expanded(block.form, question.problem, found.parts, question.limits).nodes
    if len(nodes) != len(trues):
        return False
    point = numbers(question.problem, part_names(question.problem)) or {}
    places = _looked_at(len(trues), len(columns))
    return matching(ask.values([nodes[place] for place in places], point), [trues[place] for place in places])


def _looked_at(count: int, columns: int) -> list[int]:
    """The entries to look at: all of a few, else some of all over the block and those on its diagonal."""
    step = ceil(count / MOST_LOOKED_AT)
    return sorted({*range(0, count, step), *range(0, count, columns + 1)})
