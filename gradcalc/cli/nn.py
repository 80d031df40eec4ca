"""`gradcalc nn`: one neuron, trained on one example or on the rows of a file."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, ClassVar

from typer import Option

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import time_limit
from gradcalc.cli.child import supervise
from gradcalc.cli.options import Dtype, Texts, given
from gradcalc.cli.output import Output, progress
from gradcalc.cli.signature import command
from gradcalc.files.access import require_apart, require_free, require_two, write_whole
from gradcalc.lessons.neuron import weights
from gradcalc.lessons.neuron.records import Fit, Predicted
from gradcalc.lessons.neuron.request import Request
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.plot.suffixes import require_suffix


def _optimizers() -> list[str]:
    return list(OPTIMIZERS)


@dataclass(frozen=True, slots=True)
class Single:
    """One example, and where the neuron begins."""

    panel: ClassVar[str] = "One example"
    iq: Annotated[float | None, Option("--iq", metavar="NUMBER", help="The input of the one example.")] = None
    placed: Annotated[float | None, Option("--placed", metavar="NUMBER", help="Its label: 1 placed, 0 not placed.")] = (
        None
    )
    weight: Annotated[
        str | None,
        Option(
            "--weight", metavar="WEIGHTS", help="w to begin with: 1, or iq=0.5,cgpa=2; 1 unless given, with --data 0."
        ),
    ] = None
    bias: Annotated[float | None, Option("--bias", metavar="NUMBER", help="b to begin with; 0 unless given.")] = None


@dataclass(frozen=True, slots=True)
class Training:
    """How it is trained."""

    panel: ClassVar[str] = "Training"
    lr: Annotated[float, Option("--lr", metavar="NUMBER", help="The learning rate η.")] = 0.1
    epochs: Annotated[
        int | None, Option("--epochs", metavar="N", help="How many epochs; 1 unless given, with --data 10.")
    ] = None
    optimizer: Annotated[
        str,
        Option(
            "--optimizer",
            metavar="NAME",
            help=f"One of torch.optim's: {', '.join(OPTIMIZERS)}.",
            autocompletion=_optimizers,
        ),
    ] = "sgd"
    no_zero_grad: Annotated[bool, Option("--no-zero-grad", help="Leave out zero_grad() and watch what goes wrong.")] = (
        False
    )
    standardize: Annotated[bool, Option("--standardize", help="Learn from (x - mean)/std of every feature.")] = False
    batch_size: Annotated[
        int | None,
        Option(
            "--batch-size", metavar="N", help="Rows in a mini-batch; 64 unless given, more where there are many rows."
        ),
    ] = None
    seed: Annotated[
        int | None, Option("--seed", metavar="N", help="The seed that rows are shuffled with; 0 unless given.")
    ] = None


@dataclass(frozen=True, slots=True)
class Files:
    """What is read, and what is written."""

    panel: ClassVar[str] = "Files"
    data: Annotated[
        Path | None,
        Option(
            "--data", metavar="FILE", help="Learn from the rows of a CSV or TSV file; its first line names the columns."
        ),
    ] = None
    features: Annotated[
        str | None,
        Option(
            "--features",
            metavar="NAMES",
            help="The columns to learn from, such as iq,cgpa; all but the label unless given.",
        ),
    ] = None
    label: Annotated[
        str | None, Option("--label", metavar="NAME", help="The column of the label; placed unless given.")
    ] = None
    predict: Annotated[
        Path | None, Option("--predict", metavar="FILE", help="Predict the rows of a file, tracking disabled.")
    ] = None
    predict_row: Annotated[
        Texts, Option("--predict-row", metavar="ROW", help="Predict one row: iq=9,cgpa=7. May be repeated.")
    ] = None
    save: Annotated[Path | None, Option("--save", metavar="FILE", help="Write the weights learned to a JSON file.")] = (
        None
    )
    load: Annotated[Path | None, Option("--load", metavar="FILE", help="Begin with the weights that --save wrote.")] = (
        None
    )
    plot: Annotated[
        Path | None,
        Option(
            "--plot",
            metavar="FILE",
            help="Draw the loss over w and b, and the descent on it: a .png, .svg or .pdf file.",
        ),
    ] = None


@command(force="Let --output, --html, --save and --plot replace a file that exists.")
def nn(*, single: Single, training: Training, dtype: Dtype = DEFAULT_DTYPE, files: Files, out: Output) -> int:
    """One neuron, z = w*iq + b, p = sigmoid(z): forward pass, loss, backward pass and update, every number shown.

    With --data it learns from the rows of a file, by mini-batches. With --json the keys are data, parameters,
    forward, gradient, update and epochs; with --data, w and its gradient are objects, one key for each feature.
    --quiet prints the true gradient: by w, then by b. --plot FILE.png shows the loss as a surface over w and b.

    gradcalc nn --iq 10 --placed 1
    """
    told = given(single, training, files) | {"predict_row": files.predict_row or ()}
    asked = Request(**{one.name: told[one.name] for one in fields(Request)})
    settings = Settings(
        training.lr, asked.epochs(training.epochs), training.optimizer, not training.no_zero_grad, dtype,
        training.batch_size, training.seed or 0,
    )  # fmt: skip
    return _answered(asked, settings, files, out)


def _answered(asked: Request, settings: Settings, files: Files, out: Output) -> int:
    """Give the lesson, keep what was learned, write it all; the exit code."""
    lesson_of, save, plot = asked.answer(), files.save, files.plot
    for file in (*out.files, plot):
        require_apart(file, asked.data, asked.predict, asked.load)
    for one, other in itertools.combinations((*out.files, plot, save), 2):
        require_two(one, other)
    require_apart(save, asked.data, asked.predict)  # weights that are loaded may be trained on and saved again
    if plot is not None:
        require_suffix(plot)
    for file in filter(None, (save, plot)):
        require_free(file, force=out.force)
    supervise(out.timeout)
    with time_limit(out.timeout), progress() as tell:
        lesson = lesson_of(asked, settings, lambda done, total, loss: tell(done, total, f"training, loss {loss:.4g}"))
    if save is not None:
        weights.save(lesson.weights, save, force=out.force)
    if plot is not None:
        _draw(lesson, plot, out)
    return out.write(lesson)


def _draw(lesson: Fit | Predicted, plot: Path, out: Output) -> None:
    """Write the picture of the descent. Raises UsageError where nothing was trained."""
    if isinstance(lesson, Predicted):
        raise UsageError("--plot shows how a neuron is trained, and nothing is")
    from gradcalc.lessons.neuron.surface_torch import surface  # here, as a picture is seldom asked for
    from gradcalc.render.plot.matplotlib import draw

    write_whole(plot, draw(surface(lesson), plot.suffix.lower(), dark=False), force=out.force)
