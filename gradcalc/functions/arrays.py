"""The functions of vectors and matrices."""

from __future__ import annotations

from gradcalc.functions.function import Function

A = ("a",)
AB = ("a", "b")
ALONG = ("a", "axis")

ARRAY_OPERATORS = (
    Function("array", ("items",), (None,), fold=True, samples=()),
    Function("index", ("a", "i", "j"), (None, None, None), optional=1, samples=()),
)
ARRAYS = (
    # products
    Function("matmul", AB, (None, None), samples=()),
    Function("dot", AB, (None, None), samples=()),
    Function("outer", AB, (None, None), samples=()),
    Function("kron", AB, (None, None), samples=()),
    Function("matrix_power", ("a", "n"), (None, None), samples=()),
    # sums and their like, of all elements or along an axis
    Function("sum", ALONG, (None, None), optional=1, samples=()),
    Function("mean", ALONG, (None, None), optional=1, samples=()),
    Function("prod", ALONG, (None, None), optional=1, samples=()),
    Function("var", ALONG, (None, None), optional=1, samples=()),
    Function("std", ALONG, (None, None), optional=1, samples=()),
    Function("amax", ALONG, (None, None), optional=1, samples=()),
    Function("amin", ALONG, (None, None), optional=1, samples=()),
    Function("logsumexp", ALONG, (None, None), optional=1, samples=()),
    Function("softmax", ALONG, (None, None), optional=1, samples=()),
    Function("cumsum", ALONG, (None, None), optional=1, samples=()),
    # norms
    Function("norm", A, (None,), samples=()),
    Function("norm1", A, (None,), samples=()),
    Function("norminf", A, (None,), samples=()),
    # matrices
    Function("transpose", A, (None,), samples=()),
    Function("trace", A, (None,), aliases=("tr",), samples=()),
    Function("det", A, (None,), samples=()),
    Function("logdet", A, (None,), samples=()),
    Function("inv", A, (None,), samples=()),
    Function("solve", AB, (None, None), samples=()),
    Function("diag", A, (None,), samples=()),
    Function("eye", ("n",), (None,), samples=()),
    Function("ones", ("n", "m"), (None, None), optional=1, samples=()),
    Function("zeros", ("n", "m"), (None, None), optional=1, samples=()),
)
