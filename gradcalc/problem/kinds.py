"""Which parts of an expression are numbers, vectors or matrices: known from shapes, or called for by their place.

Vectors are columns unless they are transposed, as on paper, so that `x x^T` can be told from `x^T x`. Where nothing is
known of a name that must be an array, a capital letter is a matrix, a small one a vector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum

from gradcalc.arrays.assumed import forced_rank
from gradcalc.arrays.shape import Shape
from gradcalc.functions import ARRAY_FUNCTIONS, ELEMENTWISE
from gradcalc.functions.array_function import ANY, AXIS, ArrayFunction
from gradcalc.syntax.tree import Call, Name, Node, children, dependents, free_names, postorder


class Kind(Enum):
    """What a part of an expression is."""

    SCALAR = 0
    COLUMN = 1
    ROW = -1
    MATRIX = 2


SCALAR, COLUMN, ROW, MATRIX = Kind
Kinds = Mapping[str, Kind]
PRODUCTS = {
    (ROW, COLUMN): SCALAR, (ROW, MATRIX): ROW, (MATRIX, COLUMN): COLUMN, (MATRIX, MATRIX): MATRIX,
    (COLUMN, ROW): MATRIX, (COLUMN, MATRIX): ROW, (MATRIX, ROW): COLUMN, (COLUMN, COLUMN): SCALAR, (ROW, ROW): SCALAR,
}  # fmt: skip
TURNED = {COLUMN: ROW, ROW: COLUMN, MATRIX: MATRIX, SCALAR: SCALAR}
CHAINED = frozenset({"beside", "dotted", "crossed", "matmul"})  # products whose factors stand side by side
WANTING = {"prime": 1, "turned": 1, "norm2": 1, "angled": 2, "totalled": 1}  # operands, of what the catalogue lacks
BRACKETED = re.compile(r"\([^)]*\)")  # a size that is a product of two, in a signature
SUMS = frozenset({"add", "sub"})
MOST_ROUNDS = 20  # of looking for names that must be arrays; each finds one at least


def of_shape(shape: Shape) -> Kind:
    """The kind of a value of some shape."""
    return (SCALAR, COLUMN, MATRIX)[min(len(shape), 2)]


def join(*kinds: Kind) -> Kind:
    """The kind of what is made element by element."""
    return next((one for one in (MATRIX, COLUMN, ROW) if one in kinds), SCALAR)


def kind_of(node: Node, inside: tuple[Kind, ...], names: Kinds) -> Kind:
    """The kind of a node, by those of its arguments."""
    if isinstance(node, Call):
        rule, row = RULES.get(node.function), ARRAY_FUNCTIONS.get(node.function)
        return rule(inside) if rule else _of_row(row, inside) if row else join(*inside)
    return names.get(node.name, names.get("", SCALAR)) if isinstance(node, Name) else SCALAR


def kinds_of(root: Node, names: Kinds) -> dict[int, Kind]:
    """The kind of every part, by id."""
    found: dict[int, Kind] = {}
    for node in postorder(root):
        found[id(node)] = kind_of(node, tuple(found[id(one)] for one in children(node)), names)
    return found


def called_for(root: Node, known: Kinds, arrays: Collection[str] = ()) -> dict[str, Kind]:
    """The kinds of all names that are arrays: those that are known, and those that stand where only arrays can."""
    names = dict(known)
    free = set() if "" in known else {name for name in free_names(postorder(root)) if name not in known}
    for name, kind in (*((name, None) for name in arrays), *_wanted_names(root)):
        if name in free:
            names[name] = kind or by_letter(name)
    for _ in range(MOST_ROUNDS if free else 0):
        before = len(names)
        kinds = kinds_of(root, names)
        for node in postorder(root):
            for name in _beside_an_array(node, kinds):
                if name in free:
                    names.setdefault(name, by_letter(name))
        names.update(_fitting(root, kinds, free))
        if len(names) == before:
            break
    return names


def _fitting(root: Node, kinds: Mapping[int, Kind], free: Collection[str]) -> dict[str, Kind]:
    """Capital letters that are vectors all the same: the Y of `Y - X b`, as `X b` is one."""
    found = {}
    for node in postorder(root):
        if isinstance(node, Call) and node.function in SUMS:
            for one, other in (node.arguments, node.arguments[::-1]):
                matrix = isinstance(one, Name) and one.name in free and kinds[id(one)] is MATRIX
                if (
                    isinstance(one, Name)
                    and matrix
                    and kinds[id(other)] in (COLUMN, ROW)
                    and not isinstance(other, Name)
                ):
                    found[one.name] = kinds[id(other)]
    return found


def by_letter(name: str) -> Kind:
    """A capital letter is a matrix, a small one a vector."""
    return MATRIX if name[0].isupper() else COLUMN


def first_factor(node: Node) -> Node:
    """The factor that a chain of products begins with."""
    while isinstance(node, Call) and node.function in CHAINED:
        node = node.arguments[0]
    return node


def last_factor(node: Node) -> Node:
    """The factor that a chain of products ends with, without its sign: that of `-x^T` is `x^T`."""
    while isinstance(node, Call) and (node.function in CHAINED or node.function in ("mul", "neg")):
        node = node.arguments[-1]
    return node


def _name(node: Node) -> str:
    """The name that a factor is, or is a power of; nothing where there is none."""
    while isinstance(node, Call) and node.function in ("raised", "superscript", "transpose", "prime", "turned"):
        node = node.arguments[0]
    return node.name if isinstance(node, Name) else ""


def _beside_an_array(node: Node, kinds: Mapping[int, Kind]) -> Iterator[str]:
    """The names beside an array that must be arrays too: `x` in `A x`, `A` in `A x`, `b` in `A x + b`."""
    if not isinstance(node, Call) or len(node.arguments) != 2:
        return
    left, right = node.arguments
    before, after = kinds[id(left)], kinds[id(right)]
    if node.function in CHAINED:
        if before in (ROW, MATRIX):
            yield _name(first_factor(right))
            if after is SCALAR and isinstance(right, Call) and right.function in ELEMENTWISE:  # v^T tanh(W x)
                yield from _operand_names(right, {id(one) for one in postorder(right) if free_names(postorder(one))})
        if after in (COLUMN, MATRIX) and _name(last_factor(left))[:1].isupper():
            yield _name(last_factor(left))
    elif node.function in SUMS:
        yield from (_name(one) for one, kind in ((left, after), (right, before)) if kind is not SCALAR)
        for one, kind in ((left, after), (right, before)):
            if kind is MATRIX and kinds[id(one)] is ROW and isinstance(one, Call) and one.function in CHAINED:
                yield _name(last_factor(one.arguments[0]))  # u in A - u v^T


def _wanted_names(root: Node) -> Iterator[tuple[str, Kind | None]]:
    """The names in operands that only arrays can be, and their kind where the place says it; the surest come last."""
    found = list(_operands_wanted(root))
    yield from ((name, None) for name, kind in found if kind is None)
    yield from ((name, kind) for name, kind in found if kind is not None)


def _operands_wanted(root: Node) -> Iterator[tuple[str, Kind | None]]:
    order = postorder(root)
    named = dependents(order, free_names(order))
    products = (node for node in order if isinstance(node, Call) and node.function in CHAINED)
    factors = {id(last_factor(one)) for node in products for one in node.arguments}
    for node in order:
        if isinstance(node, Call) and (node.function != "prime" or id(node) in factors):
            for operand, kind in _array_operands(node):
                product = any(_is_product(one, named) for one in postorder(operand))
                yield from ((name, None if product else kind) for name in _operand_names(operand, named))


def _is_product(node: Node, named: Collection[int]) -> bool:
    """Is this a product of two factors with names in them?"""
    return isinstance(node, Call) and node.function in CHAINED and all(id(one) in named for one in node.arguments)


def _array_operands(node: Call) -> list[tuple[Node, Kind | None]]:
    """The arguments of a call that can be nothing but arrays, and their kind where there is but one."""
    row = ARRAY_FUNCTIONS.get(node.function)
    if row is None:
        return [(one, None) for one in node.arguments[: WANTING.get(node.function, 0)]]
    ranks = [(one, forced_rank(row, place)) for place, one in enumerate(row.parted(node.arguments)[0])]
    return [(one, {1: COLUMN, 2: MATRIX}.get(rank)) for one, rank in ranks if rank is not None]


def _operand_names(operand: Node, named: Collection[int]) -> Iterator[str]:
    """The names that have the rank of an operand: in sums all, in a chain of factors the last one and the capitals."""
    stack = [operand]
    while stack:
        part = stack.pop()
        if isinstance(part, Name):
            yield part.name
        elif isinstance(part, Call) and part.function in CHAINED | {"mul", "div"}:
            first, last = part.arguments
            quotient = part.function == "div" and id(first) in named
            if quotient or (id(first) in named) != (id(last) in named):
                stack.append(first if id(first) in named else last)
            elif part.function == "crossed":
                stack += part.arguments
            elif part.function in CHAINED:
                stack.append(last)
                before = _name(last_factor(first))
                yield from [before] * before[:1].isupper()
        elif isinstance(part, Call) and part.function != "index":
            powers = ("raised", "superscript", "pow")
            stack.extend(part.arguments[:1] if part.function in powers else part.arguments)


def _of_row(row: ArrayFunction, inside: tuple[Kind, ...]) -> Kind:
    """The kind of the result of a function of arrays, by its signature."""
    ranks = [abs(kind.value) for kind in inside]
    for one in row.signatures if row.shape else ():
        made = one.operands == 0 and len(ranks) != len(one.arguments)  # of sizes alone
        if not made and all(one.rank(place) in (None, ranks[place]) for place in range(min(one.operands, len(ranks)))):
            along = len(ranks) > one.operands
            rank = len(BRACKETED.sub("n", one.result))
            if one.result.startswith(ANY):
                rank = ranks[0] if AXIS not in one.result else (ranks[0] - 1) * along
            return (SCALAR, COLUMN, MATRIX)[max(rank, 0)]
    return join(*inside)


def _product(inside: tuple[Kind, ...]) -> Kind:
    return join(*inside) if SCALAR in inside or len(inside) != 2 else PRODUCTS[inside[0], inside[1]]


def _explicit(inside: tuple[Kind, ...]) -> Kind:
    """The kind of `x @ y`, where vectors are rows or columns as it fits."""
    return SCALAR if MATRIX not in inside else _product(inside)


RULES: dict[str, Callable[[tuple[Kind, ...]], Kind]] = {
    **dict.fromkeys(("norm2", "angled"), lambda _: SCALAR),
    "totalled": lambda inside: ROW if inside[0] is MATRIX else SCALAR,
    **dict.fromkeys(("transpose", "prime", "turned"), lambda inside: TURNED[inside[0]]),
    **dict.fromkeys(CHAINED, _product),
    "crossed": lambda inside: join(*inside),
    **dict.fromkeys(("matmul", "dot"), _explicit),
    **dict.fromkeys(("pow", "raised", "superscript"), lambda inside: inside[inside[0] is SCALAR]),  # e^x of a vector
    "array": lambda inside: COLUMN if inside[0] is SCALAR else MATRIX,
    "index": lambda inside: COLUMN if len(inside) == 2 and inside[0] is MATRIX else SCALAR,
    "slice": lambda inside: inside[0],
    "vert": lambda inside: SCALAR if inside[0] is MATRIX else inside[0],
    "where": lambda inside: join(*inside[1:]),
}
