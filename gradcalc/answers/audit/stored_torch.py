"""Tensors from files that hold nothing but numbers, each read when it is asked for by its key."""

from __future__ import annotations

import pickle
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from gradcalc.base.errors import FileError, UsageError, shortened
from gradcalc.engines.torch import torch

Tensor = Any
Reading: TypeAlias = Callable[[], Tensor]
EXTRA = "pip install 'gradcalc[data]'"
MAGIC = b"\x93NUMPY"
LARGEST = 2**63 - 1
OF_CODE = "it holds more than tensors, which may be code: save a state_dict()"
OBJECTS = "it holds Python objects, which may be code: save arrays of numbers"
NO_NUMBERS = {  # NumPy's kinds of what is none
    "c": "it holds complex numbers, expected real ones",
    "U": "it holds texts, expected numbers",
    "S": "it holds texts, expected numbers",
    "M": "it holds dates, expected numbers",
    "m": "it holds spans of time, expected numbers",
    "O": OBJECTS,
}


class Tensors:
    """The tensors of a file by their keys; "" is the key of one without."""

    def __init__(self, path: Path) -> None:
        """Raises FileError where it cannot be read, or UsageError where that takes an extra."""
        if not path.is_file():
            raise FileError(f"cannot read `{path}`: no such file")
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            raise FileError(f"`{path}` is no file of tensors", hint=f"those end with {', '.join(READERS)}")
        self.path = path
        self._held: Mapping[str, Reading] = self._told(lambda: dict(reader(path)))

    @property
    def keys(self) -> list[str]:
        """The keys, in the order of the file."""
        return list(self._held)

    def __getitem__(self, key: str) -> Tensor:
        """The tensor with a key. Raises FileError where it is none of numbers."""
        return self._told(self._held[key])

    def all(self) -> dict[str, Tensor]:
        """All of them."""
        return {key: self[key] for key in self._held}

    def _told(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except BROKEN as error:
            says = shortened(str(error).partition("\n")[0], 120)
            raise FileError(f"cannot read `{self.path}`: {says}") from None


def _npy(path: Path) -> Iterator[tuple[str, Reading]]:
    numpy = _numpy(path)
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError("it is no file of NumPy's")
    held = _loaded(lambda: numpy.load(path, allow_pickle=False))
    fields = held.dtype.names
    if fields is None:
        yield "", lambda: _of_array(held)
        return
    yield from ((name, _field(held, name)) for name in fields)


def _field(held: Any, name: str) -> Reading:
    """One column of a table."""
    return lambda: _of_array(held[name])


def _npz(path: Path) -> Iterator[tuple[str, Reading]]:
    numpy = _numpy(path)

    def member(key: str) -> Tensor:
        with numpy.load(path, allow_pickle=False) as held:
            return _of_array(_loaded(lambda: held[key]))

    held = numpy.load(path, allow_pickle=False)
    if not hasattr(held, "files"):
        raise ValueError("it is a single array: call it .npy")
    with held:
        names = list(held.files)
    yield from ((key, lambda key=key: member(key)) for key in names)


def _loaded(work: Callable[[], Any]) -> Any:
    """What NumPy reads; it says in its own way that it would have to run code."""
    try:
        return work()
    except ValueError as error:
        raise ValueError(OBJECTS if "allow_pickle" in str(error) else str(error)) from None


def _of_array(held: Any) -> Tensor:
    """A tensor of an array of numbers, none of them rounded. Raises ValueError where it holds others."""
    kind, wide = held.dtype.kind, None
    if kind in NO_NUMBERS or held.dtype.names is not None:
        raise ValueError(NO_NUMBERS.get(kind, "it holds tables in a table"))
    if kind == "u" and held.dtype.itemsize > 1:
        if held.size and int(held.max()) > LARGEST:
            raise ValueError(f"{held.max()} is more than int64 holds")
        wide = "int64"
    elif kind == "f" and held.dtype.itemsize > 8:
        wide = "float64"
        if (held.astype(wide) != held).any():
            raise ValueError(f"it is in {held.dtype.name}, whose numbers float64 does not hold")
    native = held.astype(wide or held.dtype.newbyteorder("="))
    return torch.from_numpy(native)


def _numpy(path: Path) -> Any:
    try:
        import numpy  # here, as it comes with an extra
    except ImportError:
        raise UsageError(f"`{path}` is a file of NumPy's and takes NumPy", hint=EXTRA) from None
    return numpy


def _safetensors(path: Path) -> Iterator[tuple[str, Reading]]:
    try:
        from safetensors import SafetensorError, safe_open  # here, as it comes with an extra
    except ImportError:
        raise UsageError(f"`{path}` takes the library safetensors", hint=EXTRA) from None

    def member(key: str) -> Tensor:
        with safe_open(path, "pt") as held:
            return held.get_tensor(key)

    try:
        with safe_open(path, "pt") as held:
            names = list(held.keys())
    except SafetensorError as error:
        raise ValueError(str(error)) from None
    yield from ((key, lambda key=key: member(key)) for key in names)


def _pt(path: Path) -> Iterator[tuple[str, Reading]]:
    """By `weights_only` alone: such a file may hold code otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what torch says of old files is nothing to the user
        try:
            held = torch.load(path, weights_only=True, map_location="cpu")
        except (pickle.UnpicklingError, KeyError):
            raise ValueError(OF_CODE if zipfile.is_zipfile(path) else "it is no file that torch.save wrote") from None
    if isinstance(held, torch.Tensor):
        yield "", lambda: held.detach()
        return
    if not isinstance(held, Mapping | list | tuple):
        raise ValueError("it holds no tensors by name")
    yield from _tensors(_pairs(held))


def _pairs(held: Any) -> Iterable[tuple[Any, Any]]:
    """What a dictionary holds by its keys, and a list by its places."""
    return held.items() if isinstance(held, Mapping) else enumerate(held)


def _tensors(held: Iterable[tuple[Any, Any]], above: str = "") -> Iterator[tuple[str, Reading]]:
    """The tensors of nested dictionaries and lists, by the keys that lead there: `model.weight`."""
    for key, one in held:
        if isinstance(one, torch.Tensor):
            yield f"{above}{key}", lambda one=one: one.detach()  # type: ignore[misc]  # a default binds it
        elif isinstance(one, Mapping | list | tuple):
            yield from _tensors(_pairs(one), f"{above}{key}.")


BROKEN = (  # what libraries raise at a file that is not what its name says
    ValueError, TypeError, OSError, EOFError, RuntimeError, KeyError,
    pickle.UnpicklingError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
READERS: dict[str, Callable[[Path], Iterator[tuple[str, Reading]]]] = {
    ".npy": _npy, ".npz": _npz, ".safetensors": _safetensors,
    ".pt": _pt, ".pth": _pt, ".ckpt": _pt, ".bin": _pt, ".tar": _pt,
}  # fmt: skip
