"""How an error looks: message, place, hint."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, ShapeError
from gradcalc.base.span import Span
from gradcalc.render.error import render

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
    "what a terminal would obey is spelled out": (
        ExpressionSyntaxError("no \x1b[31m", span=Span(0, 1), source="\x1b[31mx"),
        "error: no \\x1b[31m\n\n  \\x1b[31mx\n  ^^^^\n",
    ),
    "so are marks of direction, and halves of characters": (
        GradcalcError("no", span=Span(3, 4), source="\u202ex+\ud800"),
        "error: no\n\n  \\u202ex+\\ud800\n          ^^^^^^\n",
    ),
    "so is what has no character": (
        GradcalcError("no", span=Span(0, 1), source="\x00\x7f\x9b\U000e0001"),
        "error: no\n\n  \\x00\\x7f\\x9b\\U000e0001\n  ^^^^\n",
    ),
    "white space of any kind is shown as spaces": (
        GradcalcError("no", span=Span(4, 5), source="x\t+\u00a0y", hint="write `x\n+y`"),
        "error: no\n\n  x + y\n      ^\n\nhint: write `x +y`\n",
    ),
    "an accent takes no column": (
        GradcalcError("no", span=Span(3, 4), source="e\u0301+y"),
        "error: no\n\n  e\u0301+y\n    ^\n",
    ),
    "an accent alone has a caret all the same": (
        GradcalcError("no", span=Span(1, 2), source="x\u0301"),
        "error: no\n\n  x\u0301\n   ^\n",
    ),
    "the end of a text with empty lines behind it is the end of its last line": (
        GradcalcError("no", span=Span(5, 5), source="x +\n\n"),
        "error: no\n\n  x +\n     ^\n",
    ),
    "a text without a letter is not shown": (
        GradcalcError("the expression is empty", span=Span(0, 3), source=" \n "),
        "error: the expression is empty\n",
    ),
    "a very long piece is cut": (
        GradcalcError("no", span=Span(2, 300), source="x+" + "y" * 298),
        "error: no\n\n  x+" + "y" * 90 + "…\n    " + "^" * 60 + "\n",
    ),
    "two places in one line": (
        ShapeError("shapes 2 and 3", span=Span(0, 1), also=Span(4, 5), source="x @ y"),
        "error: shapes 2 and 3\n\n  x @ y\n  ^   ^\n",
    ),
    "two places in two lines": (
        ShapeError("shapes 2 and 3", span=Span(0, 1), also=Span(4, 5), source="x @\ny"),
        "error: shapes 2 and 3\n\n  line 1: x @\n          ^\n\n  line 2: y\n          ^\n",
    ),
    "two places far from each other": (
        ShapeError("shapes 2 and 3", span=Span(0, 1), also=Span(104, 105), source="x @" + " " * 101 + "y"),
        "error: shapes 2 and 3\n\n  x @…\n  ^\n\n  …" + " " * 40 + "y\n" + " " * 43 + "^\n",
    ),
}


@pytest.mark.parametrize(("error", "text"), SHOWN.values(), ids=SHOWN)
def test_an_error_is_shown(error: GradcalcError, text: str) -> None:
    assert render(error) == text
