"""The reasons: why a verdict is what it is, of expressions and of code."""

from __future__ import annotations

from gradcalc.lessons.meanings.records import File, Meaning

REASON, OF_CODE = "reason", "reason, of code"
SQUARE = """\
import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x
"""
REASONS = (
    Meaning(
        "cancellation", REASON,
        "numbers that are nearly equal were subtracted, and the digits that were left are rounding errors",
        "write it without the difference: expm1(x) for exp(x) - 1, 2*sin(x/2)**2 for 1 - cos(x)",
        'gradcalc diff "(1 - cos(x))/x**2" --at 1e-8',
        (
            "`x` enters in several ways, whose derivatives are as large as 2e8 and add up to -8.33333e-10: 17 digits "
            "cancel",
        ),
    ),
    Meaning(
        "overflow", REASON,
        "a number is larger than the format holds and became inf",
        "compute its logarithm, or use the function that does: logsumexp, log_softmax, softplus",
        'gradcalc diff "exp(x)" --at 1000',
        (
            "`exp(x)` is 1.97007e434, more than the 1.8e+308 that float64 holds, and becomes inf: what follows has no "
            "number to work with",
        ),
    ),
    Meaning(
        "underflow", REASON,
        "a number is smaller than the format holds and became 0, or lost its digits on the way there",
        "compute its logarithm, or scale it: a loss scale does this in half precision",
        'gradcalc diff "log(exp(-x))" --at 800',
        (
            "torch's value = -inf, disagree: underflow",
            "`exp(-x)` is 3.66787e-348, less than float64 can hold in full, and becomes 0",
        ),
    ),
    Meaning(
        "nan", REASON,
        "autograd has no number: somewhere inf - inf, 0 * inf or inf / inf was computed, most often because a branch "
        "that is not taken is derived all the same",
        "mend the operation that is named; where a branch is to blame, put the safe value in before the operation: "
        "log(where(x > 0, x, 1)) and not where(x > 0, log(x), 0)",
        'gradcalc diff "x*exp(x)/exp(x)" --at 1000',
        ("df/dx  1            1.0         nan                 -         disagree: nan",),
    ),
    Meaning(
        "precision", REASON,
        "autograd is farther off than rounding alone should cost, or adds up conventions at points where parts have no "
        "slope of their own",
        "a larger --dtype, or the expression that is proposed",
        'gradcalc diff "relu(x) - relu(-x)" --at 0',
        (
            "a part of it has no slope of its own here, and autograd answers there by convention; the parts together "
            "have one, 1, and autograd's conventions add up to 0",
        ),
    ),
    Meaning(
        "edge", REASON,
        "the domain ends here: only one side exists, and its slope is the one that is compared",
        "nothing, as long as no step leads over the edge",
        'gradcalc diff "x**1.5" --at 0',
        ("the domain ends here: only the right side exists, and its slope is the one compared",),
    ),
    Meaning(
        "no-autograd", REASON,
        "torch has no gradient of its own for a function in it, so there is nothing to compare; the exit code is 0",
        "take the true derivative, or write an autograd function with it",
        'gradcalc diff "heaviside(x, 1)" --at 2',
        (
            "df/dx  0            0.0         -                   -         no-autograd",
            "torch has no gradient of `heaviside`",
        ),
    ),
    Meaning(
        "jump", OF_CODE,
        "the result jumps just here, so it has no slope; autograd shows that of one side",
        "keep away from the point, or use a smooth function in place of the step",
        "gradcalc audit model.py:f --at x=2",
        ("x            0      undefined: jump", "floor jumps just here"),
        File("model.py", "import torch\n\n\ndef f(x):\n    return torch.floor(x)\n"),
    ),
    Meaning(
        "cut", OF_CODE,
        "detach(), .data, no_grad() or a number taken out by item() hides a way from autograd, which takes it for a "
        "constant",
        "leave it out where the gradient should flow; where it is meant, --allow-cuts holds it constant",
        'gradcalc audit model.py:f --at "x=[1, 2]"',
        (
            "x[2]   4     2      disagree: cut",
            "`.detach()` cuts this number off: autograd takes it for a constant",
        ),
        File("model.py", "def f(x):\n    return (x * x.detach()).sum()\n"),
    ),
    Meaning(
        "in-place", OF_CODE,
        "an operation overwrites a number that backward() still needs, and autograd refuses",
        "compute into a new tensor",
        "gradcalc audit model.py:f --at x=1",
        (
            "`add_` changes in place what backward() still needs: autograd refuses",
            "write: y = y + 1   # checked: value and gradient are right with it here",
        ),
        File("model.py", "import torch\n\n\ndef f(x):\n    y = torch.exp(x)\n    y += 1\n    return y.sum()\n"),
    ),
    Meaning(
        "hook", OF_CODE,
        "a hook changes the gradient on its way back",
        "leave it out where the true gradient is wanted; clipping and scaling are such hooks",
        'gradcalc audit model.py:f --at "x=[1, 2]"',
        ("the hook `<lambda>`, put on in line 3, changes the gradient: of 1 it makes 2",),
        File(
            "model.py",
            "def f(x):\n    y = x * x\n    y.register_hook(lambda gradient: 2 * gradient)\n    return y.sum()\n",
        ),
    ),
    Meaning(
        "backward", OF_CODE,
        "the backward of an autograd function is not the derivative of its forward",
        "correct the line; gradcalc diff and steps show the true derivative",
        'gradcalc audit model.py:Square --at "x=[1, 2]"',
        (
            "the backward of `Square`, line 13, is 0.5 times what it should be: by `x` at 1 it gives 0.77938, the "
            "truth is 1.55876",
        ),
        File("model.py", SQUARE),
    ),
    Meaning(
        "rounding", OF_CODE,
        "the component is as right as this format can give it here, and has lost over half of its digits, as what adds "
        "up in it cancels almost wholly",
        "nothing where the sum is as small as it should be; a larger --dtype gives the digits",
        'gradcalc audit model.py:f --at "x=[1.5, 2.25, -0.5, 4]" --dtype float32',
        (
            "4 of 4 components are as right as float32 can give them here: what adds up there cancels, and up to 6 of "
            "7 digits are lost",
        ),
        File(
            "model.py",
            "import torch.nn.functional as F\n\n\ndef f(x):\n    y = F.layer_norm(x, x.shape[-1:])\n"
            "    return (y**2).mean()\n",
        ),
    ),
    Meaning(
        "directions", OF_CODE,
        "the code is too large to look at every component: this one was judged together with others, along fixed "
        "random directions",
        "--wrt looks at fewer, and a longer --timeout allows more exact work",
        'gradcalc audit model.py:f --at "x=randn(300, 300)"',
        (
            "larger than the limit of exact work: judged by float64 values along 4 fixed random directions, and by the "
            "steepest component of each variable; a longer --timeout raises the limit",
        ),
        File("model.py", "import torch\n\n\ndef f(x):\n    return torch.tanh(x @ x).sum()\n"),
    ),
)  # fmt: skip
