"""`--digits N`: values and true derivatives in N digits, in text and as JSON, on every command that shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import pytest

import gradcalc
from gradcalc.cli.app import main
from tests.running import Run

X = mpmath.mpf(0.3)


TEXT = """\
f = sin(x**2)
x = 3.0
value = 0.41211848524175656975627256635

       closed form    true value                       autograd (float64)  distance  verdict
df/dx  2*x*cos(x**2)  -5.4667815713080619302097682671  -5.466781571308061  0.6 ulp   agree
"""


def test_text_has_so_many_digits(run: Run) -> None:
    assert run.printed("diff", "sin(x**2)", "--at", "3", "--digits", "29") == TEXT


def test_so_has_what_is_printed_for_a_script(run: Run) -> None:
    assert run.printed("diff", "sin(x**2)", "--at", "3", "--digits", "25", "-q") == "-5.466781571308061930209768\n"


def test_fewer_digits_are_rounded_too(run: Run) -> None:
    found = run.record("diff", "9.99999999*x**2", "--at", "100", "--digits", "3", code=0)
    assert (found["value"], found["exact_value"]) == (99999.9999, "1.00e5")
    assert (found["gradient"]["x"]["symbolic"], found["gradient"]["x"]["exact"]) == (1999.999998, "2.00e3")


CORRECT: list[tuple[str, int, Callable[[], mpmath.mpf]]] = [  # the derivative at 0.3
    ("sin(x**2)", 50, lambda: 2 * X * mpmath.cos(X**2)),
    ("exp(exp(x))/x", 1000, lambda: mpmath.exp(mpmath.exp(X)) * (mpmath.exp(X) / X - 1 / X**2)),
    ("gamma(x)", 400, lambda: mpmath.gamma(X) * mpmath.digamma(X)),
    ("zeta(x, 2)", 60, lambda: mpmath.zeta(X, 2, 1)),
    ("log(1 + x) - x", 300, lambda: 1 / (1 + X) - 1),
    ("besselj(2, x)*exp(1000*x)", 120,
     lambda: mpmath.exp(1000 * X) * ((mpmath.besselj(1, X) - mpmath.besselj(3, X)) / 2 + 1000 * mpmath.besselj(2, X))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "digits", "true"), CORRECT)
def test_every_digit_is_right(text: str, digits: int, true: Callable[[], mpmath.mpf]) -> None:
    found = gradcalc.diff(text, at=0.3, digits=digits).row("x").exact
    assert found is not None
    with mpmath.workdps(digits + 30):
        assert abs(mpmath.mpf(found) - true()) <= mpmath.mpf(10) ** (1 - digits) / 2 * 10 ** mpmath.floor(
            mpmath.log10(abs(true()))
        )


def test_at_an_order_and_along_a_direction(run: Run) -> None:
    second = run.record("diff", "x**3", "--at", "0.1", "--order", "2", "--digits", "40", code=0)
    assert second["gradient"]["x"]["exact"] == "0.6000000000000000333066907387546962127090"
    along = run.record("diff", "x*y", "--at", "x=0.1,y=2", "--direction", "x=1,y=2", "--digits", "30", code=0)
    assert along["direction"]["exact"] == "2.20000000000000001110223024625"


def test_of_the_components_of_arrays(run: Run) -> None:
    found = run.record("diff", "sum(x**2)/3", "--at", "x=[1,2]", "--digits", "30", code=0)
    assert found["exact_value"] == "1.66666666666666666666666666667"
    assert found["gradient"]["x"]["exact"] == ["0.666666666666666666666666666667", "1.33333333333333333333333333333"]


def test_in_matrices(run: Run) -> None:
    found = run.record("jacobian", "[x/3, x*y]", "--at", "x=1,y=2", "--digits", "25", code=0)
    assert found["exact_value"] == ["0.3333333333333333333333333", "2.000000000000000000000000"]
    assert found["exact"][0] == ["0.3333333333333333333333333", "0"]
    found = run.record("hessian", "x**3*y/9", "--at", "x=1,y=1", "--digits", "25", code=0)
    assert (found["exact_value"], found["exact"][0][0]) == (
        "0.1111111111111111111111111",
        "0.6666666666666666666666667",
    )
    assert "0.6666666666666666666666667" in run.printed("hessian", "x**3*y/9", "--at", "x=1,y=1", "--digits", "25")


def test_in_a_counterexample(run: Run) -> None:
    command = ("check", "x**2/3", "--gradient", "x/3", "--digits", "25")
    assert "0.3333333333333333333333333  0.6666666666666666666666667" in run.printed(*command, "--at", "1", code=1)
    example = run.record(*command, "--at", "1", code=1)["gradient"]["x"]["counterexample"]
    assert example["exact"] == {"proposed": "0.3333333333333333333333333", "true": "0.6666666666666666666666667"}
    assert "exact" in run.record(*command, code=1)["gradient"]["x"]["counterexample"]


def test_in_a_batch_for_all_lines_or_for_one(capfdbinary: Any, tmp_path: Path) -> None:
    lines = ['{"expression": "x/3", "at": 1}', '{"expression": "x/3", "at": 1, "digits": 5}']
    (tmp_path / "jobs").write_text("\n".join(lines))
    assert main(["batch", str(tmp_path / "jobs"), "--digits", "22", "--jobs", "1"]) == 0
    found = [json.loads(line)["gradient"]["x"]["exact"] for line in capfdbinary.readouterr().out.splitlines()]
    assert found == ["0.3333333333333333333333", "0.33333"]


def test_side_by_side_in_several_formats(run: Run) -> None:
    text = run.printed("diff", "x**2/3", "--at", "1", "--dtype", "float16,float32", "--digits", "24")
    assert text.count("0.666666666666666666666667") == 4


def test_a_one_sided_derivative_has_the_digits_that_are_known(run: Run) -> None:
    found = run.record("diff", "x**1.5 + x/3", "--at", "0", "--digits", "60", code=0)
    assert (found["gradient"]["x"]["reason"], found["gradient"]["x"]["exact"]) == ("edge", "0.33333333333333333333")


@pytest.mark.parametrize("digits", ["0", "-3", "1001"])
@pytest.mark.parametrize(
    "command", [["diff", "x"], ["jacobian", "x"], ["hessian", "x"], ["check", "x", "--gradient=1"]]
)
def test_a_number_of_digits_that_makes_no_sense_is_refused(command: list[str], digits: str, run: Run) -> None:
    err = run.refused(*command, f"--digits={digits}")
    assert err == f"error: --digits is {digits}, expected a whole number from 1 to 1,000\n"


def test_over_a_range_there_are_no_exact_numbers(run: Run) -> None:
    err = run.refused("diff", "x", "--range", "x=0:1", "--digits", "30")
    assert err == "error: --digits and --range exclude each other\n"
