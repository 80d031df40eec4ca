"""An array expression, written out: each component as a scalar expression, sharing what they have in common.

The exact engine and SymPy work on these, and never hear of arrays; torch works on the arrays themselves. The number
of nodes grows as the work does: a matrix times a vector makes a product and a sum for each element.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from gradcalc.arrays import square
from gradcalc.arrays.infer import Shapes, infer
from gradcalc.arrays.literals import integer
from gradcalc.arrays.places import MOVES
from gradcalc.arrays.shape import Shape, size
from gradcalc.arrays.unfold import unfolded
from gradcalc.arrays.windows import POOLS
from gradcalc.arrays.writer import Components, Writer, unwritable
from gradcalc.base.limits import Limits
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.syntax.tree import Call, Name, Node, postorder


def expand(root: Node, variables: Mapping[str, Components], limits: Limits, budget: str) -> Components:
    """The components of `root`, given those of its variables; a name without any is a scalar.

    Raises LimitError when they would have more nodes than the budget of that name allows.
    """
    known = {name: one.shape for name, one in variables.items()}
    root = unfolded(root, known, RULES)
    shapes = infer(root, known)
    expanded: dict[int, Components] = {}
    count = 0
    for node in postorder(root):
        if isinstance(node, Name):
            expanded[id(node)] = variables.get(node.name) or Components((), (node,))
        elif isinstance(node, Call):
            arguments = [expanded[id(argument)] for argument in node.arguments]
            count += cost(node, [one.shape for one in arguments], shapes[id(node)])
            limits.require(budget, count, "written out, the arrays are too large", node.span)
            expanded[id(node)] = call(node, arguments, shapes)
        else:
            expanded[id(node)] = Components((), (node,))
    return expanded[id(root)]


def constant(root: Node, limits: Limits) -> Components:
    """The components of an expression without variables."""
    return expand(root, {}, limits, "elements")


def cost(node: Call, arguments: Sequence[Shape], shape: Shape) -> int:
    """About how many nodes a call will be written out as, from the shapes of its arguments and its own."""
    inner = int(arguments[0][-1]) if arguments and arguments[0] else 1
    counted = COSTS.get(node.function)
    return counted(node, inner, size(shape)) if counted else 3 * max(map(size, (shape, *arguments)))


def call(node: Call, arguments: list[Components], shapes: Shapes) -> Components:
    """The components of a call."""
    writer = Writer(node, shapes[id(node)])
    rule, row = RULES.get(node.function), ARRAY_FUNCTIONS.get(node.function)
    if rule is None or row is None:
        return writer.elementwise(arguments)
    return rule(writer, *(row.parted(arguments)[0] if node.function in MOVES else arguments))


Rule = Callable[..., Components]
RULES: dict[str, Rule] = {
    **dict.fromkeys(MOVES, Writer.moved),
    "eye": Writer.identity, "ones": lambda w, *_: w.filled(1), "zeros": lambda w, *_: w.filled(0),
    "fold": Writer.put_back, "fold2d": Writer.put_back,
    **dict.fromkeys(POOLS, Writer.pooled),
    "matmul": Writer.matmul, "outer": Writer.outer, "kron": Writer.kron,
    "det": square.determinant, "inv": square.inverse, "matrix_power": square.power,
    "sum": lambda w, a, *_: w.along(a, w.total), "var": lambda w, a, *_: w.along(a, w.variance),
    "prod": lambda w, a, *_: w.along(a, partial(w.fold, "mul")),
    "amax": lambda w, a, *_: w.along(a, partial(w.fold, "max")),
    "amin": lambda w, a, *_: w.along(a, partial(w.fold, "min")),
    **dict.fromkeys(("eigvalsh", "svdvals", "expm"), unwritable),
    "cholesky": Writer.cholesky, "pinv": square.pseudoinverse,
    "sort": lambda w, a, *_: w.lines(a, w.ordered), "median": lambda w, a, *_: w.along(a, w.median),
    "cumprod": lambda w, a, *_: w.lines(a, partial(w.running, "mul")),
    "softmax": lambda w, a, *_: w.lines(a, w.softmax), "cumsum": lambda w, a, *_: w.lines(a, partial(w.running, "add")),
}  # fmt: skip
COSTS: dict[str, Callable[[Call, int, int], int]] = {  # by the call, the rows of a matrix, and the size of the result
    "matmul": lambda call, n, elements: 2 * elements * n,
    "det": lambda call, n, elements: 2 * n**4, "inv": lambda call, n, elements: 2 * n**4,
    "cholesky": lambda call, n, elements: n**3, "pinv": lambda call, n, elements: 2 * n**4 + 4 * elements * n,
    "sort": lambda call, n, elements: elements * elements, "median": lambda call, n, elements: (n * elements) ** 2,
    "matrix_power": lambda call, n, elements: 2 * n**3 * max(abs(integer(call.arguments[1])), 1) + 2 * n**4,
}  # fmt: skip
