"""What the audit of code says: a verdict for the value and for every component, and the lines to blame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gradcalc.answers.audit.fitted import Written
from gradcalc.answers.records import Comparison
from gradcalc.arrays.shape import Shape
from gradcalc.base.printing import Printed
from gradcalc.tracing.places import Place


class Finding(StrEnum):
    """What the audit says of one component, from best to worst."""

    AGREE = "agree"
    UNDECIDED = "undecided"
    FLAT = "flat"
    KINK = "kink"
    UNDEFINED = "undefined"
    INFINITE = "infinite"
    DISAGREE = "disagree"


SEVERITY = list(Finding)
ROUNDING = "rounding"  # the reason of a number that is as right as its format allows, and has lost half of its digits


@dataclass(frozen=True, slots=True)
class Judged:
    """The value, or a component: autograd's number, the true one rounded to the dtype, its digits, the verdict."""

    autograd: float | None
    symbolic: float | None
    exact: str | None
    verdict: Finding
    reason: str | None = None
    left: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The gradient by one argument or parameter, component by component in row-major order."""

    shape: Shape
    components: tuple[Judged, ...]

    @property
    def worst(self) -> int:
        """The component that is furthest off."""
        return max(range(len(self.components)), key=lambda place: severity(self.components[place]))

    @property
    def verdict(self) -> Finding:
        """The worst verdict of a component."""
        return max((one.verdict for one in self.components), key=SEVERITY.index, default=Finding.AGREE)


def severity(one: Judged) -> tuple[int, float]:
    """How bad it is: by the verdict, then by how far the numbers are apart."""
    gap = 0.0 if one.autograd is None or one.symbolic is None else abs(one.autograd - one.symbolic)
    return SEVERITY.index(one.verdict), gap if gap == gap else float("inf")


@dataclass(frozen=True, slots=True)
class CodeBlame:
    """A piece of the user's source where a number goes wrong: torch's value there, the true one, why, and the cure."""

    file: str
    line: int
    span: tuple[int, int]
    source: str
    operation: str
    reason: str
    sentence: str
    value: float | None = None
    exact: str | None = None
    cure: str | None = None
    guard: str | None = None  # another function, with value and gradient where this one has none
    write: str | None = None  # how either is written in its place
    replaces: str | None = None  # what that stands in place of, where it is another piece of the source
    whole: bool = True  # is all of it right with the cure, or has numbers with the guard? Else that piece by itself
    spot: Any = field(default=None, repr=False)  # the place of that piece, for who edits the file

    @property
    def written(self) -> str | None:
        """What to write, and in place of what, in words."""
        text = self.write or self.cure or self.guard
        return text if text is None or self.replaces is None else f"{text} in place of {self.replaces}"


def at(
    place: Place,
    operation: str,
    reason: str,
    sentence: str,
    cure: Written | None = None,
    guard: Written | None = None,
    **numbers: Any,
) -> CodeBlame:
    """The blame of a place in the source, with torch's number and the true one."""
    chosen = cure or guard
    spot = None if chosen is None else chosen.place
    other = None if spot is None or _piece(spot) == _piece(place) else " ".join(spot.whole.split())
    return CodeBlame(
        place.file, place.line, place.span, place.source, operation, reason, sentence,
        cure=None if cure is None else cure.text, guard=None if guard is None else guard.text,
        write=None if chosen is None else chosen.write, replaces=other, spot=spot, **numbers,
    )  # fmt: skip


def _piece(place: Place) -> tuple[str, int, tuple[int, int]]:
    return place.file, place.line, place.span


@dataclass(frozen=True, slots=True)
class CodeFormula:
    """What code computes, as a formula, and its closed-form gradient; `names` of the code's variables in it.

    `shown` is None where there is none, and `absent` says why: which operation stands in the way.
    """

    shown: Comparison | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    absent: str | None = None


@dataclass(frozen=True, slots=True)
class CodeAudit(Printed):
    """The audit of a piece of code at a point.

    `traced`: every operation was seen and is covered, so that the truth is exact; `notes` says what was not, and what
    else there is to know. `directions` are slopes along fixed directions, where all components were too much work. Of
    order 2, the gradient is that of the slopes `along` so many fixed directions, each component the worst of them.
    `formula` is None where it was not asked for.
    """

    target: str
    dtype: str
    forward: Judged
    gradient: Mapping[str, Part]
    blame: tuple[CodeBlame, ...] = ()
    traced: bool = True
    contracted: bool = False
    notes: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    directions: tuple[Judged, ...] = ()
    order: int = 1
    along: int = 0
    formula: CodeFormula | None = None

    @property
    def verdict(self) -> Finding:
        """The worst verdict: of the value, of every component, and of every direction."""
        parts = (*(part.verdict for part in self.gradient.values()), *(one.verdict for one in self.directions))
        return max((self.forward.verdict, *parts), key=SEVERITY.index)

    @property
    def undecided(self) -> bool:
        """Is the worst of it that nothing could be proven?"""
        return self.verdict is Finding.UNDECIDED


@dataclass(frozen=True, slots=True)
class CodeFormats(Printed):
    """The audits of a piece of code in several number formats, in the order that was asked for."""

    target: str
    audits: Mapping[str, CodeAudit]

    @property
    def verdict(self) -> Finding:
        """The worst of all."""
        return max((one.verdict for one in self.audits.values()), key=SEVERITY.index)


@dataclass(frozen=True, slots=True)
class CodeVertex:
    """A variable, a constant, or an operation of the code: `label` is the user's source text.

    `operation` is ATen's name, `Name.apply` of a custom function, `leaf` or `constant`. `value` and `gradient` are
    torch's numbers, nested by the shape; `reason` says why it is to blame, None where it is not. What is `overwritten`
    was changed in place after it, so that torch no longer has the gradient by it.
    """

    id: int
    label: str
    operation: str
    line: int | None
    shape: Shape
    value: Any
    grad_fn: str | None
    gradient: Any
    reason: str | None
    overwritten: bool = False


@dataclass(frozen=True, slots=True)
class CodeEdge:
    """What an operation reads: torch's `local` derivative, of a number or element by element; None of arrays.

    `vjp` is the shape of what flows back; None where nothing does, as to a constant.
    """

    source: int
    target: int
    local: Any = None
    vjp: Shape | None = None


@dataclass(frozen=True, slots=True)
class CodeGraph(Printed):
    """The graph of a piece of code at a point, in the order of the run, and the audit that marks what is wrong."""

    vertices: tuple[CodeVertex, ...]
    edges: tuple[CodeEdge, ...]
    audit: CodeAudit

    @property
    def verdict(self) -> Finding:
        """That of the audit."""
        return self.audit.verdict


def counted(gradient: Mapping[str, Part]) -> dict[str, int]:
    """How many components have each verdict, from best to worst."""
    found = Counter(one.verdict for part in gradient.values() for one in part.components)
    return {finding.value: found[finding] for finding in SEVERITY if found[finding]}
