"""Real PyTorch code audited: what gradcheck lets pass, and what it raises a false alarm over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gradcalc.audit.code import CodeAudit, audit_code
from gradcalc.audit.differences import central, one_sided, settled, stencil
from gradcalc.cli.app import main
from gradcalc.errors import GradcalcError

Capture = pytest.CaptureFixture[str]
MODULES = Path(__file__).parent.parent.parent / "examples" / "modules"
CODE = """
import torch

def absolute(x):
    return x.abs().sum()

def rounded(x):
    return torch.round(x).sum()

def root(x):
    return torch.sqrt(x).sum()

def dead(x):
    return torch.relu(x).sum()

def short(x):
    return (x.half()**2).sum()

def cut(x):
    return x.detach()**2 * x

def noisy(x):
    return (x * torch.rand(())).sum()

def broken(x):
    return missing_name

def text(x):
    return "no tensor"

class Slightly(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(context, upstream):
        (x,) = context.saved_tensors
        return upstream * 2 * x * 1.0009
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A user's file."""
    path = tmp_path / "code.py"
    path.write_text(CODE)
    return path


def audit(code: Path, name: str, at: Any, **options: Any) -> CodeAudit:
    """The audit of one object of the file."""
    return audit_code(f"{code}:{name}", at=at, **options)


FINDINGS = [  # what gradcheck passes although it is wrong, and what it rejects although it is right
    ("absolute", "0", "kink"),
    ("rounded", "0.3", "flat"),
    ("rounded", "0.5", "jump"),
    ("Slightly", "[1, 2]", "disagree"),
    ("absolute", "1e-7", "agree"),
    ("root", "1e-7", "agree"),
    ("root", "0", "undecided"),
    ("cut", "3", "disagree"),
    ("dead", "-0.5", "agree"),
    ("short", "0.1", "disagree"),
]


@pytest.mark.parametrize(("name", "at", "verdict"), FINDINGS)
def test_the_values_are_the_judge(code: Path, name: str, at: str, verdict: str) -> None:
    assert audit(code, name, at).verdict == verdict


def test_float32_raises_no_false_alarm(code: Path) -> None:
    assert audit(code, "root", "[0.3, 2]", dtype="float32").verdict == "agree"


def test_a_kink_has_both_slopes(code: Path) -> None:
    worst = audit(code, "absolute", "[1, 0]").worst
    assert (worst.index, round(worst.left or 0, 6), round(worst.right or 0, 6)) == ((2,), -1.0, 1.0)


EXAMPLES: list[tuple[str, Any, str]] = [
    ("huber.py:Huber", "x=[0.5, -3]", "agree"),
    ("huber.py:Slip", "x=[0.5, -3]", "disagree"),
    ("classifier.py:Loss", ["x=[[1, 2], [3, 4]]", "y=[1, 0]"], "agree"),
    ("quantized.py:rounded", "0.3", "flat"),
    ("quantized.py:distance", "[1, 0]", "kink"),
]


@pytest.mark.parametrize(("target", "at", "verdict"), EXAMPLES)
def test_the_examples_come_out_as_they_say(target: str, at: Any, verdict: str) -> None:
    assert audit_code(f"{MODULES}/{target}", at=at).verdict == verdict


def test_components_that_are_not_shown_are_counted(code: Path, capsys: Capture) -> None:
    assert main(["audit", f"{code}:dead", "--at", "ones(14)"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == ("14 of 14 components agree; 12 are shown, 2 more are in --json")


def test_the_parameters_of_a_module_are_audited_too() -> None:
    result = audit_code(f"{MODULES}/classifier.py:Loss", at=["x=[[1, 2]]", "y=[1]"])
    assert {one.variable for one in result.components} == {"x", "y", "layer.weight", "layer.bias"}


REFUSED = [
    ("absolute", None, "no value for `x`"),
    ("absolut", "1", "has no `absolut`"),
    ("noisy", "1", "two calls at the same point give different values"),
    ("broken", "1", "the function raised NameError: name 'missing_name' is not defined (line 26)"),
    ("text", "1", "the function returns str, expected a tensor"),
    ("torch", "1", "`torch` is no function, module or autograd function"),
]


@pytest.mark.parametrize(("name", "at", "message"), REFUSED)
def test_what_cannot_be_audited_is_told(code: Path, name: str, at: str | None, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        audit(code, name, at)
    assert raised.value.message.endswith(message)


def test_a_file_that_does_not_run_is_told(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("def f(x:\n")
    with pytest.raises(GradcalcError, match="raised SyntaxError"):
        audit(path, "f", "1")


TARGETS = ["code.py", ":f", "code.py:", "code.py:1f"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_names_a_file_and_an_object(target: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        audit_code(target, at="1")
    assert raised.value.hint == "write FILE.py:function"


def test_the_command_says_that_it_runs_the_file(capsys: Capture) -> None:
    assert main(["audit", f"{MODULES}/quantized.py:distance", "--at", "[1, 0]", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err == f"running {MODULES}/quantized.py\n"
    assert json.loads(captured.out)["verdict"] == "kink"


def test_differences_are_good_to_ten_digits_and_know_their_error() -> None:
    cube = settled(lambda x: x**3, 2.0, central)
    assert abs(cube.value - 12) <= cube.error <= 1e-9
    assert abs(stencil(lambda x: x**3, 2.0, 1e-3) - 12) < 1e-10
    assert abs(one_sided(abs, 0.0, 1e-3, -1).value + 1) < 1e-9
