"""The shapes that an expression calls for, where none are given: `x.T @ A @ x` has a vector and a square matrix.

What stands where only an array can stand is a matrix where its name begins with a capital letter, else a vector, as in
textbooks; what is added to an array is one too, and a capital letter that multiplies a matrix. The sizes follow from
what fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Dimension, Shape, named_sizes
from gradcalc.base.errors import ShapeError
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.syntax.letters import GREEK
from gradcalc.syntax.tree import Call, Name, Node, children, free_names, postorder

SCALED = frozenset({"mul", "div", "pow"})
MIXED = SCALED | {
    "matmul",
    "dot",
    "index",
    "slice",
    "concat",
    "reshape",
    "diff",
    "cdist",
}  # whose arguments need not have the shape of the whole
NORMS = frozenset({"norm", "norm1", "norminf"})
SUMS = frozenset({"add", "sub"})
EITHER = 0  # a vector or a matrix, as its name says
LETTERS = ("m", "n", "k", "p", "q", "r", "s", "l")
ONE_LETTER = ("n", *LETTERS)


def assumed(root: Node, known: Mapping[str, Shape]) -> dict[str, Shape]:
    """Shapes for the variables that are not `known`, with which the expression fits together; none where none do."""
    unknown = [name for name in free_names(postorder(root)) if name not in known]
    ranks = dict(_forced(root))
    while True:
        fresh = {name: _fresh(name, ranks[name]) for name in unknown if ranks.get(name)}
        try:
            shapes, found = _fitted(root, {**known, **fresh})
        except ShapeError:
            return {}
        more = {name: rank for name, rank in _added(root, found) if name in unknown and not ranks.get(name)}
        more |= dict.fromkeys((one for one in _beside_vectors(root, found) if one in unknown and ranks[one] == 2), 1)
        more |= {name: 1 for name in _weights(root, found) if name in unknown and not ranks.get(name)}
        if not more:
            return _lettered({name: shapes[name] for name in fresh}, known, unknown)
        ranks |= more


def lettered(root: Node, ranks: Mapping[str, int]) -> dict[str, Shape]:
    """Shapes of those ranks, a letter for each size, as few of them equal as may be; none where none fit."""
    fresh = {name: _fresh(name, rank) for name, rank in ranks.items()}
    try:
        shapes, _ = _fitted(root, dict(fresh))
    except ShapeError:
        return {}
    return _lettered({name: shapes[name] for name in ranks if ranks[name]}, {}, list(ranks))


def _fresh(name: str, rank: int) -> Shape:
    """A shape whose sizes are unlike all others."""
    return tuple(f"{name} {place}" for place in range(rank))


def _forced(root: Node) -> Iterator[tuple[str, int]]:
    """The ranks of the names that stand where only an array can; the last one that a name gets is the one it has."""
    found = [
        (EITHER if row.along and _only_name(argument) else forced_rank(row, place), argument)
        for node in postorder(root)
        if isinstance(node, Call) and (row := ARRAY_FUNCTIONS.get(node.function)) is not None
        for place, argument in enumerate(row.parted(node.arguments)[0])
    ]
    for order in (EITHER, 2, 1):
        yield from ((name, rank or _rank(name)) for rank, one in found if rank == order for name in _operands(one))


def forced_rank(row: ArrayFunction, place: int) -> int | None:
    """The rank that an operand must have, EITHER for a vector or a matrix, None where a scalar may stand by itself."""
    if not any(one.least(place) for one in row.signatures):
        return None
    ranks = {one.rank(place) for one in row.signatures}
    return (ranks.pop() or EITHER) if len(ranks) == 1 else EITHER


def _only_name(operand: Node) -> bool:
    """Is an operand made of one variable? Nobody takes the mean of a number."""
    return len(free_names(postorder(operand))) == 1


def folds(root: Node) -> bool:
    """Does a function of arrays that takes a number too stand around one variable alone, as in `mean(x**2)`?"""
    return any(
        isinstance(node, Call)
        and (row := ARRAY_FUNCTIONS.get(node.function)) is not None
        and (row.along or row.name in NORMS)
        and _only_name(node.arguments[0])
        for node in postorder(root)
    )


def _operands(operand: Node) -> Iterator[str]:
    """The names that have the rank of an operand of a call."""
    stack = [operand]
    while stack:
        part = stack.pop()
        if isinstance(part, Name):
            yield part.name
        elif isinstance(part, Call) and part.function == "div" and free_names(postorder(part.arguments[0])):
            stack.append(part.arguments[0])
        elif isinstance(part, Call) and (part.function not in MIXED or _only_one_has_names(part)):
            stack.extend(children(part))


def _only_one_has_names(node: Call) -> bool:
    """Has a product of two, or a power, variables on one side alone? That side then has its shape."""
    named = [bool(free_names(postorder(argument))) for argument in node.arguments]
    return node.function in SCALED and sum(named) == 1


def _added(root: Node, found: Mapping[int, Shape]) -> Iterator[tuple[str, int]]:
    """The names that are added to an array as if they were numbers, and the capital ones that multiply a matrix."""
    for node in postorder(root):
        if isinstance(node, Call) and node.function in SUMS | {"mul"}:
            for one, other in (node.arguments, node.arguments[::-1]):
                rank = len(found[id(one)])
                if rank and isinstance(other, Name) and (node.function in SUMS or rank == _rank(other.name) == 2):
                    yield other.name, min(_rank(other.name), rank)


def _beside_vectors(root: Node, found: Mapping[int, Shape]) -> Iterator[str]:
    """The matrices that something is added to which is a vector: in `Y - X @ b` both are one, whatever the letter."""
    for node in postorder(root):
        if isinstance(node, Call) and node.function in SUMS:
            for one, other in (node.arguments, node.arguments[::-1]):
                if isinstance(one, Name) and not isinstance(other, Name):
                    yield from [one.name] * ((len(found[id(one)]), len(found[id(other)])) == (2, 1))


def _weights(root: Node, found: Mapping[int, Shape]) -> Iterator[str]:
    """The names that multiply a vector inside of a sum, as y in `sum(y*log(p))`: a number would stand before it.

    Greek letters are numbers, as everywhere.
    """
    stack = [node.arguments[0] for node in postorder(root) if isinstance(node, Call) and node.function == "sum"]
    while stack:
        node = stack.pop()
        if isinstance(node, Call) and node.function in SUMS | {"neg"}:
            stack.extend(node.arguments)
        elif isinstance(node, Call) and node.function == "mul":
            for one, other in (node.arguments, node.arguments[::-1]):
                if (
                    isinstance(one, Name)
                    and one.name.isascii()
                    and one.name not in GREEK
                    and len(found[id(other)]) == 1
                ):
                    yield one.name


def _rank(name: str) -> int:
    """2 for a capital letter, 1 for a small one."""
    return 2 if name[0].isupper() else 1


def _fitted(root: Node, shapes: dict[str, Shape]) -> tuple[dict[str, Shape], Mapping[int, Shape]]:
    """The shapes with as many sizes set equal as it takes, and those of all parts. Raises ShapeError where none fit."""
    while True:
        try:
            return shapes, infer(root, shapes)
        except ShapeError as error:
            merged = _merged(*error.sizes)
            if merged is None:
                raise
            gone, kept = merged
            shapes = {name: tuple(kept if size == gone else size for size in shape) for name, shape in shapes.items()}


def _merged(one: Dimension | None = None, other: Dimension | None = None) -> tuple[str, Dimension] | None:
    """Which of two sizes can stand for the other, as the pair that goes and stays: a fresh one goes."""
    for gone, kept in ((one, other), (other, one)):
        if isinstance(gone, str) and " " in gone and "*" not in gone and kept is not None:
            return gone, kept
    return None


def _lettered(shapes: Mapping[str, Shape], known: Mapping[str, Shape], names: list[str]) -> dict[str, Shape]:
    """The shapes with letters for the sizes that are free."""
    free = [size for size in named_sizes(shapes.values()) if " " in size]
    taken = {*names, *known, *(size for shape in known.values() for size in shape)}
    letters = (letter for letter in (ONE_LETTER if len(free) == 1 else LETTERS) if letter not in taken)
    chosen = dict(zip(free, letters, strict=False))
    if len(chosen) < len(free):
        return {}
    return {name: tuple(chosen.get(str(size), size) for size in shape) for name, shape in shapes.items()}
