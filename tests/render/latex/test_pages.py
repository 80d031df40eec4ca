"""Every page in LaTeX: what it says, and that it is set by a real typesetter."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from gradcalc.cli.app import main
from tests.running import Run

Capture = pytest.CaptureFixture[str]
NEURON = "z = w*x + b; p = sigmoid(z); L = -(y*log(p) + (1-y)*log(1-p))"
PAGES = {
    "one derivative": (("diff", "sin(x**2)"), r"\frac{d f}{d x} = 2 x \cos\left(x^{2}\right)"),
    "several derivatives": (
        ("diff", "x**2*y"),
        r"""\begin{aligned}
\frac{\partial f}{\partial x} &= 2 x y \\
\frac{\partial f}{\partial y} &= x^{2}
\end{aligned}""",
    ),
    "the chain rule": (
        ("diff", "y = x**2; sin(y)"),
        r"""\begin{aligned}
\frac{d y}{d x} &= 2 x \\
\frac{d f}{d y} &= \cos\left(y\right) \\
\frac{d f}{d x} &= \frac{d f}{d y} \cdot \frac{d y}{d x} = \cos\left(y\right) \cdot 2 x \\
&= 2 x \cos\left(x^{2}\right)
\end{aligned}""",
    ),
    "a row is told from a column": (
        ("diff", "w.T @ x", "--at", "w=[1,2],x=[3,4]", "--wrt", "w"), r"\frac{d f}{d w} = x",
    ),
    "elements are told from matrices": (
        ("diff", "sum(w*x*w)", "--at", "w=[1,2],x=[3,4]", "--wrt", "w"),
        r"\frac{d f}{d w} = 2 w \odot x",
    ),
    "a function and its gradient": (
        ("code", "x**2*y", "--to", "latex"),
        r"""\begin{aligned}
f &= x^{2} y \\
\frac{\partial f}{\partial x} &= 2 x y \\
\frac{\partial f}{\partial y} &= x^{2}
\end{aligned}""",
    ),
    "an order": (("diff", "x**3", "--order", "2"), r"\frac{d^{2} f}{d x^{2}} = 6 x"),
    "a Jacobian": (
        ("jacobian", "[x*y, x+y]"),
        r"\frac{\partial f}{\partial \left(x, y\right)} = \begin{pmatrix} y & x \\ 1 & 1 \end{pmatrix}",
    ),
    "a Hessian": (("hessian", "x**2*y"), r"\nabla^{2} f = \begin{pmatrix} 2 y & 2 x \\ 2 x & 0 \end{pmatrix}"),
    "a Hessian in array terms": (
        ("hessian", "x.T @ A @ x", "--shape", "A=n,n", "--wrt", "x"), r"\frac{d^{2} f}{d x^{2}} = A + A^{\top}",
    ),
    "a check": (
        ("check", "x**2", "--gradient", "x"),
        r"""\begin{aligned}
\frac{d f}{d x} &= x && \text{wrong} \\
\frac{d f}{d x} &= 2 x && \text{true}
\end{aligned}""",
    ),
    "a graph": (
        ("graph", "y = x**2; sin(y)", "--at", "3"),
        r"""\begin{aligned}
x &= 3 \\
y &= x^{2} = 9 \\
f &= \sin\left(y\right) = 0.412118 \\
\frac{d y}{d x} &= 2 x = 6 \\
\frac{d f}{d y} &= \cos\left(y\right) = -0.91113 \\
\frac{d f}{d x} &= \frac{d f}{d y} \cdot \frac{d y}{d x} = \cos\left(y\right) \cdot 2 x \\
&= \left(-0.91113\right) \cdot 6 = -5.46678
\end{aligned}""",
    ),
}  # fmt: skip


def latex(capsys: Capture, *arguments: str) -> str:
    """What the command prints with --latex."""
    main((*arguments, "--latex"))
    return capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "text"), PAGES.values(), ids=PAGES)
def test_a_page_says(arguments: tuple[str, ...], text: str, capsys: Capture) -> None:
    assert latex(capsys, *arguments) == text + "\n"


SET = [
    *(arguments for arguments, _ in PAGES.values()),
    ("graph", NEURON, "--at", "w=1,x=2,b=0,y=1"),
    ("graph", "sum((A@x)**2)", "--at", "A=[[1,2],[3,4]],x=[1,-1]"),
    ("diff", NEURON),
    ("diff", "where(x > 0, x, -x/3)"),
    ("diff", "log(0)*x"),
    ("diff", "sum((A@x - b)**2)", "--shape", "A=m,n", "--shape", "x=n", "--shape", "b=m"),
    ("diff", "x^2 + y^2 = 25", "--at", "x=3,y=4", "--tangent"),
    ("diff", "x^3 + y^3 = 6x*y", "--order", "2"),
    ("diff", "x^2*y", "--at", "x=1,y=2", "--tangent"),
    ("check", "x^2*y", "--gradient", "2*x, x"),
    ("jacobian", "softmax(z)"),
    ("nn", "--iq", "10", "--placed", "1"),
    ("nn", "--data", "examples/placements.csv"),
    ("lessons", "3"),
    ("lessons", "sigmoid"),
    ("steps", "sin(x**2)*exp(x)"),
    ("steps", "H = tanh(X @ W1); mean((H @ W2 - Y)**2)"),
    ("steps", "-mean(y*log(sigmoid(X @ w + b)))", "--wrt", "w,b", "--detail", "full"),
]


def test_a_typesetter_sets_every_page(katex: Callable[[Sequence[str]], list[str | None]], capsys: Capture) -> None:
    pages = [latex(capsys, *arguments) for arguments in SET]
    bare = ["\n".join(line for line in page.splitlines() if not line.startswith("%")) for page in pages]
    assert katex(bare) == [None] * len(SET)


def test_a_typesetter_complains_about_what_is_no_latex(katex: Callable[[Sequence[str]], list[str | None]]) -> None:
    (complaint,) = katex([r"\begin{aligned} x &= \frac{1} \end{aligned}"])
    assert complaint is not None


def test_what_has_no_latex_is_refused(run: Run) -> None:
    assert run.refused("critical", "x**2", "--range", "x=-1:1", "--latex") == "error: there is no --latex of this\n"


def test_one_form_is_enough(run: Run) -> None:
    out = run.printed("diff", "x", "--latex", "--json", code=2)
    assert json.loads(out)["error"]["message"] == "--json and --latex exclude each other"
