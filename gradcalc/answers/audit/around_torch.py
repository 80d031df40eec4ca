"""A call with all that it computes with, as one module: what an audit takes for its target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gradcalc.answers.audit.called_torch import Call
from gradcalc.answers.audit.closed_over_torch import leaves_behind, reached
from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.engines.torch import torch

Tensor = Any
COMPILED = "_orig_mod."  # what torch.compile puts before the names of a module's parameters


class Around(torch.nn.Module):
    """The modules and tensors that a call reaches, under the names that the user has for them.

    What lies in one module has no prefix. Every run draws the same random numbers.
    """

    def __init__(self, call: Call) -> None:
        super().__init__()
        self.calling, self.randomness = call, Randomness.now()
        found = list(_reached(call))
        modules = _outermost({id(one): (name, one) for name, one in reversed(found) if _is_module(one)})
        for place, (_, one) in enumerate(modules):
            self.add_module(str(place), one)
        several = sum(any(True for _ in one.parameters()) for _, one in modules) > 1
        self.names: dict[int, str] = {}
        for prefix, one in modules:
            for name, tensor in (*one.named_parameters(), *one.named_buffers()):
                bare = name.replace(COMPILED, "")
                self.names.setdefault(id(tensor), f"{prefix}.{bare}" if several and prefix else bare)
        self.loose: dict[str, Tensor] = {}
        self.formats: dict[str, Any] = {}
        for name, one in found:
            self._take(name, one)

    def _take(self, name: str, one: Any) -> None:
        """Know a leaf that lies in no module."""
        leaf = isinstance(one, torch.Tensor) and one.is_leaf and one.requires_grad and one.is_floating_point()
        if leaf and id(one) not in self.names and all(one is not given for given in self.calling.tensors.values()):
            self.loose[name] = one
            self.names[id(one)] = name

    def take_leaves(self, result: Tensor, given: Mapping[str, Tensor]) -> None:
        """Know the leaves that a result depends on, also those that have no name, but not what was given."""
        own = {id(one) for one in given.values()}
        for one in leaves_behind(result):
            if id(one) not in own:
                self._take(f"leaf{len(self.loose) + 1}", one)

    def again(self, /, **given: Tensor) -> Any:
        """Run the call, with the same random numbers every time."""
        self.randomness.put_back()
        return self.calling.run(given)

    def named_parameters(self, *_: Any, **__: Any) -> Iterator[tuple[str, Any]]:
        """The parameters of all modules, each once, and the loose tensors."""
        met: set[int] = set()
        for module in self.children():
            for one in module.parameters():
                if id(one) not in met:
                    met.add(id(one))
                    yield self.names[id(one)], one
        yield from self.loose.items()

    def named_buffers(self, *_: Any, **__: Any) -> Iterator[tuple[str, Any]]:
        """The buffers of all modules, each once."""
        buffers = {id(one): one for module in self.children() for one in module.buffers()}
        yield from ((self.names[key], one) for key, one in buffers.items())

    def double(self) -> Any:
        """Compute in float64, until `to` is called: the modules are the user's own, and keep their tensors."""
        self.formats = {name: one.dtype for name, one in self._floats().items()}
        for one in self._floats().values():
            one.data = one.data.double()
        return self

    def to(self, *_: Any, **__: Any) -> Any:
        """Back to the formats that the tensors had."""
        for name, one in self._floats().items():
            one.data = one.data.to(self.formats.get(name, one.dtype))
        return self

    def _floats(self) -> Mapping[str, Tensor]:
        held = {**dict(self.named_parameters()), **dict(self.named_buffers())}
        return {name: one for name, one in held.items() if one.is_floating_point()}


def _is_module(value: Any) -> bool:
    return isinstance(value, torch.nn.Module)


def _reached(call: Call) -> Iterator[tuple[str, Any]]:
    """What the function is and reaches, and what its arguments are."""
    yield "", call.function
    yield from (("", one) for one in (*call.arguments, *call.named.values()))
    yield from reached(call.function)


def _outermost(modules: Mapping[int, tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The modules that lie in no other one, in the order in which they were met."""
    inner = {id(part) for _, one in modules.values() for part in one.modules() if part is not one}
    return [pair for key, pair in reversed(list(modules.items())) if key not in inner]
