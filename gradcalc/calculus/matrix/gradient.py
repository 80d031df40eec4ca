"""The gradient of a scalar array expression in closed form, by reverse accumulation over the catalogue's rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from gradcalc.arrays.definitions import DOWN, settled
from gradcalc.arrays.infer import Shapes, infer, rules
from gradcalc.arrays.shape import Shape
from gradcalc.calculus.matrix.form import ZERO, Form, leaf
from gradcalc.calculus.matrix.ones import eye
from gradcalc.calculus.matrix.parts import PARTS, put_together
from gradcalc.calculus.matrix.product import multiply
from gradcalc.calculus.matrix.read import Settled, as_it_is, axis_of, read
from gradcalc.calculus.matrix.reduce import filled, narrowed
from gradcalc.calculus.matrix.spectral import by_matrices
from gradcalc.calculus.matrix.structure import STRUCTURAL, of_multiple
from gradcalc.calculus.matrix.sums import add, number, subtract
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.functions import CATALOGUE
from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import Rule, rule
from gradcalc.syntax.tree import Call, Name, Node, dependents, free_names, postorder, shared

# What a textbook prints where the catalogue's rule is written for computing, or for special points.
TEXTBOOK: dict[str, tuple[Rule, ...]] = {
    "pow": ("g * y * x**(y - 1)", "g * out * log(x)"),
    "sigmoid": ("g * out * (1 - out)",),
    "softplus": ("g * sigmoid(x)",),
    "logsigmoid": ("g * sigmoid(-x)",),
    "tanh": ("g * (1 - out**2)",),
    "gelu": ("g * (ndtr(x) + x * exp(-x**2 / 2) / sqrt(2 * pi))",),
}


def gradient(
    root: Node, name: str, shapes: Mapping[str, Shape], symmetric: frozenset[str], hot: frozenset[str] = frozenset()
) -> tuple[Form, Mapping[int, Form]]:
    """The gradient of a scalar `root` by one variable, as a form that broadcasts to the variable's shape.

    The forms of the parts of `root` come with it: as long as they live, sums are written as they stand there.
    """
    root = shared(by_matrices(root))
    inferred = infer(root, shapes)
    order = postorder(root)
    names = {
        one: leaf(Name(one), shapes.get(one, ()), symmetric=one in symmetric, hot=one in hot)
        for one in free_names(order)
    }
    forms = read(root, inferred, names, written=True)
    found = accumulated(root, number(1), [name], forms, inferred).get(name, ZERO)
    return (doubled(found, shapes[name]) if name in symmetric else found), forms


def accumulated(
    root: Node, flow: Form, names: Sequence[str], forms: Mapping[int, Form], shapes: Shapes
) -> dict[str, Form]:
    """What flows to each of the names when `flow` flows into `root`; nothing for one that none flows to."""
    return {name: add(*found) for name, found in partials(root, flow, names, forms, shapes).items()}


def partials(
    root: Node,
    flow: Form,
    names: Sequence[str],
    forms: Mapping[int, Form],
    shapes: Shapes,
    settled: Settled = as_it_is,
) -> dict[str, list[Form]]:
    """The same for each use of a name in turn: what flows to it there; `settled` makes of a flow what flows on."""
    order = postorder(root)
    wanted = dependents(order, names)
    flows: dict[int, list[Form]] = {id(root): [flow]}
    parts: dict[int, list[tuple[Call, Form]]] = {}  # what flows to parts of an array, by these
    found: dict[str, list[Form]] = {}
    for node in reversed(order):
        flows.setdefault(id(node), []).extend(put_together(node, parts.get(id(node), []), shapes))
        if id(node) not in wanted or not flows[id(node)]:
            continue
        flow = settled(node, add(*reversed(flows[id(node)])))  # what was written first stands first
        if isinstance(node, Name):
            found.setdefault(node.name, []).extend(reversed(flows[id(node)]))
        elif isinstance(node, Call) and flow is not ZERO:
            for place, child in enumerate(node.arguments):
                if id(child) in wanted and node.function in PARTS:
                    parts.setdefault(id(child), []).append((node, filled(flow, shapes[id(node)])))
                elif id(child) in wanted and (share := _share(node, place, flow, forms, shapes, wanted)) is not None:
                    flows.setdefault(id(child), []).append(share)
    return found


def _share(
    node: Call, place: int, flow: Form, forms: Mapping[int, Form], shapes: Shapes, wanted: Collection[int]
) -> Form | None:
    """What flows from a call to one of its arguments, of which the `wanted` ones move."""
    own = of_multiple(node, filled(flow, shapes[id(node)]), forms[id(node)], shapes, wanted)
    return flow_to(node, place, flow, forms, shapes) if own is None else own


def doubled(found: Form, shape: Shape) -> Form:
    """The gradient by a symmetric matrix, whose two triangles change together.

    Source: Petersen and Pedersen, The Matrix Cookbook, 2012, section 2.8.2: G + Gᵀ - I∘G.
    """
    whole = filled(found, shape)
    both = sorted((whole, transposed(whole)), key=lambda form: form.weight)
    return subtract(add(*both), multiply(eye(shape[0]), whole))


def flow_to(node: Call, place: int, flow: Form, forms: Mapping[int, Form], shapes: Shapes) -> Form | None:
    """What flows from a call to one of its arguments; None where nothing does."""
    found, own = [forms[id(one)] for one in node.arguments], [shapes[id(one)] for one in node.arguments]
    if node.function in STRUCTURAL:
        full = list(map(filled, found, own))
        return STRUCTURAL[node.function](node, place, filled(flow, shapes[id(node)]), full, shapes)
    row = CATALOGUE[node.function]
    texts = rules(row, own) if isinstance(row, ArrayFunction) else TEXTBOOK.get(row.name, row.vjp)
    text = row.rule_to(place, texts)
    if text is None:
        return None
    whole = (forms[id(node)], shapes[id(node)])
    given = dict(zip(row.parameters, zip(found, own, strict=True), strict=False))
    given |= {"g": (flow, whole[1]), "out": whole}
    if not isinstance(row, ArrayFunction):
        return narrowed(by_rule(rule(text), given), whole[1], own[place])
    return _folded(node, text, given) if row.along else by_rule(settled(text, own[0][:1], {}), given)


def by_rule(root: Node, given: Mapping[str, tuple[Form, Shape]]) -> Form:
    """The form of a rule of the catalogue, with the form and the shape of each of its parameters."""
    shapes = infer(root, {name: shape for name, (_, shape) in given.items()})
    return read(root, shapes, {name: form for name, (form, _) in given.items()})[id(root)]


def _folded(node: Call, text: str, given: dict[str, tuple[Form, Shape]]) -> Form:
    """What flows to the argument of a reduction. Along the rows it is what flows down the columns of the transpose."""
    array, shape = given["a"]
    axis = axis_of(node, shape)
    given = given | {"a": (filled(array, shape), shape)}
    root = settled(text, shape, {}) if axis is None else settled(text, (shape[axis],), DOWN)
    if axis != 1:
        return by_rule(root, given)
    turned = {
        name: (transposed(form, whole[0] if len(whole) == 2 else None), whole[::-1])
        for name, (form, whole) in given.items()
    }
    return transposed(by_rule(root, turned), shape[1])
