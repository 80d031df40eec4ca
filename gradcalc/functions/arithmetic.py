"""The operators: arithmetic, comparisons and the choice between branches."""

from __future__ import annotations

from gradcalc.functions.function import NO_GRADIENT, Function

XY = ("x", "y")
PAIRS = ((1.5, 2.25), (-0.75, 1.25), (3.0, -2.0))

ARITHMETIC = (
    Function("add", XY, ("g", "g"), samples=PAIRS),
    Function("sub", XY, ("g", "-g"), samples=PAIRS),
    Function("mul", XY, ("g * y", "g * x"), samples=PAIRS),
    Function("div", XY, ("g / y", "-g * out / y"), domain="y != 0", needs="nothing can be divided by 0", samples=PAIRS),
    Function("neg", ("x",), ("-g",)),
    Function(
        "pow", XY,
        ("g * where(y == 0, 0, where(y == 1, 1, y * x**(y - 1)))", "g * out * log(x)"),
        domain="where(x > 0, 1 > 0, where(x == 0, y >= 0, y == floor(y)))",
        needs="a negative base needs a whole exponent, and 0 an exponent that is not negative",
        pole="where(x == 0, where(y > 0, y != floor(y), 1 > 0), 1 < 0)",
        samples=((1.5, 2.25), (0.5, -1.75), (2.0, 3.0)),
    ),
)  # fmt: skip

COMPARISONS = tuple(
    Function(name, XY, (NO_GRADIENT, NO_GRADIENT), kink="x == y", samples=())
    for name in ("lt", "le", "gt", "ge", "eq", "ne")
)
