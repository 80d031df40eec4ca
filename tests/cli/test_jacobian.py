"""`gradcalc jacobian` as a user and as a script meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradcalc import api
from gradcalc.render import plain, terminal
from gradcalc.render.pages import jacobian
from tests.running import Run

pytestmark = pytest.mark.smoke

COMMAND = "jacobian"
POLAR = "[r*cos(t), r*sin(t)]"


QUIET = [
    ((POLAR, "--at", "r=2,t=0"), "1.0 0.0\n0.0 2.0\n"),
    ((POLAR,), "[cos(t), -r*sin(t)]\n[sin(t), r*cos(t)]\n"),
    (("-x**2", "--at", "3"), "-6.0\n"),
    (("A @ x", "--at", "A=[[1,2],[3,4]]", "--at", "x=[5,6]", "--wrt", "x"), "1.0 2.0\n3.0 4.0\n"),
    (("A @ x", "--shape", "A=m,n", "--shape", "x=n"), "kron(eye(m), [x])\nA\n"),
    (("[abs(x), x]", "--at", "0"), "nan\n1.0\n"),
    (("sin(x)", "--at", "x=[1,0]", "--dtype", "float32"), "0.5403022766113281 0.0\n0.0 1.0\n"),
    (("B @ x + B.T @ x", "--shape", "B=n,n", "--shape", "x=n", "--symmetric", "B", "--wrt", "x"), "2*B\n"),
]


@pytest.mark.parametrize(("arguments", "output"), QUIET)
def test_quiet_prints_a_row_on_each_line(run: Run, arguments: tuple[str, ...], output: str) -> None:
    assert run("-q", *arguments)[1:] == (output, "")


def test_json_is_one_object_of_known_keys(run: Run) -> None:
    assert run.record("c*x", "--at", "x=[1,2],c=3", "--wrt", "x") == {
        "schema": 1,
        "expression": "c*x",
        "at": {"c": 3.0, "x": [1.0, 2.0]},
        "dtype": "float64",
        "value": [3.0, 6.0],
        "forward": {
            "autograd": [3.0, 6.0],
            "ulps": [0.0, 0.0],
            "verdict": "agree",
            "reason": None,
            "verdicts": ["agree", "agree"],
        },
        "rows": ["f1", "f2"],
        "columns": ["x1", "x2"],
        "formula": "c*eye(2)",
        "formulas": {"x": "c*eye(2)"},
        "components": [["c", "0"], ["0", "c"]],
        "symbolic": [[3.0, 0.0], [0.0, 3.0]],
        "exact": [["3.0000000000000000000", "0"], ["0", "3.0000000000000000000"]],
        "autograd": [[3.0, 0.0], [0.0, 3.0]],
        "error": [[0.0, 0.0], [0.0, 0.0]],
        "ulps": [[0.0, 0.0], [0.0, 0.0]],
        "verdict": "agree",
        "reason": None,
        "verdicts": [["agree", "agree"], ["agree", "agree"]],
    }


def test_json_without_a_point_has_no_numbers(run: Run) -> None:
    assert run.record("[x*y, 2]") == {
        "schema": 1,
        "expression": "[x*y, 2]",
        "at": None,
        "dtype": "float64",
        "value": None,
        "forward": {"autograd": None, "ulps": None, "verdict": None, "reason": None},
        "rows": ["f1", "f2"],
        "columns": ["x", "y"],
        "formula": None,
        "formulas": {"x": "[y, 0]", "y": "[x, 0]"},
        "components": [["y", "x"], ["0", "0"]],
        "symbolic": None,
        "exact": None,
        "autograd": None,
        "error": None,
        "ulps": None,
        "verdict": None,
        "reason": None,
    }


def test_json_gives_both_sides_of_a_kink_and_what_is_to_blame(run: Run) -> None:
    found = run.record("[abs(x), x]", "--at", "0")
    assert (found["verdict"], found["verdicts"]) == ("kink", [["kink"], ["agree"]])
    assert (found["left"], found["right"]) == ([[-1.0], [None]], [[1.0], [None]])
    assert found["blame"] == [[{"text": "abs(x)", "span": [1, 7]}], [None]]
    assert (found["symbolic"], found["autograd"]) == ([[None], [1.0]], [[0.0], [1.0]])


def test_json_writes_numbers_that_are_not_finite_as_text(run: Run) -> None:
    found = run.record("exp(x)", "--at", "x=[1000,0]")
    assert (found["symbolic"], found["autograd"]) == (
        [["Infinity", 0.0], [0.0, 1.0]],
        [["Infinity", 0.0], ["NaN", 1.0]],
    )
    assert (found["verdict"], found["reason"], found["value"]) == ("disagree", "overflow", ["Infinity", 1.0])


def test_json_of_a_matrix_with_named_dimensions_has_its_form_alone(run: Run) -> None:
    found = run.record("A @ x", "--shape", "A=m,n", "--shape", "x=n", "--wrt", "x")
    assert (found["rows"], found["columns"], found["components"], found["formula"]) == (None, None, None, "A")
    assert found["note"] == "its entries are not listed: a dimension has no number"


def test_json_tells_errors_too(run: Run) -> None:
    assert run.record("[x, sni(x)]") == {
        "schema": 1,
        "error": {
            "kind": "name",
            "message": "unknown function `sni`",
            "expression": "[x, sni(x)]",
            "span": [4, 7],
            "hint": "did you mean `sin`?",
        },
    }


def test_output_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "jacobian.json"
    assert run("[x, 2*x]", "--json", "-o", str(target)) == (0, "", "")
    assert json.loads(target.read_text())["components"] == [["1"], ["2"]]


KINKS = """\
f = [abs(x), x*y]
x = 0.0
y = 3.0
value = [0.0, 0.0]

closed form
    x        y
f1  sign(x)  0
f2  y        x

true value
       x    y
f1  kink  0.0
f2   3.0  0.0

autograd (float64)
      x    y
f1  0.0  0.0
f2  3.0  0.0

3 of 4 entries agree to the last bit

        true value            autograd (float64)  distance  verdict
∂f1/∂x  left -1.0, right 1.0  0.0                 -         kink: no derivative

∂f1/∂x: the graph has a corner here: its slope is -1 on the left and 1 on the right, so there is no one derivative; \
autograd answers 0 by convention, another library may pick any slope of the sub-differential [-1, 1]
"""


def test_piped_it_is_plain_text(run: Run) -> None:
    assert run("[abs(x), x*y]", "--at", "x=0,y=3") == (1, KINKS, "")


LARGE = """\
true value
      x1   x2  x3  …   x8   x9  x10
f1   0.5    0   0  …    0    0    0
f2     0  0.5   0  …    0    0    0
f3     0    0 0.5  …    0    0    0
…      …    …   …  …    …    …    …
f8     0    0   0  …  0.5    0    0
f9     0    0   0  …    0  0.5    0
f10    0    0   0  …    0    0  0.5
"""


def test_of_a_large_matrix_the_middle_is_left_out(run: Run) -> None:
    printed = run("x/2", "--at", "x=[1,2,3,4,5,6,7,8,9,10]").out
    assert [line.split() for line in printed.split("\n\n")[2].splitlines()] == [
        line.split() for line in LARGE.splitlines()
    ]
    assert "\n\n100 of 100 entries agree to the last bit\n" in printed


def widest(text: str) -> int:
    """The columns that the longest line takes."""
    return max(len(line) for line in text.splitlines())


NUMBERS = "x=[1,2,3,4,5,6,7,8]"


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_no_line_of_numbers_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    blocks = jacobian.document(api.jacobian("sin(x)/3", at=NUMBERS)).blocks
    lines = terminal.uncoloured(plain.Document(blocks[2:4])).splitlines()
    assert widest("\n".join(lines)) <= columns
    assert sum(line.startswith("  f") for line in lines) == 16


def test_a_wide_terminal_shows_every_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    printed = terminal.uncoloured(jacobian.document(api.jacobian("sin(x)", at="x=[1,2]")))
    assert "  f1  0.5403023058681398                  0.0" in printed


LISTED = """\
f = softmax(A*A)

closed form
∂f11/∂A11 = 2*A11*exp(A11**2 + A12**2)/(exp(A11**2) + exp(A12**2))**2
∂f11/∂A12 = -2*A12*exp(A11**2 + A12**2)/(exp(A11**2) + exp(A12**2))**2
∂f12/∂A11 = -2*A11*exp(A11**2 + A12**2)/(exp(A11**2) + exp(A12**2))**2
∂f12/∂A12 = 2*A12*exp(A11**2 + A12**2)/(exp(A11**2) + exp(A12**2))**2
"""


def test_formulas_that_are_too_wide_for_a_matrix_are_listed(run: Run) -> None:
    assert run("softmax(A*A)", "--shape", "A=1,2").out == LISTED


def test_wide_formulas_are_left_to_the_form_in_array_terms(run: Run) -> None:
    assert run("softmax(x)", "--shape", "x=3").out == (
        "f = softmax(x)\n\n∂f/∂x = diag(softmax(x)) - outer(softmax(x), softmax(x))\n"
    )


def test_without_entries_and_without_a_form_it_says_so(run: Run) -> None:
    assert run("cumsum(x)*c", "--shape", "x=n").out == (
        "f = cumsum(x)*c\n\n∂f/∂c = cumsum(x)\n\nx: there is no closed form in array terms\n\n"
        "its entries are not listed: a dimension has no number\n"
    )
