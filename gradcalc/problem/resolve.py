"""Program to expression: names settled, definitions put in, every call brought to its row of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.base.memory import REMEMBERED, Memory
from gradcalc.functions import ALIASES, CATALOGUE, VOCABULARY
from gradcalc.functions.elsewhere import DERIVATIVES
from gradcalc.functions.forms import is_spelled, lacking, placed, spelled, variant, wrong_number
from gradcalc.functions.function import rule
from gradcalc.functions.turned import folded
from gradcalc.problem.constants import require_small_constants
from gradcalc.problem.definitions import require_order
from gradcalc.problem.folded import FOLDS
from gradcalc.problem.kinds import Kinds, called_for, of_shape
from gradcalc.problem.notation import NOTATION
from gradcalc.problem.notation import settled as without_notation
from gradcalc.problem.problem import Definition
from gradcalc.problem.required import CONSTANTS, NOT_NUMBERS, require_apart, require_conditions, require_variable
from gradcalc.problem.sums import settled_sums, with_counts
from gradcalc.problem.transposing import without_stars
from gradcalc.syntax.beyond import about_request
from gradcalc.syntax.parser import parse
from gradcalc.syntax.tree import (
    Call,
    Constant,
    Name,
    Node,
    Program,
    free_names,
    is_element,
    number,
    postorder,
    rebuilt,
    substitute,
    with_arguments,
)

RESERVED = frozenset(("pi", *NOT_NUMBERS)) | VOCABULARY.bare  # names that cannot be defined
MOVED = (NOTATION.keys() | VOCABULARY.foreign) - {"raised", "bars", *CATALOGUE}  # written as other languages do
VALUED = ("norm", "ord=", "p=")  # whose arguments may be inf, which is no number otherwise


@dataclass(frozen=True, slots=True)
class Expression:
    """A program with every name settled: `root` is its result, `variables` the names that stay free.

    `stated` are the shapes that it speaks of itself: that of x in a sum of x_i from 1 to n; `counted` the names, n
    here, whose numbers were put in. That of an `equation` is its left side minus its right one.
    """

    source: str
    root: Node
    definitions: tuple[Definition, ...]
    variables: tuple[str, ...]
    rewritten: bool
    stated: Mapping[str, Shape] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    equation: bool = False


EXPRESSIONS = Memory[Expression](1_000)


def read(
    source: str,
    limits: Limits,
    given: Collection[str] = (),
    shapes: Mapping[str, Shape] | None = None,
    counts: Mapping[str, int] | None = None,
) -> Expression:
    """The expression that `source` spells; the `given` names are variables whatever else they may mean.

    `shapes` are those of names whose shape is known, of a name "" those of all others; `counts` the whole numbers that
    names stand for, for the bounds of sums. Raises ExpressionSyntaxError, UnknownNameError, ShapeError or LimitError,
    each with its place in `source`.
    """
    arguments = source, limits, given, shapes or {}, counts or {}
    if len(source) > REMEMBERED:
        return _read(*arguments)
    key = source, limits, frozenset(given), frozenset((shapes or {}).items()), frozenset((counts or {}).items())
    return EXPRESSIONS.recall(key, partial(_read, *arguments))


def _read(
    source: str, limits: Limits, given: Collection[str], shapes: Mapping[str, Shape], counts: Mapping[str, int]
) -> Expression:
    try:
        program = parse(source, replace(VOCABULARY, variables=frozenset(given)), limits)
        require_apart(program, given, {name: shape for name, shape in shapes.items() if name in given})
        return resolve(program, limits, given, shapes, counts)
    except GradcalcError as error:
        raise about_request(error, source) from None


def resolve(
    program: Program,
    limits: Limits,
    given: Collection[str] = (),
    shapes: Mapping[str, Shape] | None = None,
    counts: Mapping[str, int] | None = None,
) -> Expression:
    """The expression that a program stands for. Raises as `read` does, without the text."""
    defined = {statement.name for statement in program.statements if statement.name}
    variables = frozenset(given) | program.parameters | defined
    constants = {name for name in CONSTANTS if name == "pi" or name not in variables}
    require_order(program, RESERVED)
    shapes = shapes or {}
    kinds = {name: of_shape(shape) for name, shape in shapes.items()}
    program = without_stars(program, kinds, variables)
    likely = _likely_ranks(program, kinds) if program.elements else {}
    named = [
        _settled(_elements(one.body, program, variables, shapes, likely), constants, variables)
        for one in program.statements
    ]
    named, counted = with_counts(named, counts or {})
    plain, stated = settled_sums(named, shapes, variables, limits, program.arrays)
    bodies = [(one.name, body) for one, body in zip(program.statements, plain, strict=True)]
    shapes = {**stated, **shapes}
    kinds = {name: of_shape(shape) for name, shape in shapes.items()}
    definitions = _definitions(bodies, without_notation(bodies, kinds, variables, program.arrays))
    root = definitions[-1].whole
    order = postorder(root)
    limits.require("nodes", len(order), "the expression has too many parts")
    require_small_constants(order, limits)
    rewritten = program.rewritten or any(map(_is_shown, postorder(*(one.body for one in program.statements))))
    variables_ = _variables(definitions, order)
    equation = program.statements[-1].equation
    return Expression(program.source, root, definitions, variables_, rewritten, stated, counted, equation)


def _definitions(named: Iterable[tuple[str | None, Node]], bodies: Iterable[Node]) -> tuple[Definition, ...]:
    """The statements, each also with the earlier ones put in."""
    definitions: list[Definition] = []
    whole: dict[str, Node] = {}
    for (name, _), body in zip(named, bodies, strict=True):
        definitions.append(Definition(name, body, substitute(body, whole)))
        if name is not None:
            whole[name] = definitions[-1].whole
    return tuple(definitions)


def _is_shown(node: Node) -> bool:
    """Is this call written in a way whose reading is worth showing?"""
    if not isinstance(node, Call):
        return False
    by_name = node.function.endswith("=") and (node.function != "axis=" or node.arguments == (Name("None"),))
    row = CATALOGUE.get(ALIASES.get(node.function, node.function))
    less = row is not None and row.defaults and len(node.arguments) < len(row.parameters)
    turned = node.function == "raised" and node.arguments[1] == Name("T")
    return bool(less) or node.function in MOVED or by_name or turned or is_spelled(node.function, len(node.arguments))


def _variables(definitions: Collection[Definition], order: list[Node]) -> tuple[str, ...]:
    """The free names of the result, as they come in the text; in the tree a definition may come after its use."""
    reached = frozenset(free_names(order))
    return tuple(name for name in free_names(postorder(*(one.body for one in definitions))) if name in reached)


def _elements(
    root: Node,
    program: Program,
    variables: Collection[str],
    shapes: Mapping[str, Shape],
    likely: Mapping[str, int],
) -> Node:
    """The tree with elements of arrays in place of names that stand for such: `x[1]` for LaTeX's `x_1`.

    A name that has a value of its own stays; `x_1` is `x1` where that has one.
    """

    def found(node: Node, arguments: tuple[Node, ...]) -> Node:
        if not isinstance(node, Name) or node.name in variables or node.name not in program.elements:
            return with_arguments(node, arguments)
        stem, places = program.elements[node.name]
        if node.name in likely and stem not in shapes:
            return node
        rank = len(shapes.get(stem, ())) or likely.get(stem, 0)
        digits = tuple(places[0]) if rank == 2 and len(places) == 1 and len(places[0]) == 2 else places
        if rank >= len(digits):
            return Call("index", (Name(stem, node.span), *(number(int(one), node.span) for one in digits)), node.span)
        short = stem + "".join(places)
        return Name(short, node.span) if short in variables else node

    return rebuilt(root, found) if program.elements else root


def _likely_ranks(program: Program, kinds: Kinds) -> dict[str, int]:
    """The ranks of names that are arrays by their place: in sums over an index, in products and norms."""
    whole = Call("program", tuple(one.body for one in program.statements))
    called = called_for(whole, kinds, program.arrays)
    counted = {one.arguments[0]: len(one.arguments) - 1 for one in postorder(whole) if is_element(one)}
    ranks = {name: abs(kind.value) for name, kind in called.items()}
    return ranks | {array.name: rank for array, rank in counted.items() if isinstance(array, Name)}


def _settled(root: Node, constants: Collection[str], variables: Collection[str]) -> Node:
    """The tree with constants read as such and every call brought to its row."""

    def settled(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Name):
            if id(node) not in values:
                require_variable(node, variables)
            return Constant(node.name, node.span) if node.name in constants else node
        return _call(node, arguments) if isinstance(node, Call) else node

    order = postorder(root)
    require_conditions(order)
    valued = [node for node in order if isinstance(node, Call) and node.function in VALUED]
    values = {id(one) for node in valued for one in node.arguments[node.function == "norm" :]}
    return rebuilt(root, settled)


def _call(node: Call, arguments: tuple[Node, ...]) -> Node:
    """The call in the catalogue's terms: its real name, the right number of arguments, each in its place."""
    if node.function == "norm2" and len(arguments) != 1:  # Mathematica's Norm[x, p]
        node = Call("norm", arguments, node.span)
    if node.function in NOTATION or node.function in FOLDS or node.function.endswith("="):
        return Call(node.function, arguments, node.span)
    named = any(isinstance(one, Call) and one.function.endswith("=") for one in arguments)
    kept = False
    if named:
        name, arguments, kept = placed(node, arguments)
    else:
        name = variant(ALIASES.get(node.function, node.function), len(arguments), along_axis=False)
    if (found := spelled(name, arguments, node.span)) is None:
        if name not in CATALOGUE or (name in DERIVATIVES and len(arguments) > 1):
            raise lacking(name, arguments, node.span)
        found = _in_row(name, node, arguments)
    return Call("kept", (found,), node.span) if kept else found


def _in_row(name: str, node: Call, arguments: tuple[Node, ...]) -> Node:
    """The call of a function of the catalogue, with what is left out by default."""
    row = CATALOGUE[name]
    least, most = row.arity
    if len(arguments) < least or (most is not None and len(arguments) > most):
        raise wrong_number(node, row)
    if row.fold and row.name != "array":
        return folded(name, arguments, node.span)
    missing = len(row.parameters) - len(arguments) if row.defaults else 0
    defaults = tuple(rule(text) for text in row.defaults[len(row.defaults) - missing :]) if missing else ()
    return Call(name, arguments + defaults, node.span)
