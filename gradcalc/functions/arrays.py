"""The functions of vectors and matrices, their gradients in array terms."""

from __future__ import annotations

from gradcalc.functions.function import Function

A = ("a",)
AB = ("a", "b")
ALONG = ("a", "axis")
BLOCKS = None  # the gradient depends on literal numbers or on blocks: gradcalc/calculus/matrix/structure.py

# In these rules products are those of matrices, and reductions run over all elements or, where an axis is named, down
# the columns: g and out broadcast against a. `n` is the number of elements that are folded into one, or the number of
# rows of a square matrix. Other numbers of dimensions have their own rules below.
ARRAY_OPERATORS = (
    Function("array", ("items",), (BLOCKS,), fold=True, samples=()),
    Function("index", ("a", "i", "j"), (BLOCKS, None, None), optional=1, samples=()),
)
ARRAYS = (
    # products
    Function("matmul", AB, ("g @ b.T", "a.T @ g"), samples=()),
    Function("dot",    AB, ("g @ b.T", "a.T @ g"), samples=()),
    Function("outer",  AB, ("g @ b", "g.T @ a"), samples=()),
    Function("kron",   AB, (BLOCKS, BLOCKS), samples=()),
    Function("matrix_power", ("a", "n"), (BLOCKS, None), samples=()),
    # sums and their like, of all elements or along an axis
    Function("sum",       ALONG, ("g", None), optional=1, samples=()),
    Function("mean",      ALONG, ("g / n", None), optional=1, samples=()),
    Function("prod",      ALONG, ("g * out / a", None), optional=1, samples=()),
    Function("var",       ALONG, ("2 * g * (a - mean(a, axis)) / n", None), optional=1, samples=()),
    Function("std",       ALONG, ("g * (a - mean(a, axis)) / (n * out)", None), kink="out == 0", optional=1, samples=()),
    Function("amax",      ALONG, ("g * where(a == out, 1, 0)", None), optional=1, samples=()),
    Function("amin",      ALONG, ("g * where(a == out, 1, 0)", None), optional=1, samples=()),
    Function("logsumexp", ALONG, ("g * softmax(a, axis)", None), optional=1, samples=()),
    Function("softmax",   ALONG, ("out * (g - sum(g * out, axis))", None), optional=1, samples=()),
    Function("cumsum",    ALONG, ("sum(g, axis) - cumsum(g, axis) + g", None), optional=1, samples=()),
    # norms
    Function("norm",    A, ("g * a / out",), kink="out == 0", samples=()),
    Function("norm1",   A, ("g * sign(a)",), samples=()),
    Function("norminf", A, ("g * where(abs(a) == out, sign(a), 0)",), samples=()),
    # matrices
    Function("transpose", A, ("g.T",), samples=()),
    Function("trace",  A, ("g * eye(n)",), aliases=("tr",), samples=()),
    Function("det",    A, ("g * out * inv(a).T",), samples=()),
    Function("logdet", A, ("g * inv(a).T",), samples=()),
    Function("inv",    A, ("-out.T @ g @ out.T",), samples=()),
    Function("solve", AB, ("-inv(a).T @ g @ out.T", "inv(a).T @ g"), samples=()),
    Function("diag",   A, ("diag(g)",), samples=()),
    Function("eye",   ("n",), (None,), samples=()),
    Function("ones",  ("n", "m"), (None, None), optional=1, samples=()),
    Function("zeros", ("n", "m"), (None, None), optional=1, samples=()),
)  # fmt: skip

# Rules for other numbers of dimensions, one number for each argument that is given.
BY_DIMENSIONS: dict[tuple[str, tuple[int, ...]], tuple[str, ...]] = {
    ("matmul", (2, 1)): ("outer(g, b)", "a.T @ g"),
    ("matmul", (1, 2)): ("b @ g", "outer(a, g)"),
    ("matmul", (1, 1)): ("g * b", "g * a"),
    ("dot", (2, 1)): ("outer(g, b)", "a.T @ g"),
    ("dot", (1, 2)): ("b @ g", "outer(a, g)"),
    ("dot", (1, 1)): ("g * b", "g * a"),
    ("solve", (2, 1)): ("-outer(inv(a).T @ g, out)", "inv(a).T @ g"),
    ("logsumexp", (2,)): ("g * exp(a - out)",),  # softmax runs along rows
}
DEFAULT_AXIS = {"softmax": -1, "cumsum": 0}  # where none is named; the others run over all elements
REDUCTIONS = frozenset(row.name for row in ARRAYS if row.parameters == ALONG)
