"""A recorder at work: what runs in its body is recorded, and calls of custom functions are seen as such."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.recorder_torch import Recorder
from gradcalc.tracing.storages_torch import tensors_in

_active: Recorder | None = None
_apply = torch.autograd.Function.__dict__["apply"].__func__


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Records what runs in the body, no layer as one opaque operation."""
    global _active
    backend: Any = torch.backends.mkldnn
    outer, enabled = _active, backend.enabled
    _active, backend.enabled = recorder, False
    try:
        with recorder:
            yield
    finally:
        _active, backend.enabled = outer, enabled


@contextmanager
def watching() -> Iterator[None]:
    """Lets a recorder see calls of custom functions, also by names that the body gives to their `apply`."""
    function: Any = torch.autograd.Function
    function.apply = classmethod(_seen)
    try:
        yield
    finally:
        function.apply = classmethod(_apply)


def _seen(function: Any, *arguments: Any, **more: Any) -> Any:
    """`apply` of a custom function."""
    if _active is None:
        return _apply(function, *arguments, **more)
    with _active.applying(function, arguments) as call:
        result = _apply(function, *arguments, **more)
    call.outputs = [(one, _active.term(one).read) for one in tensors_in(result) if one.is_floating_point()]
    return result
