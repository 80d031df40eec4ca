"""What happened at a step, in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gradcalc.answers.audit.blame import ADDED, Suspect, argument, text
from gradcalc.answers.audit.judge import Judge
from gradcalc.engines.exact.ball import Ball
from gradcalc.tracing.operations import PRODUCTS

NAMES = {  # of operations that torch calls otherwise inside
    "rsub": "sub", "nll_loss_forward": "nll_loss", "nll_loss2d_forward": "nll_loss", "_cdist_forward": "cdist",
    "max_pool2d_with_indices": "max_pool2d", "max_pool3d_with_indices": "max_pool3d", "_safe_softmax": "softmax",
    "_linalg_eigh": "eigh", "_linalg_svd": "svd", "linalg_svd": "svd", "linalg_vector_norm": "norm",
    "_fft_r2c": "rfft", "_fft_c2c": "fft", "_fft_c2r": "irfft", "native_layer_norm": "layer_norm",
    "native_batch_norm": "batch_norm", "native_group_norm": "group_norm", "_linalg_det": "det",
    "_scaled_dot_product_flash_attention_for_cpu": "scaled_dot_product_attention", "grid_sampler_2d": "grid_sample",
}  # fmt: skip
SPREADS = {"div": "{} / {} is nan", "sub": "{} - {} is nan", "mul": "{} * {} is nan", "add": "{} + {} is nan"}


def sentence(judge: Judge, one: Suspect) -> str:
    """What happened at a step."""
    form, name, true = one.form, told(one.operation), text(one.true)
    given = argument(one, judge.truth.run)
    several = one.operation in PRODUCTS and len(one.output.shape) > 0
    of = f"an element of {name}" if several else name if given is None else f"{name} of {short(given)}"
    reason = one.reason
    if not one.back and reason == "nan" and not one.true.is_finite():
        back = "what it is made of gets 0 times infinity on the way back, which is nan"
        return f"{of} has no value, and becomes {one.found:.6g}; {back}: mask what goes in, not what comes out"
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
        becomes = f"and becomes {one.found:.6g}{_spread(judge, one)}"
        return f"{of} is {short(one.true)}, more than the {form.largest:.3g} that {form.name} holds, {becomes}"
    if reason == "underflow":
        becomes = f"and becomes {one.found:.6g}"
        least = f"less than the {form.smallest_normal:.3g} that {form.name} holds in full"
        return f"{of} is {short(one.true)}, {least}, {becomes}"
    if reason == "cancellation" and math.isinf(one.found):
        return f"{of} comes out as {one.found:g}, as what it is given was rounded; the true value is {short(one.true)}"
    if reason == "cancellation" and one.kind == "cancellation":
        return f"{of} is rounded to {one.found:.8g}: what the next step takes of it is lost"
    if reason == "cancellation":
        return f"{name} cancels: it comes out as {one.found:.8g}, the true value is {short(one.true, 8)}"
    return f"{of} comes out as {one.found:.8g}, the true value is {short(one.true, 8) if true else 'none'}"


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
    given = argument(one, judge.truth.run)
    taken = given is None or not given.is_finite()
    if taken and not one.true.is_nan() and not one.true.is_finite():
        return f"{told(one.operation)} is {one.found:.6g} here: an infinity that it takes reaches the result"
    empty = nothing(one)
    if empty is not None:
        return f"{told(one.operation)} {empty}"
    return f"{told(one.operation)}{'' if given is None else f' of {short(given)}'} has no real value"


def nothing(one: Suspect) -> str | None:
    """Why a mean, a spread or a loss has nothing to work with; None where that is not why."""
    call: tuple[Any, Sequence[Any], Mapping[str, Any]] = one.step.call or (None, (), {})
    _, args, kwargs = call
    count = args[0].numel() if args and hasattr(args[0], "numel") else 1
    if one.operation == "mean" and count == 0:
        return "of no numbers at all is 0 / 0"
    if one.operation in ("std", "var") and count > 0:
        each = count // max(math.prod(one.output.shape), 1)
        off = kwargs.get("correction", 1)
        return (
            f"of {each} number{'s' if each > 1 else ''} divides by {each} - {off}, which is 0" if each <= off else None
        )
    if one.operation.startswith("nll_loss") and len(args) > 4:
        targets, weight, ignored = args[1].reshape(-1).tolist(), args[2], args[4]
        kept = [target for target in targets if target != ignored]
        if not kept:
            return f"has no target but those that are ignored ({ignored}): the mean of no losses is 0 / 0"
        if weight is not None and all(float(weight[target]) == 0 for target in kept):
            return "has targets of weight 0 alone: the weighted mean of the losses is 0 / 0"
    return None


def told(operation: str) -> str:
    """The name of an operation as people know it."""
    return NAMES.get(operation) or operation.lstrip("_")
