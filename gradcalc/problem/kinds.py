"""Which parts of an expression are numbers, vectors or matrices: known from shapes, or called for by their place.

Vectors are columns unless they are transposed, as on paper, so that `x x^T` can be told from `x^T x`. Where nothing is
known of a name that must be an array, a capital letter is a matrix, a small one a vector.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum

from gradcalc.arrays.assumed import ARRAYS_ONLY, MATRIX_ONLY, VECTOR_ONLY
from gradcalc.arrays.shape import Shape
from gradcalc.functions.arrays import REDUCTIONS
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
WANTING = ARRAYS_ONLY | MATRIX_ONLY | VECTOR_ONLY | {"prime", "turned", "norm2", "inner"}  # whose operands are arrays
TWO_OPERANDS = frozenset({"matmul", "dot", "solve", "outer", "kron", "inner"})
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
        rule = RULES.get(node.function)
        return rule(inside) if rule else join(*inside)
    return names.get(node.name, names.get("", SCALAR)) if isinstance(node, Name) else SCALAR


def kinds_of(root: Node, names: Kinds) -> dict[int, Kind]:
    """The kind of every part, by id."""
    found: dict[int, Kind] = {}
    for node in postorder(root):
        found[id(node)] = kind_of(node, tuple(found[id(one)] for one in children(node)), names)
    return found


def called_for(root: Node, known: Kinds) -> dict[str, Kind]:
    """The kinds of all names that are arrays: those that are known, and those that stand where only arrays can."""
    names = dict(known)
    free = set() if "" in known else {name for name in free_names(postorder(root)) if name not in known}
    for name in _wanted_names(root):
        if name in free:
            names[name] = by_letter(name)
    for _ in range(MOST_ROUNDS if free else 0):
        before = len(names)
        kinds = kinds_of(root, names)
        for node in postorder(root):
            for name in _beside_an_array(node, kinds):
                if name in free:
                    names.setdefault(name, by_letter(name))
        if len(names) == before:
            break
    return names


def by_letter(name: str) -> Kind:
    """A capital letter is a matrix, a small one a vector."""
    return MATRIX if name[0].isupper() else COLUMN


def first_factor(node: Node) -> Node:
    """The factor that a chain of products begins with."""
    while isinstance(node, Call) and node.function in CHAINED:
        node = node.arguments[0]
    return node


def last_factor(node: Node) -> Node:
    """The factor that a chain of products ends with."""
    while isinstance(node, Call) and (node.function in CHAINED or node.function == "mul"):
        node = node.arguments[1]
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
        if after in (COLUMN, MATRIX) and _name(last_factor(left))[:1].isupper():
            yield _name(last_factor(left))
    elif node.function in SUMS:
        yield from (_name(one) for one, kind in ((left, after), (right, before)) if kind is not SCALAR)


def _wanted_names(root: Node) -> Iterator[str]:
    """The names in operands that only arrays can be."""
    order = postorder(root)
    named = dependents(order, free_names(order))
    factors = {
        id(one) for node in order if isinstance(node, Call) and node.function in CHAINED for one in node.arguments
    }
    for node in order:
        if isinstance(node, Call) and node.function in WANTING and (node.function != "prime" or id(node) in factors):
            for operand in node.arguments[: 2 if node.function in TWO_OPERANDS else 1]:
                yield from _operand_names(operand, named)


def _operand_names(operand: Node, named: Collection[int]) -> Iterator[str]:
    """The names that have the rank of an operand: in sums all, in a chain of factors the last one and the capitals."""
    stack = [operand]
    while stack:
        part = stack.pop()
        if isinstance(part, Name):
            yield part.name
        elif isinstance(part, Call) and part.function in CHAINED | {"mul", "div"}:
            first, last = part.arguments
            if (id(first) in named) != (id(last) in named):
                stack.append(first if id(first) in named else last)
            elif part.function in CHAINED:
                stack.append(last)
                before = _name(last_factor(first))
                yield from [before] * before[:1].isupper()
        elif isinstance(part, Call) and part.function != "index":
            powers = ("raised", "superscript", "pow")
            stack.extend(part.arguments[:1] if part.function in powers else part.arguments)


def _reduced(inside: tuple[Kind, ...]) -> Kind:
    return COLUMN if len(inside) > 1 and inside[0] is MATRIX else SCALAR


def _indexed(inside: tuple[Kind, ...]) -> Kind:
    return COLUMN if len(inside) == 2 and inside[0] is MATRIX else SCALAR


def _product(inside: tuple[Kind, ...]) -> Kind:
    return join(*inside) if SCALAR in inside else PRODUCTS[inside[0], inside[1]]


def _explicit(inside: tuple[Kind, ...]) -> Kind:
    """The kind of `x @ y`, where vectors are rows or columns as it fits."""
    return SCALAR if MATRIX not in inside else _product(inside)


RULES: dict[str, Callable[[tuple[Kind, ...]], Kind]] = {
    **dict.fromkeys(REDUCTIONS - {"softmax", "cumsum"}, _reduced),
    **dict.fromkeys(("norm", "norm1", "norminf", "norm2", "det", "trace", "logdet", "inner"), lambda _: SCALAR),
    **dict.fromkeys(("inv", "matrix_power", "outer", "kron", "eye"), lambda _: MATRIX),
    **dict.fromkeys(("transpose", "prime", "turned"), lambda inside: TURNED[inside[0]]),
    **dict.fromkeys(CHAINED, _product),
    **dict.fromkeys(("matmul", "dot"), _explicit),
    **dict.fromkeys(("softmax", "cumsum", "pow", "raised", "superscript"), lambda inside: inside[0]),
    **dict.fromkeys(("ones", "zeros"), lambda inside: COLUMN if len(inside) == 1 else MATRIX),
    "array": lambda inside: COLUMN if inside[0] is SCALAR else MATRIX,
    "index": _indexed,
    "solve": lambda inside: inside[1],
    "diag": lambda inside: COLUMN if inside[0] is MATRIX else MATRIX,
    "where": lambda inside: join(*inside[1:]),
}
