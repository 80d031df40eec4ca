"""A call in this process as the subject of an audit: what is derived by, in which format of numbers."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcalc.answers.audit.around_torch import Around
from gradcalc.answers.audit.code_torch import Target
from gradcalc.answers.audit.how import How
from gradcalc.answers.audit.run_torch import Subject
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.engines.torch import torch

Tensor = Any
NO_TENSOR = "give it tensors of floats, or parameters: gradcalc.audit(f, torch.tensor([1.0, 2.0]))"


def as_seen(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function; `apply` of an autograd function as it is looked up once somebody watches."""
    kind = getattr(function, "__self__", None)
    if not isinstance(kind, type) or not issubclass(kind, torch.autograd.Function):
        return function
    owner: Any = kind

    @functools.wraps(owner.forward)
    def apply(*arguments: Any) -> Any:
        return owner.apply(*arguments)

    own = owner.setup_context is torch.autograd.Function.setup_context  # whose forward takes the context first
    parameters = list(inspect.signature(owner.forward).parameters.values())[1 if own else 0 :]
    vars(apply)["__signature__"] = inspect.Signature(parameters)
    return apply


def own_options(
    function: Callable[..., Any], named: Mapping[str, Any], options: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The named arguments that are options of the audit, and those that are the function's own."""
    try:
        taken = set(inspect.signature(getattr(function, "forward", function)).parameters)
    except (TypeError, ValueError):  # a function of C's
        taken = set()
    mine = {name: one for name, one in named.items() if name in options and name not in taken}
    return mine, {name: one for name, one in named.items() if name not in mine}


def subject_of(around: Around, options: Mapping[str, Any], inputs: bool = True) -> Subject:
    """The call as a subject, after a first run. What requires grad is derived by; of arguments without any, all.

    Without `inputs` only what the call computes with beside its arguments. Raises UserCodeError where it raises, or
    UsageError where there is nothing to derive by.
    """
    given = around.calling.tensors if inputs else {}
    floats = {name: one for name, one in given.items() if one.is_floating_point()}
    asked = {name: one for name, one in floats.items() if one.requires_grad} or floats
    arguments = {name: one.detach().clone() for name, one in asked.items()}
    first = Subject(Target(around.again, (), {}), arguments, _numbers(around), How(**options))
    fresh = first.fresh()
    around.take_leaves(first.called(fresh), fresh)
    parameters = {name: one for name, one in around.named_parameters() if one.requires_grad}
    leaves = [*arguments.values(), *parameters.values()]
    if not leaves:
        raise UsageError("there is nothing to derive by", hint=NO_TENSOR)
    how = How(**{"dtype": _coarsest(leaves), "device": leaves[0].device.type, **options})
    return Subject(Target(around.again, (), parameters), arguments, {**_numbers(around), **first.state}, how)


def _numbers(around: Around) -> dict[str, Tensor]:
    """Parameters and buffers as they are now."""
    held = (*around.named_parameters(), *around.named_buffers())
    return {name: one.detach().clone() for name, one in held}


def _coarsest(leaves: Sequence[Tensor]) -> str:
    """The format with the fewest digits. Raises UsageError where one is none of those that are known."""
    names = {str(one.dtype).removeprefix("torch.") for one in leaves}
    unknown = next((name for name in names if name not in FORMATS), None)
    if unknown is not None:
        raise UsageError(f"a tensor is in {unknown}, expected {', '.join(FORMATS)}")
    return min(names, key=lambda name: FORMATS[name].precision)
