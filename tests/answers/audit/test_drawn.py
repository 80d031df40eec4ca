"""The graph of real code: each operation in the user's words, and what is wrong marked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradcalc.answers.audit.drawn import graph_code
from gradcalc.cli.app import main

Capture = pytest.CaptureFixture[str]
CODE = """
import torch

def loss(x, y):
    p = torch.exp(x) / torch.exp(x).sum()
    return -torch.log(p[0]) * y

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def forward(self, x):
        return torch.tanh(self.layer(x)).sum()
"""
AT = ["--at", "x=[1, 1000]", "--at", "y=2.0"]
Row = tuple[str, str | None, tuple[int, ...], str]


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A user's file."""
    path = tmp_path / "code.py"
    path.write_text(CODE)
    return path


def test_each_operation_has_the_words_of_the_source_and_what_is_wrong_is_marked(module: Path) -> None:
    found = graph_code(f"{module}:loss", at=["x=[1, 1000]", "y=2.0"])
    sources = {one.id: tuple(edge.source for edge in found.edges if edge.target == one.id) for one in found.vertices}
    assert [(one.label, one.grad_fn, sources[one.id], one.reason) for one in found.vertices] == [
        ("x", None, (), None),
        ("y", None, (), None),
        ("torch.exp(x)", "ExpBackward0", (0,), "overflow"),
        ("torch.exp(x)", "ExpBackward0", (0,), "overflow"),
        ("torch.exp(x).sum()", "SumBackward0", (3,), None),
        ("torch.exp(x) / torch.exp(x).sum()", "DivBackward0", (2, 4), None),
        ("torch.log(p[0])", "LogBackward0", (5,), None),
        ("-torch.log(p[0])", "NegBackward0", (6,), None),
        ("-torch.log(p[0]) * y", "MulBackward0", (7, 1), None),
    ]
    assert found.verdict == "disagree"


def test_values_and_gradients_are_those_of_torch(module: Path) -> None:
    found = graph_code(f"{module}:loss", at=["x=[1, 2]", "y=2.0"])
    assert (found.vertices[2].value[0], found.vertices[-1].gradient, found.vertices[6].gradient) == (
        pytest.approx(2.718281828), 1.0, -2.0,
    )  # fmt: skip
    assert [one.reason for one in found.vertices if one.reason] == []


def test_parameters_are_leaves_of_the_graph(module: Path) -> None:
    found = graph_code(f"{module}:Net", at="x=[[1, 2]]")
    assert [one.label for one in found.vertices if one.operation == "leaf"] == ["x", "layer.weight", "layer.bias"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ([], "wrong: overflow"),
        (["--format", "dot"], 'color="#b00020"'),
        (["--format", "mermaid"], ":::wrong"),
        (["--quiet"], "x[1] disagree"),
    ],
    ids=["text", "dot", "mermaid", "quiet"],
)
def test_the_wrong_operation_is_marked_in_every_format(
    module: Path, capsys: Capture, form: list[str], told: str
) -> None:
    assert main(["graph", f"{module}:loss", *AT, *form]) == 1
    assert told in capsys.readouterr().out


def test_as_json_it_has_nodes_and_edges(module: Path, capsys: Capture) -> None:
    assert main(["graph", f"{module}:loss", *AT, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["verdict"], len(found["nodes"])) == (2, "disagree", 9)
    assert {"from": 7, "to": 8, "local": 2.0, "vjp": []} in found["edges"]
    assert (found["nodes"][2]["line"], found["nodes"][2]["value"][1]) == (5, "Infinity")


BACKWARD = """
import torch

class Slip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x * x).sum()

    @staticmethod
    def backward(ctx, g):
        return -2 * ctx.saved_tensors[0] * g

def loss(x, mask):
    return Slip.apply(x * mask) * 3
"""


def test_a_custom_function_is_one_vertex_and_its_wrong_backward_is_marked(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "code.py"
    path.write_text(BACKWARD)
    found = graph_code(f"{path}:loss", at=["x=[1, 2]", "mask=[1, 0]:int64"])
    assert [(one.label, one.operation, one.reason) for one in found.vertices] == [
        ("x", "leaf", None),
        ("mask", "constant", None),
        ("x * mask", "aten.mul", None),
        ("Slip.apply(x * mask)", "Slip.apply", "backward"),
        ("Slip.apply(x * mask) * 3", "aten.mul", None),
    ]
    assert [(one.source, one.target, one.local, one.vjp) for one in found.edges] == [
        (0, 2, [1.0, 0.0], (2,)), (1, 2, None, None), (2, 3, None, (2,)), (3, 4, 3.0, ()),
    ]  # fmt: skip
    at = ["--at", "x=[1, 2]", "--at", "mask=[1, 0]:int64"]
    for form, told in (("dot", "wrong: backward"), ("mermaid", ":::wrong"), ("tree", "wrong: backward")):
        assert main(["graph", f"{path}:loss", *at, "--format", form]) == 1
        assert told in capsys.readouterr().out


def test_long_source_is_broken_into_lines_in_pictures(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "code.py"
    path.write_text(f"def loss(first_long_name):\n    return ({' + '.join(['first_long_name'] * 6)}).sin()\n")
    assert main(["graph", f"{path}:loss", "--at", "1", "--format", "dot"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "SinBackward0" in line)
    assert line.count("<B>") == 3
    assert " …</B>" in line


def test_what_is_complex_on_the_way_has_its_arrow(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("import torch\n\ndef loss(x):\n    return torch.fft.rfft(x).abs().sum()\n")
    found = graph_code(f"{path}:loss", at="[1, 2]")
    assert [(one.source, one.target) for one in found.edges] == [(0, 1), (1, 2)]
