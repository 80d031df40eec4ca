"""The words in their order, and the one that is asked for."""

from __future__ import annotations

from gradcalc.base.errors import UsageError, one_of, shortened
from gradcalc.lessons.meanings.kinds import ERRORS, POINTS
from gradcalc.lessons.meanings.reasons import REASONS
from gradcalc.lessons.meanings.records import Meaning, Meanings
from gradcalc.lessons.meanings.verdicts import VERDICTS

MEANINGS = {one.word: one for one in (*VERDICTS, *REASONS, *POINTS, *ERRORS)}


def every() -> Meanings:
    """All the words."""
    return Meanings(MEANINGS)


def meaning(word: str) -> Meaning:
    """What a word means. Raises UsageError where gradcalc never answers with it."""
    known = word.strip().strip("`").lower().replace("_", "-").rpartition(": ")[2]  # `disagree: nan` is asked for too
    if known not in MEANINGS:
        raise UsageError(f"gradcalc never answers `{shortened(word)}`", hint=one_of(known, MEANINGS))
    return MEANINGS[known]
