"""Closed forms in array terms for whole blocks of a matrix, shown only where their values are right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from math import ceil, isqrt
from typing import Protocol

from gradcalc.answers.matrices.outputs import Outputs
from gradcalc.answers.trials.arrays import Formula, holds
from gradcalc.answers.trials.here import matching
from gradcalc.answers.trials.verify import UNTRIED
from gradcalc.base.effort import Exhausted, made, spend
from gradcalc.base.errors import LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.calculus.matrix.structure import FORMLESS
from gradcalc.engines import ask
from gradcalc.engines.records import Truth
from gradcalc.functions.printer import to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.problem.written_out import expanded, numbers, part_names
from gradcalc.syntax.tree import Call, Node, dependents, postorder

SHARE = 0.4  # of the time
MOST_LOOKED_AT = 400  # entries of a block
UNFOUND = "there is no closed form in array terms"
WRONG = "the closed form in array terms is wrong and is not shown"


@dataclass(frozen=True, slots=True)
class Block:
    """A closed form for the rows of one variable, or for all rows, and the columns of another."""

    form: Node
    column: str
    row: str | None = None


@dataclass(frozen=True, slots=True)
class ArrayForm:
    """A closed form in array terms, or None; `note` says why it is left out, or that nothing speaks for it."""

    node: Node | None = None
    note: str | None = UNFOUND

    @property
    def text(self) -> str | None:
        """The form as text of the language."""
        return None if self.node is None else to_text(self.node)


class Blocks(Protocol):
    """Where the blocks of one kind of matrix come from."""

    def blocks(self, problem: Problem) -> Iterable[tuple[str, Block]]:
        """The closed form of each block that has one, by name."""


def array_forms(
    source: Blocks, question: Question, found: Outputs | None = None, truths: Sequence[Truth] = ()
) -> dict[str, ArrayForm]:
    """The closed form of each block, unless it is wrong at points of our own or, where there is one, at the point."""
    forms = {name: ArrayForm(None, _unfound(question.problem, name)) for name in question.problem.wrt}
    try:
        with question.clock.grant(SHARE):
            tried = _tried(source, question)
            for name, block in tried.blocks() if question.problem.arrays else ():
                agreed = None if found is None or not truths else _agrees(block, question, found, truths)
                right = agreed is not False and tried.holds(name, block)
                note = None if right or agreed else UNTRIED
                forms[name] = ArrayForm(None, WRONG) if right is False else ArrayForm(block.form, note)
    except (Exhausted, LimitError):
        pass  # what was found so far stands
    return forms


def _unfound(problem: Problem, name: str) -> str:
    """That there is no closed form, and which operation has none where that is known."""
    order = postorder(problem.root)
    moving = dependents(order, [name])
    formless = (
        one.function for one in order if isinstance(one, Call) and id(one) in moving and one.function in FORMLESS
    )
    function = next(formless, None)
    return UNFOUND if function is None else f"{UNFOUND}: `{function}` has none"


def proven(
    source: Blocks, question: Question, found: Outputs | None = None, truths: Sequence[Truth] = ()
) -> dict[str, str | None]:
    """The closed form of each block that something speaks for."""
    forms = array_forms(source, question, found, truths)
    return {name: form.text if form.note is None else None for name, form in forms.items()}


def _agrees(block: Block, question: Question, found: Outputs, truths: Sequence[Truth]) -> bool | None:
    """Does a closed form have the true values? None where no entry can be compared."""
    columns = found.parts[block.column]
    chosen = None if block.row is None else set(found.parts[block.row])
    rows = [truth for name, truth in zip(found.rows, truths, strict=True) if chosen is None or name in chosen]
    trues = [truth.slopes[column].by_rules for truth in rows for column in columns]
    if block.column in question.problem.symmetric:
        trues = _both_triangles(trues)
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


def _both_triangles(trues: list[Fraction | None]) -> list[Fraction | None]:
    """The derivatives by the entries of a symmetric matrix, where an entry and its mirror image change together."""
    size = isqrt(len(trues))
    pairs = [(trues[i * size + j], trues[j * size + i], i == j) for i in range(size) for j in range(size)]
    return [None if one is None or other is None else one if same else one + other for one, other, same in pairs]


# -- what is remembered for other points


@dataclass(slots=True)
class Tried:
    """The blocks of a problem, and whether they hold at points of our own: what its point has no part in.

    What was found before costs the steps again that it took then.
    """

    source: Blocks
    problem: Problem  # its ids are good as long as it lives
    limits: Limits
    known: list[tuple[tuple[str, Block] | None, float]] = field(default_factory=list)  # the last is None
    told: dict[str, tuple[bool | None, float]] = field(default_factory=dict)

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """The closed form of each block that has one, by name."""
        if not self.known or self.known[-1][0] is not None:  # never, or not to the end
            yield from self._found()
            return
        for one, steps in self.known:
            spend(steps)
            if one is not None:
                yield one

    def _found(self) -> Iterator[tuple[str, Block]]:
        self.known.clear()
        left = iter(self.source.blocks(self.problem))
        while True:
            one, steps = made(partial(next, left, None))
            self.known.append((one, steps))
            if one is None:
                return
            yield one

    def holds(self, name: str, block: Block) -> bool | None:
        """Has a block the derivative's values? None where that cannot be told."""
        if name in self.told:
            spend(self.told[name][1])
        else:
            self.told[name] = made(partial(self._tried, name, block))
        return self.told[name][0]

    def _tried(self, name: str, block: Block) -> bool | None:
        def again(problem: Problem) -> Node | None:
            found = dict(self.source.blocks(problem)).get(name)
            return None if found is None else found.form

        by = (block.column,) * self.problem.order if block.row is None else (block.row, block.column)
        return holds(Formula(block.form, by, again), self.problem, self.limits)


TRIED = Memory[Tried](250)


def _tried(source: Blocks, question: Question) -> Tried:
    problem = question.problem
    tried = Tried(source, replace(problem, point=None), question.limits)
    if len(problem.source) > REMEMBERED:
        return tried
    asked = (problem.wrt, problem.order, problem.variables, tuple(problem.shapes.items()), problem.symmetric)
    return TRIED.recall((type(source), id(problem.root), *asked, question.limits), lambda: tried)
