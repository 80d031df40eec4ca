"""The lesson of one neuron as LaTeX: forward pass, loss, backward pass, update."""

from __future__ import annotations

from collections.abc import Iterator

from gradcalc.lessons.neuron.records import Example, Fit
from gradcalc.render.latex.equations import Equation, Missing, aligned, factor, name, number, quotient

LOSS = r"\left[y \ln p + \left(1 - y\right) \ln\left(1 - p\right)\right]"
MEAN = r"\frac{1}{n} \sum_{i=1}^{n} "
OF_ROWS = MEAN + r"\left[y_i \ln p_i + \left(1 - y_i\right) \ln\left(1 - p_i\right)\right]"
FACTORS = {
    "L by p": (("L", "p"), r"\frac{p - y}{p \left(1 - p\right)}"),
    "p by z": (("p", "z"), r"p \left(1 - p\right)"),
    "z by w": (("z", "w"), "x"),
    "z by b": (("z", "b"), "1"),
    "L by z": (("L", "z"), "p - y"),
}


def latex(lesson: Fit) -> str:
    """Every step with its numbers for one example; for the rows of a file the formulas, and what was learned."""
    return aligned(_rows(lesson) if lesson.example is None else _steps(lesson, lesson.example))


def _steps(lesson: Fit, example: Example) -> Iterator[Equation | Missing]:
    start, done, rate = lesson.initial, example.by_hand, number(lesson.settings.lr)
    w, b, x = number(start.w["iq"]), number(start.b), number(example.iq)
    yield Equation("x", (_said(example.iq),))
    yield Equation("y", (_said(example.placed),))
    yield Equation("z", ("w x + b", rf"{w} \cdot {factor(x or '')} + {factor(b or '')}", _said(done.z)))
    yield Equation("p", (r"\sigma\left(z\right)", r"\frac{1}{1 + e^{-z}}", _said(done.p)))
    yield Equation("L", ("-" + LOSS, _said(lesson.check.loss)))
    for one in example.factors:
        (of, by), text = FACTORS[one.name]
        yield Equation(quotient(of, by, partial=True), (text, _said(one.value)))
    for by, old, slope, new in zip(
        "wb", (start.w["iq"], start.b), lesson.epochs[0].gradient, (lesson.first.w["iq"], lesson.first.b), strict=True
    ):
        parts = (quotient("L", "p", partial=True), quotient("p", "z", partial=True), quotient("z", by, partial=True))
        derivative = quotient("L", by, partial=True)
        yield Equation(
            derivative, (r" \cdot ".join(parts), r"\left(p - y\right) x" if by == "w" else "p - y", _said(slope))
        )
        if lesson.settings.optimizer == "sgd":
            step = rf"{number(old)} - {rate} \cdot {factor(_said(slope))}"
            yield Equation(rf"{by}_{{\mathrm{{new}}}}", (rf"{by} - \eta {derivative}", step, _said(new)))


def _rows(lesson: Fit) -> Iterator[Equation | Missing]:
    places = range(1, len(lesson.dataset.features) + 1)
    yield from (
        Equation(f"x_{{{one}}}", (name(text),)) for one, text in zip(places, lesson.dataset.features, strict=True)
    )
    yield Equation("z", (" + ".join([*(rf"w_{{{one}}} x_{{{one}}}" for one in places), "b"]),))
    yield Equation("p", (r"\sigma\left(z\right)",))
    yield Equation("L", ("-" + OF_ROWS,))
    for one in places:
        slope = rf"{MEAN}\left(p_i - y_i\right) x_{{i{one}}}"
        yield Equation(quotient("L", f"w_{{{one}}}", partial=True), (slope,))
    yield Equation(quotient("L", "b", partial=True), (rf"{MEAN}\left(p_i - y_i\right)",))
    learned = zip(places, lesson.weights.w.values(), strict=True)
    yield from (Equation(f"w_{{{one}}}", (_said(value),)) for one, value in learned)
    yield Equation("b", (_said(lesson.weights.b),))


def _said(value: float) -> str:
    return number(value) or ""
