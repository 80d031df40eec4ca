"""How an error looks: message, place, hint."""

from __future__ import annotations

import pytest

from gradcalc.errors import ExpressionSyntaxError, GradcalcError
from gradcalc.render.error import render
from gradcalc.span import Span

LONG = "1+" * 60 + "sni(x)" + "+1" * 60

SHOWN = {
    "message alone": (GradcalcError("no"), "error: no\n"),
    "message and hint": (GradcalcError("no", hint="do this"), "error: no\n\nhint: do this\n"),
    "carets under the piece": (
        GradcalcError("unknown function `sni`", span=Span(4, 7), source="2 * sni(x) + 1", hint="did you mean `sin`?"),
        "error: unknown function `sni`\n\n  2 * sni(x) + 1\n      ^^^\n\nhint: did you mean `sin`?\n",
    ),
    "one caret past the end": (
        GradcalcError("expected a value, found the end", span=Span(2, 2), source="x*"),
        "error: expected a value, found the end\n\n  x*\n    ^\n",
    ),
    "the line is named in a text of several": (
        GradcalcError("no", span=Span(10, 13), source="y = x\nz = sni(y)\nz"),
        "error: no\n\n  line 2: z = sni(y)\n              ^^^\n",
    ),
    "a piece that goes on in the next line is marked to the end of its first": (
        GradcalcError("no", span=Span(2, 9), source="a (b\nc d) e"),
        "error: no\n\n  line 1: a (b\n            ^^\n",
    ),
    "a long line is cut on both sides of the piece": (
        GradcalcError("no", span=Span(120, 123), source=LONG),
        "error: no\n\n  …1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+sni(x)+1+1+1+1+1+1+1+1+1+1+1+1+1+…\n"
        "                                           ^^^\n",
    ),
    "wide letters take two columns": (
        GradcalcError("no", span=Span(2, 4), source="变+变量"),
        "error: no\n\n  变+变量\n     ^^^^\n",
    ),
    "what a terminal would obey is shown as dots": (
        ExpressionSyntaxError("no \x1b[31m", span=Span(1, 2), source="\x1b[31mx"),
        "error: no ·[31m\n\n  ·[31mx\n   ^\n",
    ),
}


@pytest.mark.parametrize(("error", "text"), SHOWN.values(), ids=SHOWN)
def test_an_error_is_shown(error: GradcalcError, text: str) -> None:
    assert render(error) == text
