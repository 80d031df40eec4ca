"""What names and comparisons must be for an expression to be settled; each check raises, with the place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import ExpressionSyntaxError, UnknownNameError, shortened
from gradcalc.functions import COMPARISONS, VOCABULARY, WORDS
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.forms import row_of, usage
from gradcalc.syntax.apart import functions_inside, product_inside
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tree import Call, Name, Node, Program, postorder

CONSTANTS = ("pi", "e")
NOT_NUMBERS = {"nan": "leave it out: what has no value comes out as such", "inf": "write a large number, such as `1e6`"}
VARIABLES_TOO = GREEK | WORDS  # a parenthesis after one of these makes it a function, nothing else does
CONDITIONS = frozenset(row.name for row in COMPARISONS)


def require_variable(node: Name, variables: Collection[str]) -> None:
    """Raises where a name stands for no number: `inf`, or a function without its argument.

    A function's name may be a variable where the user makes it one; a Greek letter and `round` are so anyway.
    """
    name = node.name
    if name in NOT_NUMBERS:
        raise UnknownNameError(f"`{name}` is not a number here", span=node.span, hint=NOT_NUMBERS[name])
    known = name in variables or name in WORDS
    if not known and (meant := functions_inside(name, VOCABULARY.bare)) is not None:
        raise UnknownNameError(
            f"`{name}` is one name, and it has no value", span=node.span, hint=f"write `{meant}`, or --wrt {name}"
        )
    if name in VOCABULARY.functions and name not in variables and name not in VARIABLES_TOO:
        raise ExpressionSyntaxError(
            f"`{name}` is a function and needs an argument", span=node.span, hint=f"write `{_example(name)}`"
        )


def _example(name: str) -> str:
    """A call of a function, its matrices in capital letters: `det(A)`."""
    row = row_of(name)
    if not isinstance(row, ArrayFunction):
        return usage(row, name)
    ranks = [
        [one.rank(place) for one in row.signatures if place < one.operands] for place in range(len(row.parameters))
    ]
    letters = [
        one.upper() if rank and set(rank) == {2} else one for one, rank in zip(row.parameters, ranks, strict=True)
    ]
    return usage(replace(row, parameters=tuple(letters)), name)


def require_apart(program: Program, given: Collection[str], shapes: Mapping[str, Shape]) -> None:
    """Raises at a name without a value whose letters have values, or are a function's own: `f(x, y) = xy`.

    It is one name, and no product.
    """
    own = {*given, *program.parameters, *(one.name for one in program.statements)}
    known = {*(shapes or program.parameters), *CONSTANTS}
    for node in postorder(*(one.body for one in program.statements)) if known > {*CONSTANTS} else ():
        if isinstance(node, Name) and node.name not in own and (factors := product_inside(node.name, known)):
            product = (" @ " if any(shapes.get(one) for one in factors) else "*").join(factors)
            message = f"`{shortened(node.name)}` is one name, and it has no value"
            raise UnknownNameError(message, span=node.span, hint=f"for a product write `{shortened(product)}`")


def require_conditions(order: list[Node]) -> None:
    """Raises unless comparisons stand where `where` asks for a condition, and nowhere else."""
    expected = {
        id(node.arguments[0])
        for node in order
        if isinstance(node, Call) and node.function == "where" and node.arguments
    }
    for node in order:
        condition = isinstance(node, Call) and node.function in CONDITIONS
        if condition and id(node) not in expected:
            equation = isinstance(node, Call) and node.function == "eq" and node is order[-1]
            hint = "write it with one `=`, as an equation is" if equation else "use it as `where(x > 0, a, b)`"
            raise ExpressionSyntaxError("expected a number, found a comparison", span=node.span, hint=hint)
        if not condition and id(node) in expected:
            raise ExpressionSyntaxError(
                "expected a comparison, found a number", span=node.span, hint="write `where(x > 0, a, b)`, for instance"
            )
