"""What stands in a formula of code and is no variable of it."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.tracing.tape import Cut


@dataclass(frozen=True, slots=True)
class Known:
    """An array that is no variable, by the name that it has in the formula; `sizes` as those of a piece.

    `cut` is where the code hides it from autograd, if that is why it is none.
    """

    numbers: tuple[float, ...]
    batch: tuple[int, ...]
    sizes: tuple[int, ...]
    cut: Cut | None = None
