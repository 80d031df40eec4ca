"""Expressions printed as Python on torch tensors: what the program computes is what the engine computes."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from gradcalc.arrays.array import Array
from gradcalc.base.errors import UsageError
from gradcalc.base.limits import Limits
from gradcalc.codegen import torch as code_torch
from gradcalc.codegen.torch import function
from gradcalc.engines.records import Missing
from gradcalc.engines.torch.autograd import differentiate, leaf
from gradcalc.engines.torch.missing import missing_names
from gradcalc.functions import ARRAY_FUNCTIONS, NAMED, Function
from gradcalc.functions.function import UNKNOWN
from gradcalc.inputs.pose import pose
from gradcalc.lessons.words import words
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, postorder

PRINTED = {
    "a power": ("x**2", ["return x**2"]),
    "the constants of mathematics": ("2*pi*x + e", ["return 6.283185307179586*x + math.e"]),
    "a constant part is the number that torch computes": ("x**(1/3)", ["return x**0.3333333333333333"]),
    "a number is a tensor where torch wants one": ("hypot(x, 3)", ["return torch.hypot(x, torch.tensor(3.0))"]),
    "a division by a tensor": ("1/(3*x)", ["return torch.tensor(1.0)/(3*x)"]),
    "a minus binds as on paper": ("-x**2 - (-x)**2", ["return -x**2 - (-x)**2"]),
    "a negative base": ("(-2)**x", ["return (-2)**x"]),
    "a program": ("y = x**2; z = sin(y)", ["y = x**2", "return torch.sin(y)"]),
    "a choice": ("where(x > 0, x, 2)", ["return torch.where(x > 0, x, torch.tensor(2.0))"]),
    "no variable": ("y = 5; y*x", ["y = torch.tensor(5.0)", "return y*x"]),
}


@pytest.mark.parametrize(("expression", "body"), PRINTED.values(), ids=PRINTED)
def test_the_body_is_what_a_person_would_write(expression: str, body: list[str]) -> None:
    lines = function(posed(expression, "2"), "f", {"x": "x", "y": "y", "z": "z"})
    assert lines == ["", "", "def f(x):", *(f"    {line}" for line in body)]


def test_a_function_that_torch_lacks_is_written_out_before_it_is_used() -> None:
    assert function(posed("sech(x)", "2"), "f", {"x": "x"}) == [
        "", "", "def sech(x):", "    return torch.tensor(1.0)/torch.cosh(x)",
        "", "", "def f(x):", "    return sech(x)",
    ]  # fmt: skip


def posed(expression: str, at: str, dtype: str = "float64", wrt: str | None = None) -> Problem:
    return pose(expression, Limits(), at=at, dtype=dtype, wrt=wrt)


def computed(problem: Problem, folder: Path) -> tuple[float, dict[str, list[float] | None]]:
    """Value and gradient of the printed function, run as a program."""
    spoken = words(problem)
    lines = function(problem, spoken.f, spoken.names)
    text = "\n".join(["import math", "import torch", f"torch.set_default_dtype(torch.{problem.dtype})", *lines])
    (folder / "printed.py").write_text(text, encoding="utf-8")
    assert problem.point is not None
    leaves = {name: leaf(value, problem.format) for name, value in problem.point.items()}
    for name in missing_names(problem.root):
        leaves[name].requires_grad_(False)
    try:
        result = runpy.run_path(str(folder / "printed.py"))[spoken.f](*leaves.values())
    finally:
        code_torch.torch.set_default_dtype(code_torch.torch.float32)
    if result.requires_grad:
        result.backward()
    return result.item(), {
        name: None if one.grad is None else one.grad.flatten().tolist() for name, one in leaves.items()
    }


SCALAR = [row for row in NAMED.values() if row.samples and all(isinstance(x, float) for x in row.samples[0])]


@pytest.mark.parametrize("row", SCALAR, ids=[row.name for row in SCALAR])
def test_every_function_of_the_catalogue_computes_what_the_engine_computes(row: Function, tmp_path: Path) -> None:
    names, sample = row.parameters, row.samples[0]
    expression = f"{row.name}({', '.join(names)})"
    at = ",".join(f"{name}={value!r}" for name, value in zip(names, sample, strict=True))
    wrt = ",".join(name for name, rule in zip(names, row.vjp, strict=True) if rule is not UNKNOWN)
    agree(posed(expression, at, wrt=wrt), tmp_path)


def agree(problem: Problem, folder: Path) -> None:
    """The printed function and the engine give the same numbers, to the last digit."""
    expected = differentiate(problem)
    if expected.value is None:
        with pytest.raises(UsageError, match=r"^there is no code in torch for "):
            computed(problem, folder)
        return
    value, gradient = computed(problem, folder)
    known = {name: 0.0 if isinstance(one, Missing) else one for name, one in expected.gradient.items()}
    gradient = {name: grad for name, grad in gradient.items() if name in known}
    flat = {name: one.values.tolist() if isinstance(one, Array) else [one] for name, one in known.items()}
    assert value == expected.value
    assert {name: grad or [0.0] for name, grad in gradient.items()} == flat


EXPRESSIONS = {
    "a number over a tensor": ("3/(7*x) - 1/x", "0.3", "float64"),
    "a number to the power of a tensor": ("2**x + 0.1**x", "0.3", "float64"),
    "powers of every kind": ("x**(1/3) + x**-2 + x**0.5 + x**n", "x=0.3,n=2", "float64"),
    "constants": ("2/3*pi*x + e**x + sin(2)*x", "0.3", "float64"),
    "large and small literals": ("12345678901234567890*x + 1e-300*x + 1e300*x", "0.3", "float64"),
    "constants in single precision": ("x*0.1 + 1/3 + pi*x + x**(1/3)", "0.3", "float32"),
    "constants in half precision": ("x*0.1 + 1/3 + pi*x + exp(x)/3", "0.3", "float16"),
    "constants in bfloat16": ("x*0.1 + 1/3 + pi*x + exp(x)/3", "0.3", "bfloat16"),
    "a constant condition": ("where(1 > 0, x, 2*x)", "0.3", "float64"),
    "helpers that call helpers": ("acsch(x) + coth(x) + sec(cot(x))", "0.3", "float64"),
    "plain numbers of torch's own": ("celu(x, 2) + softshrink(x) + clamp(x, 0, 1)*huber(x, 2)", "-0.3", "float32"),
    "numbers that torch's own refuse": ("hardtanh(x, 2, 1) + softshrink(x, -1)", "-0.3", "float64"),
    "settings that vary": (
        "celu(x, a) + huber(x, 1, a) + smooth_l1(1, x, a) + clamp(x, a, 1)",
        "x=-0.3,a=2",
        "float64",
    ),
    "losses of numbers alone": (
        "huber(2, 1, x) + smooth_l1(x, 1) + mse(2, x) + bce_with_logits(1, x)",
        "0.3",
        "float64",
    ),
    "a helper's own number": ("leaky_relu(x) + elu(-x) + hardtanh(x)", "-0.3", "float64"),
    "deeper than Python's parser goes": ("sin(" * 300 + "x" + ")" * 300, "0.3", "float64"),
    "longer than Python's compiler goes": ("+".join(["x"] * 3000), "0.3", "float64"),
    "names that the deep lines would take": ("t1*t2*" + "sin(" * 90 + "t3" + ")" * 90, "t1=2,t2=3,t3=0.5", "float64"),
    "names of Python and of torch": ("lambda*torch + math*gamma(print)", "lambda=1,torch=2,math=3,print=4", "float64"),
    "a program whose definitions are named like helpers": ("sec_ = x**2; tan_ = sec(sec_); tan_*x", "0.3", "float64"),
}


@pytest.mark.parametrize(("expression", "at", "dtype"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_an_expression_computes_what_the_engine_computes(expression: str, at: str, dtype: str, tmp_path: Path) -> None:
    agree(posed(expression, at, dtype), tmp_path)


V, M = "x=[0.5,-0.25,2]", "A=[[2,0.5],[-1,3]]"
ARRAYS = {
    "a mean": ("(x**2).mean()", V), "a sum along an axis": ("sum(sum(A, axis=0)**2)", M), "a product": ("prod(x)", V),
    "spread": ("var(x) + std(A)", f"{V},{M}"), "spread along an axis": ("sum(var(A, axis=1)) + sum(std(A, axis=0))", M),
    "extremes": ("amax(x) + amin(A) + sum(amax(A, axis=0))", f"{V},{M}"),
    "logsumexp": ("logsumexp(x) + logsumexp(A) + sum(logsumexp(A, axis=1))", f"{V},{M}"),
    "softmax": ("sum(softmax(x)**2) + sum(softmax(A, axis=0)**2)", f"{V},{M}"),
    "cumsum": ("sum(cumsum(x)**2) + sum(cumsum(A, axis=1)**2)", f"{V},{M}"),
    "an element": ("x[1]*x[3] + A[2, 1] + (2*x)[2] + sum(A[1])", f"{V},{M}"),
    "an array of parts": ("sum([x[1], 2, y]**2) + norm([[y, 1], [0, y]])", f"{V},y=3"),
    "products of arrays": ("x @ x + dot(x, x) + sum(outer(x, x)) + sum(kron(A, A))", f"{V},{M}"),
    "transposed": ("trace(A.T @ A) + sum(x.T)", f"{V},{M}"),
    "norms": ("norm(x) + norm(A) + norm1(x) + norminf(x)", f"{V},{M}"),
    "matrices": ("det(A) + logdet(A) + trace(inv(A)) + sum(solve(A, [1, 2])) + sum(diag(A))", M),
    "powers of a matrix": ("trace(matrix_power(A, 3)) + trace(matrix_power(A, -2)) + sum(matrix_power(A, 0))", M),
    "made arrays": ("sum(A @ eye(2)) + sum(ones(3)*x) + sum(x + zeros(3))", f"{V},{M}"),
    "places": ("sum(x[2:3]**2) + sum(A[:, 1]**2) + sum(flip(x)*x) + sum(flip(A, axis=1)*A) + sum(reshape(A, 4)[2:])",
               f"{V},{M}"),
    "arrays together": ("sum(concat(x, 2*x)**2) + sum(diff(x)**2) + sum(cross(x, x**2)**2)", V),
    "in order": ("sum(sort(x)*x) + sum(sort(A, axis=0)*A) + median(x) + sum(median(A, axis=1)**2) + median(A)",
                 f"{V},{M}"),
    "spectra": ("sum(eigvalsh(A)**2) + sum(svdvals(A)**3) + nuclear_norm(A) + spectral_norm(A) + trace(expm(A))", M),
    "triangles": ("sum(tril(A) @ triu(A)) + sum(cholesky(A + A.T)) + sum(pinv(A))", M),
    "windows": ("sum(fold(unfold(x, 2)**2, 3, 2)*x) + sum(unfold(x, 2, 2, 1)**2)"
                " + sum(fold2d(unfold2d(reshape(A, 1, 4), 2, 2, 1)**2, 2, 2, 2, 1)**2)"
                " + sum(max_pool1d(x, 2, 1)**2) + sum(max_pool2d(reshape(A, 1, 4), 2, 2, 1)**2)", f"{V},{M}"),
    "running products": ("sum(cumprod(x)) + sum(cumprod(A, axis=1))", f"{V},{M}"),
    "losses of arrays": ("cross_entropy(x, softmax(x)) + nll(x, x) + sum(log_softmax(A, axis=0)**2)", f"{V},{M}"),
    "distances": ("cosine_similarity(x, x**2) + sum(normalize(x)**3) + sum(cdist(A, 2*A + 1))", f"{V},{M}"),
    "a constant array": ("[1, 2, 3/7] @ x + sum(x**[2, 3, 2])", V),
    "losses that broadcast": ("sum(huber(y, x) + smooth_l1(x, y, 2) + mse(y, x) + rel_entr(y, exp(x)))", f"{V},y=3"),
    "elementwise functions": ("sum(mse(x, 2)) + sum(cbrt(x)) + sum(bce(sigmoid(x), 1)) + sum(where(x > 0, x, 0))", V),
    "a number divided by an array": ("sum(1/x)", V),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "at"), ARRAYS.values(), ids=ARRAYS)
def test_an_array_expression_computes_what_the_engine_computes(expression: str, at: str, tmp_path: Path) -> None:
    agree(posed(expression, at), tmp_path)


def test_every_array_function_is_among_them() -> None:
    used = {
        node.function
        for text, at in ARRAYS.values()
        for node in postorder(posed(text, at).root)
        if isinstance(node, Call)
    }
    assert set(ARRAY_FUNCTIONS) - used == set()


def test_a_function_without_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(code_torch.HELPERS, "cbrt")
    with pytest.raises(UsageError) as caught:
        function(posed("cbrt(x)", "2"), "f", {"x": "x"})
    assert caught.value.message == "there is no code in torch for `cbrt`"
