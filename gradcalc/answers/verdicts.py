"""What a comparison comes to, and why: verdicts from best to worst, and their reasons."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What the comparison came to, from best to worst."""

    AGREE = "agree"
    UNDECIDED = "undecided"
    KINK = "kink"
    UNDEFINED = "undefined"
    INFINITE = "infinite"
    DISAGREE = "disagree"


SEVERITY = list(Verdict)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict on the whole: `agree` where there was nothing to compare."""
    return max(verdicts, key=SEVERITY.index, default=Verdict.AGREE)


def overall(verdicts: Iterable[Verdict | None]) -> Verdict | None:
    """The worst of the verdicts that there are; None where there is none."""
    known = [one for one in verdicts if one is not None]
    return worst(known) if known else None


class Reason(StrEnum):
    """Why a verdict is what it is."""

    CANCELLATION = "cancellation"
    OVERFLOW = "overflow"
    UNDERFLOW = "underflow"
    NAN = "nan"
    PRECISION = "precision"
    EDGE = "edge"
    NO_AUTOGRAD = "no-autograd"
