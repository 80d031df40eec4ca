"""The percent sign: Maxima's `%pi` and `%e` where an operand begins, the remainder between two operands, R's `%*%`."""

from __future__ import annotations

from dataclasses import replace

from gradcalc.base import ways
from gradcalc.syntax.foreign.words import Words, call, operator
from gradcalc.syntax.tokens import COMPLEX, Token

CONSTANTS = {"pi": "pi", "e": "e"}
VALUES = ("name", "number", "call")
HINT = "5% is 0.05; the remainder of x by y is `x % y`"


def percent(words: Words) -> list[Token]:
    """`%pi` becomes `pi`; `x % y` stays. Raises where the sign stands for neither."""
    words = replace(words, tokens=_products(words))
    made: list[Token] = []
    for index, token in enumerate(words.tokens):
        following = words.at(index + 1)
        if token.text != "%":
            if words.at(index - 1).text != "%" or words.ends_value(index - 2):
                made.append(token)
        elif words.ends_value(index - 1):
            if following.text == "of" and words.at(index - 1).kind == "number" and _is_plain(words, index + 2):
                part = f"{words.at(index - 1).text}/100*{words.typed(index + 2)}"
                raise words.fail("`%` stands between two values", token.span, f"write `{part}`")
            if following.kind not in VALUES and following.text not in ("(", "[", "|"):
                raise words.fail("`%` stands between two values", token.span, HINT)
            made.append(token)
        elif following.text in CONSTANTS and following.span.start == token.span.end:
            made.append(replace(following, text=CONSTANTS[following.text], span=token.span.join(following.span)))
        else:
            message, hint = (COMPLEX, ways.PARTS) if following.text == "i" else ("`%` stands between two values", HINT)
            raise words.fail(message, token.span, hint)
    return made


def _is_plain(words: Words, index: int) -> bool:
    """Is there a number, or a name of no function?"""
    token = words.at(index)
    return token.kind == "number" or (words.is_name(index) and not words.is_function(token.text))


def _products(words: Words) -> list[Token]:
    """R's products of matrices, `x %*% y`, and beside them its transposed `t(x)`."""
    signs = [index for index in range(len(words.tokens)) if words.texts(index, 3) == ["%", "*", "%"]]
    signs = [one for one, before in zip(signs, [-3, *signs], strict=False) if one - before > 2]
    dropped = {index + shift for index in signs for shift in (1, 2)}
    made: list[Token] = []
    for index, token in enumerate(words.tokens):
        if index in signs:
            made.append(operator("@", replace(token, span=token.span.join(words.tokens[index + 2].span))))
        elif signs and token.text == "t" and words.is_called(index) and not words.is_given("t"):
            made.append(call("transpose", token))
        elif index not in dropped:
            made.append(token)
    return made
