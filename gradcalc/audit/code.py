"""The gradient of a real PyTorch function audited: autograd against what its values alone say."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from gradcalc.audit.differences import Estimate, central, one_sided, settled, stencil
from gradcalc.errors import UsageError
from gradcalc.floating import FORMATS
from gradcalc.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.loading import load
from gradcalc.point import read_point
from gradcalc.pose import require_dtype
from gradcalc.problem import DEFAULT_DTYPE, Value

LOAD = "gradcalc.audit.target_torch:load_target"
AT_POINT = "gradcalc.audit.target_torch:at_point"
FLAT = "gradcalc.audit.target_torch:flat"
MOST_COMPONENTS = 200  # of all variables together; of more, a sample is looked at
SEED = 1
RTOL = 1e-6  # of a derivative worked out in float64; a shorter format adds its own
SAFETY = 10.0  # times the estimated error of the differences
FAR = (1e-1, 1.0)  # how far a flat function is looked at for jumps, relative to max(1, |x|)
TREAD = 1e-3  # how far a step goes on level, likewise


class Finding(StrEnum):
    """What the audit says of one component, from best to worst."""

    AGREE = "agree"
    UNDECIDED = "undecided"
    FLAT = "flat"
    KINK = "kink"
    JUMP = "jump"
    DISAGREE = "disagree"


@dataclass(frozen=True, slots=True)
class Component:
    """One component of one variable: autograd's derivative and what the differences say."""

    variable: str
    index: tuple[int, ...]
    autograd: float
    numeric: float
    uncertainty: float
    finding: Finding
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class CodeAudit:
    """The audit of a function of the user's file; `total` counts all components, `components` those looked at."""

    target: str
    dtype: str
    components: tuple[Component, ...]
    total: int
    contracted: bool

    @property
    def worst(self) -> Component:
        """The component that is furthest off, by its finding and then by its error."""
        order = list(Finding)
        return max(self.components, key=lambda one: (order.index(one.finding), abs(one.autograd - one.numeric)))

    @property
    def verdict(self) -> Finding:
        """The worst finding."""
        return self.worst.finding


def audit_code(
    target: str,
    *,
    at: Any = None,
    dtype: str = DEFAULT_DTYPE,
    rtol: float = RTOL,
    timeout: float = DEFAULT_TIMEOUT,
) -> CodeAudit:
    """Audit `FILE.py:name`: a function, an nn.Module or an autograd.Function. The file is run.

    `at` gives its arguments, as for `diff`. Raises UsageError, FileError, PointError, LimitError, and UserCodeError
    where the file or the function raises.
    """
    require_dtype(dtype)
    path, name = target_of(target)
    with time_limit(timeout):
        found = load(LOAD)(path, name)
        audited = load(AT_POINT)(found, _point(at, found.names), dtype)
        _require_deterministic(audited)
        places = list(_places(audited.leaves))
        chosen = places if len(places) <= MOST_COMPONENTS else random.Random(SEED).sample(places, MOST_COMPONENTS)
        tolerance = max(rtol, FORMATS[dtype].rtol if dtype != DEFAULT_DTYPE else 0.0)
        gradients = {variable: load(FLAT)(gradient) for variable, gradient in audited.gradients.items()}
        numbers = {variable: load(FLAT)(leaf) for variable, leaf in audited.leaves.items()}
        components = tuple(
            _component(audited, variable, index, numbers[variable][index], gradients[variable][index], tolerance)
            for variable, index in sorted(chosen)
        )
    return CodeAudit(target, dtype, components, len(places), audited.contracted)


def target_of(text: str) -> tuple[Path, str]:
    """The file and the name in it. Raises UsageError where the text does not give both."""
    path, colon, name = text.rpartition(":")
    if not (path and colon and name.isidentifier()):
        raise UsageError(f"`{text}` is no target", hint="write FILE.py:function")
    return Path(path), name


def _point(at: Any, names: tuple[str, ...]) -> Mapping[str, Value]:
    """The arguments' values."""
    if at is None:
        return {}
    return read_point(at, current()).settle(names, (), (), FORMATS[DEFAULT_DTYPE])


def _places(leaves: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for variable, leaf in leaves.items():
        yield from ((variable, index) for index in range(leaf.numel()))


def _require_deterministic(audited: Any) -> None:
    """Raises UsageError where two calls at one point differ: nothing can be said of such a function."""
    variable, leaf = next(iter(audited.leaves.items()))
    x = load(FLAT)(leaf)[0]
    first, second = (audited.value(variable, 0, x) for _ in range(2))
    if first != second and not (math.isnan(first) and math.isnan(second)):
        raise UsageError(
            "two calls at the same point give different values", hint="fix the seed inside, or call eval()"
        )


def _component(audited: Any, variable: str, index: int, x: float, autograd: float, tolerance: float) -> Component:
    """What the values around one component say of its derivative."""

    def line(place: float) -> float:
        value: float = audited.value(variable, index, place)
        return value

    both = settled(line, x, central)
    left = settled(line, x, lambda f, place, step: one_sided(f, place, step, -1))
    right = settled(line, x, lambda f, place, step: one_sided(f, place, step, 1))
    finding = _finding(autograd, both, left, right, line, x, tolerance)
    shape = tuple(audited.leaves[variable].shape)
    sides = (left.value, right.value) if finding in (Finding.KINK, Finding.JUMP) else (None, None)
    return Component(variable, _unravelled(index, shape), autograd, both.value, both.error, finding, *sides)


def _finding(
    autograd: float, both: Estimate, left: Estimate, right: Estimate, line: Any, x: float, tolerance: float
) -> Finding:
    """The finding, from the estimates and their errors."""
    scale = max(abs(left.value), abs(right.value))
    gap = abs(right.value - left.value)
    if _jumps(line, x):
        return Finding.JUMP
    if math.isfinite(gap) and gap > SAFETY * (left.error + right.error) + 1e-3 * scale:
        return Finding.KINK
    allowed = SAFETY * both.error + tolerance * abs(both.value)
    if not (math.isfinite(left.value) and math.isfinite(right.value)):
        return Finding.UNDECIDED  # the domain ends here
    if not math.isfinite(both.value) or both.error > max(1e-3 * abs(both.value), 1e-6):
        return Finding.UNDECIDED if math.isfinite(autograd) else Finding.DISAGREE
    if not abs(autograd - both.value) <= allowed:
        return Finding.DISAGREE
    checked = stencil(line, x, (abs(x) or 1.0) * 1e-3)
    flat = autograd == 0 and both.value == 0 and checked == 0
    return Finding.FLAT if flat and _moves_in_steps(line, x) else Finding.AGREE


def _jumps(line: Any, x: float) -> bool:
    """Does the value itself jump at `x`, by an amount that does not shrink with the step?"""
    here = line(x)
    for direction in (-1, 1):
        near, nearer = (abs(line(x + direction * step * max(1.0, abs(x))) - here) for step in (1e-9, 1e-12))
        if near > 0 and nearer > 0.5 * near and nearer > 1e-9 * max(1.0, abs(here)):
            return True
    return False


def _moves_in_steps(line: Any, x: float) -> bool:
    """Is a function that is flat at `x` flat further off too, at another height? A relu has a slope there."""
    here = line(x)
    size = max(1.0, abs(x))
    for place in (x + sign * far * size for far in FAR for sign in (-1, 1)):
        there = line(place)
        if there != here and there in (line(place - TREAD * size), line(place + TREAD * size)):
            return True
    return False


def _unravelled(index: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The place of a flat index, counted from 1."""
    places = []
    for size in reversed(shape):
        index, place = divmod(index, size)
        places.append(place + 1)
    return tuple(reversed(places))
