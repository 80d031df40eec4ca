"""A call of a function of this process, made again as often as one likes, each time with tensors of its own."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeAlias

from gradcalc.engines.torch import torch

Tensor = Any
Maker: TypeAlias = Callable[[Mapping[str, Tensor]], Any]


@dataclass(eq=False)
class Call:
    """A call of a function: its arguments made anew for every run, those that are derived by under their names."""

    function: Callable[..., Any]
    arguments: Sequence[Any]
    named: Mapping[str, Any]
    tensors: dict[str, Tensor] = field(default_factory=dict)  # every tensor in the arguments
    makers: list[tuple[str | None, Maker]] = field(default_factory=list)

    def __post_init__(self) -> None:
        places = _places(self.function, len(self.arguments))
        for name, value in zip(places, self.arguments, strict=True):
            self.makers.append((None, self._maker(name, value)))
        for name, value in self.named.items():
            self.makers.append((name, self._maker(name, value)))

    def run(self, given: Mapping[str, Tensor]) -> Any:
        """What the function returns, with these tensors in the place of its own."""
        made = [(name, make(given)) for name, make in self.makers]
        by_place = [one for name, one in made if name is None]
        return self.function(*by_place, **{name: one for name, one in made if name is not None})

    def _maker(self, name: str, value: Any) -> Maker:
        """How an argument is made: its tensors those that are given, or copies, however they are nested."""
        if isinstance(value, torch.Tensor):
            self.tensors[name] = value
            return lambda given: given[name] if name in given else value.detach().clone()
        if isinstance(value, Mapping):
            parts = {key: self._maker(f"{name}.{key}", one) for key, one in value.items()}
            return lambda given: _with_items(value, {key: make(given) for key, make in parts.items()})
        if isinstance(value, list | tuple):
            makers = [self._maker(f"{name}.{place}", one) for place, one in enumerate(value)]
            return lambda given: _sequence(value, [make(given) for make in makers])
        if is_dataclass(value) and hasattr(value, "__dict__") and not isinstance(value, type):
            own = {one.name for one in fields(value)} & set(vars(value))
            held = {key: self._maker(f"{name}.{key}", vars(value)[key]) for key in sorted(own)}
            return lambda given: _with_fields(value, {key: make(given) for key, make in held.items()})
        return lambda given: value


def _places(function: Any, count: int) -> list[str]:
    """The names of arguments that are given by their place."""
    try:
        parameters = list(inspect.signature(getattr(function, "forward", function)).parameters.values())
    except (TypeError, ValueError):  # a function of C's
        parameters = []
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)][:count]
    rest = next((one.name for one in parameters if one.kind is one.VAR_POSITIONAL), "x" if count == 1 else "x.")
    return names + [f"{rest}{'' if rest == 'x' else place}" for place in range(count - len(names))]


def _with_items(value: Mapping[Any, Any], made: dict[Any, Any]) -> Any:
    """A mapping like another one."""
    if type(value) is dict:
        return made
    like = copy.copy(value)
    like.update(made)  # type: ignore[attr-defined]  # batches of other libraries can be updated, as dictionaries can
    return like


def _sequence(value: Any, made: list[Any]) -> Any:
    """A list or a tuple like another one."""
    return type(value)(*made) if hasattr(value, "_fields") else type(value)(made)


def _with_fields(value: Any, made: Mapping[str, Any]) -> Any:
    """A record like another one."""
    like = copy.copy(value)
    for name, one in made.items():
        object.__setattr__(like, name, one)
    return like
