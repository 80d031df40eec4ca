"""The terms of a sum that leave it without a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Culprit:
    """The `terms` of a sum that have no finite number in torch though others have, in a sentence; none where all fare
    alike. `cure` is an expression that has the limit where this one has no value: checked beside the point and at it.
    """

    terms: tuple[str, ...]
    sentence: str | None
    cure: str | None
