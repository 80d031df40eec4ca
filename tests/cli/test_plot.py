"""`gradcalc plot`: what is drawn, and that no line goes where the function breaks."""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from gradcalc.answers.plot.asking import plot
from gradcalc.answers.plot.records import Kind, LinePlot, SurfacePlot
from gradcalc.base.errors import GradcalcError
from tests.running import Run

COMMAND = "plot"

DRAWN = """\
f = abs(x) + floor(x)
x = -2.0 to 2.0

f
 4.3 ┤                                                           ●
"""


def line(expression: str, ends: str, **options: Any) -> LinePlot:
    found = plot(expression, [f"x={ends}"], **options)
    assert isinstance(found, LinePlot)
    return found


MARKS = {
    "poles": ("tan(x)", "-3:3", [(-math.pi / 2, Kind.POLE), (math.pi / 2, Kind.POLE)], 3, 3),
    "a pole whose sides are alike": ("1/x**2", "-1:1", [(0, Kind.POLE)], 2, 2),
    "a logarithmic pole": ("log(abs(x))", "-1:1", [(0, Kind.POLE)], 2, 2),
    "a kink: the function goes on, its derivative does not": ("abs(x - 1)", "-3:3", [(1, Kind.KINK)], 1, 2),
    "jumps": ("floor(x)", "-0.5:1.5", [(0, Kind.JUMP), (1, Kind.JUMP)], 3, 3),
    "a hole": ("sin(x)/x", "-9:9", [(0, Kind.HOLE)], 2, 2),
    "an infinite slope": ("cbrt(x)", "-2:2", [(0, Kind.INFINITE)], 1, 2),
    "a pole on one side, beyond all numbers": ("exp(1/x)", "-1:1", [(0, Kind.POLE)], 2, 2),
    "one on both": ("exp(1/x**2)", "-1:1", [(0, Kind.POLE)], 2, 2),
    "it swings, and is no pole": ("sin(1/x)", "-1:1", [(0, Kind.OTHER)], 2, 2),
    "a jump at the edge of the domain": ("sign(x) + sqrt(x)", "-1:1", [(0, Kind.JUMP)], 1, 1),
    "a jump at the end of the range": ("floor(x)", "0.5:1", [(1, Kind.JUMP)], 1, 1),
    "nothing": ("x**3", "-2:2", [], 1, 1),
    "a break at a number that is no float": ("abs(x**2 - 2)", "0:2", [(math.sqrt(2), Kind.KINK)], 1, 2),
}


@pytest.mark.parametrize(("expression", "ends", "marks", "strokes", "slopes"), MARKS.values(), ids=MARKS)
def test_lines_end_where_the_function_breaks(
    expression: str, ends: str, marks: list[tuple[float, Kind]], strokes: int, slopes: int
) -> None:
    found = line(expression, ends)
    assert [(one.at, one.kind) for one in found.marks] == [(pytest.approx(at, abs=1e-15), kind) for at, kind in marks]
    assert [len(curve.strokes) for curve in found.curves] == [strokes, slopes]
    assert found.verdict is None


def test_no_line_crosses_a_break_or_a_gap() -> None:
    found = line("log(x**2 - 1)/(x - 2) + floor(x/2)", "-4:4")
    cuts = [one.at for one in found.marks if one.kind is not Kind.KINK]
    assert found.gaps == ((-1.0, 1.0),)
    for curve in found.curves:
        for stroke in curve.strokes:
            for one, other in itertools.pairwise(stroke.x):
                assert not any(one < cut < other for cut in (*cuts, 0.0))


def test_no_line_crosses_what_is_not_proven() -> None:
    found = line("1/(1 + exp(1/x))", "-1:1")
    ((low, high),) = found.undecided
    assert low < 0 < high
    assert [(one.x[-1] <= low, one.x[0] >= high) for one in found.curves[0].strokes] == [(True, False), (False, True)]
    assert found.verdict == "undecided"


def test_ends_say_whether_they_belong() -> None:
    strokes = line("floor(x)", "-0.5:1.5").curves[0].strokes
    assert [(one.first, one.last) for one in strokes] == [(None, False), (True, False), (True, None)]
    assert [one.y[-1] for one in strokes] == [-1.0, 0.0, 1.0]


def test_curves_are_the_derivatives() -> None:
    found = line("exp(2*x)", "0:1", order=3)
    for curve in found.curves:
        ((stroke,), order) = curve.strokes, curve.order
        assert stroke.y == pytest.approx([2**order * math.exp(2 * x) for x in stroke.x], rel=1e-14)
    assert [curve.formula for curve in found.curves] == [None, "2*exp(2*x)", "4*exp(2*x)", "8*exp(2*x)"]


def test_a_curve_that_bends_has_more_points_where_it_does() -> None:
    (stroke,) = line("exp(-1000*x**2)", "-1:1").curves[0].strokes
    near = [x for x in stroke.x if abs(x) < 0.1]
    assert len(near) > len(stroke.x) / 4


VIEWS = {
    "a polynomial is seen whole": ("x**2", "-3:3", (-0.54, 9.54)),
    "a pole runs out of the picture": ("1/x", "-3:3", (-10, 10)),
    "so does an exponential at one": ("exp(1/x)", "-1:1", (-3e4, 3e5)),
    "a constant has a height": ("5", "-1:1", (2.5, 7.5)),
}


@pytest.mark.parametrize(("expression", "ends", "limits"), VIEWS.values(), ids=VIEWS)
def test_the_picture_shows_what_matters(expression: str, ends: str, limits: tuple[float, float]) -> None:
    low, high = line(expression, ends).curves[0].limits
    assert limits[0] <= low + 1e-12 < high <= limits[1] + 1e-12


def test_both_ends_of_a_jump_are_seen_however_steep_the_way_to_them() -> None:
    found = line("sqrt(abs(x)) + floor(x + 3)/9", "-2:2")
    (jump,) = [one for one in found.marks if one.at == 0]
    low, high = found.curves[0].limits
    assert (jump.left, jump.right) == (pytest.approx(2 / 9, abs=1e-4), pytest.approx(3 / 9, abs=1e-4))
    assert low < 2 / 9 < 3 / 9 < high


def test_a_side_that_comes_to_the_value_has_the_value_itself() -> None:
    (jump,) = line("abs(x) + floor(x)", "-0.5:0.5").marks
    assert (jump.at, jump.value, jump.right) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("tangent", [2, "2", "x=2", "sqrt(4)", {"x": 2}], ids=str)
def test_tangent_and_critical_points(tangent: Any) -> None:
    found = line("x**3 - 3*x", "-3:3", tangent=tangent, critical=True)
    assert found.tangent is not None
    assert (found.tangent.value, found.tangent.slope) == (2.0, 9.0)
    assert [(one.at, one.value, one.kind) for one in found.critical] == [((-1,), 2, "maximum"), ((1,), -2, "minimum")]


def test_two_variables() -> None:
    found = plot("sqrt(4 - x**2 - y**2)*a", ["x=-3:3", "y=-3:3"], at=["a=2"])
    assert isinstance(found, SurfacePlot)
    middle, corner = found.values[32][32], found.values[0][0]
    assert (middle, corner, found.fixed) == (4.0, None, {"a": 2.0})
    assert all(math.hypot(*one.at) < 2 for one in found.arrows)
    for one in found.arrows:
        (x, y), root = one.at, math.sqrt(4 - math.hypot(*one.at) ** 2)
        assert one.gradient == pytest.approx((-2 * x / root, -2 * y / root))


REFUSED = {
    "no range": (["x"], "a picture needs a range"),
    "three ranges": (["x+y+z", "--range", "x=0:1,y=0:1,z=0:1"], "a picture is of one variable or of two"),
    "a variable without a value": (["x*y", "--range", "x=0:1"], "y"),
    "a high order": (["x", "--range", "x=0:1", "--order", "4"], "--order is 4, expected 0 to 3"),
    "an order of contours": (["x*y", "--range", "x=0:1,y=0:1", "--order", "2"], "--order is for one variable"),
    "a tangent outside": (["x", "--range", "x=0:1", "--tangent", "2"], "lies outside of the range"),
    "a tangent at a kink": (["abs(x)", "--range", "x=-1:1", "--tangent", "0"], "there is no tangent at 0"),
    "an array": (["[x, 1]", "--range", "x=0:1"], "the result has shape (2,)"),
    "dark in a terminal": (["x", "--range", "x=0:1", "--dark"], "--dark is for a picture in a file"),
    "a format that is none": (["x", "--range", "x=0:1", "-o", "/nowhere/f.jpg"], ""),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_drawn_is_refused(arguments: list[str], message: str, run: Run) -> None:
    assert message in run.refused(*arguments)


def test_in_plain_characters(run: Run) -> None:
    out = run.printed("abs(x) + floor(x)", "--range", "x=-2:2")
    assert out.startswith(DRAWN)
    assert "x = 1.0   jump, from 1 to 2" in out
    assert all(len(one) <= 80 for one in out.splitlines())


def test_the_data(run: Run) -> None:
    found = run.record("1/x", "--range", "x=-1:1", code=0)
    assert found["marks"] == [{"at": 0.0, "kind": "pole", "quantity": "x", "value": None, "left": None, "right": None}]
    assert found["curves"][1]["formula"] == "-1/x**2"
    assert run.printed("x", "--range", "x=0:1", "--order", "0", "--quiet").splitlines()[0] == "0.0 0.0"


HEADS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.fixture(scope="module")
def drawn() -> LinePlot:
    """A picture with everything: gaps, jumps, critical points and a tangent."""
    return line("log(x)*floor(x)", "-1:3", critical=True, tangent=1.5)


@pytest.mark.usefixtures("matplotlib")
@pytest.mark.parametrize("suffix", HEADS)
def test_pictures(suffix: str, drawn: LinePlot) -> None:
    """And the same one each time."""
    from gradcalc.render.plot.matplotlib import draw

    first, second = draw(drawn, suffix, dark=True), draw(drawn, suffix, dark=True)
    assert first.startswith(HEADS[suffix])
    assert first == second


@pytest.mark.usefixtures("matplotlib")
def test_a_picture_is_written(tmp_path: Path, run: Run) -> None:
    assert run("x**2", "--range", "x=-1:1", "--dark", "-o", str(tmp_path / "f.png")).code == 0
    assert (tmp_path / "f.png").read_bytes().startswith(HEADS[".png"])


@pytest.mark.usefixtures("matplotlib")
def test_a_picture_of_two_variables_joins_nothing_across_a_pole(tmp_path: Path) -> None:
    import numpy as np

    from gradcalc.render.plot.matplotlib import draw
    from gradcalc.render.plot.surface import broken

    found = plot("1/(x - y)", ["x=-2:2", "y=-2.1:2.2"])
    assert isinstance(found, SurfacePlot)
    cut = broken(found, np.array(found.values, dtype=float))
    signs = np.sign(np.array(found.values, dtype=float))
    across = signs[:, 1:] * signs[:, :-1] < 0
    assert across.any() and (cut[:, 1:] & cut[:, :-1])[across].all()
    assert draw(found, ".svg", dark=False).startswith(b"<?xml")


@pytest.mark.usefixtures("matplotlib")
def test_a_picture_has_a_line_for_each_stroke() -> None:
    from gradcalc.render.plot.curves import lines
    from gradcalc.render.plot.paper import LIGHT

    found = line("tan(x)", "-3:3")
    above, _ = lines(found, LIGHT).axes
    curves = [one for one in above.lines if len(one.get_xdata()) > 2]
    assert [(one.get_xdata()[0], one.get_xdata()[-1]) for one in curves] == [
        (stroke.x[0], stroke.x[-1]) for stroke in found.curves[0].strokes
    ]
    assert above.get_title() == r"$f = \tan\left(x\right)$"


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Run) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert 'pip install "gradcalc[plot]"' in run.refused("x", "--range", "x=0:1", "-o", str(tmp_path / "f.png"))
    assert not (tmp_path / "f.png").exists()


def test_errors_have_a_place() -> None:
    with pytest.raises(GradcalcError) as caught:
        plot("sni(x)", ["x=0:1"])
    assert caught.value.span is not None
