"""How much a derivative moves when everything that it is made of is rounded: the scale where it is exactly 0."""

from __future__ import annotations

from fractions import Fraction
from zlib import crc32

from gradcalc.base.errors import LimitError
from gradcalc.base.real import Real
from gradcalc.calculus.reverse import derivative
from gradcalc.engines.exact.ball import ZERO, Ball, Undecided, as_fraction, as_real, rational, working
from gradcalc.engines.exact.evaluation import Evaluator
from gradcalc.engines.exact.rules import SIGNS
from gradcalc.engines.exact.values import Flow, Undefined, Value
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, postorder, rebuilt, with_arguments

PRECISION = 384  # bits; the scale is needed to one digit
LARGEST = 3_000  # nodes of the derivative's tree
WAYS = 8  # of rounding
LEAF = "#"  # no name of the language begins so


def sensitivity(problem: Problem, name: str | None) -> Real | None:
    """The sum of |leaf * d(derivative)/d(leaf)| over every variable, number and constant; None where it has none.

    Without a name, the same of the value. A relative error of epsilon in each of them moves the derivative by at most
    epsilon times this. The derivative of sin(pi*x) at 0.5 is 0, and so is every term of it; rounding pi alone makes it
    1e-16. Where the sum is 0, as for cos(pi*x)**3 at 0.5, it is what the rounding of every step makes of the derivative
    that counts, over epsilon.
    Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.6; Chesneaux and Vignes, on the
    CESTAC method, C. R. Acad. Sci. 1988.
    """
    try:
        slope = problem.root if name is None else derivative(problem.root, name, problem.order)
    except LimitError:
        return None
    if len(postorder(slope)) > LARGEST:
        return None
    with working(PRECISION):
        try:
            found = _total(problem, slope)
            return found if found is None or found.mantissa else _moved(problem, slope)
        except (Undecided, LimitError):
            return None


def _moved(problem: Problem, slope: Node) -> Real | None:
    """How far the derivative moves, over epsilon, when every step is rounded up or down: the most of a few ways."""
    evaluator = Evaluator()
    point = evaluator.point({variable: Fraction(number) for variable, number in problem.numbers.items()})
    epsilon = Fraction(problem.format.epsilon)
    trees = [slope, *(_rounded(slope, epsilon, way) for way in range(WAYS))]
    still, *moved = (evaluator.evaluate(tree, point)[id(tree)] for tree in trees)
    if not isinstance(still, Ball):
        return None
    distances = [abs(one - still).mid() for one in moved if isinstance(one, Ball)]
    return as_real(max(distances, default=ZERO) / rational(epsilon))


def _rounded(root: Node, epsilon: Fraction, way: int) -> Node:
    """The tree with each number and the value of each call a little larger or smaller, in one of many ways."""
    order = {id(node): place for place, node in enumerate(postorder(root))}

    def rounded(node: Node, arguments: tuple[Node, ...]) -> Node:
        made = with_arguments(node, arguments)
        if isinstance(node, Call) and (node.function in SIGNS or node.function == "where"):
            return made
        up = crc32(b"%d %d" % (way, order[id(node)])) & 1
        return Call("mul", (made, Number(1 + epsilon if up else 1 - epsilon)))

    return rebuilt(root, rounded)


def _total(problem: Problem, derivative: Node) -> Real | None:
    evaluator = Evaluator()
    point = evaluator.point({variable: Fraction(number) for variable, number in problem.numbers.items()})
    named = _with_named_leaves(derivative, point, evaluator)
    whole = {leaf for leaf in point if leaf not in problem.numbers and _whole(point[leaf])}
    values = evaluator.evaluate(named, point)
    total = ZERO
    for leaf, flow in evaluator.gradient(named, values, list(point)).items():
        size = point[leaf]
        if isinstance(flow, Undefined) and leaf in whole:
            continue
        if not isinstance(flow, Flow) or not isinstance(size, Ball):
            return None
        total += abs(size) * flow.size
    return as_real(total)


def _whole(value: Value) -> bool:
    """Is this a whole number? It is not rounded, so that as the exponent of 0 it does no harm."""
    number = as_fraction(value) if isinstance(value, Ball) and value.is_exact() else None
    return number is not None and number.denominator == 1


def _with_named_leaves(root: Node, point: dict[str, Value], evaluator: Evaluator) -> Node:
    """The tree with each number and constant as a variable of its own, whose value joins the point."""

    def named(node: Node, arguments: tuple[Node, ...]) -> Node:
        if not isinstance(node, Number | Constant):
            return with_arguments(node, arguments)
        leaf = f"{LEAF}{len(point)}"
        point[leaf] = evaluator.evaluate(node, {})[id(node)]
        return Name(leaf)

    return rebuilt(root, named)
