"""An array expression, written out: each component as a scalar expression, sharing what they have in common.

The exact engine and SymPy work on these, and never hear of arrays; torch works on the arrays themselves. The number
of nodes grows as the work does: a matrix times a vector makes a product and a sum for each element.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gradcalc.arrays import square
from gradcalc.arrays.infer import Given, Shapes, infer
from gradcalc.arrays.shape import Shape, size
from gradcalc.arrays.writer import Components, Writer
from gradcalc.base.limits import Limits
from gradcalc.syntax.tree import Call, Name, Node, postorder


def expand(root: Node, shapes: Shapes, variables: Mapping[str, Components], limits: Limits, budget: str) -> Components:
    """The components of `root`, given those of its variables; a name without any is a scalar.

    Raises LimitError when they would have more nodes than the budget of that name allows.
    """
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
    return expand(root, infer(root, {}), {}, limits, "elements")


def cost(node: Call, arguments: Sequence[Shape], shape: Shape) -> int:
    """About how many nodes a call will be written out as, from the shapes of its arguments and its own."""
    elements = max(map(size, (shape, *arguments)))
    inner = int(arguments[0][-1]) if arguments and arguments[0] else 1
    if node.function in ("matmul", "dot"):
        return 2 * size(shape) * inner
    if node.function in ("det", "logdet", "inv", "solve"):
        return 2 * inner**4
    if node.function == "matrix_power":
        return 2 * inner**3 * max(abs(Given((), node.arguments).integer(1)), 1) + 2 * inner**4
    return 3 * elements


def call(node: Call, arguments: list[Components], shapes: Shapes) -> Components:
    """The components of a call."""
    writer = Writer(node, shapes[id(node)])
    rule = RULES.get(node.function)
    return rule(writer, *arguments) if rule else writer.elementwise(arguments)


Rule = Callable[..., Components]
RULES: dict[str, Rule] = {
    "array": Writer.array, "index": Writer.index, "transpose": Writer.transpose, "diag": Writer.diag,
    "eye": Writer.identity, "ones": lambda w, *_: w.filled(1), "zeros": lambda w, *_: w.filled(0),
    "matmul": Writer.matmul, "dot": Writer.matmul, "outer": Writer.outer, "kron": Writer.kron,
    "matrix_power": square.power,
    "sum": lambda w, a, *_: w.along(a, w.total), "mean": lambda w, a, *_: w.along(a, w.mean),
    "prod": lambda w, a, *_: w.along(a, w.product), "var": lambda w, a, *_: w.along(a, w.variance),
    "std": lambda w, a, *_: w.along(a, lambda terms: w.call("sqrt", w.variance(terms))),
    "amax": lambda w, a, *_: w.along(a, lambda terms: w.extreme("max", terms)),
    "amin": lambda w, a, *_: w.along(a, lambda terms: w.extreme("min", terms)),
    "logsumexp": lambda w, a, *_: w.along(a, w.logsumexp),
    "softmax": Writer.softmax, "cumsum": Writer.cumsum,
    "norm": lambda w, a: w.scalar(w.norm(list(a.nodes))),
    "norm1": lambda w, a: w.scalar(w.total([w.call("abs", node) for node in a.nodes])),
    "norminf": lambda w, a: w.scalar(w.extreme("max", [w.call("abs", node) for node in a.nodes])),
    "trace": square.trace, "det": square.determinant,
    "logdet": lambda w, a: w.scalar(w.call("log", square.characteristic(w, a)[1])),
    "inv": square.inverse, "solve": square.solve,
}  # fmt: skip
