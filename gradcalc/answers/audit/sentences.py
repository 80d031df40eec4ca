"""What happened at a step, in a sentence."""

from __future__ import annotations

import math

from gradcalc.answers.audit.blame import ADDED, Suspect, argument, made_of, operands, text
from gradcalc.answers.audit.judge import Judge
from gradcalc.answers.audit.no_number import no_number, of, told
from gradcalc.engines.exact.ball import Ball
from gradcalc.tracing.operations import PRODUCTS

SPREADS = {"div": "{} / {} is nan", "sub": "{} - {} is nan", "mul": "{} * {} is nan", "add": "{} + {} is nan"}


def sentence(judge: Judge, one: Suspect) -> str:
    """What happened at a step."""
    form, name, true, reason = one.form, told(one.operation), text(one.true), one.reason
    what = _what(judge, one)
    if not one.back and reason == "nan" and not one.true.is_finite():
        back = "what it is made of gets 0 times infinity on the way back, which is nan"
        return f"{what} has no value, and becomes {one.found:.6g}; {back}: mask what goes in, not what comes out"
    if one.back and one.true.is_nan():
        infinite = f"the slope of {name} is infinite here"
        if math.isinf(one.found):
            return f"{infinite}, and so is the gradient that it passes on: times 0, that is nan"
        return f"{infinite}, and 0 times infinity on the way back is nan"
    if one.back and reason == "overflow" and one.true.is_finite():
        held = f"more than the {form.largest:.3g} that {form.name} holds, and becomes {one.found:.6g}"
        if one.kind == ADDED:
            return f"the gradients that add up of every use of what {name} takes make {short(one.true)}, {held}"
        return f"the gradient that {name} passes on is {short(one.true)}, {held}"
    if one.back:
        return f"the gradient that {name} passes on is {one.found:.6g} here, the true one is {short(one.true)}"
    if reason == "overflow":
        becomes, held = (
            f"becomes {one.found:.6g}{_spread(judge, one)}",
            f"the {form.largest:.3g} that {form.name} holds",
        )
        if abs(one.true) <= Ball(form.largest):
            return f"{what} is {short(one.true)}, but what it is added up of is more than {held}, and it {becomes}"
        return f"{what} is {short(one.true)}, more than {held}, and {becomes}"
    if reason == "underflow":
        becomes = f"and becomes {one.found:.6g}"
        least = f"less than the {form.smallest_normal:.3g} that {form.name} holds in full"
        return f"{what} is {short(one.true)}, {least}, {becomes}"
    if reason == "cancellation" and math.isinf(one.found):
        return (
            f"{what} comes out as {one.found:g}, as what it is given was rounded; the true value is {short(one.true)}"
        )
    if reason == "cancellation" and one.kind == "cancellation":
        return f"{what} is rounded to {one.found:.8g}: what the next step takes of it is lost"
    if reason == "cancellation":
        return f"{name} cancels: it comes out as {one.found:.8g}, the true value is {short(one.true, 8)}"
    return f"{what} comes out as {one.found:.8g}, the true value is {short(one.true, 8) if true else 'none'}"


def short(number: Ball, digits: int = 3) -> str:
    """A number in a few digits, of any size."""
    whole = text(number)
    if whole is None:
        return "no number" if number.is_nan() else f"{float(number)}"
    value = float(number)
    if value and math.isfinite(value) and abs(value) > 1e-300:
        return f"{value:.{max(digits, 6)}g}"
    mantissa, _, power = whole.partition("e")
    return f"{float(mantissa):.{digits}g}e{power}" if power else f"{value:g}"


def _spread(judge: Judge, one: Suspect) -> str:
    """How an infinity becomes no number further on."""
    for step in judge.truth.tape.steps:
        operation = step.operation.removeprefix("aten.").rstrip("_")
        if operation not in SPREADS or not step.outputs or len(step.inputs) < 2:
            continue
        numbers = step.outputs[0].numbers.reshape(-1).tolist()
        bad = next((place for place, number in enumerate(numbers) if math.isnan(number)), None)
        if bad is not None:
            return "; " + SPREADS[operation].format("inf", "0" if operation == "mul" else "inf")
    return ""


def no_value(judge: Judge, one: Suspect) -> str:
    """That a function is asked outside its domain."""
    name, given = told(one.operation), operands(one, judge.truth.run)
    taken = any(not number.is_finite() for number in given)
    if taken and not one.true.is_nan() and not one.true.is_finite():
        return f"{name} is {one.found:.6g} here: an infinity that it takes reaches the result"
    if one.operation in PRODUCTS:
        return f"an element of {name} has no real value"
    return no_number(name, one.found, [float(number) for number in given], made_of(one, judge.truth.run))


def _what(judge: Judge, one: Suspect) -> str:
    """The operation, with the numbers that it takes where it is one to one."""
    name = told(one.operation)
    if one.operation in PRODUCTS and len(one.output.shape) > 0:
        return f"an element of {name}"
    given = argument(one, judge.truth.run)
    return name if given is None else of(name, [short(number) for number in operands(one, judge.truth.run)])
