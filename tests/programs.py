"""Random well-shaped array programs: every shape from scalars to rectangular matrices, every kind of operation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hypothesis import strategies as st

DEPTH = 4
SHAPES = {"s": "", "t": "", "x": "2", "y": "3", "z": "3", "A": "2,3", "B": "3,3", "C": "3,2", "D": "2,2"}
SIZES = ("2", "3")

# What makes an array of a shape: the text, with {0}, {1} for parts, and the shapes of these parts. In a shape, n and m
# stand for sizes; those that the shape of the result does not fix are drawn.
ANYWHERE = [
    ("{0} + {1}", "*", "*"), ("{0} - {1}", "*", "*"), ("{0}*{1}", "*", "*"), ("{0}/{1}", "*", "*"),
    ("{0}*{1}", "", "*"), ("{0} + {1}", "*", ""), ("{0}/{1}", "*", ""), ("-{0}", "*"), ("{0}**2", "*"),
    ("exp({0}/4)", "*"), ("sigmoid({0})", "*"), ("tanh({0})", "*"), ("log(1 + {0}**2)", "*"), ("sin({0})", "*"),
    ("sqrt({0}**2 + 1)", "*"), ("abs({0})", "*"), ("relu({0})", "*"), ("softplus({0})", "*"),
    ("where({0} > 1, {1}, {2})", "*", "*", "*"), ("max({0}, {1})", "*", ""), ("min({0}, {1})", "*", "*"),
    ("{0}**3", "*"), ("mse({0}, {1})", "*", "*"), ("erf({0})", "*"), ("silu({0})", "*"), ("cbrt({0})", "*"),
]  # fmt: skip
SCALARS = [
    ("sum({0})", "n"), ("sum({0})", "n,m"), ("mean({0})", "n,m"), ("{0} @ {1}", "n", "n"), ("trace({0})", "n,n"),
    ("det({0})", "n,n"), ("log(abs(det({0})))", "n,n"), ("norm({0})", "n"), ("norm({0})**2", "n,m"), ("prod({0})", "n"),
    ("logsumexp({0})", "n"), ("logsumexp({0})", "n,m"), ("var({0})", "n"), ("std({0})", "n,m"), ("max({0})", "n"),
    ("norm1({0})", "n"), ("norminf({0})", "n"), ("{0}[2]", "n"), ("{0}[1, 2]", "n,m"),
    ("{0}.T @ {1} @ {2}", "n", "n,m", "m"), ("logdet({0})", "n,n"), ("min({0})", "n,m"), ("{0}.mean()", "n"),
    ("dot({0}, {1})", "n", "n"), ("sum(kron({0}, {1}))", "n,m", "k,n"), ("prod({0})", "n,m"), ("var({0})", "n,m"),
]  # fmt: skip
VECTORS = [
    ("{0} @ {1}", "n,m", "m"), ("{0} @ {1}", "m", "m,n"), ("solve({0}, {1})", "n,n", "n"), ("{0}[1]", "m,n"),
    ("softmax({0})", "n"), ("cumsum({0})", "n"), ("diag({0})", "n,n"), ("sum({0}, axis=0)", "m,n"),
    ("sum({0}, axis=1)", "n,m"), ("mean({0}, axis=-1)", "n,m"), ("logsumexp({0}, axis=1)", "n,m"),
    ("prod({0}, axis=0)", "m,n"), ("var({0}, axis=1)", "n,m"), ("std({0}, axis=0)", "m,n"), ("max({0}, axis=1)", "n,m"),
    ("min({0}, axis=0)", "m,n"), ("cumsum({0}, axis=0)", "n"), ("{0} @ {1} @ {2}", "n,m", "m,k", "k"),
]  # fmt: skip
MATRICES = [
    ("{0} @ {1}", "n,k", "k,m"), ("{0}.T", "m,n"), ("outer({0}, {1})", "n", "m"), ("{0} + {1}", "n,m", "m"),
    ("{0}*{1}", "n,m", "m"), ("softmax({0}, axis=0)", "n,m"), ("softmax({0})", "n,m"), ("cumsum({0}, axis=1)", "n,m"),
    ("cumsum({0})", "n,m"), ("softmax({0}, axis=1)", "n,m"), ("ones({n}, {m})*{0}", ""), ("{0} + {1}", "m", "n,m"),
]  # fmt: skip
SQUARES = [
    ("diag({0})", "n"), ("inv({0})", "n,n"), ("matrix_power({0}, 2)", "n,n"), ("matrix_power({0}, -2)", "n,n"),
    ("{0} + eye({n})", "n,n"), ("{0} @ {0}.T", "n,m"), ("{0} + {0}.T", "n,n"),
]  # fmt: skip


@st.composite
def programs(
    draw: st.DrawFn, shape: str = "", depth: int = DEPTH, names: Mapping[str, str] = MappingProxyType(SHAPES)
) -> str:
    """The text of an array of a shape, `2,3`, in some names."""
    leaves = [name for name, own in names.items() if own == shape]
    if depth == 0 or draw(st.integers(0, 7)) == 0:
        return draw(st.sampled_from([*leaves, "2", "1/2"] if not shape else leaves))
    sizes = dict(zip("nm", shape.split(","), strict=False)) if shape else {}
    makers = [SCALARS, VECTORS, MATRICES][len(sizes)] if shape else SCALARS
    square = SQUARES if len(set(sizes.values())) < len(sizes) else []
    text, *parts = draw(st.sampled_from([*ANYWHERE, *makers, *square]))
    for free in sorted(set("nmk") - set(sizes)):
        sizes[free] = draw(st.sampled_from(SIZES))
    shapes = [shape if part == "*" else ",".join(sizes[size] for size in part.split(",") if size) for part in parts]
    return "(" + str(text).format(*(draw(programs(one, depth - 1, names)) for one in shapes), **sizes) + ")"


@st.composite
def statements(draw: st.DrawFn) -> str:
    """The text of a program: a definition of any shape, and a scalar that may use it."""
    shape = draw(st.sampled_from(sorted(set(SHAPES.values()))))
    first = draw(programs(shape, DEPTH - 2))
    return f"p = {first}; q = " + draw(programs("", DEPTH - 1, {**SHAPES, "p": shape}))
