"""Where an expression takes a variable on two ways, one of which `detach()` can cut."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, Node, dependents, free_names, postorder, replaced

SPLITTING = frozenset({"add", "sub", "mul", "div", "pow", "matmul", "dot"})
LONGEST = 60  # characters of an expression that shows a cut well


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch to cut: `node`, and the result's `body` with the name `stand_in` in its place; `text` shows it."""

    node: Node
    stand_in: str
    body: Node
    text: str


def branch(problem: Problem, variable: str) -> Branch | None:
    """The last operand of the outermost operator whose operands both depend on the variable; None where there is none.

    Looks at the last definition, in which earlier ones are names.
    """
    body = problem.definitions[-1].body
    order = postorder(body)
    if len(order) > LONGEST:  # a node takes a character at least
        return None
    reached = dependents(order, _dependent_names(problem, variable))
    parent = next((node for node in reversed(order) if isinstance(node, Call) and _splits(node, reached)), None)
    if parent is None:
        return None
    node = parent.arguments[-1]
    written = to_text(node)
    atomic = isinstance(node, Name) or (isinstance(node, Call) and written.startswith(f"{node.function}("))
    stand_in = f"{written if atomic else f'({written})'}.detach()"
    cut = Call(parent.function, (parent.arguments[0], Name(stand_in)), parent.span)
    detached = replaced(body, {id(parent): cut})
    text = to_text(detached)
    return Branch(node, stand_in, detached, text) if len(text) <= LONGEST else None


def _dependent_names(problem: Problem, variable: str) -> set[str]:
    """The variable, and every definition that depends on it."""
    names = {variable}
    for one in problem.definitions:
        if one.name is not None and names.intersection(free_names(postorder(one.body))):
            names.add(one.name)
    return names


def _splits(node: Call, reached: set[int]) -> bool:
    return node.function in SPLITTING and all(id(child) in reached for child in node.arguments)
