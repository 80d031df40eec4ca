"""A target at a point: its arguments as the code takes them, its module in the format of numbers, its state kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gradcalc.answers.audit.code_torch import Target, trained
from gradcalc.answers.audit.how import How
from gradcalc.answers.audit.isolation_torch import guarded
from gradcalc.answers.audit.kinds import PLAIN, WHOLE
from gradcalc.answers.audit.random_torch import Randomness
from gradcalc.answers.audit.run_torch import Subject, owned
from gradcalc.answers.audit.structure import Slot, taken_apart
from gradcalc.arrays.array import Array
from gradcalc.base.errors import PointError, UsageError
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.autograd import leaf
from gradcalc.engines.torch.program import DTYPES

Tensor = Any
FLOATS = "give it a format: arange(4, dtype=float64)"


@dataclass(frozen=True, slots=True)
class Point:
    """Values by name: numbers, arrays, tensors, what is no tensor; and what is `built` of those that are `x.y`."""

    values: Mapping[str, Any]
    built: Mapping[str, Any]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Point:
        """Arguments, the tensors of structures by names of their own: `batch.x`."""
        values, built = {}, {}
        for name, value in given.items():
            structure, held = taken_apart(name, value, lambda one: isinstance(one, torch.Tensor | Array))
            if isinstance(structure, Slot) or not held:
                values[name] = value
            else:
                built[name] = structure
                values |= held
        return cls(values, built)


def subject(
    target: Target,
    point: Point,
    how: How,
    kinds: Mapping[str, str] | None = None,
    constant: frozenset[str] = frozenset(),
) -> Subject:
    """The target at a point, its module in the format of numbers; some arguments of other `kinds`, some `constant`.

    Raises PointError, or UsageError without a device.
    """
    missing = [name for name in target.names if name not in {*point.values, *point.built}]
    if missing:
        raise PointError(f"no value for `{missing[0]}`", hint=f"add --at {missing[0]}=…")
    if how.device != "cpu" and not torch.cuda.is_available():
        raise UsageError("there is no CUDA device here", hint="leave out --device, or run it where torch finds one")
    if target.module is not None:
        target.module.to(how.device, DTYPES[how.dtype])
    arguments = {name: _argument(one, how, (kinds or {}).get(name)) for name, one in point.values.items()}
    one = Subject(target, arguments, how=how, constant=constant, built=point.built)
    one.target = _shaped(target, one.whole(one.fresh()))
    one.state = {name: held.detach().clone() for name, held in owned(one.target).items()}
    _require_numbers(arguments, one.target)
    one.randomness = Randomness.now()
    return one


def _require_numbers(arguments: Mapping[str, Any], target: Target) -> None:
    """Raises UsageError where there is nothing to derive by, PointError at a tensor without any number."""
    tensors = {name: one for name, one in arguments.items() if isinstance(one, torch.Tensor)}
    if empty := next((name for name, one in tensors.items() if not one.numel() and one.is_floating_point()), None):
        raise PointError(f"`{empty}` has no numbers: its shape is {tuple(tensors[empty].shape)}")
    if any(one.is_floating_point() for one in tensors.values()) or target.parameters:
        return
    other = next(iter(tensors), None)
    if other is None:
        raise UsageError("the function takes no tensor", hint="audit a function with arguments: def f(x): …")
    raise UsageError(f"there is nothing to derive by: `{other}` is of whole numbers", hint=FLOATS)


def _shaped(target: Target, arguments: Mapping[str, Any]) -> Target:
    """A target whose lazy layers have the shapes that these arguments give them."""
    if not any(map(torch.nn.parameter.is_lazy, owned(target).values())):
        return target
    training = {one: one.training for one in target.module.modules()}
    target.module.eval()  # so that no running mean moves
    with torch.no_grad():
        guarded(lambda: target.run(arguments), "the function")
    for one, trains in training.items():
        one.training = trains
    return replace(target, parameters=trained(target.module))


def _argument(value: Any, how: How, kind: str | None = None) -> Any:
    """A value as the function gets it: of the kind `whole` as whole numbers, of `plain` as a number of Python's."""
    if kind == PLAIN:
        return int(value) if value == int(value) else value
    if isinstance(value, float | Array):
        value = leaf(value, how.form).detach().to(torch.int64 if kind == WHOLE else DTYPES[how.dtype])
    return value.to(how.device) if isinstance(value, torch.Tensor) else value
