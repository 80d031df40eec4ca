"""Value of a tree in ball arithmetic, and its gradient by the catalogue's rules in reverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from flint import ctx

from gradcalc.base.effort import spend
from gradcalc.base.errors import LimitError
from gradcalc.engines.exact.ball import Ball, Undecided
from gradcalc.engines.exact.plan import Root, Step, derivative, plan_of, step_of
from gradcalc.engines.exact.rules import AT_ONCE, IDENTICAL, PROVING, UNIT, NoValue, Rule, Rules
from gradcalc.engines.exact.tape import Back, back, forward
from gradcalc.engines.exact.values import (
    UNDECIDED,
    Flow,
    Undefined,
    Value,
    Values,
    bound_to,
    branch,
    came_from,
    taken,
    work_out,
)
from gradcalc.syntax.tree import Call, Node, postorder

__all__ = ["AT_ONCE", "IDENTICAL", "PROVING", "Evaluator", "Flow", "Undefined", "Value", "Values"]


NOT_DIFFERENTIABLE = "this argument is a whole number, there is no derivative by it"


class Evaluator:
    """Evaluates trees, at the precision that is at work: with proofs of what is 0, or without and faster."""

    def __init__(self, rules: Rules = PROVING) -> None:
        self.rules, self.bits = rules, ctx.prec
        self.one: Ball = rules.one
        self.zero: Ball = rules.zero
        self.add: Callable[[Ball, Ball], Ball]
        self.mul: Callable[[Ball, Ball], Ball]
        self.add, self.mul = rules.arithmetic.operations["add"], rules.arithmetic.operations["mul"]

    def point(self, numbers: Mapping[str, Fraction]) -> dict[str, Value]:
        """A point in the evaluator's arithmetic."""
        return {name: self.rules.arithmetic.number(number) for name, number in numbers.items()}

    # -- forward

    def evaluate(self, root: Node, point: Mapping[str, Value], known: Values | None = None) -> Values:
        """The value of every node. Raises Undecided and LimitError where they keep that of `root` from being found.

        `known` are values that were found before; the others are added to them.
        """
        values = Values() if known is None else known
        self._work_out(root, point, values)
        values.value_of(root)
        return values

    def together(self, roots: tuple[Node, ...], point: Mapping[str, Value]) -> Values:
        """The value of every node of several trees, in one walk; what keeps one from being found, `value_of` raises."""
        values = Values()
        self._work_out(roots[0] if len(roots) == 1 else roots, point, values)
        return values

    def _work_out(self, root: Root, point: Mapping[str, Value], values: Values) -> None:
        """Add the values of the nodes that have none yet."""
        plan = plan_of(root, self.rules)
        spend(plan.effort(self.bits) * plan.part_left(values))
        tape = None if values else forward(plan)
        for name, key in plan.named:
            values[key] = point[name]
        for key, constant in plan.constants:
            values[key] = constant(())
        if tape is not None and tape.run(found := dict(values)):
            values.update(found)
            return
        for step in plan.steps:
            if step.key in values:
                continue
            if step.operation is None or values.lost:
                self._with_care(step, values)
            else:
                work_out(step, step.operation, values)

    def _with_care(self, step: Step, values: Values) -> None:
        """A step of which an argument may have no value."""
        arguments = taken(step, values)
        lost = next((values.lost[key] for key in arguments if key in values.lost), None)
        if isinstance(lost, Undefined):
            values[step.key] = values.lost[step.key] = lost
        elif lost is not None:
            values.lost[step.key] = lost
        elif step.operation is None:
            values[step.key] = values[arguments[-1]]
        else:
            work_out(step, step.operation, values)

    def everywhere(self, root: Node, point: Mapping[str, Value]) -> Values:
        """The value of every node; none of what is not decided, or too large, in a branch that is not taken."""
        values = self.evaluate(root, point)
        for node in plan_of(root, self.rules).order:
            if id(node) not in values:
                error = values.lost[id(node)]
                values[id(node)] = Undefined(node, error.message if isinstance(error, LimitError) else UNDECIDED)
        return values

    # -- structure at the point

    def active(self, values: Values, *roots: Node) -> list[Node]:
        """The post-order of the nodes that the value of `roots` really came from: without the branches not taken."""
        return postorder(*roots, into=lambda node: came_from(node, values))

    def singular(self, root: Node, values: Values, names: Sequence[str] | None = None) -> list[Call]:
        """The active calls that stand at a kink or a pole of theirs, where rules alone do not decide.

        Of those alone that the `names` are in, where these are given.
        """
        plan = plan_of(root, self.rules)
        steps = plan.singular if names is None else plan.singular_by(tuple(names))
        if plan.branching:
            active = set(map(id, self.active(values, root)))
            steps = [step for step in steps if step.key in active]
        return [step.node for step in steps if self._at_singularity(step, values)]

    def at_singularity(self, node: Call, values: Values) -> bool:
        """Does a kink or pole condition of the node's row hold at its arguments?"""
        step = step_of(node, self.rules)
        return step.singular is not None and self._at_singularity(step, values)

    def _at_singularity(self, step: Step, values: Values) -> bool:
        assert step.singular is not None
        try:
            return bool(step.singular(bound_to(step, values)))
        except Undecided as error:
            error.node = error.node or step.node
            raise

    def undecided_by(self, root: Node, values: Values, names: Sequence[str]) -> set[str]:
        """The names by which a side of a comparison has no derivative: it may have no value beside the point."""
        plan = plan_of(root, self.rules)
        if not plan.comparisons:
            return set()
        active = set(map(id, self.active(values, root)))
        sides = [side for step in plan.comparisons if step.key in active for side in step.node.arguments]
        partials = [self.gradient(side, values, names) for side in sides]
        return {name for each in partials for name, flow in each.items() if isinstance(flow, Undefined)}

    # -- reverse

    def gradient(self, root: Node, values: Values, names: Sequence[str]) -> dict[str, Flow | Undefined]:
        """The partial derivative of a node by each name; zero by a name that it lacks."""
        nothing: dict[str, Flow | Undefined] = dict.fromkeys(names, Flow(self.zero, self.zero))
        if (quick := self._quickly_back(root, values, names)) is not None:
            return nothing | quick[0].along(quick[0].ends, quick[1])
        slopes, sizes = self._reverse(root, values, names)
        found: dict[str, tuple[Ball | Undefined, Ball | None]] = {}
        for name, key in plan_of(root, self.rules).named:
            if (slope := slopes.get(key)) is not None:
                size, before = sizes.get(key), found.get(name)
                found[name] = (slope, size) if before is None else self._sum(before[0], slope, before[1], size)
        return nothing | {name: _flow(*sum_) for name, sum_ in found.items()}

    def flows(self, root: Node, values: Values, names: Sequence[str]) -> dict[int, Flow | Undefined]:
        """What flows back to each node on the way to the names."""
        if (quick := self._quickly_back(root, values, names)) is not None:
            return quick[0].along(quick[0].flows, quick[1])
        slopes, sizes = self._reverse(root, values, names)
        return {key: _flow(slope, sizes.get(key)) for key, slope in slopes.items()}

    def _quickly_back(self, root: Node, values: Values, names: Sequence[str]) -> tuple[Back, dict[int, Value]] | None:
        """The quick way back, with the values along it; None where there is none."""
        plan = plan_of(root, self.rules)
        spend(plan.effort(self.bits) * len(plan.ways(tuple(names))) / max(len(plan.steps), 1))
        way = None if values.lost else back(plan, tuple(names))
        there: dict[int, Value] = dict(values)
        return (way, there) if way is not None and way.run(there) else None

    def _reverse(
        self, root: Node, values: Values, names: Sequence[str]
    ) -> tuple[dict[int, Ball | Undefined], dict[int, Ball]]:
        """The derivative by each node on the way to the names; and its size where one before it is a sum."""
        slopes: dict[int, Ball | Undefined] = {id(root): self.one}
        sizes: dict[int, Ball] = {}
        plan = plan_of(root, self.rules)
        for step, ways in plan.ways(tuple(names)):
            slope = slopes.get(step.key)
            if slope is None:
                continue
            size = sizes.get(step.key)
            bound = bound_to(step, values) if step.operation is not None else ()
            for place, slope_by in ways:
                key = step.arguments[place]
                if step.operation is not None:
                    share, rest = self._share(step, slope_by, slope, size, bound)
                elif place == branch(step, values):  # one node may stand in both branches
                    share, rest = slope, size
                else:
                    continue
                if (before := slopes.get(key)) is not None:
                    share, rest = self._sum(before, share, sizes.get(key), rest)
                slopes[key] = share
                if rest is not None:
                    sizes[key] = rest
        return slopes, sizes

    def _share(
        self, step: Step, derivative: Rule | None, slope: Ball | Undefined, size: Ball | None, bound: Sequence[Value]
    ) -> tuple[Ball | Undefined, Ball | None]:
        """What flows on to one argument, and its size where that is not its own."""
        if derivative is UNIT or isinstance(slope, Undefined):
            return slope, size
        if derivative is None:
            return Undefined(step.node, NOT_DIFFERENTIABLE), None
        try:
            local: Ball = derivative(bound)
        except NoValue as error:
            return Undefined(step.node, error.condition), None
        except Undecided as error:
            error.node = error.node or step.node
            raise
        return self.mul(slope, local), None if size is None else abs(size * local)

    def _sum(
        self, one: Ball | Undefined, two: Ball | Undefined, size: Ball | None, other: Ball | None
    ) -> tuple[Ball | Undefined, Ball | None]:
        """The sum of two derivatives, and its size; undefined if either is."""
        if isinstance(one, Undefined) or isinstance(two, Undefined):
            return (one if isinstance(one, Undefined) else two), None
        return self.add(one, two), (abs(one) if size is None else size) + (abs(two) if other is None else other)

    def local(self, node: Call, place: int, values: Values) -> Ball | Undefined:
        """The local derivative of a node by one argument: its row's rule for a flow of 1."""
        step = step_of(node, self.rules)
        return self._share(step, derivative(step, place, self.rules), self.one, None, bound_to(step, values))[0]

    def joined(self, one: Flow | Undefined, two: Flow | Undefined) -> Flow | Undefined:
        """The sum of two flows; undefined if either is."""
        if isinstance(one, Undefined):
            return one
        if isinstance(two, Undefined):
            return two
        return Flow(self.add(one.value, two.value), one.size + two.size)


def _flow(slope: Ball | Undefined, size: Ball | None) -> Flow | Undefined:
    return slope if isinstance(slope, Undefined) else Flow(slope, abs(slope) if size is None else size)
