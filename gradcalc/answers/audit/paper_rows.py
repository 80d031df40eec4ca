"""What torch's operations are called in gradcalc's language: the rows that formulas of code are written by."""

from __future__ import annotations

import math
import re

PLAIN = (
    "exp log log2 log10 log1p expm1 sqrt sin cos tan asin acos atan sinh cosh tanh sigmoid abs erf erfc relu sign "
    "softplus silu gelu mish floor ceil elu lgamma selu hardtanh softsign"
)  # functions that are called what torch calls them
UNARY = {name: f"{name}({{0}})" for name in PLAIN.split()} | {
    "neg": "(-{0})", "square": "({0}**2)", "reciprocal": "(1/{0})", "rsqrt": "(1/sqrt({0}))", "clone": "{0}",
    "_to_copy": "{0}", "alias": "{0}", "log_sigmoid_forward": "logsigmoid({0})",
    "_linalg_det": "det({0})", "linalg_inv_ex": "inv({0})", "trace": "trace({0})",
}  # fmt: skip
BINARY = {
    "sub": "({0} - {1})", "mul": "({0} * {1})", "div": "({0} / {1})", "pow": "({0}**{1})", "rsub": "({1} - {0})",
    "mm": "({0} @ {1})", "mv": "({0} @ {1})", "dot": "({0} @ {1})", "addmm": "({1} @ {2} + {0})", "add": "({0} + {1})",
    "addmv": "({1} @ {2} + {0})", "maximum": "max({0}, {1})", "minimum": "min({0}, {1})", "atan2": "atan2({0}, {1})",
    "gt": "({0} > {1})", "lt": "({0} < {1})", "ge": "({0} >= {1})", "le": "({0} <= {1})",
    "where": "where({0}, {1}, {2})", "hypot": "hypot({0}, {1})", "xlogy": "({0} * log({1}))",
}  # fmt: skip
LOSSES = {  # element by element, and how they are reduced
    "mse_loss": ("({0} - {1})**2", 2),
    "huber_loss": ("where(abs({0} - {1}) <= {d}, ({0} - {1})**2/2, {d}*(abs({0} - {1}) - {d}/2))", 2),
    "smooth_l1_loss": ("where(abs({0} - {1}) <= {d}, ({0} - {1})**2/(2*{d}), abs({0} - {1}) - {d}/2)", 2),
    "binary_cross_entropy": ("-({1}*log({0}) + (1 - {1})*log(1 - {0}))", 3),
    "binary_cross_entropy_with_logits": ("softplus({0}) - {1}*{0}", 4),
    "soft_margin_loss": ("log(1 + exp(-{1}*{0}))", 2),
}
LOGS = re.compile(r"log_softmax\((.*), axis=1\)")
LABELS = ("y", "labels", "classes", "class_rows")
REDUCED = ("{}", "mean({})", "sum({})")
WHOLE = {"sum": "sum", "mean": "mean", "amax": "max", "logsumexp": "logsumexp", "var": "var", "std": "std"}
SOFT = {"_softmax": "softmax", "_log_softmax": "log_softmax"}
NORMS = {2: "norm", 1: "norm1", math.inf: "norminf"}
