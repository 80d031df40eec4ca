"""The percent sign: Maxima's `%pi` and `%e` where an operand begins, the remainder between two operands."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.syntax.foreign.words import Words
from gradcalc.syntax.tokens import COMPLEX, Token

CONSTANTS = {"pi": "pi", "e": "e"}
HINT = "5% is 0.05; the remainder of x by y is `x % y`"


def percent(words: Words) -> list[Token]:
    """`%pi` becomes `pi`; `x % y` stays. Raises where the sign stands for neither."""
    made: list[Token] = []
    for index, token in enumerate(words.tokens):
        following = words.at(index + 1)
        if token.text != "%":
            if words.at(index - 1).text != "%" or words.ends_value(index - 2):
                made.append(token)
        elif words.ends_value(index - 1):
            if following.kind not in ("name", "number", "call") and following.text not in ("(", "[", "|"):
                raise words.fail("`%` stands between two values", token.span, HINT)
            made.append(token)
        elif following.text in CONSTANTS and following.span.start == token.span.end:
            made.append(replace(following, text=CONSTANTS[following.text], span=token.span.join(following.span)))
        else:
            message = COMPLEX if following.text == "i" else "`%` stands between two values"
            raise words.fail(message, token.span, None if following.text == "i" else HINT)
    return made
