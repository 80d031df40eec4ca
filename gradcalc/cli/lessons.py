"""`gradcalc lessons`: the lecture's examples, listed and run."""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import replace
from typing import Annotated

import typer

from gradcalc.base.errors import GradcalcError, UsageError
from gradcalc.cli.command import Instead
from gradcalc.cli.output import Output, progress
from gradcalc.cli.signature import command
from gradcalc.lessons import course

All = Annotated[bool, typer.Option("--all", help="Run every lesson, for a handout in Markdown.")]
Chosen = Annotated[
    str | None,
    typer.Argument(
        metavar="[N]",
        help="The lesson to run: its number, or a word of its title.",
        autocompletion=lambda: [str(number) for number in course.whole().lessons],
    ),
]

SIGMOID = "sigmoid"
WITHOUT_FORMULAS = ("accumulate", "nograd")


@command(timeout=None)
def lessons(*, chosen: Chosen = None, every: All = False, out: Output) -> int:
    """List the lecture's examples in order, each with its command; with N, run that one.

    The options go to the command that is run. With --all, what every command prints is written as Markdown. The lesson
    on the sigmoid is this command's own: its picture is drawn with --output sigmoid.svg.

    gradcalc lessons 1
    """
    if every:
        if chosen is not None or out.form or out.html or out.places is not None:
            raise UsageError("--all stands alone: no N, --json, --quiet, --latex, --html or --round with it")
        out.emit(_handout())
        return 0
    if chosen is None:
        return out.write(course.whole())
    number = course.number_of(chosen)
    one = course.COURSE[number - 1]
    if chosen == SIGMOID:
        return _sigmoid(out)
    if (alone := replace(out, html=None)) == Output():
        alone.write(course.Course({number: one}))
        alone.emit("\n")
    if out.form == "latex" and shlex.split(one.command)[1] in WITHOUT_FORMULAS:
        raise UsageError(
            f"lesson {number} has numbers and code, and no formulas to set", hint=f"gradcalc lessons {number}"
        )
    raise Instead([*shlex.split(one.command)[1:], *_passed_on(out)])


def _sigmoid(out: Output) -> int:
    """The lesson that is a command of its own; a picture where the file is one."""
    from gradcalc.lessons.sigmoid.lesson import sigmoid  # here, as the list of lessons needs no engines

    drawn = out.output is not None and out.output.suffix.lower() == ".svg"
    return out.write(sigmoid(), "svg" if drawn and not out.form else None)


def _handout() -> str:
    """Every lesson with its command and what that prints, each run as from a shell."""
    parts = ["# Gradients\n"]
    with progress() as tell:
        for number, one in course.whole().lessons.items():
            tell(number - 1, len(course.COURSE), one.title)
            command = [sys.executable, "-m", "gradcalc", *shlex.split(one.command)[1:]]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            if done.returncode:
                raise GradcalcError(f"lesson {number} ended with exit code {done.returncode}", hint=done.stderr.strip())
            parts.append(
                f"## {number}. {one.title}\n\n{one.sentence}\n\n```console\n$ {one.command}\n{done.stdout}```\n"
            )
    return "\n".join(parts)


def _passed_on(out: Output) -> list[str]:
    """The options, as they are spelled."""
    form = [f"--{out.form}"] if out.form else []
    path = [] if out.output is None else ["--output", str(out.output)]
    page = [] if out.html is None else ["--html", str(out.html)]
    rounding = [] if out.places is None else [f"--round={out.places}"]
    return [*form, *rounding, *path, *page, *(["--force"] if out.force else [])]
