"""The loss of a neuron as a surface: its values, its gradient, and the way down."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from gradcalc.lessons.neuron.request import Request
from gradcalc.lessons.neuron.settings import Settings
from gradcalc.lessons.neuron.surface_torch import surface
from tests.running import Run

COMMAND = "nn"


def loss(w: float, b: float) -> float:
    """Of the one example: x = 2, y = 0."""
    return math.log1p(math.exp(2 * w + b))


def test_the_surface_of_one_example() -> None:
    asked = Request(2.0, 0.0, None, None, None, None, None, False, None, None, None, (), None)
    lesson = asked.answer()(asked, Settings(0.5, 3, "sgd", True, "float64", None, 0), lambda *told: None)
    found = surface(lesson)  # type: ignore[arg-type]  # nothing is predicted here
    for y, row in list(zip(found.y, found.values, strict=True))[::16]:
        assert row[::16] == pytest.approx([loss(x, y) for x in found.x[::16]], rel=1e-13)
    for one in found.arrows[::20]:
        p = 1 / (1 + math.exp(-(2 * one.at[0] + one.at[1])))
        assert one.gradient == pytest.approx((2 * p, p), rel=1e-13)
    heights = [loss(*one) for one in found.path]
    assert (found.path[0], len(found.path)) == ((1.0, 0.0), 4)
    assert heights == sorted(heights, reverse=True)
    assert all(
        low < value < high for point in found.path for value, (low, high) in zip(point, found.box.values(), strict=True)
    )


REFUSED = {
    "several weights": (("--data", "examples/placements.csv", "--plot", "f.png"), "is over one weight and b"),
    "no picture": (("--iq", "1", "--placed", "1", "--plot", "f.txt"), "no picture can be drawn into `f.txt`"),
    "one file for two": (("--iq", "1", "--placed", "1", "--plot", "f.png", "-o", "f.png"), "two results would be"),
}


@pytest.mark.usefixtures("matplotlib")
@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused(arguments: tuple[str, ...], message: str, run: Run) -> None:
    assert message in run.refused(*arguments)
    assert not Path("f.png").exists()


@pytest.mark.usefixtures("matplotlib")
def test_a_picture_is_written(tmp_path: Path, run: Run) -> None:
    out = run.printed("--iq", "2", "--placed", "0", "--epochs", "5", "--plot", str(tmp_path / "n.svg"), "-q")
    assert "descent" not in out
    assert (tmp_path / "n.svg").read_bytes().startswith(b"<?xml")
