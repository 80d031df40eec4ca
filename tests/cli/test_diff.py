"""`gradcalc diff` as a user and as a script meets it: text, numbers, JSON, files, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.running import Run

pytestmark = pytest.mark.smoke


QUIET = [
    (("x**2", "--at", "3"), "6.0\n"),
    (("-x**2", "--at", "3"), "-6.0\n"),
    (("-x", "--at", "3"), "-1.0\n"),
    (("--at", "-3", "x**2"), "-6.0\n"),
    (("x**2", "--at=3"), "6.0\n"),
    (("--", "-x**2"), "-2*x\n"),
    (("x*y", "--at", "x=3,y=2"), "2.0\n3.0\n"),
    (("x*y", "--at", "x=3", "--at", "y=2"), "2.0\n3.0\n"),
    (("x*y", "--at", "x=3,y=2", "--wrt", "y"), "3.0\n"),
    (("x*y", "--at", "x=3,y=2", "--wrt", "y,x"), "3.0\n2.0\n"),
    (("y = x**2; w*y", "--at", "x=2,w=3"), "12.0\n4.0\n"),
    (("sin(x)", "--at", "x=pi/3"), "0.4999999999999999\n"),
    (("atan2(y, x)", "--at", "y=atan2(1, 2),x=1"), "0.823066196178385\n-0.3816126739074966\n"),
    (("x**3", "--at", "2", "--order", "3"), "6.0\n"),
    (("5", "--wrt", "x", "--at", "3"), "0.0\n"),
    (("5", "--wrt", "x"), "0\n"),
    (("e*x", "--at", "x=2,e=3"), "2.0\n3.0\n"),
    (("sin(x**2)",), "2*x*cos(x**2)\n"),
    (("abs(x)", "--at", "0"), "nan\n"),
    (("cbrt(x)", "--at", "0"), "inf\n"),
]


@pytest.mark.parametrize(("arguments", "output"), QUIET)
def test_quiet_prints_the_numbers_alone(run: Run, arguments: tuple[str, ...], output: str) -> None:
    assert run("diff", "-q", *arguments)[1:] == (output, "")


def test_json_is_one_object_of_known_keys(run: Run) -> None:
    assert run.record("diff", "sin(x**2)", "--at", "3") == {
        "schema": 1,
        "expression": "sin(x**2)",
        "at": {"x": 3.0},
        "dtype": "float64",
        "order": 1,
        "value": 0.4121184852417566,
        "forward": {"autograd": 0.4121184852417566, "ulps": 0.4, "verdict": "agree", "reason": None},
        "gradient": {
            "x": {
                "formula": "2*x*cos(x**2)",
                "symbolic": -5.466781571308062,
                "exact": "-5.4667815713080619302",
                "autograd": -5.466781571308061,
                "error": 8.881784197001252e-16,
                "ulps": 0.6,
                "verdict": "agree",
                "reason": None,
            }
        },
        "verdict": "agree",
    }


def test_json_without_a_point_has_no_numbers(run: Run) -> None:
    found = run.record("diff", "x**2")
    assert (found["at"], found["value"], found["verdict"]) == (None, None, None)
    assert found["gradient"]["x"] == {
        "formula": "2*x", "symbolic": None, "exact": None, "autograd": None,
        "error": None, "ulps": None, "verdict": None, "reason": None,
    }  # fmt: skip


def test_json_writes_numbers_that_are_not_finite_as_text(run: Run) -> None:
    found = run.record("diff", "exp(x)", "--at", "1000")["gradient"]["x"]
    assert (found["symbolic"], found["exact"], found["autograd"]) == (
        "Infinity",
        "1.9700711140170469939e434",
        "Infinity",
    )
    assert (found["verdict"], found["reason"]) == ("disagree", "overflow")


def test_json_gives_both_sides_of_a_kink(run: Run) -> None:
    found = run.record("diff", "relu(x)", "--at", "0")["gradient"]["x"]
    assert (found["verdict"], found["left"], found["right"], found["autograd"]) == ("kink", 0.0, 1.0, 0.0)


def test_json_gives_the_one_side_at_an_edge_of_the_domain(run: Run) -> None:
    found = run.record("diff", "x**1.5", "--at", "0")["gradient"]["x"]
    assert (found["verdict"], found["reason"], found["left"], found["right"]) == ("agree", "edge", None, 0.0)


def test_json_shows_the_links_of_the_chain(run: Run) -> None:
    assert run.record("diff", "y = x^2; z = sin(y); u = e^z", "--at", "3")["chain"] == [
        {"of": "y", "by": "x", "formula": "2*x", "value": 6.0},
        {"of": "z", "by": "y", "formula": "cos(y)", "value": -0.9111302618846769},
        {"of": "u", "by": "z", "formula": "exp(z)", "value": 1.5100133400254603},
    ]


ERRORS = [
    (("2*sni(x)",), {"kind": "name", "message": "unknown function `sni`", "expression": "2*sni(x)", "span": [2, 5],
                     "hint": "did you mean `sin`?"}),
    (("x", "--at", "x=1/0"), {"kind": "point", "message": "the value is not a real number", "expression": "x=1/0",
                              "span": [0, 5], "hint": "give a finite real number"}),
    (("x", "--order", "0"), {"kind": "usage", "message": "the order is 0, expected a whole number from 1 to 50",
                             "expression": None, "span": None, "hint": None}),
    (("@/no/such/file",), {"kind": "file", "message": "cannot read `/no/such/file`: no such file or directory",
                           "expression": None, "span": None, "hint": None}),
    (("2**20000",), {"kind": "limit",
                     "message": "this constant has about 6,021 digits, over the limit of 4,000 digits",
                     "expression": "2**20000", "span": [0, 8], "hint": "set GRADCALC_MAX_DIGITS to raise it"}),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "error"), ERRORS)
def test_json_tells_errors_too(run: Run, arguments: tuple[str, ...], error: dict[str, Any]) -> None:
    assert run.record("diff", *arguments) == {"schema": 1, "error": error}


def test_the_reading_is_shown_where_it_is_not_obvious(run: Run) -> None:
    assert run("diff", "2x sin x").out == ("f = 2x sin x\nread as = 2*x*sin(x)\n\ndf/dx = 2*(x*cos(x) + sin(x))\n")


NAMED = [
    (("y = x^2 + 3",), "program = y = x^2 + 3\n\ndy/dx = 2*x\n"),
    (("y = x^2; z = 3*y", "--order", "2"), "program = y = x^2; z = 3*y\n\nd²z/dx² = 6\n"),
    (("y = x^2; 3*y", "--order", "2"), "program = y = x^2; 3*y\n\nd²f/dx² = 6\n"),
    (("y = sum(x)", "--shape", "x=n"), "program = y = sum(x)\n\ndy/dx = ones(n)\n"),
]


@pytest.mark.parametrize(("arguments", "text"), NAMED)
def test_the_result_has_the_name_that_the_program_gives(run: Run, arguments: tuple[str, ...], text: str) -> None:
    assert run("diff", *arguments) == (0, text, "")


def test_what_is_said_of_many_components_names_the_first(run: Run) -> None:
    assert run("diff", "mean(x**2)", "--shape", "x=100") == (
        0,
        "f = mean(x**2)\n\n∂f/∂x = x/50\n\nx1, x2, x3 and 97 more: closed form left out for arrays of this size\n",
        "",
    )


def test_what_is_assumed_to_be_a_number_is_said(run: Run) -> None:
    assert run("diff", "y*(w @ x) + b", "--wrt", "w").out == (
        "f = y*(w @ x) + b\nread as = y*(w @ x) + b, assuming --shape w=n --shape x=n, and numbers for y, b\n\n"
        "df/dw = y*x\n"
    )


def test_components_that_are_not_listed_are_counted(run: Run) -> None:
    lines = run("diff", "sum(x)", "--at", "x=ones(1300)").out.splitlines()
    assert "12 of 1,300 components are listed, those that do not agree first; --json has all" in lines
    assert lines[-1] == "x1, x2, x3 and 1,297 more: closed form left out for arrays of this size"


def test_an_expression_comes_from_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("x²\n".encode())))
    assert run("diff", "-", "--at", "3", "-q") == (0, "6.0\n", "")


def test_an_expression_comes_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chain.txt").write_text("y = x^2\nz = sin(y)\n", encoding="utf-8")
    assert run("diff", f"@{tmp_path}/chain.txt", "-q") == (0, "2*x*cos(x**2)\n", "")


def test_bytes_that_are_no_text_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"x + \xff\n")
    code, out, err = run("diff", f"@{tmp_path}/bytes")
    assert (code, out, err) == (2, "", f"error: `{tmp_path}/bytes` is not UTF-8 text: byte 0xff at position 4\n")


def test_output_goes_to_a_file_whole(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    assert run("diff", "x**2", "--json", "-o", str(target)) == (0, "", "")
    assert json.loads(target.read_text())["gradient"]["x"]["formula"] == "2*x"
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_a_file_that_exists_is_kept(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"
    target.write_text("mine")
    code, _, err = run("diff", "x**2", "-o", str(target))
    assert (code, err) == (2, f"error: `{target}` exists\n\nhint: replace it with --force\n")
    assert target.read_text() == "mine"
    assert run("diff", "x**2", "-q", "-o", str(target), "--force").code == 0
    assert target.read_text() == "2*x\n"


def test_a_folder_that_is_missing_is_named(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "none" / "out"
    code, _, err = run("diff", "x**2", "-o", str(target))
    assert (code, err) == (2, f"error: cannot write `{target}`: no such file or directory\n")


LATEX = [
    (("sin(x**2)",), "\\frac{d f}{d x} = 2 x \\cos\\left(x^{2}\\right)\n"),
    (("x**3", "--order", "2"), "\\frac{d^{2} f}{d x^{2}} = 6 x\n"),
    (("x.T @ A @ x", "--shape", "x=n", "--shape", "A=n,n", "--wrt", "x"),
     "\\frac{d f}{d x} = \\left(A + A^{\\top}\\right) x\n"),
    (("f^2",), "\\frac{d g}{d f} = 2 f\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "text"), LATEX)
def test_latex_prints_an_equation(run: Run, arguments: tuple[str, ...], text: str) -> None:
    assert run("diff", "--latex", *arguments) == (0, text, "")


def test_latex_excludes_the_other_forms(run: Run) -> None:
    assert run("diff", "x", "--latex", "--json").code == 2


def test_numbers_are_rounded_for_a_slide(run: Run) -> None:
    code, out, _ = run("diff", "sin(x**2)", "--at", "3", "--round", "3")
    assert (code, "value = 0.412\n" in out, " -5.47 " in out) == (0, True, True)


def test_what_programs_read_is_not_rounded(run: Run) -> None:
    code, _, err = run("diff", "x**2", "--at", "3", "--round", "3", "-q")
    assert (code, err) == (2, "error: --round is for what people read, and --quiet is for programs\n")


def test_the_chain_rule_has_the_links_that_were_asked_for(run: Run) -> None:
    out = run("diff", "z = w*x + b; z**2", "--wrt", "w,b").out
    assert "∂z/∂x" not in out
    assert "∂f/∂w = df/dz · ∂z/∂w = 2*z · x\n" in out


def test_text_is_no_picture(tmp_path: Path, run: Run) -> None:
    err = run.refused("diff", "x**2", "-o", str(tmp_path / "x.svg"))
    assert "would be a picture, and this is text\n\nhint: gradcalc graph draws some" in err
    assert not [*tmp_path.iterdir()]
