"""`gradcalc steps`: the derivation, rule by rule."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gradcalc import api
from gradcalc.cli.diff import Order
from gradcalc.cli.options import Expression, Shape, Wrt
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text


class Detail(StrEnum):
    """How much of a derivation is written down."""

    BRIEF = "brief"
    FULL = "full"


ChosenDetail = Annotated[Detail, typer.Option("--detail", help="As a person writes it, or every single rule.")]


@command()
def steps(
    expression: Expression,
    *,
    wrt: Wrt = None,
    order: Order = 1,
    detail: ChosenDetail = Detail.BRIEF,
    shape: Shape = None,
    out: Output,
) -> int:
    """Derive EXPR rule by rule: sum, product, quotient, power, chain, table, as a teacher writes it.

    Of arrays it goes forward line by line and back through each, as backpropagation does. Every step is verified
    before it is shown, and the last line is what gradcalc diff prints.

    gradcalc steps "sin(x**2)"
    """
    text = expression_text(expression, out)
    return out.write(api.steps(text, wrt=wrt, order=order, detail=detail.value, shape=shape, timeout=out.timeout))
