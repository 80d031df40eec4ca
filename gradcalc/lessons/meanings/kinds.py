"""The kinds of critical points, and the kinds of errors."""

from __future__ import annotations

from gradcalc.lessons.meanings.records import File, Meaning

POINT, ERROR, LIMIT, BUG = "kind of point", "kind of error, exit code 2", "kind of error, exit code 3", "exit code 70"
BOX = 'gradcalc critical "x**3 - x + y**2" --range x=-2:2,y=-1:1'
POINTS = (
    Meaning(
        "minimum", POINT,
        "every derivative is 0 here, and the function is larger all around: its second derivatives are positive",
        "nothing: this is where descent ends", BOX,
        ("0.5773502691896257   0.0  -0.3849001794597505  minimum  x = sqrt(3)/3",),
    ),
    Meaning(
        "maximum", POINT,
        "every derivative is 0 here, and the function is smaller all around",
        "descent leaves it at the slightest step", 'gradcalc critical "sin(x)" --range x=0:6',
        ("1.5707963267948966  1.0   maximum  x = pi/2",),
    ),
    Meaning(
        "saddle", POINT,
        "every derivative is 0 here, and the function rises in some directions and falls in others",
        "descent slows down near it, and leaves", BOX,
        ("-0.5773502691896257  0.0  0.3849001794597505   saddle   x = -sqrt(3)/3",),
    ),
    Meaning(
        "inflection", POINT,
        "the derivative is 0 here, and the function goes on rising, or falling",
        "descent may stop here although there is no minimum", 'gradcalc critical "x**3" --range x=-1:1',
        ("0.0  0.0  inflection",),
    ),
)  # fmt: skip
ERRORS = (
    Meaning(
        "syntax", ERROR, "the text is no expression", "correct it at the carets", 'gradcalc diff "2*(x+1"',
        ("error: `(` is never closed",),
    ),
    Meaning(
        "name", ERROR, "a function is not known, or a name is defined twice, or used before it is defined",
        "gradcalc functions lists the functions", 'gradcalc diff "sni(x)"', ("error: unknown function `sni`",),
    ),
    Meaning(
        "point", ERROR, "the point does not fit the expression: a value is missing, unknown or out of range",
        "give every variable a value: --at x=1,y=2", 'gradcalc diff "x*y" --at x=1', ("error: no value for `y`",),
    ),
    Meaning(
        "shape", ERROR, "the shapes of arrays do not fit", "transpose one, or correct --shape",
        'gradcalc diff "norm(A @ x)" --shape A=2,3 --shape x=2',
        ("error: shapes (2, 3) and (2,): the inner dimensions differ",),
    ),
    Meaning(
        "usage", ERROR, "the command line, or the arguments in Python, do not fit together",
        "gradcalc COMMAND --help tells what there is", "gradcalc diff x --jsn", ("error: unknown option `--jsn`",),
    ),
    Meaning(
        "program", ERROR, "a program or a library that this needs is not installed", "install what the hint names",
        'PATH= gradcalc graph "x**2" --at 3 -o graph.svg',
        ("error: pictures are drawn by Graphviz's program `dot`, which is not here",),
    ),
    Meaning(
        "file", ERROR, "a file cannot be read or written", "look at its name and its rights; --force replaces one",
        "gradcalc diff @formula.txt", ("error: cannot read `formula.txt`: no such file or directory",),
    ),
    Meaning(
        "code", ERROR, "your own code raised an exception, or ended the program", "correct the line that is named",
        "gradcalc audit model.py:f --at x=1", ("error: the function raised ValueError: no batch (line 2)",),
        File("model.py", 'def f(x):\n    raise ValueError("no batch")\n'),
    ),
    Meaning(
        "line", ERROR, "a line of a file is not what the command reads; the other lines are answered",
        "correct that line", "gradcalc batch jobs.jsonl",
        (
            '{"schema": 1, "error": {"kind": "line", "message": "unknown key `expresion`", "expression": null, '
            '"span": null, "hint": "did you mean `expression`?"}, "line": 1}',
        ),
        File("jobs.jsonl", '{"expresion": "x**2"}\n'),
    ),
    Meaning(
        "not-finite", "kind of error, raised by gradcalc.watch",
        "a loss or a gradient of a watched training run is nan or infinite",
        "correct the line that the audit in the message names; the batch is saved, and the message ends with the "
        "command that makes the same audit of it again", None,
    ),
    Meaning(
        "limit", LIMIT, "a budget of time, size or digits was used up", "raise it as the hint says",
        'gradcalc diff "9**9**9"', ("hint: set GRADCALC_MAX_DIGITS to raise it",),
    ),
    Meaning(
        "internal", f"kind of error, {BUG}", "a bug of gradcalc's own",
        "run it again with GRADCALC_DEBUG=1, and report the command, what came out, and the versions", None,
    ),
)  # fmt: skip
