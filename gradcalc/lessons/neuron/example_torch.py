"""One neuron on one example, by torch: forward pass, chain rule by hand, the loss in many spellings, training."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from gradcalc.engines.torch.autograd import forward, leaf  # first: it imports torch without the warning about NumPy

# isort: split
import torch

from gradcalc.base.errors import UsageError
from gradcalc.lessons.neuron.records import ByHand, Epoch, Forward, Spelled
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.problem.problem import Problem

Tensor = torch.Tensor
Report = Callable[[int, int, float], None]  # what is done, of how much, and the loss
functional = torch.nn.functional
CLAMP = 1e-8  # what is usually cut off probabilities before the logarithm
BARE = ("add_param_group", "step", "zero_grad")

SPELLINGS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {  # of the loss, from the logit z and the label y
    "as written": lambda z, y: _written(torch.sigmoid(z), y),
    "clamped": lambda z, y: _written(torch.sigmoid(z).clamp(CLAMP, 1 - CLAMP), y),
    "bce": lambda z, y: functional.binary_cross_entropy(torch.sigmoid(z), y),
    "with logits": lambda z, y: functional.binary_cross_entropy_with_logits(z, y),
    "minus slipped": lambda z, y: _slipped(torch.sigmoid(z), y),
}


def _written(p: Tensor, y: Tensor) -> Tensor:
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


def _slipped(p: Tensor, y: Tensor) -> Tensor:
    """The common slip: the minus stands before the first term alone."""
    return -y * torch.log(p) + (1 - y) * torch.log(1 - p)


def forward_pass(problem: Problem) -> Forward:
    """z, p and the loss at the problem's point, in its dtype."""
    z, loss = _forward(problem, _leaves(problem))
    return Forward(z.item(), torch.sigmoid(z).item(), _positive(loss))


def by_hand(problem: Problem) -> ByHand:
    """The factors of the chain rule and their products, in the dtype's own arithmetic: as one would on paper."""
    leaves = _leaves(problem)
    x, y = leaves["iq"].detach(), leaves["placed"].detach()
    with torch.no_grad():
        p = torch.sigmoid(_forward(problem, leaves)[0])
        loss_by_p, p_by_z = (p - y) / (p * (1 - p)), p * (1 - p)
        return ByHand(
            factors={"L by p": loss_by_p.item(), "p by z": p_by_z.item(), "z by w": x.item(), "z by b": 1.0},
            product={"w": (loss_by_p * p_by_z * x).item(), "b": (loss_by_p * p_by_z).item()},
            collapsed={"w": ((p - y) * x).item(), "b": (p - y).item()},
        )


def spelled(problem: Problem) -> Iterator[Spelled]:
    """Every spelling of the loss, run: its value, and its gradient by autograd."""
    for name, spelling in SPELLINGS.items():
        leaves = _leaves(problem)
        loss = spelling(_forward(problem, leaves)[0], leaves["placed"].detach())
        w, b = torch.autograd.grad(loss, [leaves["w"], leaves["b"]])
        yield Spelled(name, loss.item(), w.item(), b.item())


def train(problem: Problem, settings: Settings, report: Report) -> list[Epoch]:
    """The loop: forward pass, loss, backward pass, update, once an epoch.

    An epoch's loss and gradient are those before its update, its w and b those after.
    """
    leaves = _leaves(problem)
    w, b = leaves["w"], leaves["b"]
    step = optimizer(settings, [w, b])
    epochs = []
    for number in range(1, settings.epochs + 1):
        if settings.zero_grad:
            step.zero_grad()
        _, loss = _forward(problem, leaves)
        loss.backward()  # type: ignore[no-untyped-call]
        gradient = {name: _grad(leaves[name]) for name in ("w", "b")}
        update(step, settings)
        epochs.append(Epoch(number, _positive(loss), w.item(), b.item(), gradient))
        report(number, settings.epochs, epochs[-1].loss)
    return epochs


def optimizer(settings: Settings, parameters: list[Tensor]) -> Any:
    """One of torch.optim's own, its steps to be taken by `update`.

    torch wraps three of its methods to keep its compiler away from them; the wrappers import that compiler first,
    which takes longer than everything else here together. The methods inside the wrappers are called instead.
    """
    row = OPTIMIZERS[settings.optimizer]
    kind = getattr(torch.optim, row.kind)  # `row.kind` is from the table, never a user's text
    bare = {name: inspect.unwrap(getattr(kind, name)) for name in BARE}
    return type(row.kind, (kind,), bare)(parameters, lr=settings.lr, **row.arguments)


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


def _leaves(problem: Problem) -> dict[str, Tensor]:
    """w and b ask for their gradients, the data does not."""
    found = {name: leaf(value, problem.format) for name, value in problem.numbers.items()}
    return {name: tensor if name in problem.wrt else tensor.detach() for name, tensor in found.items()}


def _forward(problem: Problem, leaves: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The logit z, which the program defines first, and the loss."""
    tensors = forward(problem.root, leaves, problem.format)
    return tensors[id(problem.definitions[0].whole)], tensors[id(problem.root)]


def _grad(parameter: Tensor) -> float:
    assert parameter.grad is not None
    return parameter.grad.item()


def _positive(loss: Tensor) -> float:
    """A loss of -0.0 is 0.0."""
    return loss.item() + 0.0
