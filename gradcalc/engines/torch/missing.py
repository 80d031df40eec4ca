"""Where torch has no gradient of its own: functions that it lacks, or knows forward only, or derives but once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch

from gradcalc.base.errors import UsageError
from gradcalc.engines.records import Missing
from gradcalc.engines.torch import arrays
from gradcalc.engines.torch.functions import OPERATIONS, SOMETIMES, Tensor
from gradcalc.functions import CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.syntax.tree import Call, Node, free_names, postorder

OWN = frozenset((*OPERATIONS, *SOMETIMES, *arrays.OPERATIONS))
FORWARD_ONLY = {  # what torch has without a derivative by these arguments
    "heaviside": (0, 1), "gammainc": (0,), "gammaincc": (0,), "zeta": (0,), "besselj": (1,), "bessely": (1,),
    "besselk": (1,),
}  # fmt: skip
UNIMPLEMENTED = "not implemented"  # torch's own words


class Absent(UsageError):
    """torch lacks a function."""


@cache
def without_gradient(function: str) -> tuple[int, ...]:
    """The arguments of a function by which torch has no derivative; of one that it lacks, all."""
    row = CATALOGUE[function]
    if function in OWN:
        return FORWARD_ONLY.get(function, ())
    if row.definition is None:
        return tuple(range(len(row.parameters)))
    missing = missing_names(rule(row.definition))
    return tuple(place for place, parameter in enumerate(row.parameters) if parameter in missing)


def missing_names(root: Node) -> dict[str, Missing]:
    """The names by which torch has no derivative of a tree."""
    found: dict[str, Missing] = {}
    for node in postorder(root):
        if isinstance(node, Call):
            for place in without_gradient(node.function):
                for name in free_names(postorder(node.arguments[place])) if place < len(node.arguments) else ():
                    found.setdefault(name, Missing(_why(node.function, place)))
    return found


def _why(function: str, place: int) -> str:
    if function not in OWN and CATALOGUE[function].definition is None:
        return absent(function).message
    by = "" if len(without_gradient(function)) > 1 else f" by `{CATALOGUE[function].parameters[place]}`"
    return f"torch has no gradient of `{function}`{by}"


def absent(function: str) -> Absent:
    """The error for a function that torch lacks, or has for other arguments."""
    return Absent(f"torch has no `{function}`{' of this order' if function in SOMETIMES else ''}")


def gradients(
    result: Tensor | Sequence[Tensor], leaves: Sequence[Tensor], order: int = 1, *, again: bool = False
) -> list[Tensor] | Missing:
    """A backward pass, the `order`-th of its kind; 0 by a leaf that the result, or results, do not depend on.

    nan where torch finds on the way that a matrix is singular, and gives no number.
    """
    try:
        found = torch.autograd.grad(
            result, leaves, retain_graph=True, create_graph=again, allow_unused=True, materialize_grads=True
        )
    except torch.linalg.LinAlgError:  # type: ignore[attr-defined]  # torch's own list of names leaves it out
        return [leaf * torch.nan for leaf in leaves]  # and so are the derivatives of it
    except RuntimeError as error:
        if UNIMPLEMENTED not in str(error):
            raise
        what = "gradient" if order == 1 else f"derivative of order {order}"
        return Missing(f"torch has no {what} here: {str(error).splitlines()[0].rstrip('.')}")
    return list(found)
