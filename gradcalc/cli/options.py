"""The options that commands share, each spelled and explained once, in records that commands take whole."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from typer import Argument, Option

from gradcalc.base.limits import DEFAULT_TIMEOUT
from gradcalc.problem.problem import DEFAULT_DTYPE
from gradcalc.render.formats import FORMATS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OUTPUT, MANY, NUMBERS = "Output", "Many points", "Numbers"  # panels of the help that options stand in
Texts = list[str] | None  # of an option that may be given several times
Expression = Annotated[
    str, Argument(metavar="EXPR", help="An expression such as 'sin(x**2)'; - reads it from stdin, @FILE from a file.")
]
Dtype = Annotated[
    str,
    Option(
        "--dtype",
        metavar="TYPE",
        help="float64, float32, float16 or bfloat16; several with commas.",
        rich_help_panel=NUMBERS,
    ),
]
Reading = Annotated[bool, Option("--reading", help="Print how EXPR is read, and nothing else.", rich_help_panel=OUTPUT)]
Wrt = Annotated[
    Texts, Option("--wrt", metavar="NAMES", help="The variables to derive by; every variable unless given.")
]
Shape = Annotated[
    Texts, Option("--shape", metavar="SHAPE", help="The shape of an array without values: x=n, or A=2,3.")
]
Points = Annotated[
    Path | None,
    Option("--points", metavar="FILE", help="Ask at every row of a table, a column for each variable."),
]
Column = Annotated[Texts, Option("--column", metavar="x=NAME", help="The column of --points that holds a variable.")]
Of = Annotated[
    str | None, Option("--of", metavar="NAME", help="The variable that an equation makes a function of others.")
]
FORMS = {  # an option for each, of which one at most is given
    name: Option(f"--{name}", *([form.letter] if form.letter else []), help=form.help)
    for name, form in FORMATS.items()
    if form.help
}


@dataclass(frozen=True, slots=True)
class Common:
    """The options of every command."""

    panel: ClassVar[str] = OUTPUT
    timeout: Annotated[float, Option("--timeout", metavar="SECONDS", help="When to give up.")] = DEFAULT_TIMEOUT
    form: Annotated[str | None, FORMS] = None
    places: Annotated[
        int | None, Option("--round", metavar="N", min=1, max=17, help="Show numbers of N digits, as a slide does.")
    ] = None
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", help="Write to a file instead of the terminal.")
    ] = None
    html: Annotated[
        Path | None, Option("--html", metavar="FILE", help="Write a page to share too, of formulas and figures.")
    ] = None
    force: Annotated[bool, Option("--force", help="Let --output and --html replace a file that exists.")] = False

    @property
    def files(self) -> tuple[Path | None, Path | None]:
        """The files that the answer goes to."""
        return self.output, self.html


@dataclass(frozen=True, slots=True)
class Point:
    """Where to derive, and by what."""

    panel: ClassVar[str] = "Point"
    at: Annotated[
        Texts, Option("--at", metavar="POINT", help="The point: 3, x=3,y=pi/4, or (3, 4). May be given several times.")
    ] = None
    wrt: Wrt = None


@dataclass(frozen=True, slots=True)
class Precision:
    """The numbers that torch computes with, and how far its derivatives may be off."""

    panel: ClassVar[str] = NUMBERS
    dtype: Dtype = DEFAULT_DTYPE
    rtol: Annotated[
        float | None,
        Option(
            "--rtol",
            metavar="NUMBER",
            help="The relative error that counts as agreement; 1e-9 for float64 unless given.",
        ),
    ] = None
    atol: Annotated[float, Option("--atol", metavar="NUMBER", help="The absolute error that counts as agreement.")] = (
        0.0
    )
    strict_forward: Annotated[
        bool,
        Option("--strict-forward", help="Let torch's value of the function count too where it is finite and off."),
    ] = False


@dataclass(frozen=True, slots=True)
class Exactness:
    """How exact numbers are shown."""

    panel: ClassVar[str] = NUMBERS
    digits: Annotated[
        int | None,
        Option("--digits", metavar="N", help="Show values and true derivatives in N digits, all of them right."),
    ] = None


@dataclass(frozen=True, slots=True)
class Shapes:
    """What is known of arrays without values."""

    panel: ClassVar[str] = "Arrays"
    shape: Shape = None
    symmetric: Annotated[
        Texts, Option("--symmetric", metavar="NAMES", help="Matrices that equal their transpose, in closed forms.")
    ] = None


@dataclass(frozen=True, slots=True)
class Run:
    """How code of the user's is run: what it is given, and what of its result is meant."""

    panel: ClassVar[str] = "Code in a file"
    result: Annotated[
        str | None,
        Option("--result", metavar="NAME", help="What to derive of a result that has several tensors."),
    ] = None
    cuts: Annotated[bool, Option("--allow-cuts", help="Hold constant what the code hides from autograd.")] = False
    seed: Annotated[int, Option("--seed", metavar="N", help="The seed of values such as randn(4, 8).")] = 0
    weights: Annotated[
        Path | None,
        Option("--weights", metavar="FILE", help="The module's parameters: .safetensors or .pt, FILE:KEY of several."),
    ] = None
    autocast: Annotated[
        str | None, Option("--autocast", metavar="TYPE", help="Run in torch.autocast: bfloat16 or float16.")
    ] = None
    device: Annotated[str, Option("--device", metavar="NAME", help="Where the code runs: cpu or cuda.")] = "cpu"


@dataclass(frozen=True, slots=True)
class Entries:
    """What the derivatives of arrays, entry by entry, are asked for with."""

    point: Point
    precision: Precision
    exactness: Exactness
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of points."""

    panel: ClassVar[str] = MANY
    points: Points = None
    column: Column = None


def given(*records: DataclassInstance) -> dict[str, Any]:
    """What records of options hold, as arguments of a function that calls them the same."""
    found: dict[str, Any] = {}
    for record in records:
        for field in fields(record):
            value = getattr(record, field.name)
            found |= given(value) if is_dataclass(value) and not isinstance(value, type) else {field.name: value}
    return found


def used(*records: DataclassInstance) -> set[str]:
    """The options of records that are not as they are unless given, as they are written."""
    told = ((field, getattr(record, field.name)) for record in records for field in fields(record))
    return {written(field.name) for field, value in told if value not in (field.default, [])}


SPELLED = {"cuts": "allow-cuts"}  # names that Python has and options have otherwise


def written(name: str) -> str:
    """An option as it is written, by the name that it has in Python."""
    return f"--{SPELLED.get(name, name).replace('_', '-')}"
