"""A saved step audited again: its program is run as far as the watched block, and gets the saved numbers there."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.code_torch import load_target
from gradcalc.answers.audit.imported_torch import missing
from gradcalc.answers.audit.isolation_torch import guarded, isolated, search
from gradcalc.answers.audit.records import CodeAudit
from gradcalc.answers.audit.target import read_target
from gradcalc.answers.watch.computed_torch import Computed
from gradcalc.answers.watch.entry import Reached, seeking
from gradcalc.answers.watch.saved_torch import beside, called, load, randomness
from gradcalc.answers.watch.step_torch import audit_step
from gradcalc.answers.watch.taken_torch import Taken
from gradcalc.base.errors import FileError, UsageError
from gradcalc.base.limits import time_limit
from gradcalc.engines.torch import torch

Tensor = Any


def audit_saved(target: str, path: Path, timeout: float) -> CodeAudit:
    """The audit of the step that a file holds, in the program that saved it: a script, or `FILE.py:function`.

    Raises FileError, UsageError where the program does not come to that block or has another model, or UserCodeError.
    """
    told = load(path)
    _, arguments, block = told["entry"] or (None, (), None)
    if block is None:
        raise FileError(f"`{path}` says of no block of which program it is")
    with isolated():
        with time_limit(timeout), seeking((block[0], block[1])):
            computed = _reached(target, arguments)
        weights, buffers = computed.tensors()
        _give(weights, told["weights"], path)
        _train(computed, weights, told["modes"])
        taken = Taken(
            told["step"], told["batch"], told["named"], randomness(told["random"]), told["buffers"], told["autocast"]
        )
        device = weights[0].device if weights else torch.device("cpu")
        taken.place = called(told)
        taken.batch, taken.named = moved(taken.batch, device), moved(taken.named, device)
        return beside(told).beside(audit_step(computed, taken, buffers, timeout)[0])


def _reached(target: str, arguments: Sequence[str]) -> Computed:
    """The watched block that a program comes to."""
    run = _function(target) if ":" in target else _script(target)
    try:
        with _called_as(target, arguments):
            guarded(run, f"`{target}`")
    except Reached as reached:
        return reached.computed
    raise UsageError(f"`{target}` does not come to the `gradcalc.watch` that saved this step")


def _function(target: str) -> Callable[[], Any]:
    found = load_target(read_target(target))
    return lambda: found.run({})


def _script(target: str) -> Callable[[], Any]:
    if target.endswith(".py"):
        if not Path(target).is_file():
            raise missing(target)
        search([Path(target).resolve().parent], "__main__")
        return lambda: runpy.run_path(str(Path(target).resolve()), run_name="__main__")
    if not all(part.isidentifier() for part in target.split(".")) or find_spec(target.partition(".")[0]) is None:
        raise FileError(f"cannot read `{target}`: no Python file, and no module")
    return lambda: runpy.run_module(target, run_name="__main__")


@contextmanager
def _called_as(target: str, arguments: Sequence[str]) -> Iterator[None]:
    """Lets the program have the arguments that it had."""
    before = sys.argv
    sys.argv = [target, *arguments]
    try:
        yield
    finally:
        sys.argv = before


def _give(weights: Sequence[Tensor], saved: Sequence[Tensor], path: Path) -> None:
    """Give the model the weights of the file. Raises UsageError where it is another one."""
    shapes = [[tuple(one.shape) for one in many] for many in (weights, saved)]
    if shapes[0] != shapes[1]:
        raise UsageError(f"`{path}` is of another model: its weights have other shapes")
    with torch.no_grad():
        for one, number in zip(weights, saved, strict=True):
            one.data = number.to(one.device)


def _train(computed: Computed, weights: Sequence[Tensor], modes: Any) -> None:
    """Let the same layers train, and the same parameters require grad."""
    training, require = modes
    for module, own in zip(computed.modules, training, strict=True):
        for one, trains in zip(module.modules(), own, strict=True):
            one.training = trains
    for one, requires in zip(weights, require, strict=True):
        one.requires_grad_(requires)


def moved(value: Any, device: Any) -> Any:
    """A value with its tensors on a device."""
    if isinstance(value, torch.Tensor):
        return value.to(device)
    if isinstance(value, dict):
        return {key: moved(one, device) for key, one in value.items()}
    return type(value)(moved(one, device) for one in value) if isinstance(value, list | tuple) else value
