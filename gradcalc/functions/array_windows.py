"""Windows on the rows of arrays, by which convolutions are products of matrices."""

from __future__ import annotations

from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.arrays import M23, V5
from gradcalc.functions.function import BLOCKS, NO_GRADIENT

M26 = ((0.5, -1.5, 2.0, 3.25, 1.0, -0.75), (1.0, -2.0, 0.25, 1.75, -1.25, 0.5))
M43 = ((1.0, -2.0, 0.5), (0.25, 1.75, -1.0), (-1.25, 0.5, 3.0), (2.0, -0.5, 1.5))
STEPS = "s apart (1), with p zeros (none) around, of every d-th element (1)"
POOLED = "the largest of each window of each row, a window apart unless s says otherwise, in a border of p without elements, of every d-th element (1)"
NUMBERS = [NO_GRADIENT] * 7

ARRAY_WINDOWS = (
    ArrayFunction("unfold", ("a", "k", "s", "p", "d"), (BLOCKS, *NUMBERS[:4]), shape="..., #, #, #, #", optional=3, linear=True,
                  samples=((V5, 3), (V5, 2, 2), (M23, 2, 1, 1), (V5, 2, 1, 0, 3)), aliases=("im2col",),
                  note=f"the windows of k elements of each row, {STEPS}, as columns: w @ unfold(x, k) is a convolution as neural networks have it"),
    ArrayFunction("fold", ("a", "n", "k", "s", "p", "d"), (BLOCKS, *NUMBERS[:5]), shape="..., #, #, #, #, #", optional=3, linear=True,
                  samples=((M23, 4, 2), (M43, 4, 2), (M43, 4, 2, 2, 1), (M43, 5, 2, 1, 0, 2)), aliases=("col2im",),
                  note=f"columns of windows of k elements, {STEPS}, added up to rows of n: the transpose of unfold"),
    ArrayFunction("unfold2d", ("a", "h", "k", "l", "s", "p", "d"), (BLOCKS, *NUMBERS[:6]), shape="..., #, #, #, #, #, #", optional=3,
                  linear=True, samples=((M26, 2, 2, 2), (M26, 2, 1, 2, 2), (M26, 3, 2, 1, 1, 1), (M26, 2, 1, 2, 1, 0, 2)),
                  note="the same where each row is an image of h rows, and the windows are k by l"),
    ArrayFunction("fold2d", ("a", "h", "w", "k", "l", "s", "p", "d"), (BLOCKS, *NUMBERS), shape="..., #, #, #, #, #, #, #",
                  optional=3, linear=True,
                  samples=((M43, 2, 4, 2, 2), (M43, 3, 2, 1, 2), (M43, 4, 1, 2, 2, 2, 1), (M43, 3, 5, 2, 2, 1, 0, 2)),
                  note="the transpose of unfold2d, to images of h by w"),
    ArrayFunction("max_pool1d", ("a", "k", "s", "p", "d"), (BLOCKS, *NUMBERS[:4]), shape="..., #, #, #, #", optional=3,
                  samples=((V5, 2), (V5, 3, 1, 1), (M26, 2), (M26, 2, 2, 0, 3)), note=POOLED),
    ArrayFunction("max_pool2d", ("a", "h", "k", "l", "s", "p", "d"), (BLOCKS, *NUMBERS[:6]), shape="..., #, #, #, #, #, #",
                  optional=3, samples=((M26, 2, 2, 2), (M26, 2, 1, 3, 1), (M26, 3, 2, 2, 1, 1), (M26, 2, 1, 2, 1, 0, 2)),
                  note=f"where each row is an image of h rows, and the windows are k by l: {POOLED}"),
)  # fmt: skip
