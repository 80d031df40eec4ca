"""Hooks that the user's code puts on gradients: which of them change one, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place, here, result_of
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


@contextmanager
def hooks_seen() -> Iterator[None]:
    """Tells of the hooks that the body puts on."""
    HOOKS.met.clear()
    originals = [(owner, name, vars(owner)[name], which) for owner, name, which in REGISTERS]
    for owner, name, original, which in originals:
        setattr(owner, name, HOOKS.seen(original, which))
    try:
        yield
    finally:
        for owner, name, original, _ in originals:
            setattr(owner, name, original)
        HOOKS.met.clear()
