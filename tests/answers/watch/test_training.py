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


def test_a_table_has_the_ten_runs(program: Callable[[str], Any]) -> None:
    runs = program("broken_runs").RUNS
    assert len(runs) == 10
    assert all(f"| {one.__doc__} |" in TEXT for one in runs)
