"""Decompositions of matrices, and what is made of their eigenvalues and singular values."""

from __future__ import annotations

from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.arrays import M22, M23, M32, A
from gradcalc.functions.function import BLOCKS

SYMMETRIC = (((2.5, -0.5), (-0.5, 3.0)),), (((3.0, 0.5, -1.0), (0.5, 2.0, 0.75), (-1.0, 0.75, 4.0)),)
HALVES = "tril({0}) - diag(diag({0})) / 2".format("(out.T @ tril(g))")
FACTORED = f"(inv(out).T @ ({HALVES}) @ inv(out))"
PARTS = "of the symmetric part (a + a.T)/2, as torch derives it"

DECOMPOSITIONS = (
    ArrayFunction("cholesky", A, (f"({FACTORED} + {FACTORED}.T) / 2",), shape="nn -> nn", samples=SYMMETRIC,
                  aliases=("chol",), note=f"the lower triangle L of a = L @ L.T, {PARTS}"),
    ArrayFunction("pinv", A,
                  ("-out.T @ g @ out.T + (g.T - a @ out @ g.T) @ out @ out.T + out.T @ out @ (g.T - g.T @ out @ a)",),
                  shape="mn -> nm", samples=((M32,), (M23,), (M22,)),
                  note="of a matrix of full rank; where the rank changes, it jumps"),
    ArrayFunction("eigvalsh", A, (BLOCKS,), shape="nn -> n", samples=SYMMETRIC,
                  note=f"the eigenvalues in ascending order, {PARTS}; where several are one, each has a corner"),
    ArrayFunction("svdvals", A, (BLOCKS,), shape="mn -> k", samples=((M32,), (M23,), (M22,)),
                  note="the singular values in descending order; where several are one, or one is 0, each has a corner"),
    ArrayFunction("nuclear_norm", A, (BLOCKS,), "sum(svdvals(a))", shape="mn ->", samples=((M32,), (M22,)),
                  latex=r"\lVert %s\rVert_{*}"),
    ArrayFunction("spectral_norm", A, (BLOCKS,), "amax(svdvals(a))", shape="mn ->", samples=((M32,), (M22,)),
                  note="the largest singular value"),
    ArrayFunction("expm", A, (BLOCKS,), shape="nn -> nn", samples=((M22,),), aliases=("matrix_exp",),
                  note="the exponential of a matrix; exp(a) is that of each element"),
)  # fmt: skip
