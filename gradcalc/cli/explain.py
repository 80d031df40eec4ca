"""`gradcalc explain`: what a verdict, a reason or a kind of error means."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.lessons.meanings.meanings import MEANINGS, every, meaning

Word = Annotated[
    str | None,
    typer.Argument(
        metavar="[WORD]", help="A verdict, a reason or a kind of error.", autocompletion=lambda: list(MEANINGS)
    ),
]


@command(latex=None, timeout=None, places=None)
def explain(word: Word = None, *, out: Output) -> int:
    """Explain WORD, with which gradcalc answers: what it means, what to do, and an example that leads to it.

    Without WORD, all of them in a line each.

    gradcalc explain cancellation
    """
    return out.write(every() if word is None else meaning(word))
