"""The lesson on the sigmoid: the derivation and what it is turned into, the numbers by autograd, and the picture."""

from __future__ import annotations

from typing import Any

from gradcalc.answers.verdicts import Verdict
from gradcalc.base.words import brief
from gradcalc.lessons.sigmoid.records import Sigmoid
from gradcalc.render.curve import curves, plotted
from gradcalc.render.document import BAD, GOOD, Document, Facts, Note, Table, Verbatim
from gradcalc.render.json import plain
from gradcalc.render.latex.equations import Equation, aligned, formula, quotient
from gradcalc.render.latex.steps import equations
from gradcalc.render.pages import steps
from gradcalc.render.rows import distance
from gradcalc.render.words import in_words

NAME, MARKS = "dp/dz", "*o"
TURNED = "With p = 1/(1 + exp(-z)) and 1 - p = exp(-z)/(1 + exp(-z)):"
SAID = (
    "The slope is largest at z = 0, where it is 1/4, and goes to 0 on both sides: a neuron that is sure of itself "
    "learns slowly."
)
WIDTH, HEIGHT, MARGIN = 960, 540, 60  # of the picture: 16:9
FONT = 'font-family="sans-serif" font-size="20"'
COLOURS = ("#1f77b4", "#d62728")


def document(lesson: Sigmoid) -> Document:
    """The whole lesson, from top to bottom."""
    (derivation,) = lesson.steps.derivations
    rules = "\n".join(steps.lines(derivation, lesson.steps))
    first, *others = lesson.turns
    turns = "\n".join([f"{NAME} = {first}", *(f"{' ' * len(NAME)} = {text}" for text in others)])
    legend = "   ".join(f"{mark} {name}" for mark, name in zip(MARKS, lesson.curves, strict=True))
    drawn = curves([*lesson.curves.values()], f"{lesson.first:g}", f"{lesson.last:g}", MARKS)
    picture = plotted(lesson.curves, (lesson.first, lesson.last), "p", "z")
    return Document((
        Facts((("p", "σ(z) = 1/(1 + exp(-z))"),)), Verbatim(rules, "rule by rule", formulas=True),
        Note(TURNED), Verbatim(turns),
        _numbers(lesson), Verbatim(f"{drawn}{legend}", "as a picture, over z", picture=picture), Note(SAID),
    ))  # fmt: skip


def _numbers(lesson: Sigmoid) -> Table:
    rows, tones = [], []
    for z, one in lesson.numbers.items():
        row = one.row("z")
        numbers = map(brief, (one.value, row.symbolic, row.autograd))  # all digits would not fit a screen
        rows.append((f"{z:g}", *numbers, distance(row), in_words(row)))
        tones.append(GOOD if row.verdict is Verdict.AGREE else BAD)
    columns = ("z", "p", "p*(1 - p)", "autograd", "distance", "verdict")
    return Table(columns, tuple(rows), tuple(tones), title="at some numbers, and by autograd (float64)")


def quiet(lesson: Sigmoid) -> str:
    """The derivative at each z, one a line."""
    return "".join(f"{one.row('z').symbolic!r}\n" for one in lesson.numbers.values())


def record(lesson: Sigmoid) -> dict[str, Any]:
    """The derivation as `steps` has it, the formulas it is turned into, the numbers and the curves."""
    numbers = [{"z": z, "value": one.value, **plain(one.row("z"))} for z, one in lesson.numbers.items()]
    found = steps.record(lesson.steps) | {"turned_into": lesson.turns, "numbers": numbers, "curves": lesson.curves}
    return found | {"verdict": lesson.verdict}


def latex(lesson: Sigmoid) -> str:
    """The definition, the derivation, and what it is turned into."""
    turns = tuple(formula(text, ("p", "z")) for text in lesson.turns)
    left = quotient("p", "z", partial=False)
    *rules, _ = equations(lesson.steps)
    return aligned([Equation("p", (r"\sigma\left(z\right)", r"\frac{1}{1 + e^{-z}}")), *rules, Equation(left, turns)])


# -- as a picture


def svg(lesson: Sigmoid) -> str:
    """Both curves, as large as a slide: p from 0 to 1 over z, and below it its derivative."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *(_level(value) for value in (0.0, 0.25, 0.5, 1.0)),
        *(_place(lesson, z) for z in lesson.numbers),
        *(_curve(name, values, colour) for (name, values), colour in zip(lesson.curves.items(), COLOURS, strict=True)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _across(share: float) -> float:
    return MARGIN + share * (WIDTH - 2 * MARGIN)


def _up(value: float) -> float:
    return HEIGHT - MARGIN - value * (HEIGHT - 2 * MARGIN)


def _level(value: float) -> str:
    """A line across, with its number."""
    y = _up(value)
    line = f'<line x1="{MARGIN}" y1="{y:.1f}" x2="{WIDTH - MARGIN}" y2="{y:.1f}" stroke="#cccccc"/>'
    return f'{line}<text x="{MARGIN - 10}" y="{y + 7:.1f}" text-anchor="end">{value:g}</text>'


def _place(lesson: Sigmoid, z: float) -> str:
    """A number below the axis."""
    x = _across((z - lesson.first) / (lesson.last - lesson.first))
    return f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 30}" text-anchor="middle">{z:g}</text>'


def _curve(name: str, values: tuple[float, ...], colour: str) -> str:
    """A curve, its name where it is highest."""
    points = [(_across(place / (len(values) - 1)), _up(value)) for place, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[max(range(len(values)), key=values.__getitem__)]
    place = f'x="{min(x, WIDTH - 2 * MARGIN):.1f}" y="{y - 12:.1f}"'
    text = f'<text {place} fill="{colour}" text-anchor="middle">{name}</text>'
    return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="3"/>{text}'
