"""Layers, losses and functions of PyTorch on the tape: true values and gradients against autograd, and differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradcalc.engines.exact.ball import ONE, Ball, working
from gradcalc.engines.torch import torch
from gradcalc.tracing.evaluate import flows, run
from gradcalc.tracing.recorder_torch import Recorder
from gradcalc.tracing.watching_torch import recording

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # what torch says of its own losses
nn, F = torch.nn, torch.nn.functional
Tensor = Any
torch.manual_seed(5)
X, P, M = torch.randn(2, 3), torch.rand(2, 3) * 0.8 + 0.1, torch.randn(3, 3)
S = M @ M.T + torch.eye(3)
V, W = torch.randn(3), torch.randn(4, 3)
SEQUENCE, CLASSES = torch.randn(1, 3, 4), torch.tensor([0, 2])
IMAGE, SIGNAL = torch.randn(1, 2, 4, 4), torch.randn(2, 3, 7)
HEADS = [torch.randn(1, 2, 3, 4) for _ in range(3)]
MASK = torch.triu(torch.full((3, 3), float("-inf")), 1).double()
ATTENTION = nn.MultiheadAttention(4, 2, batch_first=True).double()
GRU, LSTM, RNN = nn.GRU(3, 4, batch_first=True).double(), nn.LSTM(3, 4, 2).double(), nn.RNN(3, 4).double()
ENCODER = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True).double().eval()
REDUCTIONS = ("none", "mean", "sum")


def each(names: str, *modules: Any) -> Callable[[Tensor], Tensor]:
    """The sum of functions of one array, by their names."""
    found = [next(getattr(one, name) for one in modules if hasattr(one, name)) for name in names.split()]
    return lambda x: sum(one(x) for one in found)


def reduced(loss: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A loss in each of its reductions, together."""
    return lambda *given: sum(loss(*given, reduction=one) for one in REDUCTIONS)


def in_place(x: Tensor) -> Tensor:
    """Views, indices and masks that are written through."""
    y = x.clone()
    y[0] = y[0] * 2
    y[:, 1] += x[:, 0]
    y[y > 1] = 0.5
    y.t().add_(1)
    y.index_put_((torch.tensor([0]),), torch.tensor(1.0).double())
    return y.mul_(3).exp_()


def branches(x: Tensor) -> Tensor:
    """A loop with a condition."""
    h = x
    for _ in range(4):
        h = h.sin() + x if h.sum() > 0 else h.cos() * x
    return h


Case = tuple[str, Callable[..., Tensor], tuple[Tensor, ...]]
CASES: list[Case] = [
    ("functions of any number", each("exp expm1 sin cos tan tanh sinh cosh sigmoid erf erfc asinh atan exp2 square abs neg sinc", torch), (X,)),
    ("functions of positive numbers", each("log log1p log2 log10 sqrt rsqrt reciprocal asin acos atanh lgamma digamma logit", torch), (P,)),
    ("special functions", each("erfinv entr ndtr i0 i0e i1 erfcx log_ndtr", torch.special), (P,)),
    ("functions that move in steps", each("relu sign floor ceil round trunc frac", torch), (X,)),
    ("activations", each("gelu silu mish softplus elu selu celu leaky_relu hardswish hardsigmoid hardtanh relu6 logsigmoid softsign softshrink hardshrink tanhshrink", F), (X * 2,)),
    ("gelu by tanh, glu and acosh", lambda x: F.gelu(x, approximate="tanh").sum() + F.glu(x[:, :2]) + torch.acosh(x.abs() + 2).sum(), (X,)),
    ("functions of two numbers", lambda a, b: torch.atan2(a, b) + torch.hypot(a, b) + a**3 + b**a + 2**a + b**0.5 + torch.logaddexp(a, b) + torch.xlogy(b, b), (X, P)),
    ("lerp, addcmul, remainders, bounds", lambda a, b: torch.lerp(a, b, 0.3) + torch.addcmul(a, a, b, value=2) + torch.addcdiv(a, a, b) + torch.remainder(a, b) + torch.fmod(a, b) + a.clamp(-0.5, 0.5) + torch.maximum(a, b) + torch.fmin(a, b), (X, P)),
    ("Linear", lambda x, w, b: F.linear(x, w, b), (torch.randn(2, 3, 3), W, torch.randn(4))),
    ("Conv1d", lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), (SIGNAL, torch.randn(4, 3, 3), torch.randn(4))),
    ("Conv2d", lambda x, w, b: F.conv2d(x, w, b, padding=1, dilation=2), (torch.randn(1, 2, 5, 4), torch.randn(3, 2, 3, 2), torch.randn(3))),
    ("Conv2d in groups", lambda x, w: F.conv2d(x, w, groups=2), (torch.randn(1, 4, 3, 3), torch.randn(4, 2, 2, 2))),
    ("ConvTranspose2d", lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1), (torch.randn(1, 2, 3, 3), torch.randn(2, 2, 3, 3))),
    ("LayerNorm and RMSNorm", lambda x, w, b: F.layer_norm(x, (3,), w, b) + F.rms_norm(x, (3,), w), (X, V, V)),
    ("BatchNorm in training", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), (torch.randn(4, 3), V, V)),
    ("BatchNorm in evaluation", lambda x, w: F.batch_norm(x, torch.zeros(3).double(), torch.ones(3).double(), w), (torch.randn(4, 3, 2), V)),
    ("GroupNorm and InstanceNorm", lambda x, w: F.group_norm(x, 2, w, w) + F.instance_norm(x), (torch.randn(2, 4, 3), torch.randn(4))),
    ("Embedding", lambda w: F.embedding(torch.tensor([[1, 2], [0, 1]]), w), (W,)),
    ("MultiheadAttention", lambda x: ATTENTION(x, x, x)[0] + ATTENTION(x, x, x, attn_mask=MASK, need_weights=False)[0], (SEQUENCE,)),
    ("scaled_dot_product_attention", lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True) + F.scaled_dot_product_attention(q, k, v, attn_mask=torch.eye(3).bool()), tuple(HEADS)),
    ("TransformerEncoderLayer", ENCODER, (SEQUENCE,)),
    ("GRU, LSTM and RNN", lambda x: GRU(x)[0] + LSTM(x)[0] + RNN(x)[0], (torch.randn(2, 3, 3),)),
    ("MSE, L1, Huber, smooth L1", lambda a, b: sum(reduced(one)(a, b) for one in (F.mse_loss, F.l1_loss, F.huber_loss, F.smooth_l1_loss)), (X, P)),
    ("BCE with and without logits", lambda a, b: reduced(F.binary_cross_entropy)(b, b * 0.9) + reduced(F.binary_cross_entropy_with_logits)(a, b), (X, P)),
    ("KL", lambda a, b: reduced(F.kl_div)(a.log_softmax(-1), b.softmax(-1)), (X, P)),
    ("CE with smoothing and NLL", lambda a: reduced(lambda x, reduction: F.cross_entropy(x, CLASSES, reduction=reduction, label_smoothing=0.1))(a) + F.nll_loss(a.log_softmax(-1), CLASSES, weight=V.double().abs()), (X,)),
    ("CE of images and of probabilities", lambda a, b: F.cross_entropy(a[..., None].expand(2, 3, 2), torch.tensor([[0, 1], [2, -100]])) + F.cross_entropy(a, b.softmax(-1)), (X, P)),
    ("Triplet and CosineEmbedding", lambda a, b: reduced(F.triplet_margin_loss)(a, b, b * 0.3) + reduced(lambda x, y, reduction: F.cosine_embedding_loss(x, y, torch.tensor([1.0, -1.0]), reduction=reduction))(a, b), (X, P)),
    ("Gaussian and Poisson NLL, hinge, margins", lambda a, b: F.gaussian_nll_loss(a, b, b + 1) + F.poisson_nll_loss(a, b) + F.hinge_embedding_loss(a, torch.ones(2, 3)) + F.margin_ranking_loss(a, b, torch.ones(2, 3)), (X, P)),
    ("softmax and its kin", lambda x: x.softmax(-1) + x.log_softmax(0) + F.softmin(x, -1) + x.logsumexp(-1, keepdim=True) + x.logcumsumexp(-1), (X,)),
    ("einsum", lambda a, b: torch.einsum("ij,kj->ik", a, b) + torch.einsum("ij,ij->i", a, b), (X, P)),
    ("gather, index_select, scatter", lambda x: x.gather(1, torch.tensor([[0, 2], [1, 1]])) + x.index_select(1, CLASSES) + x.scatter(1, torch.tensor([[0], [1]]), x[:, :1] * 2)[:, 1:] + torch.zeros(2, 3).double().scatter_add(1, torch.tensor([[0, 1], [1, 1]]), x[:, :2])[:, :2], (X,)),
    ("indices and masks", lambda x: x[:, [0, 1]] + x[CLASSES // 2, CLASSES][:, None] + x[x > 0].sum() + x[1, 2] + torch.where(x > 0, x**2, x.exp())[:, :2], (X,)),
    ("sort, topk, max, min, median", lambda x: x.sort(-1)[0] * x.topk(3)[0] + x.sort(0, descending=True)[0] + x.max(-1, keepdim=True)[0] + x.min() + x.kthvalue(2, -1, keepdim=True)[0] + x.median() + x.amax(0) + x.amin(-1, keepdim=True), (X,)),
    ("cumsum, cumprod, cummax, prod", lambda x: x.cumsum(-1) + x.cumprod(-1) + x.cummax(-1)[0] + x.prod() + x.prod(-1, keepdim=True) + (x * torch.tensor([0.0, 1, 1])).prod(-1, keepdim=True), (X,)),
    ("norms and distances", lambda a, b: a.norm() + a.norm(dim=-1, keepdim=True) + a.norm(p=1) + a.norm(p=3) + torch.linalg.vector_norm(a, float("inf")) + torch.cdist(a, b).sum() + F.pairwise_distance(a, b)[:, None] + F.normalize(a, dim=-1) + F.cosine_similarity(a, b)[:, None], (X, P)),
    ("det, inv, slogdet, matrix_power", lambda a: torch.linalg.inv(a) + torch.linalg.det(a) + torch.linalg.slogdet(a)[1] + torch.linalg.matrix_power(a, 3), (M,)),
    ("solve and cholesky", lambda a, b: torch.linalg.solve(a, b) + torch.linalg.solve(a, b[:, 0])[:, None] + torch.linalg.cholesky(a + a.T) @ b + torch.cholesky_solve(b, torch.linalg.cholesky(a + a.T)), (S, torch.randn(3, 2))),
    ("mean, var, std", lambda x: x.mean(0) + x.std() + x.var(-1, keepdim=True) + torch.var_mean(x, unbiased=False)[0], (X,)),
    ("pooling", lambda x: F.max_pool2d(x, 2) + F.avg_pool2d(x, 2) + F.adaptive_avg_pool2d(x, 2), (IMAGE,)),
    ("padding", lambda x: sum(F.pad(x, (1, 1), mode=one).square() for one in ("reflect", "replicate", "circular", "constant")), (SIGNAL[:1],)),
    ("joining and moving", lambda x: torch.cat([x, x * 2], 1).flip(1) + torch.stack([x, x], 1).reshape(2, 6).roll(1, 1) + x.repeat(1, 2), (X,)),
    ("moves without a row", lambda x: F.pixel_shuffle(x.reshape(1, 4, 2, 4), 2).square().sum() + F.interpolate(x, scale_factor=2.0).sum() + F.unfold(x, 2).square().sum(), (torch.randn(1, 2, 4, 4),)),
    ("in place", in_place, (X * 0.3,)),
    ("a loop with branches", branches, (X,)),
    ("distributions", lambda x: torch.distributions.Normal(x, x.exp()).log_prob(P.double()) + torch.distributions.Gamma(x.exp(), x.exp()).log_prob(P.double()), (X,)),
]  # fmt: skip


def played(function: Callable[..., Tensor], given: tuple[Tensor, ...]) -> tuple[Tensor, list[Tensor]]:
    """One number of a function at float64 leaves, and the leaves."""
    leaves = [one.detach().clone().double().requires_grad_() for one in given]
    result = function(*leaves)
    weights = torch.linspace(0.5, 1.5, result.numel(), dtype=torch.float64).reshape(result.shape)
    return (result * weights).sum(), leaves


def recorded(function: Callable[..., Tensor], given: tuple[Tensor, ...]) -> tuple[float, list[Tensor], list[str]]:
    """The true value and gradient, and the operations that have no row."""
    leaves = [one.detach().clone().double().requires_grad_() for one in given]
    recorder = Recorder()
    for place, leaf in enumerate(leaves):
        recorder.leaf(str(place), leaf)
    with recording(recorder):
        result = function(*leaves)
        weights = torch.linspace(0.5, 1.5, result.numel(), dtype=torch.float64).reshape(result.shape)
        scalar = (result * weights).sum()
    tape, read = recorder.tape, recorder.term(scalar).read
    with working(128):
        made = run(tape)
        back = flows(tape, made, {read.node: [ONE]})
    gradients = [numbers(back[tape.leaves[str(place)]], leaf) for place, leaf in enumerate(leaves)]
    return float(made.at(read)[0]), gradients, [step.operation for step in tape.steps if not step.covered]


def numbers(flow: list[Ball | None], leaf: Tensor) -> Tensor:
    """A gradient as a tensor."""
    found = [0.0 if one is None else float(one) for one in flow] or [0.0] * leaf.numel()
    return torch.tensor(found, dtype=torch.float64).reshape(leaf.shape)


@pytest.mark.parametrize(("name", "function", "given"), CASES, ids=[case[0] for case in CASES])
def test_the_truth_is_what_autograd_and_differences_say(
    name: str, function: Callable[..., Tensor], given: tuple[Tensor, ...]
) -> None:
    scalar, leaves = played(function, given)
    gradients = torch.autograd.grad(scalar, leaves)
    value, true, uncovered = recorded(function, given)
    assert uncovered == []
    assert value == pytest.approx(float(scalar.detach()), rel=1e-12)
    for one, other in zip(true, gradients, strict=True):
        assert torch.allclose(one, other, rtol=1e-9, atol=1e-9)
    along = [torch.linspace(-1, 1, leaf.numel(), dtype=torch.float64).reshape(leaf.shape) for leaf in leaves]
    ends = [
        played(function, tuple(leaf.detach() + sign * 1e-6 * way for leaf, way in zip(leaves, along, strict=True)))[0].item()
        for sign in (-1, 1)
    ]  # fmt: skip
    slope = float(sum((one * way).sum() for one, way in zip(true, along, strict=True)))
    assert (ends[1] - ends[0]) / 2e-6 == pytest.approx(slope, rel=1e-5, abs=1e-5)


WITHOUT_A_ROW: list[tuple[str, Callable[..., Tensor], tuple[Tensor, ...], list[str]]] = [
    ("a transform", lambda x: torch.fft.fft(x).abs(), (X,), ["aten._fft_r2c", "aten.abs"]),
    ("singular values", torch.linalg.svdvals, (M,), ["aten._linalg_svd"]),
    ("eigenvalues", torch.linalg.eigvalsh, (S,), ["aten._linalg_eigh"]),
]


@pytest.mark.parametrize(("name", "function", "given", "operations"), WITHOUT_A_ROW)
def test_what_has_no_row_is_named_and_judged_by_differences(
    name: str, function: Callable[..., Tensor], given: tuple[Tensor, ...], operations: list[str]
) -> None:
    scalar, leaves = played(function, given)
    (gradient,) = torch.autograd.grad(scalar, leaves)
    value, (true,), uncovered = recorded(function, given)
    assert uncovered == operations
    assert value == pytest.approx(float(scalar.detach()), rel=1e-9)
    assert torch.allclose(true, gradient, rtol=1e-7, atol=1e-7)


def test_a_singular_matrix_has_a_determinant_with_a_slope_though_autograd_has_none() -> None:
    matrix = torch.ones(3, 3) + torch.diag(torch.tensor([1.0, 0, 0]))
    _, (true,), _ = recorded(torch.linalg.det, (matrix,))
    assert true.tolist() == [[0, 0, 0], [0, 0.5, -0.5], [0, -0.5, 0.5]]


def test_a_wrong_row_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcalc.tracing.lowering import LOWERED

    monkeypatch.setitem(LOWERED, "tanh", lambda x: x.apply("sinh"))
    with pytest.raises(AssertionError):
        test_the_truth_is_what_autograd_and_differences_say("tanh", torch.tanh, (X,))
