"""The formulas of common layers and of what moves elements: as papers write them, each held against its run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradcalc.answers.audit.derived import derive_code
from gradcalc.answers.audit.paper import combined, linear
from gradcalc.base.errors import GradcalcError, InternalError

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # what torch says of the users' code
M, S = "[[1, 2, 0.5], [0.5, -1, 2]]", "[[2, 0.5], [0.5, 1]]"
V = "[1, 3, 2]"
IMAGE = "[[1, 2, 0.5, 3], [0, -1, 2, 1.5], [4, 0.3, -2, 1.2], [0.7, 2.5, -0.4, 6]]"
ROWS: list[tuple[str, str, Any, str, dict[str, str]]] = [  # arguments, code, point, formula, some of the gradient
    # convolutions
    ("x, w", "F.conv1d(x, w, dilation=2)", ["x=randn(1, 2, 6)", "w=randn(3, 2, 2)"], "w @ unfold(x, 2, 1, 0, 2)", {"x": "fold(w.T @ g, 6, 2, 1, 0, 2)"}),
    ("x, w", "F.conv1d(x, w, groups=2)", ["x=randn(1, 4, 5)", "w=randn(4, 2, 2)"], "concat(w[1:2] @ unfold(x[1:2], 2), w[3:4] @ unfold(x[3:4], 2))", {"w": "concat(g[1:2] @ unfold(x[1:2], 2).T, g[3:4] @ unfold(x[3:4], 2).T)"}),
    ("x, w", "F.conv2d(x, w, groups=2, padding=1)", ["x=randn(2, 2, 3, 3)", "w=randn(2, 1, 3, 3)"], "[w[1] @ unfold2d(x[1], 3, 3, 3, 1, 1), w[2] @ unfold2d(x[2], 3, 3, 3, 1, 1)]", {"w": "[unfold2d(x[1], 3, 3, 3, 1, 1) @ g[1], unfold2d(x[2], 3, 3, 3, 1, 1) @ g[2]]"}),
    ("x, w, b", "F.conv_transpose2d(x, w, b, stride=2)", ["x=randn(1, 2, 3, 3)", "w=randn(2, 3, 2, 2)", f"b={V}"], "fold2d(w.T @ x, 6, 6, 2, 2, 2) + outer(b, ones(36))", {"x": "w @ unfold2d(g, 6, 2, 2, 2)", "w": "x @ unfold2d(g, 6, 2, 2, 2).T"}),
    ("x, w", "F.conv_transpose1d(x, w, stride=2, padding=1, output_padding=1)", ["x=randn(2, 2, 4)", "w=randn(2, 3, 3)"], "fold(w.T @ x, 8, 3, 2, 1)", {"x": "w @ unfold(g, 3, 2, 1)"}),
    ("x, w", "F.conv2d(x, w, stride=(2, 1))", ["x=randn(1, 1, 5, 4)", "w=randn(2, 1, 3, 2)"], "w @ reshape(x @ P, 6, 6)", {}),
    ("x, w", "F.conv2d(x, w)", ["x=randn(2, 3, 2, 2)", "w=randn(2, 3, 1, 1)"], "w @ x", {"w": "g @ x.T"}),
    ("x", "F.unfold(x, 2)", ["x=randn(1, 2, 3, 3)"], "unfold2d(x, 3, 2, 2)", {"x": "fold2d(g, 3, 3, 2, 2)"}),
    ("x", "F.max_pool2d(x, 3, stride=2, padding=1)", ["x=randn(2, 2, 4, 4)"], "max_pool2d(x, 4, 3, 3, 2, 1)", {"x": "fold2d(where(unfold2d(x, 4, 3, 3, 2, 1) == kron(max_pool2d(x, 4, 3, 3, 2, 1), ones(9, 1)), 1, 0)*kron(g, ones(9, 1)), 4, 4, 3, 3, 2, 1)"}),
    ("x", "F.max_pool1d(x, 2)", ["x=randn(1, 3, 6)"], "max_pool1d(x, 2)", {}),
    # pooling, interpolation: products with the weights
    ("x", "F.avg_pool2d(x, 3, 1, 1)", ["x=randn(1, 2, 4, 4)"], "M @ x @ M_2", {"x": "M.T @ g @ M_2.T"}),
    ("x", "F.adaptive_avg_pool1d(x, 3)", ["x=randn(1, 2, 5)"], "x @ M", {"x": "g @ M.T"}),
    ("x", "F.interpolate(x, scale_factor=2, mode='bilinear')", ["x=randn(1, 1, 3, 3)"], "U @ x @ U_2", {"x": "U.T @ g @ U_2.T"}),
    ("x", "F.interpolate(x, size=5, mode='linear', align_corners=True)", ["x=randn(1, 2, 3)"], "x @ U", {"x": "g @ U.T"}),
    ("x", "F.pixel_shuffle(x, 2)", ["x=randn(1, 4, 2, 2)"], "P @ reshape(x, -1)", {}),
    ("W", "F.embedding_bag(torch.tensor([0, 2, 1, 4]), W, torch.tensor([0, 3]), mode='sum')", ["W=randn(5, 3)"], "M @ W", {"W": "M.T @ g"}),
    # normalisation
    ("x, w", "F.instance_norm(x, weight=w)", ["x=randn(2, 2, 3, 3)", "w=[1, 2]"], "((x.T - mean(x, axis=1))/sqrt(var(x, axis=1) + eps)*w).T", {}),
    ("x, b", "F.batch_norm(x, None, None, None, b, training=True)", ["x=randn(2, 3, 2, 2)", f"b={V}"], "(x - mean(x, axis=0) @ M @ S)/(sqrt(mean((x - mean(x, axis=0) @ M @ S)**2, axis=0) @ M + eps) @ S) + b @ S", {"b": "S @ sum(g, axis=0)"}),
    # elements that are moved
    ("x", "x.flip(1)", [f"x={M}"], "flip(x, axis=1)", {"x": "flip(g, axis=1)"}),
    ("x", "x.roll(1)", [f"x={V}"], "P @ x", {"x": "P.T @ g"}),
    ("x", "x.roll((1, 1), (0, 1))", [f"x={M}"], "flip(x, axis=0) @ P", {}),
    ("x", "x.repeat(2)", [f"x={V}"], "concat(x, x)", {}),
    ("x", "F.pad(x, (1, 2))", [f"x={V}"], "concat(zeros(1), x, zeros(2))", {"x": "g[2:4]"}),
    ("x", "F.pad(x, (1, 1), mode='reflect')", ["x=randn(1, 2, 3)"], "x @ P", {"x": "g @ P.T"}),
    ("x", "F.pad(x, (1, 0, 0, 1), value=0.5)", [f"x={M}"], "P @ x @ P_2 + c", {"x": "P.T @ g @ P_2.T"}),
    ("x, y", "torch.cat([x, y], 1)", [f"x={M}", f"y={S}"], "concat(x, y, axis=1)", {}),
    ("x, y", "torch.stack([x, y], 1)", [f"x={V}", f"y={V}"], "[x, y].T", {}),
    ("x", "x.gather(1, torch.tensor([[0, 2], [1, 1]]))", [f"x={M}"], "reshape(P @ reshape(x, -1), 2, 2)", {}),
    ("x", "x[:, [2, 0]]", [f"x={M}"], "x @ P", {"x": "g @ P.T"}),
    ("x", "torch.zeros(3, dtype=x.dtype).scatter_add(0, torch.tensor([0, 2, 0]), x)", [f"x={V}"], "P @ x", {"x": "P.T @ g"}),
    ("x, y", "x.index_add(0, torch.tensor([0, 1, 0]), y)", [f"x={M}", "y=randn(3, 3)"], "x + P @ y", {"y": "P.T @ g"}),
    ("x", "x.topk(2).values.sum()", [f"x={V}"], "sum(P @ x)", {"x": "sum(P, axis=0)"}),
    ("x", "x.median()", [f"x={V}"], "P @ x", {"x": "P"}),
    # attention
    ("q, k, v", "F.scaled_dot_product_attention(q, k, v, is_causal=True)", ["q=randn(2, 2, 3, 2)", "k=randn(2, 2, 3, 2)", "v=randn(2, 2, 3, 2)"], "(where(mask > 0, 0, exp(q @ k.T/sqrt(2))).T/sum(where(mask > 0, 0, exp(q @ k.T/sqrt(2))), axis=1)).T @ v", {}),
    ("q, k", "F.scaled_dot_product_attention(q, k, k, attn_mask=torch.tensor([[0.5, 0.], [1., 2.]], dtype=q.dtype))", [f"q={M}", f"k={M}"], "softmax(q @ k.T/sqrt(3) + c, axis=1) @ k", {}),
    # element by element, and along dimensions
    ("x", "F.glu(x)", ["x=[[1, 2, 3, 4], [0.5, 1, 0.2, -1]]"], "x[:, 1:2]*sigmoid(x[:, 3:4])", {"x": "concat(g*sigmoid(x[:, 3:4]), g*x[:, 1:2]*sigmoid(x[:, 3:4])*(1 - sigmoid(x[:, 3:4])), axis=1)"}),
    ("x", "F.softplus(x, beta=2) + F.celu(x, 2.0) + F.hardshrink(x) + F.threshold(x, 0.2, 1.5)", [f"x={V}"], "softplus(2*x)/2 + celu(x, 2) + hardshrink(x, 0.5) + where(x > 0.2, x, 1.5)", {}),
    ("x", "x.norm(p=3)", [f"x={V}"], "sum(abs(x)**3)**(1/3)", {}),
    ("x", "x.logcumsumexp(0)", [f"x={V}"], "log(cumsum(exp(x)))", {}),
    ("x", "F.cross_entropy(x, torch.tensor([[[0, 1], [1, 1]]]))", ["x=randn(1, 2, 2, 2)"], "-mean(sum(y*log_softmax(x, axis=0), axis=0))", {}),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code", "at", "formula", "gradient"), ROWS, ids=[row[1] for row in ROWS])
def test_the_formula_of_a_layer_is_what_a_paper_prints(
    tmp_path: Path, arguments: str, code: str, at: Any, formula: str, gradient: dict[str, str]
) -> None:
    found = derive_code(_program(tmp_path, arguments, code), at=at)
    assert found.expression == formula
    assert all(row.formula is not None for row in found.gradient.values())
    assert {name: found.gradient[name].formula for name in gradient} == gradient


def _program(tmp_path: Path, arguments: str, code: str) -> str:
    path = tmp_path / "code.py"
    path.write_text(f"import torch\nimport torch.nn.functional as F\n\n\ndef f({arguments}):\n    return {code}\n")
    return f"{path}:f"


ATTENTION = """
import torch

class Heads(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = torch.nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]

def merged(x, W):
    B, T, C = x.shape
    q, k, v = (one.view(B, T, 2, 2).transpose(1, 2).reshape(2 * B, T, 2) for one in (x @ W).split(C, dim=-1))
    a = torch.softmax(torch.bmm(q, k.transpose(1, 2)), -1)
    return torch.bmm(a, v).view(B, 2, T, 2).transpose(1, 2).reshape(B, T, C)

class Sequence(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.cell = torch.nn.MultiheadAttention(4, 2), torch.nn.RNN(4, 2)

    def forward(self, q, k):
        return self.attention(q, k, k, need_weights=False)[0]

class Recurrent(Sequence):
    def forward(self, x):
        return self.cell(x)[0]
"""


HEADS = [("Heads", ["x=randn(2, 3, 4)"]), ("merged", ["x=randn(2, 3, 4)", "W=randn(4, 12)"])]


def test_a_layer_that_takes_the_sequence_first_has_the_formula_of_one_item(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text(ATTENTION)
    heads = derive_code(f"{path}:Sequence", at=["q=randn(3, 2, 4)", "k=randn(2, 2, 4)"], timeout=60)
    assert (heads.function, all(row.formula is not None for row in heads.gradient.values())) == ("f_i", True)
    states = derive_code(f"{path}:Recurrent", at="x=randn(2, 3, 4)", timeout=60)
    first = "tanh(bias_hh_l0 + (x @ weight_ih_l0.T + bias_ih_l0)[1])"
    second = f"tanh({first} @ weight_hh_l0.T + bias_hh_l0 + (x @ weight_ih_l0.T + bias_ih_l0)[2])"
    assert states.expression == f"[{first}, {second}]"
    assert all(row.formula is not None for row in states.gradient.values())


@pytest.mark.parametrize(("name", "at"), HEADS)
def test_heads_of_a_batch_are_those_of_one_item(tmp_path: Path, name: str, at: list[str]) -> None:
    path = tmp_path / "code.py"
    path.write_text(ATTENTION)
    found = derive_code(f"{path}:{name}", at=at, timeout=60)
    where = found.shortened.where
    assert (found.function, where is not None and "P2" in where.definitions) == ("f_i", True)
    assert all(row.formula is not None for row in found.gradient.values())


TOLD = [
    ("x.roll(1)", "`P` tells where elements are taken: rows of 0 and 1"),
    ("F.adaptive_avg_pool1d(x[None, None], 2)", "`M` has the weights of adaptive_avg_pool2d"),
    ("x.topk(2).values", "`P` tells where topk takes its elements, in the order that they have here: rows of 0 and 1"),
]


@pytest.mark.parametrize(("code", "told"), TOLD)
def test_a_matrix_that_stands_for_an_operation_is_told(tmp_path: Path, code: str, told: str) -> None:
    assert told in derive_code(_program(tmp_path, "x", code), at=V).remarks


def test_a_matrix_of_another_operation_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combined, "EXACT", 10.0)  # anything is a product of what is done to rows and to columns
    with pytest.raises(InternalError):
        derive_code(_program(tmp_path, "x", "x.roll(1)"), at=M)


WHY = [
    ("torch.fft.rfft(x).abs().sum()", "it works on complex numbers, and formulas are of real ones"),
    ("torch.cdist(x[:, None], x[:, None], p=1.0)", "of distances between rows only Euclidean ones have one"),
]


@pytest.mark.parametrize(("code", "why"), WHY)
def test_a_refusal_says_why_where_it_is_known(tmp_path: Path, code: str, why: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        derive_code(_program(tmp_path, "x", code), at=V)
    assert raised.value.hint == f"{why}; audit judges the gradient of any code"


REFUSED = [
    ("F.grid_sample(x[None, None], x[None, None, :, :2], align_corners=True)", f"x={M}", "grid_sampler_2d"),
    ("x.topk(2).values", "x=[1, 1, 2]", "topk"),  # two that are alike: either may be taken
]


@pytest.mark.parametrize(("code", "at", "operation"), REFUSED)
def test_what_is_not_linear_has_no_matrix(tmp_path: Path, code: str, at: str, operation: str) -> None:
    with pytest.raises(GradcalcError, match=f"aten.{operation}"):
        derive_code(_program(tmp_path, "x", code), at=at)


def test_a_large_operation_is_not_asked_element_by_element(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "MOST", 2)
    with pytest.raises(GradcalcError, match="avg_pool2d"):
        derive_code(_program(tmp_path, "x", "F.avg_pool1d(x[None, None], 2)"), at=V)
