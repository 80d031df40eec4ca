"""`gradcalc check` as a user and as a script meets it: text, words, JSON, files, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import Run

pytestmark = pytest.mark.smoke

COMMAND = "check"


QUIET = [
    (("x**2", "--gradient", "2*x"), 0, "right\n"),
    (("x**2", "--gradient", "x"), 1, "wrong\n"),
    (("x*log(x**2)", "--gradient", "2*log(x) + 2"), 1, "undefined\n"),
    (("x*y", "--gradient", "x=y,y=x"), 0, "right\nright\n"),
    (("x*y", "--gradient", "x=y", "--gradient", "y=x"), 0, "right\nright\n"),
    (("x*y", "--gradient", "y=x", "--gradient", "x=x"), 1, "wrong\nright\n"),
    (("x*y", "--gradient", "y", "--wrt", "x"), 0, "right\n"),
    (("--gradient", "2*x", "x**2"), 0, "right\n"),
    (("-x**2", "--gradient", "-2*x"), 0, "right\n"),
    (("-x**2", "--gradient=-2*x"), 0, "right\n"),
    (("x**2", "--gradient", "6", "--at", "3"), 0, "right\n"),
    (("x**2", "--gradient", "6"), 1, "wrong\n"),
    (("x**2", "--gradient", r"\frac{4x}{2}"), 0, "right\n"),
    ((r"\sqrt{x}", "--gradient", "1/(2√x)"), 0, "right\n"),
    (("5", "--gradient", "0", "--wrt", "x"), 0, "right\n"),
    (("sum(x**2)", "--gradient", "2*x", "--shape", "x=3"), 0, "right\n"),
    (("sum(x**2)", "--gradient", "[2, 4]", "--at", "[1, 2]"), 0, "right\n"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), QUIET)
def test_quiet_prints_one_word_for_each_variable(arguments: tuple[str, ...], code: int, text: str, run: Run) -> None:
    assert run(*arguments, "-q") == (code, text, "")


PIPED = [
    (
        ("sin(x**2)", "--gradient", "cos(x**2)"),
        1,
        """\
f = sin(x**2)

       your gradient  true gradient  verdict
df/dx  cos(x**2)      2*x*cos(x**2)  wrong

counter-example
       x    your value  true value  difference
df/dx  0.0  1.0         0.0         1.0

the chain rule's inner derivative is missing: the derivative of `x**2` is `2*x`
""",
    ),
    (
        ("x²", "--gradient", "2x"),
        0,
        """\
f = x²
read as = x**2

       your gradient  true gradient  verdict
df/dx  2*x            2*x            right, proved

the two are equal at 20 points, and SymPy simplifies their difference to 0
""",
    ),
    (
        ("f*g", "--gradient", "f=g, g=2*f"),
        1,
        """\
h = f*g

       your gradient  true gradient  verdict
∂h/∂f  g              g              right, proved
∂h/∂g  2*f            f              wrong

counter-example
       f    g    your value  true value  difference
∂h/∂g  1.0  2.0  2.0         1.0         1.0

f: the two are equal at 20 points, and SymPy simplifies their difference to 0

g: yours is 2 times the true gradient
""",
    ),
    (
        ("y = x**2; z = sin(y)", "--gradient", "cos(y)*2*x", "--at", "3"),
        0,
        """\
program = y = x**2; z = sin(y)
x = 3.0

       your gradient  true gradient  verdict
dz/dx  cos(y)*2*x     2*x*cos(x**2)  right

the two are equal at this point; no other was looked at
""",
    ),
    (
        ("abs(x)", "--gradient", "0", "--at", "0"),
        1,
        """\
f = abs(x)
x = 0.0

       your gradient  true gradient  verdict
df/dx  0              sign(x)        undefined

counter-example
       x    your value  true value  difference
df/dx  0.0  0.0         none        none

the graph has a corner there: its slope is -1 on the left and 1 on the right
""",
    ),
    (
        ("5", "--gradient", "1", "--wrt", "x"),
        1,
        """\
f = 5

       your gradient  true gradient  verdict
df/dx  1              0              wrong

counter-example
       x    your value  true value  difference
df/dx  1.0  1.0         0.0         1.0

yours is the true gradient + 1
""",
    ),
]


@pytest.mark.parametrize(("arguments", "code", "text"), PIPED)
def test_people_read_your_gradient_beside_the_true_one(
    arguments: tuple[str, ...], code: int, text: str, run: Run
) -> None:
    assert run(*arguments) == (code, text, "")


RECORDS = [
    (
        ("x**3", "--gradient", "3x^3"),
        '{"schema": 1, "expression": "x**3", "at": null, "gradient": {"x": {"proposed": "3*x**3", '
        '"formula": "3*x**2", "verdict": "wrong", "proved": false, "points": 20, "counterexample": '
        '{"at": {"x": 2.0}, "proposed": 24.0, "true": 12.0, "difference": 12.0}, "hint": '
        '"the power rule lowers the exponent by one: (x^n)\' = n·x^(n-1)"}}, "verdict": "wrong"}\n',
    ),
    (
        ("y = x²; y", "--gradient", "2x"),
        '{"schema": 1, "expression": "y = x²; y", "reading": "y = x**2; y", "at": null, "gradient": {"x": '
        '{"proposed": "2*x", "formula": "2*x", "verdict": "right", "proved": true, "points": 20, '
        '"counterexample": null, "hint": null}}, "verdict": "right"}\n',
    ),
    (
        ("log(x)", "--gradient", "1/x", "--at", "-1"),
        '{"schema": 1, "expression": "log(x)", "at": {"x": -1.0}, "gradient": {"x": {"proposed": "1/x", '
        '"formula": "1/x", "verdict": "undefined", "proved": false, "points": 1, "counterexample": '
        '{"at": {"x": -1.0}, "proposed": -1.0, "true": null, "difference": null}, '
        '"hint": "`log(x)` has no real value there"}}, "verdict": "undefined"}\n',
    ),
    (
        ("x", "--gradient", "exp(1000)", "--at", "1"),
        '{"schema": 1, "expression": "x", "at": {"x": 1.0}, "gradient": {"x": {"proposed": "exp(1000)", '
        '"formula": "1", "verdict": "wrong", "proved": false, "points": 1, "counterexample": '
        '{"at": {"x": 1.0}, "proposed": "Infinity", "true": 1.0, "difference": "Infinity"}, "hint": null}}, '
        '"verdict": "wrong"}\n',
    ),
    (
        ("x", "--gradient", "z"),
        '{"schema": 1, "error": {"kind": "name", "message": "`z` is not a variable of the expression", '
        '"expression": "z", "span": [0, 1], "hint": "its variables are `x`"}}\n',
    ),
]


@pytest.mark.parametrize(("arguments", "text"), RECORDS)
def test_json_is_one_strict_object(arguments: tuple[str, ...], text: str, run: Run) -> None:
    _, out, _ = run(*arguments, "--json")
    assert out == text
    assert json.loads(out, parse_constant=pytest.fail)["schema"] == 1


def test_the_formula_of_a_check_is_one_that_the_check_accepts(run: Run) -> None:
    _, out, _ = run("x*sin(x)/(1 + x**2)", "--gradient", "0", "--json")
    formula = json.loads(out)["gradient"]["x"]["formula"]
    assert run("x*sin(x)/(1 + x**2)", "--gradient", formula, "-q") == (0, "right\n", "")


REFUSED = [
    (
        ("x",),
        2,
        'error: --gradient is missing\n\nhint: for instance: gradcalc check "sin(x**2)" --gradient "cos(x**2)"\n',
    ),
    (("x", "--gradient"), 2, "error: `--gradient` needs a value\n"),
    (("x", "--gradient", ""), 2, "error: the gradient is empty\n\nhint: write --gradient '2*x'\n"),
    (
        ("x*y", "--gradient", "x=y, y=xy"),
        2,
        "error: `xy` is not a variable of the expression\n\n  x=y, y=xy\n         ^^\n\n"
        "hint: for a product write `x*y`\n",
    ),
    (
        ("log(-1 - x**2)", "--gradient", "1"),
        2,
        "error: no point was found where the expression has a derivative\n\nhint: name one with --at\n",
    ),
    (
        ("x", "--gradient", "9**9**9"),
        3,
        "error: this constant has about 369,693,100 digits, over the limit of 4,000 digits\n\n"
        "  9**9**9\n  ^^^^^^^\n\nhint: set GRADCALC_MAX_DIGITS to raise it\n",
    ),
]


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSED)
def test_bad_input_is_told_in_full(arguments: tuple[str, ...], code: int, message: str, run: Run) -> None:
    assert run(*arguments) == (code, "", message)


def test_the_expression_may_come_from_a_file_and_from_stdin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (tmp_path / "f.txt").write_text("x**2\n")
    assert run(f"@{tmp_path}/f.txt", "--gradient", "2*x", "-q") == (0, "right\n", "")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x**2")))
    assert run("-", "--gradient", "2*x", "-q") == (0, "right\n", "")


def test_a_check_is_written_to_a_file(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "verdict.txt"
    assert run("x**2", "--gradient", "x", "-q", "-o", str(file)) == (1, "", "")
    assert file.read_text() == "wrong\n"


def test_a_check_loads_no_torch() -> None:
    program = (
        "import sys; from gradcalc.cli.app import main;"
        "main(['check', 'sin(x**2)', '--gradient', 'cos(x**2)', '-q']); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("wrong\nFalse\n", "")


def test_a_check_that_takes_too_long_is_a_limit() -> None:
    deep = "sin(" * 4_000 + "x" + ")" * 4_000
    command = [sys.executable, "-m", "gradcalc", "check", deep, "--gradient", "x", "--timeout", "0.02"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.endswith(" s\n\nhint: raise it with --timeout SECONDS\n")


IMPLICIT = [
    ("y' = -x/y", [], 0, "the two are equal at 6 points of the curve"),
    ("dy/dx = -x/y", [], 0, "the two are equal at 6 points of the curve"),
    ("-x/y", ["--at", "x=3,y=4"], 0, "the two are equal at this point"),
    ("dx/dy = -y/x", ["--of", "x"], 0, "the two are equal at 6 points of the curve"),
    ("x/y", [], 1, "the sign is wrong"),
    ("-y/x", [], 1, "the quotient is upside down"),
    ("y/x", [], 1, "the quotient is upside down, and its sign is wrong"),
    ("-x/sqrt(25 - x^2)", [], 1, "it is right at 4 of 6 points of the curve: on a part of it"),
    ("-x/y", ["--at", "x=5,y=0"], 1, "the tangent is vertical there"),
    ("-x/y", ["--at", "x=3,y=5"], 2, "the point is not on the curve"),
]


@pytest.mark.parametrize(("gradient", "options", "code", "words"), IMPLICIT)
def test_the_slope_of_a_curve(gradient: str, options: list[str], code: int, words: str, run: Run) -> None:
    done = run("x^2 + y^2 = 25", "--gradient", gradient, *options)
    assert (done.code, words in done.out + done.err) == (code, True)
