"""How a neuron is trained: the settings of the loop, and the closed table of optimizers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from gradcalc.base.errors import UsageError, one_of
from gradcalc.base.floating import FORMATS, Format
from gradcalc.inputs.pose import require_dtype
from gradcalc.problem.problem import DEFAULT_DTYPE

LARGEST_SEED = 2**63 - 1
SMALLEST_BATCH, LARGEST_BATCH = 64, 1 << 16  # rows, where no size is given
MOST_BATCHES = 1024  # in one pass, where no size is given: more rows go in larger batches, not in more of them


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A class of torch.optim, and the arguments that it gets beside the learning rate."""

    name: str
    kind: str
    arguments: Mapping[str, float | bool] = field(default_factory=dict)


OPTIMIZERS: dict[str, Optimizer] = {
    row.name: row
    for row in (
        Optimizer("sgd", "SGD"),
        Optimizer("momentum", "SGD", {"momentum": 0.9}),
        Optimizer("nesterov", "SGD", {"momentum": 0.9, "nesterov": True}),
        Optimizer("adam", "Adam"),
        Optimizer("adamw", "AdamW"),
        Optimizer("adamax", "Adamax"),
        Optimizer("nadam", "NAdam"),
        Optimizer("radam", "RAdam"),
        Optimizer("rmsprop", "RMSprop"),
        Optimizer("adagrad", "Adagrad"),
        Optimizer("adadelta", "Adadelta"),
        Optimizer("asgd", "ASGD"),
        Optimizer("rprop", "Rprop"),
    )
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a training loop. Raises UsageError at one that makes no sense."""

    lr: float = 0.1
    epochs: int = 1
    optimizer: str = "sgd"
    zero_grad: bool = True
    dtype: str = DEFAULT_DTYPE
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        require_dtype(self.dtype)
        if self.optimizer not in OPTIMIZERS:
            raise UsageError(f"unknown optimizer `{self.optimizer}`", hint=one_of(self.optimizer, OPTIMIZERS))
        if not (math.isfinite(self.lr) and self.lr >= 0):
            raise UsageError(f"--lr is {self.lr:g}, expected a finite number from 0 up")
        for option, value in (("epochs", self.epochs), ("batch-size", self.batch_size)):
            if value is not None and value < 1:
                raise UsageError(f"--{option} is {value}, expected a whole number from 1 up")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise UsageError(f"--seed is {self.seed}, expected a whole number from 0 to {LARGEST_SEED:,}")

    @property
    def format(self) -> Format:
        """The floating-point format of `dtype`."""
        return FORMATS[self.dtype]

    def batch(self, rows: int) -> int:
        """The rows of a mini-batch: as asked for, or a power of two that suits the number of rows."""
        if self.batch_size is not None:
            return self.batch_size
        size = SMALLEST_BATCH
        while size < LARGEST_BATCH and size * MOST_BATCHES < rows:
            size *= 2
        return size
