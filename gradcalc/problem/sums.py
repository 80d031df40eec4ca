"""Sums, products and extremes over an index: of all elements of a vector at once, or written out term by term.

`Σ x_i²` over all of x is `sum(x**2)`; `Σ i x_i` from 1 to 3 is `1*x[1] + 2*x[2] + 3*x[3]`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from gradcalc.arrays.shape import Dimension, Shape
from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError
from gradcalc.base.limits import Limits
from gradcalc.problem.folded import FOLDS, POWERS, T
from gradcalc.problem.pairs import Pairs
from gradcalc.problem.places import computed, integer, less_one, shift_of
from gradcalc.problem.rows import Rows
from gradcalc.syntax.beyond import EXTREMA
from gradcalc.syntax.grammar import OPTIMA_HINT
from gradcalc.syntax.tree import (
    Call,
    Name,
    Node,
    free_names,
    is_element,
    number,
    postorder,
    rebuilt,
    substitute,
    with_arguments,
)


@dataclass(slots=True)
class Sums(Pairs):
    """Settles one sum after the other, those inside first."""

    names: bool = False  # are elements written out from 0 on variables of their own?

    # -- one sum

    def settled(self, node: Call, arguments: tuple[Node, ...]) -> Node:
        """A sum over an index. Raises where the number of its terms is not known."""
        body, index, *bounds = arguments
        assert isinstance(index, Name)
        places = self.elements(body, index.name)
        if node.function in EXTREMA and not (bounds or places):
            raise ExpressionSyntaxError(EXTREMA[node.function], span=node.span, hint=OPTIMA_HINT)
        count = self.count(node, places, index.name, bounds)
        first = integer(bounds[0]) if bounds else 1
        if index.name not in free_names(postorder(body)):
            return self.repeated(node, body, count)
        if any(one.arguments[0] == Name(str(count)) for one in places):
            message = f"`{count}` is an array, and a number of its elements"
            raise ExpressionSyntaxError(message, span=node.span, hint=ways.OTHER_LETTER)
        said = not bounds or count is not None
        whole = said and first in (0, 1) and self.is_whole(places, index.name, count)
        if whole and (found := self.folded(node, body, index.name, places)) is not None:
            return found
        if not isinstance(count, int) or first is None:
            hint = f"write a number in place of `{count}`" if isinstance(count, str) else "write the bounds as numbers"
            raise ExpressionSyntaxError("it is unclear how many terms this has", span=node.span, hint=hint)
        return self.written_out(node, body, index.name, range(first, first + count))

    def count(self, node: Call, places: list[Call], index: str, bounds: list[Node]) -> Dimension | None:
        """How many terms a sum has: a number, the name of one, or None where that is not said."""
        if not bounds:
            known = [size for one in places if isinstance(size := self.length(one, index), int)]
            return known[0] if known else self.sizes.get(index)
        low, high = integer(bounds[0]), integer(bounds[1])
        if low is not None and high is not None:
            if high < low:
                hint = "count from the smaller bound to the larger one"
                raise ExpressionSyntaxError("this has no terms", span=node.span, hint=hint)
            return high - low + 1
        name = bounds[1].name if isinstance(bounds[1], Name) and low == 1 else less_one(bounds[1]) if low == 0 else None
        known = [size for one in places if isinstance(size := self.length(one, index), int)]
        if low is not None and known and name is None:
            return self.spanned(places, index, low, bounds[1])
        return known[0] if known and name not in self.given and name else name

    def spanned(self, places: list[Call], index: str, low: int, high: Node) -> int | None:
        """How many terms have elements, of `x_{i+1} - x_i` up to n - 1; None where that is not all of an array."""
        if any(name in self.given for name in free_names(postorder(high))):
            return None
        shifts = [(one, shift_of(place, index)) for one in places for place in one.arguments[1:]]
        known = [
            (size, shift) for one, shift in shifts if shift is not None and (size := self.size_of(one)) is not None
        ]
        if len(known) != len(shifts) or low + min(shift for _, shift in known) < 1:
            return None
        return min(size - shift for size, shift in known) - low + 1

    def size_of(self, element: Call) -> int | None:
        """How many elements a vector has, where that is known."""
        base = element.arguments[0]
        shape = self.shapes.get(base.name, ()) if isinstance(base, Name) else ()
        return shape[0] if len(shape) == 1 and isinstance(shape[0], int) else None

    def is_whole(self, places: list[Call], index: str, count: Dimension | None) -> bool:
        """Does the sum run over all elements, each counted by the index alone?"""
        bare = all(one.arguments[1:].count(Name(index)) == 1 for one in places)
        lengths = [self.length(one, index) for one in places]
        fits = all(one is None or one == count or not isinstance(one, int) or count is None for one in lengths)
        return bool(places) and bare and fits and all(self.is_array(one) for one in places)

    def is_array(self, element: Call) -> bool:
        """Is an element one of an array, rather than a variable of its own: `x_1` where that has a value?"""
        base = element.arguments[0]
        if not isinstance(base, Name) or base.name in self.shapes:
            return True
        return not any(name.removeprefix(base.name).lstrip("_").isdigit() for name in self.given if name != base.name)

    def repeated(self, node: Call, body: Node, count: Dimension | None) -> Node:
        """A sum of equal terms."""
        if count is None:
            hint = "write the bounds as numbers, or give the array a value"
            raise ExpressionSyntaxError("it is unclear how many terms this has", span=node.span, hint=hint)
        times = number(count, node.span) if isinstance(count, int) else Name(count, node.span)
        function = {"summation": "mul", "product": "pow"}.get(node.function)
        if function is None:
            return body
        return Call(function, (times, body) if function == "mul" else (body, times), node.span)

    def written_out(self, node: Call, body: Node, index: str, counts: range) -> Node:
        """Every term, from the first to the last."""
        parts = len(postorder(body))
        self.limits.require("nodes", len(counts) * parts, "the terms have too many parts", node.span)
        self.names = counts.start < 1
        terms = [self.term(body, index, count) for count in counts]
        fold = FOLDS[node.function][1]
        return reduce(lambda one, other: Call(fold, (one, other), node.span), terms)

    def term(self, body: Node, index: str, count: int) -> Node:
        """The body with a number in place of the index."""

        def at(node: Node, arguments: tuple[Node, ...]) -> Node:
            if isinstance(node, Name):
                return number(count, node.span) if node.name == index else node
            if not isinstance(node, Call):
                return node
            changed = any(one is not other for one, other in zip(arguments, node.arguments, strict=True))
            if node.function == "index" and changed:
                return self.element(node, arguments)
            return Call(node.function, arguments, node.span) if changed else node

        return rebuilt(body, at)

    def element(self, node: Call, arguments: tuple[Node, ...]) -> Node:
        """One element, its places being numbers or letters of other sums."""
        array, *places = arguments
        numbers = [integer(computed(place)) for place in places]
        if not isinstance(array, Name) or any(one is None for one in numbers):
            return Call("index", arguments, node.span)
        if array.name not in self.shapes and (self.names or not self.is_array(node)):
            plain = array.name + "_" + "_".join(map(str, numbers))
            short = array.name + "".join(map(str, numbers))
            return Name(short if short in self.given and plain not in self.given else plain, node.span)
        if array.name not in self.shapes:
            before = self.stated.get(array.name, ())
            largest = [
                max(int(one or 0), _whole(size)) for one, size in zip(numbers, (*before, *[0] * 9), strict=False)
            ]
            self.stated[array.name] = tuple(largest)
        if 0 in numbers:
            raise ExpressionSyntaxError("elements are counted from 1", span=node.span, hint=ways.COUNTED)
        return Call("index", (array, *(number(one or 0, node.span) for one in numbers)), node.span)


def with_counts(bodies: Iterable[Node], counts: Mapping[str, int]) -> tuple[list[Node], frozenset[str]]:
    """Trees with numbers in the bounds of their sums, and the names that these numbers stand for."""
    known = {name: number(count) for name, count in counts.items()}
    found: set[str] = set()

    def bounded(node: Node, arguments: tuple[Node, ...]) -> Node:
        if not known or not isinstance(node, Call) or node.function not in FOLDS:
            return with_arguments(node, arguments)
        bounds = [computed(substitute(one, known)) for one in arguments[2:]]
        found.update(known.keys() & free_names(postorder(*arguments[2:])))
        return Call(node.function, (*arguments[:2], *bounds), node.span)

    return [rebuilt(tree, bounded) for tree in bodies], frozenset(found)


def settled_sums(
    bodies: Iterable[Node],
    shapes: Mapping[str, Shape],
    given: Collection[str],
    limits: Limits,
    arrays: Collection[str] = (),
) -> tuple[list[Node], dict[str, Shape]]:
    """Trees without sums over an index, and the shapes that the sums speak of. Raises where a sum is unclear."""
    trees = list(bodies)
    order = postorder(*trees)
    sums = [node for node in order if isinstance(node, Call) and node.function in FOLDS]
    if not sums:
        return trees, {}
    known = {name: shape for name, shape in shapes.items() if shape}
    counted = {node.arguments[0].name for node in order if is_element(node) and isinstance(node.arguments[0], Name)}
    state = Sums(known, given, limits, counted.union(arrays), taken=free_names(order))
    for node in sums:
        _, index, *bounds = node.arguments
        count = state.count(node, [], index.name, bounds) if isinstance(index, Name) and bounds else None
        if isinstance(index, Name) and count is not None:
            state.sizes.setdefault(index.name, count)

    indices = {node.arguments[1].name for node in sums if isinstance(node.arguments[1], Name)}
    others = {id(one.arguments[1]) for one in order if isinstance(one, Call) and one.function in POWERS}
    others |= {id(bound) for node in sums for bound in node.arguments[2:]}
    variable = any(one == T and id(one) not in others for one in order)  # T has a meaning besides the transposed
    state.given = {*given, "T"} if variable else given
    rows = Rows(indices, state.shapes, state.given, state.state, state.is_array)

    def settled(node: Node, arguments: tuple[Node, ...]) -> Node:
        if isinstance(node, Call) and node.function in FOLDS:
            return state.settled(node, arguments)
        return with_arguments(node, arguments)

    made = [rebuilt(rows.whole(tree), settled) for tree in trees]
    sizes = {one: Name(size) if isinstance(size, str) else number(size) for one, size in state.merged.items()}
    return [substitute(tree, sizes) for tree in made] if sizes else made, state.stated


def _whole(size: Dimension) -> int:
    return size if isinstance(size, int) else 0
