"""`gradcalc functions`: the catalogue, printed."""

from __future__ import annotations

from gradcalc.cli import options
from gradcalc.cli.output import Output
from gradcalc.render.pages import catalogue


def functions(
    as_json: options.Json = False,
    quiet: options.Quiet = False,
    output: options.OutputFile = None,
    force: options.Force = False,
) -> int:
    """List every function: how it is called, its other names, its derivative rule and its domain.

    gradcalc functions
    """
    Output(as_json, quiet, output, force).write(catalogue.record, catalogue.quiet, catalogue.document)
    return 0
