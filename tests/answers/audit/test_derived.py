"""From code to its formula: read off a run, held against it, derived in array terms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import gradcalc
from gradcalc.answers.audit.derived import derive_code
from gradcalc.answers.audit.paper import joining
from gradcalc.answers.matrices.forms import WRONG
from gradcalc.base.errors import GradcalcError, InternalError
from gradcalc.calculus.matrix import naming
from gradcalc.calculus.matrix.gradient import TEXTBOOK
from gradcalc.cli.app import main
from gradcalc.engines.torch import torch
from gradcalc.render.formats import text

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # what torch says of the users' code
DATA = ["X=[[1, 2], [0.5, -1], [2, 0.3]]", "w=[1, 2]", "y=[1, 0, 1]"]
M, N = "[[1, 2, 0.5], [0.5, -1, 2]]", "[[0.3, 1, 0.5], [0.7, 1.5, -2]]"
P, S = "[[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]]", "[[2, 0.5], [0.5, 1]]"
THREE, FOUR = "[[[1, 2], [3, 4], [5, 6]], [[0.5, 1], [2, -1], [0, 2]]]", "[[[1, 2], [3, 4]], [[0.5, 1], [2, -1]]]"
IMAGE = "[[1, 2, 0.5, 3], [0, -1, 2, 1.5], [4, 0.3, -2, 1.2], [0.7, 2.5, -0.4, 6]]"
ROWS: list[tuple[str, str, Any, str, dict[str, str]]] = [  # arguments, code, point, formula, some of the gradient
    ("X, w, y", "F.mse_loss(X @ w, y)", DATA, "mean((X @ w - y)**2)", {"w": "2*X.T @ (X @ w - y)/m"}),
    ("X, w, y", "((X @ w - y) ** 2).mean()", DATA, "mean((X @ w - y)**2)", {"y": "-2*(X @ w - y)/m"}),
    ("X, w, y", "((X @ w - y) ** 2).sum() / (2 * len(X))", DATA, "mean((X @ w - y)**2)/2", {"w": "X.T @ (X @ w - y)/m"}),
    ("X, w, y", "((X @ w - y) ** 2).sum() + 0.1 * w.pow(2).sum()", DATA, "sum((X @ w - y)**2) + 0.1*sum(w**2)", {"w": "2*X.T @ (X @ w - y) + 0.2*w"}),
    ("X, w, y", "F.mse_loss(X @ w, y) + 0.1 * w.abs().sum()", DATA, "mean((X @ w - y)**2) + 0.1*sum(abs(w))", {"w": "2*X.T @ (X @ w - y)/m + 0.1*sign(w)"}),
    ("x, y", "F.l1_loss(x, y)", ["x=[1, 2]", "y=[0, 3]"], "mean(abs(x - y))", {"x": "sign(x - y)/n"}),
    ("X, w, b, y", "F.binary_cross_entropy_with_logits(X @ w + b, y)", [*DATA, "b=0.5"], "mean(softplus(X @ w + b) - y*(X @ w + b))", {"w": "X.T @ (sigmoid(X @ w + b) - y)/m", "b": "sum(sigmoid(X @ w + b) - y)/m"}),
    ("X, w, y", "F.binary_cross_entropy(torch.sigmoid(X @ w), y)", DATA, "-mean(y*log(sigmoid(X @ w)) + (1 - y)*log(1 - sigmoid(X @ w)))", {"w": "X.T @ (sigmoid(X @ w) - y)/m"}),
    ("X, w, y", "torch.relu(1 - y * (X @ w)).mean()", DATA, "mean(relu(1 - y*(X @ w)))", {}),
    ("X, w, y", "((X @ w).exp() - y * (X @ w)).mean()", DATA, "mean(exp(X @ w) - y*(X @ w))", {"w": "X.T @ (exp(X @ w) - y)/m"}),
    ("z, y", "F.poisson_nll_loss(z, y)", ["z=[1, 2]", "y=[0, 3]"], "mean(exp(z) - y*z)", {"z": "(exp(z) - y)/n"}),
    ("m, y, v", "F.gaussian_nll_loss(m, y, v)", ["m=[1, 2]", "y=[0, 3]", "v=[1, 0.5]"], "mean(log(v) + (m - y)**2/v)/2", {"m": "(m - y)/(n*v)"}),
    ("X, w, y", "F.huber_loss(X @ w, y)", DATA, "mean(where(abs(X @ w - y) <= 1, (X @ w - y)**2/2, abs(X @ w - y) - 1/2))", {}),
    ("X, w, y", "F.smooth_l1_loss(X @ w, y, reduction='sum')", DATA, "sum(where(abs(X @ w - y) <= 1, (X @ w - y)**2/2, abs(X @ w - y) - 1/2))", {}),
    ("X, W, y", "F.cross_entropy(X @ W, y)", [DATA[0], "W=[[1, 2, 0], [0, 1, 3]]", "y=[0, 2, 1]"], "cross_entropy(X @ W, y)", {"W": "X.T @ (softmax(X @ W, axis=1) - y)/m"}),
    ("z, y", "F.cross_entropy(z, y, reduction='sum')", [f"z={M}", "y=[0, 2]"], "-sum(y*log_softmax(z, axis=1))", {"z": "softmax(z, axis=1) - y"}),
    ("z, y", "F.cross_entropy(z, torch.softmax(y, -1))", [f"z={M}", f"y={N}"], "-mean(sum(log_softmax(z, axis=1)*softmax(y, axis=1), axis=1))", {"z": "(softmax(z, axis=1) - softmax(y, axis=1))/m"}),
    ("z, y", "F.cross_entropy(z, y, label_smoothing=0.1)", [f"z={M}", "y=[0, 2]"], "0.9*cross_entropy(z, y) - 0.1*mean(log_softmax(z, axis=1))", {"z": "(softmax(z, axis=1) - 0.1/n - 0.9*y)/m"}),
    ("z, y", "-torch.log_softmax(z, -1)[torch.arange(2), y].mean()", [f"z={M}", "y=[0, 2]"], "-mean(sum(y*log_softmax(z, axis=1), axis=1))", {"z": "(softmax(z, axis=1) - y)/m"}),
    ("z, y", "-torch.log_softmax(z, -1).gather(1, y[:, None]).mean()", [f"z={M}", "y=[0, 2]"], "-mean(sum(y*log_softmax(z, axis=1), axis=1))", {}),
    ("z, y", "-(F.one_hot(y, 3) * z.log_softmax(-1)).sum(-1).mean()", [f"z={M}", "y=[0, 2]:int64"], "-mean(sum(y*log_softmax(z, axis=1), axis=1))", {}),
    ("z, y", "F.multi_margin_loss(z, y)", [f"z={M}", "y=[0, 2]"], "mean((1 - y)*relu(1 + (z.T - sum(y*z, axis=1)).T))", {}),
    ("p, q", "(p * (p.log() - q.log())).sum()", ["p=[0.2, 0.8]", "q=[0.5, 0.5]"], "sum(p*(log(p) - log(q)))", {"q": "-p/q"}),
    ("p, q", "F.kl_div(q.log(), p, reduction='batchmean')", [f"p={P}", f"q={P}"], "mean(sum(p*(log(p) - log(q)), axis=1))", {"q": "-p/(m*q)"}),
    ("x, y", "F.cosine_similarity(x, y, dim=0)", ["x=[1, 2]", "y=[3, 5]"], "sum(x/norm(x)*(y/norm(y)))", {"x": "(y/norm(x) - sum(x*y)*x/norm(x)**3)/norm(y)"}),
    ("a, p, n", "F.triplet_margin_loss(a, p, n)", [f"a={M}", f"p={N}", f"n={P}"], "mean(max(sqrt(sum((a - p + eps)**2, axis=1)) + 1 - sqrt(sum((a - n + eps)**2, axis=1)), 0))", {}),
    ("a, b", "F.cross_entropy(F.normalize(a, dim=1) @ F.normalize(b, dim=1).T / 0.1, torch.arange(2))", [f"a={M}", f"b={N}"], "cross_entropy((a.T/sqrt(sum(a**2, axis=1))).T @ (b.T/sqrt(sum(b**2, axis=1)))/0.1, y)", {}),
    ("z, y", "1 - 2 * (z.sigmoid() * y).sum() / (z.sigmoid().sum() + y.sum())", ["z=[1, 2]", "y=[0, 1]"], "1 - 2*sum(sigmoid(z)*y)/(sum(sigmoid(z)) + sum(y))", {}),
    ("A, x, b", "(A @ x - b).norm() ** 2", ["A=[[1, 2], [3, 4], [0, 1]]", "x=[1, 2]", "b=[0, 1, 1]"], "norm(A @ x - b)**2", {"x": "2*A.T @ (A @ x - b)"}),
    ("A, x", "x @ A @ x", ["A=[[1, 2], [3, 5]]", "x=[1, 2]"], "x @ A @ x", {"x": "(A + A.T) @ x", "A": "outer(x, x)"}),
    ("U, V, R", "((R - U @ V.T) ** 2).sum() + 0.1 * (U.norm() ** 2 + V.norm() ** 2)", [f"U={M}", f"V={N}", f"R={S}"], "sum((R - U @ V.T)**2) + 0.1*(norm(U)**2 + norm(V)**2)", {"U": "0.2*U - 2*(R - U @ V.T) @ V"}),
    ("x", "torch.logsumexp(x, 0)", "[1, 2, 3]", "logsumexp(x)", {"x": "softmax(x)"}),
    ("x, y", "(torch.softmax(x, 0) * y).sum()", ["x=[1, 2]", "y=[3, 5]"], "sum(softmax(x)*y)", {"x": "softmax(x)*(y - sum(y*softmax(x)))"}),
    ("x, y", "(x @ y) / (x.norm() * y.norm())", ["x=[1, 2]", "y=[3, 5]"], "x @ y/(norm(x)*norm(y))", {}),
    ("x, mu, s", "-torch.distributions.Normal(mu, s).log_prob(x).sum()", ["x=[1, 2]", "mu=[0, 1]", "s=[1, 2]"], "-sum(-(x - mu)**2/(2*s**2) - log(s) - log(2*pi)/2)", {"x": "(x - mu)/s**2", "s": "1/s - (x - mu)**2/s**3"}),
    ("x, mu, S", "(torch.logdet(S) + (x - mu) @ torch.inverse(S) @ (x - mu)) / 2", ["x=[1, 2]", "mu=[0, 1]", f"S={S}"], "(logdet(S) + (x - mu) @ inv(S) @ (x - mu))/2", {"x": "(inv(S) + inv(S).T) @ (x - mu)/2"}),
    ("S", "torch.linalg.slogdet(S)[1]", [f"S={S}"], "logdet(S)", {"S": "inv(S).T"}),
    ("S", "-torch.linalg.slogdet(S)[1]", ["S=[[0, 2], [1, 0]]"], "-log(abs(det(S)))", {"S": "-inv(S).T"}),
    ("mu, v", "-0.5 * (1 + v - mu ** 2 - v.exp()).sum()", ["mu=[1, 2]", "v=[0.3, 0.5]"], "-sum(1 + v - mu**2 - exp(v))/2", {"mu": "mu", "v": "exp(v)/2 - 1/2"}),
    ("a, p, n", "torch.relu((a - p).norm() - (a - n).norm() + 1)", ["a=[1, 2]", "p=[1, 1]", "n=[3, 3]"], "relu(norm(a - p) - norm(a - n) + 1)", {}),
    ("Q, K, V", "(torch.softmax(Q @ K.T / 2**0.5, -1) @ V).sum()", ["Q=[[1, 0], [0, 1], [1, 2]]", "K=[[1, 2], [3, 4]]", "V=[[1], [2]]"], "sum(softmax(Q @ K.T/sqrt(2), axis=1) @ V)", {}),
    ("Q, K, V", "F.scaled_dot_product_attention(Q, K, V)", [f"Q={M}", f"K={N}", f"V={N}"], "softmax(Q @ K.T/sqrt(3), axis=1) @ V", {"V": "softmax(Q @ K.T/sqrt(3), axis=1).T @ g"}),
    ("S, V", "torch.softmax(S.masked_fill(torch.tensor([[0, 1], [0, 0]]) == 1, -torch.inf), -1) @ V", [f"S={S}", f"V={M}"], "(where(mask > 0, 0, exp(S)).T/sum(where(mask > 0, 0, exp(S)), axis=1)).T @ V", {"V": "where(mask > 0, 0, exp(S)).T/sum(where(mask > 0, 0, exp(S)), axis=1) @ g"}),
    ("x", "x.clamp(min=0).sum() + x.clamp(-1, 1).mean()", "[0.5, -3]", "sum(max(x, 0)) + mean(min(max(x, -1), 1))", {}),
    ("x", "torch.sin(x) ** 2 / (1 + x)", "2", "sin(x)**2/(1 + x)", {}),
    ("x", "((x - x.mean(1, keepdim=True)) ** 2).sum()", [f"x={M}"], "sum((x.T - mean(x, axis=1)).T**2)", {}),
    ("x", "(x / x.sum(-1, keepdim=True)).log().sum()", [f"x={P}"], "sum(log((x.T/sum(x, axis=1)).T))", {"x": "1/x - n*outer(1/sum(x, axis=1), ones(n))"}),
    ("x", "(x - x.max(-1, keepdim=True).values).exp().sum()", [f"x={M}"], "sum(exp((x.T - amax(x, axis=1)).T))", {}),
    ("x, w, b", "F.layer_norm(x, (3,), w, b)", [f"x={M}", "w=[1, 2, 3]", "b=[0, 1, 2]"], "((x.T - mean(x, axis=1))/sqrt(var(x, axis=1) + eps)).T*w + b", {"b": "sum(g, axis=0)"}),
    ("x, w", "x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w", [f"x={M}", "w=[1, 2, 3]"], "(x.T/sqrt(mean(x**2, axis=1) + eps)).T*w", {}),
    ("x, w, b", "F.batch_norm(x, None, None, w, b, training=True)", [f"x={M}", "w=[1, 2, 3]", "b=[0, 1, 2]"], "(x - mean(x, axis=0))/sqrt(var(x, axis=0) + eps)*w + b", {"b": "sum(g, axis=0)"}),
    ("E, i", "(F.embedding(i, E) ** 2).sum()", [f"E={M}", "i=[1, 0, 1]"], "sum((i @ E)**2)", {"E": "2*i.T @ i @ E"}),
    ("A, B", "torch.bmm(A, B).sum()", [f"A={THREE}", f"B={FOUR}"], "sum(A @ B)", {"A": "outer(ones(m), sum(B, axis=1))"}),
    ("A, B", "((A @ B) ** 2).sum()", [f"A={THREE}", f"B={FOUR}"], "sum((A @ B)**2)", {"A": "2*A @ B @ B.T", "B": "2*A.T @ A @ B"}),
    ("A, W", "((A @ W) ** 2).mean()", [f"A={THREE}", f"W={S}"], "mean((A @ W)**2)", {"W": "2*A.T @ A @ W/(m*k)"}),
    ("A, B", "torch.einsum('bij,bjk->bik', A, B)", [f"A={THREE}", f"B={FOUR}"], "A @ B", {"A": "g @ B.T", "B": "A.T @ g"}),
    ("A, B", "torch.einsum('ij,jk->ik', A, B)", [f"A={S}", f"B={M}"], "A @ B", {"A": "g @ B.T"}),
    ("x, A", "torch.einsum('i,ij,j->', x, A, x)", ["x=[1, 2]", f"A={S}"], "x @ A @ x", {"x": "(A + A.T) @ x"}),
    ("X, Y", "torch.einsum('bi,bi->b', X, Y).sum()", [f"X={M}", f"Y={N}"], "sum(X*Y)", {"X": "Y"}),
    ("a, b", "torch.einsum('i,j->ij', a, b)", ["a=[1, 2]", "b=[3, 4]"], "outer(a, b)", {"a": "g @ b"}),
    ("A", "torch.einsum('ii->', A)", [f"A={S}"], "trace(A)", {}),
    ("A, x", "torch.einsum('bij,bj->bi', A, x).pow(2).sum()", [f"A={FOUR}", f"x={S}"], "sum((A @ x)**2)", {"x": "2*A.T @ A @ x"}),
    ("A, B", "torch.einsum('ij,ij->', A, B)", [f"A={M}", f"B={N}"], "sum(A*B)", {"A": "B"}),
    ("x, y", "F.mse_loss(x.view(-1), y.view(-1))", [f"x={M}", f"y={N}"], "mean((x - y)**2)", {"x": "2*(x - y)/(m*n)"}),
    ("z, y", "F.cross_entropy(z, y, ignore_index=1)", [f"z={M}", "y=[0, 1]"], "-sum(y*log_softmax(z, axis=1))/sum(y)", {}),
    ("x, w, b", "F.conv1d(x, w, b, padding=1)", [f"x=[{M}]", f"w={FOUR}", "b=[1, 2]"], "w @ unfold(x, 2, 1, 1) + outer(b, ones(4))", {"w": "g @ unfold(x, 2, 1, 1).T", "x": "fold(w.T @ g, 3, 2, 1, 1)", "b": "sum(g, axis=1)"}),
    ("x, w", "F.conv2d(x, w, stride=2)", [f"x=[[{IMAGE}]]", f"w=[[{S}]]"], "w @ unfold2d(x, 4, 2, 2, 2)", {"w": "unfold2d(x, 4, 2, 2, 2) @ g", "x": "fold2d(outer(w, g), 4, 4, 2, 2, 2)"}),
    ("x", "F.conv2d(x, torch.tensor([[[[1., 0.], [0., -1.]]]], dtype=x.dtype))", [f"x=[[{IMAGE}]]"], "c @ unfold2d(x, 4, 2, 2)", {}),
    ("x", "F.max_pool2d(x, 2)", [f"x=[[{IMAGE}]]"], "amax(unfold2d(x, 4, 2, 2, 2), axis=0)", {}),
    ("x", "F.max_pool2d(x, 2).sum()", [f"x=[[{IMAGE}, {IMAGE}]]"], "sum(max_pool2d(x, 4, 2, 2))", {}),
    ("x", "F.avg_pool2d(x, 2)", [f"x=[[{IMAGE}]]"], "mean(unfold2d(x, 4, 2, 2, 2), axis=0)", {"x": "fold2d(outer(ones(4), g)/4, 4, 4, 2, 2, 2)"}),
    ("x", "F.adaptive_avg_pool2d(x, 1).flatten(1)", [f"x=[[{IMAGE}, {IMAGE}]]"], "mean(x)", {"x": "g*ones(m, n)/(m*n)"}),
    ("x", "F.group_norm(x, 1)", [f"x=[{M}]"], "(x - mean(x))/sqrt(var(x) + eps)", {}),
    ("x", "((x - torch.diag(x.diagonal() / 2)) ** 2).sum()", [f"x={S}"], "sum((x - diag(diag(x)/2))**2)", {}),
    ("x, y", "torch.cos(x + 0.5 * F.one_hot(y, 3)).sum()", [f"x={M}", "y=[0, 2]:int64"], "sum(cos(x + y/2))", {}),
    ("x", "x.var()", "[1, 2, 4]", "sum((x - mean(x))**2)/2", {}),
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

class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.out = nn.Embedding(4, 2), nn.Linear(2, 4)

    def forward(self, tokens, targets):
        return F.cross_entropy(self.out(self.table(tokens)).view(-1, 4), targets.view(-1))

class Evaluated(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.drop = nn.BatchNorm1d(3), nn.Dropout(0.5)
        self.norm.running_mean += torch.tensor([1.0, 2.0, 3.0])
        self.eval()

    def forward(self, x):
        return self.drop(self.norm(x))

class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(3, 2)

    def forward(self, x, h, c):
        return self.cell(x, (h, c))[1]

class Unknown(nn.Module):
    def forward(self, x):
        return torch.cdist(x, 2 * x, p=1.0).sum()

def sorts(x):
    return torch.fft.rfft(x).abs()[0]

def masked(x):
    return torch.log_softmax(x.masked_fill(torch.eye(2).bool(), -torch.inf), -1).exp().sum()

def heads(x, W):
    q, k, v = (one.view(2, 2, 2).transpose(0, 1) for one in (x @ W).split(4, dim=-1))
    return (torch.softmax(q @ k.transpose(-2, -1), -1) @ v).transpose(0, 1).reshape(2, 4)

class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm, self.out = nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.Linear(8, 2)
        self.norm.eval()

    def forward(self, x, y):
        return F.cross_entropy(self.out(F.max_pool2d(F.relu(self.norm(self.conv(x))), 2).flatten(1)), y)

def hidden(x, W, b, V, y):
    return ((torch.relu(x @ W + b) @ V - y) ** 2).mean()
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
    assert capsys.readouterr().out.splitlines() == [
        "f = mean(r**2)",
        "",
        "where",
        "r = tanh(x @ inner_weight.T + inner_bias) @ outer_weight + outer_bias - y",
        "",
        "df/douter_bias = 2*sum(r)/m",
        "",
        "`x` is m by n",
    ]


HIDDEN = [
    "x=[[1, 2], [0.5, -1]]",
    "W=[[1, 2, 0], [0, 1, 3]]",
    "b=[1, 2, 3]",
    "V=[[1, 0], [2, 1], [0, 1]]",
    "y=[[1, 0], [0, 2]]",
]


def test_what_long_formulas_share_has_names_as_in_papers(module: Path, capsys: Capture) -> None:
    point = [part for one in HIDDEN for part in ("--at", one)]
    assert main(["diff", f"{module}:hidden", *point]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "f = mean(R**2)",
        "",
        "where",
        "Z = x @ W + b",
        "R = relu(Z) @ V - y",
        "δ = where(Z > 0, 1, 0)*(R @ V.T)",
        "",
        "∂f/∂x = 2*δ @ W.T/(m*p)",
        "∂f/∂W = 2*x.T @ δ/(m*p)",
        "∂f/∂b = 2*sum(δ, axis=0)/(m*p)",
        "∂f/∂V = 2*relu(Z).T @ R/(m*p)",
        "∂f/∂y = -2*R/(m*p)",
        "",
        "`x` is m by n, `V` is k by p",
    ]
    assert main(["diff", f"{module}:hidden", *point, "--latex"]) == 0
    assert r"\delta &= " in capsys.readouterr().out
    assert main(["audit", f"{module}:hidden", *point, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["formula"]
    assert (found["where"]["gradient"]["W"], "δ" in found["gradient"]["W"]["formula"]) == ("2*x.T @ δ/(m*p)", False)


def test_a_head_has_a_formula_of_its_own(module: Path) -> None:
    shown = derive_code(f"{module}:heads", at=["x=[[1, 2], [0.5, -1]]", "W=randn(2, 12)"]).shortened
    assert shown.where is not None
    first = {name: shown.where.definitions[name] for name in ("Z", "U1", "U2", "P1")}
    assert first == {"Z": "x @ W", "U1": "Z[:, 1:2]", "U2": "Z[:, 5:6]", "P1": "softmax(U1 @ U2.T, axis=1)"}
    assert shown.expression == "concat(P1 @ U3, P2 @ U6, axis=1)"
    assert all(row.formula is not None for row in shown.gradient.values())


def test_a_small_network_for_images_has_a_formula(module: Path) -> None:
    shown = derive_code(f"{module}:Small", at=[f"x=[[{IMAGE}], [{IMAGE}]]", "y=[0, 1]"]).shortened
    formulas = {name: row.formula for name, row in shown.gradient.items()}
    assert shown.where is not None and shown.where.definitions["U1"] == "unfold2d(x, 4, 3, 3, 1, 1)"
    assert (shown.function, formulas["conv_weight"], formulas["norm_bias"]) == (
        "f_i", "δ3 @ U1.T", "sum(δ2, axis=0)",
    )  # fmt: skip


def test_names_that_do_not_read_back_are_not_shown(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_lengths", lambda order, named: dict.fromkeys(map(id, order), 100))  # all of them
    assert derive_code(f"{module}:hidden", at=HIDDEN).where is not None
    monkeypatch.setattr(naming, "UNNAMED", frozenset())
    monkeypatch.setattr(
        naming, "_may_be_named", lambda node, uses: node.function == "gt"
    )  # no number, and no function of one
    assert derive_code(f"{module}:hidden", at=HIDDEN).where is None


def test_of_a_batch_the_formula_is_that_of_one_item(module: Path, capsys: Capture) -> None:
    point = ["--at", "tokens=[[0, 1, 3], [2, 1, 0]]", "--at", "targets=[[1, 3, 2], [1, 0, 1]]"]
    assert main(["diff", f"{module}:Shared", *point, "--wrt", "table.weight"]) == 0
    scores = "tokens @ table_weight @ out_weight.T + bias"
    assert capsys.readouterr().out.splitlines() == [
        "f_i = cross_entropy(Z, targets)",
        "",
        "where",
        f"Z = {scores}",
        "",
        "df_i/dtable_weight = tokens.T @ (softmax(Z, axis=1) - targets) @ out_weight/p",
        "",
        "`tokens` is p by m",
        "",
        "f is the mean of f_i over a batch of 2, and so is the gradient by what the items share; that by an item is over"
        " 2 too",
        "",
        "for each number of `targets` and `tokens` there is a row of 0 and 1",
    ]


def test_buffers_have_their_names_and_dropout_in_eval_is_nothing(module: Path) -> None:
    found = derive_code(f"{module}:Evaluated", at="x=[[1, 2, 3], [3, 4, 1]]")
    assert found.expression == "(x - running_mean)/sqrt(running_var + eps)*weight + bias"
    assert found.gradient["x"].formula == "g*weight/sqrt(running_var + eps)"
    assert found.remarks == (
        "`g` is the gradient that comes from above: what is derived is the sum of g times the result",
        "`eps` is 1e-05",
    )


def test_what_comes_from_above_is_told_by_the_name_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("def scaled(x, g):\n    return g * x\n")
    found = derive_code(f"{path}:scaled", at=["x=[1, 2]", "g=[3, 4]"])
    assert (found.gradient["x"].formula, found.remarks[0].split(":")[0]) == (
        "g_2*g", "`g_2` is the gradient that comes from above",
    )  # fmt: skip


def test_gates_are_slices_of_what_a_cell_computes(module: Path) -> None:
    found = derive_code(f"{module}:Recurrent", at=["x=[[1, 2, 3]]", "h=[[1, 2]]", "c=[[0, 1]]"], wrt="c")
    gates = "(h @ weight_hh.T + bias_hh + x @ weight_ih.T + bias_ih)"
    forget, taken, cell = f"sigmoid({gates}[:, 3:4])", f"sigmoid({gates}[:, 1:2])", f"tanh({gates}[:, 5:6])"
    assert found.expression == f"{forget}*c + {taken}*{cell}"
    assert found.gradient["c"].formula == f"g*sigmoid({gates}[:, 3:4])"


def test_products_by_elements_keep_their_sign_where_names_are_no_variables(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("import torch\n\ndef f(x, w):\n    return torch.softmax(x * w, -1)\n")
    at = [f"x={M}", f"w={N}"]
    whole, only = (text(derive_code(f"{path}:f", at=at, wrt=wrt), "latex") for wrt in (None, "x"))
    assert whole.startswith("% `x` is m by n\n% `g` is the gradient that comes from above")
    assert (r"g \odot" in whole or r"\odot g" in whole, r"\odot w" in only or r"w \odot" in only) == (True, True)


def test_a_formula_of_code_is_there_in_latex(module: Path, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "loss.py"
    path.write_text("def loss(X, w, y):\n    return ((X @ w - y) ** 2).mean()\n")
    points = [part for one in DATA for part in ("--at", one)]
    assert main(["diff", f"{path}:loss", *points, "--wrt", "w", "--latex"]) == 0
    assert r"X^{\top}" in capsys.readouterr().out


REFUSED = [
    ("sorts", "[1, 2]", "`aten.abs`, line 44 has no formula here"),
    ("masked", "[[1, 2], [3, 4]]", "`aten._log_softmax`, line 47 has no formula here"),
    ("Unknown", "[[[1, 2, 3]]]", "`aten._cdist_forward`, line 41 has no formula here"),
]


@pytest.mark.parametrize(("name", "at", "message"), REFUSED)
def test_what_has_no_formula_is_named(module: Path, name: str, at: str, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        derive_code(f"{module}:{name}", at=at)
    assert raised.value.message == message


def test_a_wrong_row_is_caught(module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "loss.py"
    path.write_text("def loss(x, y):\n    return (x - y).sum()\n")
    monkeypatch.setattr(joining, "DIFFERENCE", joining.SUM)
    with pytest.raises(InternalError):
        derive_code(f"{path}:loss", at=["x=[1, 2]", "y=[3, 4]"])


def test_the_page_of_an_audit_has_the_formula_and_its_gradient(module: Path, capsys: Capture) -> None:
    point = ["--at", "x=[[1, 2], [3, 4]]", "--at", "y=[1, 2]", "--wrt", "outer.bias"]
    assert main(["audit", f"{module}:Net", *point]) == 0
    inner = "r = tanh(x @ inner_weight.T + inner_bias) @ outer_weight + outer_bias - y"
    told = f"\n\nf = mean(r**2)\n\nwhere\n{inner}\n\ndf/douter_bias = 2*sum(r)/m\n\n`x` is m by n\n\n1 of 1 components agree\n"
    assert capsys.readouterr().out.endswith(told)


def test_the_page_says_which_operation_has_no_formula(module: Path, capsys: Capture) -> None:
    assert main(["audit", f"{module}:Unknown", "--at", "[[[1, 2, 3]]]"]) == 0
    told = "\n\nno formula: `aten._cdist_forward`, line 41 has none\n\n3 of 3 components agree\n"
    assert capsys.readouterr().out.endswith(told)


def test_the_record_of_an_audit_has_the_formula_by_the_names_of_the_code(module: Path, capsys: Capture) -> None:
    point = ["--at", "x=[[1, 2], [3, 4]]", "--at", "y=[1, 2]", "--wrt", "outer.bias"]
    assert main(["audit", f"{module}:Net", *point, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["formula"]
    assert (found["absent"], list(found["gradient"]), found["gradient"]["outer.bias"]["name"]) == (
        None, ["outer.bias"], "outer_bias",
    )  # fmt: skip
    assert found["gradient"]["outer.bias"]["latex"].startswith(r"\frac{2 \operatorname{sum}")


def test_an_audit_in_latex_is_its_formula(module: Path, capsys: Capture) -> None:
    point = ["--at", "x=[[1, 2], [3, 4]]", "--at", "y=[1, 2]", "--wrt", "outer.bias", "--latex"]
    assert main(["audit", f"{module}:Net", *point]) == 0
    first = "% `x` is m by n", r"\begin{aligned}", r"f &= \operatorname{mean}"
    assert capsys.readouterr().out.startswith("\n".join(first))


def test_an_audit_in_a_program_has_the_formula_only_where_it_is_asked_for() -> None:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    assert gradcalc.audit(lambda x: (x**2).sum(), x).formula is None
    found = gradcalc.audit(lambda x: (x**2).sum(), x, formula=True).formula
    assert found is not None and found.shown is not None
    assert (found.shown.expression, found.shown.gradient["x"].formula) == ("sum(x**2)", "2*x")


def test_a_wrong_closed_form_is_not_shown(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TEXTBOOK, "tanh", ("g * (1 + out**2)",))
    found = derive_code(f"{module}:Net", at=["x=[[1, 2], [3, 4], [0, 1]]", "y=[1, 2, 0]"], wrt="inner.bias,outer.bias")
    told = {name: (row.formula is None, row.note) for name, row in found.gradient.items()}
    assert told == {"inner_bias": (True, WRONG), "outer_bias": (False, None)}


CUT = """
import torch

class Actor(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.base, self.head = torch.nn.Linear(2, 2).requires_grad_(False), torch.nn.Linear(2, 1)

    def forward(self, x, r):
        return ((self.head(self.base(x)).squeeze(-1) - r) * (r - r.mean()).detach()).sum()
"""


@pytest.mark.parametrize(
    ("cuts", "formula"),
    [
        (True, "sum(((x @ base_weight.T + base_bias) @ head_weight + head_bias - r)*held)"),
        (False, "sum(((x @ base_weight.T + base_bias) @ head_weight + head_bias - r)*(r - mean(r)))"),
    ],
    ids=["held", "followed"],
)
def test_frozen_weights_have_names_and_what_is_cut_may_be_held(tmp_path: Path, cuts: bool, formula: str) -> None:
    path = tmp_path / "code.py"
    path.write_text(CUT)
    found = derive_code(f"{path}:Actor", at=["x=[[1, 2], [3, 4], [0, 1]]", "r=[1, 2, 0]"], cuts=cuts)
    assert (found.expression, found.gradient["r"].note) == (formula, None)
