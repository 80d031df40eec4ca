"""A program for an expression: from arguments to the question, and its answer."""

from __future__ import annotations

from typing import Unpack

from gradcalc.answers.code.code import code as write
from gradcalc.answers.code.code import typeset
from gradcalc.answers.code.records import Code, Typeset
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.inputs.point import Given
from gradcalc.inputs.question import Options, asked


def code(
    expression: str,
    *,
    at: Given | None = None,
    to: str = "torch",
    function: bool = False,
    test: bool = False,
    module: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    **options: Unpack[Options],
) -> Code | Typeset:
    """`expression` and its gradient as a program that runs as it stands, in the language `to`, as `gradcalc.code` says.

    Raises as `diff` does, and UsageError where the language lacks a function.
    """
    with time_limit(timeout):
        question = asked(expression, at=at, **options)
        if to == "latex":
            return typeset(question, function=function, test=test)
        return write(question, to, function=function, test=test, module=module)
