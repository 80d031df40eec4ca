"""Results that are kept for the next time, up to a number of them: the same formula often comes with many points."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

REMEMBERED = 500  # characters of an expression; what is made of longer ones takes up too much memory to keep
Result = TypeVar("Result")
_memories: list[Memory[Any]] = []


def forget() -> None:
    """Everything that is remembered, wherever it is."""
    for memory in _memories:
        memory.forget()


class Memory(Generic[Result]):
    """Up to `size` results; the one that was not asked for the longest is forgotten first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._results: dict[Hashable, Result] = {}  # in the order of their last use
        _memories.append(self)

    def forget(self) -> None:
        """Every result."""
        self._results.clear()

    def recall(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result for `key`, made if it is not there. What `make` raises is not kept."""
        result = self._results.pop(key, None)
        if result is None:
            result = make()
        self._results[key] = result
        while len(self._results) > self.size:
            self._results.pop(next(iter(self._results)), None)
        return result
