"""A whole range audited: where it is not smooth, where digits go, the worst point, and honest sampling."""

from __future__ import annotations

import math

import pytest

from gradcalc.answers.audit import interval, subdivision
from gradcalc.answers.audit.formats import formats, lost_digits
from gradcalc.answers.audit.interval import RangeAudit
from gradcalc.answers.audit.range import audited as audited_in
from gradcalc.base.errors import GradcalcError
from gradcalc.cli.app import main
from tests.running import Run

Capture = pytest.CaptureFixture[str]


def audited(source: str, ranges: list[str], **arguments: int) -> RangeAudit:
    """The audit in float64."""
    return audited_in(source, ranges, **arguments).audits["float64"]


def stretches(result: RangeAudit) -> list[tuple[float, float, str | None]]:
    """From where to where, and the verdict."""
    return [(one.first["x"], one.last["x"], one.verdict) for one in result.stretches]


FOUND = [
    ("x**2", "x=-1:1", []),
    ("abs(x)", "x=-1:1", [(0.0, 0.0, "kink")]),
    ("relu(x - 0.5)", "x=0:1", [(0.5, 0.5, "kink")]),
    ("log(x)", "x=-1:1", [(-1.0, 0.0, "undefined")]),
    ("sqrt(x)", "x=0:1", [(0.0, 0.0, "infinite")]),
    ("log(1 + exp(x))", "x=0:1000", [(709.7827128933841, 1000.0, "disagree")]),
    ("floor(x)", "x=0.5:1.5", [(1.0, 1.0, "undefined")]),
    ("1/x", "x=-1:1", [(0.0, 0.0, "undefined")]),
]


@pytest.mark.parametrize(("source", "span", "found"), FOUND)
def test_a_line_is_walked(source: str, span: str, found: list[tuple[float, float, str]]) -> None:
    assert stretches(audited(source, [span], samples=33)) == found


def test_the_boundary_is_found_to_the_last_float() -> None:
    first, second, *_ = audited("log(x - 0.3)", ["x=0:1"], samples=17).stretches
    assert (first.verdict, first.last["x"]) == ("undefined", 0.3)  # the double 0.3 is a little less than 3/10
    assert (second.verdict, second.first["x"]) == ("disagree", math.nextafter(0.3, 1))


def test_half_of_the_digits_and_the_worst_point() -> None:
    result = audited("(1 - cos(x))/x**2", ["x=1e-9:1"], samples=33)
    assert result.half_lost[0].first == {"x": 1e-9}
    assert result.half_lost[0].last["x"] < 0.1
    assert result.worst is not None
    assert (result.worst.point, result.worst.lost_digits) == ({"x": 1e-9}, math.inf)


BETWEEN = [  # between two samples: where, what is 0 there, verdict, slopes
    ("abs(x - 0.3)", "x=0:1", [(0.3, "x - 0.3", "kink", -1.0, 1.0)]),
    ("abs(x**2 - 0.5)", "x=0:1", [(0.7071067811865476, "x**2 - 0.5", "kink", -1.4142135623730951, 1.4142135623730951)]),
    ("where(x > 0.3, x, 0.6 - x)", "x=0:1", [(0.3, "x - 0.3", "kink", -1.0, 1.0)]),
    ("sign(x - 0.3)", "x=0:1", [(0.3, "x - 0.3", "undefined", None, None)]),
    ("where(x < 0.3, x, x + 1e-9)", "x=0:1", [(0.3, "x - 0.3", "undefined", None, None)]),
    ("floor(3*x)", "x=0.1:0.5", [(0.3333333333333333, "3*x - floor(3*x)", "undefined", None, None)]),
    ("1/(x - 0.3)", "x=0:1", [(0.3, "x - 0.3", "undefined", None, None)]),
    ("log(abs(x - 0.3))", "x=0:1", [(0.3, "x - 0.3", "undefined", None, None)]),
    ("tan(2*x)", "x=0:1", [(0.7853981633974483, "cos(2*x)", "undefined", None, None)]),
    ("cbrt(x - 0.3)", "x=0:1", [(0.3, "x - 0.3", "infinite", None, None)]),
    ("sqrt(abs(x - 0.3))", "x=0:1", [(0.3, "x - 0.3", "infinite", None, None)]),
    ("abs(x - 0.5)", "x=0:1", []),  # a sample tells of it
    ("relu(x - 0.3)**2", "x=0:1", []),
    ("abs(x - 0.3)**1.5", "x=0:1", []),
    ("(x - 0.3)**3", "x=0:1", []),
    ("where(x > 0.3, x**2, x*x)", "x=0:1", []),
]  # fmt: skip


@pytest.mark.parametrize(("source", "span", "places"), BETWEEN)
def test_what_breaks_between_samples_is_found(source: str, span: str, places: list[tuple[object, ...]]) -> None:
    result = audited(source, [span], samples=17)
    found = [(one.at["x"], one.quantity, str(one.verdict), one.left, one.right) for one in result.breaks]
    assert found == places
    assert result.verdict == (places[-1][2] if places else result.verdict)


def test_what_breaks_inside_a_box_is_found() -> None:
    (place,) = audited("max(x, 2*y)", ["x=0:1,y=0.1:1"], samples=20).breaks
    assert (place.quantity, place.verdict, place.left) == ("x - 2*y", "kink", None)
    assert place.at["x"] == pytest.approx(2 * place.at["y"], rel=1e-15)


def test_what_breaks_along_one_side_of_a_box_is_found() -> None:
    (place,) = audited("abs(y - 0.4) + x", ["x=0:1,y=0:1"], samples=2).breaks  # between (0.5, 0.5) and (0.5, 0.333)
    assert (place.at, place.quantity, place.verdict) == ({"x": 0.5, "y": 0.4}, "y - 0.4", "kink")


def test_a_place_too_hard_to_compute_is_passed_over() -> None:
    result = audited("abs(x - 0.01) + abs(x - 0.31) + exp(exp(exp(40*x)))", ["x=0:0.5"], samples=2)
    assert [(one.quantity, one.verdict) for one in result.breaks] == [("x - 0.01", "kink")]
    assert [stretch.explanation for stretch in result.stretches][
        -1
    ] == "an intermediate value is too large to compute with"


def test_more_breaks_than_are_followed_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interval, "MOST_BREAKS", 0)
    out = run.printed("diff", "abs(x - 0.3*y)", "--range", "x=0:1,y=0.1:1", "--samples", "20")
    assert out.endswith("between them there are more changes of sign than were followed\n")


def test_of_many_breaks_the_first_are_listed(run: Run) -> None:
    out = run.printed("diff", "abs(sin(160*x))", "--range", "x=0.1:1", "--samples", "2", code=1)
    assert "and 5 more such places, all in --json" in out


def test_a_piece_without_a_value_between_samples_is_found(run: Run) -> None:
    command = ["diff", "sqrt(abs(x - 0.3) - 1e-9)", "--range", "x=0:1", "--samples", "5"]
    assert run.printed(*command, "-q", code=1).splitlines()[-1] == "undefined 0.299999999 0.300000001"
    assert "x = 0.299999999 to x = 0.300000001  everywhere there" in run.printed(*command, code=1)


def test_what_is_not_decided_is_named(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subdivision, "MOST_PIECES", 100)
    main(["diff", "abs(sin(1/x))", "--range", "x=-1:1", "--samples", "5"])
    assert "not decided within the effort granted whether `sin(1/x)`" in capsys.readouterr().out


def test_several_dtypes_over_one_range(run: Run) -> None:
    command = ["diff", "exp(x)", "--range", "x=0:100", "--samples", "9", "--dtype", "float16,float32"]
    out = run.printed(*command, "-q", code=1)
    assert out == "float16 disagree 11.09375 100.0\nfloat32 disagree 88.72283935546875 100.0\n"
    record = run.record(*command, code=1)
    assert list(record["dtypes"]) == ["float16", "float32"]
    assert (record["range"], record["verdict"]) == ({"x": [0.0, 100.0]}, "disagree")


def test_a_box_has_its_corners_and_its_middle() -> None:
    result = audited("sqrt(x*y)", ["x=-1:1", "y=-1:1"], samples=20)
    assert result.samples == 24
    assert {one.verdict for one in result.stretches} >= {"undefined", "disagree"}


REFUSED = [
    (["x=1:0"], "the range of `x` is empty"),
    (["x=1"], "`x=1` is no range"),
    (["y=0:1"], "`y` is not a variable of the expression"),
    (["x=0:z"], "`z` is not a number"),
]


@pytest.mark.parametrize(("ranges", "message"), REFUSED)
def test_a_range_that_makes_no_sense_is_refused(ranges: list[str], message: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        audited("x**2", ranges)
    assert raised.value.message == message


def test_the_number_of_samples_is_checked() -> None:
    with pytest.raises(GradcalcError, match="samples is 1, expected a whole number from 2 to 100,000"):
        audited("x", ["x=0:1"], samples=1)


def test_several_formats_side_by_side() -> None:
    result = formats("exp(x) - 1 - x", ["float16", "bfloat16", "float32", "float64"], at="0.001")
    lost = [lost_digits(one.rows[0], dtype) for dtype, one in result.comparisons.items()]
    assert lost == [1.4, 2.1, 2.3, 2.3]
    assert [one.rows[0].exact for one in result.comparisons.values()] == [
        "0.0010009049292604889036",
        "0.00099995030086196081846",
        "0.0010005002142533141825",
        "0.0010005001667083416889",
    ]


def test_the_command_prints_a_line_for_each_format(run: Run) -> None:
    assert run.printed("diff", "sin(x)", "--at", "1", "--dtype", "float16,float64", "-q") == "float16 0\nfloat64 0\n"


def test_the_command_audits_a_range(run: Run) -> None:
    record = run.record("diff", "abs(x)", "--range", "x=-1:1", "--samples", "9", code=1)
    assert (record["verdict"], record["range"], record["samples"]) == ("kink", {"x": [-1.0, 1.0]}, 11)


def test_what_is_proven_is_said_and_what_was_not_looked_at(run: Run) -> None:
    assert run.printed("diff", "x**2", "--range", "x=0:1", "--samples", "9").endswith(
        "\n9 points were looked at; between them the function is proven to be smooth\n"
    )
    assert run.printed("diff", "x**2 + y", "--range", "x=0:1,y=0:1", "--samples", "9").endswith(
        "between two of them a kink, a jump or a pole shows only where what causes it changes its sign\n"
    )
