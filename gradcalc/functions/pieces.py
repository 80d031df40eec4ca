"""Functions in pieces: roundings, remainders, a step and a clamp."""

from __future__ import annotations

from gradcalc.functions.function import Function

X = ("x",)
XY = ("x", "y")
ROUNDED = ((0.3,), (-1.75,), (2.625,))
DIVIDED = ((5.5, 2.25), (-5.5, 2.25), (5.5, -2.25), (-0.75, -2.0))

PIECES = (
    Function("clamp", ("x", "low", "high"),
             ("g * where(x >= low, where(x <= high, 1, 0), 0)", "g * where(x < low, where(low < high, 1, 0), 0)",
              "g * where(x > high, 1, where(x < low, where(low < high, 0, 1), 0))"),
             "where(x > high, high, where(x < low, where(low < high, low, high), x))",
             kink="(x - low) * (x - high) * (low - high) == 0", aliases=("clip",),
             note="min(max(x, low), high): where low > high it is high, as in NumPy and torch",
             samples=((0.5, -1.0, 1.0), (-3.0, -1.0, 1.0), (4.0, -2.0, 2.0), (0.5, 2.0, 1.0))),
    Function("round", X, ("0 * g",), "where(x - 1/2 == floor(x - 1/2), 2 * floor(x / 2 + 1/4), floor(x + 1/2))",
             kink="x - 1/2 == floor(x - 1/2)", turns=(), samples=ROUNDED,
             note="halves go to the even neighbour, as in Python, NumPy and torch: round(2.5) is 2"),
    Function("trunc", X, ("0 * g",), "where(x > 0, floor(x), -floor(-x))", kink="x == floor(x)", turns=(), samples=ROUNDED, note="the fraction is cut off, towards 0"),
    Function("frac", X, ("g",), "x - trunc(x)", kink="x == floor(x)", samples=ROUNDED,
             note="x - trunc(x), with the sign of x, as in torch"),
    Function("remainder", XY, ("g", "-g * floor(x / y)"), "x - y * floor(x / y)", domain="y != 0",
             needs="there is no remainder of a division by 0", kink="x / y == floor(x / y)", samples=DIVIDED,
             latex=r"\operatorname{mod}", note="x - y*floor(x/y), with the sign of y, as Python's %, NumPy and torch have it; fmod takes the sign of x"),
    Function("fmod", XY, ("g", "-g * trunc(x / y)"), "x - y * trunc(x / y)", domain="y != 0",
             needs="there is no remainder of a division by 0", kink="x / y == floor(x / y)", samples=DIVIDED,
             note="x - y*trunc(x/y), with the sign of x, as in C, NumPy and torch; remainder takes the sign of y"),
    Function("heaviside", XY, ("0 * g", "g * where(x == 0, 1, 0)"), "where(x == 0, y, where(x > 0, 1, 0))", kink="x == 0",
             aliases=("Heaviside",), defaults=("1/2",), samples=((0.5, 0.25), (-2.0, 0.75)),
             note="the step from 0 to 1; y is its value at 0, as in NumPy and torch: 1/2 unless given"),
)  # fmt: skip
