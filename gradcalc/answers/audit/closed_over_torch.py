"""What a callable computes with beside its arguments: the modules and the tensors that it reaches by a name."""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.places import LIBRARIES
from gradcalc.tracing.sight_torch import TORCH

Tensor = Any
FOREIGN = (*LIBRARIES, TORCH)  # whose functions reach nothing of the user's


def reached(function: Any, met: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """What a callable reaches by a name, whatever that is, also by way of functions that it calls."""
    met = set() if met is None else met
    if id(function) in met:
        return
    met.add(id(function))
    for name, value in _named(function):
        yield name, value
        if isinstance(value, types.FunctionType | types.MethodType | functools.partial):
            yield from reached(value, met)


def _named(function: Any) -> Iterator[tuple[str, Any]]:
    """What one callable holds: its object, what `partial` gave it, its closure, the globals that it mentions."""
    if isinstance(function, functools.partial):
        yield from (("function", function.func), *function.keywords.items())
        yield from ((f"argument{number}", one) for number, one in enumerate(function.args))
        return
    if isinstance(function, types.MethodType):
        yield from (("self", function.__self__), ("function", function.__func__))
        yield from _fields(function.__self__)
        return
    if not isinstance(function, types.FunctionType):
        yield from _fields(function)
        return
    if function.__code__.co_filename.startswith(FOREIGN):
        return
    yield from vars(function).items()  # what a decorator wraps
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield from _content(name, cell)
    mentioned = set(function.__code__.co_names) & set(function.__globals__)
    yield from ((name, function.__globals__[name]) for name in sorted(mentioned))


def _fields(owner: Any) -> Iterator[tuple[str, Any]]:
    """What an object that is no module of layers holds."""
    if hasattr(owner, "__dict__") and not isinstance(owner, torch.nn.Module | type | types.ModuleType):
        yield from list(vars(owner).items())


def _content(name: str, cell: Any) -> Iterator[tuple[str, Any]]:
    try:
        yield name, cell.cell_contents
    except ValueError:  # a name that has no value yet
        return


def leaves_behind(result: Tensor) -> Iterator[Tensor]:
    """The leaf tensors that a result depends on, as autograd has them."""
    ahead, met = [result.grad_fn], set()
    while ahead:
        node = ahead.pop()
        if node is None or node in met:
            continue
        met.add(node)
        if hasattr(node, "variable"):
            yield node.variable
        ahead += [one for one, _ in node.next_functions]
