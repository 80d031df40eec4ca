"""Hooks that the user's code puts on gradients: which of them change one, and where."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.places import LIBRARIES, Place, here, result_of
from gradcalc.tracing.sight_torch import TORCH
from gradcalc.tracing.storages_torch import tensors_in

MODULE: Any = torch.nn.Module
REGISTERS = [  # where hooks are put on, and which of their arguments their result takes the place of
    (torch.Tensor, "register_hook", 0),
    (MODULE, "register_full_backward_hook", 1),
    (MODULE, "register_full_backward_pre_hook", 1),
    (MODULE, "register_backward_hook", 1),
]


@dataclass(slots=True, eq=False)
class Hook:
    """A hook as it was put on at `place`; `changed` has a number of a gradient that it got, and what it made of it."""

    function: Any
    place: Place | None
    changed: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        """What the user calls it."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    @property
    def culprit(self) -> Place | None:
        """Where it makes its result, or where it was put on if that is not written in Python."""
        code = getattr(self.function, "__code__", None)
        return (None if code is None else result_of(code)) or self.place


@dataclass(slots=True, eq=False)
class Hooks:
    """Every hook that was put on while this was watching; while `silent`, none of them is called."""

    met: list[Hook] = field(default_factory=list)
    silent: bool = False

    @contextmanager
    def silenced(self) -> Iterator[None]:
        """Gradients in the body are what they are without hooks."""
        self.silent = True
        try:
            yield
        finally:
            self.silent = False

    def seen(self, register: Any, which: int) -> Any:
        """A method that puts on hooks, and tells of them."""

        def registering(owner: Any, hook: Any, *more: Any, **options: Any) -> Any:
            return register(owner, self._wrapped(hook, which) if callable(hook) else hook, *more, **options)

        return registering

    def _wrapped(self, function: Callable[..., Any], which: int) -> Callable[..., Any]:
        found = Hook(function, here((TORCH,)))
        self.met.append(found)

        def hook(*given: Any) -> Any:
            if self.silent:
                return None
            before = [one.detach().clone() for one in tensors_in(given[which])]
            made = function(*given)
            after = [one.detach() for one in tensors_in(given[which] if made is None else made)]
            for one, other in zip(before, after, strict=False):
                if one.shape == other.shape and not torch.equal(one, other):
                    place = int((one != other).reshape(-1).nonzero()[0])
                    found.changed = float(one.reshape(-1)[place]), float(other.reshape(-1)[place])
            return made

        return hook


HOOKS = Hooks()
TENSOR: Any = torch.Tensor


class Node:
    """A node of autograd's graph as user code gets it: hooks that are put on it are seen."""

    def __init__(self, node: Any) -> None:
        self._node = node

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)  # what the user's own code asks of the node

    def __eq__(self, other: object) -> bool:
        return self._node is (other._node if isinstance(other, Node) else other)

    def __hash__(self) -> int:
        return hash(self._node)

    def __repr__(self) -> str:
        return repr(self._node)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes that gradients flow on to."""
        return tuple((None if node is None else Node(node), place) for node, place in self._node.next_functions)

    def register_hook(self, hook: Any) -> Any:
        """What the hook returns takes the place of what flows on."""
        return HOOKS.seen(type(self._node).register_hook, 0)(self._node, hook)

    def register_prehook(self, hook: Any) -> Any:
        """What the hook returns takes the place of what arrives."""
        return HOOKS.seen(type(self._node).register_prehook, 0)(self._node, hook)


def _grad_fn(tensor: Any) -> Any:
    """torch's attribute; seen through where it is the user's code that asks."""
    node = vars(torch._C.TensorBase)["grad_fn"].__get__(tensor)
    inside = sys._getframe(1).f_code.co_filename.startswith((*LIBRARIES, TORCH))
    return node if node is None or inside else Node(node)


@contextmanager
def hooks_seen() -> Iterator[None]:
    """Tells of the hooks that the body puts on."""
    HOOKS.met.clear()
    originals = [(owner, name, vars(owner)[name], which) for owner, name, which in REGISTERS]
    for owner, name, original, which in originals:
        setattr(owner, name, HOOKS.seen(original, which))
    seen_already = "grad_fn" in vars(TENSOR)  # where one run contains another
    TENSOR.grad_fn = property(_grad_fn)
    try:
        yield
    finally:
        if not seen_already:
            del TENSOR.grad_fn  # the attribute of the class before it is there again
        for owner, name, original, _ in originals:
            setattr(owner, name, original)
        HOOKS.met.clear()
