"""One neuron on one example, by torch: the chain rule by hand, and the loss in many spellings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gradcalc.engines.torch import torch
from gradcalc.engines.torch.autograd import leaf
from gradcalc.engines.torch.tracking import tracked
from gradcalc.lessons.neuron.records import ByHand, Spelled
from gradcalc.problem.problem import Problem

Tensor = torch.Tensor
functional = torch.nn.functional
CLAMP = 1e-8  # what is usually cut off probabilities before the logarithm

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


@tracked
def by_hand(problem: Problem) -> ByHand:
    """The factors of the chain rule and their products, in the dtype's own arithmetic: as one would on paper."""
    with torch.no_grad():
        w, x, b, y = _leaves(problem)
        z = w * x + b
        p = torch.sigmoid(z)
        loss_by_p, p_by_z = (p - y) / (p * (1 - p)), p * (1 - p)
        return ByHand(
            z=z.item(),
            p=p.item(),
            factors={"L by p": loss_by_p.item(), "p by z": p_by_z.item(), "z by w": x.item(), "z by b": 1.0},
            product={"w": (loss_by_p * p_by_z * x).item(), "b": (loss_by_p * p_by_z).item()},
            collapsed={"w": ((p - y) * x).item(), "b": (p - y).item()},
        )


def spelled(problem: Problem) -> Iterator[Spelled]:
    """Every spelling of the loss, run: its value, and its gradient by autograd."""
    for name, spelling in SPELLINGS.items():
        w, x, b, y = _leaves(problem)
        loss = spelling(w * x + b, y.detach())
        by_w, by_b = torch.autograd.grad(loss, [w, b])
        yield Spelled(name, loss.item(), by_w.item(), by_b.item())


def _leaves(problem: Problem) -> list[Tensor]:
    return [leaf(problem.numbers[name], problem.format) for name in ("w", "iq", "b", "placed")]
