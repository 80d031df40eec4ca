"""The critical points of a function of one variable: the zeros of its derivative, and its signs beside them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from gradcalc.answers.audit.breaks import INFINITE, KINK, break_at
from gradcalc.answers.audit.pieces import Left, Subdivision, Zero
from gradcalc.answers.audit.proof import Piece, few, of_one, piece_of
from gradcalc.answers.audit.subdivision import NARROW, SLOPE, subdivided
from gradcalc.answers.critical.forms import Place, form_in, proven_forms
from gradcalc.answers.critical.records import Break, Found, Point
from gradcalc.answers.matrices.records import Critical
from gradcalc.answers.trials.derived import tried_gradient
from gradcalc.base.effort import Exhausted
from gradcalc.base.errors import InternalError, LimitError, shortened
from gradcalc.engines.exact.at_point import evaluate
from gradcalc.engines.exact.interval import Interval
from gradcalc.engines.exact.values import Undefined
from gradcalc.engines.exact.zeros import Function, may_be_zero, nearest_value
from gradcalc.functions.printer import signed_text
from gradcalc.inputs.question import Question
from gradcalc.syntax.tree import substitute

SHARE = 0.4  # of the time, to cut the range, and to judge the places
KINDS: dict[tuple[int | None, int | None], Critical] = {  # by the sign of the derivative before and behind
    (-1, 1): Critical.MINIMUM, (1, -1): Critical.MAXIMUM, (1, 1): Critical.INFLECTION, (-1, -1): Critical.INFLECTION,
}  # fmt: skip
CONTINUOUS = (KINK, INFINITE)
BESIDE = "right next to places without a derivative nothing is proven of it, on pieces of a length up to {}"


def on_line(question: Question, name: str, ends: tuple[float, float]) -> Found:
    """The critical points between two ends."""
    problem = question.problem
    root = of_one(problem, name)
    slope = tried_gradient(problem, root, [name], twice=True)[name]
    whole = Interval.between(*ends)
    with question.clock.grant(SHARE):
        cut = subdivided(root, name, whole.widened(), slope)
    line = _Line(question, name, whole, Function.of(slope, name), cut)
    line.judge()
    return line.found


class _Line:
    """The pieces of a range and the places between them, to be judged."""

    def __init__(self, question: Question, name: str, whole: Interval, slope: Function, cut: Subdivision) -> None:
        self.question, self.problem, self.name = question, question.problem, name
        self.whole, self.slope, self.cut = whole, slope, cut
        self.root = of_one(self.problem, name)
        self.signs = {piece: slope.sign(piece.middle) for piece in cut.pieces}
        self.broken: list[Interval] = []
        self.open_: list[Interval] = []
        self.found = Found()

    def judge(self) -> None:
        """Say what there is at every place, and what is left open."""
        left = [*self.cut.left, *self.judged()]
        for piece, sign in self.signs.items():
            if sign == 0 and (inside := self.whole.meet(piece)) is not None and inside.low < inside.high:
                self.found.flat.append(self.piece(inside))
            elif sign is None:
                left.append(Left(piece, (SLOPE,)))
        left = [one for one in left if not self.is_beside_break(one)]
        for one in few(sorted(left, key=lambda one: one.where.low)):
            if (inside := self.whole.meet(one.where)) is not None:
                self.found.undecided.append(self.piece(inside, one.quantities))
        if self.open_:
            widest = max(float(high - low) for low, high in (where.fractions() for where in self.open_))
            self.found.remarks.append(BESIDE.format(f"{widest:.0e}"))

    def judged(self) -> Iterator[Left]:
        """Judge the places inside the range; those that are too hard, or that no time is left for."""
        zeros = iter([zero for zero in self.cut.zeros if self.whole.meet(zero.where) is not None])
        try:
            with self.question.clock.grant(SHARE):
                for zero in zeros:
                    try:
                        self.at(zero)
                    except LimitError:
                        yield Left(zero.where, zero.quantities)
        except Exhausted:
            for zero in zeros:
                yield Left(zero.where, zero.quantities)

    def is_beside_break(self, left: Left) -> bool:
        """Is a narrow piece, left open for the derivative alone, next to a place where there is none? It is said."""
        narrow = left.where.is_within(NARROW, self.whole) and left.quantities == (SLOPE,)
        beside = narrow and any(left.where.meet(place) is not None for place in self.broken)
        if beside:
            self.open_.append(left.where)
        return beside

    def piece(self, where: Interval, quantities: tuple[str, ...] = ()) -> Piece:
        return piece_of(self.problem, self.name, where, quantities)

    def at(self, zero: Zero) -> None:
        """Judge one place: a critical point, a place without a derivative, or neither."""
        sides = self.before(zero), self.behind(zero)
        if sides == (None, None) and self.is_outside(zero):
            return
        kind = KINDS.get(sides)
        broken = None
        if zero.quantities != (SLOPE,):
            broken = break_at(self.problem, self.name, zero, self.whole)
        if broken is not None:
            self.broken.append(zero.where)
            if zero.around is not None:
                self.open_.append(zero.around)
            extremum = zero.around is None and broken.what in CONTINUOUS and kind is not Critical.INFLECTION
            self.found.breaks.append(Break(broken.at, broken.what, broken.quantity, kind if extremum else None))
        elif 0 not in sides and (self.may_vanish(zero) or kind in (Critical.MINIMUM, Critical.MAXIMUM)):
            self.found.points.append(self.point(zero, kind or Critical.UNDECIDED))

    def may_vanish(self, zero: Zero) -> bool:
        """Is the derivative 0 at a place, as far as can be proven?

        Its factors are those of a fraction multiplied out, where sign(u)² is 1: they vanish on the wrong branch too.
        """
        return SLOPE in zero.quantities and may_be_zero(self.slope.root, {self.name: zero.where})

    def is_outside(self, zero: Zero) -> bool:
        """Is a place, with its narrow surroundings, outside of the function's domain? Raises LimitError."""
        low, high = zero.where.fractions()
        places = ({self.name: place} for place in (low, (low + high) / 2, high))
        return all(isinstance(evaluate(self.root, place), Undefined) for place in places)

    def before(self, zero: Zero) -> int | None:
        """The sign of the derivative on the piece before a place."""
        return next((sign for piece, sign in self.signs.items() if piece.high == zero.where.low), None)

    def behind(self, zero: Zero) -> int | None:
        """The sign of the derivative on the piece behind a place."""
        return next((sign for piece, sign in self.signs.items() if piece.low == zero.where.high), None)

    def point(self, zero: Zero, kind: Critical) -> Point:
        """The critical point at a place."""
        self.require_kind(zero, kind)
        form = self.problem.format
        known = {self.name: zero.number} if zero.number is not None else form_in(self.forms, {self.name: zero.where})
        at = form.nearest(sum(zero.where.fractions(), Fraction(0)) / 2)
        if known is None:
            value = nearest_value(self.root, {self.name: zero.where}, form)
            return Point({self.name: at}, {self.name: None}, value, kind)
        value = nearest_value(substitute(self.root, known), {}, form)
        return Point({self.name: at}, {name: signed_text(node) for name, node in known.items()}, value, kind)

    def require_kind(self, zero: Zero, kind: Critical) -> None:
        """Raises InternalError where the function's own values at a place and beside it say something else."""
        sides = [piece for piece in self.signs if zero.where.low == piece.high or zero.where.high == piece.low]
        there, *beside = (self.value(where) for where in (zero.where, *(Interval(*[one.middle] * 2) for one in sides)))
        higher = {one > there for one in beside if one is not None and there is not None and one != there}
        if (kind is Critical.MINIMUM and False in higher) or (kind is Critical.MAXIMUM and True in higher):
            said = f"{kind} of {shortened(signed_text(self.root))}"
            raise InternalError(f"gradcalc has a bug: it finds a {said}, the function's values do not")

    def value(self, where: Interval) -> float | None:
        return nearest_value(self.root, {self.name: where}, self.problem.format)

    @cached_property
    def forms(self) -> list[Place]:
        """The zeros of the derivative's factors in closed form, where there is one."""
        found = [factor for text, factor in self.cut.factors if text == SLOPE]
        return [place for factor in found for place in proven_forms([factor], [self.name])]
