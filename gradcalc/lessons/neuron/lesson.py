"""One neuron on rows of data: the first gradient checked, the training by mini-batches, accuracy, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from gradcalc.answers.gradient.scalar import compared
from gradcalc.base.deferred import complete
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.loading import loading
from gradcalc.engines.records import Autograd, ClosedForm
from gradcalc.inputs.question import Question
from gradcalc.lessons.neuron.dataset import Dataset
from gradcalc.lessons.neuron.records import Check, FirstRows, Fit, Predictions, Report
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Weights
from gradcalc.problem.problem import Definition, Problem
from gradcalc.syntax.tree import Call, Name, Node, number

CHECKED_ROWS = 64  # whose gradient is checked exactly; fewer where they are wide
CHECKED_CELLS = 4096
NOTE = "the mean of (p - y)·x over the rows"


class Written(NamedTuple):
    """The loss as an expression, and the closed forms of its gradient."""

    problem: Problem
    forms: dict[str, ClosedForm]


def fit(
    dataset: Dataset,
    initial: Weights,
    settings: Settings,
    new: Dataset | None,
    report: Report,
    written: Written | None = None,
) -> Fit:
    """The lesson on a dataset, from some weights on; `new` holds rows to predict, `written` the loss of a single row.

    `report` hears of every block of rows: how many are done, of how many in all passes, and the loss.
    """
    check = checked(dataset, initial, settings, written)
    with loading():
        from gradcalc.lessons.neuron import training_torch

        complete()  # torch makes a generator of random numbers only with it
    loss = None if written is None else written.problem
    first, *epochs = training_torch.train(dataset, initial, settings, report, loss)
    learned = epochs[-1].weights
    return Fit(
        dataset=dataset,
        settings=settings,
        initial=initial,
        check=check,
        first=first.weights,
        epochs=tuple(epochs),
        right=training_torch.right(dataset, learned, settings),
        predictions=None if new is None else predict(new, learned, settings),
    )


def predict(new: Dataset, weights: Weights, settings: Settings) -> Predictions:
    """The probability for every row of `new`, tracking disabled."""
    with loading():
        from gradcalc.lessons.neuron import training_torch
    return training_torch.predict(new, weights, settings)


def standardized(dataset: Dataset, weights: Weights) -> Weights:
    """The weights for features standardized by this dataset. Raises UsageError at a feature that never changes."""
    with loading():
        from gradcalc.lessons.neuron import training_torch
    scale = training_torch.measured(dataset)
    constant = [name for name, value in scale.std.items() if value == 0]
    if constant:
        raise UsageError(
            f"column `{constant[0]}` is the same in every row and cannot be standardized",
            hint="leave it out of --features",
        )
    return Weights(weights.w, weights.b, weights.label, scale)


def checked(dataset: Dataset, weights: Weights, settings: Settings, written: Written | None = None) -> Check:
    """Is the gradient of the training's own code the true one? Asked over the first rows."""
    count = max(1, min(CHECKED_ROWS, CHECKED_CELLS // len(dataset.features)))
    with loading():
        from gradcalc.lessons.neuron import training_torch
    rows = training_torch.first_rows(dataset, weights, settings, count, written and written.problem)
    problem, forms = written or written_loss(rows, weights, settings)
    autograd = Autograd(rows.loss, dict(zip(problem.wrt, rows.autograd, strict=True)))
    try:
        comparison = compared(Question.of(problem), forms, autograd)
    except LimitError as error:
        if written is not None:
            raise
        return Check(len(rows.labels), rows.loss, rows.by_hand, None, error.message)
    return Check(len(rows.labels), rows.loss, rows.by_hand, comparison)


def written_loss(rows: FirstRows, weights: Weights, settings: Settings) -> Written:
    """The mean loss over the rows as an expression in w_1, w_2, … and b; its data are the very numbers torch has."""
    names = [f"w_{index}" for index in range(1, len(weights.w) + 1)]
    terms = [_loss(_logit(names, row), label) for row, label in zip(rows.features, rows.labels, strict=True)]
    root = Call("div", (_sum(terms), number(len(terms))))
    rounded = settings.format.nearest
    point = {
        name: rounded(Fraction(value))
        for name, value in zip([*names, "b"], [*weights.w.values(), weights.b], strict=True)
    }
    variables = (*names, "b")
    problem = Problem(
        "the mean loss", root, (Definition(None, root, root),), variables, variables, dtype=settings.dtype, point=point
    )
    return Written(problem, dict.fromkeys(variables, ClosedForm(None, NOTE)))


def _logit(names: Sequence[str], row: Sequence[float]) -> Node:
    products = [Call("mul", (Name(name), number(Fraction(value)))) for name, value in zip(names, row, strict=True)]
    return _sum([*products, Name("b")])


def _loss(logit: Node, label: float) -> Node:
    """-ln p or -ln(1 - p), from the logit."""
    return Call("softplus", (Call("neg", (logit,)) if label else logit,))


def _sum(terms: Sequence[Node]) -> Node:
    total, *rest = terms
    for term in rest:
        total = Call("add", (total, term))
    return total
