"""What a hint proposes: the formulas in it, and the commands."""

from __future__ import annotations

import re

from gradcalc.functions import VOCABULARY

QUOTED = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r'gradcalc diff "([^"]+)"(?: --wrt (\w+))?')
LATEX_COMMAND = re.compile(r"\\[A-Za-z]+")
PIECES = {
    "=",
    "==",
    ">=",
    "*",
    "-",
    "\\cdot",
    "@",
    "'",
    ".T",
    "where",
    "sum",
    "gradcalc nograd",
    "f(x)",
    "^{10}",
    "^{-1}",
}  # no formulas


def proposals(hint: str) -> list[str]:
    """The formulas in a hint; a name that it asks to be used is that of a function."""
    pieces = [
        piece for piece in QUOTED.findall(hint) if "…" not in piece and piece not in PIECES and piece[0] not in "^_"
    ]
    named = hint.startswith("did you mean")
    names = VOCABULARY.functions | VOCABULARY.foreign
    return [piece for piece in pieces if not (named and (piece in names or LATEX_COMMAND.fullmatch(piece)))]
