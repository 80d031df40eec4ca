"""`gradcalc quiz`: exercises in deriving."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.lessons.quiz.exercises import TOPICS
from gradcalc.lessons.quiz.quiz import quiz as set_exercises

Topic = Annotated[
    str | None,
    typer.Option(
        "--topic",
        metavar="TOPIC",
        help=f"{', '.join(TOPICS)}; all in turn unless given.",
        autocompletion=lambda: list(TOPICS),
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", help="Another seed sets other exercises, the same one the same.")
]
Count = Annotated[int, typer.Option("--count", metavar="N", help="How many exercises.")]
Answers = Annotated[bool, typer.Option("--answers", help="Print the derivatives too.")]


@command()
def quiz(*, topic: Topic = None, seed: Seed = 0, count: Count = 10, answers: Answers = False, out: Output) -> int:
    """Set exercises in deriving, by topic; the same seed sets the same ones, and --answers prints the answers.

    gradcalc quiz --topic chain --seed 7 --count 5
    """
    return out.write(set_exercises(topic, seed=seed, count=count, answers=answers, timeout=out.timeout))
