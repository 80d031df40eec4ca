"""The states of the random numbers of Python and NumPy: read whole only where they can have changed: that is slow."""

from __future__ import annotations

import ctypes
import random
import struct
import sys
from typing import Any

WORD, WORDS = 4, 625  # of a Mersenne Twister: its words, and the place of the next
HEAD = object.__basicsize__  # of a Python object, before what is its own
NEAR = 16 * WORD  # bytes: the place of the next and the words beside it. All words are made anew after the last of them


class OfNumpy:
    """The last state that was read, and the generator's memory then; none where that does not tell all."""

    def __init__(self) -> None:
        self.generator: Any = None
        self.memory: Any = None
        self.near: memoryview | None = None
        self.known: bytes | None = None
        self.state: Any = None

    def now(self) -> Any:
        """What NumPy draws next; None where it is not loaded."""
        numpy: Any = sys.modules.get("numpy.random")
        if numpy is None:
            return None
        generator = numpy.get_bit_generator() if hasattr(numpy, "get_bit_generator") else None  # since NumPy 1.24
        if generator is not self.generator:
            self._turn_to(generator)
        if self.near is None:
            return numpy.get_state(legacy=False)
        if self.near.tobytes() != self.known:
            self.state = numpy.get_state()
            self.known = self.near.tobytes() if self._tells() else None
        return self.state

    def _turn_to(self, generator: Any) -> None:
        """It is asked for its address once, which takes longer than all else."""
        self.generator, self.memory, self.near, self.known = generator, None, None, None
        if type(generator).__name__ == "MT19937":
            self.memory = _memory(generator.ctypes.state_address)
            self.near = self.memory[-NEAR:]

    def _tells(self) -> bool:
        """Is the state what stands in memory, and no second normal number waiting beside it, which does not?"""
        _, words, place, waiting, _ = self.state
        known: bytes = words.tobytes() + place.to_bytes(WORD, sys.byteorder)
        return bool(waiting == 0 and self.memory == known)


class OfPython:
    """The same of the functions of `random`: what its memory holds is first compared with what it says."""

    def __init__(self) -> None:
        self.generator: Any = random._inst  # whose methods they are
        large = type(self.generator).__basicsize__ >= HEAD + WORD * WORDS
        self.memory: Any = _memory(id(self.generator) + HEAD) if large else None
        self.near = None if self.memory is None else self.memory[:NEAR]
        self.known: bytes | None = None
        self.state: tuple[Any, ...] = ()

    def now(self) -> tuple[Any, ...]:
        """What Python draws next."""
        if self.near is None:
            return random.getstate()
        if self.near.tobytes() != self.known or self.generator.gauss_next is not self.state[2]:
            self.state = random.getstate()
            _, (*words, place), _ = self.state
            tells = self.memory == struct.pack("=i624I", place, *words)
            self.known = self.near.tobytes() if tells else None
        return self.state


def _memory(address: int) -> memoryview:
    """The words of a generator and the place of the next, as bytes."""
    return memoryview((ctypes.c_ubyte * (WORD * WORDS)).from_address(address)).cast("B")
