"""What an equals sign means behind something that is no bare name: an equation, or the same said again."""

from __future__ import annotations

from gradcalc.syntax.cursor import Cursor
from gradcalc.syntax.tree import Call, Name, Node, Statement, free_names, postorder, spanned


def equation(cursor: Cursor, left: Node) -> Statement:
    """The rest of `x**2 + y**2 = 25`, whose left side is no bare name. Raises at a second equals sign."""
    if isinstance(left, Call) and left.function == "prime":
        hint = "write the function itself: its derivative is what comes out"
        raise cursor.fail("a derivative is not part of the language", spanned(left), hint)
    cursor.advance()
    cursor.skip_lines()
    right = cursor.expression(0)
    if cursor.at("="):
        raise cursor.fail("an equation has one equals sign, and this is the second", hint="leave one side out")
    span = spanned(left).join(spanned(right))
    return Statement(None, Call("sub", (left, right), span), span, equation=True)


def same_again(cursor: Cursor, body: Node) -> None:
    """The rest of `f(x) = a = b`, which says the same again. Raises where it may say something else."""
    sign = cursor.token
    while cursor.at("="):
        cursor.advance()
        other = cursor.expression(0)
        if isinstance(body, Name) or not free_names(postorder(other)):
            hint = "leave one of the sides out"
            raise cursor.fail("it is unclear which side is the definition", sign.span.join(spanned(other)), hint)
