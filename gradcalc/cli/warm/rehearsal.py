"""Commands run before anybody calls: what is made at first use is made by then, what they found out is forgotten."""

from __future__ import annotations

import contextlib
import io

from sympy.core.cache import clear_cache

from gradcalc.base import memory
from gradcalc.cli.warm.work import program

EVERY = (  # what libraries do once, whatever is asked of them
    ("diff", "exp(-t)*log(1 + t^2)/sqrt(t) + tanh(t)", "--at", "t=2"),
    ("diff", "t^3*u", "--at", "t=2,u=3", "--json"),
    ("diff", "t^3 + q(u)"),
)
USUAL = (("diff", "sin(t^2)", "--at", "t=3"),)  # what is small: to be done again in each process that waits


def rehearse(commands: tuple[tuple[str, ...], ...]) -> None:
    """Run commands whose output nobody sees, and forget what they came to."""
    for command in commands:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            program.main(command)
    clear_cache()
    memory.forget()
