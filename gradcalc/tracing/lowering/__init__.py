"""How each ATen operation is put on the tape: one row an operation, in terms of a few kinds of node."""

from gradcalc.tracing.lowering import (
    activations,
    indexing,
    layers,
    linear,
    losses,
    ordering,
    pointwise,
    rearranging,
    windows,
)  # fmt: skip

LOWERED = (
    pointwise.ROWS | activations.ROWS | layers.ROWS | windows.ROWS | losses.ROWS
    | indexing.ROWS | rearranging.ROWS | ordering.ROWS | linear.ROWS
)  # fmt: skip
