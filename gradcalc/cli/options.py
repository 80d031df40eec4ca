"""The options that commands share, each spelled and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Expression = Annotated[
    str,
    typer.Argument(metavar="EXPR", help="An expression such as 'sin(x**2)'; - reads it from stdin, @FILE from a file."),
]
At = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="POINT", help="The point: 3, or x=3,y=pi/4. May be given several times."),
]
Wrt = Annotated[
    list[str] | None,
    typer.Option("--wrt", metavar="NAMES", help="The variables to derive by; every variable unless given."),
]
Order = Annotated[int, typer.Option("--order", metavar="N", help="The N-th derivative by each variable.")]
Direction = Annotated[
    list[str] | None,
    typer.Option("--direction", metavar="DIRECTION", help="Derive along a direction too: x=1,y=2, not normalised."),
]
Dtype = Annotated[
    str, typer.Option("--dtype", metavar="TYPE", help="float64, float32, float16 or bfloat16; several with commas.")
]
Rtol = Annotated[
    float | None,
    typer.Option("--rtol", help="The relative error that counts as agreement; 1e-9 for float64 unless given."),
]
Atol = Annotated[float, typer.Option("--atol", help="The absolute error that counts as agreement.")]
Shape = Annotated[
    list[str] | None,
    typer.Option("--shape", metavar="SHAPE", help="The shape of an array without values: x=n, or A=2,3."),
]
Symmetric = Annotated[
    list[str] | None,
    typer.Option("--symmetric", metavar="NAMES", help="Matrices that equal their transpose, in closed forms."),
]
Range = Annotated[
    list[str] | None,
    typer.Option("--range", metavar="RANGE", help="Audit a whole range: x=-1:1. May be given for several variables."),
]
Samples = Annotated[
    int | None,
    typer.Option("--samples", metavar="N", help="How many points of a range are looked at; 257 unless given."),
]
Timeout = Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="When to give up.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Latex = Annotated[bool, typer.Option("--latex", help="Print the closed forms as LaTeX.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the numbers alone, one a line.")]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of the terminal."),
]
Force = Annotated[bool, typer.Option("--force", help="Let --output replace a file that exists.")]
