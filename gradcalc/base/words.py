"""Names and numbers as sentences say them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from gradcalc.base.errors import shortened

MOST_NAMES = 10  # of a list in a message
MOST_IN_FRONT = 12  # of a sentence
DIGITS = 6


def joined(texts: Sequence[str], joint: str = "and") -> str:
    """`x`, `x and y`, `x, y and z`."""
    *first, last = texts
    return f"{', '.join(first)} {joint} {last}" if first else last


def listed(names: Sequence[str], joint: str = "and") -> str:
    """A user's names for a message, in backticks; of a long list the first ones."""
    quoted = [f"`{shortened(name)}`" for name in names[:MOST_NAMES]]
    return joined([*quoted, f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else quoted, joint)


def first_of(texts: Sequence[str], most: int = MOST_IN_FRONT, shown: int = 3) -> str:
    """Names in front of a sentence, `x, y, z`; of more than `most` the first ones: `x, y, z and 7 more`."""
    if len(texts) <= most:
        return ", ".join(texts)
    return joined([*texts[:shown], f"{len(texts) - shown:,} more"])


def untaken(names: Sequence[str], taken: Container[object]) -> str:
    """The first of the names that is not taken; where all are, the last with `_` after it."""
    name = next((name for name in names if name not in taken), names[-1])
    while name in taken:
        name += "_"
    return name


def brief(value: float | None) -> str:
    """A number in a few digits, zero without a sign; `nothing` where there is none."""
    return "nothing" if value is None else f"{value + 0.0:.{DIGITS}g}"


def place(point: Mapping[str, float]) -> str:
    """`x = 1.5, y = 0.0`."""
    return ", ".join(f"{name} = {value!r}" for name, value in point.items())
