"""`gradcalc schema`: the JSON Schema of what `--json` prints."""

from __future__ import annotations

from typing import Annotated

import typer

from gradcalc.base.errors import UsageError, one_of, shortened
from gradcalc.cli.output import Output
from gradcalc.cli.signature import command
from gradcalc.render.schema.schema import PRINTED, text

Named = Annotated[
    str | None,
    typer.Argument(metavar="[COMMAND]", help="A command; all unless given.", autocompletion=lambda: list(PRINTED)),
]


@command(form=None, timeout=None, places=None, html=None)
def schema(name: Named = None, *, out: Output) -> int:
    """Print the JSON Schema of what COMMAND prints with --json; of every command where none is named.

    Keys may be added with time, and are never renamed. Numbers that are not finite are strings.

    gradcalc schema diff
    """
    if name is not None and name not in PRINTED:
        raise UsageError(f"`{shortened(name)}` prints no JSON", hint=one_of(name, PRINTED))
    out.emit(text(name))
    return 0
