"""What torch's operations are called in gradcalc's language: the rows that formulas of code are written by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

PLAIN = (
    "exp log log2 log10 log1p expm1 sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid abs erf "
    "erfc erfinv relu sign softplus silu gelu mish floor ceil lgamma digamma selu softsign sinc hardsigmoid hardswish "
    "logit round trunc frac"
)  # functions that are called what torch calls them
ELEMENTS = {name: f"{name}({{self}})" for name in PLAIN.split()} | {
    "square": "({self}**2)", "log_sigmoid_forward": "logsigmoid({self})",
    "leaky_relu": "leaky_relu({self}, {negative_slope})", "elu": "elu({self}, {alpha})",
    "hardtanh": "hardtanh({self}, {min_val}, {max_val})", "softshrink": "softshrink({self}, {lambd})",
    "pow": "({self}**{exponent})", "maximum": "max({self}, {other})", "minimum": "min({self}, {other})",
    "celu": "celu({self}, {alpha})", "hardshrink": "hardshrink({self}, {lambd})",
    "threshold": "where({self} > {threshold}, {self}, {value})",
    "_prelu_kernel": "leaky_relu({self}, {weight})", "lerp": "({self} + {weight}*({end} - {self}))",
    "remainder": "remainder({self}, {other})", "fmod": "fmod({self}, {other})",
    "atan2": "atan2({self}, {other})", "hypot": "hypot({self}, {other})", "logaddexp": "logaddexp({self}, {other})",
    "gt": "({self} > {other})", "lt": "({self} < {other})", "ge": "({self} >= {other})", "le": "({self} <= {other})",
    "eq": "({self} == {other})", "ne": "({self} != {other})", "where": "where({condition}, {self}, {other})",
    "special_log_ndtr": "log_ndtr({self})", "special_ndtr": "ndtr({self})", "special_erfcx": "erfcx({self})",
    "special_entr": "entr({self})", "logical_not": "({self} == 0)",
}  # fmt: skip
SAME = frozenset({"clone", "_to_copy", "alias", "contiguous", "lift_fresh", "_unsafe_view", "view_copy", "detach_copy"})
ONLY: Mapping[str, Mapping[str, Any]] = {  # what options must be for a row to hold
    "elu": {"scale": 1, "input_scale": 1},
    "div": {"rounding_mode": None}, "binary_cross_entropy": {"weight": None}, "logit": {"eps": None},
    "binary_cross_entropy_with_logits": {"weight": None}, "linalg_cholesky_ex": {"upper": False},
    "cholesky": {"upper": False}, "tril": {"diagonal": 0}, "triu": {"diagonal": 0}, "_linalg_solve_ex": {"left": True},
    "_cdist_forward": {"p": 2}, "multi_margin_loss": {"p": 1, "weight": None},
    "gelu_backward": {"approximate": "none"}, "softplus_backward": {"beta": 1},
    "elu_backward": {"scale": 1, "input_scale": 1, "is_result": False},
    "leaky_relu_backward": {"self_is_result": False},
}  # fmt: skip
SQUARE_NEAR = "where(abs({self} - {target}) <= "
LOSSES = {  # element by element; of the bound also the half and the double
    "mse_loss": "({self} - {target})**2",
    "huber_loss": SQUARE_NEAR + "{delta}, ({self} - {target})**2/2, {delta}*(abs({self} - {target}) - {half}))",
    "smooth_l1_loss": SQUARE_NEAR + "{beta}, ({self} - {target})**2/{double}, abs({self} - {target}) - {half})",
    "binary_cross_entropy": "({target}*log({self}) + (1 - {target})*log(1 - {self}))",
    "binary_cross_entropy_with_logits": "(softplus({self}) - {target}*{self})",
    "soft_margin_loss": "log(1 + exp(-{target}*{self}))",
}
OF_ONE = dict.fromkeys(  # the same where the bound is 1
    ("huber_loss", "smooth_l1_loss"), SQUARE_NEAR + "1, ({self} - {target})**2/2, abs({self} - {target}) - 1/2)"
)
NEGATIVE = frozenset({"binary_cross_entropy"})
FOLDED = {  # along dimensions: the name for all of them, and the one along an axis
    "sum": "sum", "mean": "mean", "amax": "amax", "amin": "amin", "max": "amax", "min": "amin", "prod": "prod",
    "logsumexp": "logsumexp",
}  # fmt: skip
WHOLE = {"amax": "max", "amin": "min"}  # of all elements
ALONG = {
    "_softmax": "softmax", "_log_softmax": "log_softmax", "_safe_softmax": "softmax", "cumsum": "cumsum",
    "cumprod": "cumprod",
}  # fmt: skip
SQUARE = {  # of matrices
    "_linalg_det": "det({self})", "linalg_inv_ex": "inv({self})", "trace": "trace({self})",
    "linalg_cholesky_ex": "cholesky({self})", "cholesky": "cholesky({self})", "linalg_matrix_exp": "expm({self})",
    "tril": "tril({self})", "triu": "triu({self})",
}  # fmt: skip
NORMS = {2.0: "norm", 1.0: "norm1", math.inf: "norminf"}
