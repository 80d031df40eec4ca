"""`gradcalc hessian`: second derivatives."""

from __future__ import annotations

from gradcalc import api
from gradcalc.cli.options import Entries, Expression, given
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.cli.source import expression_text


@command()
def hessian(expression: Expression, entries: Entries, *, out: Output) -> int:
    """Derive a scalar EXPR twice, by every pair of components of its variables.

    With --at, each entry of autograd's matrix is compared with the true one, and the matrix is judged: eigenvalues,
    definiteness, and whether the point is a minimum, a maximum or a saddle. --quiet prints a row on each line.

    gradcalc hessian "(1 - x)**2 + 100*(y - x**2)**2" --at x=1,y=1
    """
    text = expression_text(expression, out)
    return out.write(api.hessian(text, **given(entries), timeout=out.timeout))
