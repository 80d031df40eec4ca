"""Where floating-point arithmetic is in danger on the way to the gradient of arrays, seen with exact values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradcalc.base.floating import Format
from gradcalc.engines.exact.arrays.climb import LADDER
from gradcalc.engines.exact.arrays.evaluation import Values
from gradcalc.engines.exact.arrays.tensor import Tensor
from gradcalc.engines.exact.arrays.work import Found, Work
from gradcalc.engines.exact.ball import Ball, magnitude
from gradcalc.engines.exact.precision import climbed
from gradcalc.engines.exact.values import Undefined
from gradcalc.engines.records import Stress
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Node

SUMS = frozenset({"add", "sub"})


def stress(problem: Problem) -> Stress:
    """The dangers on the way to the gradient: of a sum of arrays, the bits that cancel at the worst of its elements."""
    work = Work(problem)
    found = climbed(work.root, work.found, lambda found: True, LADDER)
    if isinstance(found, Undefined):
        return Stress(overflow=False, underflow=False, lost_bits=0)
    forward = _in_range(_exponents(found.values.values()), problem.format)
    flows = [*found.gradient.flows.values(), *work.all_sizes.values()]
    overflow, underflow = forward if any(forward) else _in_range(_exponents(flows), problem.format)
    backward = (
        _lost([work.all_sizes[name]], flow) for name, flow in found.gradient.flows.items()
    )  # fmt: skip
    lost = (*_cancelled(work.order, found), *backward)
    return Stress(overflow=overflow, underflow=underflow, lost_bits=max(lost, default=0))


def _in_range(exponents: Sequence[int], form: Format) -> tuple[bool, bool]:
    """Is one of the numbers too large for the format, and is one too small?"""
    return any(one > form.greatest for one in exponents), any(one < form.least for one in exponents)


def _exponents(arrays: Iterable[Tensor]) -> list[int]:
    """The powers of two that the numbers begin with."""
    sizes = (magnitude(item) for one in arrays for item in one.items if isinstance(item, Ball))
    return [size - 1 for size in sizes if size is not None]


def _cancelled(order: Sequence[Node], found: Found) -> Iterator[int]:
    """For each sum of two arrays, how many bits shorter it is than its larger term, at the worst of the elements."""
    values: Values = found.values
    for node in order:
        if isinstance(node, Call) and node.function in SUMS:
            yield _lost([values[id(argument)] for argument in node.arguments], values[id(node)])


def _lost(terms: Sequence[Tensor], result: Tensor) -> int:
    """The bits between the size of the terms and that of the result, at the worst of the elements that are not 0."""
    rows = zip(*(one.spread(result.shape) for one in terms), result.items, strict=False)
    sizes = ([magnitude(item) for item in row if isinstance(item, Ball)] for row in rows)
    known = ([size for size in own if size is not None] for own in sizes if own and own[-1] is not None)
    return max((max(own) - own[-1] for own in known), default=0)
