"""What gradcalc.watch costs of a training step while all is well, and torch's anomaly mode beside it.

python tests/benchmarks/watch.py [SECONDS]

A few steps of each of the three kinds are made in turn, in random order, on one model and one thread; the figures are
medians of the processor time, which other programs disturb least.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import gradcalc
from gradcalc.engines.torch.autograd import torch

nn = torch.nn
GOAL = 1.03
IN_ALL = ["15"]  # arguments where all benchmarks run in turn
TOGETHER = 6  # steps of a kind in a row


def mlp() -> tuple[Any, list[tuple[Any, ...]]]:
    """784-512-512-10, batches of 256."""
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    return model, [(torch.randn(256, 784), torch.randint(0, 10, (256,))) for _ in range(TOGETHER)]


def transformer() -> tuple[Any, list[tuple[Any, ...]]]:
    """Two layers of width 128 with four heads and dropout, batches of 16 sequences of 64."""
    layer = nn.TransformerEncoderLayer(128, 4, 256, dropout=0.1, batch_first=True)
    model = nn.Sequential(nn.Embedding(1000, 128), nn.TransformerEncoder(layer, 2, enable_nested_tensor=False),
                          nn.Linear(128, 1000), nn.Flatten(0, 1))  # fmt: skip
    return model, [(torch.randint(0, 1000, (16, 64)), torch.randint(0, 1000, (1024,))) for _ in range(TOGETHER)]


MODELS = {"MLP, 669,706 parameters": mlp, "transformer, 522,088 parameters": transformer}


def loss_of(model: Any, x: Any, y: Any) -> Any:
    """The cross-entropy of a batch."""
    return nn.functional.cross_entropy(model(x), y)


def measured(made: Callable[[], tuple[Any, list[tuple[Any, ...]]]], seconds: float) -> list[float]:
    """The seconds of a step by itself, watched, and in anomaly mode."""
    torch.manual_seed(1)
    model, batches = made()
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    watch = gradcalc.watch(model, loss_of, save=None)

    def computed(*batch: Any) -> Any:
        return loss_of(model, *batch)

    kinds: list[tuple[Callable[..., Any], Callable[[], Any]]] = [
        (computed, contextlib.nullcontext), (watch, lambda: watch), (computed, torch.autograd.detect_anomaly),
    ]  # fmt: skip
    times: list[list[float]] = [[] for _ in kinds]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for place in random.sample(range(len(kinds)), len(kinds)):
            step, around = kinds[place]
            with around():
                for number in range(TOGETHER):
                    begin = time.process_time()
                    optimizer.zero_grad()
                    step(*batches[number]).backward()
                    optimizer.step()
                    if number:  # the first one still has what the kind before has left
                        times[place].append(time.process_time() - begin)
    return [statistics.median(one) for one in times]


def main(seconds: float) -> None:
    """Print the claims."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # anomaly mode says that it is on
    for what, made in MODELS.items():
        plain, watching, anomaly = measured(made, seconds)
        beside = f"{plain * 1e3:.2f} ms without"
        print(f"| step of {what}, watched | {watching * 1e3:.2f} ms | {beside} | {watching / plain:.3f} | {GOAL} |")
        print(f"| the same in torch's anomaly mode | {anomaly * 1e3:.2f} ms | {beside} | {anomaly / plain:.2f} | |")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
