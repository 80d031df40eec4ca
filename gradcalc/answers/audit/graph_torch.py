"""The graph of real code: the operations of one recorded run, what torch holds at each, and which is to blame."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gradcalc.answers.audit.local_torch import Local, of_application, of_step, together
from gradcalc.answers.audit.records import CodeBlame, CodeEdge, CodeVertex
from gradcalc.answers.audit.run_torch import Recorded
from gradcalc.answers.audit.vertices_torch import (
    grad_fn_of,
    gradients_of,
    is_kept,
    numbers_of,
    operands_of,
    reason_of,
    storage_of,
    words_of,
)
from gradcalc.engines.torch import torch
from gradcalc.tracing.sight_torch import Application
from gradcalc.tracing.storages_torch import tensors_in
from gradcalc.tracing.tape import Read, Step

Tensor = Any
WEIGHTS = "fixed weights"  # that make one number of an array
WEIGHTED = f"result * {WEIGHTS}", f"sum of result * {WEIGHTS}"


def drawn(
    recorded: Recorded, blame: Sequence[CodeBlame], given: Mapping[str, Tensor], guilty: Collection[int]
) -> tuple[tuple[CodeVertex, ...], tuple[CodeEdge, ...]]:
    """What is computed from the variables, in the order of the run, and what each reads; the variables are first.

    `given` are tensors with names that are constants; `guilty` the numbers of the steps that go wrong themselves.
    """
    graph = _Graph(recorded, blame, given, guilty)
    for name, tensor in recorded.leaves.items():
        node = recorded.recorder.tape.leaves[name]
        graph.makers[node] = graph.add(name, "leaf", None, tensor, None, graph.gradients.get(id(tensor)), None)
        graph.holders[storage_of(tensor)] = graph.makers[node]
    calls = {call.last: call for call in recorded.recorder.applications if graph.is_one(call)}
    hidden = {number for call in calls.values() for number in range(call.begin, call.last)}
    for number, step in enumerate(recorded.recorder.tape.steps, 1):
        if number - 1 not in hidden:
            graph.step(step, number)
        if number in calls:
            graph.application(calls[number])
    return _without(graph.vertices, graph.edges)


def _without(
    vertices: Sequence[CodeVertex], edges: Sequence[CodeEdge]
) -> tuple[tuple[CodeVertex, ...], tuple[CodeEdge, ...]]:
    """The graph without copies that nothing reads: autograd makes them where it has to remember what is changed."""
    read = {one.source for one in edges}
    left = [one for one in vertices if one.operation != "aten.clone" or one.id in read or one is vertices[-1]]
    ids = {one.id: number for number, one in enumerate(left)}
    kept = (replace(one, source=ids[one.source], target=ids[one.target]) for one in edges if one.target in ids)
    return tuple(replace(one, id=ids[one.id]) for one in left), tuple(kept)


@dataclass(eq=False)
class _Graph:
    """The vertices and edges so far; which vertex made a node of the tape, and which the numbers that a storage holds.

    A copy has a storage of its own, but no node.
    """

    recorded: Recorded
    blame: Sequence[CodeBlame]
    given: Mapping[str, Tensor]
    guilty: Collection[int]
    vertices: list[CodeVertex] = field(default_factory=list)
    edges: list[CodeEdge] = field(default_factory=list)
    makers: dict[int, int] = field(default_factory=dict)
    holders: dict[int, int] = field(default_factory=dict)
    reasons: dict[tuple[str, tuple[int, ...], str], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tape, self.gradients = self.recorded.recorder.tape, gradients_of(self.recorded)
        self.made = {one.read.node: step for step in self.tape.steps for one in step.outputs}
        weighted = self.tape.steps[-2:] if WEIGHTS in self.given else []
        self.own_words = {id(one): words for one, words in zip(weighted, WEIGHTED, strict=False)}
        numbered = enumerate(self.tape.steps, 1)
        self.narrowed = {(one.place, one.operation) for number, one in numbered if number in self.guilty}

    def add(self, *facts: Any) -> int:
        """A new vertex: label, operation, line, tensor, grad_fn, gradient, reason; its number."""
        label, operation, line, tensor, grad_fn, gradient, reason = facts
        number, shape = len(self.vertices), tuple(tensor.shape)
        self.vertices.append(
            CodeVertex(number, label, operation, line, shape, numbers_of(tensor), grad_fn, gradient, reason)
        )
        return number

    def is_one(self, call: Application) -> bool:
        """Is a custom function drawn as one operation? It is, unless something inside of it is to blame."""
        inside = self.tape.steps[call.first : call.last]
        return bool(call.outputs) and not any(reason_of(one.place, one.operation, self.blame) for one in inside)

    def step(self, step: Step, count: int) -> None:
        """One operation, where it works on variables or is to blame; of a line that runs often, the turn that is."""
        own = reason_of(step.place, step.operation, self.blame)
        if (step.place, step.operation) in self.narrowed and count not in self.guilty:
            own = None
        if not step.outputs or not (own or any(self.tape.varies(one.read) for one in step.outputs)):
            return
        output, (label, line) = step.outputs[0], words_of(self.own_words.get(id(step), step.operation), step.place)
        sources = self._sources(
            [*step.inputs, *self._through(step)], operands_of(step), list(tensors_in(step.call[1:]))
        )
        key = step.operation, tuple(sources), label
        reason = self.reasons[key] = self.reasons.get(key) or own  # a twin's counts too
        changed = output.tensor.requires_grad and not is_kept(step, output)
        gradient, grad_fn = (
            (None, None) if changed else (self.gradients.get(id(output.tensor)), grad_fn_of(output.tensor))
        )
        number = self.add(label, step.operation, line, output.numbers, grad_fn, gradient, reason)
        if changed:
            self.vertices[number] = replace(self.vertices[number], overwritten=True)
        self.makers |= {one.read.node: number for one in step.outputs}
        self.holders |= {storage_of(one.tensor): number for one in step.outputs}
        self._arrows(sources, number, of_step(step))

    def _through(self, step: Step) -> list[Read]:
        """The real numbers that complex or sparse ones come from, which are not followed themselves."""
        hidden = self.recorded.recorder.hidden
        held = [hidden[id(one)] for one in tensors_in(step.call[1]) if id(one) in hidden]
        return [term.read for one in held for term in one.terms]

    def application(self, call: Application) -> None:
        """A call of a custom function, which autograd sees as one operation."""
        tensor, _ = call.outputs[0]
        name = f"{call.function.__name__}.apply"
        label, line = words_of(name, call.place)
        sources = self._sources([one for one in call.reads if one is not None], ())
        backward = f"{call.function.__name__}.backward"
        reason = next((one.reason for one in self.blame if one.operation == backward), None)
        number = self.add(label, name, line, tensor, grad_fn_of(tensor), self.gradients.get(id(tensor)), reason)
        self.makers |= {one.node: number for _, one in call.outputs}
        self.holders |= {storage_of(one): number for one, _ in call.outputs}
        self._arrows(sources, number, of_application(call))

    def _sources(self, reads: Sequence[Read], names: Sequence[str], tensors: Sequence[Tensor] = ()) -> list[int]:
        """The vertices that are read, of `tensors` where they are known; constants get theirs here."""
        held = (
            [self.holders.get(storage_of(one)) for one in tensors]
            if len(tensors) == len(reads)
            else [None] * len(reads)
        )
        return [
            self._vertex(read, names[place] if place < len(names) else "") if holder is None else holder
            for place, (read, holder) in enumerate(zip(reads, held, strict=True))
        ]

    def _vertex(self, read: Read, name: str) -> int:
        """What made the numbers that are read; a constant gets its vertex here."""
        if read.node in self.makers:
            return self.makers[read.node]
        step = None if self.tape.varies(read) else self.made.get(read.node)
        if step is None:
            numbers = self._held(read)
            number = self._constant(numbers, self._named(numbers) or name or "constant", None)
        else:
            numbers, (label, line) = step.outputs[0].numbers, words_of(step.operation, step.place)
            below = self._is_below(step)
            sources = self._sources(step.inputs, operands_of(step)) if below else []
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
