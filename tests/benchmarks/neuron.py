"""Training on a file of a million rows, against a plain torch loop that does the same, as a ratio in one run.

"The same": the file is read by the csv module into one array of float64, its features are standardized, the rows are
shuffled and go through torch.optim.SGD in mini-batches of the same size, and accuracy is counted at the end. The plain
loop checks nothing, keeps everything in memory, and draws its batches by index, as such loops are written.

python tests/benchmarks/neuron.py [ROWS] [EPOCHS] [ROUNDS]
"""

from __future__ import annotations

import csv
import random
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import torch

from gradcalc.base.floating import FORMATS
from gradcalc.lessons.neuron import lesson, training_torch
from gradcalc.lessons.neuron.dataset import read_dataset
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Weights

IN_ALL = ["100000", "1", "1"]  # arguments where all benchmarks run in turn
GOAL = 1.2
LR = 0.1
Times = tuple[float, float, float]  # seconds for reading and for training, and the share of rows that came out right


def written(path: Path, rows: int) -> None:
    """A file of that many rows: two features, and a label that they mostly tell."""
    source = random.Random(1)
    with path.open("w") as file:
        file.write("iq,cgpa,placed\n")
        for _ in range(rows):
            iq, cgpa = source.gauss(100, 15), source.uniform(4, 10)
            label = int((iq - 100) / 15 + cgpa - 7 + source.gauss(0, 1) > 0)
            file.write(f"{iq:.1f},{cgpa:.2f},{label}\n")


def plain(path: Path, epochs: int, size: int) -> Times:
    """The loop as it is usually written."""
    start = time.perf_counter()
    with path.open(newline="") as file:
        reader = csv.reader(file)
        next(reader)
        numbers = array("d", (float(cell) for row in reader for cell in row))
    table = torch.frombuffer(numbers, dtype=torch.float64).view(-1, 3)
    x, y = table[:, :2].contiguous(), table[:, 2].contiguous()
    x = (x - x.mean(0)) / x.std(0, correction=0)
    middle = time.perf_counter()
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    step = torch.optim.SGD([w, b], lr=LR)
    shuffle = torch.Generator().manual_seed(0)
    for _ in range(epochs):
        order = torch.randperm(len(y), generator=shuffle)
        total = 0.0
        for first in range(0, len(y), size):
            batch = order[first : first + size]
            step.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(x[batch] @ w + b, y[batch])
            loss.backward()
            step.step()
            total += loss.item() * len(batch)
    with torch.no_grad():
        right = ((torch.sigmoid(x @ w + b) >= 0.5) == (y == 1)).sum().item() / len(y)
    return middle - start, time.perf_counter() - middle, right


def gradcalc(path: Path, epochs: int, size: int) -> Times:
    """What `gradcalc nn --data FILE --standardize` does, the check of its first gradient left to one side."""
    settings = Settings(lr=LR, epochs=epochs, batch_size=size)
    start = time.perf_counter()
    rows = read_dataset(path, None, "placed", FORMATS["float64"], size)
    weights = lesson.standardized(rows, Weights(dict.fromkeys(rows.features, 0.0), 0.0, "placed"))
    middle = time.perf_counter()
    *_, last = training_torch.train(rows, weights, settings, lambda done, work, loss: None)
    right = training_torch.right(rows, last.weights, settings) / rows.rows
    return middle - start, time.perf_counter() - middle, right


def main(rows: int, epochs: int, rounds: int) -> None:
    """Print the table."""
    ways: dict[str, Callable[[Path, int, int], Times]] = {"plain": plain, "gradcalc": gradcalc}
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)  # the first one imports torch's compiler
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        written(path, rows)
        print(f"{rows:,} rows, {epochs} epochs, medians of {rounds} rounds, seconds")
        print(f"{'batch':>6}  {'way':<10}{'read':>8}{'train':>8}{'both':>8}{'right':>9}{'ratio':>8}{'goal':>7}")
        for size in (64, 1024):
            times: dict[str, list[Times]] = {name: [] for name in ways}
            for _ in range(rounds):  # in turn, so that a busy minute slows both alike
                for name, way in ways.items():
                    times[name].append(way(path, epochs, size))
            medians = {
                name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in times.items()
            }
            base = sum(medians["plain"][:2])
            for name, (read, train, right) in medians.items():
                both = read + train
                numbers = f"{read:>8.2f}{train:>8.2f}{both:>8.2f}{right:>9.2%}{both / base:>8.2f}{GOAL:>7}"
                print(f"{size:>6}  {name:<10}{numbers}")
            both = sum(medians["gradcalc"][:2])
            print(f"| `nn --data`, batches of {size} | {both:.2f} s | a torch loop | {both / base:.2f} | {GOAL} |")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*(numbers + [1_000_000, 2, 3][len(numbers) :]))
