"""A target at the point that was given, and its first run: with floats, or with other numbers where it wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gradcalc.answers.audit.code_torch import Target
from gradcalc.answers.audit.how import How
from gradcalc.answers.audit.isolation_torch import PLAIN_NUMBERS, WHOLE_NUMBERS
from gradcalc.answers.audit.kinds import PLAIN, WHOLE, choices
from gradcalc.answers.audit.run_torch import Played, Subject, play
from gradcalc.answers.audit.subject_torch import Point, subject
from gradcalc.answers.audit.values import read_arguments
from gradcalc.answers.audit.values_torch import Names, settled
from gradcalc.base.errors import PointError, UserCodeError
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import current
from gradcalc.inputs.point import read_point
from gradcalc.problem.problem import DEFAULT_DTYPE

NAMED = "audit a function whose arguments have names: def f(x): …"
UNDERIVED = "is not differentiable with respect to argument"  # as torch says it
WANTED = {WHOLE_NUMBERS: WHOLE, PLAIN_NUMBERS: PLAIN}  # what an error asks for, by its hint
MOST_TRIES = 12  # of which arguments are which


def first_run(target: Target, point: Point, how: How) -> tuple[Subject, Played]:
    """The target at the point, and its first run. Raises UserCodeError where it raises whatever the numbers are."""
    first: UserCodeError | None = None
    asked: str | None = None
    kinds: dict[str, str] = {}
    tries: Iterator[dict[str, str]] = iter(())
    for _ in range(MOST_TRIES):
        one = subject(target, point, how, kinds)
        try:
            return one, play(one)
        except UserCodeError as error:
            first = first or error
            if UNDERIVED in error.message:
                return _held(target, point, how, kinds, first)
            if (wanted := WANTED.get(error.hint or "")) and wanted != asked:  # what was asked for before is settled
                asked, tries = wanted, choices(point.values, wanted, kinds, error.message)
        if (chosen := next(tries, None)) is None:
            break
        kinds = chosen
    assert first is not None
    raise first


def _held(
    target: Target, point: Point, how: How, kinds: Mapping[str, str], refused: UserCodeError
) -> tuple[Subject, Played]:
    """The target and its first run with the argument held constant by which torch derives nothing."""
    for name in reversed([*point.values]):
        try:
            one = subject(target, point, how, kinds, frozenset({name}))
            return one, play(one)
        except UserCodeError:  # it is another argument
            continue
    raise refused


def at_point(at: Any, target: Target, how: How) -> Point:
    """The arguments' values: numbers and arrays, tensors, structures of tensors, and what is no tensor.

    Raises PointError, FileError or UsageError.
    """
    names = Names(target.names, (*target.names, *target.others), target.open)
    given = read_arguments(at, target.words)
    found = settled(given.own, names, how)
    if given.rest is not None:
        point = read_point(given.rest, current())
        if point.assignments and not names.all and not names.open:
            raise PointError("the function has no argument to give a value to", hint=NAMED)
        told = [one.name for one in point.assignments if one.name is not None]
        names.require(told)
        left = tuple(name for name in target.names if name not in found) or tuple(names.all)
        among = dict.fromkeys((*names.all, *told)) if told else left
        found |= point.values([*among], (), FORMATS[DEFAULT_DTYPE])
    values = {name: found[name] for name in (*names.all, *found) if name in found}
    return Point.of({name: _annotated(one) if name in target.whole else one for name, one in values.items()})


def _annotated(value: Any) -> Any:
    """A value of an argument that is annotated as a whole number."""
    return int(value) if isinstance(value, float) and value == int(value) else value
