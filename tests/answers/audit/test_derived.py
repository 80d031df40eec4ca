"""From code to its formula: read off a run, held against it, derived in array terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradcalc.answers.audit import paper_rows
from gradcalc.answers.audit.derived import derive_code
from gradcalc.base.errors import GradcalcError, InternalError
from gradcalc.cli.app import main

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # what torch says of the users' code
DATA = ["X=[[1, 2], [0.5, -1], [2, 0.3]]", "w=[1, 2]", "y=[1, 0, 1]"]
ROWS: list[tuple[str, str, Any, str, dict[str, str]]] = [  # arguments, code, point, formula, some of the gradient
    ("X, w, y", "F.mse_loss(X @ w, y)", DATA, "mean((X @ w - y)**2)", {"w": "2*X.T @ (X @ w - y)/m"}),
    ("X, w, y", "((X @ w - y) ** 2).mean()", DATA, "mean((X @ w - y)**2)", {"y": "-2*(X @ w - y)/m"}),
    ("X, w, y", "((X @ w - y) ** 2).sum() + 0.1 * w.pow(2).sum()", DATA, "sum((X @ w - y)**2) + sum(w**2)*0.1", {"w": "2*X.T @ (X @ w - y) + 0.2*w"}),
    ("X, w, y", "F.binary_cross_entropy_with_logits(X @ w, y)", DATA, "mean(softplus(X @ w) - y*(X @ w))", {"w": "X.T @ (sigmoid(X @ w) - y)/m"}),
    ("X, w, y", "F.binary_cross_entropy(torch.sigmoid(X @ w), y)", DATA, "mean(-(y*log(sigmoid(X @ w)) + (1 - y)*log(1 - sigmoid(X @ w))))", {"w": "X.T @ (sigmoid(X @ w) - y)/m"}),
    ("X, w, y", "torch.relu(1 - y * (X @ w)).mean()", DATA, "mean(relu(1 - y*(X @ w)))", {}),
    ("X, w, y", "((X @ w).exp() - y * (X @ w)).mean()", DATA, "mean(exp(X @ w) - y*(X @ w))", {"w": "X.T @ (exp(X @ w) - y)/m"}),
    ("X, w, y", "F.huber_loss(X @ w, y)", DATA, "mean(where(abs(X @ w - y) <= 1, (X @ w - y)**2/2, 1*(abs(X @ w - y) - 1/2)))", {}),
    ("X, w, y", "F.smooth_l1_loss(X @ w, y, reduction='sum')", DATA, "sum(where(abs(X @ w - y) <= 1, (X @ w - y)**2/(2*1), abs(X @ w - y) - 1/2))", {}),
    ("X, W, y", "F.cross_entropy(X @ W, y)", [DATA[0], "W=[[1, 2, 0], [0, 1, 3]]", "y=[0, 2, 1]"], "cross_entropy(X @ W, y)", {}),
    ("A, x, b", "(A @ x - b).norm() ** 2", ["A=[[1, 2], [3, 4], [0, 1]]", "x=[1, 2]", "b=[0, 1, 1]"], "norm(A @ x - b)**2", {"x": "2*A.T @ (A @ x - b)"}),
    ("A, x", "x @ A @ x", ["A=[[1, 2], [3, 5]]", "x=[1, 2]"], "x @ A @ x", {"x": "(A + A.T) @ x", "A": "outer(x, x)"}),
    ("p, q", "(p * (p.log() - q.log())).sum()", ["p=[0.2, 0.8]", "q=[0.5, 0.5]"], "sum(p*(log(p) - log(q)))", {"q": "-p/q"}),
    ("x", "torch.logsumexp(x, 0)", "[1, 2, 3]", "logsumexp(x)", {"x": "softmax(x)"}),
    ("x, y", "(torch.softmax(x, 0) * y).sum()", ["x=[1, 2]", "y=[3, 5]"], "sum(softmax(x)*y)", {"x": "softmax(x)*(y - sum(y*softmax(x)))"}),
    ("x, y", "(x @ y) / (x.norm() * y.norm())", ["x=[1, 2]", "y=[3, 5]"], "x @ y/(norm(x)*norm(y))", {}),
    ("x, mu, s", "(0.5 * ((x - mu) / s) ** 2 + s.log()).sum()", ["x=[1, 2]", "mu=[0, 1]", "s=[1, 2]"], "sum(((x - mu)/s)**2*0.5 + log(s))", {"x": "(x - mu)/s**2"}),
    ("a, p, n", "torch.relu((a - p).norm() - (a - n).norm() + 1)", ["a=[1, 2]", "p=[1, 1]", "n=[3, 3]"], "relu(norm(a - p) - norm(a - n) + 1)", {}),
    ("Q, K, V", "(torch.softmax(Q @ K.T / 2**0.5, -1) @ V).sum()", ["Q=[[1, 0], [0, 1], [1, 2]]", "K=[[1, 2], [3, 4]]", "V=[[1], [2]]"], "sum(softmax(Q @ K.T/sqrt(2), axis=1) @ V)", {}),
    ("x", "x.clamp(min=0).sum() + x.clamp(-1, 1).mean()", "[0.5, -3]", "sum(max(x, 0)) + mean(min(max(x, -1), 1))", {}),
    ("x", "torch.sin(x) ** 2 / (1 + x)", "2", "sin(x)**2/(x + 1)", {}),
]  # fmt: skip
MODULE = """
import torch, torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.outer = nn.Linear(2, 3), nn.Linear(3, 1)

    def forward(self, x, y):
        return F.mse_loss(self.outer(torch.tanh(self.inner(x))).squeeze(-1), y)

def sorts(x):
    return x.sort()[0][0]

def gives(x):
    return x * 2
"""


@pytest.mark.parametrize(("arguments", "code", "at", "formula", "gradient"), ROWS, ids=[row[1] for row in ROWS])
def test_the_formula_of_code_is_what_a_paper_prints(
    tmp_path: Path, arguments: str, code: str, at: Any, formula: str, gradient: dict[str, str]
) -> None:
    path = tmp_path / "code.py"
    path.write_text(f"import torch\nimport torch.nn.functional as F\n\n\ndef f({arguments}):\n    return {code}\n")
    found = derive_code(f"{path}:f", at=at)
    assert found.expression == formula
    assert {name: found.gradient[name].formula for name in gradient} == gradient


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A user's file."""
    path = tmp_path / "code.py"
    path.write_text(MODULE)
    return path


def test_the_parameters_of_a_module_are_variables(module: Path, capsys: Capture) -> None:
    point = ["--at", "x=[[1, 2], [3, 4], [0, 1], [1, 1]]", "--at", "y=[1, 2, 0, 1]"]
    assert main(["diff", f"{module}:Net", *point, "--wrt", "outer.bias"]) == 0
    inner = "sum(tanh(x @ inner_weight.T + inner_bias) @ outer_weight.T + outer_bias, axis=1) - y"
    assert capsys.readouterr().out.splitlines() == [
        f"f = mean(({inner})**2)",
        "",
        f"df/douter_bias = 2*sum({inner})*ones(1)/m",
    ]


def test_a_formula_of_code_is_there_in_latex(module: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "loss.py"
    path.write_text("def loss(X, w, y):\n    return ((X @ w - y) ** 2).mean()\n")
    points = [part for one in DATA for part in ("--at", one)]
    assert main(["diff", f"{path}:loss", *points, "--wrt", "w", "--latex"]) == 0
    assert r"X^{\top}" in capsys.readouterr().out


REFUSED = [
    ("sorts", "[1, 2]", "`aten.sort`, line 14 has no formula here"),
    ("gives", "[1, 2]", "the code gives an array, expected a number"),
]


@pytest.mark.parametrize(("name", "at", "message"), REFUSED)
def test_what_has_no_formula_is_named(module: Path, name: str, at: str, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        derive_code(f"{module}:{name}", at=at)
    assert raised.value.message == message


def test_a_wrong_row_is_caught(module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "loss.py"
    path.write_text("def loss(x, y):\n    return (x - y).sum()\n")
    monkeypatch.setitem(paper_rows.BINARY, "sub", "({0} + {1})")
    with pytest.raises(InternalError):
        derive_code(f"{path}:loss", at=["x=[1, 2]", "y=[3, 4]"])
