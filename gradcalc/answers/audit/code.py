"""The gradient of real PyTorch code audited: autograd's numbers against the truth of one recorded run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, Unpack

from gradcalc.answers.audit.how import How, Options
from gradcalc.answers.audit.records import CodeAudit, CodeFormats, Part, counted
from gradcalc.answers.audit.rounding import rounding
from gradcalc.answers.audit.target import read_target
from gradcalc.answers.audit.values import read_arguments
from gradcalc.arrays.array import Array, Value
from gradcalc.base.effort import Clock
from gradcalc.base.errors import PointError, UsageError, UserCodeError, did_you_mean, shortened
from gradcalc.base.floating import FORMATS
from gradcalc.base.limits import DEFAULT_TIMEOUT, current, time_limit
from gradcalc.base.loading import loading
from gradcalc.base.words import listed
from gradcalc.inputs.point import read_point
from gradcalc.inputs.pose import separated
from gradcalc.problem.problem import DEFAULT_DTYPE

NAMED = "audit a function whose arguments have names: def f(x): …"
UNDERIVED = "is not differentiable with respect to argument"  # as torch says it
MOST_TRIES = 12  # of which arguments are whole numbers


def audit_code(
    target: str,
    *,
    at: Any = None,
    wrt: Sequence[str] | str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    formula: bool = False,
    **options: Unpack[Options],
) -> CodeAudit:
    """Audit `FILE.py:name`: a function, an nn.Module or an autograd.Function. The file is run.

    `at` gives its arguments, as for `diff`, and more: tensors that are drawn, files; `wrt` the arguments and parameters
    to look at, every one unless given. With `cuts`, what the code hides from autograd is held constant. The other
    options are those of `How`. `timeout` is in seconds. With `formula`, what the code computes is read off too, and
    derived in closed form, where it is small enough.
    Raises UsageError, FileError, PointError, LimitError, and UserCodeError where the file or the function raises.
    """
    how = How(**options)
    read_target(target)
    with loading():
        from gradcalc.answers.audit.examine_torch import examine
        from gradcalc.answers.audit.isolation_torch import isolated
    with time_limit(timeout):
        with isolated():
            subject, run = played(target, at, how)
            seen = examine(subject, run, Clock(timeout), None if wrt is None else separated(wrt))
        found = concluded(target, how, seen, wrt)
        return with_formula(found, subject, seen, wrt) if formula else found


def with_formula(found: CodeAudit, subject: Any, seen: Any, wrt: Sequence[str] | str | None) -> CodeAudit:
    """An audit with the formula of what was audited, and its closed-form gradient; of the first order alone."""
    if found.order > 1:
        return found
    with loading():
        from gradcalc.answers.audit.formulas import formula_beside  # here, as most audits go without
    return replace(found, formula=formula_beside(subject, seen, wrt))


def concluded(name: str, how: How, seen: Any, wrt: Sequence[str] | str | None) -> CodeAudit:
    """What was seen of a target with that name. Raises UsageError where `wrt` names what there is not."""
    chosen = _wanted(seen.gradient, wrt)
    return CodeAudit(
        name, how.dtype, seen.forward, chosen, seen.blame, seen.traced, seen.contracted,
        (*seen.notes, *rounding(chosen, seen.form)), counted(chosen),
        sum(len(part.components) for part in chosen.values()), seen.directions, how.order, seen.along,
    )  # fmt: skip


def audit_formats(target: str, dtypes: Sequence[str], **options: Any) -> CodeFormats:
    """The audit in each of several number formats, side by side. Raises as `audit_code` does."""
    formula = options.pop("formula", False)  # the same in all of them
    names = list(dict.fromkeys(dtypes))
    audits = {name: audit_code(target, dtype=name, formula=formula and name == names[0], **options) for name in names}
    return CodeFormats(target, audits)


def played(target: str, at: Any, how: How) -> tuple[Any, Any]:
    """A target at the point that was given, as a subject, and its first run. Raises as `audit_code` does."""
    text = read_target(target)
    with loading():
        from gradcalc.answers.audit.code_torch import load_target
        from gradcalc.answers.audit.values_torch import load_weights
    found = load_target(text)
    if how.weights is not None:
        load_weights(found.module, Path(how.weights))
    return _played(found, _point(at, found, how), how)


def _played(target: Any, point: Mapping[str, Any], how: How) -> tuple[Any, Any]:
    """The target at the point and its first run: with floats, or with whole numbers where it wants them."""
    from gradcalc.answers.audit.isolation_torch import WHOLE_NUMBERS
    from gradcalc.answers.audit.run_torch import play, subject

    first: UserCodeError | None = None
    for whole in _choices(point):
        one = subject(target, point, how, whole)
        try:
            return one, play(one)
        except UserCodeError as error:
            first = first or error
            if UNDERIVED in error.message:
                return _held(target, point, how, whole, first)
            if error.hint != WHOLE_NUMBERS:  # nothing that they would mend
                break
    assert first is not None
    raise first


def _held(
    target: Any, point: Mapping[str, Any], how: How, whole: frozenset[str], refused: UserCodeError
) -> tuple[Any, Any]:
    """The target and its first run with the argument held constant by which torch derives nothing."""
    from gradcalc.answers.audit.run_torch import play, subject

    for name in reversed([*point]):
        try:
            one = subject(target, point, how, whole, frozenset({name}))
            return one, play(one)
        except UserCodeError:  # it is another argument
            continue
    raise refused


def _choices(point: Mapping[str, Any]) -> Iterator[frozenset[str]]:
    """Which arguments might be whole numbers: none, the last one, …"""
    plain = {name: value for name, value in point.items() if isinstance(value, float | Array)}
    integral = [name for name, value in plain.items() if all(one == int(one) for one in _numbers(value))]
    yield frozenset()
    tries = 0
    for count in range(1, len(integral) + 1):
        for names in combinations(reversed(integral), count):
            tries += 1
            if tries > MOST_TRIES:
                return
            yield frozenset(names)


def _numbers(value: Value) -> Sequence[float]:
    return value.values if isinstance(value, Array) else (value,)


def _point(at: Any, target: Any, how: How) -> Mapping[str, Any]:
    """The arguments' values: numbers and arrays, tensors, and what is no tensor."""
    from gradcalc.answers.audit.values_torch import settled

    names = (*target.names, *target.others)
    given = read_arguments(at)
    own = settled(given.own, target.names, names, how)
    found: dict[str, Any] = dict(own)
    if given.rest is not None:
        point = read_point(given.rest, current())
        unknown = next((one for one in point.assignments if one.name is not None and one.name not in names), None)
        _require_known("" if unknown is None else unknown.name or "", names, bool(point.assignments))
        left = tuple(name for name in target.names if name not in own) or names
        among = names if any(one.name for one in point.assignments) else left
        found |= point.values(among, (), FORMATS[DEFAULT_DTYPE])
    return {name: found[name] for name in names if name in found}


def _require_known(unknown: str, names: Sequence[str], some: bool) -> None:
    """Raises PointError at an argument that there is not."""
    if unknown or (some and not names):
        what = f"has no argument `{shortened(unknown)}`" if unknown else "has no argument to give a value to"
        raise PointError(f"the function {what}", hint=f"it has {listed(names)}" if names else NAMED)


def _wanted(gradient: Mapping[str, Part], wrt: Sequence[str] | str | None) -> Mapping[str, Part]:
    """The parts that were asked for. Raises UsageError where there is no such one."""
    if wrt is None:
        return gradient
    asked = separated(wrt)
    for name in asked:
        if name not in gradient:
            hint = did_you_mean(name, gradient) or f"it has {listed(list(gradient))}"
            raise UsageError(f"the function has no `{shortened(name)}`", hint=hint)
    return {name: gradient[name] for name in gradient if name in asked}
