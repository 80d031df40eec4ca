"""`gradcalc nn`: one neuron, trained on one example or on the rows of a file."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from gradcalc.base.errors import UsageError
from gradcalc.base.limits import time_limit
from gradcalc.cli.child import supervise
from gradcalc.cli.options import Dtype
from gradcalc.cli.output import Output, progress
from gradcalc.cli.signature import command
from gradcalc.files.access import require_apart, require_free, require_two, write_whole
from gradcalc.lessons.neuron import weights
from gradcalc.lessons.neuron.records import Fit, Predicted
from gradcalc.lessons.neuron.request import Request
from gradcalc.lessons.neuron.settings import OPTIMIZERS, Settings
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.plot.suffixes import require_suffix

EXAMPLE, TRAINING, FILES = "One example", "Training", "Files"  # panels of the help
InputFile = partial(typer.Option, metavar="FILE")
Iq = Annotated[
    float | None, typer.Option("--iq", metavar="NUMBER", help="The input of the one example.", rich_help_panel=EXAMPLE)
]
Placed = Annotated[
    float | None,
    typer.Option("--placed", metavar="NUMBER", help="Its label: 1 placed, 0 not placed.", rich_help_panel=EXAMPLE),
]
Weight = Annotated[
    str | None,
    typer.Option(
        "--weight",
        metavar="WEIGHTS",
        help="w to begin with: 1, or iq=0.5,cgpa=2; 1 unless given, with --data 0.",
        rich_help_panel=EXAMPLE,
    ),
]
Bias = Annotated[
    float | None,
    typer.Option("--bias", metavar="NUMBER", help="b to begin with; 0 unless given.", rich_help_panel=EXAMPLE),
]
Lr = Annotated[float, typer.Option("--lr", metavar="NUMBER", help="The learning rate η.", rich_help_panel=TRAINING)]
Epochs = Annotated[
    int | None,
    typer.Option(
        "--epochs", metavar="N", help="How many epochs; 1 unless given, with --data 10.", rich_help_panel=TRAINING
    ),
]
OptimizerName = Annotated[
    str,
    typer.Option(
        "--optimizer",
        metavar="NAME",
        help=f"One of torch.optim's: {', '.join(OPTIMIZERS)}.",
        autocompletion=lambda: list(OPTIMIZERS),
        rich_help_panel=TRAINING,
    ),
]
NoZeroGrad = Annotated[
    bool,
    typer.Option("--no-zero-grad", help="Leave out zero_grad() and watch what goes wrong.", rich_help_panel=TRAINING),
]
Data = Annotated[
    Path | None,
    InputFile(
        "--data",
        help="Learn from the rows of a CSV or TSV file; its first line names the columns.",
        rich_help_panel=FILES,
    ),
]
Features = Annotated[
    str | None,
    typer.Option(
        "--features",
        metavar="NAMES",
        help="The columns to learn from, such as iq,cgpa; all but the label unless given.",
        rich_help_panel=FILES,
    ),
]
Label = Annotated[
    str | None,
    typer.Option(
        "--label", metavar="NAME", help="The column of the label; placed unless given.", rich_help_panel=FILES
    ),
]
Standardize = Annotated[
    bool, typer.Option("--standardize", help="Learn from (x - mean)/std of every feature.", rich_help_panel=TRAINING)
]
BatchSize = Annotated[
    int | None,
    typer.Option(
        "--batch-size",
        metavar="N",
        help="Rows in a mini-batch; 64 unless given, more where there are many rows.",
        rich_help_panel=TRAINING,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", metavar="N", help="The seed that rows are shuffled with; 0 unless given.", rich_help_panel=TRAINING
    ),
]
Predict = Annotated[
    Path | None, InputFile("--predict", help="Predict the rows of a file, tracking disabled.", rich_help_panel=FILES)
]
PredictRow = Annotated[
    list[str] | None,
    typer.Option(
        "--predict-row", metavar="ROW", help="Predict one row: iq=9,cgpa=7. May be repeated.", rich_help_panel=FILES
    ),
]
Save = Annotated[
    Path | None, InputFile("--save", help="Write the weights learned to a JSON file.", rich_help_panel=FILES)
]
Load = Annotated[
    Path | None, InputFile("--load", help="Begin with the weights that --save wrote.", rich_help_panel=FILES)
]
Plot = Annotated[
    Path | None,
    InputFile(
        "--plot",
        help="Draw the loss over w and b, and the descent on it: a .png, .svg or .pdf file.",
        rich_help_panel=FILES,
    ),
]


@command(force="Let --output, --html, --save and --plot replace a file that exists.")
def nn(
    *,
    iq: Iq = None,
    placed: Placed = None,
    weight: Weight = None,
    bias: Bias = None,
    lr: Lr = 0.1,
    epochs: Epochs = None,
    optimizer: OptimizerName = "sgd",
    dtype: Dtype = DEFAULT_DTYPE,
    no_zero_grad: NoZeroGrad = False,
    data: Data = None,
    features: Features = None,
    label: Label = None,
    standardize: Standardize = False,
    batch_size: BatchSize = None,
    seed: Seed = None,
    predict: Predict = None,
    predict_row: PredictRow = None,
    save: Save = None,
    load_from: Load = None,
    plot: Plot = None,
    out: Output,
) -> int:
    """One neuron, z = w*iq + b, p = sigmoid(z): forward pass, loss, backward pass and update, every number shown.

    With --data it learns from the rows of a file, by mini-batches. With --json the keys are data, parameters,
    forward, gradient, update and epochs; with --data, w and its gradient are objects, one key for each feature.
    --quiet prints the true gradient: by w, then by b. --plot FILE.png shows the loss as a surface over w and b.

    gradcalc nn --iq 10 --placed 1
    """
    asked = Request(
        iq, placed, weight, bias, data, features, label, standardize, batch_size, seed, predict, predict_row or (),
        load_from,
    )  # fmt: skip
    settings = Settings(lr, asked.epochs(epochs), optimizer, not no_zero_grad, dtype, batch_size, seed or 0)
    return _answered(asked, settings, save, plot, out)


def _answered(asked: Request, settings: Settings, save: Path | None, plot: Path | None, out: Output) -> int:
    """Give the lesson, keep what was learned, write it all; the exit code."""
    lesson_of = asked.answer()
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
