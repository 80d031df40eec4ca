"""`gradcalc jacobian`: first derivatives of arrays."""

from __future__ import annotations

from gradcalc import api
from gradcalc.cli.options import Entries, Expression, given
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text


@command()
def jacobian(expression: Expression, entries: Entries, *, out: Output) -> int:
    """Derive every component of EXPR, a vector or any other array, by every component of its variables.

    With --at, each entry of autograd's matrix is compared with the true one. --quiet prints a row on each line.

    gradcalc jacobian "[r*cos(t), r*sin(t)]" --at r=2,t=pi/6
    """
    text = expression_text(expression, out)
    return out.write(api.jacobian(text, **given(entries), timeout=out.timeout))
