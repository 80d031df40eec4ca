"""What the graph of real code says of an operation: which of those of a line it is, its tensors in few words."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from gradcalc.answers.audit.records import CodeEdge, CodeVertex
from gradcalc.arrays.shape import Shape
from gradcalc.arrays.shape import text as shape_text
from gradcalc.lessons.graph.numbers import MOST, short
from gradcalc.lessons.graph.records import Kind
from gradcalc.lessons.lesson import flattened
from gradcalc.render.wrapped import broken

FEW = 6  # numbers of a tensor that are written out
NARROW, WIDER, MOST_LINES = 37, 44, 3  # characters of a line in a picture, those where it has no better end, and lines
LEAVES = {"leaf": Kind.LEAF, "constant": Kind.UNTRACKED}
SPECIAL = ("nan", "inf", "-inf")


def titles(vertices: Sequence[CodeVertex]) -> dict[int, tuple[str, str]]:
    """The user's words for each vertex; and where one text is several operations, which, or which turn of a loop."""
    kinds: dict[tuple[str, int | None], Counter[str]] = {}
    operations = [one for one in vertices if one.operation not in LEAVES]
    for one in operations:
        kinds.setdefault((one.label, one.line), Counter())[one.operation] += 1
    met: Counter[tuple[str, int | None, str]] = Counter()
    found = {one.id: (one.label, "") for one in vertices}
    for one in operations:
        key, counted = (one.label, one.line, one.operation), kinds[one.label, one.line]
        met[key] += 1
        which = f": {_name(one.operation)}" if len(counted) > 1 else ""
        turn = f" ({met[key]} of {counted[one.operation]})" if counted[one.operation] > 1 else ""
        found[one.id] = one.label, f"{which}{turn}"
    return found


def _name(operation: str) -> str:
    return operation.removeprefix("aten.").strip("_")


def tensor(value: Any, shape: Shape, few: int = FEW) -> str:
    """A number, or a few; of many the shape, how far they reach, and how many are none: `(64, 32) -1.5 to 2, 1 nan`."""
    sizes = [int(one) for one in shape]
    size = math.prod(sizes)
    if size <= few and max(sizes, default=0) <= MOST:
        return short(value)
    numbers = flattened(value)
    if all(isinstance(one, bool) for one in numbers):
        return f"{shape_text(shape)} {sum(numbers):,.0f} of {size:,} true"
    return f"{shape_text(shape)} {', '.join(_reach(numbers))}"


def _reach(numbers: Sequence[float]) -> Iterator[str]:
    """From the least to the largest, and how many are no finite numbers."""
    special = Counter(short(one) for one in numbers if not math.isfinite(one))
    ends = (
        [short(end(one for one in numbers if math.isfinite(one))) for end in (min, max)]
        if special.total() < len(numbers)
        else []
    )
    if len({*ends, *special}) == 1:
        yield f"all {next(iter((*ends, *special)))}"
        return
    if ends:
        yield " to ".join(dict.fromkeys(ends))
    for name in SPECIAL:
        if special[name]:
            yield f"{special[name]:,} {name}"


def made(one: CodeVertex) -> str:
    """What made it, as torch says it."""
    if one.overwritten:
        return "changed later"
    return one.grad_fn or (one.operation if one.operation in LEAVES else "None")


def gradient(one: CodeVertex, few: int = FEW) -> str:
    """What flows back to it; of a constant nothing."""
    if one.operation == "constant":
        return ""
    if one.gradient is not None:
        return tensor(one.gradient, one.shape, few)
    return "not kept" if one.overwritten else "None"


def local(edge: CodeEdge) -> str:
    """The local derivative; of arrays the shape of what flows back, of a constant nothing."""
    if edge.vjp is None:
        return "-"
    return f"vjp {shape_text(edge.vjp)}" if edge.local is None else tensor(edge.local, edge.vjp)


def lines(text: str, end: str = "") -> list[str]:
    """A text in a few lines, broken where it hangs together least; its `end` whole, whatever is left out before it."""
    if end and len(text) + len(end) > NARROW:
        return [*lines(text), end.removeprefix(": ").strip()]
    text += end
    found = broken(text, NARROW, "")
    if max(map(len, found)) > WIDER:
        found = textwrap.wrap(text, NARROW) or [text]
    return found if len(found) <= MOST_LINES else [*found[: MOST_LINES - 1], f"{found[MOST_LINES - 1]} …"]
