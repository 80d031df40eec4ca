"""Cells of tables: what is a number in one, and what is wrong with one that is none."""

from __future__ import annotations

import math
import re

from gradcalc.base.errors import shortened

NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
NOT_FINITE = re.compile(r"\s*[+-]?(?:nan|inf|infinity)\s*", re.IGNORECASE)


def flaw(cell: str) -> str | None:
    """What is wrong with a cell; None where it is a finite number."""
    if not cell.strip():
        return "there is no value"
    if NOT_FINITE.fullmatch(cell) or (NUMBER.fullmatch(cell) and not math.isfinite(float(cell))):
        return f"`{shown(cell)}` is not a finite number"
    return None if NUMBER.fullmatch(cell) else f"`{shown(cell)}` is not a number"


def shown(cell: str) -> str:
    """A cell for a message."""
    return shortened(cell.strip())
