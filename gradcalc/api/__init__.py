"""What gradcalc does, for programs that import it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from gradcalc.base.digits import writing
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.base.loading import loading
from gradcalc.inputs.point import Given
from gradcalc.inputs.pose import pose
from gradcalc.inputs.question import asked
from gradcalc.inputs.shapes import GivenShapes
from gradcalc.problem.problem import DEFAULT_DTYPE, plain

if TYPE_CHECKING:
    from gradcalc.answers.audit.box import GivenBox
    from gradcalc.answers.audit.records import CodeAudit
    from gradcalc.answers.check.proposal import Gradient
    from gradcalc.answers.check.records import Check
    from gradcalc.answers.critical.records import CriticalPoints
    from gradcalc.answers.matrices.records import Hessian, Jacobian
    from gradcalc.answers.records import Comparison
    from gradcalc.answers.steps.records import ArraySteps, Steps


def diff(
    expression: str, *, at: Given | None = None, wrt: Sequence[str] | str | None = None, order: int = 1,
    dtype: str = DEFAULT_DTYPE, rtol: float | None = None, atol: float = 0.0, strict_forward: bool = False,
    timeout: float = DEFAULT_TIMEOUT, shape: GivenShapes | None = None, symmetric: Sequence[str] | str | None = None,
    digits: int | None = None, direction: Given | None = None, of: str | None = None, tangent: bool = False,
) -> Comparison:  # fmt: skip
    """The gradient of `expression`: its closed form and, with `at`, autograd's value compared with the true one.

    `at` gives every variable a number or an array of numbers: `{"x": 3, "b": [1, 2]}`, `"x=3,y=pi/4"`, or `3` where
    there is one variable. `shape` declares the shapes of arrays where no values are given: `{"A": ("n", 3)}`, and
    `symmetric` the matrices that equal their transpose, whose closed form is by both triangles together. `wrt`
    names the variables to derive by, every one unless given; with `order` N, the N-th derivative by each. `direction`
    is given like a point, what it leaves out is 0: the derivative along it comes too. `dtype` is float64, float32,
    float16 or bfloat16; `rtol` and `atol` say how far autograd may be off. torch's value of the function counts where
    it is not finite, and with `strict_forward` where it is off. `timeout` is in seconds. Exact numbers are texts of
    `digits` digits, 20 unless given. Of an equation, `x**2 + y**2 = 25`, the derivatives are those of the variable `of`
    by the others: y where there is one, else the last, unless it is given. With `tangent`, that at the point comes too.

        gradcalc.diff("sin(x**2)", at={"x": 3}).scalar("x").verdict  # agree

    Raises a GradcalcError: ExpressionSyntaxError, UnknownNameError or ShapeError with the place in the text,
    PointError, UsageError, or LimitError where a budget or the time is used up.
    """
    with time_limit(timeout), writing(digits):
        question = asked(
            expression, at=at, wrt=wrt, order=order, dtype=dtype, rtol=rtol, atol=atol, strict_forward=strict_forward,
            shape=shape, symmetric=symmetric, direction=direction, of=of, tangent=tangent,
        )  # fmt: skip
        with loading():
            from gradcalc.answers.gradient import derive  # once the input is known to be good

        return derive(question)


def reading(
    expression: str,
    *,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    shape: GivenShapes | None = None,
) -> str:
    """How `expression` is read, in gradcalc's own notation: `2*x*sin(x)` for `2x sin x`; `diff` reads it so too.

    The arguments are those of `diff`, on which the reading may depend: `A x` is a product of matrices where A is one.
    Raises what `diff` raises at the same input.
    """
    with time_limit(timeout):
        return plain(pose(expression, current(), at=at, wrt=wrt, shape=shape, of=None))


def jacobian(
    expression: str, *, at: Given | None = None, wrt: Sequence[str] | str | None = None, dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None, atol: float = 0.0, strict_forward: bool = False, timeout: float = DEFAULT_TIMEOUT,
    shape: GivenShapes | None = None, symmetric: Sequence[str] | str | None = None, digits: int | None = None,
) -> Jacobian:  # fmt: skip
    """The derivative of every component of `expression`, of any shape, by every component of its variables.

    Rows of `matrix.entries` are the components of the result, columns those of the variables, both row-major.

        gradcalc.jacobian("[x*y, x]", at={"x": 1, "y": 2}).matrix.entries[0][1].symbolic  # 1.0

    The arguments, and what it raises, are those of `diff`.
    """
    with time_limit(timeout), writing(digits):
        question = asked(
            expression, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, strict_forward=strict_forward,
            shape=shape, symmetric=symmetric,
        )  # fmt: skip
        with loading():
            from gradcalc.answers.matrices.jacobian import jacobian as find

        return find(question)


def hessian(
    expression: str, *, at: Given | None = None, wrt: Sequence[str] | str | None = None, dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None, atol: float = 0.0, strict_forward: bool = False, timeout: float = DEFAULT_TIMEOUT,
    shape: GivenShapes | None = None, symmetric: Sequence[str] | str | None = None, digits: int | None = None,
) -> Hessian:  # fmt: skip
    """The second derivatives of a scalar `expression` by every pair of components, and what they say about the point.

        gradcalc.hessian("x**2 - y**2", at={"x": 0, "y": 0}).critical  # saddle

    The arguments, and what it raises, are those of `diff`; also ShapeError where the result is an array.
    """
    with time_limit(timeout), writing(digits):
        question = asked(
            expression, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, strict_forward=strict_forward,
            shape=shape, symmetric=symmetric,
        )  # fmt: skip
        with loading():
            from gradcalc.answers.matrices.hessian import hessian as find

        return find(question)


def critical(
    expression: str, ranges: GivenBox, *, at: Given | None = None, timeout: float = DEFAULT_TIMEOUT
) -> CriticalPoints:
    """The points of a box where the gradient of `expression` is 0: all of them, proven, and what each is.

    The box is `{"x": (-3, 3), "y": (0, 1)}`, or a text such as `"x=-3:3,y=0:1"`; `at` has the other variables, as for
    `diff`. Raises as `diff` does, and UsageError where a range makes no sense.

        gradcalc.critical("x**3 - x", {"x": (-2, 2)}).points[0].exact  # {'x': '-sqrt(3)/3'}
    """
    with loading():
        from gradcalc.answers.critical.search import critical_points

    return critical_points(expression, ranges, at=at, timeout=timeout)


def check(
    expression: str,
    gradient: Gradient,
    *,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    shape: GivenShapes | None = None,
    digits: int | None = None,
    of: str | None = None,
) -> Check:
    """Is a gradient that was worked out by hand right? Where it is not, a point that shows it.

    `gradient` is `"2*x"` for one variable, `{"x": "2*x*y", "y": "x**2"}` or `"x=2*x*y, y=x**2"` for several; it may
    use the names that a program defines. With `at`, the check is made at that point alone. `wrt` names the variables
    to check, every one unless given. `timeout` is in seconds. `shape` declares the shapes of arrays, as for `diff`;
    `digits` is how many of them a counter-example shows. Of an equation, `of` is the variable that depends on others.

        gradcalc.check("sin(x**2)", "cos(x**2)").gradient["x"].hint  # the chain rule's inner derivative is missing: …

    Raises a GradcalcError, as `diff` does; an error in the gradient has its place in the gradient's text.
    """
    with time_limit(timeout), writing(digits):
        with loading():
            from gradcalc.answers.check.check import check as judge
            from gradcalc.answers.check.stated import at_a_point, of_second_order

        if at is None:
            gradient, at = at_a_point(gradient)
        question = asked(expression, at=at, wrt=wrt, shape=shape, of=of)
        return judge(question, gradient, second=of_second_order(gradient))


def steps(
    expression: str,
    *,
    wrt: Sequence[str] | str | None = None,
    order: int = 1,
    detail: str = "brief",
    shape: GivenShapes | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    of: str | None = None,
) -> Steps | ArraySteps:
    """The derivation of `expression` rule by rule, each step verified; its last line is the closed form of `diff`.

    Of arrays it goes forward line by line, and back through each line.

        print(gradcalc.steps("sin(x**2)"))

    The arguments, and what it raises, are those of `diff`; `detail` is brief, as a person writes it, or full.
    """
    with time_limit(timeout):
        question = asked(expression, wrt=wrt, order=order, shape=shape, of=of)
        with loading():
            from gradcalc.answers.steps.steps import steps as find

        return find(question, brief=detail == "brief")


@overload
def audit(
    target: str, *, at: Given | None = None, wrt: Sequence[str] | str | None = None, dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None, cuts: bool = False, result: str | None = None, order: int = 1, seed: int = 0,
    weights: Path | str | None = None, autocast: str | None = None, device: str = "cpu",
    timeout: float = DEFAULT_TIMEOUT, formula: bool = False,
) -> CodeAudit: ...  # fmt: skip
@overload
def audit(target: Callable[..., Any], *args: Any, **kwargs: Any) -> CodeAudit: ...


def audit(target: str | Callable[..., Any], *args: Any, **kwargs: Any) -> CodeAudit:
    """Is the gradient of PyTorch code right, and if not, which line is to blame? This runs the code.

    `target` is a function, a module or a method of this process, called with the arguments that follow, which nothing
    changes, nor torch's own state; what requires grad is derived by, or every tensor of floats where no argument does,
    and all parameters that it reaches. Of the options below, `wrt`, `rtol`, `cuts`, `result`, `order`, `timeout` and
    `formula` are the audit's, unless the function takes an argument of that name.

    Or it is `FILE.py:name` or `package.module:name`: a function, an nn.Module or an autograd.Function, also a call
    with literals, `FILE.py:Model(8)`, and a method, `FILE.py:Model(8).loss`. `at` gives its arguments, as for `diff`,
    and as tensors; `wrt` names the arguments and parameters to look at, every one unless given. With `cuts`, what the
    code hides from autograd is held constant. `rtol` says how far autograd may be off, `result` what is derived of
    several results, `seed` is that of values that are drawn, `weights` a file of parameters, `autocast` a number format
    for torch.autocast, `device` where the code runs; with `order` 2, the gradient's own derivative along three fixed
    directions is audited. `timeout` is in seconds. With `formula`, the audit has what the code computes as a formula,
    with its gradient in closed form, or why there is none.

    Raises a GradcalcError: UserCodeError where the code raises, FileError, PointError, UsageError or LimitError.
    """
    with loading():
        from gradcalc.answers.audit.call import audit_call
        from gradcalc.answers.audit.code import audit_code
    return audit_code(target, *args, **kwargs) if isinstance(target, str) else audit_call(target, args, kwargs)
