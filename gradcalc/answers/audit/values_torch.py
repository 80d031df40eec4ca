"""The tensors that arguments stand for: made, drawn with a seed, or read from files that hold nothing but numbers."""

from __future__ import annotations

import pickle
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.how import How
from gradcalc.answers.audit.values import Maker, Plain, Stored
from gradcalc.base.errors import FileError, PointError, UsageError, did_you_mean, shortened
from gradcalc.base.words import listed
from gradcalc.engines.torch import torch

Tensor = Any
EXTRA = "pip install 'gradcalc[data]'"
MAGIC = b"\x93NUMPY"
EXAMPLES = {"randint": "randint(0, 3, 8)", "full": "full([2, 3], 0.5)", "linspace": "linspace(0, 1, 5)"}
TYPES = {
    "float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
    "int64": torch.int64, "int32": torch.int32, "int16": torch.int16, "int8": torch.int8, "uint8": torch.uint8,
    "bool": torch.bool,
}  # fmt: skip
F64: Any = {"dtype": torch.float64}
MADE: dict[str, Callable[..., Tensor]] = {  # from the arguments, and a generator
    "randn": lambda g, *size: torch.randn(_size(size), generator=g, **F64),
    "rand": lambda g, *size: torch.rand(_size(size), generator=g, **F64),
    "randint": lambda g, low, high, *size: torch.randint(low, high, _size(size), generator=g),
    "ones": lambda g, *size: torch.ones(_size(size), **F64),
    "zeros": lambda g, *size: torch.zeros(_size(size), **F64),
    "full": lambda g, size, value: torch.full(size, value, **F64),
    "eye": lambda g, *size: torch.eye(*size, **F64),
    "arange": lambda g, *bounds: torch.arange(*bounds),
    "linspace": lambda g, low, high, count: torch.linspace(low, high, count, **F64),
    "tensor": lambda g, numbers: _tensor(numbers),
}


def _size(given: Sequence[Any]) -> Sequence[int]:
    """A shape, given one by one or together, as torch takes it."""
    return given[0] if len(given) == 1 and isinstance(given[0], list | tuple) else given


def _tensor(numbers: Any) -> Tensor:
    made = torch.tensor(numbers)
    return torch.tensor(numbers, **F64) if made.is_floating_point() else made


def tensors(given: Mapping[str | None, Any], seed: int) -> tuple[dict[str | None, Any], frozenset[str | None]]:
    """The arguments by name, and which of them keep a number format of their own.

    Raises PointError, FileError, or UsageError where a file takes an extra that is not installed.
    """
    generator = torch.Generator().manual_seed(seed)
    found: dict[str | None, Any] = {}
    kept = set()
    for name, one in given.items():
        if isinstance(one, Plain):
            found[name] = one.value
        elif isinstance(one, Maker):
            found[name] = _made(one, generator)
            kept |= {name} if one.dtype else set()
        elif isinstance(one, Stored):
            found |= _stored(name, one)
        else:
            found[name] = one.detach().clone()
    return found, frozenset(kept)


def settled(given: Mapping[str | None, Any], needed: Sequence[str], names: Sequence[str], how: How) -> dict[str, Any]:
    """The arguments that are tensors, or none at all, each with its name, in the number format that is asked for.

    One without a name is for the only argument that is `needed`. Raises PointError, FileError or UsageError.
    """
    found, kept = tensors(given, how.seed)
    if None in found:
        one = found.pop(None)
        if len(needed or names) != 1:
            hint = f"write NAME=…; it has {listed(list(names))}" if names else None
            raise PointError("which argument is this for?", hint=hint)
        found[(needed or names)[0]] = one
    unknown = next((name for name in found if name not in names), None)
    if unknown is not None:
        hint = did_you_mean(unknown, names) or (f"it has {listed(list(names))}" if names else None)
        raise PointError(f"the function has no argument `{shortened(unknown)}`", hint=hint)
    return {
        str(name): one.to(TYPES[how.dtype]) if _is_float(one) and name not in kept else one
        for name, one in found.items()
    }


def _is_float(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def load_weights(module: Any, path: Path) -> None:
    """Give a module the parameters and buffers of a file. Raises UsageError where they do not fit, or FileError."""
    if module is None:
        raise UsageError("--weights are for a module")
    held = _of_module(read_tensors(path), set(module.state_dict()))
    try:
        module.load_state_dict(held)
    except RuntimeError as error:
        says = shortened(" ".join(str(error).split("\n\t")[1:]) or str(error), 200)
        raise FileError(f"`{path}` does not fit the module: {says}") from None


def _of_module(held: dict[str, Tensor], wanted: set[str]) -> dict[str, Tensor]:
    """Of a checkpoint that holds more the part that a module takes, below whichever key: `state_dict`, `module` …"""
    if wanted <= set(held):
        return held
    parts: dict[str, dict[str, Tensor]] = {}
    for key, one in held.items():
        first, _, rest = key.partition(".")
        parts.setdefault(first, {})[rest] = one
    return next((part for part in parts.values() if wanted <= set(part)), held)


def _made(maker: Maker, generator: Any) -> Tensor:
    try:
        found = MADE[maker.function](generator, *maker.arguments)
    except (RuntimeError, TypeError, ValueError) as error:
        says = shortened(str(error).partition("\n")[0], 120)
        hint = f"for example {EXAMPLES.get(maker.function, f'{maker.function}(4, 8)')}"
        raise PointError(f"`{maker.function}` cannot be made with these arguments: {says}", hint=hint) from None
    if maker.dtype is None:
        return found
    made = found.to(TYPES[maker.dtype])
    whole = not made.is_floating_point() and maker.dtype != "bool"
    broken = found[made.to(found.dtype) != found].tolist() if whole else []
    if broken:
        raise PointError(f"{broken[0]:g} is no number of {maker.dtype}", hint="that takes whole numbers")
    return made


def _stored(name: str | None, one: Stored) -> dict[str | None, Any]:
    """What a file holds: for one argument, or without a name for those that its keys name."""
    held = read_tensors(one.path)
    if name is None and one.key is None and set(held) != {""}:
        return {str(key): tensor for key, tensor in held.items()}
    if not held:
        raise FileError(f"`{one.path}` holds no tensors")
    key = one.key or (name if name in held else next(iter(held)) if len(held) == 1 else "")
    if key not in held:
        example = f"it has {listed(list(held))}: write {name}=@{one.path}:{next(iter(held))}"
        hint = did_you_mean(key or "", held) or example
        raise FileError(f"`{one.path}` has no `{key or name}`", hint=hint)
    return {name: held[key]}


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by their keys; "" is the key of one without. Raises FileError or UsageError."""
    if not path.is_file():
        raise FileError(f"cannot read `{path}`: no such file")
    reader = READERS.get(path.suffix)
    if reader is None:
        raise FileError(f"`{path}` is no file of tensors", hint=f"those end with {', '.join(READERS)}")
    try:
        return dict(reader(path))
    except BROKEN as error:
        says = shortened(str(error).partition("\n")[0], 120)
        raise FileError(f"cannot read `{path}`: {says}") from None


def _npy(path: Path) -> Iterator[tuple[str, Tensor]]:
    numpy = _numpy()
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError("it is no file of NumPy's")
    yield "", torch.from_numpy(numpy.load(path, allow_pickle=False))


def _npz(path: Path) -> Iterator[tuple[str, Tensor]]:
    held = _numpy().load(path, allow_pickle=False)
    if not hasattr(held, "files"):
        raise ValueError("it is a single array: call it .npy")
    with held:
        for key in held.files:
            yield key, torch.from_numpy(held[key])


def _safetensors(path: Path) -> Iterator[tuple[str, Tensor]]:
    try:
        from safetensors import SafetensorError  # here, as it comes with an extra
        from safetensors.torch import load_file
    except ImportError:
        raise UsageError("files of safetensors take the library of that name", hint=EXTRA) from None
    try:
        yield from load_file(path).items()
    except SafetensorError as error:
        raise ValueError(str(error)) from None


def _numpy() -> Any:
    try:
        import numpy  # here, as it comes with an extra
    except ImportError:
        raise UsageError("files of NumPy's take NumPy", hint=EXTRA) from None
    return numpy


def _pt(path: Path) -> Iterator[tuple[str, Tensor]]:
    """By `weights_only` alone: such a file may hold code otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what torch says of old files is nothing to the user
        try:
            held = torch.load(path, weights_only=True, map_location="cpu")
        except (pickle.UnpicklingError, KeyError):
            more = "it holds more than tensors, which may be code: save a state_dict()"
            raise ValueError(more if zipfile.is_zipfile(path) else "it is no file that torch.save wrote") from None
    if isinstance(held, torch.Tensor):
        yield "", held
        return
    if not isinstance(held, Mapping):
        raise ValueError("it holds no tensors by name")
    yield from _tensors(held)


def _tensors(held: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Tensor]]:
    """The tensors of nested dictionaries, by the keys that lead there: `model.weight`."""
    for key, one in held.items():
        if isinstance(one, torch.Tensor):
            yield f"{above}{key}", one
        elif isinstance(one, Mapping):
            yield from _tensors(one, f"{above}{key}.")


BROKEN = (  # what libraries raise at a file that is not what its name says
    ValueError, TypeError, OSError, EOFError, RuntimeError, KeyError,
    pickle.UnpicklingError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
READERS: dict[str, Callable[[Path], Iterator[tuple[str, Tensor]]]] = {
    ".npy": _npy,
    ".npz": _npz,
    ".safetensors": _safetensors,
    ".pt": _pt,
    ".pth": _pt,
}
