"""`gradcalc steps` of arrays: forward line by line, and back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import gradcalc
from gradcalc.answers.steps.records import ArraySteps
from gradcalc.base.errors import InternalError
from gradcalc.calculus.matrix import backward
from gradcalc.calculus.matrix.sums import negative
from tests.running import Run

COMMAND = "steps"


PAGES = {
    "least squares": (("mean((X @ w - y)**2)", "--wrt", "w"), """\
f = mean((X @ w - y)**2)
read as = mean((X @ w - y)**2), assuming --shape X=m,n --shape w=n --shape y=m

forward
r = X @ w - y  shape (m,)
s = r**2       shape (m,)
f = mean(s)    a number

backward
1. seed: ∂f/∂f = 1
2. through f = mean(s)
   mean from the table: ∂f/∂s = ones(m)/m, shape (m,)
3. through s = r**2
   power rule: ∂f/∂r = 2*r*(∂f/∂s) = 2*r/m, shape (m,)
4. through r = X @ w - y
   matrix product rule: ∂f/∂w = X.T @ (∂f/∂r) = 2*X.T @ r/m, shape (n,)

df/dw = 2*X.T @ r/m = 2*X.T @ (X @ w - y)/m
"""),
    "every operation": (("norm(A @ x - b)**2", "--wrt", "x", "--detail", "full"), """\
f = norm(A @ x - b)**2
read as = norm(A @ x - b)**2, assuming --shape A=m,n --shape x=n --shape b=m

forward
z = A @ x    shape (m,)
r = z - b    shape (m,)
d = norm(r)  a number
f = d**2     a number

backward
1. seed: ∂f/∂f = 1
2. through f = d**2
   power rule: ∂f/∂d = 2*d
3. through d = norm(r)
   norm from the table: ∂f/∂r = r*(∂f/∂d)/d = 2*r, shape (m,)
4. through r = z - b
   sum rule: ∂f/∂z = ∂f/∂r = 2*r, shape (m,)
5. through z = A @ x
   matrix product rule: ∂f/∂x = A.T @ (∂f/∂z) = 2*A.T @ r, shape (n,)

df/dx = 2*A.T @ r = 2*A.T @ (A @ x - b)
"""),
    "a program with a bias, the logistic loss, parts that add up": ((
        "z = X @ w + b; p = sigmoid(z); -mean(y*log(p) + (1 - y)*log(1 - p))", "--wrt", "w,b",
        "--shape", "X=m,n", "--shape", "w=n", "--shape", "y=m",
    ), """\
program = z = X @ w + b; p = sigmoid(z); -mean(y*log(p) + (1 - y)*log(1 - p))
shapes = X (m, n), w (n,), y (m,)

forward
z = X @ w + b                 shape (m,)
p = sigmoid(z)                shape (m,)
v1 = log(p)                   shape (m,)
v2 = log(1 - p)               shape (m,)
f = -mean(y*v1 + (1 - y)*v2)  a number

backward
1. seed: ∂f/∂f = 1
2. through f = -mean(y*v1 + (1 - y)*v2)
   mean from the table: ∂f/∂v1 = -y/m, shape (m,)
   mean from the table: ∂f/∂v2 = -(1 - y)/m, shape (m,)
3. through v2 = log(1 - p)
   log from the table: part of ∂f/∂p = -(∂f/∂v2)/(1 - p), shape (m,)
4. through v1 = log(p)
   log from the table: part of ∂f/∂p = (∂f/∂v1)/p = -y/(m*p), shape (m,)
   the parts add up: ∂f/∂p = ((1 - y)/(1 - p) - y/p)/m, shape (m,)
5. through p = sigmoid(z)
   sigmoid from the table: ∂f/∂z = p*(1 - p)*(∂f/∂p) = (p - y)/m, shape (m,)
6. through z = X @ w + b
   matrix product rule: ∂f/∂w = X.T @ (∂f/∂z) = X.T @ (p - y)/m, shape (n,)
   sum rule: ∂f/∂b = sum(∂f/∂z) = sum(p - y)/m

∂f/∂w = X.T @ (p - y)/m = X.T @ (sigmoid(X @ w + b) - y)/m
∂f/∂b = sum(p - y)/m = sum(sigmoid(X @ w + b) - y)/m
"""),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "text"), PAGES.values(), ids=PAGES)
def test_the_way_forward_and_back(arguments: tuple[str, ...], text: str, run: Run) -> None:
    assert run(*arguments) == (0, text, "")


BRIEF = {  # the lines that a person would write down
    "what stands in one sum is one line": ("sum((x - y)**2)", "sum(s)", ["s = (x - y)**2"]),
    "a product has a line as an argument": ("sum(tanh(W @ x + b))", "sum(h)", ["z = W @ x + b", "h = tanh(z)"]),
    "a product of products has not": ("x.T @ A @ x", "x.T @ A @ x", []),
    "what is used twice has a line": ("(X @ w - y).T @ (X @ w - y)", "r.T @ r", ["r = X @ w - y"]),
    "the square of a norm is one step": ("norm(A @ x)**2", "norm(z)**2", ["z = A @ x"]),
    "a matrix has a capital letter": ("mean((X @ W - Y)**2)", "mean(S)", ["R = X @ W - Y", "S = R**2"]),
    "a letter that is taken": ("sum(exp(A @ z))", "sum(u)", ["v = A @ z", "u = exp(v)"]),
    "a program's names": ("r = A @ x; q = norm(r)**2; q + sum(r)", "q + sum(r)", ["r = A @ x", "q = norm(r)**2"]),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "last", "before"), BRIEF.values(), ids=BRIEF)
def test_the_lines_of_the_forward_pass(expression: str, last: str, before: list[str], run: Run) -> None:
    found = run.record(expression)["forward"]
    assert [f"{one['name']} = {one['formula']}" for one in found] == [*before, f"f = {last}"]


def test_the_record_has_every_step(run: Run) -> None:
    found: dict[str, Any] = json.loads(run("sum((A @ x)**2)", "--wrt", "x", "--json")[1])
    assert found["forward"][0] == {"name": "z", "formula": "A @ x", "shape": ["m"]}
    assert found["backward"][-1] == {
        "rule": "matrix product", "by": "matrix product rule", "from": "z", "to": "x", "pattern": "A.T @ (∂f/∂z)",
        "formula": "2*A.T @ z", "shape": ["n"], "part": False,
    }  # fmt: skip
    (one,) = found["derivations"]
    assert (one["variable"], one["formula"], one["shape"]) == ("x", "2*A.T @ A @ x", ["n"])


LATEX = r"""\begin{aligned}
z &= A x && \text{$m$} \\
s &= z^{\circ 2} && \text{$m$} \\
f &= \operatorname{sum}\left(s\right) \\
\frac{\partial f}{\partial f} &= 1 && \text{seed} \\
\frac{\partial f}{\partial s} &= \mathbf{1}_{m} && \text{sum from the table} \\
\frac{\partial f}{\partial z} &= 2 z \odot \frac{\partial f}{\partial s} = 2 z && \text{power rule} \\
\frac{\partial f}{\partial x} &= A^{\top} \frac{\partial f}{\partial z} = 2 A^{\top} z && \text{matrix product rule} \\
\frac{d f}{d x} &= 2 A^{\top} z = 2 A^{\top} A x
\end{aligned}
"""


def test_as_latex(run: Run) -> None:
    assert run("sum((A @ x)**2)", "--wrt", "x", "--latex") == (0, LATEX, "")


FIRST = "the steps of arrays are for first derivatives"
REFUSED = {
    "a higher order": (("sum(x**3)", "--shape", "x=n", "--order", "2"), 2, FIRST),
    "no closed form": (("sum(sort(x))", "--shape", "x=3"), 2, "`sort` has no closed form in array terms"),
    "no number": (("A @ x",), 2, "the result has shape (m,), a gradient needs a scalar"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(arguments: tuple[str, ...], code: int, message: str, run: Run) -> None:
    found, _, err = run(*arguments)
    assert (found, err.splitlines()[0]) == (code, f"error: {message}")


def test_a_wrong_step_is_a_bug_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    right = backward.partials
    monkeypatch.setattr(
        backward, "partials", lambda *given: {name: [*map(negative, uses)] for name, uses in right(*given).items()}
    )
    with pytest.raises(InternalError, match="its table rule takes -ones"):
        gradcalc.steps("mean((X @ w - y)**2)")


VECTORS = st.recursive(
    st.sampled_from(["x", "y", "A @ x", "A.T @ y", "softmax(x)"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({})".format, st.sampled_from(["sin", "exp", "tanh", "sigmoid"]), inner),
        st.builds("A @ ({})".format, inner),
        st.builds("({})**2".format, inner),
        st.builds("c*({})".format, inner),
    ),
    max_leaves=3,
)
NUMBERS = st.one_of(
    st.builds("{}({})".format, st.sampled_from(["sum", "mean", "logsumexp", "norm"]), VECTORS),
    st.builds("({}) @ ({})".format, VECTORS, VECTORS),
    st.builds("mean({}) + c*norm({})**2".format, VECTORS, VECTORS),
)


SHAPES = {"x": "n", "y": "n", "A": "n,n"}


def compared(expression: str, detail: str, shape: list[str]) -> None:
    """The closed forms that the steps end with are those of `diff`."""
    found = gradcalc.steps(expression, shape=shape, detail=detail)
    assert isinstance(found, ArraySteps)
    rows = gradcalc.diff(expression, shape=shape).gradient
    assert {one.variable: one.formula for one in found.derivations} == {name: row.formula for name, row in rows.items()}


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(NUMBERS, st.sampled_from(["brief", "full"]))
def test_the_last_line_of_any_expression_is_that_of_diff(text: str, detail: str) -> None:
    compared(text, detail, [f"{name}={shape}" for name, shape in SHAPES.items() if re.search(rf"\b{name}\b", text)])


SIZED = [("mean((X @ w - y)**2)", ["X=6,2", "w=2", "y=6"]), ("sum(x[2]*x)", ["x=3"]), ("norm(x)**2", ["x=9"])]


@pytest.mark.parametrize(("text", "shape"), SIZED)
def test_and_so_it_is_for_sizes_that_are_numbers(text: str, shape: list[str]) -> None:
    compared(text, "full", shape)
