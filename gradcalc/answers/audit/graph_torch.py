"""The graph of real code: the operations of one recorded run, what torch holds at each, and which is to blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.backward_torch import followed
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.local_torch import Local, of_application, of_step, together
from gradcalc.answers.audit.operands import operands
from gradcalc.answers.audit.records import CodeBlame, CodeEdge, CodeVertex
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.arrays.array import nested
from gradcalc.base.errors import UserCodeError
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place
from gradcalc.tracing.sight_torch import Application
from gradcalc.tracing.storages_torch import tensors_in
from gradcalc.tracing.tape import Output, Read, Step

Tensor = Any
Gradients = Mapping[int, Any]
INSTALLED = frozenset({"site-packages", "dist-packages"})  # folders of who called: nobody's own code


def drawn(
    recorded: Recorded, blame: Sequence[CodeBlame], given: Mapping[str, Tensor]
) -> tuple[tuple[CodeVertex, ...], tuple[CodeEdge, ...]]:
    """What is computed from the variables, in the order of the run, and what each reads; the variables are first.

    `given` are tensors with names that are constants.
    """
    graph = _Graph(recorded, blame, given)
    for name, tensor in recorded.leaves.items():
        node = recorded.recorder.tape.leaves[name]
        graph.makers[node] = graph.add(name, "leaf", None, tensor, None, graph.gradients.get(node), None)
    calls = {call.last: call for call in recorded.recorder.applications if graph.is_one(call)}
    hidden = {number for call in calls.values() for number in range(call.begin, call.last)}
    for number, step in enumerate(recorded.recorder.tape.steps, 1):
        if number - 1 not in hidden:
            graph.step(step)
        if number in calls:
            graph.application(calls[number])
    return tuple(graph.vertices), tuple(graph.edges)


@dataclass(eq=False)
class _Graph:
    """The vertices and edges so far; which vertex made a node of the tape."""

    recorded: Recorded
    blame: Sequence[CodeBlame]
    given: Mapping[str, Tensor]
    vertices: list[CodeVertex] = field(default_factory=list)
    edges: list[CodeEdge] = field(default_factory=list)
    makers: dict[int, int] = field(default_factory=dict)
    reasons: dict[tuple[str, tuple[int, ...], str], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tape, self.gradients = self.recorded.recorder.tape, _gradients(self.recorded)
        self.made = {one.read.node: step for step in self.tape.steps for one in step.outputs}

    def add(self, *facts: Any) -> int:
        """A new vertex: label, operation, line, tensor, grad_fn, gradient, reason; its number."""
        label, operation, line, tensor, grad_fn, gradient, reason = facts
        number, shape = len(self.vertices), tuple(tensor.shape)
        self.vertices.append(
            CodeVertex(number, label, operation, line, shape, _numbers(tensor), grad_fn, gradient, reason)
        )
        return number

    def is_one(self, call: Application) -> bool:
        """Is a custom function drawn as one operation? It is, unless something inside of it is to blame."""
        inside = self.tape.steps[call.first : call.last]
        return bool(call.outputs) and not any(_reason(one.place, one.operation, self.blame) for one in inside)

    def step(self, step: Step) -> None:
        """One operation, where it works on variables or is to blame."""
        own = _reason(step.place, step.operation, self.blame)
        if not step.outputs or not (own or any(self.tape.varies(one.read) for one in step.outputs)):
            return
        output, (label, line) = step.outputs[0], _words(step.operation, step.place)
        sources = self._sources([*step.inputs, *self._through(step)], _operands(step))
        key = step.operation, tuple(sources), label
        reason = self.reasons[key] = self.reasons.get(key) or own  # a twin's counts too
        gradient = self.gradients.get(output.read.node)
        number = self.add(label, step.operation, line, output.numbers, _grad_fn(output.tensor), gradient, reason)
        self.makers |= {one.read.node: number for one in step.outputs}
        self._arrows(sources, number, of_step(step))

    def _through(self, step: Step) -> list[Read]:
        """The real numbers that complex or sparse ones come from, which are not followed themselves."""
        hidden = self.recorded.recorder.hidden
        held = [hidden[id(one)] for one in tensors_in(step.call[1]) if id(one) in hidden]
        return [term.read for one in held for term in one.terms]

    def application(self, call: Application) -> None:
        """A call of a custom function, which autograd sees as one operation."""
        tensor, read = call.outputs[0]
        name = f"{call.function.__name__}.apply"
        label, line = _words(name, call.place)
        sources = self._sources([one for one in call.reads if one is not None], ())
        backward = f"{call.function.__name__}.backward"
        reason = next((one.reason for one in self.blame if one.operation == backward), None)
        number = self.add(label, name, line, tensor, _grad_fn(tensor), self.gradients.get(read.node), reason)
        self.makers |= {one.node: number for _, one in call.outputs}
        self._arrows(sources, number, of_application(call))

    def _sources(self, reads: Sequence[Read], names: Sequence[str]) -> list[int]:
        """The vertices that are read; constants get theirs here."""
        return [self._vertex(read, names[place] if place < len(names) else "") for place, read in enumerate(reads)]

    def _vertex(self, read: Read, name: str) -> int:
        """What made the numbers that are read; a constant gets its vertex here."""
        if read.node in self.makers:
            return self.makers[read.node]
        step = None if self.tape.varies(read) else self.made.get(read.node)
        if step is None:
            numbers = self._held(read)
            number = self._constant(numbers, self._named(numbers) or name or "constant", None)
        else:
            numbers, (label, line) = step.outputs[0].numbers, _words(step.operation, step.place)
            below = self._is_below(step)
            sources = self._sources(step.inputs, _operands(step)) if below else []
            number = self._constant(numbers, self._named(numbers) or (label if below else name or label), line)
            self._arrows(sources, number, [])
        self.makers[read.node] = number
        return number

    def _constant(self, tensor: Tensor, label: str, line: int | None) -> int:
        return self.add(label, "constant", line, tensor, None, None, None)

    def _is_below(self, step: Step) -> bool:
        """Does a constant come from one that is to blame?"""
        nodes = [one.node for one in step.inputs]
        return any(
            node in self.makers or ((made := self.made.get(node)) is not None and self._is_below(made))
            for node in nodes
        )

    def _held(self, read: Read) -> Tensor:
        """The numbers of a constant that no operation made."""
        rule: Any = self.tape.nodes[read.node].rule
        numbers = [float(one) for one in rule.numbers]
        return torch.tensor(numbers if read.index is None else [numbers[one] for one in read.index])

    def _named(self, numbers: Tensor) -> str | None:
        """The name of an argument or a buffer that has these numbers."""
        flat = numbers.reshape(-1).tolist()
        return next((name for name, one in self.given.items() if one.double().reshape(-1).tolist() == flat), None)

    def _arrows(self, sources: Sequence[int], target: int, found: Sequence[Local]) -> None:
        """An arrow from each vertex that is read, once; what several reads of it come to is added."""
        locals_ = [*found, *[Local()] * (len(sources) - len(found))]
        for source in dict.fromkeys(sources):
            mine = [one for at, one in zip(sources, locals_, strict=False) if at == source]
            told = together(mine)
            self.edges.append(CodeEdge(source, target, told.number, told.shape))


def _words(operation: str, place: Place | None) -> tuple[str, int | None]:
    """The user's own source text, in one line, and its number; of what gradcalc did with it, the operation's name."""
    if place is None or INSTALLED & set(Path(place.file).parts):
        return operation.removeprefix("aten."), None
    return " ".join((place.whole or place.source[slice(*place.span)]).split()), place.line


def _operands(step: Step) -> list[str]:
    """What an operation reads, in the user's words."""
    return operands(step.place, step.operation.removeprefix("aten."), len(step.inputs))


def _grad_fn(tensor: Tensor) -> str | None:
    return None if tensor.grad_fn is None else type(tensor.grad_fn).__name__


def _numbers(tensor: Tensor) -> Any:
    whole = tensor.detach()
    flat = whole.reshape(-1).tolist() if whole.dtype == torch.bool else whole.double().reshape(-1).tolist()
    return nested(flat, tuple(tensor.shape)) if flat else []


def _reason(place: Place | None, operation: str, blame: Sequence[CodeBlame]) -> str | None:
    """Why a step is to blame, where it is."""
    if place is None:
        return None
    for one in blame:
        exactly = one.span == place.span and one.operation == operation
        cut_off = one.reason == "cut" and one.span[0] == place.span[0] and one.span[1] >= place.span[1]
        if (one.file, one.line) == (place.file, place.line) and (exactly or cut_off):
            return one.reason
    return None


def _gradients(recorded: Recorded) -> Gradients:
    """Torch's gradients by what is followed, by their nodes; none where autograd refuses."""
    pairs = list(followed(recorded))
    if not recorded.scalar.requires_grad:
        return {}
    tensors = [tensor for _, tensor in pairs]
    try:
        found = guarded(
            lambda: torch.autograd.grad(recorded.scalar, tensors, allow_unused=True, retain_graph=True), "backward()"
        )
    except UserCodeError:  # autograd refuses, which the audit says
        return {}
    outputs: list[Output] = [output for output, _ in pairs]
    return {output.read.node: _numbers(one) for output, one in zip(outputs, found, strict=True) if one is not None}
