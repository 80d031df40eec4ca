"""The tables of examples/training.md are what their programs print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gradcalc.engines.torch.autograd import torch  # as the engine loads it: it keeps quiet about NumPy

EXAMPLES = Path(__file__).parents[3] / "examples"
TEXT = (EXAMPLES / "training.md").read_text("utf-8")
MEASURED = re.compile(r"\d+\.\d+(e[+-]\d+)?|\d+e[+-]\d+")  # what another processor may round otherwise


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    with torch.random.fork_rng():
        yield import_module


@pytest.mark.parametrize("name", ["broken_runs", "beside_gradcheck"])
def test_a_table_is_what_its_program_prints(name: str, program: Callable[[str], Any]) -> None:
    assert MEASURED.sub("#", program(name).table()) in MEASURED.sub("#", TEXT)


def test_a_table_has_the_thirteen_runs(program: Callable[[str], Any]) -> None:
    runs = program("broken_runs").RUNS
    assert len(runs) == 13
    assert all(f"| {one.__doc__} |" in TEXT for one in runs)


F = torch.nn.functional
MENDED: dict[str, Callable[..., Any]] = {  # the losses with what the table says to write
    "LogOfZero": lambda model, x, y: (
        -(y * F.logsigmoid(model(x)[:, 0]) + (1 - y) * F.logsigmoid(-model(x)[:, 0])).mean()
    ),
    "Distance": lambda model, x, y: torch.sqrt(((model(x) - model(y)) ** 2).sum(1).clamp(min=1e-12)).mean(),
    "Standardised": lambda model, x, y: F.cross_entropy(model((x - x.mean(0)) / (x.std(0) + 1e-8)), y),
    "DeadBranch": lambda model, x, y: torch.where(
        model(x) > 0, torch.sqrt(torch.where(model(x) > 0, model(x), 1.0)), 0.0
    ).mean(),
    "Contrast": lambda model, x, y: -torch.log_softmax(
        F.normalize(model(x)) @ F.normalize(model(y)).T / 0.01, 1
    ).diagonal().mean(),
    "Padding": lambda model, x, mask: (
        torch.softmax((model(x) @ x.mT).masked_fill(~mask[:, None], torch.finfo(x.dtype).min), -1) @ x
    ).square().mean(),
}  # fmt: skip


@pytest.mark.parametrize("name", MENDED)
def test_a_run_trains_with_what_the_table_says_to_write(name: str, program: Callable[[str], Any]) -> None:
    runs = program("broken_runs")
    torch.manual_seed(1)
    mended = type(name, (getattr(runs, name),), {"loss": staticmethod(MENDED[name])})()
    assert runs.watched(mended, mended.model()) == "silent"


def test_adam_on_halves_trains_with_the_eps_that_the_table_names(program: Callable[[str], Any]) -> None:
    runs = program("broken_runs")
    torch.manual_seed(1)
    run = runs.SmallEps()
    run.optimizer = lambda weights, lr: torch.optim.Adam(weights, lr, eps=1e-4)
    assert runs.watched(run, run.model()) == "silent"
