"""The gradient by way of intermediate results, as papers have it: in terms of what the function is made of, and of δ.

On the way forward a result may stand for itself, as `x̂` and the root of a variance do; on the way back what flows into
a result may, as δ does. What such a result stands for is put back in the end, so that equal parts are equal trees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gradcalc.arrays.infer import infer
from gradcalc.arrays.shape import Shape
from gradcalc.calculus.matrix.closed import SIZE, as_tree, has_decimals, is_small, marked_sizes
from gradcalc.calculus.matrix.form import UNIT, ZERO, Form, Leaf, Unreadable, leaf
from gradcalc.calculus.matrix.gradient import partials
from gradcalc.calculus.matrix.polish import polished
from gradcalc.calculus.matrix.product import multiply
from gradcalc.calculus.matrix.read import read
from gradcalc.calculus.matrix.recognition import Recognition
from gradcalc.calculus.matrix.sums import add, factors, number, split_scalars
from gradcalc.calculus.matrix.upright import upright
from gradcalc.syntax.tree import Call, Name, Node, Number, dependents, free_names, postorder, shared, substitute

MARK = "§"  # no name has it
TURNED = frozenset({"transpose", "neg", "index", "slice", "array"})  # say no more than what they are made of


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands for itself: results of which functions on the way forward, of all where there are none, and back."""

    forward: frozenset[str] | None
    back: frozenset[str]


QUOTIENTS = frozenset({"div", "sqrt"})  # in whose derivatives they stand themselves
SEVERAL = frozenset({"matmul", "mul", "div", "add", "sub", "outer"})  # from which a gradient flows on to several
CHOICES = (
    Choice(QUOTIENTS, frozenset()),
    Choice(QUOTIENTS, SEVERAL),
    Choice(None, frozenset()),
    Choice(None, SEVERAL),
)


def staged(
    root: Node, names: Sequence[str], shapes: Mapping[str, Shape], choice: Choice, hot: Collection[str] = ()
) -> Mapping[str, Node] | None:
    """The gradient of the scalar `root` by each variable; None where one has no closed form in array terms.

    The rows of the matrices in `hot` each have one 1, and else 0. Raises ShapeError where shapes do not fit.
    """
    root = shared(root)
    if not is_small(postorder(root)):
        return None
    try:
        return _Staged(root, shapes, choice, hot).gradient(names)
    except Unreadable:
        return None


@dataclass(slots=True)
class _Staged:
    """One pass back, and what stands for itself so far."""

    root: Node
    plain: Mapping[str, Shape]
    choice: Choice
    hot: Collection[str]
    whole: dict[str, Node] = field(default_factory=dict)  # what the names stand for
    shapes: dict[str, Shape] = field(default_factory=dict)
    known: Recognition = field(default_factory=Recognition)
    kept: list[Form] = field(default_factory=list)  # as long as they live, sums are written as they stand there

    def gradient(self, names: Sequence[str]) -> Mapping[str, Node]:
        """The gradient by each variable."""
        order = postorder(self.root)
        self.shapes |= marked_sizes(self.plain, free_names(order))
        inferred = infer(self.root, self.shapes)
        moving = dependents(order, free_names(order))
        leaves = {one: leaf(Name(one), self.shapes.get(one, ()), hot=one in self.hot) for one in free_names(order)}

        def forward(node: Node, form: Form) -> Form:
            stands = node is not self.root and id(node) in moving and self._stands(node)
            return self._named(node, form, inferred[id(node)]) if stands else form

        def back(node: Node, flow: Form) -> Form:
            return self._flow(node, flow, inferred[id(node)])

        forms = read(self.root, inferred, leaves, written=True, settled=forward)
        self.kept += forms.values()
        flows = partials(self.root, number(1), names, forms, inferred, settled=back)
        return {name: self._whole(add(*flows.get(name, [ZERO])), self.shapes.get(name, ())) for name in names}

    def _stands(self, node: Node) -> bool:
        if not isinstance(node, Call) or node.function in TURNED:
            return False
        if self.choice.forward is not None:
            return node.function in self.choice.forward
        scaled = node.function in ("mul", "div") and any(isinstance(one, Number) for one in node.arguments)
        return not scaled

    def _named(self, node: Node, form: Form, shape: Shape) -> Form:
        """A result that stands for itself."""
        if form.shape != shape or not isinstance(node, Call):
            return form
        made = self._leaf(node, shape)
        self.known.learn(form, made)
        return made

    def _flow(self, node: Node, flow: Form, shape: Shape) -> Form:
        """What flows into a node; by a name of its own where it flows on from there to several."""
        flow = self.known.told(flow)
        front, array = split_scalars(flow) if shape else (UNIT, flow)
        light = array.shape != shape or all(isinstance(base, Leaf) for base, _ in factors(array)[1])
        if light or not isinstance(node, Call) or node is self.root or node.function not in self.choice.back:
            return flow
        return multiply(front, self._leaf(self._whole(array, shape), shape))

    def _leaf(self, node: Node, shape: Shape) -> Form:
        name = f"{MARK}{len(self.whole)}"
        self.whole[name], self.shapes[name] = node, shape
        return leaf(Name(name), shape)

    def _whole(self, form: Form, shape: Shape) -> Node:
        """The tree of a form with that shape, names put back. Raises Unreadable."""
        decimals = has_decimals(postorder(self.root))
        found = as_tree(self.known.told(polished(self.known.told(form))), shape, decimals=decimals)
        if any(SIZE in one for one in free_names(postorder(found))):
            raise Unreadable
        return substitute(upright(found, {**self.shapes, **self.plain}), self.whole)
