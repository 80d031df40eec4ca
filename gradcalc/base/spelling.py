"""Which known word someone may have meant: small slips of the fingers, and words that go on too long."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

LONGEST_WORD = 40  # characters; nothing longer is a slip
LETTERS_A_SLIP = 3  # one slip is forgiven for every three letters
SHORTEST_BEGINNING = 3  # letters; `cosine` begins with `cos`


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is fewest slips away, as one slip to three letters allows; None where none is near.

    Between equals, the one that begins like `word` for longer, then the shorter one: `sinn` is `sin`, not `sign`.
    """
    if len(word) > LONGEST_WORD:
        return None
    ranked = [(_rank(word, candidate), candidate) for candidate in sorted(known)]
    near = [(*key, candidate) for key, candidate in ranked if key is not None]
    return min(near)[-1] if near else None


def _rank(word: str, candidate: str) -> tuple[int, int, int] | None:
    """What `candidate` is ranked by, or None where it is too far from `word`."""
    allowed = max(len(word), len(candidate)) // LETTERS_A_SLIP
    if abs(len(word) - len(candidate)) > allowed:
        return None
    distance = slips(word.casefold(), candidate.casefold())
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, candidate, strict=False)))
    return (distance, -shared, len(candidate)) if distance <= allowed else None


def beginning(word: str, known: Iterable[str]) -> str | None:
    """The longest known word that `word` begins with, or else the shortest that begins with `word`."""
    words = [candidate for candidate in sorted(known) if min(len(candidate), len(word)) >= SHORTEST_BEGINNING]
    inside = [candidate for candidate in words if word.casefold().startswith(candidate.casefold())]
    around = [candidate for candidate in words if candidate.casefold().startswith(word.casefold())]
    return max(inside, key=lambda one: (len(one), word.startswith(one)), default=None) or min(
        around, key=len, default=None
    )


def slips(word: str, other: str) -> int:
    """How many letters are missing, extra, wrong, or swapped with their neighbour.

    The optimal string alignment distance, row by row. O(len(word) · len(other)).
    Source: Damerau, A technique for computer detection and correction of spelling errors, 1964.
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                row[j] = min(row[j], before[j - 2] + 1)
        before, above = above, row
    return above[-1]
