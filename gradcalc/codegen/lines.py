"""Trees as lines of a program: what several read, or is nested too deep, has a line and a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gradcalc.base.errors import LimitError
from gradcalc.base.limits import current
from gradcalc.functions import COMPARISONS
from gradcalc.functions.printer import ATOM
from gradcalc.syntax.tree import Call, Name, Node, Number, children, postorder

DEEPEST = 40  # levels of one line; Python's own parser ends at 200 parentheses
CONDITIONS = frozenset(row.name for row in COMPARISONS)


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed node: how tightly it binds, whether it varies or is a plain number, how deep it is."""

    text: str
    strength: int
    tensor: bool
    depth: int = 1

    def within(self, strength: int) -> str:
        """The text, in parentheses where it binds less tightly than that."""
        return self.text if self.strength >= strength else f"({self.text})"


class Speller(Protocol):
    """What prints the nodes of a tree in a language."""

    def folded(self, order: Sequence[Node]) -> Collection[int]:
        """The ids of the nodes of a post-order that are printed as one number, or as a leaf."""

    def number(self, node: Node) -> Piece:
        """A folded node."""

    def call(self, node: Call, arguments: list[Piece]) -> Piece:
        """A call of what is printed already."""

    def assigned(self, name: str, piece: Piece) -> str:
        """The line that gives a piece a name."""


def block(
    roots: Sequence[Node], speller: Speller, names: Mapping[str, str], *, shared: bool = True, lazy: bool = False,
    first: int = 0,
) -> tuple[list[str], list[Piece]]:  # fmt: skip
    """The lines that compute trees, and what each of them is after these lines; `first` names are used up before.

    With `shared`, what is read more than once is computed once; equal parts are one node already. A `lazy` language
    evaluates one branch of a choice alone, so that what is only read in branches is computed there. Raises LimitError
    where the text is too long.
    """
    order = postorder(*roots)
    folded = speller.folded(order)
    apart = _read_often(roots, order, folded, lazy=lazy) if shared else set()
    always = _always(roots) if lazy else {id(node) for node in order}
    limits = current()
    lines: list[str] = []
    pieces: dict[int, Piece] = {}
    for node in order:
        if id(node) in folded:
            continue
        if isinstance(node, Name):
            pieces[id(node)] = Piece(names[node.name], ATOM, tensor=True)
            continue
        assert isinstance(node, Call)
        piece = speller.call(node, [pieces.get(id(one)) or speller.number(one) for one in node.arguments])
        if id(node) in apart or (piece.depth >= DEEPEST and id(node) in always):
            name = unused(first + len(lines), names)
            lines.append(speller.assigned(name, piece))
            piece = Piece(name, ATOM, tensor=True)
        if piece.depth > DEEPEST * 2:
            raise LimitError(
                "the branches are nested too deep for one line",
                hint="no option raises this limit: another --to has lines for them",
            )
        limits.require("written_characters", len(piece.text), "the program is too long to write out")
        pieces[id(node)] = piece
    return lines, [pieces.get(id(root)) or speller.number(root) for root in roots]


def _read_often(roots: Sequence[Node], order: Sequence[Node], folded: Collection[int], *, lazy: bool) -> set[int]:
    """The ids of the calls that have more than one reader, and are worth a name."""
    reads = Counter(id(child) for node in (*order, Call("", tuple(roots))) for child in children(node))
    always = _always(roots) if lazy else reads.keys()
    return {
        id(node)
        for node in order
        if isinstance(node, Call) and reads[id(node)] > 1 and id(node) in always
        and id(node) not in folded and not _is_light(node)
    }  # fmt: skip


def _is_light(node: Call) -> bool:
    """Is it as short as its name would be: a sign, or a condition on leaves?"""
    leaves = all(not isinstance(one, Call) for one in node.arguments)
    return leaves and (node.function in ("neg", "transpose", "index") or node.function in CONDITIONS)


def _always(roots: Sequence[Node]) -> set[int]:
    """The ids of the nodes that are computed whatever branches are taken."""

    def sure(node: Node) -> Sequence[Node]:
        return children(node)[:1] if isinstance(node, Call) and node.function == "where" else children(node)

    return {id(node) for node in postorder(*roots, into=sure)}


def unused(index: int, names: Mapping[str, str]) -> str:
    """A name for a line of its own."""
    name = f"t{index + 1}"
    while name in names.values():
        name += "_"
    return name


def leaves(order: Sequence[Node]) -> set[int]:
    """The ids of the nodes that are no calls, and no names: what is a number as it stands."""
    return {id(node) for node in order if not isinstance(node, Call | Name)}


def is_whole(node: Node) -> bool:
    """Is this a whole number that a program may write as one?"""
    inner = node.arguments[0] if isinstance(node, Call) and node.function == "neg" else node
    return isinstance(inner, Number) and inner.value.denominator == 1
