"""Room for recursion: the parser nests in Python's own frames, which take no machine stack."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from gradcalc.base.limits import Limits

FRAMES_PER_LEVEL = 12  # Python frames that one level of nesting takes, generously
_lock = threading.Lock()
_ordinary: list[int] = []  # the limit as it was, once for every parser at work; the last one out restores it


@contextmanager
def deep_recursion(limits: Limits) -> Iterator[None]:
    """Lets the parser nest as deep as the limits allow. Python's limit is one for all threads, so they share it."""
    with _lock:
        _ordinary.append(_ordinary[0] if _ordinary else sys.getrecursionlimit())
        sys.setrecursionlimit(max(sys.getrecursionlimit(), limits.depth * FRAMES_PER_LEVEL + 1000))
    try:
        yield
    finally:
        with _lock:
            ordinary = _ordinary.pop()
            if not _ordinary:
                sys.setrecursionlimit(ordinary)
