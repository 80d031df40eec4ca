"""The state of NumPy's own generator of random numbers: read whole only where it can have changed, as that is slow."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

BYTES = 4 * 624 + 4  # of a Mersenne Twister: its words, and the place of the next


class Kept:
    """The last state that was read, and the generator's memory then; none where that does not tell all."""

    def __init__(self) -> None:
        self.state: Any = None
        self.memory: bytes | None = None

    def now(self) -> Any:
        """What NumPy draws next; None where it is not loaded."""
        numpy: Any = sys.modules.get("numpy.random")
        if numpy is None:
            return None
        memory = _memory(numpy)
        if memory is None:
            return numpy.get_state(legacy=False)
        if memory != self.memory:
            self.state = numpy.get_state()
            self.memory = memory if _tells(memory, self.state) else None
        return self.state


def _memory(numpy: Any) -> bytes | None:
    """What a Mersenne Twister holds; None of another generator, and before NumPy 1.24."""
    generator: Any = numpy.get_bit_generator() if hasattr(numpy, "get_bit_generator") else None
    if type(generator).__name__ != "MT19937":
        return None
    return ctypes.string_at(generator.ctypes.state_address, BYTES)


def _tells(memory: bytes, state: Any) -> bool:
    """Is a state what stands in memory, and no second normal number waiting beside it, which does not stand there?"""
    _, words, place, waiting, _ = state
    known: bytes = words.tobytes() + place.to_bytes(4, sys.byteorder)
    return waiting == 0 and memory == known
