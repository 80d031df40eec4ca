"""The kernel of `map` against autograd and the exact engine, on every scalar function, also at kinks and edges."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import Limits
from gradcalc.engines import ask
from gradcalc.engines.records import Autograd, Missing, Smoothness
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.kernel.kernel import Kernel
from gradcalc.engines.torch.kernel.sample import Sample
from gradcalc.functions import COMPARISONS, ELEMENTWISE, OPERATORS
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem

NOTATION = {
    "add": "x + y", "sub": "x - y", "mul": "x*y", "div": "x/y", "neg": "-x", "pow": "x**y", "lt": "<", "le": "<=",
    "gt": ">", "ge": ">=", "eq": "==", "ne": "!=",
}  # fmt: skip
SPECIAL = (-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)  # where functions have kinks, poles and edges
MORE = (
    *(f"x**({exponent})" for exponent in ("2", "3", "4", "7", "16", "17", "0", "1", "-1", "-2", "-3", "0.5", "1.5")),
    "2**x", "e**x", "x**(-1/2)", "log(x, 2)", "leaky_relu(x, 0.3)", "leaky_relu(x, y)", "huber(x, y, 2)",
    "clamp(x, -1, 2)", "clamp(x, y, 2)", "besselj(0, x)", "besselj(1, x)", "bessely(0, x)", "besseli(0, x)",
    "besseli(1, x)", "besselk(0, x)", "besselk(1, x)", "polygamma(1, x)", "polygamma(2, x)", "x", "x*0 + 2",
    "sin(x**2)*exp(-y) + log(1 + x**2*y**2)/(2 + cos(x*y)) - tanh(x - y)*sqrt(x**2 + 1) + atan(y/x)*exp(x*y/3) - x",
    "bce(sigmoid(2*x + y), 0.25)", "where(x > y, sqrt(x), y**2)", "max(x, y, 0)",
)  # fmt: skip
REFUSED = {  # by torch, as `diff` says too
    "polygamma(n, x)", "gammainc(a, x)", "gammaincc(a, x)", "gammainc_derivative(n, a, x)", "betainc(a, b, x)",
    "besselj(n, x)", "bessely(n, x)", "besseli(n, x)", "besselk(n, x)", "zeta(s, q)", "zeta_derivative(n, s, q)",
    "lambertw(x, k)", "expi(x)", "expint(n, x)",
}  # fmt: skip


def walked() -> list[str]:
    """An expression for each row of the catalogue, and some more."""
    found = [NOTATION[name] for name in OPERATORS if " " in NOTATION[name] or name == "neg"]
    found += [f"where(x {NOTATION[row.name]} y, x*y, x - y)" for row in COMPARISONS]
    for name, row in ELEMENTWISE.items():
        if name != "where":
            found.append(f"{name}({', '.join('l' if one == 'lambda' else one for one in row.parameters)})")
    return [*found, *MORE]


def kernel_of(problem: Problem, dtype: str = "float64", threads: int = 1) -> Kernel:
    """The kernel of one expression."""
    return Kernel([problem.root], problem.variables, problem.wrt, FORMATS[dtype], threads=threads)


def points_of(text: str, variables: tuple[str, ...]) -> list[tuple[float, ...]]:
    """Special points, and the samples of the function's row."""
    values = SPECIAL if len(variables) < 3 else SPECIAL[::2]
    row = ELEMENTWISE.get(text.partition("(")[0])
    samples = [one for one in row.samples if len(one) == len(variables)] if row else []
    return [*itertools.product(values, repeat=len(variables)), *samples, (0.625, 1.375, 0.875)[: len(variables)]]


def same(a: float, b: object) -> bool:
    """Are two numbers equal but for rounding? Where torch has none, any is."""
    if isinstance(b, Missing) or b is None:
        return True
    assert isinstance(b, float)
    return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 1e-10 * max(abs(a), abs(b))


def excused(problem: Problem, name: str | None, number: float) -> bool:
    """Is the kernel right where autograd is not, or is there nothing to be right about, and it says so?"""
    truth = ask.truth(problem)
    slope = None if name is None else truth.slopes[name]
    if slope is not None and slope.smoothness not in (Smoothness.SMOOTH, Smoothness.EDGE):
        return not math.isfinite(number)
    true = truth.value if slope is None else slope.value
    return not math.isfinite(number) if true is None else same(number, true.nearest(problem.format))


@pytest.mark.parametrize("text", walked())
def test_the_kernel_computes_what_autograd_does(text: str) -> None:
    if text in REFUSED:
        with pytest.raises(GradcalcError):
            kernel_of(pose(text, Limits()))
        return
    problem = pose(text, Limits())
    points = points_of(text, problem.variables)
    columns = [torch.tensor(column, dtype=torch.float64) for column in zip(*points, strict=True)]
    kernel = kernel_of(problem)
    results = [torch.empty(len(points), dtype=torch.float64) for _ in range(kernel.outputs)]
    kernel.run(columns, results)
    for place, point in enumerate(points):
        there = replace(problem, point=dict(zip(problem.variables, point, strict=True)))
        autograd: Autograd = ask.autograd(there)
        found = dict(zip([None, *problem.wrt], (one[place].item() for one in results), strict=True))
        wanted = {None: autograd.value, **autograd.gradient}
        for name, number in found.items():
            assert same(number, wanted[name]) or excused(there, name, number), (point, name, number, wanted[name])


@pytest.mark.parametrize("wrong", ["g * sin(x)", "-g * cos(x)"])
def test_a_wrong_rule_is_seen(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcalc.engines.torch.kernel import lowering

    monkeypatch.setitem(lowering.RULES, "sin", (wrong,))
    with pytest.raises(AssertionError):
        test_the_kernel_computes_what_autograd_does("sin(x)")


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_rows_in_many_pieces_are_those_in_one(dtype: str, threads: int) -> None:
    problem = pose("x**2*y + exp(x*y)", Limits())
    kernel = kernel_of(problem, dtype, threads)
    rows = 2 * kernel.rows + 17
    columns = [torch.linspace(-1, 1, rows, dtype=torch.float64), torch.linspace(2, -2, rows, dtype=torch.float64)]
    results = [torch.empty(rows, dtype=torch.float32 if dtype != "float64" else torch.float64) for _ in range(3)]
    kernel.run(columns, results)
    x, y = (one.to(kernel.dtype).requires_grad_() for one in columns)
    value = x**2 * y + torch.exp(x * y)
    wanted = [value, *torch.autograd.grad(value.sum(), [x, y])]
    for found, true in zip(results, wanted, strict=True):
        assert torch.allclose(
            found,
            true.to(found.dtype),
            rtol=4 * torch.finfo(kernel.dtype).eps,
            atol=0.02 if kernel.dtype.itemsize == 2 else 1e-6,
        )


def test_a_number_stands_for_a_column() -> None:
    problem = pose("a*x", Limits())
    results = [torch.empty(2, dtype=torch.float64) for _ in range(3)]
    kernel_of(problem).run([3.0, torch.tensor([1.0, 2.0], dtype=torch.float64)], results)
    assert [one.tolist() for one in results] == [[3.0, 6.0], [1.0, 2.0], [3.0, 3.0]]


def test_the_modes_of_the_caller_stay() -> None:
    threads = torch.get_num_threads()
    test_a_number_stands_for_a_column()
    assert (torch.get_num_threads(), torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == (
        threads,
        True,
        False,
    )


# -- the sample


def seen(rows: int, cuts: list[int], most: int = 10) -> Sample:
    """The sample of a table of x from 0 up, and of its square, seen in pieces."""
    sample = Sample(most)
    for start, stop in itertools.pairwise([0, *cuts, rows]):
        x = torch.arange(start, stop, dtype=torch.float64)
        sample.see([x], [(x - 500) ** 2])
    return sample


@pytest.mark.parametrize("cuts", [[], [1], [7, 300, 301, 999], list(range(50, 1000, 50))])
def test_the_sample_is_the_same_however_the_table_is_cut(cuts: list[int]) -> None:
    assert dict(seen(1000, cuts).chosen) == dict(seen(1000, []).chosen)


def test_the_sample_has_the_extremes_and_is_spread() -> None:
    chosen = seen(1000, [333]).chosen
    assert len(chosen) <= 10
    assert {0, 500, 999} <= chosen.keys()
    assert chosen[500] == (500.0, 0.0)
    assert max(b - a for a, b in itertools.pairwise(chosen)) <= 400


def test_rows_that_are_not_finite_are_counted_and_the_first_is_chosen() -> None:
    sample = Sample(5)
    x = torch.tensor([1.0, -1.0, 4.0, -2.0], dtype=torch.float64)
    sample.see([x], [torch.log(x)])
    assert (sample.odd, sample.first_odd is not None and sample.first_odd[0]) == (2, 1)
    assert 1 in sample.chosen
