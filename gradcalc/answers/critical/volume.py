"""The critical points of a function of several variables: a box is cut until each part holds none, or one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from gradcalc.answers.audit.box import Box as Ends
from gradcalc.answers.audit.proof import Piece
from gradcalc.answers.critical.constrained import along, multipliers, told
from gradcalc.answers.critical.forms import Place, form_in, proven_forms
from gradcalc.answers.critical.records import Break, Found, Point
from gradcalc.answers.matrices.records import Critical
from gradcalc.answers.trials.derived import tried_gradient
from gradcalc.base.effort import Exhausted, spend
from gradcalc.base.words import listed
from gradcalc.calculus.simplify import rational
from gradcalc.engines.exact.ball import working
from gradcalc.engines.exact.cases import zeros_of
from gradcalc.engines.exact.definiteness import inertia
from gradcalc.engines.exact.factors import in_common
from gradcalc.engines.exact.interval import Interval
from gradcalc.engines.exact.stationary import Box, Field, around, clusters, contracted, inside, meet, pinned, widened
from gradcalc.engines.exact.switches import switches
from gradcalc.engines.exact.zeros import BITS, may_be_zero, nearest_value, simple_numbers, value_sign
from gradcalc.functions.printer import signed_text, to_text
from gradcalc.inputs.question import Question
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node, number, postorder, substitute

SHARE = 0.5  # of the time
MOST_PARTS = 4000
NARROWEST = 24  # a part this power of two narrower than the box is cut no more
PLACE = 12  # parts that touch and together are this much narrower count as one place
PART = 30  # steps, beside those of the evaluations
KINDS = {  # are there negative and positive eigenvalues?
    (False, True): Critical.MINIMUM, (True, False): Critical.MAXIMUM, (True, True): Critical.SADDLE,
}  # fmt: skip
NO_SLOPE, GRADIENT = "no derivative", "the gradient"
STILL = "the function does not change with {}: a critical point is one for every value"
EVERYWHERE = "every point where `{}` is 0 is critical"
CURVE = "every point where {} are 0 is critical"
JUMPS = "where {} is 0 the function may jump, and extrema there are not looked for"
STEPPING = frozenset({
    "where", "sign", "floor", "ceil", "round", "trunc", "frac", "remainder", "fmod", "heaviside", "atan2", "hardshrink",
})  # fmt: skip


def in_box(question: Question, ends: Ends) -> Found:
    """The critical points in a box of several variables."""
    root = question.problem.root
    slopes = tried_gradient(question.problem, root, list(ends), twice=True)
    still = [name for name, node in slopes.items() if rational(node) == 0]
    moving = {name: Interval.between(*pair) for name, pair in ends.items() if name not in still}
    root = substitute(root, {name: number(Fraction(ends[name][0])) for name in still})
    if not moving:
        first, last = ({name: pair[end] for name, pair in ends.items()} for end in (0, 1))
        return Found(flat=[Piece(first, last)])
    with working(BITS):
        search = _Search(question.problem, root, moving)
        search.find(question)
    search.found.remarks += [STILL.format(listed(still))] if still else []
    return search.found


class _Search:
    """The parts that are still to be looked at, the largest first, and what was found."""

    def __init__(self, problem: Problem, root: Node, region: Mapping[str, Interval]) -> None:
        self.problem, self.region = problem, tuple(region.values())
        self.whole = Field.of(root, list(region))
        self.common, self.rest = in_common(self.whole.first)
        self.field = Field.of(root, list(region), self.rest)
        self.multipliers = multipliers(self.whole.names, self.whole.second)
        self.switches = switches(self.whole.root, cones=True)
        self.solved = zeros_of(self.field.first, self.field.names)
        self.parts: deque[Box] = deque(self.starts())
        self.left: list[Box] = []
        self.zeros: list[Box] = []
        self.found = Found()

    def starts(self) -> Iterator[Box]:
        """The boxes that zeros are looked for in: about those of polynomials, else all of the region."""
        whole = tuple(one.widened() for one in self.region)
        if self.solved is None:
            yield whole
            return
        for place in self.solved.places:
            box = tuple(all_ if one is None else around(one) for one, all_ in zip(place, whole, strict=True))
            if (common := meet(box, whole)) is not None and not self.on_curve(common):
                yield common

    def on_curve(self, box: Box) -> bool:
        """May a box touch one of the curves on which every point is critical?"""
        place = dict(zip(self.field.names, box, strict=True))
        curves = self.solved.curves if self.solved else []
        return any(all(may_be_zero(node, place) for node in curve) for curve in curves)

    def find(self, question: Question) -> None:
        """Look for all critical points."""
        try:
            with question.clock.grant(SHARE):
                self.run()
        except Exhausted:
            self.left += self.parts
        self.finish()

    def run(self) -> None:
        """Look at every part."""
        for _ in range(MOST_PARTS):
            if not self.parts:
                break
            spend(PART)
            self.look(self.parts[0])
            self.parts.popleft()
        self.left += self.parts

    def look(self, box: Box) -> None:
        """Settle a part, or cut it."""
        seen = self.field.over(box)
        if seen.valueless or seen.excluded or meet(box, self.region) is None:
            return
        wide = widened(box)
        if not seen.undecided and self.field.is_smooth(wide):
            closer = contracted(self.field, wide)
            if closer is not None:
                if inside(closer, wide):
                    self.note(pinned(self.field, closer))
                    return
                common = meet(closer, box)
                if common is None:
                    return
                if all(b.is_within(1, a) for a, b in zip(box, common, strict=True)):
                    self.parts.append(common)
                    return
        self.cut(box)

    def cut(self, box: Box) -> None:
        """Cut a part where it is widest, next to the whole; or leave it."""
        if all(one.is_within(NARROWEST, whole) for one, whole in zip(box, self.region, strict=True)):
            self.left.append(box)
            return
        sizes = [one.width / whole.width for one, whole in zip(box, self.region, strict=True)]
        place = max(range(len(box)), key=lambda one: sizes[one])
        self.parts.extend((*box[:place], half, *box[place + 1 :]) for half in box[place].cut())

    def note(self, zero: Box) -> None:
        """A place where the gradient is 0, if it is no known one, and not outside of the region."""
        if all(meet(zero, other) is None for other in self.zeros):
            self.zeros.append(zero)

    # -- what was found

    def finish(self) -> None:
        """Judge the places, and what is left."""
        region = dict(zip(self.field.names, self.region, strict=True))
        lines = [node for node in self.common if may_be_zero(node, region)]
        self.found.remarks += [EVERYWHERE.format(to_text(node)) for node in lines]
        for curve in self.solved.curves if self.solved else ():
            if all(may_be_zero(node, region) for node in curve):
                self.found.remarks.append(CURVE.format(listed(list(map(to_text, curve)))))
        for zero in self.zeros:
            place = dict(zip(self.field.names, zero, strict=True))
            if meet(zero, self.region) is not None and not any(may_be_zero(node, place) for node in lines):
                self.found.points.append(self.judged(zero))
        jumps = {text for node in postorder(self.whole.root) if _may_jump(node) for text in switches(node)}
        self.found.remarks += [JUMPS.format(listed(sorted(jumps), "or"))] if jumps else []
        for cluster in clusters([one for one in self.left if meet(one, self.region) is not None]):
            if not self.is_place(cluster):
                self.found.undecided.append(self.piece(cluster))
        if self.multipliers and self.found.points:
            self.found.remarks.append(told(self.multipliers))
        self.found.points.sort(key=lambda point: tuple(point.at.values()))

    def judged(self, zero: Box) -> Point:
        """The point at a place, and what the second derivatives say of it: none of their eigenvalues is 0."""
        matrix, point = self.whole.hessian(zero), self.point(zero, self.exact(zero))
        signs = None if matrix is None else inertia(matrix)
        if signs is None:
            return point
        below = along(signs, len(self.multipliers)) if self.multipliers else None
        return replace(point, kind=KINDS[signs[0] > 0, signs[1] > 0], constrained=below)

    def exact(self, where: Box) -> dict[str, Node] | None:
        """Numbers in a narrow box at which every derivative is proven to be 0."""
        for numbers in product(*map(simple_numbers, where)):
            place = dict(zip(self.field.names, numbers, strict=True))
            if all(value_sign(substitute(node, place)) == 0 for node in self.field.first):
                return place
        return form_in(self.forms, dict(zip(self.field.names, where, strict=True)))

    @cached_property
    def forms(self) -> list[Place]:
        """The zeros of the gradient in closed form, where there is one."""
        return proven_forms(self.field.first, self.field.names)

    def is_place(self, cluster: Box) -> bool:
        """Is a narrow box about one place, a critical point or one without derivatives? It is noted."""
        if not all(one.is_within(PLACE, whole) for one, whole in zip(cluster, self.region, strict=True)):
            return False
        for numbers in product(*map(simple_numbers, cluster)):
            place = dict(zip(self.field.names, numbers, strict=True))
            touched = [text for text, one in self.switches.items() if value_sign(substitute(one, place)) == 0]
            if touched:
                at = {name: nearest_value(node, {}, self.problem.format) or 0.0 for name, node in place.items()}
                self.found.breaks.append(Break(at, NO_SLOPE, touched[0], None))
                return True
        exact = self.exact(cluster)
        if exact is not None:
            self.found.points.append(self.point(cluster, exact, alone=False))
        return exact is not None

    def point(self, where: Box, exact: dict[str, Node] | None, *, alone: bool = True) -> Point:
        """The critical point in a narrow box, whose kind is not known yet."""
        names, form, kind = self.field.names, self.problem.format, Critical.UNDECIDED
        if exact is None:
            value = nearest_value(self.field.root, dict(zip(names, where, strict=True)), form)
            return Point(self.floats(where), dict.fromkeys(names), value, kind, alone)
        texts = {name: signed_text(node) for name, node in exact.items()}
        at = {name: nearest_value(node, {}, form) or 0.0 for name, node in exact.items()}
        return Point(at, texts, nearest_value(substitute(self.field.root, exact), {}, form), kind, alone)

    def floats(self, where: Box) -> dict[str, float]:
        """The floats that are nearest to the middle of a box."""
        middles = [sum(one.fractions(), Fraction(0)) / 2 for one in where]
        return {name: self.problem.format.nearest(one) for name, one in zip(self.field.names, middles, strict=True)}

    def piece(self, cluster: Box) -> Piece:
        """A part of the region about which nothing is proven, and what may be 0 there."""
        place = dict(zip(self.field.names, cluster, strict=True))
        open_ = tuple(text for text, node in self.switches.items() if may_be_zero(node, place))
        box = meet(cluster, self.region) or cluster
        ends = [[self.problem.format.nearest(end) for end in one.fractions()] for one in box]
        first, last = (dict(zip(self.field.names, side, strict=True)) for side in zip(*ends, strict=True))
        return Piece(first, last, open_ or (GRADIENT,))


def _may_jump(node: Node) -> bool:
    return isinstance(node, Call) and node.function in STEPPING
