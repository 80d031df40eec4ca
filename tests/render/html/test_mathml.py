"""The LaTeX that gradcalc writes becomes MathML: well-formed, of elements that browsers know, nothing left unread."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from gradcalc.functions import CATALOGUE
from gradcalc.render.html.equations import block
from gradcalc.render.html.mathml import inline
from gradcalc.render.latex.equations import formula, name
from gradcalc.render.latex.trees import to_latex
from gradcalc.syntax.tree import Call, Name

pytestmark = pytest.mark.smoke

KNOWN = frozenset((
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder",
    "mover", "munderover", "mtable", "mtr", "mtd", "table", "tr", "td",
))  # fmt: skip
CALL, TIMES = "<mo>&#x2061;</mo>", "<mo>&#x2062;</mo>"
SPACE = "{http://www.w3.org/1998/Math/MathML}"


def elements(markup: str) -> ElementTree.Element:
    """The tree of some MathML. Fails at an element that MathML Core lacks, and at one with too few parts."""
    root = ElementTree.fromstring(markup)
    parts = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
    for one in root.iter():
        kind = one.tag.removeprefix(SPACE)
        assert kind in KNOWN
        assert len(one) == parts.get(kind, len(one))
        assert kind != "mtext" or not set(one.text or "") & set("\\{}$^_&"), "LaTeX that was not read"
    return root


def bare(markup: str) -> str:
    """MathML without the element around it and without what is the same everywhere."""
    text = re.sub(r"</?math[^>]*>", "", markup)
    return re.sub(r' (fence|stretchy)="true"| form="(prefix|postfix)"', "", text)


SET = [
    ("2*x", f"<mrow><mn>2</mn>{TIMES}<mi>x</mi></mrow>"),
    ("x/y", "<mfrac><mi>x</mi><mi>y</mi></mfrac>"),
    ("-x", "<mrow><mo>−</mo><mi>x</mi></mrow>"),
    ("x_1**2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
    ("cbrt(x)", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
    ("sin(x)", f"<mrow><mi>sin</mi>{CALL}<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow>"),
    ("sigmoid(x)", f"<mrow><mi>σ</mi>{CALL}<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow>"),
    ("a*(x + 1)",
     "<mrow><mi>a</mi><mo>⋅</mo><mrow><mo>(</mo><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mo>)</mo></mrow></mrow>"),
    ("abs(x)", "<mrow><mo>|</mo><mi>x</mi><mo>|</mo></mrow>"),
    ("n!", "<mrow><mi>n</mi><mo>!</mo></mrow>"),
    ("W_in", '<msub><mi>W</mi><mi mathvariant="normal">in</mi></msub>'),
    ("Gamma", '<mi mathvariant="normal">Γ</mi>'),
    ("2*sin(x)", '<mrow><mn>2</mn><mo lspace="0.17em">&#x2062;</mo><mi>sin</mi>'
                 f"{CALL}<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "markup"), SET)
def test_a_formula_is_set_as_on_paper(text: str, markup: str) -> None:
    assert bare(inline(formula(text))) == markup


def test_every_function_of_the_catalogue_is_set() -> None:
    for one in CATALOGUE.values():
        arguments = tuple(Name(letter) for letter in "xyzuvw"[: len(one.parameters)])
        elements(inline(to_latex(Call(one.name, arguments))))


PAGES = [
    r"\frac{d f}{d x} = 2 x",
    "% df/dx: no closed form\n\\begin{aligned}\nx &= 1 && \\text{chain rule, $u = x^{2}$} \\\\\n&= 2\n\\end{aligned}",
    r"\nabla^{2} f = \begin{pmatrix} 1 & x \\ \infty & 0 \end{pmatrix}",
    r"L = -\frac{1}{n} \sum_{i=1}^{n} \left[y_i \ln p_i\right]",
    r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
    r"x^{\top} A^{-\top} \odot \mathbf{1}_{m \times n} \otimes \left\lfloor x\right\rfloor",
    r"\lVert x\rVert_{1}^{2} \cdot \psi^{(n)}\left(x\right)' \leq \mathbf{I}_{n}",
]


@pytest.mark.parametrize("latex", PAGES)
def test_equations_are_read_whole(latex: str) -> None:
    elements(block(latex))


def test_a_wide_equation_goes_on_in_the_next_line() -> None:
    wide = " + ".join(f"x_{{{place}}}" for place in range(60))
    rows = elements(block(f"\\begin{{aligned}}\nf &= {wide} \\\\\ng &= 1\n\\end{{aligned}}")).iter("tr")
    assert len(list(rows)) > 2


@pytest.mark.parametrize("text", ["a}b", "{", "}", "\\", "$x & y", "100%", "<script>", "x^2_3", "\\end{aligned}", "#~"])
def test_a_name_from_elsewhere_is_text(text: str) -> None:
    root = ElementTree.fromstring(inline(name(text)))
    assert "".join(root.itertext()) == text


@pytest.mark.parametrize(
    "latex", ["", "}", "{", "\\left(", "x^", "_", "\\frac", "\\begin{", "\\text{a", "\\right)", "&", "'", "\\\\"]
)
def test_what_is_no_latex_is_still_well_formed(latex: str) -> None:
    ElementTree.fromstring(inline(latex))
    ElementTree.fromstring(block(latex))
