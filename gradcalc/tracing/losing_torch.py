"""The operation where a number is lost: the first whose result is not finite though what goes in is, also going back.

No exact arithmetic: a run costs a few times what it costs without this, so that it serves code of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

from gradcalc.engines.torch import torch
from gradcalc.tracing.operations import MASKING
from gradcalc.tracing.places import Place, here
from gradcalc.tracing.sight_torch import TORCH
from gradcalc.tracing.storages_torch import dense, tensors_in

Tensor = Any
UNSET = ("empty", "new_empty")  # what they make has no numbers yet


@dataclass(slots=True, eq=False)
class Ran:
    """An operation as it ran: where, what went in, what came out."""

    name: str
    function: Any
    arguments: Any
    named: Any
    place: Place | None
    outputs: Sequence[Tensor]

    @property
    def inputs(self) -> list[Tensor]:
        """The tensors of floats that went in."""
        return [one for one in tensors_in((self.arguments, self.named)) if one.is_floating_point()]


@dataclass(frozen=True, slots=True)
class Lost:
    """Where a number is lost: the operation, what it gave, what that was made of where it stands at the same place.

    `count` is how many numbers one result is made of.
    """

    ran: Ran
    found: float
    given: tuple[float, ...]
    count: int | None = None
    back: bool = False


class Following(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own class is not annotated
    """Keeps every operation on floats that runs inside, and finds the first to lose a number.

    That is one that makes a nan where none went in, or an infinity of finite numbers, unless it masks.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.ran: list[Ran] = []
        self.lost: Lost | None = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here: torch would load its compiler at the first operation."""
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        given = [one for one in tensors_in((args, named)) if one.is_floating_point()]
        before = _spoilt(given)
        copies = [one.detach().clone() for one in given] if func._schema.is_mutable and self.lost is None else given
        result = func(*args, **named)
        outputs = [one for one in tensors_in(result) if one.is_floating_point()]
        if outputs:
            name = func._schema.name.partition("::")[2].rstrip("_")
            self.ran.append(Ran(name, func, args, named, here((TORCH,)), outputs))
            if self.lost is None and given and not name.startswith(UNSET) and _loses(name, before, outputs):
                self.lost = lost(self.ran[-1], outputs[0], copies)
        return result


def _loses(name: str, before: set[str], outputs: Sequence[Tensor]) -> bool:
    after = _spoilt(outputs)
    return ("nan" in after and "nan" not in before) or ("inf" in after and not before and name not in MASKING)


def lost(one: Ran, found: Tensor, inputs: Sequence[Tensor], back: bool = False) -> Lost:
    """The first number that is lost, a nan where there is one."""
    flat = found.detach().double().reshape(-1)
    bad = flat.isnan() if bool(flat.isnan().any()) else ~flat.isfinite()
    place = int(bad.nonzero()[0]) if bool(bad.any()) else 0
    given = []
    for tensor in inputs:
        try:
            given.append(float(tensor.detach().double().broadcast_to(found.shape).reshape(-1)[place]))
        except RuntimeError:  # of another shape: no number of it belongs to this one
            continue
    given += [float(value) for value in one.arguments[1:2] if type(value) in (int, float)]  # x / 0.0
    count = inputs[0].numel() // max(len(flat), 1) if inputs and not back else None
    return Lost(one, float(flat[place]) if len(flat) else 0.0, tuple(given), count, back)


def _spoilt(tensors: Sequence[Tensor]) -> set[str]:
    """Which kinds of number that is not finite are there."""
    bad = [one for one in tensors if not bool(one.isfinite().all())]
    kinds = {"nan": any(bool(one.isnan().any()) for one in bad), "inf": any(bool(one.isinf().any()) for one in bad)}
    return {name for name, there in kinds.items() if there}


def backward(ran: Sequence[Ran], scalar: Tensor) -> Lost | None:
    """The last operation whose gradient comes in finite, and goes out as no number or an infinity."""
    held = [one for one in ran if one.outputs[0].requires_grad]
    if not scalar.requires_grad or not held:
        return None
    found = torch.autograd.grad(scalar, [one.outputs[0] for one in held], allow_unused=True, retain_graph=True)
    flows = [None if one is None else dense(one) for one in found]
    for one, flow in zip(reversed(held), reversed(flows), strict=True):
        if flow is not None and _finite(flow):
            bad = next((slope for slope in slopes(one, flow) if not _finite(slope)), None)
            if bad is not None:
                return lost(one, bad, one.inputs, back=True)
    return None


def by_hand(scalar: Tensor) -> Lost | None:
    """The operation in a backward or a hook of the user's that loses a number; None where torch's own do so first."""
    leaves = _leaves(scalar)
    if not leaves:
        return None
    outside = here((TORCH,))  # where everything stands that is not the user's
    with Following() as following:
        torch.autograd.grad(scalar, leaves, allow_unused=True, retain_graph=True)
    return None if following.lost is None or following.lost.ran.place == outside else following.lost


def _leaves(scalar: Tensor) -> list[Tensor]:
    """The leaves of a graph."""
    found: dict[Any, None] = dict.fromkeys([scalar.grad_fn] if scalar.grad_fn is not None else [])
    for node in (todo := list(found)):
        fresh = [one for one, _ in node.next_functions if one is not None and one not in found]
        found.update(dict.fromkeys(fresh))
        todo += fresh
    return [node.variable for node in found if hasattr(node, "variable")]


def _finite(tensor: Tensor) -> bool:
    return bool(tensor.isfinite().all())


def slopes(one: Ran, flow: Tensor) -> Sequence[Tensor]:
    """The gradients by what went into an operation, from that by its result."""
    if one.function._schema.is_mutable:
        return ()
    leaves: list[Tensor] = []
    with torch.enable_grad():
        result = one.function(*_fresh(one.arguments, leaves), **_fresh(one.named, leaves))
        output = next(one for one in tensors_in(result) if one.is_floating_point())
        if not output.requires_grad or not leaves:
            return ()
        found: Sequence[Tensor] = torch.autograd.grad(output, leaves, flow, allow_unused=True, materialize_grads=True)
    return [dense(one) for one in found]


def _fresh(value: Any, leaves: list[Tensor]) -> Any:
    """Arguments with leaves in the place of their tensors."""
    if isinstance(value, torch.Tensor):
        copy = value.detach().clone()
        if value.requires_grad:  # a running mean has no gradient, and must not ask for one
            leaves.append(copy.requires_grad_())
        return copy
    if isinstance(value, dict):
        return {key: _fresh(one, leaves) for key, one in value.items()}
    return type(value)(_fresh(one, leaves) for one in value) if isinstance(value, list | tuple) else value


def origin(run: Callable[[], Tensor]) -> Lost | None:
    """Where a run loses a number, forward or on the way back; `run` gives the number that is derived."""
    with Following() as following:
        scalar = run()
    found: Lost | None = following.lost
    if found is not None and not _finite(scalar):
        return found
    back = by_hand(scalar) or backward(following.ran, scalar)
    inherited = back is not None and found is not None and not all(map(_finite, back.ran.inputs))
    return found if back is None or inherited else back
