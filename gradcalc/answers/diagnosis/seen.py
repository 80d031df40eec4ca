"""torch's own numbers on the way forward and back, beside the true ones: which of them is the first to be wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from gradcalc.answers.diagnosis.cause import SUMS, Cause, Numbers, Stage, bad_bits, digits_of, kind_of, lost_bits
from gradcalc.answers.verdicts import Reason
from gradcalc.base.floating import Format
from gradcalc.base.real import Real, fraction
from gradcalc.engines.records import Traced
from gradcalc.syntax.tree import Call, Name, Node, Number, children, dependents, postorder

LARGEST_CONDITION = Fraction(10) ** 300


class Seen:
    """A computation as torch did it; `names` are what it was derived by."""

    def __init__(
        self, root: Node, names: Sequence[str], truths: Mapping[int, Traced], numbers: Numbers, form: Format
    ) -> None:
        self.root, self.names, self.truths, self.numbers, self.form = root, names, truths, numbers, form
        self.order = postorder(root)
        self.bad = bad_bits(form)
        self.lost = {id(node): self._value_bits(node) for node in self.order}
        self.wrong = {key for key, bits in self.lost.items() if bits > self.bad}
        if not names:  # it is the value that is looked into
            self.wrong.add(id(root))

    def outcome(self) -> float:
        """What torch's numbers come to: the value, or the derivative by the name."""
        if not self.names:
            return self.numbers[id(self.root)][0]
        return sum(self._flow(node) for node in self.order if isinstance(node, Name) and node.name in self.names)

    def first_wrong(self) -> list[Cause]:
        """The first numbers to be wrong among those that the wrong result came through, the values before the rest."""
        found = list(self._values(self._suspects())) or [self.passage(*way) for way in self.passages()]
        return sorted(found, key=lambda cause: (cause.taken, cause.lost_digits), reverse=True)

    def first_values(self) -> list[Node]:
        """The parts whose value is the first to be wrong."""
        return [node for node in self.order if isinstance(node, Call | Number) and self._is_first(node)]

    # -- causes

    def rounded(self, node: Node) -> Cause:
        """A value that is but rounded as a cause; it is what magnifies the rounding that tells what happened."""
        above: set[int] = {id(node)}
        for one in self.order:
            if any(id(child) in above for child in children(one)):
                above.add(id(one))
        first = next((one for one in self.first_values() if id(one) in above), None)
        magnifier = None if first is None else self.value(first)
        kind = Reason.PRECISION if magnifier is None else magnifier.kind
        return replace(self.value(node), kind=kind, magnifier=magnifier)

    def value(self, node: Node) -> Cause:
        """A value as a cause."""
        truth, found = self.truths[id(node)], self.numbers[id(node)][0]
        return Cause(
            node=node,
            stage=Stage.FORWARD,
            kind=kind_of(node, truth.value, found, self.form),
            true=truth.value,
            autograd=found,
            lost_digits=digits_of(self.lost[id(node)], self.form),
            condition=self._condition(node),
            taken=truth.taken,
        )

    def passage(self, node: Node, argument: Node) -> Cause:
        """What a node passes back to an argument as a cause."""
        true, found = self.truths[id(argument)].flow, self._flow(argument)
        kind = Reason.NAN if math.isnan(found) else kind_of(node, true, found, self.form)
        return Cause(
            node=node,
            stage=Stage.BACKWARD,
            kind=Reason.PRECISION if kind is Reason.CANCELLATION else kind,
            true=true,
            autograd=found,
            lost_digits=digits_of(self.flow_bits(argument), self.form),
            argument=argument,
            taken=self.truths[id(node)].taken,
            healthy=not self.wrong,
        )

    def meeting(self, nodes: Sequence[Node], true: Real, size: Real) -> Cause:
        """What flows back to equal nodes all together as a cause."""
        found = math.fsum(map(self._flow, nodes)) if all(map(math.isfinite, map(self._flow, nodes))) else math.nan
        total, terms = true.fraction(), size.fraction()
        ratio = LARGEST_CONDITION if not total or terms is None else terms / abs(total)
        return Cause(
            node=nodes[0],
            stage=Stage.BACKWARD,
            kind=Reason.CANCELLATION,
            true=true,
            autograd=found,
            lost_digits=round(math.log10(ratio.numerator) - math.log10(ratio.denominator), 1),  # of any size
            condition=float(min(ratio, LARGEST_CONDITION)),
            size=size,
            healthy=not self.wrong,
        )

    # -- which are wrong

    def _value_bits(self, node: Node) -> float:
        return lost_bits(self.truths[id(node)].value, self.numbers[id(node)][0], self.form)

    def _flow(self, node: Node) -> float:
        found = self.numbers[id(node)][1]
        return 0.0 if found is None else found

    def flow_bits(self, node: Node) -> float:
        """How wrong the gradient is that reached a node; where nothing should reach it, only nan and inf count."""
        found, true = self.numbers[id(node)][1], self.truths[id(node)].flow
        if found is None:
            return 0.0
        if true is None:
            return 0.0 if math.isfinite(found) else math.inf
        return lost_bits(true, found, self.form)

    def _is_first(self, node: Node) -> bool:
        return id(node) in self.wrong and not any(id(child) in self.wrong for child in children(node))

    def _suspects(self) -> list[Node]:
        """The wrong values that the wrong result came through, from either end of the way."""
        start = (
            [self.root] if not self.names else [one for node, _ in self._ways_back() for one in (node, *children(node))]
        )
        reached: set[int] = set()
        stack = [node for node in start if id(node) in self.wrong]
        while stack:
            node = stack.pop()
            if id(node) not in reached:
                reached.add(id(node))
                stack += [child for child in children(node) if id(child) in self.wrong]
        return [node for node in self.order if id(node) in reached]

    def _ways_back(self) -> Iterator[tuple[Call, Node]]:
        """The calls that a wrong gradient goes through, each with the argument that gets it."""
        wanted = dependents(self.order, self.names)
        for node in self.order:
            if isinstance(node, Call) and self.numbers[id(node)][1] is not None:
                for child in node.arguments:
                    if id(child) in wanted and self.flow_bits(child) > self.bad:
                        yield node, child

    def _values(self, nodes: Sequence[Node]) -> Iterator[Cause]:
        yield from (self.value(node) for node in nodes if isinstance(node, Call | Number) and self._is_first(node))

    def passages(self) -> list[tuple[Call, Node]]:
        """The calls that get a right gradient, each with an argument that it passes a wrong one on to."""
        return [way for way in self._ways_back() if self.flow_bits(way[0]) <= self.bad]

    def _condition(self, node: Node) -> float | None:
        """(|a| + |b|) / |a ± b|: by how much a sum magnifies the relative errors of its terms."""
        if not isinstance(node, Call) or node.function not in SUMS:
            return None
        terms = [fraction(self.truths[id(child)].value) for child in node.arguments]
        whole = fraction(self.truths[id(node)].value)
        if not whole or None in terms:
            return None
        return float(min(sum(abs(term) for term in terms if term is not None) / abs(whole), LARGEST_CONDITION))
