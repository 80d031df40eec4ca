"""The diagnosis of a disagreement: its cause on the graph, and a cure that was checked at the same point."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

from gradcalc.answers.compare import blamed, within
from gradcalc.answers.diagnosis.absorption import absorbed
from gradcalc.answers.diagnosis.cause import Cause, Numbers, Stage, Truths, bad_bits, find, lost_bits
from gradcalc.answers.diagnosis.cures import candidates
from gradcalc.answers.diagnosis.sentences import digits, sentence
from gradcalc.answers.records import Diagnosis, Reason
from gradcalc.base.real import Real
from gradcalc.engines import ask
from gradcalc.engines.records import Slope
from gradcalc.functions.printer import to_text
from gradcalc.problem.problem import Problem
from gradcalc.problem.tolerance import Tolerance
from gradcalc.syntax.tree import Call, Node, number, postorder

LARGEST = 3_000  # nodes of an expression that is diagnosed
MOST_CURES = 40  # candidates that are tried
MANY = 1_000  # times larger than their sum: then terms cancel
SAME = Fraction(1, 2**80)
ROUNDED = (Reason.CANCELLATION, Reason.PRECISION)


def diagnose(problem: Problem, name: str, slope: Slope, tolerance: Tolerance) -> Diagnosis | None:
    """Why autograd's derivative by `name` is wrong at a smooth point; None where no cause stands out.

    Works on first derivatives of scalar problems.
    """
    if problem.order != 1 or len(postorder(problem.root)) > LARGEST:
        return None
    single = dataclasses.replace(problem, wrt=(name,))
    traced = ask.trace(single)
    truths = Truths(
        values={key: one.value for key, one in traced.items()},
        flows={key: one.flow for key, one in traced.items()},
        taken={key: one.taken for key, one in traced.items()},
    )
    numbers = ask.traced(single)
    cause = find(single, truths, numbers)
    if cause is not None and cause.stage is Stage.FORWARD and cause.kind in ROUNDED:
        magnified = cause.kind is Reason.PRECISION and _magnified(cause, numbers, problem)
        cause = dataclasses.replace(cause, magnified=magnified, absorbed=absorbed(cause, numbers, problem))
    healthy = cure(single, name, slope, tolerance)
    report = _reported(cause, healthy, problem)
    if cause is None:
        report = dataclasses.replace(report, sentence=_cancelling_ways(name, slope))
    return report if report.sentence or report.cure else None


def _magnified(cause: Cause, numbers: Numbers, problem: Problem) -> bool:
    """Does the operation itself do well, given the rounded numbers that it got, or has it no value there?"""
    node = cause.node
    given = [numbers[id(argument)][0] for argument in node.arguments]
    if not all(map(math.isfinite, given)):
        return False
    rounded = Call(node.function, tuple(number(Fraction(value)) for value in given))
    found = ask.value(rounded, {})
    return found is None or lost_bits(found, cause.autograd, problem.format) <= bad_bits(problem.format)


def _cancelling_ways(name: str, slope: Slope) -> str | None:
    """The sentence for a derivative whose terms cancel at the variable itself, where several ways meet."""
    if slope.value is None or slope.magnitude is None:
        return None
    total, terms = slope.value.fraction(), slope.magnitude.fraction()
    if not total or terms is None or terms < MANY * abs(total):
        return None
    ratio = terms / abs(total)
    lost = math.log10(ratio.numerator) - math.log10(ratio.denominator)  # of whole numbers of any size
    return (
        f"`{name}` enters in several ways, whose derivatives are as large as {digits(slope.magnitude)} and add up to "
        f"{digits(slope.value)}: {lost:.0f} digits cancel"
    )


def cure(problem: Problem, name: str, slope: Slope, tolerance: Tolerance) -> Node | None:
    """An equal expression whose derivative autograd gets right at the very point; None where none is known.

    The exact engine must find the same value and derivative as for the original, and torch must agree with it.
    """
    value = ask.value(problem.root, problem.numbers)
    for count, candidate in enumerate(candidates(problem.root)):
        if count == MOST_CURES:
            break
        tried = dataclasses.replace(problem, root=candidate)
        truth = ask.truth(tried)
        if not (_same(truth.value, value) and _same(truth.slopes[name].value, slope.value)):
            continue
        autograd = ask.autograd(tried)
        if within(slope, autograd.number(name), tolerance, problem.format):
            return candidate
    return None


def _same(one: Real | None, other: Real | None) -> bool:
    """Are there two results, and are they the same number?"""
    return one is not None and other is not None and one.equals(other, SAME)


def _reported(cause: Cause | None, healthy: Node | None, problem: Problem) -> Diagnosis:
    """The diagnosis in text and floats."""
    text = None if healthy is None else to_text(healthy)
    if cause is None:
        return Diagnosis(sentence=None, cure=text)
    return Diagnosis(
        sentence=sentence(cause, problem),
        cure=text,
        blame=blamed(cause.node, problem.source),
        operation=cause.node.function,
        stage=cause.stage,
        kind=cause.kind,
        true=None if cause.true is None else cause.true.text,
        autograd=cause.autograd,
        lost_digits=cause.lost_digits,
        condition=cause.condition,
    )
