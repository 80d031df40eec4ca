"""One neuron by torch: mini-batches out of blocks of rows, the training loop, accuracy and predictions."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator
from typing import Any

from gradcalc.base.errors import UsageError
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.program import DTYPES
from gradcalc.engines.torch.tracking import tracked
from gradcalc.lessons.neuron.dataset import Dataset
from gradcalc.lessons.neuron.records import FirstRows, Pass, Predictions, Report
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.lessons.neuron.weights import Scale, Weights
from gradcalc.lessons.notebook_torch import Tensor, optimizer, run
from gradcalc.problem.problem import Problem

Loss = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]  # of a batch: features, labels, w and b


class Rows:
    """The blocks of a dataset as tensors: features in float64 standardized, then in the dtype; labels."""

    def __init__(self, dataset: Dataset, weights: Weights, dtype: str) -> None:
        self.dataset = dataset
        self.name, self.dtype = dtype, DTYPES[dtype]
        self.scale = None
        if weights.scale is not None:
            mean, std = (
                torch.tensor([column[name] for name in weights.features], dtype=torch.float64)
                for column in (weights.scale.mean, weights.scale.std)
            )
            units = _units(torch.maximum(mean.abs(), std))
            self.scale = tuple(part[:, None] for part in (mean / units, std / units, units))

    def block(self, index: int, order: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Features, of shape (rows, features), and labels, of shape (rows,), in the order asked for."""
        columns = stored(self.dataset, index)
        if order is not None:
            columns = columns[:, order]
        features = columns[: len(self.dataset.features)]
        if self.scale is not None:
            mean, std, units = self.scale
            features = ((features / units - mean) / std).to(self.dtype)
            self._require_finite(features)
        return features.t().to(self.dtype).contiguous(), columns[-1].to(self.dtype)

    def _require_finite(self, features: Tensor) -> None:
        """Raises UsageError at a feature that, standardized, the dtype cannot hold."""
        fine = torch.isfinite(features).all(dim=1)
        if not fine.all():
            name = self.dataset.features[int(fine.int().argmin())]
            raise UsageError(f"column `{name}`, standardized, holds a number beyond the range of {self.name}")


def stored(dataset: Dataset, index: int) -> Tensor:
    """A block as it lies in memory or on disk: float64, of shape (columns, rows). Nothing is copied."""
    memory, offset, rows = dataset.spool.block(index)
    width = dataset.spool.columns
    return torch.frombuffer(memory, dtype=torch.float64, count=width * rows, offset=offset).view(width, rows)


def measured(dataset: Dataset) -> Scale:
    """Mean and standard deviation of every feature over all rows, merged block by block.

    Source: Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for computing sample variances, 1979.
    """
    mean = torch.zeros(len(dataset.features), dtype=torch.float64)
    squares, count = torch.zeros_like(mean), 0
    units = _units(largest(dataset))
    for index in range(len(dataset.spool)):
        block = stored(dataset, index)[: len(dataset.features)] / units[:, None]
        rows = block.shape[1]
        delta = block.mean(dim=1) - mean
        squares += block.var(dim=1, correction=0) * rows + delta**2 * count * rows / (count + rows)
        count += rows
        mean += delta * rows / count
    mean, std = mean * units, torch.sqrt(squares / count) * units
    return Scale(*(dict(zip(dataset.features, part.tolist(), strict=True)) for part in (mean, std)))


def largest(dataset: Dataset) -> Tensor:
    """The largest magnitude of every feature over all rows."""
    found = torch.zeros(len(dataset.features), dtype=torch.float64)
    for index in range(len(dataset.spool)):
        found = torch.maximum(found, stored(dataset, index)[: len(dataset.features)].abs().amax(dim=1))
    return found


def _units(magnitudes: Tensor) -> Tensor:
    """A power of two near each magnitude, to divide by without rounding: then squares neither overflow nor vanish."""
    powers = [math.ldexp(1.0, math.frexp(magnitude)[1] - 1) for magnitude in magnitudes.tolist()]
    return torch.tensor(powers, dtype=torch.float64)


def mean_loss(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """The loss of a batch, the mean over its rows."""
    return torch.nn.functional.binary_cross_entropy_with_logits(x @ w + b, y)


def _loss_of_batch(problem: Problem | None) -> Loss:
    """The mean loss; with `problem`, that of one row by the operations it is written in, from w, iq, b and placed."""
    if problem is None:
        return mean_loss

    def loss(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:
        return run(problem, {"iq": x[0, 0], "placed": y[0], "w": w[0], "b": b})

    return loss


@tracked
def first_rows(
    dataset: Dataset, weights: Weights, settings: Settings, count: int, problem: Problem | None
) -> FirstRows:
    """The gradient of the mean loss over the first rows: by the training's own code, and by hand as Xᵀ(p - y)/n."""
    x, y = (part[:count] for part in Rows(dataset, weights, settings.dtype).block(0))
    w, b = _parameters(weights, settings)
    loss = _loss_of_batch(problem)(x, y, w, b)
    by_w, by_b = torch.autograd.grad(loss, [w, b])
    with torch.no_grad():
        miss = torch.sigmoid(x @ w + b) - y
        return FirstRows(
            features=x.tolist(),
            labels=y.tolist(),
            loss=loss.item() + 0.0,  # a loss of -0.0 is 0.0
            autograd=[*by_w.tolist(), by_b.item()],
            by_hand=[*(x.t() @ miss / len(miss)).tolist(), miss.mean().item()],
        )


@tracked
def train(
    dataset: Dataset,
    initial: Weights,
    settings: Settings,
    report: Report,
    problem: Problem | None = None,
) -> Iterator[Pass]:
    """The training loop, one pass after the other; before them, pass 0 is the first update alone.

    Blocks come in random order and rows in random order within their block. A pass's loss is the mean over its
    rows, each batch's measured before its update. `problem` is the loss of a single row, where it is not the usual one.
    """
    loss_of_batch = _loss_of_batch(problem)
    rows = Rows(dataset, initial, settings.dtype)
    w, b = _parameters(initial, settings)
    step, size = optimizer_of(settings, [w, b]), min(settings.batch(dataset.rows), dataset.rows)
    shuffle = torch.Generator().manual_seed(settings.seed)
    work, done = settings.epochs * dataset.rows, 0
    for number in range(1, settings.epochs + 1):
        total, seen = 0.0, 0
        for index in torch.randperm(len(dataset.spool), generator=shuffle).tolist():
            count = dataset.spool.block(index)[2]
            features, labels = rows.block(index, torch.randperm(count, generator=shuffle))
            losses: list[Tensor] = []
            for x, y in zip(torch.split(features, size), torch.split(labels, size), strict=True):
                if settings.zero_grad:
                    step.zero_grad()
                loss = loss_of_batch(x, y, w, b)
                loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
                update(step, settings)
                losses.append(loss.detach())
                if done + seen == 0 and len(losses) == 1:
                    yield _pass(0, loss.item(), initial, w, b)
            seen += count
            total += _sum(losses, size, count)
            report(done + seen, work, total / seen)
        done += seen
        yield _pass(number, total / seen, initial, w, b)


def optimizer_of(settings: Settings, parameters: list[Tensor]) -> Any:
    """The optimizer that was chosen, its steps to be taken by `update`."""
    row = OPTIMIZERS[settings.optimizer]
    return optimizer(row.kind, parameters, settings.lr, **row.arguments)


def update(step: Any, settings: Settings) -> None:
    """One step of the optimizer. Raises UsageError where the dtype does not hold the factor that it multiplies by."""
    try:
        with torch.no_grad():
            step.step()
    except RuntimeError as error:  # torch has no class of its own for this
        if "overflow" not in str(error):
            raise
        raise UsageError(
            f"--lr is {settings.lr:g}: {settings.optimizer} makes a step of it that {settings.dtype} does not hold",
            hint="lower --lr",
        ) from None


@tracked
def right(dataset: Dataset, weights: Weights, settings: Settings) -> int:
    """How many rows the neuron gets right: p of at least one half where the label is 1, less where it is 0."""
    rows = Rows(dataset, weights, settings.dtype)
    w, b = _parameters(weights, settings)
    found = 0
    with torch.no_grad():
        for index in range(len(dataset.spool)):
            x, y = rows.block(index)
            found += int(((torch.sigmoid(x @ w + b) >= 0.5) == (y == 1)).sum())
    return found


@tracked
def predict(dataset: Dataset, weights: Weights, settings: Settings) -> Predictions:
    """p for every row, without tracking; and what `requires_grad` says of it, and of the same with tracking."""
    rows = Rows(dataset, weights, settings.dtype)
    w, b = _parameters(weights, settings)
    columns = tuple(array("d") for _ in dataset.features)
    chances = array("d")
    for index in range(len(dataset.spool)):
        x, _ = rows.block(index)
        with torch.no_grad():
            p = torch.sigmoid(x @ w + b)
        chances.extend(p.tolist())
        for column, values in zip(columns, stored(dataset, index), strict=True):
            column.extend(values.tolist())
    tracked = torch.sigmoid(x[:1] @ w + b)
    return Predictions(dataset.features, columns, chances, p.requires_grad, tracked.requires_grad, _grad_fn(tracked))


def _grad_fn(tensor: Tensor) -> str:
    return type(tensor.grad_fn).__name__


def _parameters(weights: Weights, settings: Settings) -> tuple[Tensor, Tensor]:
    """w, of shape (features,), and b, of shape (): leaves that ask for their gradients."""
    dtype = DTYPES[settings.dtype]
    w = torch.tensor(list(weights.w.values()), dtype=dtype, requires_grad=True)
    return w, torch.tensor(weights.b, dtype=dtype, requires_grad=True)


def _pass(number: int, loss: float, initial: Weights, w: Tensor, b: Tensor) -> Pass:
    assert w.grad is not None
    assert b.grad is not None
    learned = dict(zip(initial.features, w.tolist(), strict=True))
    weights = Weights(learned, b.item(), initial.label, initial.scale)
    return Pass(number, loss, weights, (*w.grad.tolist(), b.grad.item()))


def _sum(losses: list[Tensor], batch_size: int, rows: int) -> float:
    """The losses of a block's batches, each the mean of its rows, as a sum over rows."""
    means = torch.stack(losses).double()
    last = rows - (len(losses) - 1) * batch_size
    return float(means[:-1].sum()) * batch_size + float(means[-1]) * last
