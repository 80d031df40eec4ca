"""What is made of an expression, for programs that import it: pictures and programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.base.loading import loading
from gradcalc.inputs.point import Given
from gradcalc.inputs.shapes import GivenShapes

if TYPE_CHECKING:
    from gradcalc.answers.audit.box import GivenBox
    from gradcalc.answers.code.records import Code, Typeset
    from gradcalc.answers.plot.records import LinePlot, SurfacePlot


def plot(
    expression: str,
    ranges: GivenBox,
    *,
    at: Given | None = None,
    order: int = 1,
    tangent: Given | None = None,
    critical: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> LinePlot | SurfacePlot:
    """The function and its derivatives up to `order` over a range, or its contours over two; `print` draws them.

    `ranges` is `{"x": (-3, 3)}`, or a text such as `"x=-3:3,y=-pi:pi"`; `at` has the values of the other variables,
    `tangent` is where a tangent is drawn, and with `critical` the critical points come too, all of them, proven. A
    curve is made of strokes: kinks, poles, jumps and gaps are proven, and no stroke goes across one. `save` draws a
    picture in a file, .png, .svg or .pdf. `timeout` is in seconds.

        gradcalc.plot("1/x", {"x": (-1, 1)}).save("pole.png", dark=True)

    Raises a GradcalcError as `diff` does, and UsageError where a range makes no sense.
    """
    with loading():
        from gradcalc.answers.plot.asking import plot as draw

    return draw(expression, ranges, at=at, order=order, tangent=tangent, critical=critical, timeout=timeout)


def code(
    expression: str,
    *,
    to: str = "torch",
    function: bool = False,
    test: bool = False,
    module: str | None = None,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    shape: GivenShapes | None = None,
    symmetric: Sequence[str] | str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> Code | Typeset:
    """`expression` and its gradient as a program that runs as it stands, in the language `to`; `print` shows it.

    That is torch, python, numpy, jax, c or latex. With `function`, for torch, it is an autograd.Function; with `test`
    the pytest file that checks it comes too, which imports the program from `module` where that is named. With `at`,
    where torch disagrees and a cure is known, the program computes that. The other arguments are those of `diff`.

        gradcalc.code("log(1 + exp(x))", to="numpy").source

    Raises a GradcalcError as `diff` does; also UsageError where the language lacks a function.
    """
    with loading():
        from gradcalc.answers.code.asking import code as write

    return write(
        expression, to=to, function=function, test=test, module=module, at=at, wrt=wrt, shape=shape,
        symmetric=symmetric, timeout=timeout,
    )  # fmt: skip
