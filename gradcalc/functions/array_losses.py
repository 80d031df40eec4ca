"""Distances, and losses of whole arrays: what is minimised in machine learning."""

from __future__ import annotations

from gradcalc.functions.array_function import ArrayFunction
from gradcalc.functions.arrays import AB, KEPT, M23, M32, V2, V3, V5, A, along

V3B, SHARES, ROWS = (0.5, -2.0, 1.25), (0.25, 0.5, 0.25), ((0.5, 0.25, 0.25), (0.125, 0.5, 0.375))
MEAN = "the mean over the rows of a matrix; a class is given by its number, from 1, or by probabilities"

ARRAY_LOSSES = (
    along("log_softmax", "g - softmax(a, axis) * sum(g, axis)", "a - logsumexp(a, axis)", KEPT, axis=-1,
          aliases=("logsoftmax",)),
    ArrayFunction("cross_entropy", ("z", "y"), ("g * (sum(y) * softmax(z) - y)", "-g * log_softmax(z)"),
                  "-mean(sum(y * log_softmax(z, axis=-1), axis=-1))", shape="n, n ->",
                  others={"mn, mn ->": ("g * ((softmax(z).T * sum(y, axis=1)).T - y) / n", "-g * log_softmax(z) / n")},
                  mismatch=("cross_entropy takes scores, and a probability for each or the number of a class",),
                  samples=((V3, SHARES), (M23, ROWS)), note=f"of scores: -sum(y*log_softmax(z)), {MEAN}"),
    ArrayFunction("nll", ("p", "y"), ("-g * y", "-g * p"), "-mean(sum(y * p, axis=-1))", shape="n, n ->",
                  others={"mn, mn ->": ("-g * y / n", "-g * p / n")}, linear=True,
                  mismatch=("nll takes log-probabilities, and a probability for each or the number of a class",),
                  samples=((V3, SHARES), (M23, ROWS)), note=f"of log-probabilities: -sum(y*p), {MEAN}"),
    ArrayFunction("cosine_similarity", ("x", "y"),
                  ("g * (y / (norm(x) * norm(y)) - out * x / (x @ x))", "g * (x / (norm(x) * norm(y)) - out * y / (y @ y))"),
                  "x @ y / (norm(x) * norm(y))", shape="n, n ->", mismatch=("cosine_similarity takes two vectors",),
                  samples=((V3, V3B), (V2, V2[::-1]))),
    ArrayFunction("normalize", A, ("(g - out * (out @ g)) / norm(a)",), "a / norm(a)", shape="n -> n",
                  mismatch=("normalize takes a vector",), samples=((V3,), (V5,))),
    ArrayFunction("cdist", AB, ("diag(sum(g / out, axis=1)) @ a - (g / out) @ b", "diag(sum(g / out, axis=0)) @ b - (g / out).T @ a"),
                  "sqrt((sum(a**2, axis=1) - 2 * b @ a.T).T + sum(b**2, axis=1))", shape="mk, nk -> mn",
                  mismatch=("cdist takes two matrices, whose rows are points",), samples=((M32, ((0.5, 0.25), (2.0, -1.0))),),
                  note="the distance of each row of a from each row of b"),
)  # fmt: skip
