"""The graph as torch records it: one forward pass, one backward pass, and each operation once more by itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.engines.torch.missing import Absent, missing_names
from gradcalc.engines.torch.program import forward
from gradcalc.engines.torch.tracking import tracked
from gradcalc.functions import ARRAY_FUNCTIONS
from gradcalc.lessons.graph.records import Passage, Run, Seen
from gradcalc.lessons.graph.run_exact import run_without
from gradcalc.lessons.graph.run_exact_arrays import run_arrays_without
from gradcalc.lessons.graph.structure import Part, Place, placeholder
from gradcalc.lessons.lesson import Held
from gradcalc.lessons.notebook_torch import Tensor, held, leaves, refusal
from gradcalc.lessons.notebook_torch import gradient as grad_of
from gradcalc.problem.problem import Problem

BUILD_DETAILS = " (Triggered internally"  # the end of a warning: where torch's own source code raised it


@tracked
def run(parts: Sequence[Part], problem: Problem, retain_grad: bool) -> Run:
    """The forward and the backward pass through the parts, at the problem's point and in its dtype.

    Where torch lacks a function, the same without torch. Raises Absent where arrays are compared then.
    """
    try:
        tensors = _tensors(parts, problem)
    except Absent as absent:
        if problem.arrays and any(part.is_comparison for part in parts):
            raise
        if problem.arrays:
            return run_arrays_without(parts, problem, absent.message)
        return run_without(parts, problem, absent.message)
    return _recorded(parts, problem, tensors, retain_grad)


def _recorded(parts: Sequence[Part], problem: Problem, tensors: dict[int, Tensor], retain_grad: bool) -> Run:
    """The backward pass, and what torch says of every tensor."""
    gradients: dict[int, Tensor] = {}
    for key, tensor in tensors.items():
        if tensor.requires_grad:
            tensor.register_hook(_keeper(gradients, key))  # type: ignore[no-untyped-call]  # torch has no types here
            if retain_grad:
                tensor.retain_grad()
    words = refusal(tensors[parts[-1].id].backward)
    grads, warning = _grads(tensors)
    edges: dict[Place, Passage] = {}
    steps: dict[int, tuple[str, ...]] = {}
    for part in parts:
        if part.step is not None and tensors[part.id].requires_grad:
            alone = _Alone(part, tensors, problem)
            edges.update(alone.passages(gradients.get(part.id)))
            steps[part.id] = alone.steps()
    return Run(
        {
            key: Seen(
                value=held(tensor),
                grad_fn=None if tensor.grad_fn is None else tensor.grad_fn.name(),
                is_leaf=tensor.is_leaf,
                requires_grad=tensor.requires_grad,
                grad=grads[key],
                gradient=_held(gradients.get(key)),
                steps=steps.get(key, ()),
            )
            for key, tensor in tensors.items()
        },
        edges,
        warning,
        words,
    )


def _tensors(parts: Sequence[Part], problem: Problem) -> dict[int, Tensor]:
    """The tensor of each part: the forward pass. Of the variables to derive by, those ask for gradients that may."""
    inputs = leaves(problem, set(problem.wrt).difference(missing_names(problem.root)))
    computed = forward(problem.root, inputs, problem.format)
    return {part.id: computed[id(part.node)] if id(part.node) in computed else inputs[part.names[0]] for part in parts}


def _keeper(gradients: dict[int, Tensor], key: int) -> Callable[[Tensor], None]:
    """A hook that notes the gradient passing through a tensor, and leaves it as it is."""

    def keep(gradient: Tensor) -> None:
        gradients[key] = gradient

    return keep


def _grads(tensors: Mapping[int, Tensor]) -> tuple[dict[int, Held | None], str | None]:
    """The `.grad` of each tensor, and the warning that torch gives where one does not keep it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        grads = {key: grad_of(tensor) for key, tensor in tensors.items()}
    words = str(caught[0].message).partition(BUILD_DETAILS)[0] if caught else None
    return grads, words


class _Alone:
    """One part's operation on copies of its arguments, cut off from all before them."""

    def __init__(self, part: Part, tensors: Mapping[int, Tensor], problem: Problem) -> None:
        assert part.step is not None
        self.part = part
        self.step = part.step
        self.format = problem.format
        self.copies = {index: _copy(tensors[source], tensors[source]) for index, source in part.inputs}
        self.result = self.compute(self.copies)
        self.tracked = {index: copy for index, copy in self.copies.items() if copy.requires_grad}

    def compute(self, arguments: Mapping[int, Tensor]) -> Tensor:
        """The result for these arguments."""
        named = {placeholder(index): tensor for index, tensor in arguments.items()}
        return forward(self.step, named, self.format)[id(self.step)]

    def passages(self, gradient: Tensor | None) -> dict[Place, Passage]:
        """The local derivative by each argument, and what flows back to it when `gradient` comes to the result."""
        shares = _derivatives(_total(self.result), self.tracked)
        # as if the gradient were handed to torch.autograd.grad, which would first load SymPy to compare two shapes
        flows = {} if gradient is None else _derivatives(_total(self.result * gradient), self.tracked)
        locals_ = shares if self.result.dim() == 0 else self._elementwise()
        return {
            (self.part.id, index): Passage(_held(locals_.get(index)), _held(flows.get(index)))
            for index, share in shares.items()
            if share is not None
        }

    def steps(self) -> tuple[str, ...]:
        """torch's backward functions, down to the arguments."""
        found: dict[Any, str] = {}
        waiting: list[Any] = [self.result.grad_fn]
        while waiting:
            function = waiting.pop(0)
            if function is not None and function.next_functions and function not in found:
                found[function] = function.name()
                waiting.extend(before for before, _ in function.next_functions)
        return tuple(found.values())

    def _elementwise(self) -> Mapping[int, Tensor | None]:
        """The derivative of each element by the argument's own: there is one where the operation is elementwise."""
        if self.step.function in ARRAY_FUNCTIONS:
            return {}
        wide = {
            index: _copy(copy.expand(self.result.shape), copy) if copy.requires_grad else copy
            for index, copy in self.copies.items()
        }
        return _derivatives(self.compute(wide).sum(), {index: wide[index] for index in self.tracked})


def _total(tensor: Tensor) -> Tensor:
    """The sum of all elements; a number is its own."""
    return tensor if tensor.dim() == 0 else tensor.sum()


def _copy(tensor: Tensor, like: Tensor) -> Tensor:
    """A leaf with the numbers of a tensor, that asks for its gradient where `like` does."""
    return tensor.detach().clone().requires_grad_(like.requires_grad)


def _derivatives(result: Tensor, arguments: Mapping[int, Tensor]) -> dict[int, Tensor | None]:
    """The derivative by each argument; None where nothing can flow."""
    found = torch.autograd.grad(result, list(arguments.values()), retain_graph=True, allow_unused=True)
    return dict(zip(arguments, found, strict=True))


def _held(tensor: Tensor | None) -> Held | None:
    """A tensor's numbers."""
    return None if tensor is None else held(tensor)
