"""`gradcalc functions`: the catalogue, printed."""

from __future__ import annotations

from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.functions import NAMED, Catalogue


@command(latex=None, timeout=None, digits=None)
def functions(out: Output) -> int:
    """List every function: how it is called, its other names, its derivative rule and its domain.

    gradcalc functions
    """
    return out.write(Catalogue(tuple(NAMED.values())))
