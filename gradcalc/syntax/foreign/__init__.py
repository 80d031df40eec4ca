"""The spellings of other languages, token by token: `np.exp(x)`, `Sin[x]`, `x'*A*x`, `lambda x: x**2`, `%pi`.

Each stage takes the tokens of a text and gives them back in gradcalc's own spelling, at the places where they were
typed; a stage whose sign the text lacks is not asked.
"""

from __future__ import annotations

from collections.abc import Callable

from gradcalc.syntax.foreign.brackets import brackets
from gradcalc.syntax.foreign.functions import CONSTANTS, constants, functions, remainders
from gradcalc.syntax.foreign.grouping import grouping
from gradcalc.syntax.foreign.heads import heads
from gradcalc.syntax.foreign.matlab import matlab
from gradcalc.syntax.foreign.modules import modules
from gradcalc.syntax.foreign.norms import norms
from gradcalc.syntax.foreign.percent import percent
from gradcalc.syntax.foreign.pieces import PIECEWISE, pieces
from gradcalc.syntax.foreign.refused import derivatives
from gradcalc.syntax.foreign.rows import rows
from gradcalc.syntax.foreign.words import Words
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.tokens import Token

STAGES: tuple[tuple[frozenset[str], Callable[[Words], list[Token]]], ...] = (  # the signs that call for it
    (frozenset({"."}), modules),
    (frozenset({"["}), brackets),
    (frozenset({"["}), rows),
    (frozenset({"["}), grouping),
    (frozenset({"=", ":=", ":", "->", "=>", "@", "function"}), heads),
    (frozenset({"mod"}), remainders),
    (frozenset({".*", "./", ".^", ".'", ".+", ".-", "'", "⊤"}), matlab),
    (frozenset({"|", "‖", "⟨"}), norms),
    (frozenset({"%"}), percent),
    (frozenset({"/", "of"}), derivatives),
    (PIECEWISE, pieces),
    (frozenset({"("}), functions),
    (frozenset(CONSTANTS), constants),
)


def translated(tokens: list[Token], source: str, vocabulary: Vocabulary) -> list[Token]:
    """The tokens in gradcalc's own spelling. Raises ExpressionSyntaxError at what has no meaning here."""
    for signs, stage in STAGES:
        if not signs.isdisjoint(token.text for token in tokens):
            tokens = stage(Words(tokens, source, vocabulary))
    return tokens
