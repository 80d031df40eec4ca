"""Long right sides are broken into lines that fit a page, and still say the same."""

from __future__ import annotations

import pytest
from mpmath import mpf

from gradcalc.base.limits import Limits
from gradcalc.problem.resolve import read
from gradcalc.render.latex.breaking import broken, width
from gradcalc.render.latex.trees import to_latex
from tests.reference import evaluate


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("a + b", 9.0, ["a + b"]),
        ("a + b - c", 5.0, ["a + b", "- c"]),
        (r"a + \frac{b - c}{d} + e", 6.0, ["a", r"+ \frac{b - c}{d}", "+ e"]),
        (r"w \left(a + b + c\right) + d", 6.0, [r"w \bigl(a + b", r"+ c\bigr)", "+ d"]),
        (r"-\frac{a + b + c + d + e}{m}", 9.0, [r"-\frac{1}{m} \bigl(a + b", r"+ c + d", r"+ e\bigr)"]),
        (
            r"\operatorname{concat}\left(a + b, c + d\right)",
            12.0,
            [r"\operatorname{concat}\bigl(a + b,", r"c + d\bigr)"],
        ),
        (r"x^{a + b + c + d + e + f + g}", 3.0, [r"x^{a + b + c + d + e + f + g}"]),
        ("abcdefghijk", 3.0, ["abcdefghijk"]),
    ],
)
def test_a_line_is_broken_where_it_hangs_together_least(text: str, room: float, lines: list[str]) -> None:
    assert broken(text, room) == lines


@pytest.mark.parametrize(
    ("text", "letters"),
    [("x", 1), (r"\delta_{1}", 1.7), (r"\frac{a b}{c}", 2), (r"\mathrm{mass}", 4), (r"\left(x\right)", 2.2)],
)
def test_the_width_is_that_of_what_is_set(text: str, letters: float) -> None:
    assert width(text) == pytest.approx(letters)


@pytest.mark.parametrize(
    "expression",
    [
        "w*(w*(w*(w*a_1 + a_2*a*b*c*d*f*g*h) + u*v*sin(x + y + z)*k*l*o*p*q) + r*s*t*a*b*c*h*g*f*d*k*l) + y*z",
        "-(a*b*c*d*f*g*h*k + a**2*b**2*c**2*d**2*f**2 + sin(a)*cos(b)*tan(c)*exp(d) - a*b*c*x*y*z*w*v*t*s*r*q*p*o)/w",
        "exp(x)*log(1 + a*b*c*d*f*g*h*k*l*o*p*q*r*s*t*u*v*w + a*b*c*d*f*g*h*k*l*o*p*q*r*t*u*x*y*z*w*v*a*b*c*d*f)*x*y",
    ],
    ids=["nested parentheses", "a numerator", "the argument of a function"],
)
def test_broken_lines_read_back_as_what_they_were(expression: str) -> None:
    root = read(expression, Limits()).root
    lines = broken(to_latex(root))
    assert len(lines) > 1
    again = read(r"\begin{aligned} F &= " + r" \\ &\quad ".join(lines) + r" \end{aligned}", Limits()).root
    point = {name: mpf(place) / 7 for place, name in enumerate(sorted({*"abcdfghklopqrstuvwxyz", "a_1", "a_2"}), 1)}
    assert evaluate(again, point) == pytest.approx(evaluate(root, point))
