"""The chain rule through a program: how each definition changes with each name that it uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from gradcalc.base.loading import loading
from gradcalc.calculus.reverse import gradient
from gradcalc.problem.problem import Definition, nameless
from gradcalc.syntax.tree import Call, Name, Node, free_names, postorder, rebuilt, substitute, with_arguments

OWN = frozenset({"sigmoid"})  # whose derivative is told in terms of their values


@dataclass(frozen=True, slots=True)
class Local:
    """The derivative of `of` by `by`, in terms of names (`formula`) and of variables alone (`whole`)."""

    of: str
    by: str
    formula: Node
    whole: Node


def links(definitions: Sequence[Definition], wrt: Collection[str]) -> Iterator[Local]:
    """Every link on the ways from the result to the variables `wrt`, from the first definition to the last."""
    with loading():
        from gradcalc.calculus.forms.shortest import Forms  # here, as it loads FLINT
    definitions = _used(definitions)
    taken = {name for definition in definitions for name in (definition.name, *free_names(postorder(definition.body)))}
    result = nameless(taken)
    wholes = {definition.name: definition.whole for definition in definitions if definition.name is not None}
    leading = {*wrt, *(name for name, whole in wholes.items() if not set(wrt).isdisjoint(free_names(postorder(whole))))}
    for definition in definitions:
        names = [name for name in free_names(postorder(definition.body)) if name in leading]
        forms = Forms(definition.body)
        for name, formula in gradient(definition.body, names).items():
            shown = by_own_name(forms.shortest(formula), definition.name, definition.body)
            yield Local(definition.name or result, name, shown, substitute(formula, wholes))


def by_own_name(formula: Node, name: str | None, body: Node) -> Node:
    """The derivative of a sigmoid in terms of what it is called: `p*(1 - p)`."""
    if name is None or not isinstance(body, Call) or body.function not in OWN:
        return formula
    own = Name(name)
    return rebuilt(formula, lambda node, arguments: own if node == body else with_arguments(node, arguments))


def _used(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions that the last one comes from, and itself."""
    used: list[Definition] = []
    needed: set[str | None] = {definitions[-1].name}
    for definition in reversed(definitions):
        if definition.name in needed:
            used.insert(0, definition)
            needed.update(free_names(postorder(definition.body)))
    return used
