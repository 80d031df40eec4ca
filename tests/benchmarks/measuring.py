"""How commands are timed beside each other: turn about, by the clock and by the processors, their bytecode at hand.

Where other programs run beside them, the processors' seconds say more than the clock's.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Seconds(NamedTuple):
    """What a command takes: by the clock, and of the processors."""

    clock: float
    processors: float


def compiled(folder: str) -> dict[str, str]:
    """The environment in which Python keeps the bytecode of all that it loads in a folder.

    What pip installs is compiled; a checkout is not where PYTHONDONTWRITEBYTECODE stands in the environment, and is
    then compiled anew at every call.
    """
    others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPYCACHEPREFIX": folder}


def seconds(command: Sequence[str], environment: Mapping[str, str]) -> Seconds:
    """One run of a command that says nothing here."""
    before, start = _used(), time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return Seconds(time.perf_counter() - start, _used() - before)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def medians(commands: Mapping[str, Sequence[str]], environment: Mapping[str, str], rounds: int) -> dict[str, Seconds]:
    """Of so many runs of each, turn about, so that a busy minute slows all alike; a first one is not counted."""
    found: dict[str, list[Seconds]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            taken = seconds(command, environment)
            if number:
                found[name].append(taken)
    return {name: Seconds(*map(statistics.median, zip(*runs, strict=True))) for name, runs in found.items()}
