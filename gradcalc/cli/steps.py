"""`gradcalc steps`: the derivation, rule by rule."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from gradcalc import api
from gradcalc.cli.diff import Order
from gradcalc.cli.options import Expression, Of, Shape, Wrt
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
    of: Of = None,
    order: Order = 1,
    detail: ChosenDetail = Detail.BRIEF,
    shape: Shape = None,
    out: Output,
) -> int:
    """Derive EXPR rule by rule: sum, product, quotient, power, chain, table, as a teacher writes it.

    Of arrays it goes forward line by line and back through each, as backpropagation does; of an equation both sides are
    derived, and the result is solved. Every step is verified before it is shown, and the last line is what gradcalc
    diff prints.

    gradcalc steps "sin(x**2)"
    """
    text = expression_text(expression, out)
    asked: dict[str, Any] = {"wrt": wrt, "of": of, "order": order, "shape": shape}
    return out.write(api.steps(text, detail=detail.value, timeout=out.timeout, **asked))
