"""Expressions as other programs write them, and as hands slip: each with the whole message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.console import code_of

COMMA = "hint: a decimal comma is written as a point: 1.5; an array stands in brackets: [x, y]\n"
NO_INTEGRAL = (
    "gradcalc derives, it does not integrate; "
    "whether F is an antiderivative of f is told by gradcalc check 'F' --gradient 'f'"
)
EXPRESSIONS = [  # of `gradcalc diff`
    ("2 +* x", "error: expected a value, found `*`\n\n  2 +* x\n     ^\n\n"
     "hint: write a number, a name or a bracket there, or leave it out\n"),
    ("3 x y z)", "error: expected an operator or the end, found `)`\n\n  3 x y z)\n         ^\n\n"
     "hint: write a sign such as `*` there, or a new line for the next statement\n"),
    ("((x+1)", "error: `(` is never closed\n\n  ((x+1)\n  ^\n\n"
     "hint: close it, or leave it out\n"),
    ("1,5*x", "error: expected an operator or the end, found `,`\n\n  1,5*x\n   ^\n\n" + COMMA),
    ("1.2.3*x", "error: two values side by side\n\n  1.2.3*x\n  ^^^^^\n\nhint: write an operator between them\n"),
    ("0x1F*x",
     "error: numbers are decimal here\n\n"
     "  0x1F*x\n  ^^^^\n\n"
     "hint: write the number in base ten, or a product with `*`\n"),
    ("1_000*x", "error: a number has no underscores\n\n  1_000*x\n  ^^^^^\n\nhint: write `1000`\n"),
    ("5% * x",
     "error: `%` stands between two values\n\n"
     "  5% * x\n   ^\n\n"
     "hint: 5% is 0.05; the remainder of x by y is `x % y`\n"),
    ("x & y", "error: unexpected `&`\n\n  x & y\n    ^\n\nhint: write `where(x > 0, where(y > 0, a, b), b)`\n"),
    ("x''",
     "error: a derivative is not part of the language\n\n  x''\n  ^^\n\nhint: write the function itself\n"),
    ("∫x dx", f"error: unexpected `∫`\n\n  ∫x dx\n  ^\n\nhint: {NO_INTEGRAL}\n"),
    ("\\int x dx",
     "error: `\\int` is not part of the language\n\n"
     "  \\int x dx\n  ^^^^\n\n"
     f"hint: {NO_INTEGRAL}\n"),
    ("\\begin{figure} x^2 \\end{figure}",
     "error: `figure` is not part of the language\n\n  \\begin{figure} x^2 \\end{figure}\n  ^^^^^^\n\n"
     "hint: leave it out, or write the formula that it stands for\n"),
    ("\\frac{x}", "error: `\\frac` needs an argument in braces\n\n  \\frac{x}\n  ^^^^^\n\n"
     "hint: write the argument behind it: `\\sqrt{x}`, `\\frac{a}{b}`, `x^{2}`\n"),
    ("\\sin^{n} x",
     "error: a power of `\\sin` itself is ambiguous\n\n"
     "  \\sin^{n} x\n  ^^^^^^^^\n\n"
     "hint: write `\\sin(x)^{…}`, or the name of the inverse function\n"),
    ("\\left( x \\right]",
     "error: expected `\\right)`, found `\\right]`\n\n  \\left( x \\right]\n  ^^^^^^^^^^^^^^^^\n\n"
     "hint: close the bracket with its own kind\n"),
    ("=SUM(A1:A3)",
     "error: expected `,` or `)`, found `:`\n\n  =SUM(A1:A3)\n         ^\n\n"
     "hint: write every element: `[x1, x2, x3]`\n"),
    ("LOG(x,2)",
     "error: unknown function `LOG`\n\n  LOG(x,2)\n  ^^^\n\nhint: did you mean `log`?\n"),
    ("x if x>0",
     "error: expected `else`, found the end\n\n  x if x>0\n          ^\n\nhint: write `where(x > 0, a, b)`\n"),
    ("lambda: x**2",
     "error: expected an operator or the end, found `:`\n\n"
     "  lambda: x**2\n        ^\n\n"
     "hint: a name is defined with `=`\n"),
    ("math.sni(x)",
     "error: unknown function `math.sni`\n\n  math.sni(x)\n  ^^^^^^^^\n\nhint: did you mean `sin`?\n"),
    ("print(x)",
     "error: `print` is not a function\n\n  print(x)\n  ^^^^^\n\nhint: for a product write `print*(x)`\n"),
    ("x.grad", "error: unknown method `grad`\n\n  x.grad\n    ^^^^\n\nhint: write `x.T`, or `x.sum()`\n"),
    ("inf*x", "error: `inf` is not a number here\n\n  inf*x\n  ^^^\n\n"
     "hint: write a large number, such as `1e6`\n"),
    ("“x”", "error: unexpected `“`\n\n  “x”\n  ^\n\nhint: leave the quotes out\n"),
    ('"x**2"', 'error: unexpected `"`\n\n  "x**2"\n  ^\n\nhint: leave the quotes out\n'),
    ("2½", "error: unexpected `½`\n\n  2½\n   ^\n\nhint: write a sum: `2 + 1/2`\n"),
    ("f(2) = x^2",
     "error: a function is defined with names in its parentheses\n\n"
     "  f(2) = x^2\n  ^^^^\n\n"
     "hint: write `f(x) = …`\n"),
    ("2 -> x^2",
     "error: expected an operator or the end, found `->`\n\n"
     "  2 -> x^2\n    ^^\n\n"
     "hint: a function is written `f(x) = …`\n"),
    ("２x", "error: unexpected `２`\n\n  ２x\n  ^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    ("\ufeffx", "error: unexpected character U+FEFF\n\n  \\ufeffx\n  ^^^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    ("x\n+1",
     "error: only the last statement may go without a name\n\n"
     "  line 1: x\n          ^\n\n"
     "hint: write `name = expression`, or parentheses around an expression of several lines\n"),
    ("[1,[2,3]]", "error: shapes () and (2,): the rows of an array have one shape\n\n  [1,[2,3]]\n   ^ ^^^^^\n\n"
     "hint: give each row as many elements\n"),
    ("[1,2][3]", "error: shape (2,): has no element 3; indices run from 1 to 2\n\n  [1,2][3]\n  ^^^^^\n"),
    ("eye(-1)", "error: a dimension is at least 1\n\n  eye(-1)\n  ^^^^^^^\n"),
    ("x[0]", "error: elements are counted from 1\n\n  x[0]\n    ^\n\nhint: the first one is `x[1]`\n"),
    ("x[1]",
     "error: shape (): takes at most 0 indices\n\n"
     "  x[1]\n  ^\n\n"
     "hint: give the shapes, as in --shape x=n --shape A=n,n, or values with --at\n"),
    ("x>0>y", "error: comparisons do not chain\n\n  x>0>y\n   ^^^"
     "\n\nhint: write `where(x > 0, where(y > 0, a, b), b)`\n"),
    ("where(x>0,1)",
     "error: `where` takes 3 arguments, found 2\n\n"
     "  where(x>0,1)\n  ^^^^^^^^^^^^\n\n"
     "hint: write `where(x > 0, a, b)`\n"),
    ("sin", "error: `sin` is a function and needs an argument\n\n  sin\n  ^^^\n\nhint: write `sin(x)`\n"),
    ("||", "error: `|` is never closed\n\n  ||\n   ^\n\n"
     "hint: an absolute value has two bars: `|x|`\n"),
    ("", "error: the expression is empty\n\n"
     "hint: write one, such as `x**2`\n"),
    ("; ;", "error: the expression is empty\n\n  ; ;\n  ^^^\n\n"
     "hint: write one, such as `x**2`\n"),
    ("@", "error: `@` stands alone, expected @FILE\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), EXPRESSIONS)
def test_an_expression_is_refused_with_this_message(text: str, message: str, tmp_path: Path) -> None:
    assert code_of(["diff", "--", text], tmp_path) == (2, message)
