"""A function of the user's own PyTorch file, loaded: this runs the user's code."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcalc.base.errors import FileError, GradcalcError, UsageError, did_you_mean
from gradcalc.engines.torch import torch
from gradcalc.tracing.watching_torch import watching

Tensor = Any
SEED = 20240101  # of what the user's code draws at random
OWN = "gradcalc_audited"  # the user's file among the loaded modules
WHOLE_NUMBERS = "every argument is given as floats: call .long() inside, where whole numbers are wanted"


class UserCodeError(GradcalcError):
    """The user's own code raised; the remedy is in that code."""

    kind = "code"


@dataclass(frozen=True, slots=True)
class Target:
    """A differentiable callable, the names of its tensor arguments, and its own parameters where it is a module."""

    call: Callable[..., Tensor]
    names: tuple[str, ...]
    parameters: Mapping[str, Tensor]


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Run the user's code so that nothing of it stays: random numbers, grad mode, number format, path, modules.

    What it prints goes to stderr, and no compiled file is left beside its own.
    """
    path, cached, dtype = list(sys.path), sys.dont_write_bytecode, torch.get_default_dtype()
    sys.dont_write_bytecode = True
    try:
        with torch.random.fork_rng(devices=[]), torch.enable_grad(), watching(), contextlib.redirect_stdout(sys.stderr):
            torch.manual_seed(SEED)  # weights that are drawn at random are the same in every run
            yield
    finally:
        torch.set_default_dtype(dtype)
        sys.dont_write_bytecode = cached
        sys.path[:] = path
        sys.modules.pop(OWN, None)


def load_target(path: Path, name: str) -> Target:
    """The object `name` of a Python file, which is run. Raises FileError, UsageError or UserCodeError."""
    module = _module(path)
    if not hasattr(module, name):
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise UsageError(f"`{path}` has no `{name}`", hint=did_you_mean(name, known) or f"it has {', '.join(known)}")
    return _target(vars(module)[name], name)


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(OWN, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileError(f"cannot read `{path}`: no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.resolve().parent))
    guarded(lambda: spec.loader.exec_module(module), f"`{path}`")  # type: ignore[union-attr]  # a spec of a file has a loader
    return module


def guarded(work: Callable[[], Any], what: str) -> Any:
    """The result of the user's code. Raises UserCodeError where it raises anything, or ends the program."""
    try:
        return work()
    except (Exception, SystemExit) as error:
        message = f"{what} raised {type(error).__name__}: {error}{_line(error)}".replace("\n", " ")
        wants_whole = isinstance(error, RuntimeError | IndexError | TypeError) and "Long" in f"{error}".title()
        raise UserCodeError(message, hint=WHOLE_NUMBERS if wants_whole else None) from None


def _line(error: BaseException) -> str:
    """Where in the user's file the error came from."""
    trace, number = error.__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == OWN:
            number = trace.tb_lineno
        trace = trace.tb_next
    return "" if number is None else f" (line {number})"


def _target(found: Any, name: str) -> Target:
    """A module, an autograd function, or a plain function."""
    if isinstance(found, type) and issubclass(found, torch.nn.Module):
        found = _made(found, name)
    if isinstance(found, torch.nn.Module):
        trained = {key: one for key, one in found.named_parameters() if one.requires_grad}
        return Target(found, _names(found.forward), trained)
    if isinstance(found, type) and issubclass(found, torch.autograd.Function):
        custom: Any = found
        own_context = custom.setup_context is torch.autograd.Function.setup_context
        return Target(custom.apply, _names(custom.forward, skip=1 if own_context else 0), {})
    if not callable(found):
        raise UsageError(f"`{name}` is no function, module or autograd function")
    return Target(found, _names(found), {})


def _made(module: Any, name: str) -> Any:
    """A module of a class, which is called without arguments."""
    try:
        inspect.signature(module).bind()
    except TypeError:
        raise UsageError(
            f"`{name}` needs arguments to be made",
            hint=f"add a line such as `model = {name}(…)` to the file and audit `model`",
        ) from None
    return guarded(module, f"`{name}()`")


def _names(function: Callable[..., Any], skip: int = 0) -> tuple[str, ...]:
    """The names of the arguments that must be given."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    required = [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.kind in kinds and one.default is inspect.Parameter.empty
    ]
    return tuple(required[skip:])
