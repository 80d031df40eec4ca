"""The user's code run: once as it is for autograd's numbers, once under the recorder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from gradcalc.answers.audit.code_torch import Target
from gradcalc.answers.audit.gradients_torch import gradients, unchecked
from gradcalc.answers.audit.how import How
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.paper.piece import MATRIX, Axes, axes_of, images_of
from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.answers.audit.results_torch import chosen
from gradcalc.answers.audit.structure import filled, slots
from gradcalc.answers.audit.undisturbed_torch import eagerly, put_back
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.program import DTYPES
from gradcalc.tracing.places import bounded
from gradcalc.tracing.recorder_torch import Recorder
from gradcalc.tracing.tape import Read
from gradcalc.tracing.watching_torch import recording

Tensor = Any
SEED = 20240101  # of the weights that make one number of an array result


@dataclass(slots=True, eq=False)
class Subject:
    """A target with its arguments: what a run starts from, the same every time."""

    target: Target
    arguments: Mapping[str, Any]
    state: Mapping[str, Tensor] = field(default_factory=dict)
    how: How = field(default_factory=How)
    constant: frozenset[str] = frozenset()  # arguments by which torch derives nothing
    randomness: Randomness | None = None  # what every run draws from, unless the target sees to that
    built: Mapping[str, Any] = field(default_factory=dict)  # arguments that hold tensors, with slots in their places

    def fresh(self) -> dict[str, Any]:
        """Arguments that nothing has changed yet; parameters and buffers are set back."""
        if self.state:
            held = owned(self.target)
            put_back(list(held.values()), [self.state[name] for name in held])
        return {
            name: one.detach().clone().requires_grad_(one.is_floating_point() and name not in self.constant)
            if isinstance(one, torch.Tensor)
            else one
            for name, one in self.arguments.items()
        }

    def called(self, arguments: Mapping[str, Any]) -> Tensor:
        """The tensor that is derived, of one call. Raises UserCodeError, or UsageError where there is none."""
        if self.randomness is not None:
            self.randomness.put_back()
        with self._autocast(), unchecked(), eagerly():
            result = guarded(lambda: self.target.run(self.whole(arguments)), "the function")
        return chosen(result, self.how.result)

    def whole(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as the function takes them: tensors in the structures that hold them."""
        if not self.built:
            return dict(arguments)
        inside = {name for one in self.built.values() for name in slots(one)}
        plain = {name: one for name, one in arguments.items() if name not in inside}
        return plain | {name: filled(one, arguments) for name, one in self.built.items()}

    def _autocast(self) -> AbstractContextManager[Any]:
        if self.how.autocast is None:
            return nullcontext()
        return torch.autocast(self.how.device.partition(":")[0], dtype=DTYPES[self.how.autocast])


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
    constant: tuple[str, ...] = ()  # arguments that must not

    def axes(self, subject: Subject) -> dict[str, Axes]:
        """The axes that each variable has in a formula; an argument of one row is a batch of one."""
        parameters = subject.target.parameters
        return {name: axes_of(tuple(one.shape), name not in parameters) for name, one in self.leaves.items()}

    @property
    def images(self) -> dict[str, Axes]:
        """The axes that each variable has in a formula of images, with those by which these are convolved."""
        steps = [one for one in self.recorder.tape.steps if one.operation == "aten.convolution"]
        filters = {read.node for one in steps for read in one.inputs[1:2]}
        nodes = self.recorder.tape.leaves
        return {
            name: images_of(tuple(one.shape), nodes[name] in filters)
            if one.dim() > MATRIX
            else axes_of(tuple(one.shape))
            for name, one in self.leaves.items()
        }

    def held(self, subject: Subject) -> dict[str, Read]:
        """Where the numbers of those that are the module's own are, as far as the run has read them."""
        storages = self.recorder.storages
        own = {name: one for name, one in owned(subject.target).items() if name not in self.leaves}
        return {name: storages.read(one) for name, one in own.items() if storages.knows(one)}

    @property
    def size(self) -> int:
        """How many numbers the variables have."""
        return sum(one.numel() for one in self.leaves.values())

    def given(self, subject: Subject) -> dict[str, Tensor]:
        """The tensors that have names and are no variables: whole numbers, buffers, what is frozen."""
        tensors = {name: one for name, one in subject.arguments.items() if isinstance(one, torch.Tensor)}
        return {name: one for name, one in (tensors | owned(subject.target)).items() if name not in self.leaves}


def recast(one: Subject, target: Target) -> Subject:
    """Another target with the same arguments and state, in the same number format."""
    if target.module is not None:
        target.module.to(one.how.device, DTYPES[one.how.dtype])
    return replace(one, target=target)


def owned(target: Target) -> dict[str, Tensor]:
    """The parameters and buffers of a module."""
    module = target.module
    return {} if module is None else {**dict(module.named_parameters()), **dict(module.named_buffers())}


def leaves_of(one: Subject, arguments: Mapping[str, Any]) -> dict[str, Tensor]:
    """The tensors to derive by."""
    tensors = {name: tensor for name, tensor in arguments.items() if isinstance(tensor, torch.Tensor)}
    floats = {
        name: tensor for name, tensor in tensors.items() if tensor.is_floating_point() and name not in one.constant
    }
    return floats | dict(one.target.parameters)


def play(one: Subject) -> Played:
    """Value and gradient as the user gets them. Raises UserCodeError where the code raises, UsageError at a result
    that is no tensor of real numbers.
    """
    arguments = one.fresh()
    leaves = leaves_of(one, arguments)
    result = one.called(arguments)
    scalar = contracted(result)
    found, refusal = gradients(scalar, leaves)
    return Played(float(scalar.detach().double()), found, refusal, result.numel() != 1)


def record(one: Subject) -> Recorded:
    """The same under the recorder."""
    arguments = one.fresh()
    leaves = leaves_of(one, arguments)
    recorder = Recorder()
    for name, tensor in leaves.items():
        recorder.leaf(name, tensor)
    with recording(recorder):
        result = one.called(arguments)
        with bounded(contracted.__code__, None):  # it is no line of who calls
            scalar = contracted(result)
    module = one.target.module
    named = () if module is None else module.named_parameters()
    frozen = tuple(name for name, parameter in named if not parameter.requires_grad)
    return Recorded(recorder, recorder.term(scalar).read, scalar, leaves, frozen, tuple(one.constant))


def contracted(result: Tensor) -> Tensor:
    """One number of an array, by fixed weights: a mistake in one element cannot hide behind another."""
    if result.numel() == 1 and result.is_floating_point():  # as torch's own `backward` takes it
        return result.sum() if result.dim() else result
    floats = result if result.is_floating_point() else result.to(torch.float64)
    generator = torch.Generator().manual_seed(SEED)
    weights = torch.rand(result.shape, generator=generator, dtype=torch.float64) + 0.5
    return (floats * weights.to(floats)).sum()
