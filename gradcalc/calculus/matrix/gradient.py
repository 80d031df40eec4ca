"""The gradient of a scalar array expression in closed form, by reverse accumulation over the catalogue's rules."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from fractions import Fraction

from gradcalc.arrays.infer import RULES, Shapes, infer
from gradcalc.arrays.shape import Shape
from gradcalc.calculus.matrix.form import ZERO, Form, leaf
from gradcalc.calculus.matrix.ones import eye
from gradcalc.calculus.matrix.product import multiply, raise_to
from gradcalc.calculus.matrix.read import axis_of, read
from gradcalc.calculus.matrix.reduce import filled, narrowed, size
from gradcalc.calculus.matrix.structure import STRUCTURAL
from gradcalc.calculus.matrix.sums import add, number, subtract
from gradcalc.calculus.matrix.transpose import transposed
from gradcalc.functions import CATALOGUE
from gradcalc.functions.arrays import BY_DIMENSIONS, REDUCTIONS
from gradcalc.functions.function import rule, substitute
from gradcalc.syntax.tree import Call, Name, Node, Number, dependents, free_names, postorder, rebuilt, with_arguments

# What a textbook prints where the catalogue's rule is written for computing, or for special points.
TEXTBOOK: dict[str, tuple[str | None, ...]] = {
    "pow": ("g * y * x**(y - 1)", "g * out * log(x)"),
    "sigmoid": ("g * out * (1 - out)",),
    "softplus": ("g * sigmoid(x)",),
    "logsigmoid": ("g * sigmoid(-x)",),
    "tanh": ("g * (1 - out**2)",),
}


def gradient(
    root: Node, name: str, shapes: Mapping[str, Shape], symmetric: frozenset[str]
) -> tuple[Form, Mapping[int, Form]]:
    """The gradient of a scalar `root` by one variable, as a form that broadcasts to the variable's shape.

    The forms of the parts of `root` come with it: as long as they live, sums are written as they stand there.
    """
    root = shared(root)
    inferred = infer(root, shapes)
    order = postorder(root)
    names = {one: leaf(Name(one), shapes.get(one, ()), symmetric=one in symmetric) for one in free_names(order)}
    forms = read(root, inferred, names, written=True)
    wanted = dependents(order, [name])
    flows: dict[int, list[Form]] = {id(root): [number(1)]}
    partials: list[Form] = []
    for node in reversed(order):
        if id(node) not in wanted or id(node) not in flows:
            continue
        flow = add(*reversed(flows[id(node)]))  # what was written first stands first
        if isinstance(node, Name):
            partials.append(flow)
        elif isinstance(node, Call) and flow is not ZERO:
            for place, child in enumerate(node.arguments):
                if id(child) in wanted and (share := flow_to(node, place, flow, forms, inferred)) is not None:
                    flows.setdefault(id(child), []).append(share)
    found = add(*reversed(partials))
    return (doubled(found, shapes[name]) if name in symmetric else found), forms


def shared(root: Node) -> Node:
    """The tree with equal parts as one node: what flows into them is added up before it flows on."""
    seen: dict[Hashable, Node] = {}

    def first(node: Node, arguments: tuple[Node, ...]) -> Node:
        key = (node.function, *map(id, arguments)) if isinstance(node, Call) else node
        return seen.setdefault(key, with_arguments(node, arguments))

    return rebuilt(root, first)


def doubled(found: Form, shape: Shape) -> Form:
    """The gradient by a symmetric matrix, whose two triangles change together.

    Source: Petersen and Pedersen, The Matrix Cookbook, 2012, section 2.8.2: G + Gᵀ - I∘G.
    """
    whole = filled(found, shape)
    both = sorted((whole, transposed(whole)), key=lambda form: form.weight)
    return subtract(add(*both), multiply(eye(shape[0]), whole))


def flow_to(node: Call, place: int, flow: Form, forms: Mapping[int, Form], shapes: Shapes) -> Form | None:
    """What flows from a call to one of its arguments; None where nothing does."""
    found = [forms[id(one)] for one in node.arguments]
    if node.function in STRUCTURAL:
        full = [filled(form, shapes[id(one)]) for form, one in zip(found, node.arguments, strict=True)]
        return STRUCTURAL[node.function](node, place, filled(flow, shapes[id(node)]), full, shapes)
    dimensions = tuple(len(shapes[id(one)]) for one in node.arguments)
    row = CATALOGUE[node.function]
    texts = BY_DIMENSIONS.get((node.function, dimensions)) or TEXTBOOK.get(node.function) or row.vjp
    text = texts[place]
    if text is None:
        return None
    if node.function in REDUCTIONS:
        return _folded(node, text, flow, forms, shapes)
    given = dict(
        zip(row.parameters, zip(found, (shapes[id(one)] for one in node.arguments), strict=True), strict=False)
    )
    own = shapes[id(node)]
    share = by_rule(rule(text), given | {"g": (flow, own), "out": (forms[id(node)], own)})
    return share if node.function in RULES else narrowed(share, own, shapes[id(node.arguments[place])])


def by_rule(root: Node, given: Mapping[str, tuple[Form, Shape]]) -> Form:
    """The form of a rule of the catalogue, with the form and the shape of each of its parameters."""
    shapes = infer(root, {name: shape for name, (_, shape) in given.items()})
    return read(root, shapes, {name: form for name, (form, _) in given.items()})[id(root)]


def _folded(node: Call, text: str, flow: Form, forms: Mapping[int, Form], shapes: Shapes) -> Form:
    """What flows to the argument of a reduction. Along the rows it is what flows down the columns of the transpose."""
    array = node.arguments[0]
    shape, own = shapes[id(array)], shapes[id(node)]
    axis = axis_of(node, shape)
    given = {"a": (filled(forms[id(array)], shape), shape), "g": (flow, own), "out": (forms[id(node)], own)}
    if axis == 1:
        given = {
            name: (transposed(form, whole[0] if len(whole) == 2 else None), whole[::-1])
            for name, (form, whole) in given.items()
        }
    given["n"] = (multiply(size(*shape), raise_to(size(*own), Fraction(-1))), ())
    share = by_rule(_along(rule(text), None if axis is None else 0), given)
    return transposed(share, shape[1]) if axis == 1 else share


def _along(root: Node, axis: int | None) -> Node:
    """A rule with its axis put in, or left out."""
    name = Name("axis")
    if axis is not None:
        return substitute(root, {name.name: Number(Fraction(axis))})
    return rebuilt(root, lambda node, arguments: with_arguments(node, tuple(one for one in arguments if one != name)))
