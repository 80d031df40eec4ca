"""`x^T`: whether `T` transposes an array or is a variable, decided for a whole expression."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gradcalc.base.errors import ExpressionSyntaxError, shortened
from gradcalc.functions.printer import to_text
from gradcalc.problem.kinds import CHAINED, SCALAR, SUMS, Kind, Kinds, first_factor, kinds_of, last_factor
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    Number,
    Program,
    children,
    free_names,
    postorder,
    rebuilt,
    spanned,
    with_arguments,
)

POWERS = frozenset({"raised", "superscript"})
TRANSPOSED = "T"


def is_transposing(root: Node, likely: Kinds, known: Kinds, variables: Collection[str]) -> bool:
    """Does `^T` transpose, all through an expression? Raises where it does in one place and does not in another.

    `known` are the kinds that are given, `likely` also those of names that stand where only arrays can.
    """
    order = postorder(root)
    powers = [node for node in order if isinstance(node, Call) and _is_power_of_t(node)]
    exponents = {id(one) for node in powers for one in postorder(node.arguments[1])}
    elsewhere = any(isinstance(node, Name) and node.name == TRANSPOSED and id(node) not in exponents for node in order)
    if not powers or TRANSPOSED in variables or elsewhere:
        return False
    kinds, factors = kinds_of(root, likely), _in_products(order)
    found = [node for node in powers if _has_turned(node, known, kinds, factors)]
    unclear = [node for node in powers if id(node) not in {*map(id, found)}] if found else _recurring(order, known)
    if unclear:
        base = shortened(to_text(unclear[0].arguments[0]))
        hint = f"write `{base}.T` where it is transposed, or give T a value"
        raise ExpressionSyntaxError("it is unclear whether `T` transposes this", span=unclear[0].span, hint=hint)
    return bool(found)


def _recurring(order: Sequence[Node], known: Kinds) -> list[Call]:
    """Powers that hardly are such, `x^T*A*x`: their base, of which nothing is known, stands beside them again."""
    found = []
    begun = {id(children(node)[0]) for node in order if _is_product(node)}  # the shorter products in a longer one
    for node in order:
        if _is_product(node) and id(node) not in begun:
            factors = _factors(node)
            names = [one for one in factors if isinstance(one, Name) and one.name not in known and "" not in known]
            found += [one for one in factors if _is_power_of_t(one) and children(one)[0] in names]
    return [one for one in found if isinstance(one, Call)]


def _is_product(node: Node) -> bool:
    return isinstance(node, Call) and (node.function in CHAINED or node.function == "mul")


def _factors(node: Node) -> list[Node]:
    """The factors of a product, those of the longest products alone."""
    factors = []
    while isinstance(node, Call) and _is_product(node):
        factors.append(node.arguments[1])
        node = node.arguments[0]
    return [node, *factors]


def _is_power_of_t(node: Node) -> bool:
    """`x^T`, or `A^{-T}`."""
    if not isinstance(node, Call) or node.function not in POWERS:
        return False
    exponent = node.arguments[1]
    negative = isinstance(exponent, Call) and exponent.function == "neg" and node.function == "superscript"
    return (children(exponent)[0] if negative else exponent) == Name(TRANSPOSED)


def _in_products(order: Sequence[Node]) -> set[int]:
    """The factors that have another one behind them, or a vector's small letter before them."""
    found = set()
    for node in order:
        if isinstance(node, Call) and node.function in CHAINED:
            left, right = node.arguments
            found.add(id(last_factor(left)))
            before = last_factor(left)
            if isinstance(before, Name) and before.name[0].islower():
                found.add(id(first_factor(right)))
    return found


def _has_turned(node: Call, known: Kinds, kinds: Mapping[int, Kind], factors: Collection[int]) -> bool:
    """Is the base an array, or, where nothing is known of it, where only an array is likely?"""
    base = node.arguments[0]
    names = free_names(postorder(base))
    if kinds[id(base)] is not SCALAR or not names or all(name in known or "" in known for name in names):
        return kinds[id(base)] is not SCALAR
    added = isinstance(base, Call) and base.function in SUMS and any(isinstance(one, Number) for one in base.arguments)
    return id(node) in factors and not added


def without_stars(program: Program, known: Kinds, variables: Collection[str]) -> Program:
    """The program with `x^*` read as x transposed where it stands in a product with x, or with an array.

    Elsewhere it is a name, that of the optimum. Raises ExpressionSyntaxError where it may be either.
    """
    bodies = [one.body for one in program.statements]
    starred = program.starred
    stems = {name: stem for name, stem in starred.items() if name not in variables}
    order = postorder(*bodies)
    found, elsewhere = _starred_factors(order, stems, known), set(free_names(order))
    for node in order if stems else ():
        stem = stems.get(node.name, "") if isinstance(node, Name) else ""
        scalar = stem in variables and known.get(stem, SCALAR) is SCALAR
        likely = stem[:1].isupper() or known.get(stem, SCALAR) is not SCALAR or stem in found.values()
        if stem and id(node) not in found and likely and not scalar and stem in elsewhere:
            hint = f"write `{stem}.T` where it is transposed, or give {stem}_star a value"
            raise ExpressionSyntaxError("it is unclear whether `*` transposes this", span=node.span, hint=hint)

    def settled(node: Node, arguments: tuple[Node, ...]) -> Node:
        if id(node) in found:
            return Call("turned", (Name(found[id(node)], spanned(node)),), node.span)
        return with_arguments(node, arguments)

    if not found:
        return program
    statements = tuple(replace(one, body=rebuilt(one.body, settled)) for one in program.statements)
    return replace(program, statements=statements)


def _starred_factors(order: Sequence[Node], stems: Mapping[str, str], known: Kinds) -> dict[int, str]:
    """The names with a star that are factors beside themselves without it, or are known to be arrays."""
    found = {}
    for node in order if stems else ():
        factors = _factors(node) if _is_product(node) else []
        for factor in factors:
            stem = stems.get(factor.name) if isinstance(factor, Name) else None
            others = [one for one in factors if one is not factor]
            named = free_names(postorder(*others)) if stem and stem[0].isupper() else [*map(_name_of, others)]
            if stem and (stem in named or known.get(stem, SCALAR) is not SCALAR):
                found[id(factor)] = stem
    return found


def _name_of(node: Node) -> str:
    return node.name if isinstance(node, Name) else ""


def turned(node: Node, arguments: tuple[Node, ...]) -> Node:
    """The tree with `^T` read as transposed."""
    if not isinstance(node, Call):
        return node
    if not _is_power_of_t(node):
        return Call(node.function, arguments, node.span)
    inverse = isinstance(node.arguments[1], Call)
    return Call("turned", (Call("inv", arguments[:1], node.span) if inverse else arguments[0],), node.span)
