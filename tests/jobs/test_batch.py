"""One line of a batch: what it may say, and what it is told when it says something else."""

from __future__ import annotations

import re
import time

import pytest

from gradcalc.answers.verdicts import Verdict
from gradcalc.base.errors import LimitError, UsageError
from gradcalc.base.span import Span
from gradcalc.files.lines import Line
from gradcalc.jobs import batch
from gradcalc.jobs.batch import Outcome, Settings, answer, lost

SETTINGS = Settings(timeout=20, dtype="float64")
EXAMPLE = 'write {"expression": "x**2", "at": {"x": 3}}, or "x**2" in quotes, for instance'


def outcome(text: str | bytes, settings: Settings = SETTINGS) -> Outcome:
    """What becomes of a line."""
    return answer(Line(1, text.encode() if isinstance(text, str) else text, 0), settings)


def slope(text: str, settings: Settings = SETTINGS) -> float | None:
    """The true derivative that a line in one variable asks for."""
    comparison = outcome(text, settings).comparison
    assert comparison is not None
    (row,) = comparison.gradient.values()
    return row.symbolic


JOBS = {
    "an object": ('{"expression": "x**2", "at": {"x": 3}}', 6.0),
    "a point as text": ('{"expression": "x**2", "at": "x=3"}', 6.0),
    "a point that is a number": ('{"expression": "x**2", "at": 3}', 6.0),
    "a value that is an expression": ('{"expression": "x**2", "at": {"x": "3/2"}}', 3.0),
    "white space around": ('  {"expression": "x**2", "at": {"x": 3}} \r', 6.0),
    "a byte order mark": ('\ufeff{"expression": "x**2", "at": {"x": 3}}', 6.0),
    "one variable of two": ('{"expression": "x**2*y", "at": {"x": 3, "y": 2}, "wrt": ["y"]}', 9.0),
    "variables as text": ('{"expression": "x**2*y", "at": {"x": 3, "y": 2}, "wrt": "y"}', 9.0),
    "a second derivative": ('{"expression": "x**3", "at": {"x": 3}, "order": 2}', 18.0),
    "another dtype": ('{"expression": "x/3", "at": {"x": 3}, "dtype": "float32"}', 0.3333333432674408),
    "null is left out": ('{"expression": "x**2", "at": 3, "wrt": null, "order": null, "dtype": null}', 6.0),
    "nothing to put in": ('"x**2"', None),
}


@pytest.mark.parametrize(("text", "expected"), JOBS.values(), ids=JOBS)
def test_a_job(text: str, expected: float | None) -> None:
    assert slope(text) == expected


def test_settings_hold_for_lines_that_say_nothing() -> None:
    settings = Settings(timeout=20, dtype="float32")
    assert slope('{"expression": "x/3", "at": 3}', settings) == 0.3333333432674408
    assert slope('{"expression": "x/3", "at": 3, "dtype": "float64"}', settings) == 0.3333333333333333


def test_a_tolerance_may_stand_in_the_settings_or_in_the_line() -> None:
    job = '"expression": "x - sin(x)", "at": {"x": 1e-4}'
    assert [outcome(f"{{{job}}}").fine, outcome(f'{{{job}, "rtol": 1e-6}}').fine] == [False, True]
    assert outcome(f"{{{job}}}", Settings(timeout=20, dtype="float64", rtol=1e-6)).fine
    assert outcome(f"{{{job}}}", Settings(timeout=20, dtype="float64", atol=1e-6)).fine


def test_agreement_is_fine_and_a_kink_is_not() -> None:
    assert outcome('{"expression": "abs(x)", "at": 1}').fine
    kink = outcome('{"expression": "abs(x)", "at": 0}')
    assert kink.comparison is not None
    assert (kink.comparison.verdict, kink.fine) == (Verdict.KINK, False)


def test_without_a_point_all_is_fine() -> None:
    assert outcome('"x**2"').fine


IDS = {
    "a number": ('{"id": 7, "expression": "x"}', {"id": 7}),
    "text": ('{"id": "ü\\u0000", "expression": "x"}', {"id": "ü\0"}),
    "null": ('{"id": null, "expression": "x"}', {"id": None}),
    "a list": ('{"id": [1.5, {"a": [true]}], "expression": "x"}', {"id": [1.5, {"a": [True]}]}),
    "none": ('{"expression": "x"}', {}),
    "with an error": ('{"id": 7, "expression": "x +"}', {"id": 7}),
    "with an unknown key": ('{"key": 1, "id": 7}', {"id": 7}),
}


@pytest.mark.parametrize(("text", "given"), IDS.values(), ids=IDS)
def test_the_id_comes_back(text: str, given: dict[str, object]) -> None:
    assert outcome(text).given == given


NOWHERE = (None, None, None)  # no source, no span, no hint
BAD = {
    "no JSON": ("x**2", "not JSON: expecting value", "x**2", Span(0, 1), EXAMPLE),
    "half an object": (
        '{"expression": ', "not JSON: expecting value", '{"expression":', Span(13, 14), EXAMPLE,
    ),
    "single quotes": (
        "{'expression': 'x'}", "not JSON: expecting property name enclosed in double quotes", "{'expression': 'x'}",
        Span(1, 2), EXAMPLE,
    ),
    "two values": ('"x" "y"', "not JSON: extra data", '"x" "y"', Span(4, 5), EXAMPLE),
    "a raw tab in a string": ('"x\t"', "not JSON: invalid control character", '"x\t"', Span(2, 3), EXAMPLE),
    "a long line": (
        f'"{"x" * 300}', "not JSON: unterminated string starting at character 1", None, None, EXAMPLE,
    ),
    "a long line with a late fault": (
        f'"{"x" * 300}"]', "not JSON: extra data at character 303", None, None, EXAMPLE,
    ),
    "NUL": ("\0", "not JSON: expecting value", "\0", Span(0, 1), EXAMPLE),
    "not UTF-8": (b'"\xff"', "the line is not UTF-8 text: byte 0xff at position 1", *NOWHERE),
    "UTF-16": ('"x"'.encode("utf-16"), "the line is not UTF-8 text: byte 0xff at position 0", *NOWHERE),
    "a number": ("3", "the line is a number, expected an object or a string", None, None, EXAMPLE),
    "true": ("true", "the line is true or false, expected an object or a string", None, None, EXAMPLE),
    "null": ("null", "the line is null, expected an object or a string", None, None, EXAMPLE),
    "a list": ('["x"]', "the line is a list, expected an object or a string", None, None, EXAMPLE),
    "NaN": ('{"expression": "x", "at": {"x": NaN}}', "not JSON: `NaN` is not a number there", *NOWHERE),
    "minus infinity": ('{"at": -Infinity}', "not JSON: `-Infinity` is not a number there", *NOWHERE),
    "a number beyond floats": ('{"at": 1e999}', "the number `1e999` is beyond the range of floats", *NOWHERE),
    "a key twice": ('{"expression": "x", "expression": "y"}', "the key `expression` comes twice", *NOWHERE),
    "a variable twice": ('{"expression": "x", "at": {"x": 1, "x": 2}}', "the key `x` comes twice", *NOWHERE),
    "no expression": ("{}", "the line has no `expression`", None, None, EXAMPLE),
    "null for an expression": ('{"expression": null}', "the line has no `expression`", None, None, EXAMPLE),
    "a misspelt key": (
        '{"expresion": "x"}', "unknown key `expresion`", None, None, "did you mean `expression`?",
    ),
    "another key": (
        '{"expression": "x", "point": 1}', "unknown key `point`", None, None,
        "one of id, expression, at, wrt, order, dtype, rtol, atol, digits, strict_forward, of, tangent",
    ),
    "a number for an expression": ('{"expression": 3}', "`expression` is a number, expected text", *NOWHERE),
    "a point that is a truth": (
        '{"expression": "x", "at": true}', "`at` is true or false, expected an object", *NOWHERE,
    ),
    "a value that is null": (
        '{"expression": "x", "at": {"x": null}}', "`x` is null, expected a number, a list or text", *NOWHERE,
    ),
    "a value that is an object": (
        '{"expression": "x", "at": {"x": {}}}', "`x` is an object, expected a number, a list or text", *NOWHERE,
    ),
    "a value that is a truth": (
        '{"expression": "x", "at": {"x": true}}', "`x` is true or false, expected a number, a list or text", *NOWHERE,
    ),
    "numeric variables": ('{"expression": "x", "wrt": [1]}', "`wrt` holds a number, expected names", *NOWHERE),
    "null variables": ('{"expression": "x", "wrt": [null]}', "`wrt` holds null, expected names", *NOWHERE),
    "a text order": ('{"expression": "x", "order": "2"}', "`order` is text, expected a whole number", *NOWHERE),
    "a half order": ('{"expression": "x", "order": 1.5}', "`order` is a number, expected a whole number", *NOWHERE),
    "a list dtype": ('{"expression": "x", "dtype": []}', "`dtype` is a list, expected text", *NOWHERE),
    "a tolerance of text": ('{"expression": "x", "rtol": "0"}', "`rtol` is text, expected a number", *NOWHERE),
    "deep": (f'{{"id": {"[" * 101}{"]" * 101}}}', "the line is nested too deep", *NOWHERE),
    "deeper than Python goes": ("[" * 100_000, "the line is nested too deep", *NOWHERE),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message", "source", "span", "hint"), BAD.values(), ids=BAD)
def test_a_line_that_is_no_job(
    text: str | bytes, message: str, source: str | None, span: Span | None, hint: str | None
) -> None:
    error = outcome(text).error
    assert error is not None
    assert (error.kind, error.message, error.source, error.span, error.hint) == ("line", message, source, span, hint)


OTHERS = {
    "syntax": ('{"expression": "x +"}', "syntax", "expected a value, found the end"),
    "name": ('{"expression": "sinn(x)"}', "name", "unknown function `sinn`"),
    "point": ('{"expression": "x*y", "at": {"x": 1}}', "point", "no value for `y`"),
    "an infinite value": ('{"expression": "x", "at": {"x": "1e999"}}', "point", None),
    "usage": ('{"expression": "x", "order": 0}', "usage", "the order is 0, expected a whole number from 1 to 50"),
    "dtype": ('{"expression": "x", "dtype": "float65"}', "usage", "unknown dtype `float65`"),
    "limit": ('{"expression": "9**9**9"}', "limit", None),
    "digits": (f'{{"at": {"9" * 5000}}}', "limit", "the number has 5,000 digits, over the limit of 4,000 digits"),
}


@pytest.mark.parametrize(("text", "kind", "message"), OTHERS.values(), ids=OTHERS)
def test_an_error_in_the_job_itself(text: str, kind: str, message: str | None) -> None:
    error = outcome(text).error
    assert error is not None
    assert error.kind == kind
    assert message in (None, error.message)


def test_a_line_of_the_greatest_length_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADCALC_MAX_LINE_BYTES", "6")
    assert outcome('"x**2"').error is None
    error = outcome('"x**2" ').error
    assert isinstance(error, LimitError)
    assert (error.message, error.hint) == (
        "the line is too long, over the limit of 6 line bytes", "set GRADCALC_MAX_LINE_BYTES to raise it",
    )  # fmt: skip


def test_a_line_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(**_: object) -> None:
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(batch.api, "diff", endless)
    found = outcome('{"id": 1, "expression": "x"}', Settings(0.1, "float64"))
    assert found.error is not None
    assert (found.given, found.error.kind, found.error.message) == ({"id": 1}, "limit", "no result within 0.1 s")


def test_a_fault_of_the_program_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch.api, "diff", lambda **_: [].pop())
    found = outcome('{"id": 1, "expression": "x"}')
    assert found.error is not None
    assert (found.given, found.error.kind) == ({"id": 1}, "internal")
    assert re.fullmatch(
        r"gradcalc has a bug: IndexError: pop from empty list \(gradcalc/jobs/batch\.py:\d+\)", found.error.message
    )
    assert found.error.hint == "please report it with this command; GRADCALC_DEBUG=1 shows the traceback"


def test_want_of_memory_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(**_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(batch.api, "diff", hungry)
    error = outcome('"x"').error
    assert isinstance(error, LimitError)
    assert error.message == "the memory is used up"


def test_a_lost_line_keeps_its_id() -> None:
    error = LimitError("no result within 10 s")
    assert lost(Line(5, b'{"id": 7, "expression": "x"}', 0), error) == Outcome(5, {"id": 7}, error=error)
    assert lost(Line(5, b"{", 0), error) == Outcome(5, {}, error=error)


WRONG = {
    "no time": ({"timeout": 0.0}, "--timeout is 0, expected a number of seconds up to 1,000,000"),
    "negative time": ({"timeout": -1.0}, "--timeout is -1, expected a number of seconds up to 1,000,000"),
    "endless time": ({"timeout": float("inf")}, "--timeout is inf, expected a number of seconds up to 1,000,000"),
    "NaN time": ({"timeout": float("nan")}, "--timeout is nan, expected a number of seconds up to 1,000,000"),
    "dtype": ({"dtype": "float65"}, "unknown dtype `float65`"),
    "rtol": ({"rtol": -1.0}, "rtol is -1.0, expected a number from 0 up"),
    "atol": ({"atol": float("nan")}, "atol is nan, expected a number from 0 up"),
}  # fmt: skip


@pytest.mark.parametrize(("setting", "message"), WRONG.values(), ids=WRONG)
def test_wrong_settings_are_told_before_any_line(setting: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings(**{"timeout": 10.0, "dtype": "float64"} | setting)
    assert caught.value.message == message


KINDS = {
    "the expression": (b'{"id": 1, "expression": "x*y", "at": {"x": 1, "y": 2}}', b'"x*y"'),
    "a quote in the expression": (rb'{"expression": "x\"y", "at": 1}', rb'"x\"y"'),
    "a bare expression": (b' "x*y" \r', b'"x*y"'),
    "no job at all": (b"x*y", b"x*y"),
}


@pytest.mark.parametrize(("text", "expected"), KINDS.values(), ids=KINDS)
def test_what_a_line_has_in_common_with_others(text: bytes, expected: bytes) -> None:
    assert batch.kind(Line(1, text, 0)) == expected
