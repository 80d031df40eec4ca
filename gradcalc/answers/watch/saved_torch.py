"""The file that holds a step: safetensors where that library is installed, else torch's own with `weights_only`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.answers.audit.records import CodeBlame
from gradcalc.answers.audit.stored_torch import EXTRA
from gradcalc.answers.watch.entry import Entry
from gradcalc.answers.watch.records import Found
from gradcalc.answers.watch.taken_torch import Taken
from gradcalc.base.errors import FileError, UsageError
from gradcalc.engines.torch import torch
from gradcalc.tracing.places import Place

Tensor = Any
Told = TypeVar("Told", Place, CodeBlame)
KEY = "gradcalc"  # of the text that says what the tensors are
PLAIN = (str, int, float, bool, type(None))
SUFFIXES = (".safetensors", ".pt")


def save(
    taken: Taken, state: Mapping[str, Sequence[Tensor]], entry: Entry | None, folder: Path, modes: Any, found: Found
) -> Path:
    """Write a step into a new file of a folder; its path. Raises UsageError where the batch cannot be written."""
    held: dict[str, Tensor] = {}
    random = _written(_random(taken.randomness), "random", held)
    told = {
        "entry": None if entry is None else [entry.target, list(entry.arguments), list(entry.block)],
        "step": taken.number,
        "autocast": taken.autocast,
        "batch": _written(list(taken.batch), "batch", held),
        "named": _written(dict(taken.named), "named", held),
        "random": random,
        "modes": modes,
        "called": None if taken.called is None else asdict(taken.called),
        "diverged": found.diverged,
        "update": None if found.update is None else asdict(found.update),
    }
    for kind, tensors in state.items():
        told[kind] = _written(list(tensors), kind, held)
    held = {name: one.detach().cpu().clone().contiguous() for name, one in held.items()}
    text = json.dumps(told)
    folder.mkdir(parents=True, exist_ok=True)
    if find_spec("safetensors"):
        from safetensors.torch import save_file  # here, as it comes with an extra

        path = _free(folder, taken.number, ".safetensors")
        save_file(held, path, {KEY: text})
    else:
        path = _free(folder, taken.number, ".pt")
        torch.save({KEY: text, **held}, path)
    return path


def _free(folder: Path, step: int, suffix: str) -> Path:
    """A file that there is not yet."""
    path, number = folder / f"not-finite-{step}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"not-finite-{step}-{number}{suffix}"
    return path


def load(path: Path) -> dict[str, Any]:
    """What a file holds, with its tensors in their places. Raises FileError, or UsageError without the extra."""
    if path.suffix not in SUFFIXES or not path.is_file():
        raise FileError(f"`{path}` is no file that gradcalc.watch saved")
    text, held = (_safetensors if path.suffix == ".safetensors" else _pt)(path)
    if text is None:
        raise FileError(f"`{path}` holds no step: gradcalc.watch did not save it")
    return {key: _read(one, held) for key, one in json.loads(text).items()}


def called(told: Mapping[str, Any]) -> Place | None:
    """Where the step was called; None in a file that does not say so."""
    return _placed(Place, told.get("called"))


def beside(told: Mapping[str, Any]) -> Found:
    """What else explained the step that was saved."""
    return Found(told.get("diverged"), _placed(CodeBlame, told.get("update")))


def _placed(kind: type[Told], one: Mapping[str, Any] | None) -> Told | None:
    """A record with a piece of a line, of its own fields as JSON has them."""
    return None if one is None else kind(**{**one, "span": tuple(one["span"])})


def _safetensors(path: Path) -> tuple[str | None, Mapping[str, Tensor]]:
    try:
        from safetensors import safe_open  # here, as it comes with an extra
    except ImportError:
        raise UsageError("files of safetensors take the library of that name", hint=EXTRA) from None
    with safe_open(path, "pt") as held:
        return (held.metadata() or {}).get(KEY), {key: held.get_tensor(key) for key in held.keys()}  # noqa: SIM118  # no mapping


def _pt(path: Path) -> tuple[str | None, Mapping[str, Tensor]]:
    held = torch.load(path, weights_only=True, map_location="cpu")
    return (held.get(KEY), held) if isinstance(held, Mapping) else (None, {})


def _random(one: Randomness) -> list[Any]:
    """The state of the generators as tensors and plain values."""
    version, words, gauss = one.python
    python = [version, torch.tensor(words, dtype=torch.int64), gauss]
    numpy = None
    if isinstance(one.numpy, tuple):  # of its usual generator; others have states of other kinds
        name, keys, *rest = one.numpy
        numpy = [name, torch.tensor([int(key) for key in keys], dtype=torch.int64), *rest]
    return [one.cpu, list(one.cuda), python, numpy]


def randomness(told: Sequence[Any]) -> Randomness:
    """The state of the generators as it was saved."""
    cpu, cuda, (version, words, gauss), numpy = told
    if numpy is not None:
        name, keys, *rest = numpy
        numpy = (name, keys.tolist(), *rest)
    return Randomness(cpu, cuda, (version, tuple(words.tolist()), gauss), numpy)


def _written(value: Any, name: str, held: dict[str, Tensor]) -> Any:
    """A value in JSON, its tensors by the names under which they are `held`. Raises UsageError where there is none."""
    if isinstance(value, torch.Tensor):
        held[name] = value
        return {"tensor": name}
    if isinstance(value, PLAIN):  # of json.dumps, with NaN and Infinity as Python reads them
        return {"plain": value}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {"mapping": {key: _written(one, f"{name}.{key}", held) for key, one in value.items()}}
    if type(value) in (list, tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_written(one, f"{name}.{place}", held) for place, one in enumerate(value)]}
    raise UsageError(f"the {name.partition('.')[0]} holds a {type(value).__name__}, which no file of tensors can hold")


READERS: dict[str, Callable[[Any, Mapping[str, Tensor]], Any]] = {
    "tensor": lambda one, held: held[one],
    "plain": lambda one, held: one,
    "mapping": lambda one, held: {key: _read(part, held) for key, part in one.items()},
    "list": lambda one, held: [_read(part, held) for part in one],
    "tuple": lambda one, held: tuple(_read(part, held) for part in one),
}


def _read(value: Any, held: Mapping[str, Tensor]) -> Any:
    """What stands for a value, as that value; what is no such thing stays."""
    if isinstance(value, dict) and len(value) == 1:
        ((kind, one),) = value.items()
        return READERS[kind](one, held)
    return value
