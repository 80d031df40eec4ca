"""Points as calculators, languages and spreadsheets write them: each with the whole message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.console import code_of

POINTS = [  # of `gradcalc diff 'x**2' --at`
    ("", "error: --at is empty\n\nhint: write --at 3, or --at x=3,y=2\n"),
    (" ", "error: --at is empty\n\nhint: write --at 3, or --at x=3,y=2\n"),
    ("x=", "error: expected a value, found the end\n\n  x=\n    ^\n\n"
     "hint: write what is missing, or leave out the sign before it\n"),
    ("=3", "error: expected a value, found `=`\n\n  =3\n  ^\n\n"
     "hint: write a number, a name or a bracket there, or leave it out\n"),
    ("x==3",
     "error: expected a number, found a comparison\n\n  x==3\n  ^^^^\n\n"
     "hint: write it with one `=`, as an equation is\n"),
    ("x=3=4", "error: expected `,` or the end, found `=`\n\n  x=3=4\n     ^\n\nhint: separate values with a comma\n"),
    ("x:3", "error: expected `,` or the end, found `:`\n\n  x:3\n   ^\n\nhint: a name is defined with `=`\n"),
    ("x=3,", "error: expected a value, found the end\n\n  x=3,\n      ^\n\n"
     "hint: write what is missing, or leave out the sign before it\n"),
    ("y=2", "error: `y` is not a variable of the expression\n\n  y=2\n  ^^^\n\nhint: its variables are `x`\n"),
    ("x=3,x=4", "error: `x` is given twice\n\n  x=3,x=4\n      ^^^\n"),
    ("x=1,5",
     "error: `x` is given twice\n\n"
     "  x=1,5\n      ^\n\n"
     "hint: a decimal comma is written as a point: 1.5; an array stands in brackets: [1, 5]\n"),
    ("x=nan", "error: `nan` is not a number here\n\n  x=nan\n    ^^^\n\n"
     "hint: leave it out: what has no value comes out as such\n"),
    ("x=-inf", "error: `inf` is not a number here\n\n  x=-inf\n     ^^^\n\n"
     "hint: write a large number, such as `1e6`\n"),
    ("x=1e999", "error: the value is beyond the largest float64, 1.8e+308\n\n  x=1e999\n  ^^^^^^^\n"),
    ("x=1/0", "error: the value is not a real number\n\n  x=1/0\n  ^^^^^\n\n"
     "hint: give a finite real number\n"),
    ("x=x", "error: `x` is not a number\n\n  x=x\n  ^^^\n\nhint: give a number, or numbers in an expression: `pi/4`\n"),
    ("x=[1,[2]]", "error: shapes () and (1,): the rows of an array have one shape\n\n  x=[1,[2]]\n     ^ ^^^\n\n"
     "hint: give each row as many elements\n"),
    ("x=[]", "error: an array has at least one element\n\n  x=[]\n    ^^\n\n"
     "hint: write `[x, y]`\n"),
    ("x=1_000", "error: a number has no underscores\n\n  x=1_000\n    ^^^^^\n\nhint: write `1000`\n"),
    ("x=0x10",
     "error: numbers are decimal here\n\n"
     "  x=0x10\n    ^^^^\n\n"
     "hint: write the number in base ten, or a product with `*`\n"),
    ('x="3"', 'error: unexpected `"`\n\n  x="3"\n    ^\n\nhint: leave the quotes out\n'),
    ("x=３", "error: unexpected `３`\n\n  x=３\n    ^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    ("x=3%",
     "error: `%` stands between two values\n\n"
     "  x=3%\n     ^\n\n"
     "hint: 5% is 0.05; the remainder of x by y is `x % y`\n"),
    ("x=2i", "error: `i` is not a number\n\n  x=2i\n  ^^^^\n\n"
     "hint: give a number, or numbers in an expression: `pi/4`\n"),
    ("x=None", "error: `None` is not a number\n\n  x=None\n  ^^^^^^\n\n"
     "hint: give a number, or numbers in an expression: `pi/4`\n"),
    ('{"x": 3}', 'error: unexpected `"`\n\n  {"x": 3}\n   ^\n\nhint: leave the quotes out\n'),
    ("x=3 y=2",
     "error: expected `,` or the end, found `=`\n\n  x=3 y=2\n       ^\n\nhint: separate values with a comma\n"),
    ("x=@", "error: expected a name and a file\n\n  x=@\n  ^^^\n\nhint: write --at A=@FILE\n"),
    ("@points.csv",
     "error: expected a name and a file\n\n  @points.csv\n  ^^^^^^^^^^^\n\nhint: write --at A=@FILE\n"),
    ("pi=3", "error: `pi` is a constant, it takes no value\n\n  pi=3\n  ^^^^\n"),
    ("x+1=3", "error: expected `,` or the end, found `=`\n\n  x+1=3\n     ^\n\nhint: separate values with a comma\n"),
    ("x=\x1b[2J", "error: unexpected character U+001B\n\n  x=\\x1b[2J\n    ^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    ("x=\x00", "error: unexpected character U+0000\n\n  x=\\x00\n    ^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    ("\ud800=1", "error: unexpected character U+D800\n\n  \\ud800=1\n  ^^^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), POINTS)
def test_a_point_is_refused_with_this_message(text: str, message: str, tmp_path: Path) -> None:
    assert code_of(["diff", "x**2", f"--at={text}"], tmp_path) == (2, message)
