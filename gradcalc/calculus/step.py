"""One step of a derivation: which rule, on what, and what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gradcalc.syntax.tree import Name, Node, replaced


class Rule(StrEnum):
    """The rules that a textbook names."""

    CONSTANT = "constant"
    VARIABLE = "variable"
    SUM = "sum"
    MULTIPLE = "constant multiple"
    PRODUCT = "product"
    RECIPROCAL = "reciprocal"
    QUOTIENT = "quotient"
    POWER = "power"
    EXPONENTIAL = "exponential"
    LOGARITHMIC = "logarithmic derivation"
    TABLE = "table"
    CHAIN = "chain"
    PARTIALS = "chain, by each argument"
    CASES = "cases"
    DEFINITION = "definition"
    DEPENDENT = "dependent variable"
    SEED = "seed"
    MATRIX_PRODUCT = "matrix product"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied: the derivative of `of` by `by` is `result`.

    `pattern` says it with the derivatives of its parts still to be found: those of `inner`, by the names that
    `placeholder` gives them; it speaks of the inner function `inside` as `letter`. `outer` is the rule of what is
    around that. Of a chain through statements `inner` are the derivations of each by the one before, and `letter` is
    what the last one is called. `written` is what the rule is applied to, where that had to be rewritten first.
    """

    rule: Rule
    of: Node
    by: str
    pattern: Node
    result: Node
    inner: tuple[Step, ...] = ()
    letter: str | None = None
    inside: Node | None = None
    outer: Rule | None = None
    written: Node | None = None


def is_linked(step: Step) -> bool:
    """Is this the chain rule through several statements?"""
    return step.rule is Rule.CHAIN and len(step.inner) > 1


def links(step: Step) -> list[tuple[str, str]]:
    """What is derived by what, in a chain through statements."""
    by = [one.by for one in step.inner]
    return list(zip([str(step.letter), *by], by, strict=False))


def placeholder(index: int) -> str:
    """What stands for the derivative of a part, which no user's name can be."""
    return f"#{index}"


def primed(name: str) -> str:
    """What stands for the derivative of the dependent variable of an equation, `y'`."""
    return f"{name}'"


def every(step: Step) -> Iterator[Step]:
    """A step, and all the steps inside it."""
    yield step
    for one in step.inner:
        yield from every(one)


def around(step: Step) -> Node:
    """What a step derives, with the letter in place of the inner function: `sin(u)`."""
    if step.inside is None or step.letter is None:
        return step.of
    return replaced(step.of, {id(step.inside): Name(step.letter)})
