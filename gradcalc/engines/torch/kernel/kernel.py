"""The kernel: a straight line of torch's operations, run over columns of numbers in pieces that stay in the cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from gradcalc.base.errors import UsageError
from gradcalc.base.floating import Format
from gradcalc.calculus.straight_line import Step, straight_line
from gradcalc.engines.torch.functions import Operation, Tensor
from gradcalc.engines.torch.kernel.lowering import value_and_gradient
from gradcalc.engines.torch.kernel.operations import in_place
from gradcalc.engines.torch.kernel.sample import Sample
from gradcalc.engines.torch.program import DTYPES, forward
from gradcalc.engines.torch.tensors import tensor
from gradcalc.functions import COMPARISONS
from gradcalc.syntax.tree import Node

CACHE = 3 << 19  # bytes that a piece of the buffers may take: most of a core's second cache
PASSING = 4  # columns that are read and written at a time
FEWEST, MOST = 1 << 12, 1 << 16  # rows of a piece: below, the calls cost more than the numbers
SHARE = 1 << 15  # rows that torch gives a thread at least
ON_DEVICE = 1 << 22  # rows of a piece on another device
CONDITIONS = frozenset(row.name for row in COMPARISONS)


class Kernel:
    """Values and partial derivatives of functions of numbers, at as many points as there are.

    For each of `results` there are its value and then its derivatives by `wrt`: that many columns come out. Raises
    UsageError where torch lacks a function, or a derivative, or has no such device.
    """

    def __init__(
        self, results: Sequence[Node], inputs: Sequence[str], wrt: Sequence[str], form: Format,
        device: str = "cpu", threads: int = 1,
    ) -> None:  # fmt: skip
        _require_device(device)
        self.dtype, self.device, self.threads = DTYPES[form.name], torch.device(device), threads
        roots = [tree for root in results for tree in value_and_gradient(root, wrt, form)]
        self.line = straight_line(roots, inputs, CONDITIONS)
        self.constants = [forward(node, {}, form)[id(node)].to(self.device) for node in self.line.constants]
        self.calls = [self._call(step) for step in self.line.steps]
        self.rows = self._rows()
        self.buffers = [
            torch.empty(self.rows, dtype=torch.bool if one else self.dtype, device=self.device)
            for one in self.line.buffers
        ]

    @property
    def outputs(self) -> int:
        """How many columns come out."""
        return self.line.roots

    @staticmethod
    def sample(most: int) -> Sample:
        """What keeps so many rows of those that it sees, to be looked at again."""
        return Sample(most)

    def run(self, given: Sequence[Any], written: Sequence[Any]) -> None:
        """Write the results at the points that the columns `given` hold, one for each input.

        All are of one length: tensors, memory of float64 or float32, or arrays of Arrow; a number stands for a column.
        """
        results = [tensor(one) for one in written]
        rows = len(results[0])
        columns = [
            torch.full((), one, dtype=self.dtype).expand(rows) if isinstance(one, float) else tensor(one)
            for one in given
        ]
        with torch.inference_mode(), _threads(self.threads):
            for start in range(0, rows, self.rows):
                stop = min(start + self.rows, rows)
                self._piece([one[start:stop] for one in columns], [one[start:stop] for one in results], stop - start)

    def _piece(self, columns: list[Tensor], results: list[Tensor], rows: int) -> None:
        given = [self._own(one) for one in columns]
        written = [one if self._is_own(one) else self._staged(one) for one in results]
        buffers = self.buffers if rows == self.rows else [one[:rows] for one in self.buffers]
        store = [*given, *self.constants, *written, *buffers]
        for operation, arguments, place in self.calls:
            operation(*[store[one] for one in arguments], out=store[place])
        for place, source in self.line.copied:
            store[place].copy_(store[source])
        for given_out, own in zip(results, written, strict=True):
            if own is not given_out:
                given_out.copy_(own)

    def _is_own(self, column: Tensor) -> bool:
        return column.dtype is self.dtype and column.device == self.device

    def _own(self, column: Tensor) -> Tensor:
        return column if self._is_own(column) else column.to(self.device, self.dtype)

    def _staged(self, result: Tensor) -> Tensor:
        return torch.empty_like(result, dtype=self.dtype, device=self.device)

    def _call(self, step: Step) -> tuple[Operation, tuple[int, ...], int]:
        first = len(self.line.inputs)
        known = dict(enumerate(self.constants, first))
        operation, count = in_place(step.call.function, [known.get(place) for place in step.arguments])
        return operation, step.arguments[:count], step.result

    def _rows(self) -> int:
        """How many rows a piece has."""
        if self.device.type != "cpu":
            return ON_DEVICE
        held = len(self.line.buffers) + PASSING
        rows = max(FEWEST, min(MOST, CACHE // (held * self.dtype.itemsize) // FEWEST * FEWEST))
        return rows if self.threads == 1 else max(rows, SHARE) * self.threads


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """So many threads for an operation of torch's; afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _require_device(name: str) -> None:
    """Raises UsageError where torch has no such device."""
    if name == "cuda" and not torch.cuda.is_available():
        built = torch.version.cuda is not None
        why = "torch finds no NVIDIA GPU" if built else "this torch was built for the processor alone"
        raise UsageError(f"--device cuda: {why}", hint="leave --device out to compute on the processor")
