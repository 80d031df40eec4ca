"""Command lines that make no sense: each with the whole message."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradcalc.cli.app import main

COMMANDS = [  # the whole command line
    (["check", "x"],
     'error: --gradient is missing\n\nhint: for instance: gradcalc check "sin(x**2)" --gradient "cos(x**2)"\n'),
    (["check", "x", "--gradient="], "error: the gradient is empty\n\nhint: write --gradient '2*x'\n"),
    (["check", "x", "--gradient=1,1"], "error: `x` has a gradient already\n\n  1,1\n    ^\n"),
    (["check", "x*y", "--gradient=y"],
     "error: which variable is this the gradient by: `x` or `y`?\n\n  y\n  ^\n\nhint: write --gradient x=…\n"),
    (["check", "x*y", "--gradient=x=y"],
     "error: no gradient for `y`\n\nhint: add --gradient y=…, or check some alone with --wrt x\n"),
    (["check", "x", "--gradient=sinn(x)"],
     "error: unknown function `sinn`\n\n  sinn(x)\n  ^^^^\n\nhint: did you mean `sin`?\n"),
    (["check", "x", "--gradient=[1,2]"],
     "error: the gradient by `x` has shape (2,), expected ()\n\n"
     "  [1,2]\n  ^^^^^\n\n"
     "hint: a gradient has the shape of its variable\n"),
    (["check", "x", "--gradient=\x1b[2J"], "error: unexpected character U+001B\n\n  \\x1b[2J\n  ^^^^\n\n"
     "hint: leave it out: the operators are + - * / @ % ^ ! and comparisons\n"),
    (["graph", "x"], "error: no value for `x`\n\nhint: add --at x=…\n"),
    (["graph", "x", "--at=1", "--format=svg"], "error: unknown --format `svg`\n\nhint: one of tree, dot, mermaid\n"),
    (["graph", "x", "--at=1", "-o", "x.svg", "--json"],
     "error: `x.svg` would be a picture, and --json writes text\n\nhint: leave one of them out\n"),
    (["accumulate", "x", "--at=1", "--passes=0"],
     "error: the passes are 0, expected a whole number from 1 to 1,000\n"),
    (["accumulate", "x", "--at=1", "--passes=x"], "error: --passes is `x`, expected a whole number\n"),
    (["accumulate", "3"],
     "error: the expression has no variable to derive by\n\nhint: name one with --wrt x --at x=…\n"),
    (["nograd", "x", "--at=1", "--code", "--json"],
     "error: --code stands alone: no --json, --quiet, --html, --more, --training or --inference with it\n"),
    (["jacobian", ""], "error: the expression is empty\n\nhint: write one, such as `x**2`\n"),
    (["hessian", "[x,y]"],
     "error: the result has shape (2,), a gradient needs a scalar\n\n"
     "  [x,y]\n  ^^^^^\n\n"
     "hint: sum it, or ask for `gradcalc jacobian`\n"),
    (["hessian", "x", "--order=2"], "error: unknown option `--order`\n\nhint: --help lists the options\n"),
    (["lessons", "99"],
     "error: there is no lesson 99\n\nhint: the lessons are 1 to 8, or a word of their titles: gradcalc lessons\n"),
    (["lessons", "x"],
     "error: there is no lesson x\n\nhint: the lessons are 1 to 8, or a word of their titles: gradcalc lessons\n"),
    (["functions", "sni"], "error: no function is called `sni`\n\nhint: did you mean `sin`?\n"),
    (
        ["functions", "sin", "cos"],
        "error: unexpected argument `cos`\n\nhint: for instance: gradcalc functions lambertw\n",
    ),
    (["batch", "--jobs=0"], "error: --jobs is 0, expected a whole number from 1 to 256\n"),
    (["batch", "--jobs=x"], "error: --jobs is `x`, expected a whole number\n"),
    (["batch", "missing"], "error: cannot read `missing`: no such file or directory\n"),
    (["batch", "a", "b"],
     "error: unexpected argument `b`\n\n"
     'hint: for instance: echo \'{"expression": "sin(x**2)", "at": {"x": 3}}\' | gradcalc batch\n'),
    (["audit"],
     'error: TARGET is missing\n\nhint: for instance: gradcalc audit model.py:loss --at "x=[1, 2, 3]"\n'),
    (["audit", "x"],
     "error: `x` is no target\n\n"
     "hint: write FILE.py:function, package.module:function, or a call of literals: FILE.py:Model(8)\n"),
    (["nn"],
     "error: there is nothing to learn from\n\n"
     "hint: give an example, --iq 10 --placed 1, or a file of them, --data FILE.csv\n"),
    (["nn", "--iq=1"], "error: --placed is missing\n\nhint: gradcalc nn --iq 10 --placed 1\n"),
    (["nn", "--iq=x", "--placed=1"], "error: --iq is `x`, expected a number\n"),
    (["nn", "--iq=1,5", "--placed=1"], "error: --iq is `1,5`, expected a number\n"),
    (["nn", "--iq=nan", "--placed=1"], "error: --iq is nan, expected a finite number\n"),
    (["nn", "--iq=1", "--placed=2"],
     "error: --placed is 2, expected 0 or 1\n\nhint: a label says what happened: 1 placed, 0 not placed\n"),
    (["nn", "--iq=1", "--placed=1", "--epochs=1e3"], "error: --epochs is `1e3`, expected a whole number\n"),
    (["nn", "--iq=1", "--placed=1", "--epochs=0"], "error: --epochs is 0, expected a whole number from 1 up\n"),
    (["nn", "--iq=1", "--placed=1", "--lr=nan"], "error: --lr is nan, expected a finite number from 0 up\n"),
    (["nn", "--iq=1", "--placed=1", "--optimizer=Adam"],
     "error: unknown optimizer `Adam`\n\nhint: did you mean `adam`?\n"),
    (["nn", "--iq=1", "--placed=1", "--weight=x"],
     "error: --weight is `x`, expected name=number\n\nhint: write --weight iq=1\n"),
    (["nn", "--iq=1", "--placed=1", "--seed=1"], "error: --seed is for --data\n"),
    (["nn", "--iq=1", "--placed=1", "--predict-row=iq"],
     "error: --predict-row is `iq`, expected name=number\n\nhint: write --predict-row iq=1\n"),
    (["nn", "--iq=1", "--placed=1", "--timeout=-1"],
     "error: --timeout is -1, expected a number of seconds up to 1,000,000\n"),
    (["dif", "x"], "error: unknown command `dif`\n\nhint: did you mean `diff`?\n"),
    (["x**2"], 'error: unknown command `x**2`\n\nhint: write gradcalc diff "x**2"\n'),
    (["--json", "diff", "x"], "error: unexpected `--json` before the command\n\nhint: options stand behind it\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), COMMANDS)
def test_a_command_is_refused_with_this_message(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (main(arguments), capsys.readouterr().err) == (2, message)
    assert list(tmp_path.iterdir()) == []
