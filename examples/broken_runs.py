"""Thirteen training runs that go nan or inf, each after what people report, and what three tools say of them.

`python broken_runs.py` prints the table of `training.md`.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

import gradcalc

STEPS = 40


class Run:
    """A model, its optimizer, its batches, and the loss: what a training script has."""

    lr = 0.1
    optimizer: Any = torch.optim.SGD

    def model(self) -> nn.Module:
        return nn.Linear(3, 3)

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        return torch.randn(4, 3), torch.randint(0, 3, (4,))

    # of the model and a batch, of one tensor or of two
    loss: Callable[..., torch.Tensor]


class Softmax(Run):
    """a softmax written by hand: exp of a large logit"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        return torch.randn(4, 3) * 4.0**step, torch.randint(0, 3, (4,))

    def loss(self, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        e = torch.exp(model(x))
        p = e / e.sum(1, keepdim=True)
        return -torch.log(p[range(4), y]).mean()


class LogOfZero(Run):
    """a binary cross-entropy of a saturated sigmoid: log of 0"""

    lr = 5.0

    def model(self) -> nn.Module:
        return nn.Linear(1, 1)

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        x = torch.linspace(-40, 40, 8)[:, None]
        return x, (x[:, 0] > 0).float()

    def loss(self, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        p = torch.sigmoid(model(x)[:, 0])
        return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


class Distance(Run):
    """a distance of a pair to itself: the slope of a root at 0"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        x = torch.randn(4, 3)
        return x, x.clone() if step == 5 else torch.randn(4, 3)

    def loss(self, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        gap = model(x) - model(y)
        return torch.sqrt((gap**2).sum(1)).mean()


class Padding(Run):
    """attention over a row that is padding alone: softmax of nothing but -inf"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        lengths = torch.tensor([2, 0 if step == 7 else 3])
        return torch.randn(2, 3, 3), torch.arange(3)[None] < lengths[:, None]

    def loss(self, model: nn.Module, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        scores = (model(x) @ x.mT).masked_fill(~mask[:, None], float("-inf"))
        return (torch.softmax(scores, -1) @ x).square().mean()


class Standardised(Run):
    """a feature that is constant in one batch: division by its standard deviation"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        x = torch.randn(4, 3)
        x[:, 1] = 1.0 if step == 4 else x[:, 1]
        return x, torch.randint(0, 3, (4,))

    def loss(self, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        z = (x - x.mean(0)) / x.std(0)
        return nn.functional.cross_entropy(model(z), y)


class SmallEps(Run):
    """Adam on float16 weights, whose eps is 0 there"""

    optimizer = torch.optim.Adam
    lr = 1e-3

    def model(self) -> nn.Module:
        return nn.Linear(3, 1).half()

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        x = torch.randn(4, 3).half()
        x[:, 2] = 0  # a feature that this batch lacks
        return (x,)

    def loss(self, model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return model(x).float().square().mean()


class Recurrent(Run):
    """a recurrence whose matrix stretches: 60 steps of it overflow"""

    def model(self) -> nn.Module:
        layer = nn.Linear(3, 3, bias=False)
        nn.init.eye_(layer.weight)
        layer.weight.data *= 4.5
        return layer

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        return (torch.randn(4, 3),)

    def loss(self, model: nn.Module, x: torch.Tensor) -> torch.Tensor:
        h = x
        for _ in range(60):
            h = model(h)
        return h.square().mean()


class HalfSum(Run):
    """a sum of squares in float16"""

    def model(self) -> nn.Module:
        return nn.Linear(3, 3).half()

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        return ((torch.randn(4, 3) * 2.0 ** min(step + 2, 8)).half(),)

    def loss(self, model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return model(x).square().sum().float().log()


class DeadBranch(Run):
    """a root guarded by where: the branch that is not taken has no slope"""

    def loss(self, model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        z = model(x)
        return torch.where(z > 0, torch.sqrt(z), 0.0).mean()


class TooFast(Run):
    """a learning rate that is too high: no line is wrong"""

    lr = 10.0

    def loss(self, model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (model(x) ** 2).mean()


class Contrast(Run):
    """a contrastive loss at a low temperature: exp of similarities"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        x = torch.randn(4, 3)
        return x, x + torch.randn(4, 3)

    def loss(self, model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        a, b = nn.functional.normalize(model(x)), nn.functional.normalize(model(y))
        e = torch.exp(a @ b.T / 0.01)
        return -torch.log(e.diagonal() / e.sum(1)).mean()


class Unlabelled(Run):
    """a mean over the labelled parts of a batch that has none"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        return torch.randn(4, 3), torch.rand(4, 3) > (2.0 if step == 6 else 0.5)

    def loss(
        self, model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, labelled: torch.Tensor
    ) -> torch.Tensor:
        return (model(x) ** 2)[labelled].mean()


class Autocast(Run):
    """a square under autocast to float16, of an activation that has grown"""

    def batch(self, step: int) -> tuple[torch.Tensor, ...]:
        return (torch.randn(4, 3) * 2.0**step,)

    def loss(self, model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", torch.float16):
            return (model(x) ** 2).mean()


RUNS = (
    *(Softmax, LogOfZero, Distance, Padding, Standardised, SmallEps, Recurrent, HalfSum, DeadBranch, TooFast),
    *(Contrast, Unlabelled, Autocast),
)


def trained(run: Run, model: nn.Module, step: Callable[..., torch.Tensor]) -> None:
    """The training loop, the same for every tool."""
    optimizer = run.optimizer(model.parameters(), run.lr)
    for number in range(STEPS):
        optimizer.zero_grad()
        step(*run.batch(number)).backward()  # type: ignore[no-untyped-call]  # torch has no type for it
        optimizer.step()


def watched(run: Run, model: nn.Module) -> str:
    """What gradcalc.watch says: step, line, why, and what to write."""
    try:
        with gradcalc.watch(model, run.loss, save=None) as step:
            trained(run, model, step)
    except gradcalc.NotFiniteError as error:
        said = [f"step {error.step}"]
        notes = [one for one in error.audit.notes if one.startswith("the run had diverged")]
        for blame in error.audit.blame[:1]:
            said.append(f"line {blame.line}, `{blame.source[slice(*blame.span)]}`: {blame.sentence}")
            said += [f"write `{one}`" for one in (blame.cure and (blame.write or blame.cure),) if one]
            said += [f"perhaps `{one}`" for one in (blame.guard,) if one]
        return "; ".join([*notes, *said])
    return "silent"


def under_anomaly_mode(run: Run, model: nn.Module) -> str:
    """What torch.autograd.set_detect_anomaly says: the backward function, and the line of its forward call."""
    steps = 0

    def step(*batch: torch.Tensor) -> torch.Tensor:
        nonlocal steps
        steps += 1
        return run.loss(model, *batch)

    with warnings.catch_warnings(record=True) as warned, torch.autograd.set_detect_anomaly(True):
        warnings.simplefilter("always")
        try:
            trained(run, model, step)
        except RuntimeError as error:
            traces = [line.strip() for one in warned for line in str(one.message).splitlines()]
            places = [number for number, line in enumerate(traces) if __file__ in line]
            line = traces[places[-1]].split("line ")[1].split(",")[0] if places else "unknown"
            return f"step {steps}; line {line}: {str(error).replace(chr(39), '`').rstrip('.')}"
    return "silent"


@dataclass
class Detector:
    """Hooks on every layer, as debuggers of this kind have them: the first output or gradient that is not finite."""

    said: str = ""

    def attached(self, model: nn.Module) -> Callable[[str, torch.Tensor], None]:
        for name, layer in model.named_modules():
            what = f"{name} ({type(layer).__name__})" if name else type(layer).__name__
            layer.register_forward_hook(lambda _, __, out, what=what: self.look(f"the output of {what}", out))
            layer.register_full_backward_hook(
                lambda _, __, grads, what=what: self.look(f"the gradient into {what}", *grads)
            )
        return self.look

    def look(self, what: str, *tensors: torch.Tensor | None) -> None:
        for tensor in tensors:
            if self.said or tensor is None or bool(tensor.isfinite().all()):
                continue
            self.said = f"{what} has {'nan' if bool(tensor.isnan().any()) else 'inf'}"


def with_hooks(run: Run, model: nn.Module) -> str:
    """What hooks on every layer say: the layer."""
    detector, steps = Detector(), 0
    detector.attached(model)

    def step(*batch: torch.Tensor) -> torch.Tensor:
        nonlocal steps
        steps += not detector.said
        loss = run.loss(model, *batch)
        detector.look("the loss", loss)
        return loss

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that a first layer has no gradient by its input
        trained(run, model, step)
    return f"step {steps}; {detector.said}" if detector.said else "silent"


TOOLS = (watched, under_anomaly_mode, with_hooks)
HEAD = ("the run, and the cause", "`gradcalc.watch`", "`set_detect_anomaly`", "hooks on layers")


def said(kind: type[Run], tool: Callable[[Run, nn.Module], str]) -> str:
    """What a tool says of a run, which is the same run for every tool."""
    torch.manual_seed(1)
    run = kind()
    return tool(run, run.model())


def table() -> str:
    """The table of all runs, in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD)]
    rows += [(str(kind.__doc__), *(said(kind, tool).replace("|", "\\|") for tool in TOOLS)) for kind in RUNS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
