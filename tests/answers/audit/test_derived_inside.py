"""The formulas of code that derives inside, or holds constant: penalties, physics losses, targets, codebooks."""

from __future__ import annotations

from pathlib import Path

import pytest

import gradcalc
from gradcalc.answers.audit.derived import derive_code

X, W = "x=[[1, 2], [0.5, -1], [2, 0.3]]", "w=[[1, 0.5, 0.2], [-1, 2, 0.4]]"
V, Y = "v=[1, 2, -0.5]", "y=[0, 2, 1]"
SECOND = "u = (torch.tanh(x @ w) @ v).sum(); d = slope(u, x); e = slope(d[:, 0].sum(), x)"
CODE: dict[str, tuple[str, str, str, dict[str, str]]] = {  # arguments, statements, what is returned; formula, gradients
    "a penalty": (
        "x, w", "d = slope(torch.tanh(x @ w).sum(), x)", "(d**2).mean()",
        {"": "mean(((1 - tanh(x @ w)**2) @ w.T)**2)"},
    ),
    "sigmoid": (
        "x, v", "d = slope(torch.sigmoid(x[:, 0] * v).sum(), v)", "d.sum()",
        {"": "sum(sigmoid(x[:, 1]*v)*(1 - sigmoid(x[:, 1]*v))*x[:, 1])"},
    ),
    "a second derivative by one coordinate": (
        "x, w, v", SECOND, "e[:, 0].sum()",
        {"": "-2*sum((w[1]*(tanh(x @ w)*v)*(1 - tanh(x @ w)**2) @ w.T)[:, 1])"},
    ),
    "relu": (
        "x, w, v", "d = slope(torch.relu(x @ w) @ v, x, torch.ones(3))", "(d**2).sum()",
        {"": "sum((v*where(x @ w > 0, 1, 0) @ w.T)**2)", "x": "zeros(m, n)"},
    ),
    "softplus": (
        "x, w, v", "d = slope((torch.nn.functional.softplus(x @ w) @ v).sum(), x)", "(d**2).sum()",
        {"": "sum((v*sigmoid(x @ w) @ w.T)**2)"},
    ),
    "softmax": (
        "x, w", "d = slope(torch.softmax(x @ w, 1).pow(2).sum(), x)", "(d**2).sum()",
        {"": "sum((softmax(x @ w, axis=1)*(2*softmax(x @ w, axis=1).T"
             " - 2*sum(softmax(x @ w, axis=1)*softmax(x @ w, axis=1), axis=1)).T @ w.T)**2)"},
    ),
    "cross-entropy": (
        "x, w, y", "d = slope(torch.nn.functional.cross_entropy(x @ w, y), w)", "(d**2).sum()",
        {"": "sum((x.T @ (softmax(x @ w, axis=1) - y)/3)**2)"},
    ),
    "a step of learning to learn": (
        "x, v, y", "w = v[:2]; d = slope(((x @ w - y)**2).sum(), w)", "((x @ (w - 0.1*d) - y)**2).sum()",
        {"": "sum((x @ (v[1:2] - 0.2*(x.T @ (x @ v[1:2] - y))) - y)**2)"},
    ),
    "an equation of a derivative": (
        "v, w", "t = v[:, None]; u = torch.tanh(t * w[0]).sum(1); d = slope(u, v, torch.ones(3))",
        "torch.nn.functional.mse_loss(d, -u)",
        {"": "mean((sum((1 - tanh(outer(v, w[1]))**2)*w[1], axis=1) + sum(tanh(outer(v, w[1])), axis=1))**2)"},
    ),
}  # fmt: skip
START = """import torch


def slope(u, x, above=None):
    return torch.autograd.grad(u, x, above, create_graph=True)[0]


"""


@pytest.mark.parametrize(("arguments", "body", "result", "formulas"), CODE.values(), ids=CODE)
def test_code_that_derives_inside_has_a_formula(
    tmp_path: Path, arguments: str, body: str, result: str, formulas: dict[str, str]
) -> None:
    path = tmp_path / "inside.py"
    path.write_text(f"{START}def f({arguments}):\n    {body}\n    return {result}\n")
    given = {"x": X, "w": W, "v": V, "y": Y}
    at = [given[name] + (":int64" if name == "y" and "cross" in body else "") for name in arguments.split(", ")]
    found = derive_code(f"{path}:f", at=at)
    said = {"": found.expression, **{name: row.formula for name, row in found.gradient.items()}}
    assert {name: said[name] for name in formulas} == formulas
    assert all(row.note is None for row in found.gradient.values())  # each stood its trial


HELD: dict[str, tuple[str, str, dict[str, str], list[str]]] = {  # arguments, code; formula and gradients, remarks
    "similarity to a target": (
        "x, w", "-torch.nn.functional.cosine_similarity(x, w.detach().T, dim=1).mean()",
        {"": "-mean(sum(x.T/sqrt(sum(x**2, axis=1))*(w_held/sqrt(sum(w_held.T**2, axis=1))), axis=0))"},
        ["`w_held`: `w.detach()`, line 9, held constant"],
    ),
    "a codebook": (
        "x, w", "(x - w.T.detach()).pow(2).mean() + 0.25 * (x.detach() - w.T).pow(2).mean()",
        {"": "mean((x - w_held.T)**2) + mean((x_held - w.T)**2)/4", "x": "2*(x - w_held.T)/(m*n)"},
        ["`w_held`: `w.T.detach()`, line 9, held constant", "`x_held`: `x.detach()`, line 9, held constant"],
    ),
    "a teacher": (
        "v, y", "(torch.softmax(y.detach(), 0) * -torch.log_softmax(v, 0)).sum()",
        {"": "-sum(softmax(y_held)*log_softmax(v))", "v": "softmax(v) - softmax(y_held)"},
        ["`y_held`: `y.detach()`, line 9, held constant"],
    ),
    "a baseline": (
        "v, y", "-(v * (y - y.mean().detach())).mean()", {"": "-mean(v*(y - held))", "y": "-v/n"},
        ["`held` is 1", "`held`: `y.mean().detach()`, line 9, held constant"],
    ),
    "straight through": (
        "v, y", "((v + (v.round() - v).detach()) * y).sum()", {"": "sum((v + held)*y)", "v": "y"},
        ["`held`: `(v.round() - v).detach()`, line 9, held constant"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "code", "formulas", "remarks"), HELD.values(), ids=HELD)
def test_what_is_cut_on_purpose_stands_in_the_formula_by_its_name(
    tmp_path: Path, arguments: str, code: str, formulas: dict[str, str], remarks: list[str]
) -> None:
    path = tmp_path / "held.py"
    path.write_text(f"{START}def f({arguments}):\n    return {code}\n")
    given = {"x": X, "w": W, "v": V, "y": Y}
    found = derive_code(f"{path}:f", at=[given[name] for name in arguments.split(", ")], cuts=True)
    said = {"": found.expression, **{name: row.formula for name, row in found.gradient.items()}}
    assert {name: said[name] for name in formulas} == formulas
    assert [one for one in found.remarks if "held" in one] == remarks


CONDITIONS = {
    "(x * (x > 0)).sum()": "sum(x*where(x > 0, 1, 0))",
    "((x < 0).double() * x**2).sum()": "sum(where(x < 0, 1, 0)*x**2)",
    "x.sum() / (x > 0).sum(dtype=x.dtype)": "sum(x)/sum(where(x > 0, 1, 0))",
    "(x * (x > 0)).sum() / (x > 0).sum().clamp(min=1)": "sum(x*where(x > 0, 1, 0))/max(sum(where(x > 0, 1, 0)), 1)",
    "torch.cat([x, x**2], 1).sum(0).pow(2).sum()": "sum(sum(concat(x, x**2, axis=1), axis=0)**2)",
}


@pytest.mark.parametrize(("code", "formula"), CONDITIONS.items(), ids=CONDITIONS)
def test_conditions_count_as_1_and_0(tmp_path: Path, code: str, formula: str) -> None:
    path = tmp_path / "conditions.py"
    path.write_text(f"{START}def f(x):\n    return {code}\n")
    assert derive_code(f"{path}:f", at=[X]).expression == formula


def test_grad_mode_that_torch_turns_off_itself_is_not_blamed(tmp_path: Path) -> None:
    path = tmp_path / "held.py"
    path.write_text(f"{START}def f(x, w):\n    return torch.cosine_similarity(x, w.T.detach(), dim=1).sum()\n")
    assert [one.reason for one in gradcalc.audit(f"{path}:f", at=[X, W]).blame] == ["cut"]


LAYERS = {
    "attention": (
        "U = torch.softmax((x @ v) @ (x @ w).T, 1) @ x; U = torch.softmax((U @ v) @ (U @ w).T, 1) @ U",
        "(U @ w).tanh().pow(2).sum()", ["x=[[1, 2], [0.5, -1]]", "v=[[1, 0.5], [0.2, 1]]", "w=[[0.3, 1], [1, -1]]"],
    ),
    "gates over steps": (
        "h = x[0]\n    for a in x: h = torch.sigmoid(v @ h + a) * torch.tanh(w @ h + a) + h.sin()",
        "(h**2).sum()", ["x=[[1, 2], [0.5, -1], [0, 0.7], [1, 1]]", "v=[[1, 0.5], [0.2, 1]]", "w=[[0.3, 1], [1, -1]]"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "result", "at"), LAYERS.values(), ids=LAYERS)
def test_what_is_too_long_to_be_written_out_is_derived_by_stages(
    tmp_path: Path, body: str, result: str, at: list[str]
) -> None:
    path = tmp_path / "layers.py"
    path.write_text(f"{START}def f(x, v, w):\n    {body}\n    return {result}\n")
    found = derive_code(f"{path}:f", at=at, timeout=60)
    assert all(row.note is None for row in found.gradient.values())  # each stood its trial
    assert found.where is not None
    assert all(len(one) < 400 for one in found.where.gradient.values())
