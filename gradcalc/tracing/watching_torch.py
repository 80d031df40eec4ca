"""A recorder at work: what runs in its body is recorded, and calls of custom functions are seen as such."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.hooks_torch import hooks_seen
from gradcalc.tracing.places import ROOT
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
        with recorder, _escapes_seen(recorder):
            yield
    finally:
        _active, backend.enabled = outer, enabled


@contextmanager
def _escapes_seen(recorder: Recorder) -> Iterator[None]:
    """Lets a recorder see tensors that become lists or arrays, and lists that become tensors: no operations either."""
    tensor: Any = torch.Tensor
    makers = [(name, vars(torch)[name]) for name in ("tensor", "as_tensor")]

    def copying(original: Any) -> Any:
        def made(data: Any, *arguments: Any, **more: Any) -> Any:
            result = original(data, *arguments, **more)
            if isinstance(data, list | tuple):
                recorder.copied(data, result)
            return result

        return made

    def seen(kind: str) -> Any:
        original = vars(torch._C.TensorBase)[kind]

        def escaping(self: Any, *arguments: Any, **more: Any) -> Any:
            if not sys._getframe(1).f_code.co_filename.startswith(ROOT):  # not what the recorder itself asks for
                recorder.escape(kind, self)
            return original(self, *arguments, **more)

        return escaping

    tensor.tolist, tensor.numpy = seen("tolist"), seen("numpy")
    for name, original in makers:
        setattr(torch, name, copying(original))
    try:
        yield
    finally:
        del tensor.tolist, tensor.numpy
        for name, original in makers:
            setattr(torch, name, original)


@contextmanager
def watching() -> Iterator[None]:
    """Lets a recorder see hooks, and calls of custom functions, also by names that the body gives to their `apply`."""
    function: Any = torch.autograd.Function
    function.apply = classmethod(_seen)
    try:
        with hooks_seen():
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
