"""Lines of a batch that are no jobs: each with its kind of error and the whole message."""

from __future__ import annotations

import pytest

from gradcalc.files.lines import Line
from gradcalc.jobs.batch import Settings, answer
from gradcalc.render.error import render

JOB = 'hint: write {"expression": "x**2", "at": {"x": 3}}, or "x**2" in quotes, for instance\n'
LINES = [  # kinds, and messages as diff would print them
    (b"{", "line", "error: not JSON: expecting property name enclosed in double quotes\n\n  {\n  ^\n\n" + JOB),
    (b"{'expression': 'x'}", "line",
     "error: not JSON: expecting property name enclosed in double quotes\n\n  {'expression': 'x'}\n   ^\n\n" + JOB),
    (b"x**2", "line", "error: not JSON: expecting value\n\n  x**2\n  ^\n\n" + JOB),
    (b"null", "line", "error: the line is null, expected an object or a string\n\n" + JOB),
    (b"true", "line", "error: the line is true or false, expected an object or a string\n\n" + JOB),
    (b"3", "line", "error: the line is a number, expected an object or a string\n\n" + JOB),
    (b"[1,2]", "line", "error: the line is a list, expected an object or a string\n\n" + JOB),
    (b"{}", "line", "error: the line has no `expression`\n\n" + JOB),
    (b'{"expression": null}', "line", "error: the line has no `expression`\n\n" + JOB),
    (b'{"expression": 3}', "line", "error: `expression` is a number, expected text\n"),
    (b'{"expr": "x"}', "line", "error: unknown key `expr`\n\nhint: did you mean `expression`?\n"),
    (b'{"expression": "x", "expression": "y"}', "line", "error: the key `expression` comes twice\n"),
    (b'{"expression": "x", "at": {"x": 1, "x": 2}}', "line", "error: the key `x` comes twice\n"),
    (b'{"expression": "x", "at": {"": 2}}', "point",
     "error: `` is not the name of a variable\n\nhint: a name is letters, digits and _\n"),
    (b'{"expression": "x", "at": {"x+1": 2}}', "point",
     "error: `x+1` is not the name of a variable\n\nhint: a name is letters, digits and _\n"),
    (b'{"expression": "x", "at": {"y": 2}}', "point",
     "error: `y` is not a variable of the expression\n\nhint: its variables are `x`\n"),
    (b'{"expression": "x", "at": {"x": NaN}}', "line", "error: not JSON: `NaN` is not a number there\n"),
    (b'{"expression": "x", "at": {"x": -Infinity}}', "line", "error: not JSON: `-Infinity` is not a number there\n"),
    (b'{"expression": "x", "at": {"x": "NaN"}}', "point",
     "error: `NaN` is not a number\n\n  NaN\n  ^^^\n\nhint: give a number, or numbers in an expression: `pi/4`\n"),
    (b'{"expression": "x", "at": {"x": null}}', "line", "error: `x` is null, expected a number, a list or text\n"),
    (b'{"expression": "x", "at": {"x": true}}', "line",
     "error: `x` is true or false, expected a number, a list or text\n"),
    (b'{"expression": "x", "at": {"x": {}}}', "line", "error: `x` is an object, expected a number, a list or text\n"),
    (b'{"expression": "x", "at": {"x": []}}', "point", "error: the rows of `x` differ in length, or are empty\n"),
    (b'{"expression": "x", "at": {"x": [1, "a"]}}', "point", "error: `x` has 'a' in it, expected finite numbers\n"),
    (b'{"expression": "x", "at": {"x": [[1],[1,2]]}}', "point",
     "error: the rows of `x` differ in length, or are empty\n"),
    (b'{"expression": "x", "at": {"x": [1' + b"0" * 400 + b"]}}", "point",
     "error: `x` has a number beyond the range of floats in it, expected finite numbers\n"),
    (b'{"expression": "x", "at": {"x": ""}}', "point", "error: the value of `x` is empty\n\nhint: give a number\n"),
    (b'{"expression": "x", "at": {"x": "1,2"}}', "point",
     "error: the value of `x` is `1,2`, expected one number\n\nhint: an array is a list: [1, 2]\n"),
    (b'{"expression": "x", "at": {"x": "@/etc/passwd"}}', "syntax",
     "error: expected a value, found `@`\n\n  @/etc/passwd\n  ^\n\n"
     "hint: write a number, a name or a bracket there, or leave it out\n"),
    (b'{"expression": "x", "at": "x=@/etc/passwd"}', "line",
     'error: `at` names a file, expected numbers\n\nhint: write {"A": [[1, 2], [3, 4]]}, for instance\n'),
    (b'{"expression": "@/etc/passwd"}', "syntax", "error: expected a value, found `@`\n\n  @/etc/passwd\n  ^\n\n"
     "hint: write a number, a name or a bracket there, or leave it out\n"),
    (b'{"expression": "x", "at": [1]}', "line", "error: `at` is a list, expected an object\n"),
    (b'{"expression": "x", "at": ""}', "point", "error: --at is empty\n\nhint: write --at 3, or --at x=3,y=2\n"),
    (b'{"expression": "x", "at": {}}', "point", "error: no value for `x`\n\nhint: add --at x=…\n"),
    (b'{"expression": "x", "wrt": [1]}', "line", "error: `wrt` holds a number, expected names\n"),
    (b'{"expression": "x", "wrt": [""]}', "usage",
     "error: the name of a variable is missing\n\nhint: write --wrt x, or --wrt x,y\n"),
    (b'{"expression": "x", "order": 0}', "usage", "error: the order is 0, expected a whole number from 1 to 50\n"),
    (b'{"expression": "x", "order": 1.0}', "line", "error: `order` is a number, expected a whole number\n"),
    (b'{"expression": "x", "order": "1"}', "line", "error: `order` is text, expected a whole number\n"),
    (b'{"expression": "x", "dtype": "float"}', "usage",
     "error: unknown dtype `float`\n\nhint: float64 is the usual one, float32 that of torch\n"),
    (b'{"expression": "x", "dtype": 64}', "line", "error: `dtype` is a number, expected text\n"),
    (b'{"expression": "x", "rtol": -1}', "usage", "error: rtol is -1, expected a number from 0 up\n"),
    (b'{"expression": "x", "atol": 1e999}', "line", "error: the number `1e999` is beyond the range of floats\n"),
    (b'{"expression": "x", "at": {"x": ' + b"9" * 5_000 + b"}}", "limit",
     "error: the number has 5,000 digits, over the limit of 4,000 digits\n\n"
     "hint: set GRADCALC_MAX_DIGITS to raise it\n"),
    (b"[" * 100_000, "line", "error: the line is nested too deep\n"),
    (b'"x\x00"', "line", 'error: not JSON: invalid control character\n\n  "x\\x00"\n    ^^^^\n\n' + JOB),
    (b'"x\\u0000"', "syntax", "error: unexpected character U+0000\n\n  x\\x00\n   ^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    (b'"\\ud800"', "syntax", "error: unexpected character U+D800\n\n  \\ud800\n  ^^^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    (b'"\xff"', "line", "error: the line is not UTF-8 text: byte 0xff at position 1\n"),
    (b'"x" "y"', "line", 'error: not JSON: extra data\n\n  "x" "y"\n      ^\n\n' + JOB),
    (b'"x', "line", 'error: not JSON: unterminated string starting\n\n  "x\n  ^\n\n' + JOB),
    (b'"\\x"', "line", 'error: not JSON: invalid \\escape\n\n  "\\x"\n   ^\n\n' + JOB),
    (b"// c", "line", "error: not JSON: expecting value\n\n  // c\n  ^\n\n" + JOB),
    (b'{"expression": "x", "at": {"x": 01}}', "line",
     "error: not JSON: expecting ',' delimiter\n\n"
     '  {"expression": "x", "at": {"x": 01}}\n                                   ^\n\n' + JOB),
    (b'{"expression": "x", "at": {"x": 1,5}}', "line",
     "error: not JSON: expecting property name enclosed in double quotes\n\n"
     '  {"expression": "x", "at": {"x": 1,5}}\n                                    ^\n\n' + JOB),
    (b'{"expression": "x", "timeout": 5}', "line",
     "error: unknown key `timeout`\n\nhint: one of id, expression, at, wrt, order, dtype, rtol, atol, "
     "digits, strict_forward, of, tangent\n"),
    (b'{"expression": "\\u001b[2J"}', "syntax", "error: unexpected character U+001B\n\n  \\x1b[2J\n  ^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    (b'{"\\u001b[2J": 1}', "line",
     "error: unknown key `\\x1b[2J`\n\nhint: one of id, expression, at, wrt, order, dtype, rtol, atol, "
     "digits, strict_forward, of, tangent\n"),
    (b"id,expression", "line", "error: not JSON: expecting value\n\n  id,expression\n  ^\n\n" + JOB),
    (b'""', "syntax", "error: the expression is empty\n\nhint: write one, such as `x**2`\n"),
    (b"\x1b[2J", "line", "error: not JSON: expecting value\n\n  \\x1b[2J\n  ^^^^\n\n" + JOB),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "message"), LINES)
def test_a_line_is_refused_with_this_message(text: bytes, kind: str, message: str) -> None:
    error = answer(Line(1, text, 0), Settings(10, "float64")).error
    assert error is not None
    assert (error.kind, render(error)) == (kind, message)


HARMLESS = {  # what other programs leave in a file
    "a byte order mark": b'\xef\xbb\xbf"x"',
    "the end of a line on Windows": b'"x"\r',
    "white space": b' \t"x" ',
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_a_line_is_read_nevertheless(text: bytes) -> None:
    comparison = answer(Line(1, text, 0), Settings(10, "float64")).comparison
    assert comparison is not None
    assert comparison.expression == "x"
