"""The point: every variable of the expression gets a number of the dtype, from text or from Python."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.lists import from_lists
from gradcalc.arrays.shape import Shape
from gradcalc.base.errors import PointError, shortened
from gradcalc.base.floating import Format
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.base.words import listed
from gradcalc.calculus.simplify import rational
from gradcalc.functions import VOCABULARY
from gradcalc.inputs.assignment import Assignment, parse_point, settled, written
from gradcalc.inputs.opened import blank, opened
from gradcalc.inputs.unit_vectors import unit_vectors
from gradcalc.inputs.whose import DIRECTION, assigned, in_place, only, unknown
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tree import Node, number

Given: TypeAlias = Mapping[str, Any] | Sequence[Any] | str | float | int
FROM_FILE = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*=\s*@(?P<path>.+)", re.DOTALL)
NEXT = re.compile(r"\s*,\s*(?=[^\W\d]\w*\s*=(?!=))")
NAMED_TUPLE = re.compile(r"\s*\((?P<names>[\w\s,]+,[\w\s,]+)\)\s*=(?!=)")
NAMED_POINT = re.compile(r"\s*(?P<name>[A-Z](?:_?\d)?)\s*(?=[(<⟨\\])")
HALF_FILE = re.compile(r"\s*@|\s*\w+\s*=\s*@\s*$")
DECIMAL_COMMA = "a decimal comma is written as a point: 1.5; an array stands in brackets: [1, 5]"


@dataclass(frozen=True, slots=True)
class Point:
    """What was given, value by value; a value that came without a name has the name None.

    `option` is what it was given with.
    """

    assignments: tuple[Assignment, ...]
    limits: Limits
    option: str = "--at"

    @property
    def names(self) -> frozenset[str]:
        """The names that got a value."""
        return frozenset(one.name for one in self.assignments if one.name is not None)

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of the values, by name; that of a value that came without a name has the name ""."""
        return {one.name or "": one.shape for one in self.assignments if one.place is None}

    @property
    def counts(self) -> dict[str, int]:
        """The values that are literal whole numbers, by name."""
        found = {
            one.name: rational(one.value) for one in self.assignments if one.name and not isinstance(one.value, Array)
        }
        return {name: int(one) for name, one in found.items() if one is not None and one.denominator == 1}

    def settle(
        self, variables: Sequence[str], wrt: Sequence[str], defined: Iterable[str], form: Format
    ) -> dict[str, Value]:
        """A number of the format, or an array of them, for every variable, in their order.

        Raises PointError where a value is missing, has no variable, comes twice, or is no finite real number.
        """
        known = list(dict.fromkeys([*variables, *wrt]))
        found = self.values(known, defined, form)
        missing = [name for name in variables if name not in found]
        if missing:
            raise PointError(f"no value for {listed(missing)}", hint=f"add {self.option} {assigned(missing)}")
        return {name: found[name] for name in known if name in found}

    def values(self, known: Sequence[str], defined: Iterable[str], form: Format) -> dict[str, Value]:
        """A number of the format, or an array of them, for each of the `known` names that was given one."""
        found: dict[str, Value] = {}
        for one in self.assignments:
            name = self._name(one, known)
            if name not in known:
                raise unknown(name, one, known, defined)
            if name in found:
                hint = DECIMAL_COMMA if one.name is None else None
                raise PointError(f"`{shortened(name)}` is given twice", span=one.span, source=one.source, hint=hint)
            found[name] = settled(one, form, self.limits)
        return found

    def exact(self, known: Sequence[str]) -> dict[str, tuple[Node, ...]]:
        """The values as they were written, component by component."""
        return {self._name(one, known): written(one, self.limits) for one in self.assignments}

    def rounded(self, values: Mapping[str, Value]) -> dict[str, Node]:
        """The numbers that no number of the format is, as they were written, by name; `values` are those nearest."""
        found = {}
        for one in self.assignments:
            name = self._name(one, list(values))
            value = values.get(name)
            if isinstance(value, float) and not isinstance(one.value, Array):
                (node,) = written(one, self.limits)
                if rational(node) != Fraction(value):
                    found[name] = node
        return found

    def _name(self, one: Assignment, known: Sequence[str]) -> str:
        if one.place is not None:
            return in_place(known, one, *one.place, self.option)
        return one.name if one.name is not None else only(known, one, self.option)


def read_point(given: Given, limits: Limits, option: str = "--at") -> Point:
    """The point that was asked for. Raises ExpressionSyntaxError, PointError or FileError."""
    if isinstance(given, Mapping):
        assignments = [_python(name, value, limits) for name, value in given.items()]
    elif isinstance(given, str):
        assignments = _text(given, limits, option)
    elif isinstance(given, Sequence) and all(isinstance(text, str) for text in given):
        assignments = [one for text in given for one in _text(str(text), limits, option)]
    else:
        assignments = [_python(None, given, limits)]
    return Point(tuple(assignments), limits, option)


def names_file(text: str) -> bool:
    """Does a text say to read numbers from a file?"""
    return FROM_FILE.fullmatch(text) is not None


def _text(text: str, limits: Limits, option: str) -> list[Assignment]:
    """The assignments of one `--at`; `A=@FILE` takes numbers from a file."""
    if not text.strip():
        raise PointError(f"{option} is empty", hint=f"write {option} 3, or {option} x=3,y=2")
    whole = Span(0, len(text))
    if HALF_FILE.match(text):
        raise PointError("expected a name and a file", span=whole, source=text, hint=f"write {option} A=@FILE")
    if matched := FROM_FILE.fullmatch(text):
        return _from_files(text, matched["path"], limits, option)
    units = unit_vectors(text, limits) if option == DIRECTION else []
    return units or _tuple(text, limits) or parse_point(text, VOCABULARY, limits)


def _from_files(text: str, path: str, limits: Limits, option: str) -> list[Assignment]:
    """Numbers from a file, or from a column of it; behind a comma there may be other assignments."""
    from gradcalc.files.access import exists
    from gradcalc.files.numbers import apart, from_file

    pieces = [text] if exists(path) else NEXT.split(text)
    if len(pieces) > 1:
        return [one for piece in pieces for one in _text(piece, limits, option)]
    name, whole, (file, columns) = text.partition("=")[0].strip(), Span(0, len(text)), apart(path)
    return [Assignment(name, from_file(file, limits, columns, name), text, whole, whole)]


def _tuple(text: str, limits: Limits) -> list[Assignment]:
    """A point in parentheses: `(1, 2)`, whose numbers are in the order of the variables, or `(x, y) = (1, 2)`."""
    named = NAMED_TUPLE.match(text)
    rest = text if named is None else blank(text, 0, named.end())
    if (letter := NAMED_POINT.match(text)) is not None and letter["name"] not in VOCABULARY.functions:
        rest = blank(text, 0, letter.end())  # P(2, 1)
    if (inside := opened(rest)) == rest:
        return []
    found = [replace(one, source=text) for one in parse_point(inside, VOCABULARY, limits)]
    if any(one.name is not None for one in found):
        return []
    names = [] if named is None else [_variable(one.strip()) for one in named["names"].split(",")]
    if names and len(names) != len(found):
        message = f"{len(names)} names for {len(found)} values"
        raise PointError(message, span=Span(0, len(text)), source=text, hint="give each name a value")
    if names:
        return [replace(one, name=name) for one, name in zip(found, names, strict=True)]
    return [replace(one, place=(place, len(found))) for place, one in enumerate(found)]


def _python(name: str | None, value: object, limits: Limits) -> Assignment:
    """A value from Python: a number, text, or lists of numbers; what has `tolist`, as arrays do, is a list."""
    if name is not None:
        name = _variable(name)
    shown = "a value" if name is None else f"the value of `{shortened(name)}`"
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        source = "" if name is None else f"{name}=…"
        return Assignment(name, from_lists(value, name or "the value"), source, Span(0, len(source)))
    text = _literal(value)
    if isinstance(value, float):  # as by far the most are: its digits are no text to be parsed
        return Assignment(name, number(Fraction(text)), text, Span(0, len(text)))
    if not text.strip():
        raise PointError(f"{shown} is empty", hint="give a number")
    assignments = parse_point(text, VOCABULARY, limits)
    if len(assignments) != 1 or (name is not None and assignments[0].name is not None):
        raise PointError(f"{shown} is `{shortened(text)}`, expected one number", hint="an array is a list: [1, 2]")
    return replace(assignments[0], name=name or assignments[0].name)


def _variable(name: object) -> str:
    """A name from Python. Raises PointError at what names no variable."""
    if not isinstance(name, str):
        raise PointError(f"a name is {type(name).__name__}, expected text")
    found = canonical(name)
    if found is None:
        raise PointError(f"`{shortened(name)}` is not the name of a variable", hint="a name is letters, digits and _")
    return found


def _literal(value: object) -> str:
    """A value from Python as text; a float as the exact number that it is. Raises PointError where it is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Real | Decimal):
        raise PointError(f"a value is {type(value).__name__}, expected a number or text")
    if isinstance(value, numbers.Rational):
        return _quotient(value)
    if not math.isfinite(value):
        raise PointError(f"a value is {value}, expected a finite number")
    return str(value) if isinstance(value, Decimal) else repr(float(value))


def _quotient(value: numbers.Rational) -> str:
    try:
        return str(Fraction(value))
    except ValueError:  # Python writes out no integer of more than 4300 digits
        raise PointError("a value has thousands of digits, expected a number that fits a float") from None
