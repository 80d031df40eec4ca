"""Matlab and its kin: `x'*A*x`, `(A*x - b).^2`; with one of their signs, `*` is the product of matrices."""

from __future__ import annotations

from itertools import pairwise

from gradcalc.syntax.foreign.words import Words, operator
from gradcalc.syntax.grammar import BESIDE, SUPERSCRIPT
from gradcalc.syntax.letters import TRANSPOSED
from gradcalc.syntax.tokens import PRIME, Token

ELEMENTWISE = {".*": "*", "./": "/", ".^": "**", ".'": PRIME, ".+": "+", ".-": "-"}
WHOLE = {"*": BESIDE, "^": SUPERSCRIPT}


def matlab(words: Words) -> list[Token]:
    """`.^` becomes `**`, and `*` what stands between matrices; `x^⊤` becomes `xᵀ`."""
    signs = {one.text for before, one in pairwise(words.tokens) if before.kind != "number"}  # 2.*x is Python's too
    whole = WHOLE if signs & {*ELEMENTWISE, PRIME} else {}
    made: list[Token] = []
    for index, token in enumerate(words.tokens):
        if token.text == "⊤" and words.at(index - 1).text == "^":
            made[-1] = operator(TRANSPOSED, made[-1])
        elif token.kind == "operator":
            made.append(operator(ELEMENTWISE.get(token.text) or whole.get(token.text) or token.text, token))
        else:
            made.append(token)
    return made
