"""One neuron on one example: the numbers of the lecture, and the points where the usual formulas fail."""

from __future__ import annotations

import math

import pytest

from gradcalc.base.errors import PointError, UsageError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact.at_point import value
from gradcalc.lessons.neuron.example import FACTORS, fit_example
from gradcalc.lessons.neuron.records import Example, Fit
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.weights import Weights
from gradcalc.problem.resolve import read


def lesson(iq: float, placed: float, **settings: object) -> Fit:
    """The lesson from w = 1 and b = 0."""
    return fit_example(
        {"iq": iq, "placed": placed},
        Weights({"iq": 1.0}, 0.0, "placed"),
        Settings(**settings),  # type: ignore[arg-type]
        None,
        lambda done, work, loss: None,
    )


def page(found: Fit) -> Example:
    """What is shown of one example alone."""
    assert found.example is not None
    return found.example


def numbers(found: Fit) -> dict[str, tuple[float, float, float]]:
    """Every spelling's loss and gradient."""
    return {one.name: (one.loss, one.w, one.b) for one in page(found).spelled}


def right(found: Fit) -> list[str]:
    """The spellings that are right."""
    return [one.name for one in page(found).spelled if one.loss_right and one.gradient_right]


def test_the_four_steps_at_the_lecture_s_numbers() -> None:
    found = lesson(10.0, 1.0)
    w, b = found.comparison.row("w"), found.comparison.row("b")
    assert (page(found).by_hand.z, page(found).by_hand.p) == (10.0, 0.9999546021312976)
    assert found.check.loss == 4.539889921686465e-05
    assert (w.symbolic, w.exact, w.autograd) == (
        -0.00045397868702434395, "-0.00045397868702434394505", -0.00045397868702434395,
    )  # fmt: skip
    assert (b.symbolic, b.exact, b.autograd) == (
        -4.5397868702434395e-05, "-0.000045397868702434394505", -4.5397868702434395e-05,
    )  # fmt: skip
    assert w.formula == "iq*(sigmoid(w*iq + b) - placed)"
    assert b.formula == "sigmoid(w*iq + b) - placed"
    assert found.verdict == "agree"
    assert found.first == Weights({"iq": 1.0 - 0.1 * -0.00045397868702434395}, 0.1 * 4.5397868702434395e-05, "placed")


def test_every_factor_has_its_true_value_and_the_one_by_hand() -> None:
    assert [(one.name, one.formula, one.value, one.by_hand) for one in page(lesson(10.0, 1.0)).factors] == [
        ("L by p", "(p - placed)/(p*(1 - p))", -1.0000453999297625, -1.0000453999297625),
        ("p by z", "p*(1 - p)", 4.5395807735951673e-05, 4.5395807735907655e-05),
        ("z by w", "iq", 10.0, 10.0),
        ("z by b", "1", 1.0, 1.0),
        ("L by z", "p - placed", -4.5397868702434395e-05, None),
    ]


@pytest.mark.parametrize("placed", [0.0, 1.0])
@pytest.mark.parametrize("name", ["L by p", "p by z", "L by z"])
def test_a_factor_in_terms_of_z_is_the_factor_in_terms_of_p(name: str, placed: float) -> None:
    in_p, in_z = FACTORS[name]
    point = {"z": 1.25, "placed": placed}
    assert digits(f"p = sigmoid(z); {in_p}", point) == digits(in_z, point)


def digits(text: str, point: dict[str, float]) -> str:
    """The first 20 digits of an expression's value."""
    found: str = value(read(text, Limits()).root, point).text  # type: ignore[union-attr]
    return found


def test_by_hand_the_product_collapses() -> None:
    by_hand = page(lesson(10.0, 1.0)).by_hand
    assert by_hand.product == {"w": -0.00045397868702390376, "b": -4.5397868702390376e-05}
    assert by_hand.collapsed == {"w": -0.00045397868702390376, "b": -4.5397868702390376e-05}


def test_at_iq_17_in_float32_the_naive_loss_is_infinite_and_torch_s_own_is_100_without_a_gradient() -> None:
    found = lesson(17.0, 0.0, dtype="float32")
    assert (page(found).by_hand.p, found.check.loss) == (1.0, 17.0)
    assert [found.comparison.row(name).symbolic for name in "wb"] == [17.0, 0.9999999403953552]
    assert found.verdict == "agree"
    spelled = numbers(found)
    assert spelled["as written"] == pytest.approx((math.inf, math.nan, math.nan), nan_ok=True)
    assert spelled["clamped"] == pytest.approx((math.inf, math.nan, math.nan), nan_ok=True)
    assert spelled["bce"] == (100.0, 0.0, 0.0)
    assert spelled["with logits"] == (17.0, 17.0, 1.0)
    assert right(found) == ["with logits"]
    assert page(found).by_hand.factors == {"L by p": math.inf, "p by z": 0.0, "z by w": 17.0, "z by b": 1.0}
    assert page(found).by_hand.collapsed == {"w": 17.0, "b": 1.0}


def test_at_iq_100_the_naive_loss_is_nan_and_even_the_gradient_from_logits_is_lost() -> None:
    found = lesson(100.0, 1.0)
    assert found.check.loss == 3.720075976020836e-44
    assert [found.comparison.row(name).symbolic for name in "wb"] == [-3.720075976020836e-42, -3.720075976020836e-44]
    assert found.verdict == "agree"
    spelled = numbers(found)
    assert spelled["as written"] == pytest.approx((math.nan, math.nan, math.nan), nan_ok=True)
    assert spelled["bce"] == (0.0, 0.0, 0.0)
    assert spelled["with logits"] == (3.720075976020836e-44, 0.0, 0.0)
    assert right(found) == []


FAR = [  # iq, placed, the loss, the gradient by w and b, torch's binary_cross_entropy
    (1000.0, 0.0, 1000.0, [1000.0, 1.0], (100.0, 0.0, 0.0)),
    (1000.0, 1.0, 0.0, [0.0, 0.0], (0.0, 0.0, 0.0)),
    (-1000.0, 0.0, 0.0, [0.0, 0.0], (0.0, 0.0, 0.0)),
    (-1000.0, 1.0, 1000.0, [1000.0, -1.0], (100.0, 0.0, 0.0)),
    (5000.0, 1.0, 0.0, [0.0, 0.0], (0.0, 0.0, 0.0)),
    (20_000.0, 0.0, 20_000.0, [20_000.0, 1.0], (100.0, 0.0, 0.0)),
    (1e300, 0.0, 1e300, [1e300, 1.0], (100.0, 0.0, 0.0)),
    (1e300, 1.0, 0.0, [0.0, 0.0], (0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("iq", "placed", "loss", "gradient", "bce"), FAR)
def test_far_out_the_loss_and_its_gradient_are_right(
    iq: float, placed: float, loss: float, gradient: list[float], bce: tuple[float, float, float]
) -> None:
    found = lesson(iq, placed)
    assert found.check.loss == loss
    assert [found.comparison.row(name).symbolic for name in "wb"] == gradient
    assert [found.comparison.row(name).autograd for name in "wb"] == gradient
    assert numbers(found)["bce"] == bce
    assert found.comparison.row("b").formula == "sigmoid(w*iq + b) - placed"
    assert found.verdict == "agree"


def test_with_the_minus_before_the_first_term_alone_the_loss_of_a_0_is_negative() -> None:
    assert numbers(lesson(1.0, 0.0))["minus slipped"] == (-1.3132616875182228, -0.7310585786300049, -0.7310585786300049)
    assert lesson(1.0, 0.0).check.loss == 1.3132616875182228


def test_an_epoch_has_the_loss_before_its_update_and_the_weights_after() -> None:
    first, second = lesson(2.0, 1.0, epochs=2, lr=0.5).epochs
    assert (first.number, first.loss, first.gradient) == (
        1, 0.1269280110429725, (-0.2384058440442351, -0.11920292202211755),
    )  # fmt: skip
    w, b = first.weights.w["iq"], first.weights.b
    assert (w, b) == (1.0 + 0.5 * 0.2384058440442351, 0.5 * 0.11920292202211755)
    assert second.loss == math.log1p(math.exp(-(w * 2 + b)))


def test_without_zero_grad_the_gradients_add_up() -> None:
    found = lesson(2.0, 1.0, epochs=3, zero_grad=False)
    zeroed = page(found).zeroed
    fresh = [lesson_of_w(epoch.weights.w["iq"], epoch.weights.b) for epoch in found.epochs]
    before = [0.0, *(epoch.gradient[1] for epoch in found.epochs)]
    assert found.epochs[0].gradient == zeroed[0].gradient
    assert found.epochs[1].gradient[1] == pytest.approx(before[1] + fresh[0])
    assert found.epochs[2].gradient[1] == pytest.approx(before[2] + fresh[1])
    assert zeroed[1].gradient[1] == pytest.approx(fresh[0])


def lesson_of_w(w: float, b: float) -> float:
    """p - 1 at iq = 2."""
    return 1 / (1 + math.exp(-(2 * w + b))) - 1


def test_training_reports_every_epoch() -> None:
    heard: list[tuple[int, int]] = []
    fit_example(
        {"iq": 1.0, "placed": 1.0}, Weights({"iq": 0.0}, 0.0, "placed"), Settings(epochs=3), None,
        lambda done, work, loss: heard.append((done, work)),
    )  # fmt: skip
    assert heard == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("placed", [0.5, 2.0, -1.0])
def test_a_label_is_0_or_1(placed: float) -> None:
    with pytest.raises(UsageError) as caught:
        lesson(1.0, placed)
    assert caught.value.message == f"--placed is {placed:g}, expected 0 or 1"
    assert caught.value.hint == "a label says what happened: 1 placed, 0 not placed"


def test_an_input_that_the_dtype_does_not_hold_is_an_error() -> None:
    with pytest.raises(PointError):
        lesson(1e5, 1.0, dtype="float16")


def test_in_float32_the_gradient_at_iq_100_is_below_the_smallest_normal_number_and_the_verdict_says_so() -> None:
    row = lesson(100.0, 1.0, dtype="float32").comparison.row("w")
    assert (row.symbolic, row.autograd) == (-3.7204474227823893e-42, -3.783505853677006e-42)
    assert (row.verdict, row.reason) == ("disagree", "underflow")
