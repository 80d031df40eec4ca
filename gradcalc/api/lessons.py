"""The lessons in autograd, for programs that import them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading
from gradcalc.inputs.point import Given
from gradcalc.problem.problem import DEFAULT_DTYPE

if TYPE_CHECKING:
    from gradcalc.lessons.accumulation.records import Accumulation
    from gradcalc.lessons.graph.records import Graph
    from gradcalc.lessons.neuron.records import Fit, Predicted
    from gradcalc.lessons.quiz.quiz import Quiz
    from gradcalc.lessons.tracking.records import Tracking

File = PathLike[str] | str
IN_TRAINING = {None: None, True: "training", False: "inference"}


def graph(
    expression: str,
    *,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    retain_grad: bool = False,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    atol: float = 0.0,
    strict_forward: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> Graph:
    """The computational graph of `expression` at a point: values forward, the gradient that flows back to each vertex.

    `vertices` are in the order of the forward pass, with torch's value, its `grad_fn` and `.grad`; `edges` have the
    local derivative as a formula and as a number. Every number has a `check`, the row that compares it with the true
    one. With `retain_grad`, torch keeps `.grad` of intermediate vertices too. Every variable needs a value in `at`; the
    other arguments are those of `diff`. An array's numbers are nested lists of its shape. `timeout` is in seconds.

        gradcalc.graph("y = x^2; sin(y)", at=3).edges[1].formula  # cos(y)

    Raises a GradcalcError as `diff` does, and ShapeError where the result is an array.
    """
    with loading():
        from gradcalc.lessons.graph.lesson import graph as draw

    with time_limit(timeout):
        return draw(
            expression, at=at, wrt=wrt, retain_grad=retain_grad, dtype=dtype, rtol=rtol, atol=atol,
            strict_forward=strict_forward,
        )  # fmt: skip


def accumulate(
    expression: str,
    *,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    passes: int = 3,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    atol: float = 0.0,
    strict_forward: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> Accumulation:
    """What `.grad` holds after each of so many `backward()`: left alone it adds up, zeroed before each it does not.

    `run.passes` has both for each variable, numbers or nested lists of its shape; `run.clearing` what clears a gradient
    and what is left then; `first` compares the gradient after one pass with the true one. All of it was run in torch.
    `passes` are 1 to 1,000; the other arguments are those of `diff`. `timeout` is in seconds.

        gradcalc.accumulate("x**2", at=2).run.passes["x"].accumulated  # (4.0, 8.0, 12.0)

    Raises a GradcalcError as `diff` does; also UsageError where torch has no gradient of its own to show.
    """
    with loading():
        from gradcalc.lessons.accumulation.lesson import accumulate as run

    return run(
        expression, at=at, wrt=wrt, passes=passes, dtype=dtype, rtol=rtol, atol=atol, strict_forward=strict_forward,
        timeout=timeout,
    )  # fmt: skip


def nograd(
    expression: str,
    *,
    at: Given | None = None,
    wrt: Sequence[str] | str | None = None,
    training: bool | None = None,
    more: bool = False,
    dtype: str = DEFAULT_DTYPE,
    rtol: float | None = None,
    atol: float = 0.0,
    strict_forward: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
) -> Tracking:
    """The three ways of disabling gradient tracking, side by side: requires_grad_(False), detach(), no_grad().

    `run.ways` has for each what becomes of the result, and what `backward()` raises in torch's own words; `run.cases`
    what people meet next; `tracked` compares the gradient as it is without any of the ways with the true one. `wrt`
    names the variables to disable tracking for, every one unless given. What is printed has advice for `training`, for
    inference where that is False, and with `more` the cases too; the other arguments are those of `diff`. `timeout` is
    in seconds.

        [way.result.requires_grad for way in gradcalc.nograd("x**2", at=2).run.ways]  # [False, False, False]

    Raises a GradcalcError as `diff` does; also UsageError where torch has no gradient of its own to show.
    """
    with loading():
        from gradcalc.lessons.tracking.lesson import disable

    found = disable(
        expression, at=at, wrt=wrt, dtype=dtype, rtol=rtol, atol=atol, strict_forward=strict_forward, timeout=timeout
    )
    return replace(found, situation=IN_TRAINING[training], more=more)


def nn(
    *, iq: float | None = None, placed: float | None = None, weight: float | str | None = None,
    bias: float | None = None, lr: float = 0.1, epochs: int | None = None, optimizer: str = "sgd",
    dtype: str = DEFAULT_DTYPE, zero_grad: bool = True, data: File | None = None,
    features: Sequence[str] | str | None = None, label: str | None = None, standardize: bool = False,
    batch_size: int | None = None, seed: int | None = None, predict: File | None = None,
    predict_row: Sequence[str] | str = (), load: File | None = None, timeout: float = DEFAULT_TIMEOUT,
) -> Fit | Predicted:  # fmt: skip
    """One neuron, z = w·x + b, p = sigmoid(z): forward pass, loss, backward pass and update, every number of them.

    It learns from the one example `iq`, `placed` (1 or 0), or from the rows of `data`, a CSV or TSV file whose first
    line names the columns: `features` are the columns to learn from, all but the `label` unless given. `epochs` is 1,
    with `data` 10, unless given; `weight` is w to begin with, a number, or `"iq=0.5,cgpa=2"`. `optimizer` is one of
    torch.optim's: sgd, momentum, nesterov, adam, … `predict` is a file of rows to predict, `predict_row` rows such as
    `"iq=9,cgpa=7"`, and `load` a file of weights that `gradcalc nn --save` wrote; with that and rows to predict alone,
    nothing is learned, and the result is `Predicted`. `timeout` is in seconds.

    `Fit.weights` is what was learned, `Fit.epochs` the loss and the weights after each pass, `Fit.check` compares the
    gradient of the first rows with the true one, and of one example `Fit.example` has every factor of the chain rule.

        gradcalc.nn(iq=10, placed=1).weights.w  # {'iq': 1.0000453978687025}

    Raises a GradcalcError: UsageError where the arguments do not fit together, FileError, or LimitError.
    """
    with loading():
        from gradcalc.lessons.neuron.request import Request, unheard
        from gradcalc.lessons.neuron.settings import Settings

    asked = Request(
        iq, placed, _text(weight), bias, _path(data), _text(features), label, standardize, batch_size, seed,
        _path(predict), [predict_row] if isinstance(predict_row, str) else predict_row, _path(load),
    )  # fmt: skip
    settings = Settings(lr, asked.epochs(epochs), optimizer, zero_grad, dtype, batch_size, seed or 0)
    with time_limit(timeout):
        return asked.answer()(asked, settings, unheard)


def _path(given: File | None) -> Path | None:
    return None if given is None else Path(given)


def _text(given: Sequence[str] | float | str | None) -> str | None:
    """Names with commas between them, and numbers, as the command line has them."""
    if given is None or isinstance(given, str):
        return given
    return ",".join(given) if isinstance(given, Sequence) else repr(float(given))


def quiz(
    topic: str | None = None, *, seed: int = 0, count: int = 10, answers: bool = False, timeout: float = DEFAULT_TIMEOUT
) -> Quiz:
    """Exercises in deriving, the same ones for the same `seed`; with `answers`, their derivatives too.

    `topic` is power, product, quotient, chain, exponential, trigonometric, partial or neuron, all in turn unless given;
    `count` is 1 to 1,000. `timeout` is in seconds, for each answer.

        gradcalc.quiz("chain", seed=7, count=1).exercises[0].expression

    Raises UsageError at an unknown topic, or at a count that is none.
    """
    with loading():
        from gradcalc.lessons.quiz.quiz import quiz as set_exercises

    return set_exercises(topic, seed=seed, count=count, answers=answers, timeout=timeout)
