"""One question at many points: a table's rows, or the numbers of a range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from gradcalc.base.errors import GradcalcError, UsageError
from gradcalc.base.limits import current
from gradcalc.base.printing import Printed
from gradcalc.files.columns.doors import reading_table
from gradcalc.files.columns.kinds import kind_of
from gradcalc.files.columns.piece import Wanted
from gradcalc.inputs.sweep import points_of, require_few
from gradcalc.jobs.map.plan import Asked, planned

Answer = TypeVar("Answer", bound=Any)
Point = Mapping[str, float] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Several(Generic[Answer], Printed):
    """The answers at the points, in their order."""

    expression: str
    answers: tuple[Answer, ...]

    @property
    def verdict(self) -> str | None:
        """The worst of the verdicts; None where nothing was compared."""
        known = [one.verdict for one in self.answers if one.verdict is not None]
        kinds: Any = type(known[0]) if known else ()  # an enumeration, from best to worst
        return max(known, key=list(kinds).index, default=None)


def points(
    expression: str, at: Sequence[str] | None, file: Path | None, columns: Mapping[str, str], wrt: Sequence[str] | None
) -> list[Point] | None:
    """The points that are asked for, where they are several; `columns` are those of variables in the file.

    Raises as `map` does.
    """
    swept = points_of(at, current())
    if file is None:
        if columns:
            raise UsageError("--column is for --points")
        return None if swept is None else list(swept)
    if swept is not None:
        raise UsageError("--points and a range in --at exclude each other")
    kind = kind_of(file, None, "--points")
    with reading_table(file, kind) as (reader, _):
        plan = planned(Asked(expression, columns, at, wrt, carried=()), reader.names, f"`{file}`")
        found: list[Point] = []
        for piece in reader.pieces(Wanted(tuple(plan.inputs.values()), ())):
            require_few(len(found) + piece.rows)
            found += _rows(tuple(plan.inputs), piece.numbers, plan.fixed)
    return found


def _rows(names: Sequence[str], columns: Sequence[Any], fixed: Mapping[str, float]) -> Iterator[dict[str, float]]:
    lists = [one.to_pylist() if hasattr(one, "to_pylist") else list(one) for one in columns]
    return (dict(zip(names, row, strict=True)) | dict(fixed) for row in zip(*lists, strict=True))


def asked_at(
    expression: str,
    given: Sequence[Point],
    ask: Callable[..., Answer],
    report: Callable[[int, int, str], None],
) -> Several[Answer]:
    """The answers at all points. Raises the error of a point, which says where it is."""
    answers = []
    for place, point in enumerate(given, 1):
        try:
            answers.append(ask(at=point))
        except GradcalcError as error:
            error.message = f"at point {place:,}: {error.message}"
            raise
        report(place, len(given), f"{place:,} of {len(given):,} points")
    return Several(expression, tuple(answers))
