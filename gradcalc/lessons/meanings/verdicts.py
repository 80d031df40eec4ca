"""The verdicts: on a derivative, on code, and on a gradient that was handed in."""

from __future__ import annotations

from gradcalc.lessons.meanings.records import File, Meaning

VERDICT = "verdict"
VERDICTS = (
    Meaning(
        "agree", VERDICT,
        "autograd's number is within tolerance of the true derivative: rtol times that, plus atol, and at least one "
        "unit in the last place",
        "nothing; --rtol and --atol change what counts",
        'gradcalc diff "sin(x**2)" --at 3',
        ("df/dx  2*x*cos(x**2)  -5.466781571308062  -5.466781571308061  0.6 ulp   agree",),
    ),
    Meaning(
        "disagree", VERDICT,
        "autograd's number, or torch's value of the function, is farther from the true one than the tolerance allows; "
        "the reason stands beside it",
        "read the reason and the line that is blamed, and write what is proposed: it was checked at this point",
        'gradcalc diff "log(1 + exp(x))" --at 1000',
        (
            "torch's value = inf, disagree: overflow",
            "write it as `softplus(x)`: checked, autograd is right with that here",
        ),
    ),
    Meaning(
        "kink", VERDICT,
        "the slopes on the left and on the right differ, so there is no derivative; autograd answers one of the slopes "
        "between them, by convention",
        "where training meets the corner seldom, nothing; elsewhere use a smooth function: softplus for relu, "
        "sqrt(x**2 + 1e-6) for abs",
        'gradcalc diff "abs(x)" --at 0',
        (
            "the graph has a corner here: its slope is -1 on the left and 1 on the right, so there is no one "
            "derivative; autograd answers 0 by convention, another library may pick any slope of the "
            "sub-differential [-1, 1]",
        ),
    ),
    Meaning(
        "infinite", VERDICT,
        "the slope grows without bound: the tangent is vertical",
        "keep away from the point, as with sqrt(x + 1e-12) for sqrt(x): an infinite gradient makes every weight behind "
        "it inf or nan",
        'gradcalc diff "cbrt(x)" --at 0',
        ("the tangent is vertical here, the slope grows without bound",),
    ),
    Meaning(
        "undefined", VERDICT,
        "the function has no real value here, or jumps, so nothing can have a slope; autograd may still show a number",
        "look at the part that is named: it says what it needs",
        'gradcalc diff "log(x)" --at -1',
        ("`log(x)` has no real value here: log(x) needs x > 0",),
    ),
    Meaning(
        "undecided", VERDICT,
        "a sign or a zero that decides it is not proven with a million bits; of code, its values do not settle. "
        "The exit code is 3 where nothing worse was found",
        "write it so that it does not cancel, or choose another point",
        'gradcalc diff "abs(erf(x) - 1)" --at 1e4',
        (
            "`abs(erf(x) - 1)` is not decided: with 524,288 bits a number in it cannot be told from 0, nor proven to "
            "be 0; no option raises this limit: write it so that it does not cancel, or choose another point",
        ),
    ),
    Meaning(
        "flat", "verdict, of code",
        "every way from there to the result leads through a step, such as round, floor or a comparison; the "
        "gradient is 0 wherever there is one, and training moves nothing",
        "let the gradient through: x + (torch.round(x) - x).detach() passes it straight on",
        'gradcalc audit model.py:f --at "x=[1.2, 2.7]"',
        (
            "x[1]   0     0      flat",
            "round moves in steps: its gradient is 0 wherever it has one, and no training will move what lies behind "
            "it",
        ),
        File("model.py", "import torch\n\n\ndef f(x):\n    return torch.round(x).sum()\n"),
    ),
    Meaning(
        "right", "verdict of check",
        "the gradient that was handed in is the true one: proven by algebra, or equal at every point that was tried",
        "nothing",
        'gradcalc check "x**2" --gradient "2*x"',
        ("df/dx  2*x            2*x            right, proved",),
    ),
    Meaning(
        "wrong", "verdict of check",
        "the gradient that was handed in differs from the true one at the point that is shown",
        "the remark names the slip where it is one that people make",
        'gradcalc check "sin(x**2)" --gradient "cos(x**2)"',
        (
            "df/dx  cos(x**2)      2*x*cos(x**2)  wrong",
            "the chain rule's inner derivative is missing: the derivative of `x**2` is `2*x`",
        ),
    ),
)  # fmt: skip
