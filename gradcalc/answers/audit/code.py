"""The gradient of real PyTorch code audited: autograd's numbers against the truth of one recorded run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

from gradcalc.answers.audit.how import How, Options
from gradcalc.answers.audit.records import CodeAudit, CodeFormats, Part, counted
from gradcalc.answers.audit.rounding import rounding
from gradcalc.answers.audit.target import read_target
from gradcalc.base.effort import Clock
from gradcalc.base.errors import UsageError, did_you_mean, shortened
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading
from gradcalc.base.words import listed
from gradcalc.inputs.pose import separated


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
        from gradcalc.answers.audit.first_run_torch import at_point, first_run
        from gradcalc.answers.audit.weights_torch import load_weights
    found = load_target(text)
    if how.weights is not None:
        load_weights(found.module, how.weights)
    return first_run(found, at_point(at, found, how), how)


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
