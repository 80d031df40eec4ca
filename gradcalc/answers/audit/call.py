"""The audit of a callable in this process, with the arguments that it is called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradcalc.answers.audit.code import concluded, with_formula
from gradcalc.answers.audit.records import CodeAudit, Finding
from gradcalc.base.effort import Clock
from gradcalc.base.errors import SeveralError
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.base.loading import loading
from gradcalc.inputs.pose import separated

OPTIONS = (
    "wrt",
    "rtol",
    "cuts",
    "result",
    "order",
    "timeout",
    "formula",
)  # of the audit, unless the function takes them


def audit_call(function: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> CodeAudit:
    """Audit `function(*arguments, **named)`; what `OPTIONS` names is the audit's, unless the function takes it.

    Raises UserCodeError where the function raises, UsageError or LimitError.
    """
    with loading():
        from gradcalc.answers.audit.around_torch import Around
        from gradcalc.answers.audit.called_torch import Call
        from gradcalc.answers.audit.calls_torch import as_seen, own_options, subject_of
        from gradcalc.answers.audit.examine_torch import examine
        from gradcalc.answers.audit.run_torch import play
        from gradcalc.answers.audit.undisturbed_torch import undisturbed
    name, function = name_of(function), as_seen(function)
    options, rest = own_options(function, named, OPTIONS)
    wrt, timeout, formula = (
        options.pop(name, other) for name, other in (("wrt", None), ("timeout", DEFAULT_TIMEOUT), ("formula", False))
    )
    around = Around(Call(function, arguments, rest))
    with undisturbed(around), time_limit(timeout):  # what is put back is put back when no alarm can ring any more
        subject = subject_of(around, options)
        seen = examine(subject, play(subject), Clock(timeout), None if wrt is None else separated(wrt))
    found = concluded(name, subject.how, seen, wrt)
    if not formula:
        return found
    with time_limit(timeout):
        return with_formula(found, subject, seen, wrt)


def name_of(function: Any) -> str:
    """What the user calls a function, or an object that can be called."""
    inner = getattr(function, "func", function)  # of functools.partial
    owner = getattr(inner, "__self__", None)
    if isinstance(owner, type):  # a class method, as `apply` of an autograd function
        return f"{owner.__qualname__}.{inner.__name__}"
    return str(getattr(inner, "__qualname__", type(inner).__qualname__))


def assert_gradient(function: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    """Raises AssertionError, whose text is the audit, unless the gradient of a function is proven to be right here.

    For tests, beside `torch.autograd.gradcheck`: arguments and options are those of `audit`. What has no gradient at
    the point fails: a kink, a jump, an infinite slope, a step that no training moves. Of several results, of which
    none is the loss, each is looked at, unless `result` chooses one.
    """
    __tracebackhide__ = True
    try:
        found = {"": audit_call(function, arguments, named)}
    except SeveralError as error:
        if not error.results:
            raise
        found = {name: audit_call(function, arguments, {**named, "result": name}) for name in error.results}
    for name, audit in found.items():
        if audit.verdict is not Finding.AGREE:
            raise AssertionError(f"{_headline(name, audit)}\n\n{audit}")


def _headline(result: str, audit: CodeAudit) -> str:
    """What is wrong, and the first line to blame for it."""
    of = f" of result `{result}`" if result else ""
    lines = [f"; {Path(one.file).name}, line {one.line}: {one.sentence}" for one in audit.blame[:1]]
    return f"the gradient{of} is not right: {audit.verdict}{''.join(lines)}"
