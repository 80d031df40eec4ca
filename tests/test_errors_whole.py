"""Wrong expressions, and the whole message that each one meets."""

from __future__ import annotations

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.problem.resolve import read
from gradcalc.render.error import render

MESSAGES = [
    (
        "2 * sni(x) + 1",
        """\
error: unknown function `sni`

  2 * sni(x) + 1
      ^^^

hint: did you mean `sin`?
""",
    ),
    (
        "x(2)",
        """\
error: `x` is not a function

  x(2)
  ^

hint: for a product write `x*(2)`
""",
    ),
    (
        "3*(x + 1",
        """\
error: `(` is never closed

  3*(x + 1
    ^

hint: close it, or leave it out
""",
    ),
    (
        "x +",
        """\
error: expected a value, found the end

  x +
     ^

hint: write what is missing, or leave out the sign before it
""",
    ),
    (
        "",
        """\
error: the expression is empty

hint: write one, such as `x**2`
""",
    ),
    (
        "y = x**2\nz = sinn(y)\nz",
        """\
error: unknown function `sinn`

  line 2: z = sinn(y)
              ^^^^

hint: did you mean `sin`?
""",
    ),
    (
        "y = x**2; y = 3; y",
        """\
error: `y` is defined twice

  y = x**2; y = 3; y
            ^

hint: choose another name
""",
    ),
    (
        "a = b; b = a; a",
        """\
error: `a` and `b` are defined by each other

  a = b; b = a; a
      ^

hint: define one of them without the other
""",
    ),
    (
        "1 + atan2(x)*2",
        """\
error: `atan2` takes 2 arguments, found 1

  1 + atan2(x)*2
      ^^^^^^^^

hint: write `atan2(y, x)`
""",
    ),
    (
        "max(x,\n    where(x, 1, 2))",
        """\
error: expected a comparison, found a number

  line 2:     where(x, 1, 2))
                    ^

hint: write `where(x > 0, a, b)`, for instance
""",
    ),
    (
        "sin(x,\ny)",
        """\
error: `sin` takes 1 argument, found 2

  line 1: sin(x,
          ^^^^^^

hint: write `sin(x)`
""",
    ),
    (
        "9**9**9**9",
        """\
error: this constant has about 369,693,100 digits, over the limit of 4,000 digits

  9**9**9**9
     ^^^^^^^

hint: set GRADCALC_MAX_DIGITS to raise it
""",
    ),
    (
        "变量 + sinn(变量)",
        """\
error: unknown function `sinn`

  变量 + sinn(变量)
         ^^^^

hint: did you mean `sin`?
""",
    ),
    (
        "x + \x1b]0;gotcha\x07y",
        """\
error: unexpected character U+001B

  x + \\x1b]0;gotcha\\x07y
      ^^^^

hint: leave it out: the operators are + - * / @ % ^ ! and comparisons
""",
    ),
    (
        "x\u202e + y",
        """\
error: unexpected character U+202E

  x\\u202e + y
   ^^^^^^

hint: leave it out: the operators are + - * / @ % ^ ! and comparisons
""",
    ),
    (
        "\\frac{x}{2",
        """\
error: `{` is never closed

  \\frac{x}{2
          ^

hint: close it, or leave it out
""",
    ),
    (
        "1" + " + 1" * 50 + " + sgmoid(x)" + " + 1" * 50,
        """\
error: unknown function `sgmoid`

  …1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + sgmoid(x) + 1 + 1 + 1 + 1 + 1 + 1 +…
                                           ^^^^^^

hint: did you mean `sigmoid`?
""",
    ),
    (
        "2*" + "long" * 30 + "(x)",
        """\
error: `longlonglonglonglonglonglonglonglonglong…` is not a function

  2*longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglo…
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

hint: for a product write `longlonglonglonglonglonglonglonglonglong…*(…)`
""",
    ),
]


@pytest.mark.parametrize(("source", "message"), MESSAGES, ids=[source[:30] for source, _ in MESSAGES])
def test_a_wrong_expression_meets_this_message(source: str, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        read(source, Limits())
    assert render(raised.value) == message
