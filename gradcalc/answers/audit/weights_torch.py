"""Parameters and buffers for a module from a file: the part of a checkpoint that is meant for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.stored_torch import Tensors
from gradcalc.answers.audit.value import file_and_key
from gradcalc.base.errors import FileError, UsageError, did_you_mean, shortened
from gradcalc.base.words import listed
from gradcalc.engines.torch import torch

Tensor = Any
Held = Mapping[str, Tensor]


def load_weights(module: Any, weights: Path | str) -> None:
    """Give a module the parameters and buffers of a file, or of the part of it that fits.

    Raises UsageError where there is no module, or FileError where none fits, or several do.
    """
    if module is None:
        raise UsageError("--weights are for a module")
    path, key = file_and_key(weights)
    held = Tensors(path).all()
    if not held:
        raise FileError(f"`{path}` holds no tensors")
    wanted = module.state_dict()
    part = _part(held, wanted, path, key)
    try:
        module.load_state_dict(part)
    except RuntimeError as error:
        says = "; ".join(_differences(part, wanted)) or shortened(str(error), 200)
        hint = f"the module has {listed(list(wanted))}" if wanted else "the module has no parameters"
        raise FileError(f"`{path}` does not fit the module: {says}", hint=hint) from None


def _part(held: Held, wanted: Held, path: Path, key: str | None) -> Held:
    """The tensors that are meant: below a key, or all that fit, or else those that come nearest."""
    below = "" if key is None else f"{key}."
    parts = {prefix: one for prefix, one in _parts(held, wanted).items() if f"{prefix}.".startswith(below)}
    if key is not None and not parts:
        raise _unknown(held, path, key)
    fitting = [prefix for prefix, one in parts.items() if not any(_differences(one, wanted))]
    if "" in fitting or not parts:
        return held
    if key in fitting:
        return parts[str(key)]
    if len(fitting) > 1:
        hint = f"--weights {path}:{fitting[0]} takes one of {listed(fitting)}"
        raise FileError(f"`{path}` holds several that fit the module", hint=hint)
    nearest = max(parts, key=lambda prefix: len(wanted.keys() & parts[prefix].keys()))
    return parts[fitting[0] if fitting else nearest]


def _parts(held: Held, wanted: Held) -> dict[str, dict[str, Tensor]]:
    """The tensors below each prefix (`model.module`) under which one stands by a name of the module's."""
    prefixes = dict.fromkeys(prefix for name in held for prefix, rest in _splits(name) if rest in wanted)
    return {prefix: dict(_below(held, prefix)) for prefix in prefixes}


def _below(held: Held, prefix: str) -> Iterator[tuple[str, Tensor]]:
    """The tensors below a prefix, by the rest of their names."""
    start = f"{prefix}." if prefix else ""
    return ((name.removeprefix(start), one) for name, one in held.items() if name.startswith(start))


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """A name in two, at each of its dots, and whole."""
    yield "", name
    pieces = name.split(".")
    yield from ((".".join(pieces[:place]), ".".join(pieces[place:])) for place in range(1, len(pieces)))


def _unknown(held: Held, path: Path, key: str) -> FileError:
    """What to say of a key below which there is nothing for the module."""
    tops = list(dict.fromkeys(prefix for name in held for prefix, _ in _splits(name) if prefix))
    if key in tops:
        return FileError(f"`{path}` has nothing for the module under `{shortened(key)}`")
    hint = did_you_mean(key, tops) or f"it has {listed(tops)}"
    return FileError(f"`{path}` has no `{shortened(key)}`", hint=hint)


def _differences(part: Held, wanted: Held) -> Iterator[str]:
    """What a part lacks, has besides, or has in another shape than the module."""
    if lacking := [name for name in wanted if name not in part]:
        yield f"it lacks {listed(lacking)}"
    if besides := [name for name in part if name not in wanted]:
        yield f"it has {listed(besides)} besides"
    for name, one in wanted.items():
        if name in part and not torch.nn.parameter.is_lazy(one) and part[name].shape != one.shape:
            yield f"its `{name}` is {_shape(part[name])}, expected {_shape(one)}"
            return


def _shape(one: Tensor) -> str:
    return "×".join(map(str, one.shape)) or "a number"
