"""`gradcalc lessons`: the lecture's examples, listed and run."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from gradcalc.cli.command import Instead
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.lessons import course

Number = Annotated[int | None, typer.Argument(metavar="[N]", help="The lesson to run; all are listed unless given.")]


@command(timeout=None)
def lessons(*, number: Number = None, out: Output) -> int:
    """List the lecture's examples in order, each with its command; with N, run that one.

    The options go to the command that is run.

    gradcalc lessons 1
    """
    if number is None:
        return out.write(course.whole())
    chosen = course.lesson(number)
    if out == Output():
        out.write(course.Course({number: chosen}))
        out.emit("\n")
    raise Instead([*shlex.split(chosen.command)[1:], *_passed_on(out)])


def _passed_on(out: Output) -> list[str]:
    """The options, as they are spelled."""
    form = [f"--{out.form}"] if out.form else []
    path = [] if out.output is None else ["--output", str(out.output)]
    digits = [] if out.digits is None else [f"--round={out.digits}"]
    return [*form, *digits, *path, *(["--force"] if out.force else [])]
