"""Real PyTorch code audited: which line is wrong, why, and what gradcheck raises a false alarm over."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest

import gradcalc
from gradcalc.answers.audit import examine_torch
from gradcalc.answers.audit.code import audit_code
from gradcalc.answers.audit.records import CodeAudit
from gradcalc.base.errors import GradcalcError
from gradcalc.cli.app import main
from gradcalc.engines.torch.autograd import torch  # as the engine loads it: it keeps quiet about NumPy
from tests.custom import ONCE

Capture = pytest.CaptureFixture[str]
MODULES = Path(__file__).parents[3] / "examples" / "modules"
SPEC = importlib.util.spec_from_file_location("code_cases", Path(__file__).with_name("code_cases.py"))
assert SPEC is not None and SPEC.loader is not None
cases = importlib.util.module_from_spec(SPEC)
sys.modules["code_cases"] = cases
SPEC.loader.exec_module(cases)
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),  # what torch says of the users' code
    pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning"),  # and of its own
]


def written(folder: Path, code: str) -> Path:
    """A user's file."""
    path = folder / "code.py"
    path.write_text(cases.HEAD + code)
    return path


@pytest.mark.parametrize("case", cases.FAULTY, ids=lambda case: case.code.strip().splitlines()[-1].strip())
def test_the_line_to_blame_is_found(tmp_path: Path, case: Any) -> None:
    result = audit_code(f"{written(tmp_path, case.code)}:f", at=list(case.at), dtype=case.dtype)
    assert result.verdict == case.verdict
    pieces = [(one.source[one.span[0] : one.span[1]], one.reason) for one in result.blame]
    assert (case.piece, case.reason) in pieces
    if case.cure is not None:
        assert (case.cure or None) in [text for one in result.blame for text in (one.cure or one.guard, one.written)]


@pytest.mark.parametrize("case", cases.RIGHT, ids=lambda case: case.code.strip().splitlines()[-1].strip())
def test_what_is_right_raises_no_alarm(tmp_path: Path, case: Any) -> None:
    result = audit_code(f"{written(tmp_path, case.code)}:f", at=list(case.at), dtype=case.dtype)
    assert (result.verdict, result.blame) == ("agree", ())


CODE = (
    """
import torch

def absolute(x):
    return x.abs().sum()

def hinge(x):
    return torch.relu(x).sum()

def quantized(x):
    return (torch.round(x * 128) / 128).sum()

def single(x):
    return (x.float()**3).sum()

def lost(x):
    return (x**2).detach().sum()

def doubled(x):
    x.data.mul_(2)
    return (x**2).sum()

def labelled(x, y):
    return torch.nn.functional.cross_entropy(x, y.long())

def unlabelled(x, y):
    return torch.nn.functional.cross_entropy(x, y)

def several(x):
    return x, x

def spectrum(x):
    return torch.fft.fft(x)

def leaves(x):
    raise SystemExit(3)

def chatty(x):
    print("hello")
    torch.set_grad_enabled(False)
    torch.manual_seed(0)
    torch.set_default_dtype(torch.float16)
    return x.sum()

def nothing():
    return torch.ones(())

def starred(*xs):
    return xs[0]
"""
    + ONCE
    + """
def either(x):
    return (torch.relu(x) + torch.relu(-x)).sum()

def cube(x):
    return x**3

def through(x):
    return (x + (torch.round(x) - x).detach()).sum()

def values(x):
    return torch.linalg.svdvals(x).sum()

class Unused(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.spare = torch.nn.Parameter(torch.ones(2))

    def forward(self, x):
        return x.sum()

class Context(torch.autograd.Function):
    @staticmethod
    def forward(x, y):
        return x * y

    @staticmethod
    def setup_context(context, inputs, output):
        context.save_for_backward(*inputs)

    @staticmethod
    def backward(context, upstream):
        x, y = context.saved_tensors
        return upstream * y, upstream * x

class Through(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return torch.round(x)

    @staticmethod
    def backward(context, upstream):
        return upstream

class Turned(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.arange(6.0).reshape(3, 2).t())
        self.frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)

    def forward(self, x):
        return self.frozen @ (self.w @ x)**2

class Sized(torch.nn.Module):
    def __init__(self, size):
        super().__init__()

def rounded(x):
    return torch.round(x).sum()

def root(x):
    return torch.sqrt(x).sum()

def cut(x):
    return x.detach()**2 * x

def noisy(x, calls=[0]):
    calls[0] += 1
    return (x * calls[0]).sum()

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
)


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
    ("absolute", "1e-7", "agree"),
    ("root", "1e-7", "agree"),
    ("hinge", "-0.5", "agree"),  # flat here, but no staircase
    ("quantized", "[0.5, 0.3]", "flat"),
    ("quantized", "0.50390625", "undefined"),  # it jumps there
    ("Through", "0.3", "disagree"),
    ("Context", ["x=2", "y=3"], "agree"),
    ("Turned", "[1, 2, 3]", "agree"),  # a parameter that is not contiguous, and a frozen one
]


@pytest.mark.parametrize(("name", "at", "verdict"), FINDINGS)
def test_the_values_are_the_judge(code: Path, name: str, at: Any, verdict: str) -> None:
    assert audit(code, name, at).verdict == verdict


def test_float32_raises_no_false_alarm(code: Path) -> None:
    assert audit(code, "root", "[0.3, 2]", dtype="float32").verdict == "agree"


def test_a_kink_has_both_slopes(code: Path) -> None:
    part = audit(code, "absolute", "[1, 0]").gradient["x"]
    assert (part.worst, part.components[1].left, part.components[1].right) == (1, -1.0, 1.0)


def test_the_true_derivative_is_rounded_once(code: Path) -> None:
    one = audit(code, "cube", "2.3").gradient["x"].components[0]
    assert (one.symbolic, one.exact) == (15.869999999999997, "15.869999999999997549")


def test_what_is_cut_may_be_held_constant(code: Path) -> None:
    assert audit(code, "through", "[0.3, 1.2]").verdict == "disagree"
    assert audit(code, "through", "[0.3, 1.2]", cuts=True).verdict == "agree"
    assert main(["audit", f"{code}:through", "--at", "[0.3, 1.2]", "--allow-cuts"]) == 0


def test_the_audit_is_there_for_programs_too(code: Path) -> None:
    assert gradcalc.audit(f"{code}:through", at={"x": [0.3, 1.2]}, cuts=True).verdict == "agree"


def test_a_parameter_that_does_not_require_grad_is_named(code: Path) -> None:
    notes = audit(code, "Turned", "[1, 2, 3]").notes
    assert notes == ("`frozen` has requires_grad=False: it is held constant",)


def test_equal_numbers_that_many_components_hang_on_are_told_apart(code: Path) -> None:
    counts = audit(code, "either", "zeros(20)").counts
    assert counts == {"kink": 20}


def test_a_backward_that_cannot_be_derived_again_is_named(code: Path) -> None:
    result = audit(code, "Once", "[1, 2]")
    (blame,) = result.blame
    assert (result.verdict, blame.reason, blame.line) == ("agree", "second-order", 59)
    assert blame.sentence.startswith("the backward of `Once`, line 59, is right but cannot be derived again")
    assert audit(code, "Context", ["x=2", "y=3"]).blame == ()


def test_a_parameter_that_is_never_used_is_named(code: Path) -> None:
    result = audit(code, "Unused", "[1, 2]")
    assert (result.verdict, result.notes) == ("agree", ("`spare` is never used: its gradient is 0 whatever it is",))


def test_what_is_not_covered_is_named_with_its_line(code: Path) -> None:
    result = audit(code, "values", "[[2, 1], [1, 3]]")
    assert (result.verdict, result.traced) == ("agree", False)
    assert result.notes == ("`aten._linalg_svd`, line 71, is not covered",)


TOO_LITTLE = 1e-4  # of the time: 800 steps
LARGE = """
import torch

class Slip(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        return x.square()

    @staticmethod
    def backward(context, upstream):
        return upstream

class Large(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(40, 60), torch.nn.Linear(60, 3)

    def forward(self, x):
        return self.last(torch.tanh(self.first(torch.linspace(-1, 1, 40, dtype=x.dtype) * x))).pow(2).sum()

class Wrong(Large):
    def forward(self, x):
        return Slip.apply(super().forward(x)) + self.first.bias.detach().pow(2).sum()
"""


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_too_large_is_judged_along_directions_and_says_so(
    tmp_path: Path, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examine_torch, "FOR_THE_TRUTH", TOO_LITTLE)
    path = tmp_path / "large.py"
    path.write_text(LARGE)
    result = audit(path, "Large", "1.5", dtype=dtype)
    assert (result.verdict, result.traced, len(result.directions)) == ("agree", False, 4)
    assert result.notes[0].startswith("larger than the limit of exact work: judged by float64 values along 4 fixed")
    part = result.gradient["first.weight"]
    looked_at = [one for one in part.components if one.symbolic is not None]
    assert len(looked_at) == 1
    assert {one.reason for one in part.components} == {"directions", None}
    monkeypatch.undo()
    assert audit(path, "Large", "1.5", dtype=dtype).directions == ()


def test_a_fault_shows_along_directions_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examine_torch, "FOR_THE_TRUTH", TOO_LITTLE)
    path = tmp_path / "large.py"
    path.write_text(LARGE)
    result = audit(path, "Wrong", "1.5")
    assert result.verdict == "disagree"
    assert [one.verdict for one in result.directions] == ["disagree"] * 4
    assert result.gradient["first.bias"].verdict == "disagree"


def test_a_complex_view_that_is_changed_in_place_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "view.py"
    path.write_text(
        "import torch\ndef f(x):\n    y = x * 1\n    torch.view_as_complex(y).mul_(2)\n    return y.sum()\n"
    )
    with pytest.raises(GradcalcError, match="`mul_` changes a complex view of real numbers in place, line 4"):
        audit(path, "f", "[[1, 2], [3, 4]]")


def test_a_file_that_was_changed_is_quoted_as_it_is_now(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    for text in (
        "import torch\ndef f(x):\n    return x.abs().sum()\n",
        "import torch\n\ndef f(x):\n    return (2 * x.abs()).sum()\n",
    ):
        path.write_text(text)
        (blame,) = audit(path, "f", "[0]").blame
        assert blame.source in text.splitlines()
        assert blame.source[slice(*blame.span)] == "x.abs()"


def test_the_fault_of_a_backward_is_put_in_words() -> None:
    (blame,) = audit_code(f"{MODULES}/huber.py:Slip", at="[0.5, -3, -2]").blame
    assert blame.sentence.startswith("the backward of `Slip`, line 33, has the wrong sign where x < 0")


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
    assert main(["audit", f"{code}:hinge", "--at", "ones(14)"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "14 of 14 components agree; 12 are shown, 2 more are in --json"


def test_the_parameters_of_a_module_are_audited_too() -> None:
    result = audit_code(f"{MODULES}/classifier.py:Loss", at=["x=[[1, 2]]", "y=[1]"])
    assert set(result.gradient) == {"x", "y", "layer.weight", "layer.bias"}


REFUSED = [
    ("absolute", None, "no value for `x`"),
    ("absolut", "1", "has no `absolut`"),
    ("noisy", "1", "two calls at the same point give different values"),
    ("broken", "1", "the function raised NameError: name 'missing_name' is not defined (line 131)"),
    ("text", "1", "the function returns str, expected a tensor"),
    ("torch", "1", "`torch` is no function, module or autograd function"),
    ("several", "1", "the function returns tuple, expected a tensor"),
    ("spectrum", "[1, 2]", "the function returns complex numbers, expected real ones"),
    ("leaves", "1", "the function raised SystemExit: 3 (line 36)"),
    ("nothing", None, "the function takes no tensor"),
    ("starred", "x=1", "the function has no argument `x`"),
    ("Context", "z=1", "the function has no argument `z`"),
    ("Sized", "1", "`Sized` needs arguments to be made"),
]


@pytest.mark.parametrize(("name", "at", "message"), REFUSED)
def test_what_cannot_be_audited_is_told(code: Path, name: str, at: str | None, message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        audit(code, name, at)
    assert raised.value.message.endswith(message)


def test_whole_numbers_are_given_where_the_code_wants_them(code: Path) -> None:
    result = audit(code, "unlabelled", ["x=[[1, 2], [3, 5]]", "y=[0, 1]"])
    assert (result.verdict, set(result.gradient)) == ("agree", {"x"})


def test_only_what_was_asked_for_is_looked_at(code: Path) -> None:
    at = ["x=[[1, 2], [3, 5]]", "y=[0, 1]"]
    result = audit(code, "labelled", at, wrt="x")
    assert (result.verdict, set(result.gradient)) == ("agree", {"x"})
    with pytest.raises(GradcalcError) as raised:
        audit(code, "labelled", at, wrt=["z"])
    assert (raised.value.message, raised.value.hint) == ("the function has no `z`", "it has `x` and `y`")


def test_nothing_of_the_users_code_stays(code: Path, capsys: Capture) -> None:
    state, path = torch.get_rng_state(), list(sys.path)
    assert audit(code, "chatty", "[1, 2]").verdict == "disagree"  # it was cut off
    assert torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_default_dtype() == torch.float32
    assert sys.path == path
    assert "gradcalc_audited" not in sys.modules
    assert [one.name for one in code.parent.iterdir()] == ["code.py"]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("hello\n")


def test_weights_that_are_drawn_at_random_are_the_same_in_every_run(tmp_path: Path) -> None:
    path = tmp_path / "drawn.py"
    path.write_text("import torch\nweights = torch.rand(2, dtype=torch.float64)\ndef f(x): return weights @ x\n")
    torch.manual_seed(1)
    one = audit(path, "f", "[1, 2]")
    torch.manual_seed(2)
    other = audit(path, "f", "[1, 2]")
    assert one.gradient == other.gradient


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
    assert (
        raised.value.hint == "write FILE.py:function, package.module:function, or a call of literals: FILE.py:Model(8)"
    )


def test_the_command_says_that_it_runs_the_file(capsys: Capture) -> None:
    assert main(["audit", f"{MODULES}/quantized.py:distance", "--at", "[1, 0]", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err == f"running {MODULES}/quantized.py\n"
    record = json.loads(captured.out)
    assert {key: record[key] for key in ("schema", "verdict", "traced", "counts")} == {
        "schema": 2, "verdict": "kink", "traced": True, "counts": {"agree": 1, "kink": 1},
    }  # fmt: skip
    assert record["gradient"]["x"] == {
        "shape": [2], "autograd": [1.0, 0.0], "symbolic": [1.0, None], "verdicts": ["agree", "kink"],
        "reasons": [None, None], "left": [None, -1.0], "right": [None, 1.0], "verdict": "kink",
    }  # fmt: skip
    (blame,) = record["blame"]
    assert (blame["line"], blame["span"], blame["operation"]) == (15, [11, 18], "aten.abs")


def test_what_rounding_leaves_of_a_gradient_that_cancels_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, cases.f("return F.layer_norm(x, (4,)).pow(2).mean()"))
    result = audit_code(f"{path}:f", at=list(cases.ROWS), dtype="float32")
    rounded = [one.reason for one in result.gradient["x"].components].count("rounding")
    assert (rounded > 3, result.verdict) == (True, "agree")
    told = f"{rounded} of 8 components are as right as float32 can give them here: what adds up there cancels"
    assert [note.partition(", and up to")[0] for note in result.notes] == [told]


def test_what_is_nothing_in_the_format_has_lost_no_digits(tmp_path: Path) -> None:
    path = tmp_path / "sums.py"
    path.write_text("import torch\n\n\ndef f(x):\n    return torch.log(torch.exp(x).sum())\n")
    result = audit(path, "f", "[1000, 1]")
    assert [(one.verdict, one.reason) for one in result.gradient["x"].components] == [
        ("disagree", "overflow"),
        ("agree", None),
    ]
    assert result.notes == ()
