"""The user's code run: once as it is for autograd's numbers, once under the recorder."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradcalc.answers.audit.code_torch import Target
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.arrays.array import Value
from gradcalc.base.errors import PointError, UsageError, UserCodeError
from gradcalc.base.floating import FORMATS
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.autograd import leaf
from gradcalc.engines.torch.program import DTYPES
from gradcalc.tracing.recorder_torch import Recorder
from gradcalc.tracing.tape import Read
from gradcalc.tracing.watching_torch import recording

Tensor = Any
SEED = 20240101  # of the weights that make one number of an array result
ONE_TENSOR = "audit a function that returns one tensor, such as the loss"
REFUSED = "modified by an inplace operation"


@dataclass(slots=True, eq=False)
class Subject:
    """A target with its arguments: what a run starts from, the same every time."""

    target: Target
    arguments: Mapping[str, Tensor]
    state: Mapping[str, Tensor] = field(default_factory=dict)

    def fresh(self) -> dict[str, Tensor]:
        """Arguments that nothing has changed yet; parameters and buffers are set back."""
        if self.state:
            with torch.no_grad():
                for name, tensor in self._owned().items():
                    tensor.copy_(self.state[name])
        return {
            name: one.detach().clone().requires_grad_(one.is_floating_point()) for name, one in self.arguments.items()
        }

    def _owned(self) -> dict[str, Tensor]:
        return owned(self.target) if self.state else {}


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One run: its result as one number, autograd's gradient, or why autograd refuses."""

    value: float
    gradients: Mapping[str, Tensor] | None
    refusal: str | None
    contracted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """The run under the recorder: the tape, where the result is on it, and the tensors of it."""

    recorder: Recorder
    result: Read
    scalar: Tensor
    leaves: Mapping[str, Tensor]
    frozen: tuple[str, ...] = ()  # parameters that do not require grad


def subject(target: Target, point: Mapping[str, Value], dtype: str, whole: frozenset[str] = frozenset()) -> Subject:
    """The target at a point, its module in the dtype, `whole` arguments as whole numbers. Raises PointError."""
    missing = [name for name in target.names if name not in point]
    if missing:
        raise PointError(f"no value for `{missing[0]}`", hint=f"add --at {missing[0]}=…")
    if isinstance(target.call, torch.nn.Module):
        target.call.to(DTYPES[dtype])
    state = {name: one.detach().clone() for name, one in owned(target).items()}
    arguments = {
        name: leaf(point[name], FORMATS[dtype]).detach().to(torch.int64 if name in whole else DTYPES[dtype])
        for name in target.names
    }
    if not any(one.is_floating_point() for one in arguments.values()) and not target.parameters:
        raise UsageError("the function takes no tensor", hint="audit a function with arguments: def f(x): …")
    return Subject(target, arguments, state)


def recast(one: Subject, target: Target) -> Subject:
    """Another target with the same arguments and state, in the same number format."""
    if isinstance(target.call, torch.nn.Module):
        target.call.to(next((tensor.dtype for tensor in one.state.values() if tensor.is_floating_point()), None))
    return Subject(target, one.arguments, one.state)


def owned(target: Target) -> dict[str, Tensor]:
    """The parameters and buffers of a module."""
    call = target.call
    if not isinstance(call, torch.nn.Module):
        return {}
    return {**dict(call.named_parameters()), **dict(call.named_buffers())}


def _leaves(one: Subject, arguments: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors to derive by."""
    floats = {name: tensor for name, tensor in arguments.items() if tensor.is_floating_point()}
    return floats | dict(one.target.parameters)


def play(one: Subject) -> Played:
    """Value and gradient as the user gets them. Raises UserCodeError where the code raises, UsageError at a result
    that is no tensor of real numbers.
    """
    arguments = one.fresh()
    leaves = _leaves(one, arguments)
    result = guarded(lambda: one.target.call(*arguments.values()), "the function")
    _require_real(result)
    scalar = contracted(result)
    found, refusal = gradients(scalar, leaves)
    return Played(float(scalar.detach().double()), found, refusal, result.dim() > 0)


def gradients(
    scalar: Tensor, leaves: Mapping[str, Tensor], keep: bool = False
) -> tuple[Mapping[str, Tensor] | None, str | None]:
    """Autograd's gradients by the leaves, or why it refuses; `keep` keeps the graph. Raises UserCodeError."""
    if not scalar.requires_grad:
        return {name: torch.zeros_like(one) for name, one in leaves.items()}, None
    try:
        found = guarded(
            lambda: torch.autograd.grad(
                scalar, list(leaves.values()), allow_unused=True, materialize_grads=True, retain_graph=keep
            ),
            "backward()",
        )
    except UserCodeError as error:
        if REFUSED in error.message:
            return None, error.message
        raise
    return dict(zip(leaves, found, strict=True)), None


def plain(gradients: Mapping[str, Tensor] | None) -> dict[str, list[float]] | None:
    """Gradients as plain numbers, in row-major order."""
    if gradients is None:
        return None
    return {name: one.detach().double().reshape(-1).tolist() for name, one in gradients.items()}


def record(one: Subject) -> Recorded:
    """The same under the recorder."""
    arguments = one.fresh()
    leaves = _leaves(one, arguments)
    recorder = Recorder()
    for name, tensor in leaves.items():
        recorder.leaf(name, tensor)
    with recording(recorder):
        result = guarded(lambda: one.target.call(*arguments.values()), "the function")
        scalar = contracted(result)
    call = one.target.call
    named = call.named_parameters() if isinstance(call, torch.nn.Module) else ()
    frozen = tuple(name for name, parameter in named if not parameter.requires_grad)
    return Recorded(recorder, recorder.term(scalar).read, scalar, leaves, frozen)


def _require_real(result: Any) -> None:
    """Raises UsageError where a function returns anything but a tensor of real numbers."""
    if inspect.iscoroutine(result):
        result.close()
    if not isinstance(result, torch.Tensor):
        raise UsageError(f"the function returns {type(result).__name__}, expected a tensor", hint=ONE_TENSOR)
    if result.is_complex():
        raise UsageError(
            "the function returns complex numbers, expected real ones", hint="take .abs(), .real or .imag of them"
        )


def contracted(result: Tensor) -> Tensor:
    """One number of an array, by fixed weights: a mistake in one element cannot hide behind another."""
    if result.dim() == 0 and result.is_floating_point():
        return result
    floats = result if result.is_floating_point() else result.to(torch.float64)
    generator = torch.Generator().manual_seed(SEED)
    weights = torch.rand(result.shape, generator=generator, dtype=torch.float64) + 0.5
    return (floats * weights.to(floats.dtype)).sum()
