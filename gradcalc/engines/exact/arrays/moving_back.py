"""How fast a gradient moves: the pass back over a tree, each of its steps with its rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradcalc.arrays.definitions import settled
from gradcalc.arrays.infer import rules as rules_for
from gradcalc.arrays.places import MOVES, NOTHING, lines
from gradcalc.arrays.shape import Shape, size
from gradcalc.calculus.simplify import ZERO
from gradcalc.engines.exact.arrays.gradient import passes_on
from gradcalc.engines.exact.arrays.moving import Mover, Moving, Rates, Unmoved, still
from gradcalc.engines.exact.arrays.moving_arrays import ORDERED, chosen
from gradcalc.engines.exact.arrays.operations import axis_of
from gradcalc.engines.exact.arrays.tensor import Item, Tensor, number
from gradcalc.engines.exact.rules import literals_of
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE
from gradcalc.syntax.tree import Call, Name, Node, dependents, postorder

FLOW, OUT = Name("g"), "out"
CHOICE = Call("where", (Name("condition"), FLOW, ZERO))
OTHERWISE = Call("where", (Name("condition"), ZERO, FLOW))
Back = Callable[[Mover, Call, int, Moving, Sequence[Moving]], Moving]


def gradient(mover: Mover, root: Node, found: Mapping[int, Moving], names: Sequence[str]) -> dict[str, Moving]:
    """The gradient of a single number by each name that it depends on, and its rates. Raises as the mover does."""
    order = postorder(root)
    wanted = dependents(order, names)
    flowing = {id(root): Moving(number(mover.engine.one))}
    partials: dict[str, Moving] = {}
    for node in reversed(order):
        flow = flowing.pop(id(node), None) if id(node) in wanted else None
        if flow is None:
            continue
        if isinstance(node, Name):
            partials[node.name] = mover.added(partials[node.name], flow) if node.name in partials else flow
        elif isinstance(node, Call):
            for place, child in enumerate(node.arguments):
                if id(child) in wanted and passes_on(node, place):
                    own = _share(mover, node, place, flow, found)
                    flowing[id(child)] = mover.added(flowing[id(child)], own) if id(child) in flowing else own
    return partials


def _share(mover: Mover, node: Call, place: int, flow: Moving, found: Mapping[int, Moving]) -> Moving:
    """What flows from a call to one of its arguments."""
    arguments = [found[id(one)] for one in node.arguments]
    shape = arguments[place].shape
    back = BACK.get(node.function)
    if back is not None:
        return back(mover, node, place, flow, arguments)
    row = CATALOGUE[node.function]
    given = dict(zip(row.parameters, arguments, strict=False)) | {OUT: found[id(node)], FLOW.name: flow}
    if node.function == "where":
        tree: Node | None = CHOICE if place == 1 else OTHERWISE
        given = {"condition": arguments[0], FLOW.name: flow}
    elif node.function in ARRAY_FUNCTIONS:
        texts = rules_for(ARRAY_FUNCTIONS[node.function], [one.shape for one in arguments])
        tree = settled(row.rule_to(place, texts) or "", shape[:1], {})
    else:
        tree = mover.rules.passing(node.function, literals_of(node), place, FLOW)
    if tree is None:
        raise Unmoved
    return mover.narrowed(mover.result(tree, given), shape)


def _scattered(mover: Mover, flow: Moving, places: Sequence[int], shape: Shape, start: int = 0) -> Moving:
    """Each element's flow to where it came from, among elements of which those of this shape begin at `start`."""
    length = size(shape)
    items: list[Item] = [mover.engine.zero] * length
    rows: list[Rates] = [None] * length
    add = mover.engine.function("add")
    for source, item, row in zip(places, flow.value.items, still(flow), strict=True):
        own = source - start
        if source != NOTHING and 0 <= own < length:
            items[own] = add(items[own], item)
            rows[own] = mover.total((rows[own], row))
    return Moving(Tensor(shape, items), None if flow.rows is None else rows)


def _moved(mover: Mover, node: Call, place: int, flow: Moving, arguments: Sequence[Moving]) -> Moving:
    shapes = [one.shape for one in arguments]
    start = sum(map(size, shapes[:place]))
    return _scattered(mover, flow, MOVES[node.function](node, shapes), shapes[place], start)


def _ordered(mover: Mover, node: Call, place: int, flow: Moving, arguments: Sequence[Moving]) -> Moving:
    return _scattered(mover, flow, chosen(mover, node, arguments[0].value), arguments[0].shape)


def _sum(mover: Mover, node: Call, place: int, flow: Moving, arguments: Sequence[Moving]) -> Moving:
    """The flow of each sum to all of its terms."""
    shape, rows = arguments[0].shape, still(flow)
    items: list[Item] = [None] * size(shape)
    rates: list[Rates] = [None] * size(shape)
    for own, line in enumerate(lines(shape, axis_of(node, shape))):
        for one in line:
            items[one], rates[one] = flow.value.items[own], rows[own]
    return Moving(Tensor(shape, items), None if flow.rows is None else rates)


def _cumsum(mover: Mover, node: Call, place: int, flow: Moving, arguments: Sequence[Moving]) -> Moving:
    """The flow of each sum to its last term, and to all before."""
    items, rows = list(flow.value.items), list(still(flow))
    add = mover.engine.function("add")
    for line in lines(flow.shape, axis_of(node, flow.shape)):
        for one, other in zip(line[-2::-1], line[:0:-1], strict=True):
            items[one], rows[one] = add(items[one], items[other]), mover.total((rows[one], rows[other]))
    return Moving(Tensor(flow.shape, items), None if flow.rows is None else rows)


BACK: dict[str, Back] = {
    **dict.fromkeys(MOVES, _moved), **dict.fromkeys(ORDERED, _ordered), "sum": _sum, "cumsum": _cumsum,
}  # fmt: skip
