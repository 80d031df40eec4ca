"""A proposed derivative in general: beside the true one at points all over the domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradcalc.answers.check.evidence import Evidence, Pair, pairs
from gradcalc.answers.check.hints import hint
from gradcalc.answers.check.proposal import Proposal
from gradcalc.answers.check.records import CounterExample, Finding, Judgement
from gradcalc.answers.trials.candidates import neighbours
from gradcalc.answers.trials.points import Sample, sample
from gradcalc.base.effort import Exhausted, granted
from gradcalc.base.errors import LimitError
from gradcalc.base.floating import FORMATS
from gradcalc.base.real import Real, fraction, nearest
from gradcalc.base.words import brief, place
from gradcalc.calculus.reverse import gradient
from gradcalc.calculus.simplify import build
from gradcalc.engines import ask
from gradcalc.engines.records import ClosedForm
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import DEFAULT_DTYPE, Problem
from gradcalc.syntax.tree import postorder

FLOAT64 = FORMATS[DEFAULT_DTYPE]
LOOKS, LOOKING = 2, 500_000  # points at which equal numbers are compared to a thousand digits, steps for all
LARGEST_GAP = 2_000  # nodes, for the same
NEARLY = "it is right to more than thirty digits, but not exactly"
HINT = 1_000_000  # steps for each partial, of a few
FEW_PARTIALS = 3  # of more, the hints share them


def in_general(problem: Problem, proposal: Proposal, found: Sequence[Sample], form: ClosedForm) -> Finding:
    """The finding from points all over the domain; nothing is proved yet.

    A single point where the two differ does not count. Raises LimitError where nothing can be computed.
    """
    pairs = list(pairs_at(found, proposal))
    if not pairs:
        raise LimitError(
            f"the gradient by `{proposal.name}` is too large to compute at every point that was tried",
            hint="no option raises this limit: check it at one point, with --at",
        )
    failing = [pair for pair in pairs if not pair.holds]
    everywhere = len(failing) == len(pairs) > 1
    lasting = failing if everywhere else [pair for pair in failing if not _alone(pair, problem, proposal)]
    known = [pair for pair in pairs if pair.proposed is not None and (pair.holds or pair in lasting)]
    finding = Finding(proposal.name, proposal.text, form.text, Judgement.RIGHT, points=len(known), note=form.note)
    if wrong := [pair for pair in lasting if pair.proposed is not None]:
        sentence = hint_from(problem, proposal, known)
        return replace(finding, verdict=Judgement.WRONG, counterexample=_simplest(wrong), hint=sentence)
    if lasting:
        shown = _simplest(lasting)
        return replace(
            finding, verdict=Judgement.UNDEFINED, counterexample=shown, hint=without_value(proposal, shown.at)
        )
    return replace(finding, hint=_exception(failing[0]) if failing else None)


def looked_at_closely(finding: Finding, problem: Problem, proposal: Proposal, found: Sequence[Sample]) -> Finding:
    """The finding that a derivative is right, unless it is only nearly so: 1 and 1 + 1e-40 agree to thirty digits."""
    gap = build("sub", proposal.root, gradient(problem.root, [proposal.name])[proposal.name])
    if len(postorder(gap)) > LARGEST_GAP:
        return finding
    try:
        with granted(LOOKING):
            for pair in pairs_at(found[:LOOKS], proposal):
                distance = ask.value(gap, pair.point)
                if distance is not None and distance.mantissa != 0:
                    close = counterexample(pair.point, pair.proposed, pair.true)
                    example = replace(close, difference=rounded(distance))
                    return replace(finding, verdict=Judgement.WRONG, counterexample=example, hint=NEARLY)
    except (Exhausted, LimitError):
        pass  # thirty digits have to do
    return finding


def pairs_at(found: Sequence[Sample], proposal: Proposal) -> Iterator[Pair]:
    """The proposed derivative beside the true one, wherever it can be computed."""
    return pairs(found, proposal.root, proposal.name)


def _alone(pair: Pair, problem: Problem, proposal: Proposal) -> bool:
    """Does the proposed derivative fail here and not on either side? Single points do not count."""
    beside = [one for point in neighbours(pair.point) if (one := sample(problem, point)) is not None]
    around = list(pairs_at(beside, proposal))
    if pair.proposed is None:
        return any(other.proposed is not None for other in around)
    return bool(around) and all(other.holds for other in around)


def _simplest(pairs: Sequence[Pair]) -> CounterExample:
    """The pair that is easiest to check by hand: whose numbers have the fewest digits."""
    pair = min(pairs, key=lambda one: sum(map(len, _digits(one))))
    return counterexample(pair.point, pair.proposed, pair.true)


def _digits(pair: Pair) -> list[str]:
    numbers = [repr(number).removesuffix(".0") for number in pair.point.values()]
    return numbers + [real.text.rstrip("0").rstrip(".") for real in (pair.proposed, pair.true) if real is not None]


def counterexample(point: Mapping[str, float], proposed: Real | None, true: Real | None) -> CounterExample:
    """The two values at a point, and how far they are apart."""
    return CounterExample(point, rounded(proposed), rounded(true), _difference(proposed, true))


def rounded(value: Real | None) -> float | None:
    """The nearest float, of a number that exists."""
    return nearest(value, FLOAT64)


def _difference(proposed: Real | None, true: Real | None) -> float | None:
    """Proposed minus true, rounded once; None where one is missing or beyond writing out."""
    if proposed is not None and true is not None and proposed.same(true):
        return 0.0  # the two are known to hundreds of bits, not to all
    one, other = fraction(proposed), fraction(true)
    return None if one is None or other is None else FLOAT64.nearest(one - other)


def hint_from(problem: Problem, proposal: Proposal, pairs: Sequence[Pair]) -> str | None:
    """The slip that the pairs tell of, if it is found easily."""
    telling = [pair for pair in pairs if pair.proposed is not None and not pair.special]
    try:
        with granted(HINT * min(1, FEW_PARTIALS / len(problem.wrt))):
            return hint(Evidence(problem.root, proposal.name, proposal.root, telling))
    except Exhausted:
        return None


def _exception(pair: Pair) -> str:
    """The single point where a right gradient is not."""
    where = place(pair.point)
    if pair.proposed is None:
        return f"at {where} alone it has no value"
    return f"at {where} alone it is {brief(rounded(pair.proposed))} instead of {brief(rounded(pair.true))}"


def without_value(proposal: Proposal, point: Mapping[str, float]) -> str:
    """The part of the proposed derivative that has no value."""
    missing = ask.valueless(proposal.root, point)
    assert missing is not None
    return f"`{to_text(missing)}` has no real value there"
