"""Options of the main command, wrong one way or another: each with the whole message."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.console import code_of

SHAPES = "hint: write --shape x=n, or --shape A=2,3, one --shape for each variable\n"
RANGES = "hint: write --range x=-1:1, or --range x=-1:1,y=0:1\n"
OPTIONS = [  # after `gradcalc`
    (["diff"], 'error: EXPR is missing\n\nhint: for instance: gradcalc diff "sin(x**2)" --at 3\n'),
    (["diff", "x", "y"],
     "error: unexpected argument `y`\n\nhint: quotes make one argument of an expression with spaces\n"),
    (["diff", "x", "--foo"], "error: unknown option `--foo`\n\nhint: --help lists the options\n"),
    (["batch", "-q"], "error: unknown option `-q`\n\nhint: --help lists the options\n"),
    (["diff", "x", "at", "3"], "error: unexpected argument `at`\n\nhint: did you mean `--at`?\n"),
    (["diff", "x", "--At=3"], "error: unexpected argument `--At=3`\n\nhint: did you mean `--at`?\n"),
    (["diff", "x", "-at=3"], "error: unexpected argument `-at=3`\n\nhint: did you mean `--at`?\n"),
    (["diff", "x", "--at"], "error: `--at` needs a value\n"),
    (["diff", "x", "--json=1"], "error: `--json` takes no value\n"),
    (["diff", "x", "--order=0"], "error: the order is 0, expected a whole number from 1 to 50\n"),
    (["diff", "x", "--order=1.0"], "error: --order is `1.0`, expected a whole number\n"),
    (["diff", "x", "--order="], "error: --order is ``, expected a whole number\n"),
    (["diff", "x", "--rtol=1,5"], "error: --rtol is `1,5`, expected a number\n"),
    (["diff", "x", "--rtol=-1"], "error: rtol is -1.0, expected a number from 0 up\n"),
    (["diff", "x", "--atol=inf"], "error: atol is inf, expected a number from 0 up\n"),
    (["diff", "x", "--timeout=0"], "error: --timeout is 0, expected a number of seconds up to 1,000,000\n"),
    (["diff", "x", "--timeout=inf"], "error: --timeout is inf, expected a number of seconds up to 1,000,000\n"),
    (["diff", "x", "--timeout=10s"], "error: --timeout is `10s`, expected a number\n"),
    (["diff", "x", "--direction="],
     "error: --direction is empty\n\nhint: write --direction 3, or --direction x=3,y=2\n"),
    (["diff", "x", "--direction=x=0"], "error: the direction is zero\n\nhint: give a component that is not 0\n"),
    (["diff", "x", "--symmetric=B"],
     "error: `B` is declared symmetric, but is not a variable of the expression\n"),
    (["diff", "x", "--symmetric=x"], "error: `x` is declared symmetric, but its shape is ()\n"),
    (["diff", "x", "-o", ""], "error: -o is empty, expected the name of a file\n"),
    (["diff", "x", "-o", "/nodir/x"], "error: cannot write `/nodir/x`: no such file or directory\n"),
    (["diff", "x", "-o", "\x1b[2J/x"], "error: cannot write `\\x1b[2J/x`: no such file or directory\n"),
    (["diff", "x*y", "--wrt="], "error: the name of a variable is missing\n\nhint: write --wrt x, or --wrt x,y\n"),
    (["diff", "x*y", "--wrt=x,"], "error: the name of a variable is missing\n\nhint: write --wrt x, or --wrt x,y\n"),
    (["diff", "x*y", "--wrt=x y"],
     "error: `x y` is not the name of a variable\n\nhint: write --wrt x, or --wrt x,y\n"),
    (["diff", "x*y", "--wrt=df/dx"],
     "error: `df/dx` is not the name of a variable\n\nhint: write --wrt x, or --wrt x,y\n"),
    (["diff", "x*y", "--wrt=sin"], "error: `sin` is a function, not a variable\n"),
    (["diff", "x*y", "--wrt=pi"], "error: `pi` is a constant, not a variable\n"),
    (["diff", "x*y", "--wrt=\x1b[2J"],
     "error: `\\x1b[2J` is not the name of a variable\n\nhint: write --wrt x, or --wrt x,y\n"),
    (["diff", "x", "--dtype="], "error: unknown dtype ``\n\nhint: one of float64, float32, float16, bfloat16\n"),
    (["diff", "x", "--dtype=float"],
     "error: unknown dtype `float`\n\nhint: float64 is the usual one, float32 that of torch\n"),
    (["diff", "x", "--dtype=double"], "error: unknown dtype `double`\n\nhint: did you mean `float64`?\n"),
    (["diff", "x", "--dtype=FLOAT64"], "error: unknown dtype `FLOAT64`\n\nhint: did you mean `float64`?\n"),
    (["diff", "x", "--dtype=int64"],
     "error: unknown dtype `int64`\n\nhint: one of float64, float32, float16, bfloat16\n"),
    (["diff", "x", "--at=1", "--dtype=float64,"],
     "error: unknown dtype ``\n\nhint: one of float64, float32, float16, bfloat16\n"),
    (["diff", "x", "--at=1", "--dtype=float32,float16", "--latex"],
     "error: --latex and several dtypes exclude each other\n"),
    (["diff", "sum(x)", "--shape="], "error: `` declares no shape\n\n" + SHAPES),
    (["diff", "sum(x)", "--shape=x="], "error: `x=` declares no shape\n\n" + SHAPES),
    (["diff", "sum(x)", "--shape=x=0"],
     "error: `0` is no dimension\n\nhint: a dimension is a whole number from 1 to 10,000,000, or a name such as n\n"),
    (["diff", "sum(x)", "--shape=x=2x3"],
     "error: `2x3` is no dimension\n\n"
     "hint: a dimension is a whole number from 1 to 10,000,000, or a name such as n\n"),
    (["diff", "sum(x)", "--shape=x=(2,3)"], "error: `x=(2,3)` declares no shape\n\n" + SHAPES),
    (["diff", "sum(x)", "--shape=x=99999999999"],
     "error: `99999999999` is no dimension\n\n"
     "hint: a dimension is a whole number from 1 to 10,000,000, or a name such as n\n"),
    (["diff", "sum(x)", "--shape=y=3"],
     "error: `y` has a shape but is no variable of the expression\n\nhint: its variables are x\n"),
    (["diff", "sum(x)", "--shape=x=2", "--shape=x=3"], "error: the shape of `x` is declared twice\n"),
    (["diff", "sum(x)", "--shape=x=2", "--at=x=[1,2,3]"], "error: the value of `x` has shape (3,), expected (2,)\n"),
    (["diff", "x**2", "--range="], "error: `` is no range\n\n" + RANGES),
    (["diff", "x**2", "--range=x=1"], "error: `x=1` is no range\n\n" + RANGES),
    (["diff", "x**2", "--range=x=1:"], "error: `x=1:` is no range\n\n" + RANGES),
    (["diff", "x**2", "--range=x=0:1:2"], "error: `x=0:1:2` is no range\n\n" + RANGES),
    (["diff", "x**2", "--range=0:1"], "error: `0:1` is no range\n\n" + RANGES),
    (["diff", "x**2", "--range=x=1:0"], "error: the range of `x` is empty\n\nhint: the lower end comes first\n"),
    (["diff", "x**2", "--range=x=nan:1"], "error: `nan` is not a number here\n\n  x=nan:1\n    ^^^\n\n"
     "hint: leave it out: what has no value comes out as such\n"),
    (["diff", "x**2", "--range=x=0:1e999"],
     "error: the value is beyond the largest float64, 1.8e+308\n\n  x=0:1e999\n      ^^^^^\n"),
    (["diff", "x**2", "--range=x=a:b"],
     "error: `a` is not a number\n\n  x=a:b\n    ^\n\nhint: give a number, or numbers in an expression: `pi/4`\n"),
    (["diff", "x**2", "--range=x=0:1;y=0:1"], "error: `x=0:1;y=0:1` is no range\n\n" + RANGES),
    (["diff", "x**2", "--range=x=[1,2]:3"], "error: `[1,2]` is no number\n\n  x=[1,2]:3\n    ^^^^^\n"),
    (["diff", "x**2", "--range=x=0:1", "--range=x=0:2"], "error: `x` has two ranges\n"),
    (["diff", "x**2", "--range=x=0:1", "--at=1"],
     "error: beside --range, a value has a name\n\nhint: write --at y=…\n"),
    (["diff", "x**2", "--range=x=0:1", "--at=x=1"],
     "error: `x` has a value and a range\n\nhint: leave one of them out\n"),
    (["diff", "x**2", "--range=x=0:1", "--order=2"], "error: --order and --range exclude each other\n"),
    (["diff", "x**2", "--samples=9"], "error: --samples is for --range\n"),
    (["diff", "x**2", "--range=x=0:1", "--samples=1"],
     "error: --samples is 1, expected a whole number from 2 to 100,000\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), OPTIONS)
def test_an_option_is_refused_with_this_message(arguments: list[str], message: str, tmp_path: Path) -> None:
    assert code_of(arguments, tmp_path) == (2, message)
