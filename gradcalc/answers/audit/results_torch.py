"""What a function returns, brought down to the tensor that is derived: tuples, dictionaries, records have several."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from gradcalc.base.errors import UsageError, did_you_mean, shortened
from gradcalc.base.words import listed
from gradcalc.engines.torch import torch

Tensor = Any
DEEPEST = 3  # results in each other
ONE_TENSOR = "audit a function that returns one tensor, such as the loss"


def chosen(result: Any, wanted: str | None) -> Tensor:
    """The tensor of a result with that name or place, or else the only one, or the only number. Raises UsageError."""
    if isinstance(result, torch.Tensor) and wanted is None:
        return _real(result)
    if inspect.iscoroutine(result):
        result.close()
    shallow, deep = dict(_parts(result)), dict(_deep(result))
    parts = deep if wanted is not None or not shallow else shallow
    kind = type(result).__name__
    if wanted is not None:
        if wanted not in parts:
            hint = did_you_mean(wanted, parts) or (f"it has {listed(list(parts))}" if parts else None)
            raise UsageError(f"the function returns {kind} without `{shortened(wanted)}`", hint=hint)
        return _real(parts[wanted])
    numbers = [one for one in parts.values() if one.numel() == 1 and one.is_floating_point()]
    found = numbers if len(numbers) == 1 else list(parts.values()) if len(parts) == 1 else []
    if not found:
        hint = f"--result {next(iter(parts))} chooses one of {listed(list(parts))}" if parts else ONE_TENSOR
        raise UsageError(f"the function returns {kind}, expected a tensor", hint=hint)
    return _real(found[0])


def _parts(result: Any) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a result by name or place, counted from 0 as in Python."""
    return ((name, one) for name, one in _members(result) if isinstance(one, torch.Tensor))


def _deep(result: Any, above: str = "") -> Iterator[tuple[str, Tensor]]:
    """The tensors of nested results, by the names that lead there: `losses.mask`."""
    for name, one in _members(result):
        if isinstance(one, torch.Tensor):
            yield above + name, one
        elif above.count(".") < DEEPEST:
            yield from _deep(one, f"{above}{name}.")


def _members(result: Any) -> Iterator[tuple[str, Any]]:
    """What a result holds, by name or place."""
    if isinstance(result, Mapping):
        named: Any = result.items()
    elif is_dataclass(result) and not isinstance(result, type):
        named = [(one.name, vars(result).get(one.name)) for one in fields(result)]
    elif isinstance(result, tuple | list):
        names = getattr(type(result), "_fields", None) or map(str, range(len(result)))
        named = zip(names, result, strict=True)
    else:
        named = ()
    return ((str(key), one) for key, one in named)


def _real(result: Tensor) -> Tensor:
    """Raises UsageError at complex numbers, and at tensors of several shapes."""
    if result.is_nested:
        hint = "take its parts by .unbind(), or .to_padded_tensor(0.0)"
        raise UsageError("the function returns a nested tensor, expected one shape", hint=hint)
    if result.is_complex():
        hint = "take .abs(), .real or .imag of them"
        raise UsageError("the function returns complex numbers, expected real ones", hint=hint)
    return result
