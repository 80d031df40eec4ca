"""A function of the user's own PyTorch file, loaded: this runs the user's code."""

from __future__ import annotations

import importlib.util
import inspect
import linecache
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.isolation_torch import OWN, guarded, search
from gradcalc.base.errors import FileError, UsageError, UserCodeError, did_you_mean
from gradcalc.engines.torch import torch

Tensor = Any
MOST_NAMES = 12  # of a file, in a hint
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Target:
    """A differentiable callable, the names of its tensor arguments, and its own parameters where it is a module.

    `path` and `name` are where it was loaded from.
    """

    call: Callable[..., Tensor]
    names: tuple[str, ...]
    parameters: Mapping[str, Tensor]
    path: Path | None = None
    name: str = ""


def load_target(path: Path, name: str, source: str | None = None) -> Target:
    """The object `name` of a Python file, which is run, or of `source` in its place.

    Raises FileError, UsageError or UserCodeError.
    """
    search(path.resolve().parent)
    linecache.checkcache()  # a file that has changed since it was last quoted
    names = guarded(lambda: vars(_module(path, source)), f"`{path}`")
    return replace(_target(_named(names, path, name), name), path=path.resolve(), name=name)


def _named(names: Mapping[str, Any], path: Path, name: str) -> Any:
    """The object of that name."""
    if name in names:
        return names[name]
    if callable(hook := names.get("__getattr__")):
        return guarded(lambda: hook(name), f"`{path}`")
    known = [key for key, value in names.items() if callable(value) and not key.startswith("_")]
    nothing = "it defines nothing that can be audited"
    hint = did_you_mean(name, known) or (f"it has {', '.join(known[:MOST_NAMES])}" if known else nothing)
    raise UsageError(f"`{path}` has no `{name}`", hint=hint)


class _Edited(SourceFileLoader):
    """Loads a file as if it read otherwise."""

    def __init__(self, path: Path, source: str) -> None:
        super().__init__(OWN, str(path.resolve()))
        self.source = source

    def get_code(self, fullname: str) -> Any:
        """The code of what it should read."""
        return self.source_to_code(self.source.encode(), self.path)


def _module(path: Path, source: str | None) -> Any:
    """The module of a file; whatever the file puts in its own place."""
    loader = None if source is None else _Edited(path, source)
    spec = importlib.util.spec_from_file_location(OWN, path, loader=loader)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileError(f"cannot read `{path}`: no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return sys.modules.get(OWN, module)


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
    if inspect.iscoroutinefunction(found):
        raise UsageError(f"`{name}` is a coroutine: it gives no tensor until it is awaited", hint="audit a plain def")
    if not callable(found):
        raise UsageError(f"`{name}` is no function, module or autograd function")
    return Target(found, _names(found), {})


def _made(module: Any, name: str) -> Any:
    """A module of a class, which is called without arguments."""
    needed = [one for one in _parameters(module) if one.default is inspect.Parameter.empty and one.kind in POSITIONAL]
    if needed:
        raise UsageError(
            f"`{name}` needs arguments to be made",
            hint=f"add a line such as `model = {name}(…)` to the file and audit `model`",
        )
    return guarded(module, f"`{name}()`")


def _names(function: Callable[..., Any], skip: int = 0) -> tuple[str, ...]:
    """The names of the arguments that must be given."""
    required = [one.name for one in _parameters(function) if one.default is inspect.Parameter.empty]
    return tuple(required[skip:])


def _parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters that are given by their place. Raises UsageError where they cannot be told."""
    try:
        found = guarded(lambda: list(inspect.signature(function).parameters.values()), "the signature")
    except UserCodeError:
        raise UsageError(
            "the arguments of the function cannot be told from its signature",
            hint="wrap it: def f(x): return …",
        ) from None
    return [one for one in found if one.kind in POSITIONAL]
