"""Functions that move, order and accumulate the elements of arrays."""

from __future__ import annotations

from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.arrays import AB, KEPT, M22, M23, M32, M33, SQUARES, V2, V3, V5, A, along
from gradcalc.functions.function import BLOCKS, NO_GRADIENT

UNLIKE = ((V3,), (V5, 0), (V2, -1), (M23,), (M32, 0), (M33, 1))  # no two elements of a line are alike
DIFFERENCES = "diff takes a vector of two elements at least, or a matrix of two columns; the derivative of u by x is another command"

ARRAY_MOVES = (
    along("flip",    "flip(g, axis)", shape=KEPT, linear=True),
    along("cumprod", "flip(cumsum(flip(g * out, axis), axis), axis) / a", None, KEPT, axis=0),
    ArrayFunction("sort", ("a", "axis"), (BLOCKS, NO_GRADIENT), shape=KEPT, optional=1, axis=-1, samples=UNLIKE,
                  note="in ascending order, along the last axis unless another is named"),
    ArrayFunction("median", ("a", "axis"), (BLOCKS, NO_GRADIENT), shape="..., axis -> ... - axis", optional=1,
                  samples=(*UNLIKE, (M22,)),
                  note="of an even number the mean of the two in the middle, as in NumPy; torch.median takes the lower one"),
    ArrayFunction("diff", A, ("-diff(concat(zeros(1), g, zeros(1)))",), "(a.T[2:] - flip(flip(a.T, 0)[2:], 0)).T",
                  shape="n -> k", others={"mn -> mk": ("-diff(concat(zeros(1, n), g.T, zeros(1, n)).T)",)},
                  mismatch=(DIFFERENCES,), linear=True, samples=((V3,), (V2,), (V5,), (M23,), (M32,)),
                  note="a[2] - a[1], a[3] - a[2] and so on; of a matrix along its rows; diff(a, n) does so n times"),
    ArrayFunction("concat", AB, (BLOCKS, BLOCKS), shape="...n, ...n -> ...", fold=True,
                  samples=((V3, V2), (M23, M33)), aliases=("concatenate", "cat", "vstack"),
                  note="along the first axis: vectors end to end, matrices below each other; beside each other with axis=1"),
    ArrayFunction("reshape", ("a", "m", "n"), (BLOCKS, NO_GRADIENT, NO_GRADIENT), shape="..., #, #", optional=1, linear=True,
                  samples=((M23, 6), (M23, 3, 2), (V5, 1, 5)), aliases=("view",), note="row by row; -1 is the size that is left"),
    ArrayFunction("tril", ("a", "k"), (BLOCKS, NO_GRADIENT), shape="mn, # -> mn | mn -> mn", linear=True, optional=1,
                  samples=(*SQUARES, (M23,), (M23, 1), (M33, -1)), note="with k, up to the k-th diagonal above the main one"),
    ArrayFunction("triu", ("a", "k"), (BLOCKS, NO_GRADIENT), shape="mn, # -> mn | mn -> mn", linear=True, optional=1,
                  samples=(*SQUARES, (M23,), (M23, 1), (M33, -1)), note="with k, from the k-th diagonal above the main one on"),
    ArrayFunction("cross", AB, ("cross(b, g)", "cross(g, a)"),
                  "[a[2] * b[3] - a[3] * b[2], a[3] * b[1] - a[1] * b[3], a[1] * b[2] - a[2] * b[1]]", shape="k, k -> k",
                  mismatch=("cross takes two vectors of three elements",), linear=True, samples=((V3, (0.5, -2.0, 1.25)),)),
)  # fmt: skip
