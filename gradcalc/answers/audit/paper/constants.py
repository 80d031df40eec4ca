"""Arrays that do not vary, as operations read them: numbers, masks, and arrays under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gradcalc.answers.audit.paper.bound import Taken, Writing
from gradcalc.answers.audit.paper.moved import name_of_held
from gradcalc.answers.audit.paper.piece import Operand, batch_first, number_of
from gradcalc.answers.audit.paper.reading import operand
from gradcalc.tracing.tape import Cut


def constant(writer: Writing, value: Taken, cut: Cut | None = None) -> Operand:
    """A tensor that does not vary: a number where it is one, or is the same everywhere and has no name.

    `cut` is where the code hides it from autograd, if it does.
    """
    numbers, shape = writer.numbers(value), tuple(value.tensor.shape)
    single = value.tensor.numel() == 1 or (_is_uniform(numbers) and writer.name_of(value, "") == "")
    if single and cut is None:
        return Operand(number_of(numbers[0]))
    if writer.layout.is_inner(shape) and cut is None:
        return _turned(writer, value, numbers)
    mask = str(value.tensor.dtype) == "torch.bool"
    own = ("mask" if mask else "c") if cut is None else name_of_held(writer.tape, value.read, cut)
    piece = writer.constant(writer.name_of(value, own), numbers, writer.layout.axes(shape), cut)
    return operand(replace(piece, text=f"({piece.text} > 0)") if mask else piece, None, shape)


def _turned(writer: Writing, value: Taken, numbers: Sequence[float]) -> Operand:
    """An array whose second axis is that of the batch."""
    shape = tuple(value.tensor.shape)
    axes = writer.layout.batch, (shape[0], shape[2])
    order = batch_first(*axes)
    piece = writer.constant(writer.name_of(value), [numbers[one] for one in order], axes)
    return operand(piece, sorted(range(len(order)), key=order.__getitem__), shape)


def _is_uniform(numbers: Sequence[float]) -> bool:
    return bool(numbers) and all(one == numbers[0] for one in numbers)
