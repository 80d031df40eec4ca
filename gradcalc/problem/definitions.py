"""The order of a program: a name is defined once, before it is used, and never by way of itself."""

from __future__ import annotations

from collections.abc import Collection

from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, UnknownNameError, shortened
from gradcalc.base.limits import Limits
from gradcalc.functions import VOCABULARY
from gradcalc.syntax.parser import parse
from gradcalc.syntax.tree import Name, Program, Statement, free_names, postorder, spanned


def require_order(program: Program, reserved: Collection[str]) -> None:
    """Raises unless every name is defined once and before its use; the last statement alone may be nameless.

    The `reserved` names have a meaning of their own and cannot be defined.
    """
    places: dict[str, int] = {}
    for index, statement in enumerate(program.statements):
        _require_definable(statement, places, reserved, last=index == len(program.statements) - 1)
        if statement.name is not None:
            places[statement.name] = index
    for index, statement in enumerate(program.statements):
        for node in postorder(statement.body):
            if isinstance(node, Name) and places.get(node.name, -1) >= index:
                raise _too_early(statement, node, program)


def _require_definable(statement: Statement, seen: Collection[str], reserved: Collection[str], last: bool) -> None:
    name = statement.name
    if name is None:
        if not last:
            raise ExpressionSyntaxError(
                "only the last statement may go without a name",
                span=statement.span,
                hint="write `name = expression`, or parentheses around an expression of several lines",
            )
    elif name in seen:
        raise UnknownNameError(
            f"`{shortened(name)}` is defined twice", span=statement.name_span, hint="choose another name"
        )
    elif name in reserved:
        raise UnknownNameError(
            f"`{name}` cannot be defined, it has a meaning already",
            span=statement.name_span,
            hint="choose another name",
        )


def _too_early(statement: Statement, node: Name, program: Program) -> UnknownNameError:
    name, own = shortened(node.name), shortened(statement.name or "")
    if node.name == statement.name:
        hint = "give the new value another name"
        if statement is program.statements[-1] and not isinstance(statement.body, Name):
            place = spanned(statement.body)
            side = shortened(program.source[place.start : place.end])
            if _is_read(turned := f"{side} = {name}"):
                hint += f"; an equation, to derive implicitly, is written the other way round: `{turned}`"
        return UnknownNameError(f"`{name}` is defined by itself", span=node.span, hint=hint)
    if statement.name is not None and statement.name in _needed(node.name, program):
        return UnknownNameError(
            f"`{own}` and `{name}` are defined by each other",
            span=node.span,
            hint="define one of them without the other",
        )
    return UnknownNameError(f"`{name}` is used before it is defined", span=node.span, hint="move its definition up")


def _is_read(text: str) -> bool:
    """Is this a formula, so that a hint may propose it?"""
    try:
        parse(text, VOCABULARY, Limits())
    except GradcalcError:
        return False
    return True


def _needed(name: str, program: Program) -> set[str]:
    """The names that the definition of `name` needs, directly or by way of others."""
    bodies = {statement.name: statement.body for statement in program.statements}
    found: set[str] = set()
    wanted = [name]
    while wanted:
        body = bodies.get(wanted.pop())
        fresh = set(free_names(postorder(body))) - found if body is not None else set()
        found |= fresh
        wanted.extend(fresh)
    return found
