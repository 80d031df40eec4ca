"""Coverage-guided fuzzing by hand: whatever the bytes, reading and deriving them raises a GradcalcError or nothing.

Needs atheris, which is no dependency of the project. `corpus` is a folder that keeps the inputs worth keeping:

    pip install atheris
    python tests/fuzz/harness.py -max_len=400 -timeout=30 -rss_limit_mb=4000 corpus

The first byte chooses what the rest is given to; the words of the language are mixed in. An input that breaks the
property ends the run, with a traceback, and is written to a file `crash-…`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["gradcalc"]):
    from gradcalc import api
    from gradcalc.answers.gradient.scalar import load_engines
    from gradcalc.base.errors import GradcalcError
    from gradcalc.base.limits import Limits, TimeUp, alarm
    from gradcalc.files.lines import Line
    from gradcalc.functions import CATALOGUE
    from gradcalc.inputs.point import read_point
    from gradcalc.inputs.pose import pose
    from gradcalc.jobs.batch import Settings, answer
    from gradcalc.problem.resolve import read

SECONDS = 0.5
LIMITS = Limits(nodes=5_000, elements=10_000, operations=5_000, digits=500)
SIGNS = "+ - * / @ ** ^ ( ) [ ] , ; = < > <= >= ! .T | || √ ² ³ · × ÷ − π ≤ e x y A 0 1 2 .5 1e9 1e-9 \\"
LATEX = "\\frac{ \\sqrt{ \\sin \\left( \\right) \\cdot \\ln { } _ \\sum \\begin{pmatrix} & \\partial"
PHRASES = ["x**", "(x)", "x, ", "[[1,2],[3,4]]", "\n", " ", "where(", "x > 0", "y = x**2; "]
PIECES = [*sorted(CATALOGUE), *SIGNS.split(" "), *LATEX.split(" "), *PHRASES]


def text_of(data: atheris.FuzzedDataProvider) -> str:
    """Text: raw, or put together from pieces of the language."""
    if data.ConsumeBool():
        return data.ConsumeUnicodeNoSurrogates(200)
    count = data.ConsumeIntInRange(1, 25)
    return "".join(PIECES[data.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(count))


def as_text(data: atheris.FuzzedDataProvider) -> None:
    """Reads an expression."""
    read(text_of(data), LIMITS)


def as_point(data: atheris.FuzzedDataProvider) -> None:
    """Reads a point."""
    read_point(text_of(data), LIMITS)


def as_problem(data: atheris.FuzzedDataProvider) -> None:
    """Poses a problem in two texts."""
    first = text_of(data)
    pose(first, LIMITS, at=text_of(data))


def as_line(data: atheris.FuzzedDataProvider) -> None:
    """Answers a line of a batch; a fault of gradcalc's own is an internal error."""
    outcome = answer(Line(1, data.ConsumeBytes(200), 200), Settings(SECONDS, "float64"))
    assert outcome.error is None or outcome.error.kind != "internal", outcome.error


def as_formula(data: atheris.FuzzedDataProvider) -> None:
    """Derives a closed form."""
    api.diff(text_of(data), timeout=SECONDS)


def as_comparison(data: atheris.FuzzedDataProvider) -> None:
    """Derives at a point."""
    at = data.ConsumeFloatInRange(-100.0, 100.0)
    text = text_of(data)
    names = read(text, LIMITS).variables
    api.diff(text, at=dict.fromkeys(names, at), timeout=SECONDS)


PROPERTIES = [as_text, as_text, as_point, as_problem, as_line, as_formula, as_comparison, as_comparison]


def one_input(raw: bytes) -> None:
    """What atheris calls. Raises what should not have been raised."""
    data = atheris.FuzzedDataProvider(raw)
    chosen = PROPERTIES[data.ConsumeIntInRange(0, len(PROPERTIES) - 1)]
    try:
        with alarm(4 * SECONDS):
            chosen(data)
    except (GradcalcError, TimeUp):
        pass


if __name__ == "__main__":
    load_engines()  # takes longer than an input may
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
