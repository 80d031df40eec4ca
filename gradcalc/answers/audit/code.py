"""The gradient of a real PyTorch function audited: autograd against what its values alone say."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.differences import EPSILON, Estimate, central, one_sided, resolution, settled
from gradcalc.arrays.array import Value
from gradcalc.base.errors import PointError, UsageError, did_you_mean, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.base.loading import loading
from gradcalc.base.words import listed
from gradcalc.inputs.point import read_point
from gradcalc.inputs.pose import require_dtype
from gradcalc.problem.problem import DEFAULT_DTYPE

MOST_COMPONENTS = 200  # of all variables together; of more, a sample is looked at
SEED = 1
NEARBY = 2.0**-20  # relative to max(1, |x|)
HALVINGS = 30  # of the way to where a flat function has changed
STEEP = 1e-3  # of its change, within 2**-HALVINGS of that way: a jump
RTOL = 1e-6  # of a derivative worked out in float64; a shorter format adds its own
SAFETY = 10.0  # times the estimated error of the differences
NAMED = "audit a function whose arguments have names and no defaults: def f(x): …"
FAR = (0.1, 0.3, 1.0)  # how far a flat function is looked at for jumps, relative to max(1, |x|)


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
    wrt: Sequence[str] | str | None = None,
    dtype: str = DEFAULT_DTYPE,
    rtol: float = RTOL,
    timeout: float = DEFAULT_TIMEOUT,
) -> CodeAudit:
    """Audit `FILE.py:name`: a function, an nn.Module or an autograd.Function. The file is run.

    `at` gives its arguments, as for `diff`; `wrt` the arguments and parameters to look at, every one unless given.
    Raises UsageError, FileError, PointError, LimitError, and UserCodeError
    where the file or the function raises.
    """
    require_dtype(dtype)
    path, name = target_of(target)
    with loading():
        from gradcalc.answers.audit.code_torch import at_point, flat, isolated, load_target
    with time_limit(timeout), isolated():
        found = load_target(path, name)
        audited = at_point(found, _point(at, found.names), dtype)
        _require_deterministic(audited)
        places = list(_places(_wanted(audited.leaves, wrt)))
        chosen = places if len(places) <= MOST_COMPONENTS else random.Random(SEED).sample(places, MOST_COMPONENTS)
        tolerance = max(rtol, FORMATS[dtype].rtol if dtype != DEFAULT_DTYPE else 0.0)
        gradients = {variable: flat(gradient) for variable, gradient in audited.gradients.items()}
        numbers = {variable: flat(leaf) for variable, leaf in audited.leaves.items()}
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
    point = read_point(at, current())
    unknown = next((one for one in point.assignments if one.name is not None and one.name not in names), None)
    if unknown is not None or (point.assignments and not names):
        what = (
            "has no argument to give a value to"
            if unknown is None
            else f"has no argument `{shortened(unknown.name or '')}`"
        )
        raise PointError(f"the function {what}", hint=f"it has {listed(names)}" if names else NAMED)
    return point.settle(names, (), (), FORMATS[DEFAULT_DTYPE])


def _wanted(leaves: Mapping[str, Any], wrt: Sequence[str] | str | None) -> Mapping[str, Any]:
    """The leaves that were asked for. Raises UsageError where there is no such one."""
    if wrt is None:
        return leaves
    asked = [name.strip() for text in ([wrt] if isinstance(wrt, str) else wrt) for name in text.split(",")]
    for name in asked:
        if name not in leaves:
            hint = did_you_mean(name, leaves) or f"it has {listed(list(leaves))}"
            raise UsageError(f"the function has no `{shortened(name)}`", hint=hint)
    return {name: leaves[name] for name in leaves if name in asked}


def _places(leaves: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for variable, leaf in leaves.items():
        yield from ((variable, index) for index in range(leaf.numel()))


def _require_deterministic(audited: Any) -> None:
    """Raises UsageError where two calls at one point differ: nothing can be said of such a function."""
    variable, leaf = next(iter(audited.leaves.items()))
    x = float(leaf.detach().reshape(-1)[0])
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
    epsilon = resolution(line, x) if both.value else EPSILON  # what is flat has nothing to be rounded
    if epsilon > EPSILON:
        both = settled(line, x, partial(central, epsilon=epsilon))
    left, right = (settled(line, x, partial(one_sided, direction=side, epsilon=epsilon)) for side in (-1, 1))
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
    if autograd == 0 and _is_constant(line, x) and _moves_in_steps(line, x):
        return Finding.FLAT
    if math.isfinite(gap) and gap > SAFETY * (left.error + right.error) + 1e-3 * scale:
        return Finding.KINK
    allowed = SAFETY * both.error + tolerance * abs(both.value)
    if not (math.isfinite(left.value) and math.isfinite(right.value)):
        return Finding.UNDECIDED  # the domain ends here
    if not math.isfinite(both.value) or both.error > max(1e-3 * abs(both.value), 1e-6):
        return Finding.UNDECIDED if math.isfinite(autograd) else Finding.DISAGREE
    if not abs(autograd - both.value) <= allowed:
        return Finding.DISAGREE
    return Finding.AGREE


def _jumps(line: Any, x: float) -> bool:
    """Does the value itself jump at `x`, by an amount that does not shrink with the step?"""
    here = line(x)
    for direction in (-1, 1):
        near, nearer = (abs(line(x + direction * step * max(1.0, abs(x))) - here) for step in (1e-9, 1e-12))
        if near > 0 and nearer > 0.5 * near and nearer > 1e-9 * max(1.0, abs(here)):
            return True
    return False


def _is_constant(line: Any, x: float) -> bool:
    """Is the function the same on either side of `x`, as far as a number of float32 is apart from the next?"""
    return all(line(x + side * NEARBY * max(1.0, abs(x))) == line(x) for side in (-1, 1))


def _moves_in_steps(line: Any, x: float) -> bool:
    """Does a function that is flat at `x` jump where it first changes? Then its gradient is no help."""
    here = line(x)
    size = max(1.0, abs(x))
    for sign in (-1, 1):
        changed = next((place for far in FAR if line(place := x + sign * far * size) != here), None)
        if changed is None:
            continue
        same, other = x, changed
        for _ in range(HALVINGS):
            middle = (same + other) / 2
            same, other = (middle, other) if line(middle) == here else (same, middle)
        if abs(line(other) - here) > STEEP * abs(line(changed) - here):
            return True
    return False


def _unravelled(index: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The place of a flat index, counted from 1."""
    places = []
    for size in reversed(shape):
        index, place = divmod(index, size)
        places.append(place + 1)
    return tuple(reversed(places))
