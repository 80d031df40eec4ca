"""The diagnosis of a disagreement: its cause on the graph, and a cure that was checked at the same point."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from gradcalc.compare import blamed, within
from gradcalc.diagnosis.cause import BAD_BITS, Cause, Numbers, Stage, Truths, find, lost_bits
from gradcalc.diagnosis.cures import candidates
from gradcalc.loading import load
from gradcalc.problem import Problem
from gradcalc.results import Autograd, Diagnosis, Reason
from gradcalc.syntax.printer import to_text
from gradcalc.syntax.tree import Call, Node, number, postorder
from gradcalc.tolerance import Tolerance
from gradcalc.truth import Real, Slope, Truth

TRACE = "gradcalc.engines.trace:trace"
TRACED = "gradcalc.engines.torch:traced"
VALUE = "gradcalc.engines.exact:value"
TRUTH = "gradcalc.engines.exact:differentiate"
AUTOGRAD = "gradcalc.engines.torch:differentiate"
LARGEST = 3_000  # nodes of an expression that is diagnosed
MOST_CURES = 40  # candidates that are tried
MANY = 1_000  # times larger than their sum: then terms cancel
SAME = Fraction(1, 2**80)
FAR = 6  # digits of a power of ten that Python's decimals cannot hold


def diagnose(problem: Problem, name: str, slope: Slope, tolerance: Tolerance) -> Diagnosis | None:
    """Why autograd's derivative by `name` is wrong at a smooth point; None where no cause stands out.

    Works on first derivatives of scalar problems.
    """
    if problem.order != 1 or len(postorder(problem.root)) > LARGEST:
        return None
    single = dataclasses.replace(problem, wrt=(name,))
    traced = load(TRACE)(single)
    truths = Truths(
        values={key: one.value for key, one in traced.items()},
        flows={key: one.flow for key, one in traced.items()},
        taken={key: one.taken for key, one in traced.items()},
    )
    numbers = load(TRACED)(single)
    cause = find(single, truths, numbers)
    if cause is not None and cause.stage is Stage.FORWARD and cause.kind is Reason.PRECISION:
        cause = dataclasses.replace(cause, magnified=_magnified(cause, numbers, problem))
    healthy = cure(single, name, slope, tolerance)
    report = _reported(cause, healthy, problem)
    if cause is None:
        report = dataclasses.replace(report, sentence=_cancelling_ways(name, slope))
    return report if report.sentence or report.cure else None


def _magnified(cause: Cause, numbers: Numbers, problem: Problem) -> bool:
    """Does the operation itself do well, given the rounded numbers that it got?"""
    node = cause.node
    if not isinstance(node, Call):
        return False
    given = [numbers[id(argument)][0] for argument in node.arguments]
    if not all(map(math.isfinite, given)):
        return False
    rounded = Call(node.function, tuple(number(Fraction(value)) for value in given))
    found: Real | None = load(VALUE)(rounded, {})
    return found is not None and lost_bits(found, cause.autograd, problem.format) <= BAD_BITS


def _cancelling_ways(name: str, slope: Slope) -> str | None:
    """The sentence for a derivative whose terms cancel at the variable itself, where several ways meet."""
    if slope.value is None or slope.magnitude is None:
        return None
    total, terms = slope.value.fraction(), slope.magnitude.fraction()
    if not total or terms is None or terms < MANY * abs(total):
        return None
    digits = math.log10(terms / abs(total))
    return (
        f"`{name}` enters in several ways, whose derivatives are as large as {_digits(slope.magnitude)} and add up to "
        f"{_digits(slope.value)}: {digits:.0f} digits cancel"
    )


def cure(problem: Problem, name: str, slope: Slope, tolerance: Tolerance) -> Node | None:
    """An equal expression whose derivative autograd gets right at the very point; None where none is known.

    The exact engine must find the same derivative as for the original, and torch must agree with it.
    """
    for count, candidate in enumerate(candidates(problem.root)):
        if count == MOST_CURES:
            break
        tried = dataclasses.replace(problem, root=candidate)
        truth: Truth = load(TRUTH)(tried)
        if not _same(truth.slopes[name].value, slope.value):
            continue
        autograd: Autograd = load(AUTOGRAD)(tried)
        if within(slope, autograd.number(name), tolerance, problem.format):
            return candidate
    return None


def _same(one: Real | None, other: Real | None) -> bool:
    """Are two derivatives the same number?"""
    if one is None or other is None:
        return False
    a, b = one.fraction(), other.fraction()
    return one == other if a is None or b is None else abs(a - b) <= SAME * max(abs(a), abs(b))


def _reported(cause: Cause | None, healthy: Node | None, problem: Problem) -> Diagnosis:
    """The diagnosis in text and floats."""
    text = None if healthy is None else to_text(healthy)
    if cause is None:
        return Diagnosis(sentence=None, cure=text)
    blame = blamed(cause.node, problem.source)
    return Diagnosis(
        sentence=SENTENCES[cause.stage, _kind(cause)](cause, blame.text, problem),
        cure=text,
        blame=blame,
        operation=getattr(cause.node, "function", None),
        stage=cause.stage,
        kind=cause.kind,
        true=None if cause.true is None else cause.true.text,
        autograd=cause.autograd,
        lost_digits=cause.lost_digits,
        condition=cause.condition,
    )


def _kind(cause: Cause) -> Reason:
    return cause.kind if (cause.stage, cause.kind) in SENTENCES else Reason.PRECISION


def _true(cause: Cause) -> str:
    """The true number, in a few digits."""
    if cause.true is None:
        return "nothing"
    return _digits(cause.true)


def _digits(value: Real) -> str:
    """A real number of any size, in six digits."""
    number, _, far = value.text.partition("e")
    if len(far) < FAR:
        number, far = value.text, ""
    mantissa, _, exponent = f"{Decimal(number):.6g}".partition("e")
    exponent = exponent or far
    short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{short}e{int(exponent)}" if exponent else short


def _cancelled(cause: Cause, text: str, problem: Problem) -> str:
    condition = "" if cause.condition is None else f" (condition number {cause.condition:.2g})"
    lost = "all their digits" if math.isinf(cause.lost_digits) else f"{cause.lost_digits:g} digits"
    return (
        f"`{text}` is {_true(cause)}, but {problem.dtype} gets {cause.autograd:.6g}: "
        f"its terms are so nearly equal that {lost} cancel{condition}"
    )


def _overflowed(cause: Cause, text: str, problem: Problem) -> str:
    return (
        f"`{text}` is {_true(cause)}, more than the {problem.format.largest:.3g} that {problem.dtype} holds, "
        f"and becomes {cause.autograd:g}: what follows has no number to work with"
    )


def _underflowed(cause: Cause, text: str, problem: Problem) -> str:
    return f"`{text}` is {_true(cause)}, less than {problem.dtype} can hold in full, and becomes {cause.autograd:.3g}"


def _without_value(cause: Cause, text: str, problem: Problem) -> str:
    if cause.taken:
        return f"`{text}` is {_true(cause)}, but torch gets nan"
    return (
        f"`{text}` has no value here; its branch is not taken, yet where() multiplies what flows back through it by 0, "
        f"and 0 times nan is nan"
    )


def _imprecise(cause: Cause, text: str, problem: Problem) -> str:
    if cause.magnified:
        return (
            f"`{text}` is {_true(cause)}, but {problem.dtype} gets {cause.autograd:.6g}: it magnifies the rounding of "
            f"what it is applied to"
        )
    return f"torch's own `{text}` is {cause.autograd:.6g} in {problem.dtype}, where {_true(cause)} is right"


def _poisoned(cause: Cause, text: str, problem: Problem) -> str:
    where = "" if cause.taken else "; its branch is not taken, but where() only multiplies it by 0"
    return (
        f"on the way back through `{text}` torch multiplies by a local derivative that is no number and gets nan{where}"
    )


def _passed_on(cause: Cause, text: str, problem: Problem) -> str:
    return (
        f"every value is right, but on the way back `{text}` passes on {cause.autograd:.6g} instead of {_true(cause)}: "
        f"torch works its local derivative out from a rounded value"
    )


Sentence = Callable[[Cause, str, Problem], str]
SENTENCES: dict[tuple[Stage, Reason], Sentence] = {
    (Stage.FORWARD, Reason.CANCELLATION): _cancelled,
    (Stage.FORWARD, Reason.OVERFLOW): _overflowed,
    (Stage.FORWARD, Reason.UNDERFLOW): _underflowed,
    (Stage.FORWARD, Reason.NAN): _without_value,
    (Stage.FORWARD, Reason.PRECISION): _imprecise,
    (Stage.BACKWARD, Reason.NAN): _poisoned,
    (Stage.BACKWARD, Reason.PRECISION): _passed_on,
}
