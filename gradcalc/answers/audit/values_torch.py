"""The tensors that arguments stand for: made, drawn with a seed, or read from files that hold nothing but numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.how import How
from gradcalc.answers.audit.stored_torch import Tensors
from gradcalc.answers.audit.structure import mapped
from gradcalc.answers.audit.value import FLOATS, Computed, Maker, Plain, Stored, Structure
from gradcalc.answers.audit.written import TABLES
from gradcalc.arrays.lists import from_lists
from gradcalc.base.errors import FileError, PointError, did_you_mean, shortened
from gradcalc.base.limits import current
from gradcalc.base.words import listed
from gradcalc.engines.torch import torch
from gradcalc.files.numbers import columns_of, from_file

Tensor = Any
ALL = "*"  # the key of all that a file holds
EXAMPLES = {
    "randint": "randint(0, 3, 8)", "full": "full([2, 3], 0.5)", "linspace": "linspace(0, 1, 5)",
    "tensor": "tensor([0, 2], dtype=int64)", "arange": "arange(4)",
}  # fmt: skip
TYPES = {
    "float64": torch.float64, "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
    "int64": torch.int64, "int32": torch.int32, "int16": torch.int16, "int8": torch.int8, "uint8": torch.uint8,
    "bool": torch.bool,
}  # fmt: skip
F64: Any = {"dtype": torch.float64}
MADE: dict[str, Callable[..., Tensor]] = {  # from a generator and the arguments, by the names that torch has for them
    "randn": lambda g, *size, **named: torch.randn(_size(size, **named), generator=g, **F64),
    "rand": lambda g, *size, **named: torch.rand(_size(size, **named), generator=g, **F64),
    "randint": lambda g, *given, **named: torch.randint(*_drawn(*given, **named), generator=g),
    "ones": lambda g, *size, **named: torch.ones(_size(size, **named), **F64),
    "zeros": lambda g, *size, **named: torch.zeros(_size(size, **named), **F64),
    "full": lambda g, size, fill_value: torch.full(_size((size,)), fill_value, **F64),
    "eye": lambda g, *size, **named: _eye(*size, **named),
    "arange": lambda g, *bounds, **named: torch.arange(*bounds, **named),
    "linspace": lambda g, start, end, steps: torch.linspace(start, end, steps, **F64),
    "tensor": lambda g, data: _tensor(data),
    FLOATS: lambda g, data: from_lists(data, shortened(str(data))),
}


def _size(given: Sequence[Any], size: Any = None) -> Sequence[int]:
    """A shape, given one by one or together, as torch takes it."""
    if size is not None and not given:
        given = (size,)
    return given[0] if len(given) == 1 and isinstance(given[0], list | tuple) else given


def _drawn(*given: Any, low: int = 0, high: int | None = None, size: Any = None) -> tuple[int, int, Sequence[int]]:
    """Bounds and shape of whole numbers, as torch takes them: the lower bound is 0 where there is one alone."""
    bounds, shape = list(given), size
    if shape is None:
        at = next((place for place, one in enumerate(given) if isinstance(one, list | tuple)), 2)
        bounds, shape = bounds[:at], _size(given[at:])
        if len(bounds) < 2 and not shape:
            raise TypeError("two bounds, or one and a shape")
    if high is None:
        *lower, high = bounds
        low = lower[0] if lower else low
    return low, high, shape


def _eye(n: int, m: int | None = None) -> Tensor:
    return torch.eye(n, n if m is None else m, **F64)


def _tensor(numbers: Any) -> Tensor:
    made = torch.tensor(numbers)
    return torch.tensor(numbers, **F64) if made.is_floating_point() else made


@dataclass(frozen=True, slots=True)
class Making:
    """How values are made: what they are drawn by, and the number format of floats that have none of their own."""

    generator: Any
    dtype: Any

    def value(self, one: Any) -> Any:
        """What a written value, a tensor or a plain one stands for, and what is inside of a structure."""
        if isinstance(one, Plain):
            return one.value
        if isinstance(one, Structure):
            return mapped(one.value, self._inside)
        if isinstance(one, Maker) and one.dtype is not None:
            return _in_format(self._made(one), one.dtype)
        return self._floats(self._made(one))

    def _inside(self, one: Any) -> Any:
        return self.value(one) if isinstance(one, Maker | Computed | torch.Tensor) else one

    def _made(self, one: Any) -> Any:
        if isinstance(one, Computed):
            try:
                return one.operation(*map(self._made, one.operands))
            except (RuntimeError, TypeError, ArithmeticError) as error:
                raise PointError(f"the value cannot be made: {_first_line(error)}") from None
        if not isinstance(one, Maker):
            return one.detach().clone() if isinstance(one, torch.Tensor) else one
        try:
            return MADE[one.function](self.generator, *one.arguments, **one.named)
        except (RuntimeError, TypeError, ValueError, OverflowError) as error:
            hint = f"for example {EXAMPLES.get(one.function, f'{one.function}(4, 8)')}"
            message = f"`{one.function}` cannot be made with these arguments: {_first_line(error)}"
            raise PointError(message, hint=hint) from None

    def _floats(self, one: Any) -> Any:
        return one.to(self.dtype) if isinstance(one, torch.Tensor) and one.is_floating_point() else one


def _first_line(error: Exception) -> str:
    """What an exception says, without what torch adds about itself."""
    says = str(error).partition("\n")[0].replace("<lambda>() ", "")
    return shortened(says, 120)


def _in_format(found: Tensor, dtype: str) -> Tensor:
    """Numbers in a format. Raises PointError where it has none of them."""
    made = found.to(TYPES[dtype])
    whole = not made.is_floating_point() and dtype != "bool"
    broken = found[made.to(found.dtype) != found].tolist() if whole else []
    if broken:
        raise PointError(f"{broken[0]:g} is no number of {dtype}", hint="that takes whole numbers")
    return made


@dataclass(frozen=True, slots=True)
class Names:
    """The arguments of a function by name: those that are `needed`, all of them, and whether it takes others too."""

    needed: Sequence[str]
    all: Sequence[str]
    open: bool = False

    def only(self) -> str:
        """The argument that a value without a name is for. Raises PointError where there are several."""
        names = self.needed or self.all
        if len(names) != 1:
            raise PointError("which argument is this for?", hint=f"write NAME=…; {self.shown}" if names else None)
        return names[0]

    def require(self, given: Collection[str]) -> None:
        """Raises PointError at an argument that there is not."""
        unknown = next((name for name in given if name not in self.all), None)
        if unknown is not None and not self.open:
            hint = did_you_mean(unknown, self.all) or (self.shown if self.all else None)
            raise PointError(f"the function has no argument `{shortened(unknown)}`", hint=hint)

    @property
    def shown(self) -> str:
        """What there is, for a hint."""
        return f"it has {listed(list(self.all))}"


def settled(given: Mapping[str | None, Any], names: Names, how: How) -> dict[str, Any]:
    """The arguments that are tensors, hold some, or are none at all, each with its name.

    Floats are in the number format that is asked for, unless they have one of their own. One without a name is for the
    only argument that is needed. Raises PointError, FileError, or UsageError where a file takes an extra.
    """
    making = Making(torch.Generator().manual_seed(how.seed), TYPES[how.dtype])
    found: dict[str, Any] = {}
    for name, one in given.items():
        if isinstance(one, Stored):
            found |= {key: making.value(value) for key, value in _stored(name, one, names)}
        else:
            found[names.only() if name is None else name] = making.value(one)
    names.require(found)
    return found


def _stored(name: str | None, one: Stored, names: Names) -> Iterator[tuple[str, Any]]:
    """What a file holds: for one argument, or without a name for those that its keys name."""
    if one.path.suffix.lower() in TABLES:
        yield from _of_table(one.path, names)
        return
    held = Tensors(one.path)
    if not held.keys:
        raise FileError(f"`{one.path}` holds no tensors")
    if name is None and one.key is None and held.keys != [""]:
        yield from held.all().items()
        return
    name = names.only() if name is None else name
    if one.key == ALL:
        yield name, Structure(held.all())
        return
    key = one.key or (name if name in held.keys else held.keys[0] if len(held.keys) == 1 else "")
    if key not in held.keys:
        example = f"it has {listed(held.keys)}: write {name}=@{one.path}:{held.keys[0]}"
        hint = did_you_mean(key, held.keys) if key else f"{example}, or :{ALL} for a dictionary of all"
        raise FileError(f"`{one.path}` has no `{key or name}`", hint=hint or example)
    yield name, held[key]


def _of_table(path: Path, names: Names) -> Iterator[tuple[str, Any]]:
    """The columns of a table for the arguments that they name, or all of it for the only one."""
    columns = columns_of(path, current())
    if columns and (columns.keys() & set(names.all) or len(names.needed or names.all) != 1):
        yield from columns.items()
    else:
        yield names.only(), from_file(path, current())
