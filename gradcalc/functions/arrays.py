"""The functions of vectors and matrices, their gradients in array terms."""

from __future__ import annotations

from typing import Any

from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.function import BLOCKS, NO_GRADIENT

A = ("a",)
AB = ("a", "b")
ALONG = ("a", "axis")
FOLDED, KEPT = "..., axis -> ... - axis", "...n, axis -> ...n"  # a number for each line, or as many as it has

# What the functions are tried at: far from kinks, from 0, and from singular matrices.
V2, V3, V5 = (0.5, -1.25), (1.5, -0.5, 2.25), (0.75, 2.5, -1.75, -0.25, 3.5)
M22, M33 = ((2.5, -0.5), (1.25, 3.0)), ((3.0, 0.5, -1.0), (-0.25, 2.0, 0.75), (1.0, -1.5, 4.0))
M23, M32 = ((0.5, -1.5, 2.0), (3.25, 1.0, -0.75)), ((1.0, -2.0), (0.25, 1.75), (-1.25, 0.5))
SIZES = ((2, 3), (2,))
ANY_SHAPE = ((V3,), (M23,), (M22,), (-1.5,))
VECTORS = ((V3,), (V5,), (-1.5,))
SQUARES = ((M22,), (M33,))
PRODUCTS = ((M23, M32), (M22, M23), (M23, V3), (V2, M23), (V3, (0.5, -2.0, 1.25)))
EACH_AXIS = ((V3,), (V5, 0), (V2, -1), (M23,), (M23, 0), (M32, 1), (M22, -1), (M22, -2))

WITH_VECTORS = {  # the rules of products with vectors
    "mk, k -> m": ("outer(g, b)", "a.T @ g"),
    "k, kn -> n": ("b @ g", "outer(a, g)"),
    "k, k ->": ("g * b", "g * a"),
}
NO_PRODUCT = ("a scalar has no `@`, multiply with `*`", "`@` takes vectors and matrices")
TIED = "where(a == out, sum(where(a == out, 1, 0), axis) > 1, 1 < 0)"  # of elements: several are the extreme one
NOT_SOLVED = ("solve takes a square matrix, and a vector or a matrix",)


def product(name: str, definition: str | None = None) -> ArrayFunction:
    """The row of the matrix product, by one of its names."""
    return ArrayFunction(name, AB, ("g @ b.T", "a.T @ g"), definition, shape="mk, kn -> mn", others=WITH_VECTORS,
                         mismatch=NO_PRODUCT, linear=True, samples=PRODUCTS)  # fmt: skip


def along(name: str, rule: str, definition: str | None = None, shape: str = FOLDED, **others: Any) -> ArrayFunction:
    """The row of a function of all elements, or of those along an axis."""
    return ArrayFunction(
        name, ALONG, (rule, NO_GRADIENT), definition, shape=shape, optional=1, samples=EACH_AXIS, **others
    )


ARRAY_OPERATORS = (
    ArrayFunction("array", ("items",), (BLOCKS,), shape="...", fold=True, samples=((1.5, -0.5), (V3, V3))),
    ArrayFunction("index", ("a", "i", "j"), (BLOCKS, NO_GRADIENT, NO_GRADIENT), shape="..., #, #", optional=1, linear=True,
                  samples=((V3, 2), (M23, 2), (M23, 2, 1))),
    ArrayFunction("slice", ("a", "i", "j", "k", "l"), (BLOCKS, *[NO_GRADIENT] * 4), shape="..., #, #, #, #", optional=2,
                  linear=True, samples=((V5, 2, 4), (V5, 3, 0), (M32, 2, 3), (M33, 2, 3, 1, 2))),
)  # fmt: skip
ARRAYS = (
    # products
    product("matmul"),
    product("dot", "a @ b"),
    ArrayFunction("outer", AB, ("g @ b", "g.T @ a"), shape="m, n -> mn", mismatch=("outer takes two vectors",),
                  linear=True, samples=((V3, V2), (V2, V2))),
    ArrayFunction("kron", AB, (BLOCKS, BLOCKS), shape="mn, pq -> (mp)(nq)", mismatch=("kron takes two matrices",),
                  linear=True, samples=((M23, M32), (M22, M22))),
    ArrayFunction("matrix_power", ("a", "n"), (BLOCKS, NO_GRADIENT), shape="nn, # -> nn",
                  samples=((M22, 3), (M33, 2), (M22, -2), (M22, 1), (M22, 0))),
    # sums and their like, of all elements or along an axis
    along("sum",  "g", linear=True),
    along("mean", "g / n", "sum(a, axis) / n", linear=True),
    along("prod", "g * out / a"),
    along("var",  "2 * g * (a - mean(a, axis)) / n", "mean((a - mean(a, axis))**2, axis)"),
    along("std",  "g * (a - mean(a, axis)) / (n * out)", "sqrt(var(a, axis))", kink="out == 0"),
    along("amax", "g * where(a == out, 1, 0)", kink=TIED, latex=r"\max"),
    along("amin", "g * where(a == out, 1, 0)", kink=TIED, latex=r"\min"),
    along("logsumexp", "g * softmax(a, axis)", "log(sum(exp(a), axis))",
          others={"mn ->": ("g * exp(a - out)", NO_GRADIENT)}),  # softmax runs along rows
    along("softmax",   "out * (g - sum(g * out, axis))", "exp(a) / sum(exp(a), axis)", KEPT, axis=-1),
    along("cumsum",    "sum(g, axis) - cumsum(g, axis) + g", None, KEPT, axis=0, linear=True),
    # norms
    ArrayFunction("norm",    A, ("g * a / out",), "sqrt(sum(a**2))", shape="...n -> | ->", kink="out == 0",
                  samples=ANY_SHAPE, latex=r"\lVert %s\rVert"),
    ArrayFunction("norm1",   A, ("g * sign(a)",), "sum(abs(a))", shape="n -> | ->",
                  samples=VECTORS, latex=r"\lVert %s\rVert_{1}"),
    ArrayFunction("norminf", A, ("g * where(abs(a) == out, sign(a), 0)",), "amax(abs(a))", shape="n -> | ->",
                  samples=VECTORS, latex=r"\lVert %s\rVert_{\infty}"),
    # matrices
    ArrayFunction("transpose", A, ("g.T",), shape="mn -> nm | n -> n | ->", linear=True, samples=ANY_SHAPE,
                  mismatch=("only vectors and matrices are transposed",)),
    ArrayFunction("trace",  A, ("g * eye(n)",), "sum(diag(a))", shape="nn ->", linear=True, samples=SQUARES,
                  aliases=("tr",), latex=r"\operatorname{tr}"),
    ArrayFunction("det",    A, ("g * out * inv(a).T",), shape="nn ->", samples=SQUARES, latex=r"\det"),
    ArrayFunction("logdet", A, ("g * inv(a).T",), "log(det(a))", shape="nn ->", samples=SQUARES, latex=r"\ln\det"),
    ArrayFunction("inv",    A, ("-out.T @ g @ out.T",), shape="nn -> nn", samples=SQUARES),
    ArrayFunction("solve", AB, ("-inv(a).T @ g @ out.T", "inv(a).T @ g"), "inv(a) @ b", shape="nn, nm -> nm",
                  others={"nn, n -> n": ("-outer(inv(a).T @ g, out)", "inv(a).T @ g")},
                  mismatch=NOT_SOLVED, linear=True, samples=((M22, V2), (M33, V3), (M22, M23))),
    ArrayFunction("diag",   A, ("diag(g)",), shape="nn -> n | n -> nn", linear=True, samples=(*SQUARES, (V3,))),
    ArrayFunction("eye",   ("n",), (NO_GRADIENT,), shape="=n -> nn", samples=((3,),), latex=r"\mathbf{I}_{%s}"),
    ArrayFunction("ones",  ("n", "m"), (NO_GRADIENT, NO_GRADIENT), shape="=n, =m -> nm | =n -> n", optional=1, samples=SIZES),
    ArrayFunction("zeros", ("n", "m"), (NO_GRADIENT, NO_GRADIENT), shape="=n, =m -> nm | =n -> n", optional=1, samples=SIZES),
)  # fmt: skip
