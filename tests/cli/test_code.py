"""`gradcalc code`: programs that run as they are printed."""

from __future__ import annotations

import ctypes
import math
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradcalc.answers.code.asking import code as write_code
from gradcalc.answers.code.records import Code
from gradcalc.base.errors import GradcalcError
from gradcalc.cli.app import main
from gradcalc.engines.torch import torch
from tests.running import Run

COMMAND = "code"

PYTHON = '''"""f = sin(x**2), and its gradient; written by gradcalc."""

import math


def f(x):
    """f = sin(x**2)"""
    return math.sin(x**2)


def grad_f(x):
    """df/dx = 2*x*cos(x**2)"""
    return 2*math.cos(x**2)*x
'''


def test_a_whole_program(run: Run) -> None:
    assert run.printed("sin(x**2)", "--to", "python") == PYTHON


def loaded(tmp_path: Path, expression: str, to: str = "python", **options: Any) -> dict[str, Any]:
    """The names of a program that was printed and run."""
    found = write_code(expression, to=to, **options)
    assert isinstance(found, Code)
    file = tmp_path / "program.py"
    file.write_text(found.source, encoding="utf-8")
    return runpy.run_path(str(file))


NUMBERS = {  # where what was typed fails: the value, and the gradient
    "an exponential that overflows": ("log(1 + exp(x))", (1000.0,), 1000.0, (1.0,)),
    "a sigmoid far below": ("1/(1 + exp(-x))", (-800.0,), 0.0, (0.0,)),
    "the slope of tanh far out": ("tanh(x)", (900.0,), 1.0, (0.0,)),
    "a loss of logits": ("bce(sigmoid(z), y)", (60.0, 1.0), 0.0, (-8.75651076269652e-27, -60.0)),
    "a small difference": ("(1 - cos(x))/x", (1e-9,), 5e-10, (0.5,)),
    "a logarithm near 1": ("log(1 + x)/x", (1e-12,), 0.9999999999995, (-0.5,)),
    "a branch that is not taken": ("where(x > 0, log(x)*x, x**2)", (-3.0,), 9.0, (-6.0,)),
    "a branch inside a product": ("2*where(x > 0, sqrt(x), -x)*y", (-3.0, 5.0), 30.0, (-10.0, 6.0)),
    "a root of the edge beside a constant": ("max(sqrt(x), 1)", (0.0,), 1.0, (0.0,)),
    "choices one in another": ("where(x > 0, where(x > 1, log(x - 1), x), exp(x))", (0.5,), 0.5, (1.0,)),
}


@pytest.mark.parametrize(("expression", "point", "value", "gradient"), NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("to", ["python", "torch"])
def test_what_is_typed_fails_and_the_program_does_not(
    expression: str, point: tuple[float, ...], value: float, gradient: tuple[float, ...], to: str, tmp_path: Path
) -> None:
    names = loaded(tmp_path, expression, to)
    inputs = point if to == "python" else [torch.tensor(one, dtype=torch.float64) for one in point]
    slopes = names["grad_f"](*inputs)
    found = [float(one) for one in (names["f"](*inputs), *(slopes if isinstance(slopes, tuple) else [slopes]))]
    exact = [value, *gradient]
    if expression.startswith("(1 - cos") or expression.startswith("log(1 + x)/x"):  # whose slope cancels all the same
        found, exact = found[:1], exact[:1]
    assert found == pytest.approx(exact, rel=1e-12, abs=1e-25)


def test_the_cure_of_a_point_is_what_is_printed() -> None:
    found = write_code("sqrt(x + 1) - sqrt(x)", to="c", at={"x": 1e15})
    assert isinstance(found, Code)
    assert found.computes == "1/(sqrt(x + 1) + sqrt(x))"
    assert "return 1.0/(sqrt(x + 1.0) + sqrt(x));" in found.source


def test_what_is_shared_is_computed_once() -> None:
    found = write_code("exp(x*y)*sin(x*y) + exp(x*y)", to="numpy")
    assert isinstance(found, Code)
    head, _, tail = found.source.partition("def grad_f")
    assert [half.count("np.exp(") for half in (head, tail)] == [1, 1]


ARRAYS = {
    "numbers element by element": ("x*exp(-y) + 2*x", [[1.0, 2.0], [0.5, 0.0]]),
    "a constant slope has the shape of its variable": ("3*x", [[1.0, 2.0]]),
}


@pytest.mark.parametrize(("expression", "inputs"), ARRAYS.values(), ids=ARRAYS)
def test_arrays_are_taken_element_by_element(expression: str, inputs: list[list[float]], tmp_path: Path) -> None:
    names = loaded(tmp_path, expression, "torch")
    leaves = [torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in inputs]
    value = names["f"](*leaves)
    found = names["grad_f"](*leaves)
    expected = torch.autograd.grad(value.sum(), leaves)
    for one, own in zip(found if isinstance(found, tuple) else [found], expected, strict=True):
        torch.testing.assert_close(one, own)


def test_gradients_in_array_terms(tmp_path: Path) -> None:
    names = loaded(tmp_path, "norm(A @ x - b)**2 + mean(x**2)", "torch", shape={"A": ("m", "n"), "x": "n", "b": "m"})
    given = [torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in (
        [[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], [1.0, 0.5, -2.0], [3.0, 1.0]
    )]  # fmt: skip
    for one, own in zip(names["grad_f"](*given), torch.autograd.grad(names["f"](*given), given), strict=True):
        torch.testing.assert_close(one, own)


def test_where_no_formula_is_known_the_library_differentiates(tmp_path: Path) -> None:
    names = loaded(tmp_path, "sum(sort(x)*x)", "torch", shape={"x": (3,)})
    found = names["grad_f"](torch.tensor([3.0, 1.0, 2.0], dtype=torch.float64))
    assert [one.tolist() for one in (found if isinstance(found, tuple) else [found])] == [[3.0, 5.0, 4.0]]


def test_an_autograd_function_passes_gradcheck(tmp_path: Path) -> None:
    """Of inputs of several shapes too: what flows to each is summed to its own."""
    function = loaded(tmp_path, "where(x > 0, log(1 + exp(x*y)), x/z)", "torch", function=True)["f"]
    shapes = {"x": (3, 1), "y": (4,), "z": ()}
    inputs = [(torch.rand(shape, dtype=torch.float64) + 0.5).requires_grad_() for shape in shapes.values()]
    inputs[0] = (inputs[0].detach() * torch.tensor([[1.0], [-1.0], [1.0]])).requires_grad_()
    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs)


PRINTED = {
    "python": ("tanh(x)/y", []),
    "torch": ("tanh(x)/y", []),
    "a function": ("tanh(x)/y", ["--function"]),
    "a point": ("tanh(x)/y", ["--at", "x=0.5,y=2"]),
    "arrays": ("norm(x)*y", ["--at", "x=[1,2],y=3"]),
}


@pytest.mark.parametrize(("expression", "options"), PRINTED.values(), ids=PRINTED)
def test_the_tests_that_are_printed_pass(
    expression: str, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: Any
) -> None:
    to = "python" if request.node.callspec.id == "python" else "torch"
    file = tmp_path / f"{tmp_path.name}.py"  # which no other module is called
    assert main(["code", expression, "--to", to, "--test", "-o", str(file), *options]) == 0
    monkeypatch.syspath_prepend(tmp_path)
    names = runpy.run_path(str(tmp_path / f"test_{file.name}"))
    for known in names["KNOWN"]:
        names["test_value_and_gradient"](*known)


def test_the_test_of_a_program_in_c_compiles_it(tmp_path: Path) -> None:
    file = tmp_path / "program.c"
    assert main(["code", "log(1 + exp(x))*lgamma(y + 2)/y", "--to", "c", "--test", "-o", str(file)]) == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "."]
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (found.returncode, found.stderr) == (0, ""), found.stdout


def test_in_one_file_the_test_stands_behind_the_program(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "both.py"
    file.write_text(run.printed("x**3", "--to", "python", "--test", "--at", "1"), encoding="utf-8")
    names = runpy.run_path(str(file))
    points = [point for point, *_ in names["KNOWN"]]
    assert points[0] == (1.0,)
    assert len(set(points)) == len(points)  # the given point is not named twice
    for point, value, gradient in names["KNOWN"]:
        names["test_value_and_gradient"](point, value, gradient)
        assert (value, gradient) == (point[0] ** 3, (3 * point[0] ** 2,))
    file.write_text(file.read_text("utf-8").replace("return 3*x**2", "return 2*x**2"), encoding="utf-8")
    with pytest.raises(AssertionError):
        runpy.run_path(str(file))["test_value_and_gradient"](*names["KNOWN"][0])


REFUSED = {
    "an unknown language": ({"to": "fortran"}, "x", "unknown language `fortran`"),
    "a function that C lacks": ({"to": "c"}, "erfcx(x)", "there is no `erfcx` in c"),
    "a derivative that Python lacks": ({"to": "python"}, "digamma(x)", "there is no `polygamma` in python"),
    "an order that torch lacks": ({}, "besselj(2, x)", "there is no `besselj(2, x)` in torch"),
    "arrays in C": ({"to": "c", "at": "x=[1,2]"}, "norm(x)", "--to c is for functions of numbers"),
    "an array that comes out": ({"at": "x=[1,2]"}, "sin(x)", "a gradient needs a scalar"),
    "torch's own elsewhere": ({"to": "jax", "function": True}, "x", "--function is torch's own"),
    "a test in LaTeX": ({"to": "latex", "test": True}, "x", "--test and --to latex exclude each other"),
    "no variable": ({}, "2", "no variable"),
    "an equation": ({}, "x^2 + y^2 = 1", "this is an equation"),
    "a test of arrays without numbers": ({"test": True, "shape": {"x": "n"}}, "norm(x)", "--test of arrays needs a"),
    "no closed form in NumPy": ({"to": "numpy", "shape": {"x": (3,)}}, "sum(sort(x)*x)", "no closed form in array"),
}  # fmt: skip


@pytest.mark.parametrize(("options", "expression", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_written_is_refused_by_name(options: dict[str, Any], expression: str, message: str) -> None:
    with pytest.raises(GradcalcError) as caught:
        write_code(expression, **options)
    assert message in caught.value.message


def test_names_that_mean_something_in_the_language_are_changed(tmp_path: Path) -> None:
    names = loaded(tmp_path, "lambda*f + math", "python")
    assert names["g"](2.0, 3.0, 4.0) == 10.0
    source = write_code("double*gradient + sign*π*α", to="c", at={"double": 1, "gradient": 2, "sign": 3, "α": 4})
    assert isinstance(source, Code)
    assert "double f(double double_, double gradient, double sign_, double v4)" in source.source
    assert shutil.which("gcc") is not None
    (tmp_path / "f.c").write_text(source.source, encoding="utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "f.so", "f.c"], cwd=tmp_path, check=True)
    function = ctypes.CDLL(str(tmp_path / "f.so")).f
    function.restype = ctypes.c_double
    assert function(*map(ctypes.c_double, (1, 2, 3, 4))) == pytest.approx(2 + 12 * math.pi)


def test_the_record(run: Run) -> None:
    found = run.record("x**2", "--to", "python", code=0)
    assert found.keys() == {"schema", "expression", "language", "source", "test", "computes"}
    assert (found["language"], found["test"], found["computes"]) == ("python", None, None)


def test_a_file_that_exists_is_kept(tmp_path: Path, run: Run) -> None:
    (tmp_path / "test_f.py").write_text("mine", encoding="utf-8")
    err = run.refused("x", "--to", "python", "--test", "-o", str(tmp_path / "f.py"))
    assert not (tmp_path / "f.py").exists()
    assert "`" + str(tmp_path / "test_f.py") + "` exists" in err
