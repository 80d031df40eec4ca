"""Program to expression: names settled, definitions put in, every call brought to its row of the catalogue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, UnknownNameError
from gradcalc.base.limits import Limits
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.functions import ALIASES, CATALOGUE, COMPARISONS, VOCABULARY, WORDS
from gradcalc.functions.forms import AXIS, SPELLED, folded, row_of, usage, variant, wrong_number
from gradcalc.functions.function import rule
from gradcalc.problem.constants import require_small_constants
from gradcalc.problem.definitions import require_order
from gradcalc.problem.problem import Definition
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.parser import parse
from gradcalc.syntax.tree import (
    Call,
    Constant,
    Name,
    Node,
    Program,
    free_names,
    postorder,
    rebuilt,
    substitute,
)

CONSTANTS = ("pi", "e")
NOT_NUMBERS = ("inf", "nan")
VARIABLES_TOO = GREEK | WORDS  # a parenthesis after one of these makes it a function, nothing else does
RESERVED = frozenset(("pi", *NOT_NUMBERS)) | VOCABULARY.bare  # names that cannot be defined
CONDITIONS = frozenset(row.name for row in COMPARISONS)


@dataclass(frozen=True, slots=True)
class Expression:
    """A program with every name settled: `root` is its result, `variables` the names that stay free."""

    source: str
    root: Node
    definitions: tuple[Definition, ...]
    variables: tuple[str, ...]
    rewritten: bool


EXPRESSIONS = Memory[Expression](1_000)


def read(source: str, limits: Limits, given: Collection[str] = ()) -> Expression:
    """The expression that `source` spells; `e` is a variable where it is among the `given` names.

    Raises ExpressionSyntaxError, UnknownNameError or LimitError, each with its place in `source`.
    """
    if len(source) > REMEMBERED:
        return _read(source, limits, given)
    return EXPRESSIONS.recall((source, limits, frozenset(given)), partial(_read, source, limits, given))


def _read(source: str, limits: Limits, given: Collection[str]) -> Expression:
    try:
        return resolve(parse(source, VOCABULARY, limits), limits, given)
    except GradcalcError as error:
        raise error.located(source) from None


def resolve(program: Program, limits: Limits, given: Collection[str] = ()) -> Expression:
    """The expression that a program stands for. Raises as `read` does, without the text."""
    variables = frozenset(given) | {statement.name for statement in program.statements if statement.name}
    constants = {name for name in CONSTANTS if name == "pi" or name not in variables}
    require_order(program, RESERVED)
    definitions: list[Definition] = []
    whole: dict[str, Node] = {}
    root: Node | None = None
    for statement in program.statements:
        body = _settled(statement.body, constants, variables)
        root = substitute(body, whole)
        definitions.append(Definition(statement.name, body, root))
        if statement.name is not None:
            whole[statement.name] = root
    assert root is not None
    order = postorder(root)
    limits.require("nodes", len(order), "the expression has too many parts")
    require_small_constants(order, limits)
    return Expression(program.source, root, tuple(definitions), _variables(definitions, order), program.rewritten)


def _variables(definitions: Collection[Definition], order: list[Node]) -> tuple[str, ...]:
    """The free names of the result, as they come in the text; in the tree a definition may come after its use."""
    reached = frozenset(free_names(order))
    return tuple(name for name in free_names(postorder(*(one.body for one in definitions))) if name in reached)


def _settled(root: Node, constants: Collection[str], variables: Collection[str]) -> Node:
    """The tree with constants read as such and every call brought to its row."""

    def settled(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Name):
            _require_variable(node, variables)
            return Constant(node.name, node.span) if node.name in constants else node
        return _call(node, arguments) if isinstance(node, Call) else node

    _require_conditions(postorder(root))
    return rebuilt(root, settled)


def _require_variable(node: Name, variables: Collection[str]) -> None:
    """Raises where a name stands for no number: `inf`, or a function without its argument.

    A function's name may be a variable where the user makes it one; a Greek letter and `round` are so anyway.
    """
    name = node.name
    if name in NOT_NUMBERS:
        raise UnknownNameError(f"`{name}` is not a number here", span=node.span)
    if name in VOCABULARY.functions and name not in variables and name not in VARIABLES_TOO:
        raise ExpressionSyntaxError(
            f"`{name}` is a function and needs an argument", span=node.span, hint=f"write `{usage(row_of(name), name)}`"
        )


def _require_conditions(order: list[Node]) -> None:
    """Raises unless comparisons stand where `where` asks for a condition, and nowhere else."""
    expected = {
        id(node.arguments[0])
        for node in order
        if isinstance(node, Call) and node.function == "where" and node.arguments
    }
    for node in order:
        condition = isinstance(node, Call) and node.function in CONDITIONS
        if condition and id(node) not in expected:
            raise ExpressionSyntaxError(
                "expected a number, found a comparison", span=node.span, hint="use it as `where(condition, a, b)`"
            )
        if not condition and id(node) in expected:
            raise ExpressionSyntaxError(
                "expected a comparison, found a number", span=node.span, hint="write `where(x > 0, a, b)`, for instance"
            )


def _call(node: Call, arguments: tuple[Node, ...]) -> Node:
    """The call in the catalogue's terms: its real name, the right number of arguments."""
    if node.function == AXIS:
        return Call(AXIS, arguments, node.span)
    name = ALIASES.get(node.function, node.function)
    axis = arguments[-1] if arguments and isinstance(arguments[-1], Call) and arguments[-1].function == AXIS else None
    if axis is not None:
        arguments = (*arguments[:-1], *axis.arguments)
    name = variant(name, len(arguments), axis is not None)
    if (spelled := SPELLED.get((name, len(arguments)))) is not None:
        return spelled.build(arguments, node.span)
    row = CATALOGUE[name]
    least, most = row.arity
    if axis is not None and "axis" not in row.parameters:
        raise ExpressionSyntaxError(f"`{node.function}` takes no `axis`", span=axis.span)
    if len(arguments) < least or (most is not None and len(arguments) > most):
        raise wrong_number(node, row)
    if row.fold and row.name != "array":
        return folded(name, arguments, node.span)
    missing = len(row.parameters) - len(arguments) if row.defaults else 0
    defaults = tuple(rule(text) for text in row.defaults[len(row.defaults) - missing :]) if missing else ()
    return Call(name, arguments + defaults, node.span)
