"""Code and data as people have them: calls, methods, packages; what is drawn, files; results of several tensors."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import gradcalc
from gradcalc.answers.audit import order_torch
from gradcalc.answers.audit.code import audit_code
from gradcalc.answers.audit.records import CodeAudit
from gradcalc.answers.audit.stored_torch import READERS
from gradcalc.answers.audit.written import FILES
from gradcalc.base.errors import GradcalcError
from gradcalc.cli.app import main
from gradcalc.engines.torch.autograd import torch  # as the engine loads it: it keeps quiet about NumPy
from tests.custom import ONCE

Capture = pytest.CaptureFixture[str]
CODE = """
from dataclasses import dataclass
from typing import NamedTuple
import torch
from torch import nn

class Model(nn.Module):
    def __init__(self, width, heads=1, act="tanh"):
        super().__init__()
        assert act in ("tanh", "relu"), act
        self.layer, self.heads = nn.Linear(width, heads), heads
        self.scale = nn.ModuleDict({"inner": nn.Linear(width, 1)})

    def forward(self, x):
        return torch.tanh(self.layer(x))

    def loss(self, x, y=None, *, weight=1.0, reduction="mean"):
        out = self(x).pow(2) * weight
        out = out if y is None else out - y
        return out.mean() if reduction == "mean" else out.sum()

    @staticmethod
    def penalty(x):
        return x.abs().sum()

    @property
    def doubled(self):
        return lambda x: 2 * x.sum()

@dataclass
class Out:
    loss: torch.Tensor
    logits: torch.Tensor

class Pair(NamedTuple):
    first: torch.Tensor
    second: torch.Tensor

def keywords(x, *, scale, shift=0.0):
    return (x * scale + shift).sum()

def positional(x, /, y):
    return (x * y).sum()

def several(x):
    return (x**2).sum(), x * 2

def dictionary(x):
    return {"loss": (x**2).sum(), "logits": x, "step": 3}

def record(x):
    return Out((x**2).sum(), x)

def named(x):
    return Pair(x.sum(), (x**3).sum())

def nested(x):
    return {"losses": {"a": x.sum(), "b": (x**2).sum()}, "more": [x.sum(), {"c": x}]}

def classes(x, y):
    return nn.functional.cross_entropy(x, y)

def masked(x, mask=None):
    return x.sum() if mask is None else x[mask].sum()

@dataclass(frozen=True, slots=True)
class Slotted:
    loss: torch.Tensor
    logits: torch.Tensor

class Plainly:
    def __init__(self, loss):
        self.loss = loss

def slotted(x):
    return Slotted((x**2).sum(), x)

def plainly(x):
    return Plainly((x**2).sum())

def starred(x, y=2.0, *rest, scale=1.0, **more):
    out = (x * y * scale).sum()
    for one in (*rest, *more.values()):
        out = out + (one**2).sum()
    return out

def batched(batch):
    return ((batch["x"] * 2 - batch["y"]) ** 2).mean()

def labelled(batch, smoothing):
    return nn.functional.cross_entropy(batch[0], batch[1], label_smoothing=smoothing)

def top(x, k):
    return x.topk(k).values.sum()

def along(x, dim: int):
    return (x**2).sum(dim).sum() if type(dim) is int else x.sum()

def sized(x, size):
    return (x.reshape(size) ** 2).sum()

def trains(x, train=True):
    return (x**2).sum() if train is True else x.sum()

net = torch.nn.Linear(2, 1)

def outer(x):
    return net(x).sum()

def failing(x):
    assert x is None

def half(x):
    return (x @ x.T).pow(2).sum()
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A user's file."""
    path = tmp_path / "code.py"
    path.write_text(CODE + ONCE)
    return path


def audit(code: Path, what: str, at: Any, **options: Any) -> CodeAudit:
    """The audit of one thing of the file."""
    return audit_code(f"{code}:{what}", at=at, **options)


RUN: list[tuple[str, Any, dict[str, Any], set[str], float]] = [  # target, arguments, options, variables, the value
    ("Model(2, heads=2, act='relu').loss", "x=[[0, 0]]", {"wrt": "x"}, {"x"}, None),
    ("Model(2).loss", ["x=[[1, 2]]", "y=[[3]]"], {"wrt": "x,y"}, {"x", "y"}, None),
    ("Model(2).loss", ["x=ones(3, 2)", "reduction='sum'", "weight=0.0"], {"wrt": "x"}, {"x"}, 0.0),
    ("Model(2).penalty", "[1, -2]", {"wrt": "x"}, {"x"}, 3.0),
    ("Model.penalty", "[1, -2]", {}, {"x"}, 3.0),
    ("Model(2).doubled", "[1, 2]", {}, {"x"}, 6.0),
    ("Model(2).layer", "[[1, 2]]", {"wrt": "x"}, None, None),
    ("keywords", ["x=[1, 2]", "scale=3"], {}, {"x", "scale"}, 9.0),
    ("keywords", ["x=[1, 2]", "scale=3, shift=1"], {}, {"x", "scale", "shift"}, 11.0),
    ("positional", ["x=[1, 2]", "y=[3, 4]"], {}, {"x", "y"}, 11.0),
    ("several", "[1, 2]", {}, {"x"}, 5.0),
    ("several", "[1, 2]", {"result": "0"}, {"x"}, 5.0),
    ("dictionary", "[1, 2]", {}, {"x"}, 5.0),
    ("dictionary", "[1, 2]", {"result": "loss"}, {"x"}, 5.0),
    ("record", "[1, 2]", {}, {"x"}, 5.0),
    ("named", "[1, 2]", {"result": "second"}, {"x"}, 9.0),
    ("nested", "[1, 2]", {"result": "losses.b"}, {"x"}, 5.0),
    ("nested", "[1, 2]", {"result": "more.0"}, {"x"}, 3.0),
    ("classes", ["x=[[1, 2], [0, 1]]", "y=[0, 1]:int64"], {}, {"x"}, None),
    ("classes", ["x=randn(4, 3)", "y=randint(0, 3, 4)"], {"seed": 3}, {"x"}, None),
    ("classes", ["x=eye(3), y=tensor([0, 1, 2], dtype=int64)"], {}, {"x"}, None),
    ("masked", ["x=[1, 2]", "mask=[1, 0]:bool"], {}, {"x"}, 1.0),
    ("masked", ["x=[1, 2]", "mask=None"], {}, {"x"}, 3.0),
    ("masked", "linspace(0, 1, 5)", {}, {"x"}, 2.5),
    ("masked", "full([2, 3], 0.5)", {}, {"x"}, 3.0),
    ("masked", {"x": torch.ones(2, 2)}, {}, {"x"}, 4.0),
    ("masked", {"x": [1, 2], "mask": "[1, 0]:bool"}, {}, {"x"}, 1.0),
    ("masked", ["x=[1, 2]", "mask=[True, False]"], {}, {"x"}, 1.0),
    ("masked", "torch.full(size=(2,), fill_value=0.5, requires_grad=True)", {}, {"x"}, 1.0),
    ("masked", "2*ones(3) - 0.5", {}, {"x"}, 4.5),
    ("masked", "x=linspace(0, 1, steps=5)", {}, {"x"}, 2.5),
    ("classes", ["x=zeros(4, 3), y=randint(3, (4,))"], {}, {"x"}, None),
    ("Model(2)", "[[1, 2]]", {"wrt": "x"}, {"x"}, None),
    ("slotted", "[1, 2]", {}, {"x"}, 5.0),
    ("slotted", "[1, 2]", {"result": "logits"}, {"x"}, None),
    ("plainly", "[1, 2]", {}, {"x"}, 5.0),
    ("named", "[1, 2]", {"result": "1"}, {"x"}, 9.0),
    ("starred", "[1, 2]", {}, {"x"}, 6.0),
    ("starred", ["x=[1, 2]", "rest=([1, 2], ones(3))"], {}, {"x", "rest.0", "rest.1"}, 14.0),
    ("starred", ["x=[1, 2]", "rest=[2]", "extra=[3]", "scale=2"], {}, {"x", "rest", "extra", "scale"}, 25.0),
    ("batched", "batch={'x': [1, 2], 'y': ones(2), 'name': 'a'}", {}, {"batch.x", "batch.y"}, 5.0),
    ("batched", {"batch": {"x": [1, 2], "y": torch.ones(2)}}, {"wrt": "batch.x"}, {"batch.x"}, 5.0),
    ("labelled", ["batch=(zeros(2, 3), [0, 2])", "smoothing=0.5"], {}, {"batch.0"}, None),
    ("top", ["x=[3, 1, 2]", "k=2"], {}, {"x"}, 5.0),
    ("top", ["x=[3, 1, 2]", "k=2:int"], {}, {"x"}, 5.0),
    ("along", ["x=[[1, 2]]", "dim=1"], {}, {"x"}, 5.0),
    ("sized", ["x=[1, 2]", "size=(2, 1)"], {}, {"x"}, 5.0),
    ("trains", ["x=[1, 2]", "train=false"], {}, {"x"}, 3.0),
    ("Model(2).loss", ["x=ones(3, 2)", "reduction=sum", "weight=0.0"], {"wrt": "x"}, {"x"}, 0.0),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")  # what torch says of the users' code
@pytest.mark.parametrize(("what", "at", "options", "names", "value"), RUN)
def test_what_people_have_is_audited(
    code: Path, what: str, at: Any, options: dict[str, Any], names: set[str] | None, value: float | None
) -> None:
    if names is None:
        options = {}
    result = audit(code, what, at, **options)
    assert result.verdict == "agree"
    assert names is None or set(result.gradient) == names
    assert value is None or result.forward.symbolic == value


def test_the_parameters_of_a_method_are_its_modules(code: Path) -> None:
    assert "layer.weight" in audit(code, "Model(2).loss", "x=[[1, 2]]").gradient


def test_another_seed_draws_other_numbers_and_the_same_one_the_same(code: Path) -> None:
    one, same, other = (audit(code, "half", "randn(2, 2)", seed=seed).forward.symbolic for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_a_module_of_a_package_is_imported_with_its_relatives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lossespackage" / "deep"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").write_text("")
    (package.parent / "base.py").write_text("def square(x):\n    return x**2\n")
    (package / "loss.py").write_text(
        "from ..base import square\n\n\ndef loss(x):\n    return square(x).abs().sum()\n\n\n"
        "def cut(x):\n    return (x.detach() * x).sum()\n\n\ndef wrong(x):\n    return x / (1 // 0)\n"
    )
    (package / "beside.py").write_text("import lossespackage.deep.loss as whole\n\nloss = whole.loss\n")
    monkeypatch.chdir(tmp_path)
    result = audit_code("lossespackage.deep.loss:loss", at="[1, 2]")
    assert (result.verdict, result.forward.symbolic) == ("agree", 5.0)
    assert [one.cure for one in audit_code("lossespackage.deep.loss:cut", at="[1, 2]").blame] == ["x"]
    with pytest.raises(GradcalcError, match=r"raised ZeroDivisionError: .* \(line 13\)"):
        audit_code("lossespackage.deep.loss:wrong", at="[1, 2]")
    with pytest.raises(GradcalcError, match=r"cannot read `lossespackage\.none`: no Python file"):
        audit_code("lossespackage.none:loss", at="[1, 2]")
    with pytest.raises(GradcalcError, match=r"cannot read `losespackage\.deep`: no Python file"):
        audit_code("losespackage.deep:loss", at="[1, 2]")
    monkeypatch.chdir("/")
    before = list(sys.path)
    for target in (f"{package}/loss.py:loss", f"{package}/beside.py:loss"):  # as files of the package that they are
        assert audit_code(target, at="[1, 2]").forward.symbolic == 5.0
    assert [one.cure for one in audit_code(f"{package}/loss.py:cut", at="[1, 2]").blame] == ["x"]
    with pytest.raises(GradcalcError, match=r"raised ZeroDivisionError: .* \(line 13\)"):
        audit_code(f"{package}/loss.py:wrong", at="[1, 2]")
    assert sys.path == before
    assert not any(name.startswith("lossespackage") for name in sys.modules)


def test_a_file_of_a_package_runs_once_and_alone_where_it_needs_nothing_of_it(tmp_path: Path) -> None:
    package = tmp_path / "oncepackage"
    package.mkdir()
    (package / "__init__.py").write_text("from .loss import loss\n")
    (package / "loss.py").write_text(
        "import os\nfrom . import other\n\nassert os.environ.pop('ONCE')\n\n\ndef loss(x):\n    return x.sum()\n"
    )
    (package / "other.py").write_text("")
    for name in ("loss.py", "__init__.py"):
        os.environ["ONCE"] = "yes"
        assert audit_code(f"{package}/{name}:loss", at="[1, 2]").verdict == "agree"
    (package / "__init__.py").write_text("import no_such_library\n")
    (package / "alone.py").write_text("def loss(x):\n    return x.sum()\n")
    assert audit_code(f"{package}/alone.py:loss", at="[1, 2]").verdict == "agree"
    with pytest.raises(GradcalcError, match="No module named 'no_such_library'"):
        audit_code(f"{package}/loss.py:loss", at="[1, 2]")


def test_a_folder_without_init_is_a_package_to_relative_imports(tmp_path: Path) -> None:
    for name in ("plainfolder", "test"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "base.py").write_text("def square(x):\n    return x**2\n")
        (tmp_path / name / "loss.py").write_text(
            "from .base import square\n\n\ndef loss(x):\n    return square(x).sum()\n"
        )
    assert audit_code(f"{tmp_path}/plainfolder/loss.py:loss", at="[1, 2]").forward.symbolic == 5.0
    with pytest.raises(GradcalcError, match="lies in a package named `test`, as another one that Python finds is"):
        audit_code(f"{tmp_path}/test/loss.py:loss", at="[1, 2]")


REFUSED: list[tuple[str, Any, dict[str, Any], str]] = [
    ("Model", "x=[[1, 2]]", {}, "`Model` needs arguments to be made"),
    ("Model(2, act='gelu')", "x=[[1, 2]]", {}, "`Model(…)` raised AssertionError: gelu (line 10)"),
    ("Model(2).losss", "x=[[1, 2]]", {}, "`Model(…)` has no `losss`"),
    ("Model(2).heads", "x=1", {}, "`Model(…).heads` is no function, module or autograd function"),
    ("Model(open('x'))", "x=1", {}, "is no target"),
    ("Model(__import__('os'))", "x=1", {}, "is no target"),
    ("(lambda: 1)()", "x=1", {}, "is no target"),
    ("several", "[1, 2]", {"result": "2"}, "the function returns tuple without `2`"),
    ("named", "[1, 2]", {}, "the function returns Pair, expected a tensor"),
    ("keywords", "x=[1, 2]", {}, "no value for `scale`"),
    ("keywords", ["x=[1, 2]", "scale=1", "scal=2"], {}, "the function has no argument `scal`"),
    ("keywords", ["x=[1, 2]", "scale=randn(1)", "scal=randn(2)"], {}, "the function has no argument `scal`"),
    ("masked", "randn(2, dtype=float8)", {}, "`float8` is no number format"),
    ("masked", "randn('a')", {}, "`randn` cannot be made with these arguments: "),
    ("masked", "randn(x)", {}, "`randn(x)` cannot be made"),
    ("masked", "x=@missing.pt", {}, "cannot read `missing.pt`: no such file"),
    ("masked", "[1, 2]", {"weights": "w.pt"}, "--weights are for a module"),
    ("masked", "[1, 2]", {"device": "tpu"}, "`tpu` is no device"),
    ("masked", "[1, 2]", {"autocast": "float32"}, "autocast runs in no `float32`"),
    ("masked", "[1, 2]", {"order": 3}, "code is audited to order 1 or 2"),
    ("nested", "[1, 2]", {"result": "losses"}, "the function returns dict without `losses`"),
    ("classes", ["x=randn(2, 3)", "y=[0.2, 1]:int64"], {}, "0.2 is no number of int64"),
    ("masked", "[1, 2]:flaot32", {}, "`flaot32` is no number format"),
    ("masked", "rnadn(2)", {}, "`rnadn` is nothing that values are made by"),
    ("masked", "x=arange(4)", {}, "there is nothing to derive by: `x` is of whole numbers"),
    ("outer", "[[1, 2]]", {}, "the function raised RuntimeError: mat1 and mat2 must have the same dtype"),
    ("failing", "1", {}, "the function raised AssertionError (line "),
    ("masked", "x=randint(5)", {}, "`randint` cannot be made with these arguments: two bounds, or one and a shape"),
    ("masked", "x=randn(2)", {"seed": 2**64}, "the seed takes more than 64 bits"),
    ("batched", "batch={'x': [0]:int64}", {}, "has number formats inside"),
    ("batched", "batch={'x': @x.npy}", {}, "has a file inside"),
    ("top", ["x=[1, 2]", "k=2.5:int"], {}, "`2.5:int` is no literal with a number format"),
    ("masked", "x=2*randn(3) + y", {}, "`2*randn(3) + y` cannot be made"),
    ("masked", "x=zeros(0, 3)", {}, "`x` has no numbers: its shape is (0, 3)"),
    ("nested", "[1, 2]", {"result": "loses.a"}, "the function returns dict without `loses.a`"),
]


@pytest.mark.parametrize(("what", "at", "options", "message"), REFUSED)
def test_what_cannot_be_run_is_told(code: Path, what: str, at: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        audit(code, what, at, **options)
    assert message in raised.value.message


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a device here")
def test_without_a_device_cuda_is_refused(code: Path) -> None:
    with pytest.raises(GradcalcError, match="there is no CUDA device here"):
        audit(code, "half", "randn(2, 2)", device="cuda")


def test_weights_and_tensors_come_from_files_that_hold_nothing_else(code: Path, tmp_path: Path) -> None:
    torch.save({"x": torch.ones(1, 2), "y": torch.zeros(1, 1)}, tmp_path / "batch.pt")
    torch.save({"layer.weight": torch.ones(1, 2)}, tmp_path / "part.pt")
    state = {"layer.weight": torch.zeros(1, 2), "layer.bias": torch.ones(1) * 0.5}
    inner = {"scale.inner.weight": torch.zeros(1, 2), "scale.inner.bias": torch.zeros(1)}
    torch.save(state | inner, tmp_path / "weights.pt")
    result = audit(code, "Model(2).loss", f"@{tmp_path}/batch.pt", weights=tmp_path / "weights.pt")
    assert result.verdict == "agree"
    assert result.forward.symbolic == pytest.approx(0.5 and float(torch.tanh(torch.tensor(0.5).double()) ** 2))
    assert audit(code, "half", f"x=@{tmp_path}/batch.pt:x").forward.symbolic == 4.0
    with pytest.raises(GradcalcError, match=r"part.pt` does not fit the module: it lacks `layer.bias`"):
        audit(code, "Model(2).loss", f"@{tmp_path}/batch.pt", weights=tmp_path / "part.pt")
    torch.save({"epoch": 3, "net": state | inner, "adam": {"step": torch.ones(1)}}, tmp_path / "run.pt")
    again = audit(code, "Model(2).loss", f"@{tmp_path}/batch.pt", weights=tmp_path / "run.pt")
    assert again.forward.symbolic == result.forward.symbolic
    assert audit(code, "half", f"x=@{tmp_path}/run.pt:net.layer.weight").forward.symbolic == 0.0
    with pytest.raises(GradcalcError, match=r"run.pt` has no `net`"):
        audit(code, "half", f"x=@{tmp_path}/run.pt:net")
    torch.save({"epoch": 3}, tmp_path / "none.pt")
    with pytest.raises(GradcalcError, match=r"none.pt` holds no tensors"):
        audit(code, "half", f"x=@{tmp_path}/none.pt")
    (tmp_path / "evil.pt").write_bytes(b"\x80\x04cos\nsystem\n(S'echo spoilt'\ntR.")
    with pytest.raises(GradcalcError, match=r"cannot read `.*evil.pt`"):
        audit(code, "half", f"x=@{tmp_path}/evil.pt")


def test_csv_files_are_read_as_everywhere(code: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2\n3,4\n")
    assert audit(code, "half", f"x=@{tmp_path}/x.csv").forward.symbolic == 892.0


def test_files_of_numpys_and_safetensors_take_an_extra_or_are_read(code: Path, tmp_path: Path) -> None:
    numbers = [[1.0, 2.0], [3.0, 4.0]]
    if find_spec("numpy"):
        numpy = import_module("numpy")
        numpy.save(tmp_path / "x.npy", numpy.array(numbers))
        numpy.savez(tmp_path / "x.npz", x=numpy.array(numbers), y=numpy.array([1]))
    if find_spec("safetensors"):
        import_module("safetensors.torch").save_file({"x": torch.tensor(numbers)}, tmp_path / "x.safetensors")
    for name in ("x.npy", "x.npz", "x.safetensors"):
        if (tmp_path / name).exists():
            assert audit(code, "half", f"x=@{tmp_path}/{name}").forward.symbolic == 892.0
            continue
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(GradcalcError) as raised:
            audit(code, "half", f"x=@{tmp_path}/{name}")
        assert raised.value.hint == "pip install 'gradcalc[data]'"


@pytest.mark.parametrize("name", ["x.npy", "x.npz", "x.safetensors", "x.pt"])
@pytest.mark.parametrize("held", [b"", b"PK\x03\x04 and no more", b"no tensors at all"], ids=["empty", "cut", "text"])
def test_a_file_that_is_not_what_its_name_says_is_an_error(code: Path, tmp_path: Path, name: str, held: bytes) -> None:
    (tmp_path / name).write_bytes(held)
    with pytest.raises(GradcalcError) as raised:
        audit(code, "half", f"x=@{tmp_path}/{name}")
    missing = raised.value.hint == "pip install 'gradcalc[data]'"
    assert missing or raised.value.message.startswith(f"cannot read `{tmp_path}/{name}`: ")


def test_an_argument_by_which_torch_derives_nothing_is_held_constant(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("import torch.nn.functional as F\n\ndef loss(z, y):\n    return F.soft_margin_loss(z, y)\n")
    found = gradcalc.audit(f"{path}:loss", at=["z=[1, 2]", "y=[1, -1]"], formula=True)
    assert (found.verdict, list(found.gradient)) == ("agree", ["z"])
    assert found.notes == ("`y` is held constant: torch derives nothing by it",)
    assert found.formula is not None and found.formula.shown is not None
    assert found.formula.shown.expression == "mean(log(1 + exp(-y*z)))"


@pytest.mark.parametrize("made", ["randn(3, 3)", "randn((3, 3))", "ones([3, 3])", "zeros((3, 3))"])
def test_a_shape_may_be_given_as_torch_takes_it(code: Path, made: str) -> None:
    assert audit(code, "half", f"x={made}").forward.verdict == "agree"


def test_several_formats_stand_side_by_side(code: Path, capsys: Capture) -> None:
    arguments = ["audit", f"{code}:half", "--at", "full([2, 2], 30)", "--dtype", "float16,float32"]
    assert main(arguments) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines if line.startswith("float")] == [
        ["float16", "12960000", "inf", "disagree:", "overflow", "0", "of", "4", "agree", "disagree"],
        ["float32", "12960000", "12960000", "agree", "4", "of", "4", "agree", "agree"],
    ]
    assert main([*arguments, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert {key: one["verdict"] for key, one in record["dtypes"].items()} == {"float16": "disagree", "float32": "agree"}
    assert main([*arguments, "-q"]) == 1
    assert capsys.readouterr().out == "float16 disagree\nfloat32 agree\n"


def test_autocast_is_judged_by_the_format_that_it_runs_in(code: Path) -> None:
    exact = audit(code, "half", "x=randn(3, 3)", dtype="float32").forward
    rough = audit(code, "half", "x=randn(3, 3)", dtype="float32", autocast="bfloat16")
    assert (rough.verdict, rough.forward.symbolic) == ("agree", exact.symbolic)
    assert rough.forward.autograd != exact.autograd


def test_second_derivatives_are_judged_along_a_direction(code: Path) -> None:
    right = audit(code, "half", "[[1, 2], [3, 4]]", order=2)
    assert (right.verdict, right.order, right.blame) == ("agree", 2, ())
    wrong = audit(code, "Once", "[1, 2]", order=2)
    assert (wrong.verdict, wrong.counts) == ("disagree", {"disagree": 2})
    assert [(one.reason, one.operation) for one in wrong.blame] == [("second-order", "Once.backward")]


HIDDEN = """
import torch

class Hidden(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x**3).sum()

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        unseen = x.sum() - x.sum().detach()  # 0, but for its own derivative
        return g * (3 * x**2 + unseen * torch.tensor([0.875, -0.921875], dtype=x.dtype))

def cube(x):
    return Hidden.apply(x)
"""


def test_a_wrong_double_backward_that_one_direction_misses_is_found_by_several(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "code.py"
    path.write_text(HIDDEN)
    several = audit(path, "cube", "[1, 2]", order=2)
    assert (several.along, several.counts) == (2, {"disagree": 2})  # as many as there are components
    assert main(["audit", f"{path}:cube", "--at", "[1, 2]", "--order", "2"]) == 1
    told = "order = 2: the derivative of the gradient along 2 fixed directions, the worst of them shown"
    assert told in capsys.readouterr().out
    monkeypatch.setattr(order_torch, "SEEDS", order_torch.SEEDS[:1])
    assert audit(path, "cube", "[1, 2]", order=2).counts == {"agree": 2}


def test_the_options_are_there_for_programs_too(code: Path) -> None:
    result = gradcalc.audit(f"{code}:named", at={"x": torch.ones(3)}, result="second", order=2)
    assert result.verdict == "agree"


def test_every_file_of_tensors_has_a_reader() -> None:
    assert set(READERS) == set(FILES)
