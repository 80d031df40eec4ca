"""How many rows a second the kernel of `map` computes, in memory, against the peers that there are, on one thread.

python tests/benchmarks/map_kernel.py [ROWS] [ROUNDS]

Value and all partial derivatives, float64. Eager autograd takes whole arrays, JAX jit(vmap(value_and_grad)), numexpr a
formula for the value and one for each derivative, as its users write them. The kernel and numexpr write into arrays
that are there; JAX and autograd make theirs. Each figure is the best of several runs.
"""

from __future__ import annotations

import importlib
import itertools
import math
import os
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

for name in ("OMP_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
warnings.simplefilter("ignore")  # torch says that NumPy is missing

import torch  # noqa: E402  # after the number of threads is set

from gradcalc.base.floating import FORMATS  # noqa: E402
from gradcalc.base.limits import Limits  # noqa: E402
from gradcalc.engines.torch.kernel.kernel import Kernel  # noqa: E402
from gradcalc.inputs.pose import pose  # noqa: E402

ROWS, ROUNDS = 10_000_000, 3
IN_ALL = ["3000000", "2"]  # arguments where all benchmarks run in turn
THIRTY = "sin(x**2)*exp(-y) + log(1 + x**2*y**2)/(2 + cos(x*y)) - tanh(x - y)*sqrt(x**2 + 1) + atan(y/x)*exp(x*y/3) - x"
COORDINATES = [f"x{number}" for number in range(1, 11)]
ROSENBROCK = " + ".join(
    f"100*({after} - {one}**2)**2 + (1 - {one})**2" for one, after in itertools.pairwise(COORDINATES)
)
AHEAD = [f"-400*{a}*({b} - {a}**2) - 2*(1 - {a})" for a, b in itertools.pairwise(COORDINATES)] + [""]
BEHIND = ["", *(f"200*({b} - {a}**2)" for a, b in itertools.pairwise(COORDINATES))]
GOALS = {"eager": "≥ 7 each, 12 mean", "JAX": "≥ 1.8", "numexpr": "≥ 1"}
Columns = Mapping[str, torch.Tensor]
Function = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """A function: as gradcalc reads it, in the words of torch and of JAX, and for numexpr with its derivatives."""

    text: str
    wrt: tuple[str, ...]
    names: tuple[str, ...]
    of: Callable[[Any], Function]
    formulas: tuple[str, ...]


def thirty(m: Any) -> Function:
    return lambda x, y: (
        m.sin(x**2) * m.exp(-y) + m.log(1 + x**2 * y**2) / (2 + m.cos(x * y)) - m.tanh(x - y) * m.sqrt(x**2 + 1)
        + m.atan(y / x) * m.exp(x * y / 3) - x
    )  # fmt: skip


def neuron(m: Any) -> Function:
    def loss(w: Any, b: Any, x: Any, y: Any) -> Any:
        if m is torch:
            return torch.nn.functional.binary_cross_entropy(torch.sigmoid(w * x + b), y, reduction="none")
        p = 1 / (1 + m.exp(-(w * x + b)))
        return -(y * m.log(p) + (1 - y) * m.log1p(-p))

    return loss


def rosenbrock(m: Any) -> Function:
    return lambda *x: sum(100 * (b - a**2) ** 2 + (1 - a) ** 2 for a, b in itertools.pairwise(x))


SIGMOID = "1/(1 + exp(-(w*x + b)))"
U, V, Q = "(1 + x**2*y**2)", "(2 + cos(x*y))", "(1 + (y/x)**2)"
CASES = {
    "x^2": Case("x^2", ("x",), ("x",), lambda m: lambda x: x**2, ("x**2", "2*x")),
    "sin(x^2)": Case(
        "sin(x^2)", ("x",), ("x",), lambda m: lambda x: m.sin(x**2), ("sin(x**2)", "2*x*cos(x**2)")
    ),
    "x**2*y + exp(x*y)": Case(
        "x**2*y + exp(x*y)", ("x", "y"), ("x", "y"), lambda m: lambda x, y: x**2 * y + m.exp(x * y),
        ("x**2*y + exp(x*y)", "2*x*y + y*exp(x*y)", "x**2 + x*exp(x*y)"),
    ),
    "BCE of a neuron": Case(
        "bce(sigmoid(w*x + b), y)", ("w", "b"), ("w", "b", "x", "y"), neuron,
        (f"-(y*log({SIGMOID}) + (1 - y)*log1p(-{SIGMOID}))", f"({SIGMOID} - y)*x", f"{SIGMOID} - y"),
    ),
    "30 operations": Case(
        THIRTY, ("x", "y"), ("x", "y"), thirty,
        (
            THIRTY.replace("atan", "arctan"),
            f"2*x*cos(x**2)*exp(-y) + 2*x*y**2/{U}/{V} + log{U}*y*sin(x*y)/{V}**2 - (1 - tanh(x - y)**2)*sqrt(x**2 + 1)"
            f" - tanh(x - y)*x/sqrt(x**2 + 1) - y/x**2/{Q}*exp(x*y/3) + arctan(y/x)*exp(x*y/3)*y/3 - 1",
            f"-sin(x**2)*exp(-y) + 2*y*x**2/{U}/{V} + log{U}*x*sin(x*y)/{V}**2 + (1 - tanh(x - y)**2)*sqrt(x**2 + 1)"
            f" + 1/x/{Q}*exp(x*y/3) + arctan(y/x)*exp(x*y/3)*x/3",
        ),
    ),
    "Rosenbrock, 10 variables": Case(
        ROSENBROCK, tuple(COORDINATES), tuple(COORDINATES), rosenbrock,
        (
            ROSENBROCK,
            *(" + ".join(filter(None, pair)) for pair in zip(AHEAD, BEHIND, strict=True)),
        ),
    ),
}  # fmt: skip


def best(work: Callable[[], object], rounds: int) -> float:
    """The least of several times, in seconds of the processor; the first run, which compiles, does not count."""
    work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def kernel(case: Case, columns: Columns, results: list[torch.Tensor]) -> Callable[[], object]:
    """gradcalc's."""
    problem = pose(case.text, Limits(), wrt=list(case.wrt))
    made = Kernel([problem.root], problem.variables, problem.wrt, FORMATS["float64"])
    given = [columns[name] for name in problem.variables]
    return lambda: made.run(given, results)


def eager(case: Case, columns: Columns, results: list[torch.Tensor]) -> Callable[[], object]:
    """torch autograd on whole arrays."""

    def work() -> object:
        given = {name: one.detach().requires_grad_(name in case.wrt) for name, one in columns.items()}
        value = case.of(torch)(*given.values())
        return value, torch.autograd.grad(value, [given[name] for name in case.wrt], torch.ones_like(value))

    return work


def with_jax(case: Case, columns: Columns, results: list[torch.Tensor]) -> Callable[[], object]:
    """JAX."""
    jax = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    given = [jax.dlpack.from_dlpack(one) for one in columns.values()]
    by = tuple(case.names.index(name) for name in case.wrt)
    function = jax.jit(jax.vmap(jax.value_and_grad(case.of(jax.numpy), argnums=by)))
    return lambda: jax.block_until_ready(function(*given))


def with_numexpr(case: Case, columns: Columns, results: list[torch.Tensor]) -> Callable[[], object]:
    """numexpr."""
    numexpr = importlib.import_module("numexpr")
    numpy = importlib.import_module("numpy")
    given = {name: numpy.from_dlpack(one) for name, one in columns.items()}
    outs = [numpy.from_dlpack(one) for one in results]

    def work() -> None:
        for formula, out in zip(case.formulas, outs, strict=True):
            numexpr.evaluate(formula, given, out=out)

    return work


PEERS = {"kernel": kernel, "eager": eager, "JAX": with_jax, "numexpr": with_numexpr}


def measured(case: Case, rows: int, rounds: int) -> dict[str, float]:
    """The seconds that each peer takes, and that it takes to copy as many bytes as are read and written."""
    torch.manual_seed(1)
    columns = {name: torch.rand(rows, dtype=torch.float64) * 1.5 + 0.25 for name in case.names}
    if "y" in case.names:
        columns["y"] = torch.rand(rows, dtype=torch.float64)
    results = [torch.zeros(rows, dtype=torch.float64) for _ in range(1 + len(case.wrt))]
    found = {}
    for name, prepare in PEERS.items():
        try:
            found[name] = best(prepare(case, columns, results), rounds)
        except ImportError:
            continue
    moved = len(columns) + len(results)
    copy = best(lambda: results[0].copy_(next(iter(columns.values()))), rounds)
    return found | {"bandwidth": copy * moved / 2}


def main(rows: int, rounds: int) -> None:
    """Print the table."""
    torch.set_num_threads(1)
    print(f"{rows:,} rows, float64, one thread: million rows a second, and how many times faster the kernel is\n")
    print(f"{'':26}{'kernel':>9}" + "".join(f"{name:>18}" for name in list(PEERS)[1:]) + f"{'of bandwidth':>14}")
    ratios: dict[str, list[float]] = {}
    for name, case in CASES.items():
        found = measured(case, rows, rounds)
        cells = ""
        for peer in list(PEERS)[1:]:
            if peer in found:
                ratios.setdefault(peer, []).append(found[peer] / found["kernel"])
            cells += (
                f"{rows / found[peer] / 1e6:9.1f} {found[peer] / found['kernel']:6.2f} x"
                if peer in found
                else f"{'-':>18}"
            )
        print(
            f"{name:26}{rows / found['kernel'] / 1e6:9.1f}{cells}{found['bandwidth'] / found['kernel']:13.0%}",
            flush=True,
        )
    for peer, all_of_them in ratios.items():
        mean = math.exp(sum(map(math.log, all_of_them)) / len(all_of_them))
        beside = f"{peer}, {len(all_of_them)} functions, {rows:,} rows"
        ratios_told = f"{min(all_of_them):.1f} to {max(all_of_them):.1f}"
        print(f"| kernel of `map` | {mean:.1f} × in the mean | {beside} | {ratios_told} | {GOALS[peer]} |")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [ROWS, ROUNDS][len(given) :]))
