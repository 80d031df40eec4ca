"""Losses and entropies, element by element: nothing is averaged, `mean(huber(p, y))` does that."""

from __future__ import annotations

from gradcalc.functions.function import Function

XY = ("x", "y")
NOT_NEGATIVE = "where(x > 0, y > 0, where(x == 0, y >= 0, 1 < 0))"
NEEDS = "{}(x, y) needs x > 0 and y > 0, or x = 0 and y >= 0"
SHARES = ((0.5, 0.25), (0.05, 0.9), (2.0, 3.5))

LOSSES = (
    Function("huber", ("p", "y", "d"), ("g * where(abs(p - y) <= d, p - y, d * sign(p - y))",
                                        "-g * where(abs(p - y) <= d, p - y, d * sign(p - y))",
                                        "g * where(abs(p - y) <= d, 0, abs(p - y) - d)"),
             "where(abs(p - y) <= d, (p - y)**2 / 2, d * (abs(p - y) - d / 2))", domain="d > 0", defaults=("1",),
             samples=((0.5, 1.0, 1.0), (3.0, -1.0, 1.5), (-3.0, 1.0, 0.5)),
             note="a square up to the distance d, straight lines of slope d beyond; d is torch's delta"),
    Function("smooth_l1", ("p", "y", "b"), ("g * where(abs(p - y) < b, (p - y) / b, sign(p - y))",
                                            "-g * where(abs(p - y) < b, (p - y) / b, sign(p - y))",
                                            "-g * where(abs(p - y) < b, ((p - y) / b)**2, 1) / 2"),
             "where(abs(p - y) < b, (p - y)**2 / (2 * b), abs(p - y) - b / 2)", domain="b >= 0", kink="abs(p - y) == b",
             defaults=("1",), samples=((0.5, 1.0, 1.0), (3.0, -1.0, 1.5), (-3.0, 1.0, 0.5)),
             note="huber(p, y, b)/b: slope 1 beyond the distance b, which is torch's beta"),
    Function("hinge", ("y", "t"), ("-g * where(y * t < 1, t, 0)", "-g * where(y * t < 1, y, 0)"), "max(0, 1 - y * t)",
             kink="y * t == 1", samples=((0.5, 1.0), (0.5, -1.0), (3.0, 1.0)),
             note="max(0, 1 - y*t) of a score y and a target t, which is 1 or -1"),
    Function("bce_with_logits", ("z", "y"), ("g * (sigmoid(z) - y)", "-g * z"), "softplus(z) - y * z",
             samples=((0.5, 1.0), (-3.0, 0.25), (20.0, 0.0)),
             note="bce(sigmoid(z), y), without its overflow"),
    # entropies: 0*log(0) is 0
    Function("xlogy", XY, ("g * log(y)", "where(x == 0, 0, g * x / y)"), "where(x == 0, 0, x * log(y))",
             domain="where(x == 0, 1 > 0, y > 0)", needs="xlogy(x, y) needs y > 0, or x = 0",
             samples=((0.5, 2.5), (-1.5, 0.25)), note="x*log(y), and 0 where x is 0"),
    Function("entr", ("x",), ("-g * (log(x) + 1)",), "where(x == 0, 0, -x * log(x))", domain="x >= 0", pole="x == 0",
             samples=((0.5,), (0.05,), (3.0,)), note="-x*log(x), and 0 at 0"),
    Function("rel_entr", XY, ("g * (log(x / y) + 1)", "-g * x / y"), "where(x == 0, 0, x * log(x / y))",
             domain=NOT_NEGATIVE, needs=NEEDS.format("rel_entr"), pole="x == 0", samples=SHARES,
             note="x*log(x/y), and 0 where x is 0: torch's kl_div(log(y), x)"),
    Function("kl_div", XY, ("g * log(x / y)", "g * (1 - x / y)"), "rel_entr(x, y) - x + y",
             domain=NOT_NEGATIVE, needs=NEEDS.format("kl_div"), pole="x == 0", samples=SHARES,
             note="x*log(x/y) - x + y, as in SciPy; torch's function of this name takes logarithms: that is rel_entr", told="x*log(x/y) - x + y"),
)  # fmt: skip
