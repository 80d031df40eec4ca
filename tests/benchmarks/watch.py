"""What gradcalc.watch costs of a training step while all is well, and torch's anomaly mode beside it.

python tests/benchmarks/watch.py [SECONDS]

Steps of the three kinds are made in turn, a few at a time and in random order, on one model and one thread. Of each
kind a block of rounds has its lower quartile of the processor's time, as what other programs and a virtual machine's
pages cost comes on top of some steps; the ratio is the median of the blocks, its spread half of them. The C library
keeps what is freed: as it comes it hands the tensors of one step back to the kernel and asks for them again in the
next, a thousand pages and more, or does not, by where a few bytes happen to lie: 20 % of a step either way.
"""

from __future__ import annotations

import contextlib
import ctypes
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import gradcalc
from gradcalc.engines.torch.autograd import torch

nn = torch.nn
GOAL = 1.03
IN_ALL = ["15"]  # arguments where all benchmarks run in turn
TOGETHER = 4  # steps of a kind in a row
BLOCK = 8  # rounds, 24 steps of each kind
KEEP = {-1: 1 << 30, -3: 1 << 25}  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h: bytes


def mlp(size: int) -> tuple[Any, list[tuple[Any, ...]]]:
    """784-512-512-10, batches of a size: what watching costs is the same for all, as it goes through the gradient."""
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    return model, [(torch.randn(size, 784), torch.randint(0, 10, (size,))) for _ in range(TOGETHER)]


def transformer() -> tuple[Any, list[tuple[Any, ...]]]:
    """Two layers of width 128 with four heads and dropout, batches of 16 sequences of 64."""
    layer = nn.TransformerEncoderLayer(128, 4, 256, dropout=0.1, batch_first=True)
    model = nn.Sequential(nn.Embedding(1000, 128), nn.TransformerEncoder(layer, 2, enable_nested_tensor=False),
                          nn.Linear(128, 1000), nn.Flatten(0, 1))  # fmt: skip
    return model, [(torch.randint(0, 1000, (16, 64)), torch.randint(0, 1000, (1024,))) for _ in range(TOGETHER)]


MODELS = {
    "MLP, 669,706 parameters, batches of 256": partial(mlp, 256),
    "the same MLP, batches of 1,024": partial(mlp, 1024),
    "transformer, 522,088 parameters": transformer,
}


def loss_of(model: Any, x: Any, y: Any) -> Any:
    """The cross-entropy of a batch."""
    return nn.functional.cross_entropy(model(x), y)


def memory_kept() -> None:
    """Lets glibc keep what is freed; other C libraries are as they are."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for option, size in KEEP.items():
            library.mallopt(option, size)


def measured(made: Callable[[], tuple[Any, list[tuple[Any, ...]]]], seconds: float) -> list[list[float]]:
    """Of each block the lower quartile of the seconds of a step by itself, watched, and in anomaly mode."""
    torch.manual_seed(1)
    model, batches = made()
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    watch = gradcalc.watch(model, loss_of, save=None)

    def computed(*batch: Any) -> Any:
        return loss_of(model, *batch)

    def some_steps(step: Callable[..., Any], around: Any) -> list[float]:
        taken = []
        with around:
            for batch in batches:
                begin = time.process_time()
                optimizer.zero_grad()
                step(*batch).backward()
                optimizer.step()
                taken.append(time.process_time() - begin)
        return taken[1:]  # the first one still has what the kind before has left

    kinds: list[tuple[Callable[..., Any], Callable[[], Any]]] = [
        (computed, contextlib.nullcontext), (watch, lambda: watch), (computed, torch.autograd.detect_anomaly),
    ]  # fmt: skip
    blocks: list[list[float]] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        taken: list[list[float]] = [[] for _ in kinds]
        for place in [one for _ in range(BLOCK) for one in random.sample(range(len(kinds)), len(kinds))]:
            taken[place] += some_steps(kinds[place][0], kinds[place][1]())
        blocks.append([statistics.quantiles(one, n=4)[0] for one in taken])
    return blocks


def ratio(blocks: list[list[float]], place: int) -> tuple[float, float, float]:
    """How many times as long as a step by itself: the quartiles over the blocks, the median in the middle."""
    low, middle, high = statistics.quantiles([one[place] / one[0] for one in blocks], n=4)
    return low, middle, high


def main(seconds: float) -> None:
    """Print the claims."""
    memory_kept()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # anomaly mode says that it is on
    for what, made in MODELS.items():
        blocks = measured(made, seconds)
        plain, watching, anomaly = (statistics.median(column) * 1e3 for column in zip(*blocks, strict=True))
        low, middle, high = ratio(blocks, 1)
        spread = f"{middle:.3f} ({low:.3f} to {high:.3f} in {len(blocks)} blocks)"
        print(f"| step of {what}, watched | {watching:.2f} ms | {plain:.2f} ms without | {spread} | {GOAL} |")
        middle = ratio(blocks, 2)[1]
        print(f"| the same in torch's anomaly mode | {anomaly:.2f} ms | {plain:.2f} ms without | {middle:.2f} | |")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
