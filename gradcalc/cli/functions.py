"""`gradcalc functions`: the catalogue, printed."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.functions import NAMED, Catalogue

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]", help="A function, to tell all there is to say of it.", autocompletion=lambda: sorted(NAMED)
    ),
]


@command(latex=None, timeout=None, places=None)
def functions(name: Name = None, *, out: Output) -> int:
    """List every function: how it is called, its other names, its derivative rule and its domain.

    Of NAME alone also what it is, its kinks and poles, torch's own line for it, and an example that runs.

    gradcalc functions lambertw
    """
    if name is None:
        return out.write(Catalogue(tuple(NAMED.values())))
    from gradcalc.answers.described import describe  # here, as the list is there at once

    return out.write(describe(name))
