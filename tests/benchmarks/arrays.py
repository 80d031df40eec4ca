"""What the gradient of norm(A @ x - b)**2 costs beside plain torch, with values from files: a ratio, in one run.

    python tests/benchmarks/arrays.py [N] [ROUNDS]

Plain torch reads the same files with the same reader, makes tensors, and runs one forward and one backward pass.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gradcalc import api
from gradcalc.base.limits import Limits
from gradcalc.engines.torch.autograd import torch
from gradcalc.files.numbers import from_file

IN_ALL = ["1000", "1"]  # arguments where all benchmarks run in turn


def written(folder: Path, n: int) -> dict[str, Path]:
    """The files of A, x and b: n rows of n columns, and n numbers each."""
    source = random.Random(0)
    paths = {}
    for name, columns in (("A", n), ("x", 1), ("b", 1)):
        paths[name] = folder / f"{name}.csv"
        with paths[name].open("w") as file:
            file.writelines(",".join(repr(source.gauss(0, 1)) for _ in range(columns)) + "\n" for _ in range(n))
    return paths


def plain(paths: dict[str, Path]) -> list[float]:
    """torch alone."""
    tensors = {}
    for name, path in paths.items():
        given = from_file(path, Limits())
        tensors[name] = torch.tensor(given.values, dtype=torch.float64).reshape(given.shape).requires_grad_()
    result = torch.linalg.vector_norm(tensors["A"] @ tensors["x"] - tensors["b"]) ** 2
    (gradient,) = torch.autograd.grad(result, [tensors["x"]])
    return [float(number) for number in gradient.tolist()]


def gradcalc(paths: dict[str, Path]) -> list[float]:
    """The same by gradcalc."""
    at = [f"{name}=@{path}" for name, path in paths.items()]
    row = api.diff("norm(A @ x - b)**2", at=at, wrt="x", timeout=120).gradient["x"]
    return list(row.autograd.values)  # type: ignore[union-attr]


def seconds(work: Callable[[dict[str, Path]], list[float]], paths: dict[str, Path]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    work(paths)
    return time.perf_counter() - start


def main(n: int, rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), n)
        assert gradcalc(paths) == plain(paths)
        times = [(seconds(plain, paths), seconds(gradcalc, paths)) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in (list(zip(*times, strict=True))[1], [a for a, _ in times]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'n':>6}{'torch (s)':>12}{'gradcalc (s)':>14}{'ratio':>8}{'memory (MiB)':>14}{'arrays (MiB)':>14}")
    print(f"{n:>6}{theirs:>12.3f}{ours:>14.3f}{ours / theirs:>8.2f}{memory:>14.0f}{n * n * 8 / 2**20:>14.1f}")
    print(
        f"| the verified gradient of norm(A @ x - b)**2, n = {n} | {ours:.2f} s | torch alone | {ours / theirs:.2f} | |"
    )


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:3] or ("1000", "3")))
