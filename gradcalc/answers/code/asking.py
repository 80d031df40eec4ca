"""A program for an expression: from arguments to the question, and its answer."""

from __future__ import annotations

from typing import Unpack

from gradcalc.answers.code.code import code as write
from gradcalc.answers.code.code import typeset
from gradcalc.answers.code.records import Code, Typeset
from gradcalc.base.limits import DEFAULT_TIMEOUT, time_limit
from gradcalc.inputs.question import Options, asked


def code(
    expression: str,
    *,
    to: str = "torch",
    function: bool = False,
    test: bool = False,
    module: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    **options: Unpack[Options],
) -> Code | Typeset:
    """`expression` and its gradient as a program that runs as it stands, in the language `to`.

    That is torch, python, numpy, jax, c or latex. With `function`, for torch, it is an autograd.Function; with `test`
    the pytest file that checks it comes too, which imports the program from `module` where that is named. The `options`
    `at`, `wrt`, `shape` and `symmetric`, and what it raises, are those of `diff`; also UsageError where the language
    lacks a function.
    """
    with time_limit(timeout):
        question = asked(expression, **options)
        if to == "latex":
            return typeset(question, function=function, test=test)
        return write(question, to, function=function, test=test, module=module)
