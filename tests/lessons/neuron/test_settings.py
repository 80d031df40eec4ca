"""The settings of training: what makes sense, and the optimizers, which are torch's own to the last bit."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import UsageError
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.lessons.neuron.training_torch import optimizer_of, torch

WRONG = [  # a setting, its value, the message, the hint
    ("optimizer", "sdg", "unknown optimizer `sdg`", "did you mean `sgd`?"),
    ("optimizer", "lbfgs", "unknown optimizer `lbfgs`", f"one of {', '.join(OPTIMIZERS)}"),
    ("dtype", "float23", "unknown dtype `float23`", "did you mean `float32`?"),
    ("lr", -0.1, "--lr is -0.1, expected a finite number from 0 up", None),
    ("lr", float("nan"), "--lr is nan, expected a finite number from 0 up", None),
    ("lr", float("inf"), "--lr is inf, expected a finite number from 0 up", None),
    ("epochs", 0, "--epochs is 0, expected a whole number from 1 up", None),
    ("batch_size", 0, "--batch-size is 0, expected a whole number from 1 up", None),
    ("seed", -1, "--seed is -1, expected a whole number from 0 to 9,223,372,036,854,775,807", None),
    ("seed", 2**63, f"--seed is {2**63}, expected a whole number from 0 to 9,223,372,036,854,775,807", None),
]


@pytest.mark.parametrize(("name", "value", "message", "hint"), WRONG)
def test_a_setting_that_makes_no_sense_is_an_error(name: str, value: object, message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        Settings(**{name: value})  # type: ignore[arg-type]
    assert (caught.value.message, caught.value.hint) == (message, hint)


BATCHES = [(1, 64), (65_536, 64), (65_537, 128), (1_000_000, 1024), (10**9, 65_536)]


@pytest.mark.parametrize(("rows", "size"), BATCHES)
def test_many_rows_go_in_larger_batches(rows: int, size: int) -> None:
    assert Settings().batch(rows) == size


def test_a_batch_size_that_was_asked_for_is_kept() -> None:
    assert Settings(batch_size=7).batch(10**9) == 7


def steps(step: torch.optim.Optimizer, w: torch.Tensor) -> list[float]:
    """Where w goes in five steps down (w - 3)⁴."""
    path = []
    for _ in range(5):
        step.zero_grad()
        ((w - 3) ** 4).backward()
        with torch.no_grad():
            step.step()
        path.append(w.item())
    return path


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_steps_as_torch_s_own(name: str) -> None:
    row = OPTIMIZERS[name]
    ours = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    theirs = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    own = getattr(torch.optim, row.kind)([theirs], lr=0.05, **row.arguments)
    assert steps(optimizer_of(Settings(lr=0.05, optimizer=name), [ours]), ours) == steps(own, theirs)
