"""The state of every random number generator that a program of torch's draws from: taken, and put back."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from gradcalc.answers.audit.random_kept import OfNumpy, OfPython
from gradcalc.engines.torch import torch

Tensor = Any
NUMPY, PYTHON = OfNumpy(), OfPython()
CUDA = torch.backends.cuda.is_built()  # type: ignore[no-untyped-call]  # torch does not annotate it


class Randomness(NamedTuple):
    """What torch draws next, on the CPU and on every CUDA device in use, and Python, and NumPy where it is loaded."""

    cpu: Tensor
    cuda: Sequence[Tensor]
    python: tuple[Any, ...]
    numpy: Any = None

    @classmethod
    def now(cls) -> Randomness:
        """The state as it is."""
        used = CUDA and torch.cuda.is_initialized()  # type: ignore[no-untyped-call]  # as above
        cuda = torch.cuda.get_rng_state_all() if used else ()
        return cls(torch.default_generator.get_state(), cuda, PYTHON.now(), NUMPY.now())

    def put_back(self) -> None:
        """From here on the same numbers are drawn as from there on."""
        torch.set_rng_state(self.cpu)
        if self.cuda:
            torch.cuda.set_rng_state_all(list(self.cuda))
        random.setstate(self.python)
        numpy: Any = sys.modules.get("numpy.random")
        if numpy is not None and self.numpy is not None:
            numpy.set_state(self.numpy)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Lets all generators begin with a seed; afterwards they are as they were."""
    numpy: Any = sys.modules.get("numpy")
    seeds = [torch.manual_seed, random.seed, *([] if numpy is None else [numpy.random.seed])]  # which loads that part
    before = Randomness.now()
    for one in seeds:
        one(seed)
    try:
        yield
    finally:
        before.put_back()
