"""Why an operation has no number to give, in a sentence, from the numbers that it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence

EPS = "; an eps added to what it divides by keeps it a number"
SIGNS = {"mul": "*", "div": "/", "add": "+", "sub": "-"}
UNIT = {"acos", "asin", "atanh"}  # functions of -1 to 1
POSITIVE = {"log", "log2", "log10", "sqrt", "rsqrt", "lgamma"}
SPREADS = {"var", "std"}
AVERAGES = {
    "mean", *SPREADS, "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "soft_margin_loss", "nll_loss", "nll_loss2d",
}  # fmt: skip
NAMES = {  # of operations that people call otherwise
    "rsub": "sub",
    "nll_loss_forward": "nll_loss",
    "nll_loss2d_forward": "nll_loss2d",
    "weight_norm_interface": "weight_norm",
    "cdist_forward": "cdist",
    "max_pool2d_with_indices": "max_pool2d",
    "safe_softmax": "softmax",
    "linalg_eigh": "eigh",
    "linalg_svd": "svd",
    "linalg_det": "det",
    "linalg_vector_norm": "norm",
    "fft_r2c": "rfft",
    "fft_c2c": "fft",
    "native_layer_norm": "layer_norm",
    "native_batch_norm": "batch_norm",
    "native_group_norm": "group_norm",
}
IGNORED = "all of its targets are ignored or have weight 0: their mean is 0 / 0, which is nan"
OWN = {  # sentences of operations that find a 0 where they divide by themselves
    "nll_loss": f"{IGNORED}; reduction='sum' divided by a count of at least 1 keeps it a number",
    "nll_loss2d": f"{IGNORED}; reduction='sum' divided by a count of at least 1 keeps it a number",
    "weight_norm": "a weight of norm 0 is divided by its norm: 0 / 0 is nan; start it from other numbers",
}
ALONE = "{0} of a single number is nan, as it divides by n - 1 = 0; correction=0 divides by n"


def told(operation: str) -> str:
    """The name of an operation as people know it."""
    plain = operation.lstrip("_")
    return NAMES.get(plain, plain)


def of(name: str, given: Sequence[str]) -> str:
    """An operation and the numbers that it takes: `2 / 0`, `log of -1`, or its name alone."""
    if name in SIGNS and len(given) > 1:
        return f"{given[0]} {SIGNS[name]} {given[1]}"
    return f"{name} of {given[0]}" if given else name


def no_number(name: str, found: float, given: Sequence[float], count: int | None) -> str:
    """Why `found` is no number, or an infinity that a function takes outside of its domain.

    `name` is as people know it, `given` what goes in at that place, `count` how many numbers one result is made of.
    """
    what = of(name, [f"{one:.6g}" for one in given])
    if name in AVERAGES and count == 0:
        return f"{name} of no numbers at all is nan"
    if name in SPREADS and count == 1:
        return ALONE.format(name)
    if name.endswith("softmax"):
        row = "a row without a finite number" if given and math.isinf(given[0]) else "a row with an infinity"
        return f"{name} of {row} is nan; a mask of torch.finfo(dtype).min in place of -inf keeps it a number"
    if name in OWN and math.isnan(found):
        return OWN[name]
    if name == "pow" and len(given) > 1:
        power = f"{given[0]:.6g} to the power of {given[1]:.6g}"
        return f"{power} {'has no real value' if math.isnan(found) else f'has no value, and becomes {found:.6g}'}"
    if name == "div" and len(given) > 1 and given[1] == 0:
        return f"{what} {'is nan' if math.isnan(found) else f'has no value, and becomes {found:.6g}'}{EPS}"
    if name in SIGNS and len(given) > 1:
        return f"{what} is nan"
    if given and math.isinf(found) and not has_value(name, given[0]):
        return f"{what} has no value, and becomes {found:.6g}"
    return f"{what} has no real value"


def has_value(name: str, number: float) -> bool:
    """Is a number in the domain of an operation, as far as that has one that is known here?"""
    if name in UNIT:
        return abs(number) <= 1
    return not (name in POSITIVE and (number < 0 or (number == 0 and name != "sqrt")))
