"""One job of a batch: a line of JSON read strictly, and the comparison that it asks for, or the error in its place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from gradcalc import api
from gradcalc.answers.records import Comparison
from gradcalc.arrays.array import Array
from gradcalc.base.digits import require_digits
from gradcalc.base.errors import GradcalcError, LimitError, LineError, one_of, shortened
from gradcalc.base.faults import fault
from gradcalc.base.limits import Limits, current, require_timeout, time_limit
from gradcalc.base.span import Span
from gradcalc.files.lines import Line
from gradcalc.inputs.assignment import Assignment
from gradcalc.inputs.point import names_file, read_point
from gradcalc.inputs.pose import require_dtype
from gradcalc.problem import resolve
from gradcalc.problem.tolerance import require_tolerance

DEEPEST = 100  # lists and objects inside each other
LONGEST_SOURCE = 200  # characters of a bad line that are shown again with its error
EXPRESSION = re.compile(rb'"expression"\s*:\s*("(?:[^"\\]|\\.)*")')
KEYS: dict[str, tuple[tuple[type, ...], str]] = {  # what a job may say: of which type, and that type in words
    "id": ((object,), "anything"),
    "expression": ((str,), "text"),
    "at": ((dict, str, int, float), "an object"),
    "wrt": ((list, str), "a list of names"),
    "order": ((int,), "a whole number"),
    "dtype": ((str,), "text"),
    "rtol": ((int, float), "a number"),
    "atol": ((int, float), "a number"),
    "digits": ((int,), "a whole number"),
    "strict_forward": ((bool,), "true or false"),
    "of": ((str,), "text"),
    "tangent": ((bool,), "true or false"),
}
OWN = ("at", "plain")  # settings that are the batch's own
EXAMPLE = 'write {"expression": "x**2", "at": {"x": 3}}, or "x**2" in quotes, for instance'
WORDS = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for every line that does not say otherwise; `timeout` is in seconds, for each line.

    With `plain` a line is an expression. Of the common point `at` it takes the variables that it has.
    """

    timeout: float
    dtype: str
    at: tuple[str, ...] | None = None
    plain: bool = False
    rtol: float | None = None
    atol: float = 0.0
    digits: int | None = None
    strict_forward: bool = False

    def __post_init__(self) -> None:
        require_timeout(self.timeout)
        require_dtype(self.dtype)
        require_tolerance("rtol", self.rtol or 0.0)
        require_tolerance("atol", self.atol)
        require_digits(self.digits)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: a comparison or an error. `given` holds the `id`, where the line has one."""

    line: int
    given: Mapping[str, Any] = field(default_factory=dict)
    comparison: Comparison | None = None
    error: GradcalcError | None = None

    @property
    def fine(self) -> bool:
        """Is there nothing that a script should stop for?"""
        return self.comparison is not None and self.comparison.agrees


def answer(line: Line, settings: Settings) -> Outcome:
    """What one line comes to, within its time. Raises nothing: whatever is wrong with a line is its answer."""
    given: dict[str, Any] = {}
    try:
        with time_limit(settings.timeout):
            limits = current()
            job = read(line.text, limits, plain=settings.plain)
            given |= {key: job.pop(key) for key in ("id",) if key in job}
            job = placed(job, settings, limits)
            return Outcome(line.number, given, comparison=api.diff(**arguments(job, settings)))
    except GradcalcError as error:
        return Outcome(line.number, given, error=error)
    except Exception as error:  # a fault of gradcalc's own must not end the other lines
        return Outcome(line.number, given, error=fault(error))


def placed(job: dict[str, Any], settings: Settings, limits: Limits) -> dict[str, Any]:
    """A job at what the common point says of its variables, unless it has a point of its own."""
    if settings.at is None or job.get("at") is not None or not isinstance(job.get("expression"), str):
        return job
    point = read_point(settings.at, limits)
    if None in [one.name for one in point.assignments]:
        return job | {"at": ",".join(settings.at)}
    variables = resolve.read(job["expression"], limits, point.names, point.shapes).variables
    return job | {"at": {str(one.name): written(one) for one in point.assignments if one.name in variables}}


def written(one: Assignment) -> Any:
    """The value of an assignment, as it was given."""
    if isinstance(one.value, Array):
        return one.value.nested()
    return one.source[one.span.start : one.span.end].partition("=")[2].strip()


def kind(line: Line) -> bytes:
    """What jobs of the same expression have in common, found without reading them."""
    found = EXPRESSION.search(line.text)
    return found.group(1) if found else line.text.strip()


def lost(line: Line, error: LimitError) -> Outcome:
    """The answer to a line whose computation had to be ended."""
    try:
        job = read(line.text, current())
    except GradcalcError:
        job = {}
    return Outcome(line.number, {key: job[key] for key in ("id",) if key in job}, error=error)


def arguments(job: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The arguments of `api.diff` for a job, checked. What is null counts as left out. Raises LineError."""
    for key, value in job.items():
        if key not in KEYS:
            raise LineError(f"unknown key `{shortened(key)}`", hint=one_of(key, KEYS))
        types, wanted = KEYS[key]
        right = isinstance(value, types) and isinstance(value, bool) is (types == (bool,))
        if value is not None and not right:
            raise LineError(f"`{key}` is {WORDS[type(value)]}, expected {wanted}")
    chosen = {key: value for key, value in job.items() if value is not None}
    if "expression" not in chosen:
        raise LineError("the line has no `expression`", hint=EXAMPLE)
    if isinstance(chosen.get("at"), str) and names_file(chosen["at"]):  # what a line says must not open files
        raise LineError("`at` names a file, expected numbers", hint='write {"A": [[1, 2], [3, 4]]}, for instance')
    for name in chosen["wrt"] if isinstance(chosen.get("wrt"), list) else ():
        if not isinstance(name, str):
            raise LineError(f"`wrt` holds {WORDS.get(type(name), 'null')}, expected names")
    for name, value in chosen["at"].items() if isinstance(chosen.get("at"), dict) else ():
        if isinstance(value, bool | dict | None):
            raise LineError(
                f"`{shortened(name)}` is {WORDS.get(type(value), 'null')}, expected a number, a list or text"
            )
    return {one.name: getattr(settings, one.name) for one in fields(settings) if one.name not in OWN} | chosen


# -- JSON


def read(text: bytes, limits: Limits, *, plain: bool = False) -> dict[str, Any]:
    """The job of a line: a string, or a line that is `plain`, is its expression. Raises LineError or LimitError."""
    limits.require("line_bytes", len(text), "the line is too long")
    source = decoded(text)
    if plain:
        return {"expression": source}
    try:
        value = json.loads(
            source,
            object_pairs_hook=unique,
            parse_constant=refused,
            parse_float=finite,
            parse_int=lambda digits: whole(digits, limits),
        )
    except json.JSONDecodeError as error:
        raise bad_json(error, source) from None
    except RecursionError:
        raise LineError("the line is nested too deep") from None
    if isinstance(value, str):
        return {"expression": value}
    if not isinstance(value, dict):
        raise LineError(f"the line is {WORDS.get(type(value), 'null')}, expected an object or a string", hint=EXAMPLE)
    require_shallow(value)
    return value


def decoded(text: bytes) -> str:
    """The text of a line. Raises LineError where it is not UTF-8."""
    try:
        return text.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise LineError(
            f"the line is not UTF-8 text: byte 0x{text[error.start]:02x} at position {error.start:,}"
        ) from None


def bad_json(error: json.JSONDecodeError, source: str) -> LineError:
    """What is wrong with a line that is no JSON, and where; the line itself is shown where it is short."""
    clause = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
    if len(source) > LONGEST_SOURCE:
        return LineError(f"not JSON: {clause} at character {error.pos + 1:,}", hint=EXAMPLE)
    span = Span(min(error.pos, len(source) - 1), min(error.pos + 1, len(source)))
    return LineError(f"not JSON: {clause}", span=span, source=source, hint=EXAMPLE)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys differ. Raises LineError where one comes twice: which of the two is meant?"""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise LineError(f"the key `{shortened(key)}` comes twice")
        found[key] = value
    return found


def refused(constant: str) -> Any:
    """NaN and the infinities, which JSON does not have. Raises LineError."""
    raise LineError(f"not JSON: `{constant}` is not a number there")


def finite(text: str) -> float:
    """A number with a point or an exponent. Raises LineError where it is beyond the range of floats."""
    value = float(text)
    if math.isinf(value):
        raise LineError(f"the number `{shortened(text)}` is beyond the range of floats")
    return value


def whole(text: str, limits: Limits) -> int:
    """An integer. Raises LimitError where it has more digits than a constant may have."""
    limits.require("digits", len(text), f"the number has {len(text):,} digits")
    return int(text)


def require_shallow(value: Any) -> None:
    """Raises LineError where lists and objects are nested deeper than anybody needs."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner for outer in level if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]  # fmt: skip
        if not level:
            return
    raise LineError("the line is nested too deep")
