"""The graph of real code: each operation in the user's words, and what is wrong marked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gradcalc.answers.audit.drawn import graph_code
from gradcalc.cli.app import main
from gradcalc.render.document import Table
from gradcalc.render.formats import text
from gradcalc.render.graph.code_words import tensor
from gradcalc.render.pages.code_graph import document

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


def table_of(code: str, path: Path, *at: str, **options: str) -> list[list[str]]:
    """The rows of the table that a graph is shown as."""
    path.write_text(f"import torch\nimport torch.nn.functional as F\n\n{code}")
    (found,) = (one for one in document(graph_code(f"{path}:f", at=at, **options)).blocks if isinstance(one, Table))
    return [[*row] for row in found.rows]


LOOP = "def f(x):\n    for _ in range(3):\n        x = x * x\n    return x.sum()\n"
COPY = "def f(x):\n    y = x.clone()\n    return (y * x).sum() + 3 * x.reshape(1, 2).sum()\n"
PLACE = "def f(x):\n    y = x.sin()\n    y[0] = 2 * x[1]\n    y.add_(1)\n    return y.sum()\n"
TWICE = "def half(x):\n    return x / x.std()\n\ndef f(x, y):\n    return (half(x) * half(y)).sum()\n"
SOURCE, CAME, VALUE, MADE, BACK, SLOPES, MARK = range(1, 8)


@pytest.mark.parametrize(
    ("code", "at", "column", "told"),
    [
        (LOOP, ["x=[2, 3]"], SOURCE, ["x", "x * x (1 of 3)", "x * x (2 of 3)", "x * x (3 of 3)", "x.sum()"]),
        (LOOP, ["x=[2e50, 3]"], MARK, ["", "", "", "wrong: overflow", ""]),
        (
            "def f(x, y):\n    return F.cross_entropy(x, y)\n", ["x=[[1, 2]]", "y=[1]"], SOURCE,
            ["x", "F.cross_entropy(x, y): log_softmax", "y", "F.cross_entropy(x, y): nll_loss_forward"],
        ),
        ("def f(x):\n    return x * 2\n", ["x=[1, 2]"], SOURCE, [
            "x", "x * 2", "fixed weights", "result * fixed weights", "sum of result * fixed weights",
        ]),
        (COPY, ["x=[1, 2]"], CAME, ["", "#1", "#2 #1", "#3", "#1", "#5", "#4 #6"]),
        (COPY, ["x=[1, 2]"], BACK, ["[5, 7]", "[1, 2]", "[1, 1]", "1", "3", "1", "1"]),
        (PLACE, ["x=[0, 1]"], BACK, ["[0, 2.5403]", "not kept", "1", "not kept", "[1, 1]", "1"]),
        (PLACE, ["x=[0, 1]"], MADE, [
            "leaf", "changed later", "MulBackward0", "changed later", "AddBackward0", "SumBackward0",
        ]),
        (TWICE, ["x=[2, 2]", "y=[1, 3]"], MARK, ["", "", "", "wrong: undefined", "", "", "", ""]),
    ],
    ids=[
        "turns of a loop", "the turn that overflows", "operations of one call", "an array's result",
        "a copy is no original", "gradients of a copy", "what is overwritten has no gradient", "what is overwritten",
        "the call that has no value",
    ],
)  # fmt: skip
def test_operations_of_one_text_are_told_apart(
    tmp_path: Path, code: str, at: list[str], column: int, told: list[str]
) -> None:
    assert [row[column] for row in table_of(code, tmp_path / "code.py", *at)] == told


@pytest.mark.parametrize(
    ("value", "shape", "told"),
    [
        (1.5, (), "1.5"),
        ([[1.0, 2.0], [3.0, float("nan")]], (2, 2), "[[1, 2], [3, nan]]"),
        ([0.0, 1.0, 2.0, 3.0, -4.0], (5,), "(5,) -4 to 3"),
        ([0.0] * 9, (9,), "(9,) all 0"),
        ([float("nan")] * 9, (9,), "(9,) all nan"),
        ([1.0, float("inf"), *[2.0] * 5, float("nan"), float("-inf")], (9,), "(9,) 1 to 2, 1 nan, 1 inf, 1 -inf"),
        ([1.0] * 8 + [float("inf")], (9,), "(9,) 1, 1 inf"),
        ([True, False, True, True, True], (5,), "(5,) 4 of 5 true"),
        ([], (0,), "[]"),
    ],
)
def test_a_tensor_is_told_in_few_words_and_what_is_no_number_is_counted(
    value: object, shape: tuple[int, ...], told: str
) -> None:
    assert tensor(value, shape) == told


def test_of_a_long_run_the_end_is_shown_and_what_is_wrong(tmp_path: Path) -> None:
    loop = "for k in range(90):\n        y = y * 1e9 if k == 60 else y * 1.0\n"
    code = f"def f(x):\n    y = x\n    {loop}    return y.sum()\n"
    rows = table_of(code, tmp_path / "code.py", "x=[1e300, 2]")
    assert [row[0] for row in rows if row[0] in ("#1", "#48", "#49", "#62", "#80", "#81", "#92")] == [
        "#1", "#48", "#62", "#81", "#92",
    ]  # fmt: skip
    assert [row[0] for row in rows if row[MARK]] == ["#62"]


def test_a_terminal_that_is_narrow_has_a_short_list_of_each(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = text(graph_code(f"{module}:loss", at=["x=[1, 1000]", "y=2.0"]), "uncoloured")
    assert (
        "#3   wrong: overflow\n     torch.exp(x) (1 of 2)\n     ExpBackward0 of #1\n     value     [2.71828, inf]\n"
        in told
    )
    assert max(map(len, told.splitlines())) <= 80


def test_an_svg_has_words_for_readers_of_screens(module: Path, tmp_path: Path, needs: Callable[[str], str]) -> None:
    needs("dot")
    path = tmp_path / "graph.svg"
    assert main(["graph", f"{module}:loss", *AT, "-o", str(path)]) == 1
    root = ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert (root.get("role"), root.get("aria-label")) == (
        "img", f"computational graph of 9 nodes; {module}:loss: disagree",
    )  # fmt: skip
    assert (root.findtext(f"{space}desc") or "").splitlines()[2] == (
        "torch.exp(x) (1 of 2), data [2.71828, inf], grad [nan, 0], wrong: overflow, ExpBackward0 · line 5"
    )
    titles = [one.text for one in root.iter(f"{space}title")]
    assert ("x" in titles, "x → torch.exp(x) (1 of 2)" in titles, "n1" in titles) == (True, True, False)
    anchors = {
        text.get("text-anchor") for group in root.iter(f"{space}g") if group.get("class") == "node" for text in group
    }
    assert anchors == {None, "middle"}
