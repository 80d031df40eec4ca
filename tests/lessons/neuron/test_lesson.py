"""One neuron on the rows of a file: the first gradient against the truth, training against a loop written out."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradcalc.answers.verdicts import Reason, Verdict
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import FORMATS
from gradcalc.engines.exact.ball import Ball
from gradcalc.lessons.neuron import dataset
from gradcalc.lessons.neuron.dataset import Dataset, new_rows, read_dataset
from gradcalc.lessons.neuron.lesson import fit, predict, standardized
from gradcalc.lessons.neuron.records import Fit
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Scale, Weights

TWO_ROWS = "x,y\n1,1\n3,0\n"


def rows(tmp_path: Path, text: str, batch_size: int | None = None) -> Dataset:
    path = tmp_path / "t.csv"
    path.write_text(text)
    return read_dataset(path, None, "y", FORMATS["float64"], batch_size)


def fitted(tmp_path: Path, text: str, start: Weights | None = None, **settings: object) -> Fit:
    """The lesson on that text, from w = 0 and b = 0 on unless told."""
    chosen = Settings(**settings)  # type: ignore[arg-type]
    found = rows(tmp_path, text, chosen.batch_size)
    weights = start or Weights(dict.fromkeys(found.features, 0.0), 0.0, "y")
    return fit(found, weights, chosen, None, lambda done, work, loss: None)


def many(count: int) -> str:
    """Rows of two features, and a label that they mostly tell."""
    source = random.Random(3)
    lines = ["a,b,y"]
    for _ in range(count):
        a, b = source.gauss(0, 1), source.gauss(0, 1)
        lines.append(f"{a:.3f},{b:.3f},{int(a - b + source.gauss(0, 0.5) > 0)}")
    return "\n".join(lines) + "\n"


def test_the_first_gradient_is_the_mean_over_the_rows(tmp_path: Path) -> None:
    check = fitted(tmp_path, TWO_ROWS).check
    assert check.comparison is not None
    assert (check.rows, check.loss) == (2, math.log(2))
    assert [(row.name, row.symbolic, row.autograd, row.verdict) for row in check.comparison.rows] == [
        ("w_1", 0.5, 0.5, "agree"),
        ("b", 0.0, 0.0, "agree"),
    ]
    assert list(check.by_hand) == [0.5, 0.0]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_first_gradient_agrees_with_the_truth(tmp_path: Path, dtype: str) -> None:
    start = Weights({"a": 0.5, "b": -1.25}, 0.75, "y", Scale({"a": 0.1, "b": 0.2}, {"a": 0.9, "b": 1.1}))
    check = fitted(tmp_path, many(200), start, dtype=dtype).check
    assert check.comparison is not None
    assert (check.rows, check.comparison.verdict) == (64, "agree")
    assert all(row.ulps is not None and row.ulps < 50 for row in check.comparison.rows)


def test_a_gradient_whose_p_is_rounded_to_1_is_seen_to_be_wrong(tmp_path: Path) -> None:
    check = fitted(tmp_path, "x,y\n40,1\n50,1\n", Weights({"x": 1.0}, 0.0, "y")).check
    assert check.comparison is not None
    found = check.comparison.row("w_1")
    assert (found.autograd, found.exact) == (0.0, "-8.4971906980451689340e-17")
    assert (found.verdict, found.reason) == (Verdict.DISAGREE, Reason.PRECISION)


def test_a_gradient_beyond_the_exact_engine_is_not_checked_and_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradcalc.engines.exact.primitives.HUGE", Ball((1, 100)))
    found = fitted(tmp_path, "x,y\n1e200,1\n-1e200,0\n", Weights({"x": 1.0}, 0.0, "y"))
    assert (found.check.comparison, found.verdict, len(found.epochs)) == (None, None, 1)
    assert found.check.why == "an intermediate value is too large to compute with"


def by_hand(table: Sequence[Sequence[float]], epochs: int, lr: float) -> list[tuple[float, float, float]]:
    """Gradient descent on all rows at once, written out: loss, w and b of each epoch."""
    w = b = 0.0
    path = []
    for _ in range(epochs):
        chances = [1 / (1 + math.exp(-(w * x + b))) for x, _ in table]
        loss = -sum(math.log(p if y else 1 - p) for p, (_, y) in zip(chances, table, strict=True)) / len(table)
        misses = [p - y for p, (_, y) in zip(chances, table, strict=True)]
        w -= lr * sum(miss * x for miss, (x, _) in zip(misses, table, strict=True)) / len(table)
        b -= lr * sum(misses) / len(table)
        path.append((loss, w, b))
    return path


def test_training_on_one_batch_is_gradient_descent(tmp_path: Path) -> None:
    table = [(1.0, 1.0), (3.0, 0.0), (2.0, 1.0), (2.5, 0.0), (-1.0, 1.0)]
    found = fitted(tmp_path, "x,y\n" + "".join(f"{x},{y:g}\n" for x, y in table), epochs=20, lr=0.3)
    assert [(one.loss, one.weights.w["x"], one.weights.b) for one in found.epochs] == [
        pytest.approx(numbers, rel=1e-12) for numbers in by_hand(table, 20, 0.3)
    ]
    assert (found.right, found.dataset.rows) == (4, 5)


def test_the_first_update_is_that_of_the_first_mini_batch(tmp_path: Path) -> None:
    found = fitted(tmp_path, "x,y\n2,1\n2,1\n2,1\n2,1\n", batch_size=2, epochs=1, lr=0.5)
    assert found.first == Weights({"x": 0.5}, 0.25, "y")
    assert found.weights.w["x"] == pytest.approx(0.5 + 0.5 * 2 / (1 + math.exp(1.25)), rel=1e-15)


def test_every_row_counts_once_in_an_epoch_s_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "BLOCK_ROWS", 4)
    found = fitted(tmp_path, many(11), batch_size=2, lr=0)
    assert len(found.dataset.spool) == 3
    assert found.epochs[0].loss == pytest.approx(math.log(2), rel=1e-15)


def test_blocks_are_no_hindrance_to_learning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fitted(tmp_path, many(300), batch_size=10, epochs=5)
    monkeypatch.setattr(dataset, "BLOCK_ROWS", 70)
    blocks = fitted(tmp_path, many(300), batch_size=10, epochs=5)
    assert (len(whole.dataset.spool), len(blocks.dataset.spool)) == (1, 5)
    assert blocks.epochs[-1].loss == pytest.approx(whole.epochs[-1].loss, rel=0.05)
    assert (whole.right, blocks.right) == (261, 260)


def test_the_seed_decides_the_order(tmp_path: Path) -> None:
    first, again, other = (fitted(tmp_path, many(50), batch_size=8, seed=seed).weights for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_without_zero_grad_the_loss_goes_astray(tmp_path: Path) -> None:
    right, wrong = (
        fitted(tmp_path, many(200), batch_size=16, epochs=6, lr=0.5, zero_grad=zero) for zero in (True, False)
    )
    assert right.epochs[-1].loss < 0.3 < wrong.epochs[-1].loss


def test_training_reports_rows_of_all_epochs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "BLOCK_ROWS", 4)
    heard: list[tuple[int, int]] = []
    fit(
        rows(tmp_path, many(6), 2), Weights({"a": 0.0, "b": 0.0}, 0.0, "y"), Settings(epochs=2, batch_size=2), None,
        lambda done, work, loss: heard.append((done, work)),
    )  # fmt: skip
    assert [heard[1], heard[3], len(heard)] == [(6, 12), (12, 12), 4]


def test_standardizing_measures_mean_and_deviation_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "BLOCK_ROWS", 3)
    found = rows(tmp_path, "x,z,y\n" + "".join(f"{x},{1e9 + x},1\n" for x in (1, 2, 3, 4, 5, 6, 10)))
    assert len(found.spool) == 3
    scale = standardized(found, Weights({"x": 0.0, "z": 0.0}, 0.0, "y")).scale
    assert scale is not None
    assert scale.mean == {"x": pytest.approx(31 / 7), "z": pytest.approx(1e9 + 31 / 7)}
    assert scale.std == {"x": pytest.approx(2.770102775, rel=1e-9), "z": pytest.approx(2.770102775, rel=1e-6)}


EXTREMES = [("1e308", "-1e308"), ("1.7e308", "-1.7e308"), ("1e-308", "-1e-308"), ("5e-324", "-5e-324"), ("1", "-1")]


@pytest.mark.parametrize(("high", "low"), EXTREMES)
def test_the_largest_and_the_smallest_numbers_are_standardized(tmp_path: Path, high: str, low: str) -> None:
    text = f"x,y\n{high},1\n{low},0\n"
    start = standardized(rows(tmp_path, text), Weights({"x": 0.0}, 0.0, "y"))
    assert start.scale == Scale({"x": 0.0}, {"x": float(high)})
    check = fitted(tmp_path, text, start).check
    assert check.comparison is not None
    assert [(row.symbolic, row.autograd) for row in check.comparison.rows] == [(-0.5, -0.5), (0.0, 0.0)]


def test_a_row_far_from_those_that_were_measured_is_told(tmp_path: Path) -> None:
    weights = Weights({"x": 1.0}, 0.0, "y", Scale({"x": 0.0}, {"x": 1e-300}))
    with pytest.raises(UsageError) as caught:
        predict(rows(tmp_path, "x,y\n1e308,1\n1,0\n"), weights, Settings())
    assert caught.value.message == "column `x`, standardized, holds a number beyond the range of float64"


def test_a_column_that_never_changes_cannot_be_standardized(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        standardized(rows(tmp_path, "x,y\n5,0\n5,1\n"), Weights({"x": 0.0}, 0.0, "y"))
    assert caught.value.message == "column `x` is the same in every row and cannot be standardized"
    assert caught.value.hint == "leave it out of --features"


def test_predictions_come_without_tracking_and_on_the_scale_of_the_training() -> None:
    new = new_rows(None, ["x=12", "x=8"], ("x",), FORMATS["float64"])
    assert new is not None
    found = predict(new, Weights({"x": 1.0}, 0.5, "y", Scale({"x": 10.0}, {"x": 2.0})), Settings())
    assert list(found.p) == [1 / (1 + math.exp(-1.5)), 1 / (1 + math.exp(0.5))]
    assert [list(column) for column in found.columns] == [[12.0, 8.0]]
    assert (found.requires_grad, found.tracked, found.grad_fn) == (False, True, "SigmoidBackward0")
