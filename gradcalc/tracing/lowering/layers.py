"""Layers: normalisation, softmax, norms, attention, embedding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcalc.tracing.lowering.pointwise import Lowering
from gradcalc.tracing.terms import Term, constant, joined, picked


def softmax(x: Term, dim: int, *_: Any) -> Term:
    """exp(x) over its sum along a dimension."""
    exponential = (x - x.shift(dim)).exp()
    return exponential / exponential.sum(dim, True)


def log_softmax(x: Term, dim: int, *_: Any) -> Term:
    """The logarithm of softmax."""
    shifted = x - x.shift(dim)
    return shifted - shifted.exp().sum(dim, True).log()


def logsumexp(x: Term, dims: Any, keepdim: bool = False) -> Term:
    """log of the sum of exp along dimensions."""
    shift = x.shift(dims)
    found = (x - shift).exp().sum(dims, True).log() + shift
    return found.reshape(*x.reduced(dims, keepdim))


def variance(x: Term, dims: Any = None, correction: float | None = 1, keepdim: bool = False) -> Term:
    """The mean squared distance from the mean, over n - correction."""
    off = x - x.mean(dims, True)
    total = off.square().sum(dims, keepdim)
    count = x.size / max(total.size, 1) - (1 if correction is None else correction)
    return total / count


def normalized(x: Term, dims: Sequence[int], eps: float) -> tuple[Term, Term, Term]:
    """x less its mean over the root of its variance, the mean, and one over that root."""
    mean = x.mean(dims, True)
    off = x - mean
    scale = (off.square().mean(dims, True) + eps).apply("rsqrt")
    return off * scale, mean, scale


def layer_norm(x: Term, shape: Sequence[int], weight: Any, bias: Any, eps: float) -> tuple[Term, Term, Term]:
    """Normalised over the last dimensions."""
    found, mean, scale = normalized(x, range(x.rank - len(shape), x.rank), eps)
    return _affine(found, weight, bias), mean, scale


def _affine(x: Term, weight: Term | None, bias: Term | None) -> Term:
    scaled = x if weight is None else x * weight
    return scaled if bias is None else scaled + bias


def along_channels(channels: Term | None, rank: int) -> Any:
    """A number for each channel, the second dimension; None where there is none."""
    return None if channels is None else channels.reshape(1, channels.size, *[1] * (rank - 2))


def batch_norm(
    x: Term, weight: Any, bias: Any, mean: Any, var: Any, training: bool, momentum: float, eps: float
) -> tuple[Term, Any, Any]:
    """Normalised over all but the channels, or by the running statistics."""
    channels = [along_channels(one, x.rank) for one in (weight, bias)]
    if not training:
        scale = (along_channels(var, x.rank) + eps).apply("rsqrt")
        return _affine((x - along_channels(mean, x.rank)) * scale, *channels), None, None
    found, own_mean, own_scale = normalized(x, [dim for dim in range(x.rank) if dim != 1], eps)
    return _affine(found, *channels), own_mean.reshape(x.shape[1]), own_scale.reshape(x.shape[1])


def group_norm(
    x: Term, weight: Any, bias: Any, n: int, c: int, hw: int, groups: int, eps: float
) -> tuple[Term, Term, Term]:
    """Normalised over groups of channels."""
    found, mean, scale = normalized(x.reshape(n, groups, -1), [2], eps)
    whole = _affine(found.reshape(*x.shape), along_channels(weight, x.rank), along_channels(bias, x.rank))
    return whole, mean.reshape(n, groups), scale.reshape(n, groups)


def rms_norm(x: Term, shape: Sequence[int], weight: Any, eps: float) -> tuple[Term, Term]:
    """Over the root of the mean square."""
    dims = range(x.rank - len(shape), x.rank)
    scale = (x.square().mean(dims, True) + eps).apply("rsqrt")
    return _affine(x * scale, weight, None), scale


def norm(x: Term, p: float | None = 2, dims: Any = None, keepdim: bool = False, **_: Any) -> Term:
    """The p-norm along dimensions."""
    p = 2 if p is None else p
    size = x.abs()
    if math.isinf(p):
        return extreme(size, dims, keepdim, p > 0)
    if p == 0:
        return size.apply("ne", 0.0).sum(dims, keepdim)
    if p == 1:
        return size.sum(dims, keepdim)
    if p == 2:
        return x.square().sum(dims, keepdim).sqrt()
    return size.apply("pow", float(p)).sum(dims, keepdim).apply("pow", 1 / p)


def extreme(x: Term, dims: Any = None, keepdim: bool = False, largest: bool = True) -> Term:
    """The largest or smallest along dimensions."""
    gone = x.dims(dims)
    order = [*(dim for dim in range(x.rank) if dim not in gone), *gone]
    rows = x.permute(*order).reshape(-1, math.prod(x.shape[dim] for dim in gone)) if x.rank else x.reshape(1, 1)
    found = rows.sorted(1).narrow(1, [-1 if largest else 0])
    return found.reshape(*x.reduced(dims, keepdim))


def attention(
    q: Term, k: Term, v: Term, dropout: float = 0, causal: bool = False, attn_mask: Any = None, scale: Any = None
) -> tuple[Term, None]:
    """softmax(q @ k.T * scale + mask) @ v."""
    scores = q.matmul(k.transpose()) * (q.shape[-1] ** -0.5 if scale is None else scale)
    if causal:
        rows, columns = scores.shape[-2:]
        mask = [0.0 if column <= row else -math.inf for row in range(rows) for column in range(columns)]
        scores = scores + constant(q.tape, mask, (rows, columns))
    if attn_mask is not None:
        scores = scores + attn_mask
    return softmax(scores, -1).matmul(v), None


def embedding(weight: Term, indices: Term, padding: int = -1, *_: Any, held: Term | None = None) -> Term:
    """The rows of a table; `held` is the table where autograd does not follow it, of which the row of padding is."""
    width, tables = weight.shape[1], [weight, *([] if held is None else [held])]
    picks = [(int(row == padding), row * width + column) for row in indices.whole for column in range(width)]
    return picked(tables, picks, (*indices.shape, width), [indices])


RENORM_EPS = 1e-7  # that torch adds to a row's norm


def embedding_renorm(weight: Term, indices: Term, most: float, p: float) -> Term:
    """A table in whose rows that are looked up none is longer than `most`."""
    rows = set(indices.whole)
    size = norm(weight, p, [1], True)
    scale = size.apply("gt", most).apply("where", (size + RENORM_EPS).apply("reciprocal") * most, 1.0)
    width = weight.shape[1]
    chosen = [(int(place // width in rows), place) for place in range(weight.size)]
    return picked([weight, weight * scale], chosen, weight.shape)


ROWS: dict[str, Lowering] = {
    "embedding_renorm": embedding_renorm,
    "_softmax": softmax,
    "_safe_softmax": softmax,
    "_log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "logcumsumexp": lambda x, dim: (x - x.shift(dim)).exp().running_sum(dim).log() + x.shift(dim),
    "native_layer_norm": layer_norm,
    "native_batch_norm": batch_norm,
    "_native_batch_norm_legit": batch_norm,
    "native_group_norm": group_norm,
    "_fused_rms_norm": rms_norm,
    "var": lambda x, dims=None, correction=1, keepdim=False: variance(x, dims, correction, keepdim),
    "std": lambda x, dims=None, correction=1, keepdim=False: variance(x, dims, correction, keepdim).sqrt(),
    "var_mean": lambda x, dims=None, correction=1, keepdim=False: (
        variance(x, dims, correction, keepdim), x.mean(dims, keepdim)),
    "std_mean": lambda x, dims=None, correction=1, keepdim=False: (
        variance(x, dims, correction, keepdim).sqrt(), x.mean(dims, keepdim)),
    "norm": norm,
    "linalg_vector_norm": norm,
    "amax": lambda x, dims=None, keepdim=False: extreme(x, dims, keepdim),
    "amin": lambda x, dims=None, keepdim=False: extreme(x, dims, keepdim, False),
    "cat": joined,
    "_scaled_dot_product_flash_attention_for_cpu": attention,
    "embedding": embedding,
}  # fmt: skip
