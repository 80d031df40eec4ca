"""Programs in every language: each row of the catalogue that the language can say, run as it was printed."""

from __future__ import annotations

import ctypes
import importlib
import runpy
import subprocess
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gradcalc.answers.code.code import LOW_ORDERS
from gradcalc.answers.code.stable import OF_RULES, stable
from gradcalc.arrays.array import Array
from gradcalc.base.errors import UsageError
from gradcalc.calculus.branches import branched
from gradcalc.calculus.reverse import gradient
from gradcalc.codegen.c import HELPERS
from gradcalc.codegen.languages import ITSELF, language, written
from gradcalc.codegen.program import Program
from gradcalc.engines import ask
from gradcalc.engines.torch import torch
from gradcalc.functions import ARRAY_FUNCTIONS, NAMED, Function
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Name, number
from tests import array_walk

SCALAR = [row for row in NAMED.values() if row.samples and all(isinstance(x, float) for x in row.samples[0])]
FIXED = {  # parameters that are numbers of a program, as rules stand for the others alone
    "polygamma": 0, "besselj": 0, "bessely": 0, "besseli": 0, "besselk": 0, "expint": 0, "lambertw": 1,
    "zeta_derivative": 0, "gammainc_derivative": 0,
}  # fmt: skip
SPECIAL = {
    "besseli", "besselj", "besselk", "bessely", "betainc", "digamma", "erfcx", "erfinv", "expi", "expint", "gammainc",
    "gammainc_derivative", "gammaincc", "i0", "i0e", "i1", "i1e", "lambertw", "log_ndtr", "ndtri", "polygamma", "zeta",
    "zeta_derivative",
}  # fmt: skip
PARAMETRIC = {"gammainc", "gammainc_derivative", "gammaincc", "zeta", "zeta_derivative"}
REFUSED = {  # what has no spelling, it or its derivative
    "python": SPECIAL,
    "c": SPECIAL,
    "numpy": PARAMETRIC,
    "jax": PARAMETRIC | {"erfcx", "lambertw", "besselj", "bessely", "besseli", "besselk"},
    "torch": PARAMETRIC | {"lambertw", "expi", "expint", "betainc"},
}
NEAR = {"torch": 1e-9}  # torch's own functions are no better: its polygamma has nine digits


def printed(row: Function, to: str, name: str = "f") -> tuple[Problem, str]:
    """A function of the catalogue by every parameter that it has a rule for, and its program."""
    fixed = {place for place, rule in enumerate(row.vjp) if not isinstance(rule, str)} | {FIXED.get(row.name)}
    sample = row.samples[0]
    arguments = [
        number(Fraction(sample[place])) if place in fixed else Name(one) for place, one in enumerate(row.parameters)
    ]
    point = {one: sample[place] for place, one in enumerate(row.parameters) if place not in fixed}
    problem = Problem(row.name, Call(row.name, tuple(arguments)), (), tuple(point), tuple(point), point=point)
    has = language(to).has
    root = stable(problem.root, has)
    flows = branched(gradient(root, problem.wrt, LOW_ORDERS if to in ITSELF else {}).values())
    partials = {by: stable(tree, has, OF_RULES) for by, tree in zip(problem.wrt, flows, strict=True)}
    return problem, written(Program(name, tuple(point), root, partials, "a row", ("its gradient",), {}), to)


def expected(problem: Problem) -> list[float]:
    truth = ask.truth(problem)
    found = [truth.value, *(truth.slopes[name].value for name in problem.wrt)]
    return [float(one.nearest(problem.format)) for one in found if one is not None]


def walk(to: str, compute: Callable[[str, Sequence[float]], list[float]], tmp_path: Path) -> None:
    """Every row is either refused, as the table says, or computes what the exact engine does."""
    refused, wrong = set(), {}
    for row in SCALAR:
        try:
            problem, source = printed(row, to)
        except UsageError:
            refused.add(row.name)
            continue
        assert problem.point is not None
        found = compute(source, [*problem.numbers.values()])
        if found != pytest.approx(expected(problem), rel=NEAR.get(to, 1e-12), abs=1e-14):
            wrong[row.name] = found, expected(problem)
    assert not wrong
    assert refused == REFUSED[to]


def in_python(folder: Path, made: Callable[[float], Any] = float) -> Callable[[str, Sequence[float]], list[float]]:
    """Runs a program of Python."""
    file = folder / "program.py"

    def compute(source: str, point: Sequence[float]) -> list[float]:
        file.write_text(source, encoding="utf-8")
        names = runpy.run_path(str(file))
        inputs = [*map(made, point)]
        slopes = names["grad_f"](*inputs)
        return [float(one) for one in (names["f"](*inputs), *(slopes if isinstance(slopes, tuple) else [slopes]))]

    return compute


def test_python(tmp_path: Path) -> None:
    walk("python", in_python(tmp_path), tmp_path)


def test_torch(tmp_path: Path) -> None:
    walk("torch", in_python(tmp_path, lambda one: torch.tensor(one, dtype=torch.float64)), tmp_path)


def test_numpy(tmp_path: Path) -> None:
    pytest.importorskip("scipy.special")
    walk("numpy", in_python(tmp_path), tmp_path)


def test_jax(tmp_path: Path) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    walk("jax", in_python(tmp_path), tmp_path)


def test_c(tmp_path: Path) -> None:
    """All in one file, which is compiled once, with every warning an error."""
    programs = {}
    for row in SCALAR:
        try:
            programs[f"f_{row.name}"] = printed(row, "c", f"f_{row.name}")
        except UsageError:
            assert row.name in REFUSED["c"]
    library = compiled(tmp_path, [source for _, source in programs.values()])
    for name, (problem, _) in programs.items():
        point = [ctypes.c_double(one) for one in problem.numbers.values()]
        value, slopes = getattr(library, name), getattr(library, f"grad_{name}")
        value.restype = ctypes.c_double
        slopes.restype = ctypes.c_double if len(point) == 1 else None
        found = (ctypes.c_double * len(point))()
        first = slopes(*point) if len(point) == 1 else slopes(*point, found)
        gradient = [first] if len(point) == 1 else list(found)
        assert [value(*point), *gradient] == pytest.approx(expected(problem), rel=1e-12, abs=1e-14), name


def compiled(folder: Path, sources: Sequence[str]) -> Any:
    """Programs in C as one library; a helper that several have stands there once."""
    text = "#include <math.h>\n"
    for source in sources:
        body = source.replace("#include <math.h>\n", "")
        for helper in HELPERS.values():
            if helper.strip("\n") in text:
                body = body.replace(helper.strip("\n"), "")
        text += body
    (folder / "program.c").write_text(text, encoding="utf-8")
    command = ["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "program.c", "-o", "p.so", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "p.so"))


ARRAY_MODULES = {"numpy": "scipy.special", "jax": "jax", "torch": "torch"}


@pytest.mark.parametrize("to", ARRAY_MODULES)
def test_every_function_of_arrays(to: str, tmp_path: Path) -> None:
    """Its value; gradients of arrays are closed forms of such functions."""
    module = pytest.importorskip(ARRAY_MODULES[to])
    if to == "jax":
        module.config.update("jax_enable_x64", True)
    make = importlib.import_module(to if to != "jax" else "jax.numpy")
    array = (lambda one: torch.tensor(one, dtype=torch.float64)) if to == "torch" else make.array
    wrong = {}
    for name in ARRAY_FUNCTIONS:
        problem = array_walk.function(name, 0)
        assert problem.point is not None
        program = Program("f", tuple(problem.point), problem.root, {}, "a row", ("none",), problem.shapes, arrays=True)
        file = tmp_path / "program.py"
        file.write_text(written(program, to), encoding="utf-8")
        inputs = [array(one.nested() if isinstance(one, Array) else one) for one in problem.point.values()]
        found = runpy.run_path(str(file))["f"](*inputs).item()
        (true,) = ask.elements(problem.root, problem.point)
        assert true is not None
        if found != pytest.approx(true.nearest(problem.format), rel=1e-11):
            wrong[name] = found, true.text
    assert not wrong
