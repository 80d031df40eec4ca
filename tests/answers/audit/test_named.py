"""Long formulas of code in terms of names, as papers have them: what a layer is made of, and δ on the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcalc.answers.audit.derived import derive_code
from gradcalc.answers.records import Comparison
from gradcalc.calculus.matrix import recognition
from gradcalc.calculus.matrix.product import multiply
from gradcalc.engines.torch import torch

assert torch is not None
M, N, K = "[[1, 2, 0.5], [0.5, -1, 2]]", "[[0.3, 1, 0.5], [0.7, 1.5, -2]]", "[[1, 2], [0.5, -1], [2, 0.3]]"
NORMALISED = "sqrt(var(x, axis=1) + eps); U = ((x.T - mean(x, axis=1))/u).T"
UNIT_ROWS = "u = sqrt(sum(q**2, axis=1)); Q1 = q.T/u; Q2 = k.T/sqrt(sum(k**2, axis=1)); Q3 = Q1.T @ Q2/0.07"
ROWS: list[tuple[str, str, str, str, str, dict[str, str]]] = [  # arguments, code, point, names, formula, gradient
    ("x, w, b", "F.layer_norm(x, (4,), w, b)", "x=[1, 2, 4, 3]; w=[1, 2, 1, 3]; b=[0, 1, 0, 1]", "u = sqrt(var(x) + eps); q = (x - mean(x))/u; δ = g*w", "q*w + b", {"x": "(δ - (sum(δ) + sum(δ*q)*q)/n)/u", "w": "g*q", "b": "g"}),
    ("x, w, b", "F.layer_norm(x, (3,), w, b)", f"x={M}; w=[1, 2, 3]; b=[0, 1, 2]", f"u = {NORMALISED}", "U*w + b", {"x": "diag(1/u) @ (g*w - (outer(g @ w, ones(n)) + diag(g*U @ w) @ U)/n)", "w": "sum(g*U, axis=0)", "b": "sum(g, axis=0)"}),
    ("x, w", "x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w", f"x={M}; w=[1, 2, 3]", "u = sqrt(mean(x**2, axis=1) + eps); U = (x.T/u).T", "U*w", {"x": "g*outer(1/u, w) - diag(g*U @ w/u) @ U/n", "w": "sum(g*U, axis=0)"}),
    ("x, w, b", "F.batch_norm(x, None, None, w, b, training=True)", f"x={M}; w=[1, 2, 3]; b=[0, 1, 2]", "u = sqrt(var(x, axis=0) + eps); Q = (x - mean(x, axis=0))/u; δ = sum(g*Q, axis=0)", "Q*w + b", {"x": "w*(g - (sum(g, axis=0) + Q*δ)/m)/u", "w": "δ", "b": "sum(g, axis=0)"}),
    ("x, w, b, v, c, y", "(torch.sigmoid(v * torch.tanh(w * x + b) + c) - y) ** 2 / 2", "x=0.5; w=2; b=-1; v=1.5; c=0.3; y=1", "h = tanh(w*x + b); p = sigmoid(v*h + c); r = p - y; δ1 = r*p*(1 - p); δ2 = δ1*v*(1 - h**2)", "r**2/2", {"w": "δ2*x", "b": "δ2", "v": "δ1*h", "c": "δ1", "y": "-r"}),
    ("a, b, c, d", "-F.logsigmoid(0.1 * ((a - b) - (c - d))).mean()", "a=[1, 2]; b=[0.5, 1]; c=[2, 1]; d=[1, 3]", "r = a - b - (c - d); p = sigmoid(-0.1*r)", "-mean(logsigmoid(0.1*r))", {"a": "-0.1*p/n", "b": "0.1*p/n"}),
    ("q, k", "F.cross_entropy(F.normalize(q, dim=1) @ F.normalize(k, dim=1).T / 0.07, torch.arange(2))", f"q={M}; k={N}", f"{UNIT_ROWS}; δ = Q2 @ (softmax(Q3, axis=1) - y).T", "cross_entropy(Q3, y)", {"q": "diag(1/u) @ (δ.T - diag(sum(δ*Q1, axis=0)) @ Q1.T)/(0.07*m)"}),
    ("p, y", "1 - 2 * (p * y).sum() / ((p ** 2).sum() + (y ** 2).sum())", "p=[0.5, 0.3]; y=[0, 1]", "z = sum(p**2) + sum(y**2); q = 2*sum(p*y)/z", "1 - q", {"p": "2*(q*p - y)/z"}),
    ("z, y", "(-0.9 * z.log_softmax(-1).gather(1, y[:, None]).squeeze(1) - 0.1 * z.log_softmax(-1).mean(-1)).mean()", f"z={M}; y=[0, 2]", "U = log_softmax(z, axis=1)", "mean(-0.9*sum(y*U, axis=1) - 0.1*mean(U, axis=1))", {"z": "(softmax(z, axis=1) - 0.9*y - 0.1/n)/m"}),
    ("x", "((x - x.mean(0)).T @ (x - x.mean(0)) / 2).pow(2).sum()", f"x={K}", "R = x - mean(x, axis=0)", "sum((R.T @ R/2)**2)", {"x": "R @ R.T @ R"}),
    ("x, W, V, U", "(F.silu(x @ W) * (x @ V)) @ U", f"x={M}; W={K}; V={K}; U=[[2, 0.5], [0.5, 1]]", "Z = x @ W; H = silu(Z); S = H*(x @ V); δ1 = g @ U.T; δ2 = (x @ V)*sigmoid(Z)*δ1*(Z*sigmoid(-Z) + 1)", "S @ U", {"x": "δ2 @ W.T + H*δ1 @ V.T", "W": "x.T @ δ2", "V": "x.T @ (H*δ1)", "U": "S.T @ g"}),
]  # fmt: skip


def derived(tmp_path: Path, arguments: str, code: str, at: str, gradient: dict[str, str]) -> Comparison:
    """What is printed of a function of one line, and of its gradient by some of its arguments."""
    path = tmp_path / "code.py"
    path.write_text(f"import torch\nimport torch.nn.functional as F\n\n\ndef f({arguments}):\n    return {code}\n")
    return derive_code(f"{path}:f", at=at.split("; "), wrt=[*gradient]).shortened


@pytest.mark.parametrize(
    ("arguments", "code", "at", "names", "formula", "gradient"), ROWS, ids=[row[1] for row in ROWS]
)
def test_a_formula_of_code_and_its_gradient_have_names_as_in_papers(
    tmp_path: Path, arguments: str, code: str, at: str, names: str, formula: str, gradient: dict[str, str]
) -> None:
    found = derived(tmp_path, arguments, code, at, gradient)
    assert found.where is not None
    assert "; ".join(f"{name} = {text}" for name, text in found.where.definitions.items()) == names
    assert found.expression == formula
    assert {name: row.formula for name, row in found.gradient.items()} == gradient


def test_wrong_formulas_with_names_give_way_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "multiply", lambda *forms: multiply(*forms, *forms[:1]))
    shown = derived(tmp_path, *ROWS[0][:3], ROWS[0][5])
    assert shown.gradient["x"].formula == "(δ - sum(δ)/n)/u - sum(δ*r)*r/(n*z**1.5)"


def test_short_formulas_have_no_names(tmp_path: Path) -> None:
    at = f"X={K}; w=[1, 2]; y=[1, 0, 1]"
    assert derived(tmp_path, "X, w, y", "((X @ w - y) ** 2).mean()", at, {"w": ""}).where is None
