"""What a function returns, brought down to the tensor that is derived: tuples, dictionaries, records have several."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MemberDescriptorType
from typing import Any

from gradcalc.base.errors import SeveralError, UsageError, did_you_mean, shortened
from gradcalc.base.words import listed
from gradcalc.engines.torch import torch

Tensor = Any
DEEPEST = 3  # results in each other
LOSS = "loss"
ONE_TENSOR = "audit a function that returns one tensor, such as the loss"


def chosen(result: Any, wanted: str | None) -> Tensor:
    """The tensor of a result with that name or place, or else the number called `loss`, the only number or tensor, or
    the only number that has a gradient. Raises UsageError.
    """
    if isinstance(result, torch.Tensor) and wanted is None:
        return _real(result)
    if inspect.iscoroutine(result):
        result.close()
    shallow, deep = dict(_parts(result)), dict(_deep(result))
    parts = deep if wanted is not None or not shallow else shallow
    kind = type(result).__name__
    if wanted is not None:
        return _real(_named(parts, wanted, result))
    numbers = {name: one for name, one in parts.items() if one.numel() == 1 and one.is_floating_point()}
    found = next((list(one.values()) for one in (numbers, parts) if len(one) == 1), [])
    found = [numbers[LOSS]] if LOSS in numbers else found or [one for one in numbers.values() if one.requires_grad]
    if len(found) != 1:
        hint = f"--result {next(iter(parts))} chooses one of {listed(list(parts))}" if parts else ONE_TENSOR
        derived = tuple(name for name, one in parts.items() if one.is_floating_point() and one.requires_grad)
        raise SeveralError(f"the function returns {kind}, expected a tensor", hint=hint, results=derived)
    return _real(found[0])


def _named(parts: Mapping[str, Tensor], wanted: str, result: Any) -> Tensor:
    """The part with a name, or with a place in a tuple that has names. Raises UsageError."""
    places = [name for name, _ in _members(result)] if isinstance(result, tuple) and wanted.isdecimal() else []
    name = places[int(wanted)] if places and int(wanted) < len(places) else wanted
    if name in parts:
        return parts[name]
    below = [one for one in parts if one.startswith(f"{wanted}.")]
    hint = f"it has {listed(below or list(parts))}" if parts else None
    message = f"the function returns {type(result).__name__} without `{shortened(wanted)}`"
    raise UsageError(message, hint=hint if below else did_you_mean(wanted, parts) or hint)


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
        named = ((one.name, _field(result, one.name)) for one in fields(result))
    elif isinstance(result, tuple | list):
        own = getattr(type(result), "_fields", None) or getattr(type(result), "__match_args__", None)  # of torch's own
        named = zip(own if own and len(own) == len(result) else map(str, range(len(result))), result, strict=True)
    elif hasattr(result, "__dict__") and not isinstance(result, type | torch.nn.Module | torch.Tensor):
        named = vars(result).items()
    else:
        named = ()
    return ((str(key), one) for key, one in named)


def _field(record: Any, name: str) -> Any:
    """A field of a record, in its dictionary or in a slot of one of its classes."""
    if hasattr(record, "__dict__") and name in vars(record):
        return vars(record)[name]
    held = next((vars(one)[name] for one in type(record).__mro__ if name in vars(one)), None)
    try:
        return held.__get__(record) if isinstance(held, MemberDescriptorType) else held
    except AttributeError:  # a slot that has no value yet
        return None


def _real(result: Tensor) -> Tensor:
    """Raises UsageError at complex numbers, and at tensors of several shapes."""
    if result.is_nested:
        hint = "take its parts by .unbind(), or .to_padded_tensor(0.0)"
        raise UsageError("the function returns a nested tensor, expected one shape", hint=hint)
    if result.is_complex():
        hint = "take .abs(), .real or .imag of them"
        raise UsageError("the function returns complex numbers, expected real ones", hint=hint)
    return result
