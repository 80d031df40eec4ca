"""Trees are set in LaTeX as on paper, and what is scalar is read back from it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradcalc.base.errors import LimitError, ShapeError
from gradcalc.base.limits import Limits
from gradcalc.engines.exact import truth
from gradcalc.functions import CATALOGUE, ELEMENTWISE, WORDS
from gradcalc.inputs.pose import pose
from gradcalc.problem.resolve import read
from gradcalc.render.latex.trees import to_latex
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number

pytestmark = [pytest.mark.smoke, pytest.mark.torchless]

LIMITS = Limits()
EXACT = Fraction(1, 10**25)

SCALARS = [
    ("sigmoid(sigma)", r"\operatorname{sigmoid}\left(\sigma\right)"),  # no letter stands for two things
    ("lgamma(Gamma) + lgamma(x)", r"\operatorname{lgamma}\left(\Gamma\right) + \operatorname{lgamma}\left(x\right)"),
    ("sum_w*x", r"\mathrm{sum\_w} \, x"),  # the letter of a sum takes no subscript
    ("pi*g**3*(1 + x)**2", r"\pi g^{3} \cdot \left(1 + x\right)^{2}"),
    ("rate**(-x)*(x + 1)", r"\mathrm{rate}^{-x} \cdot \left(x + 1\right)"),
    ("2*x*cos(x**2)", r"2 x \cos\left(x^{2}\right)"),
    ("x**2/2", r"\frac{x^{2}}{2}"),
    ("-x**2", "-x^{2}"),
    ("(-x)**2", r"\left(-x\right)^{2}"),
    ("2*3*x", r"2 \cdot 3 x"),
    ("x*2", r"x \cdot 2"),
    ("x*(y+1)", r"x \cdot \left(y + 1\right)"),
    ("2*(y+1)*x", r"2 \left(y + 1\right) x"),
    ("(x+1)*(x-1)", r"\left(x + 1\right) \left(x - 1\right)"),
    ("x**2*(y/z)**3", r"x^{2} \cdot \left(\frac{y}{z}\right)^{3}"),
    ("-f*(x + y)", r"-f \cdot \left(x + y\right)"),
    ("x*-y", r"x \cdot \left(-y\right)"),
    ("x - -y", r"x - \left(-y\right)"),
    ("x - (y - z)", r"x - \left(y - z\right)"),
    ("x/y/z", r"\frac{\frac{x}{y}}{z}"),
    ("(x/y)**2", r"\left(\frac{x}{y}\right)^{2}"),
    ("x**(2/3)", r"x^{\frac{2}{3}}"),
    ("(x**y)**z", r"\left(x^{y}\right)^{z}"),
    ("1/2*x", r"\frac{1}{2} x"),
    ("1/2*1/3", r"\frac{\frac{1}{2} \cdot 1}{3}"),
    ("2*x/3", r"\frac{2 x}{3}"),
    ("exp(-x**2/2)", r"e^{-\frac{x^{2}}{2}}"),
    ("e**x", "e^{x}"),
    ("sqrt(x)/2", r"\frac{\sqrt{x}}{2}"),
    ("sin(x)**2", r"\sin^{2}\left(x\right)"),
    ("sin(x)**-1", r"\sin\left(x\right)^{-1}"),
    ("log(x, b)", r"\frac{\ln\left(x\right)}{\ln\left(b\right)}"),
    ("log2(x)", r"\log_{2}\left(x\right)"),
    ("abs(x)**3", r"\left|x\right|^{3}"),
    ("x!", "x!"),
    ("(x+1)!", r"\left(x + 1\right)!"),
    ("6.674e-11*x", r"6.674 \cdot 10^{-11} x"),
    ("1e-7*x", "10^{-7} x"),
    ("(1e-7)**2", r"\left(10^{-7}\right)^{2}"),
    ("pi*r**2", r"\pi r^{2}"),
    ("alpha*beta2", r"\alpha \beta_{2}"),
    ("W_in*x1", r"W_{\mathrm{in}} x_{1}"),
    ("iq_2", r"\mathrm{iq}_{2}"),
    ("λ*x", r"\lambda x"),
    ("sigmoid(-x)", r"\sigma\left(-x\right)"),
    ("leaky_relu(x, 0.1)", r"\operatorname{leaky\_relu}\left(x, 0.1\right)"),
    ("max(x, y)", r"\max\left(x, y\right)"),
    ("where(x > 0, 1, a)", r"\begin{cases} 1 & \text{if } x > 0 \\ a & \text{otherwise} \end{cases}"),
    ("polygamma(1, x)", r"\psi^{(1)}\left(x\right)"),
    ("sign(x)", r"\operatorname{sgn}\left(x\right)"),
    ("floor(x)", r"\left\lfloor x\right\rfloor"),
    ("hypot(x,y)", r"\operatorname{hypot}\left(x, y\right)"),
    ("-(x+y)", r"-\left(x + y\right)"),
    ("-(x*y)", "-x y"),
    ("-x*y", "-x y"),
    ("2*x**-1", "2 x^{-1}"),
    ("x - (y + 1)", r"x - \left(y + 1\right)"),
    ("a*b*(c + 1)", r"a b \cdot \left(c + 1\right)"),
    ("3*(2/3)", r"3 \cdot \frac{2}{3}"),
    ("(x/2)*3", r"\frac{x}{2} \cdot 3"),
    ("x*0.5", r"x \cdot 0.5"),
    ("-x/y", r"-\frac{x}{y}"),
    ("-x*z/y", r"-\frac{x z}{y}"),
    ("-(x + y)/z", r"-\frac{x + y}{z}"),
    ("(-x - y)/z", r"\frac{-x - y}{z}"),
    ("--x/y", r"-\frac{\left(-x\right)}{y}"),
    ("sqrt(x**2 + 1)", r"\sqrt{x^{2} + 1}"),
    ("cbrt(x)", r"\sqrt[3]{x}"),
    ("x**(-1/2)", r"x^{-\frac{1}{2}}"),
    ("abs(sin(x))", r"\left|\sin\left(x\right)\right|"),
    ("floor(x)/2", r"\frac{\left\lfloor x\right\rfloor}{2}"),
    ("ceil(x)", r"\left\lceil x\right\rceil"),
    ("tanh(x)**2", r"\tanh^{2}\left(x\right)"),
    ("log10(x)", r"\log_{10}\left(x\right)"),
    ("erf(x)", r"\operatorname{erf}\left(x\right)"),
    ("gamma(x)*digamma(x)", r"\Gamma\left(x\right) \psi\left(x\right)"),
    ("relu(x)", r"\operatorname{relu}\left(x\right)"),
    ("atan2(y, x)", r"\operatorname{atan2}\left(y, x\right)"),
    ("mass*g", r"\mathrm{mass} \, g"),
    ("rate*mass**2*v_in", r"\mathrm{rate} \, \mathrm{mass}^{2} \, v_{\mathrm{in}}"),
    ("in_proj_weight + W_in_2", r"\mathrm{in\_proj\_weight} + W_{\mathrm{in\_2}}"),  # a word is no letter with an index
    ("e**(-z)", "e^{-z}"),
    ("1e400*x", "10^{400} x"),
    ("theta_1", r"\theta_{1}"),
    ("x_max", r"x_{\mathrm{max}}"),
    ("_a", r"\mathrm{\_a}"),
    ("x₁", "x_{1}"),
    ("Ω*Δx", r"\Omega \, \mathrm{Δx}"),
    ("(x - y)*-z", r"\left(x - y\right) \left(-z\right)"),
    ("where(x != y, 1, 2)", r"\begin{cases} 1 & \text{if } x \neq y \\ 2 & \text{otherwise} \end{cases}"),
]  # fmt: skip
OTHER_TREES = frozenset({  # that are read back in other words: powers of e and of 10, signs before fractions, Greek
    "exp(-x**2/2)", "6.674e-11*x", "1e-7*x", "(1e-7)**2", "λ*x", "-(x*y)", "-x/y", "-x*z/y", "-(x + y)/z",
    "x**(-1/2)", "1e400*x", "Ω*Δx",
})  # fmt: skip
ARRAYS = [  # expression, shapes of the variables, LaTeX
    ("x.T @ A @ x", "A=n,n x=n", r"x^{\top} A x"),
    ("x @ A @ x", "A=n,n x=n", r"x^{\top} A x"),
    ("(A + A.T) @ x", "A=n,n x=n", r"\left(A + A^{\top}\right) x"),
    ("2*A.T @ (A @ x - b)", "A=m,n x=n b=m", r"2 A^{\top} \left(A x - b\right)"),
    ("(A @ x) @ (B @ x)", "A=m,n x=n B=m,n", r"\left(A x\right)^{\top} \left(B x\right)"),
    ("(x @ A) @ y", "A=m,n x=m y=n", r"x^{\top} A y"),
    ("x*y", "x=n y=n", r"x \odot y"),
    ("x**2", "x=n", r"x^{\circ 2}"),
    ("2*x/n", "x=3", r"\frac{2 x}{n}"),
    ("outer(A @ x - b, x)", "A=m,n x=n b=m", r"\left(A x - b\right) x^{\top}"),
    ("-inv(X).T @ outer(a, b) @ inv(X).T", "X=n,n a=n b=n", r"-X^{-\top} a b^{\top} X^{-\top}"),
    ("det(X)*inv(X).T", "X=n,n", r"\det\left(X\right) X^{-\top}"),
    ("5*matrix_power(X, 4).T", "X=n,n", r"5 \left(X^{4}\right)^{\top}"),
    ("norm(A @ x - b)**2", "A=m,n x=n b=m", r"\lVert A x - b\rVert^{2}"),
    ("norm(X)**2", "X=m,n", r"\lVert X\rVert_{F}^{2}"),
    ("norm1(x) + norminf(x)", "x=n", r"\lVert x\rVert_{1} + \lVert x\rVert_{\infty}"),
    ("sum(A, axis=0)", "A=m,n", r"\operatorname{sum}_{\text{axis } 0}\left(A\right)"),
    ("sum(x**2)", "x=n", r"\operatorname{sum}\left(x^{\circ 2}\right)"),
    ("x[1] + A[1, 2]", "x=3 A=2,2", "x_{1} + A_{1,2}"),
    ("x_1[2]", "x_1=3", r"\left(x_{1}\right)_{2}"),
    ("softmax(x) - eye(3)[2]", "x=3", r"\operatorname{softmax}\left(x\right) - \left(\mathbf{I}_{3}\right)_{2}"),
    ("outer(ones(2), x)", "x=3", r"\mathbf{1}_{2} x^{\top}"),
    ("X.T @ (sigmoid(X @ w) - y)/m", "X=m,n w=n y=m", r"\frac{X^{\top} \left(\sigma\left(X w\right) - y\right)}{m}"),
    ("where(x == amax(x), 1, 0)", "x=n",
     r"\begin{cases} 1 & \text{if } x = \max\left(x\right) \\ 0 & \text{otherwise} \end{cases}"),
    ("det(X)*(2*inv(X) - diag(diag(inv(X))))", "X=n,n",
     r"\det\left(X\right) \left(2 X^{-1} - "
     r"\operatorname{diag}\left(\operatorname{diag}\left(X^{-1}\right)\right)\right)"),
    ("(A @ x)*y", "A=m,n x=n y=m", r"\left(A x\right) \odot y"),
    ("sum(abs(x))", "x=n", r"\operatorname{sum}\left(\operatorname{abs}\left(x\right)\right)"),
    ("x @ y/(norm(x)*norm(y))", "x=n y=n", r"\frac{x^{\top} y}{\lVert x\rVert \lVert y\rVert}"),
]  # fmt: skip
WITHOUT_SHAPES = [
    ("x @ A @ x", "x A x"),
    ("inv(A @ B).T", r"\left(A B\right)^{-\top}"),
    ("(A @ B).T", r"\left(A B\right)^{\top}"),
    ("trace(A @ X)", r"\operatorname{tr}\left(A X\right)"),
    ("logdet(X)", r"\ln\det\left(X\right)"),
    ("solve(A, b)", "A^{-1} b"),
    ("kron(A, B) @ x", r"\left(A \otimes B\right) x"),
    ("softmax(W @ x)[2]", r"\operatorname{softmax}\left(W x\right)_{2}"),
    ("eye(3) + ones(2, 3) + zeros(4)", r"\mathbf{I}_{3} + \mathbf{1}_{2 \times 3} + \mathbf{0}_{4}"),
    ("[x, 1]", r"\begin{bmatrix} x \\ 1 \end{bmatrix}"),
    ("[[x, 1], [2, y]]", r"\begin{bmatrix} x & 1 \\ 2 & y \end{bmatrix}"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "latex"), SCALARS)
def test_a_scalar_is_set_as_on_paper(expression: str, latex: str) -> None:
    assert to_latex(read(expression, LIMITS).root) == latex


@pytest.mark.parametrize("expression", [text for text, _ in SCALARS if text not in OTHER_TREES | {"--x/y"}])
def test_it_is_read_back(expression: str) -> None:
    found = read(expression, LIMITS)
    assert read(to_latex(found.root) + r"\,", LIMITS, found.variables).root == found.root


@pytest.mark.parametrize("expression", sorted(OTHER_TREES))
def test_other_words_are_set_the_same(expression: str) -> None:
    latex = to_latex(read(expression, LIMITS).root)
    assert to_latex(read(latex + r"\,", LIMITS).root) == latex


@pytest.mark.parametrize(("expression", "shapes", "latex"), ARRAYS)
def test_arrays_are_set_as_in_a_textbook(expression: str, shapes: str, latex: str) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split())
    assert to_latex(problem.root, problem.shapes) == latex


@pytest.mark.parametrize(("expression", "shapes", "latex"), ARRAYS)
def test_arrays_are_read_back(expression: str, shapes: str, latex: str) -> None:
    problem = pose(expression, LIMITS, shape=shapes.split())
    again = read(latex + r"\,", LIMITS, problem.variables, dict(problem.shapes))
    assert set(problem.variables) <= set(again.variables)
    assert to_latex(again.root, problem.shapes) == latex


@pytest.mark.parametrize(("expression", "latex"), WITHOUT_SHAPES)
def test_arrays_need_no_shapes(expression: str, latex: str) -> None:
    assert to_latex(read(expression, LIMITS).root) == latex


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_function_has_a_spelling(name: str) -> None:
    latex = to_latex(Call(name, tuple(map(Name, CATALOGUE[name].parameters))))
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")


@pytest.mark.parametrize("name", sorted(WORDS & set(ELEMENTWISE)))
def test_a_function_whose_name_is_a_word_is_read_back(name: str) -> None:
    call = Call(name, tuple(map(Name, ELEMENTWISE[name].parameters)))
    assert read(to_latex(call), LIMITS).root == call


def test_shapes_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(ShapeError, match=r"^shapes \(2, 3\) and \(2,\): the inner dimensions differ\nhint: "):
        to_latex(read("A @ x", LIMITS).root, {"A": (2, 3), "x": (2,)})


def test_a_formula_without_end_is_refused() -> None:
    node: Node = Name("x")
    for _ in range(60):
        node = Call("add", (node, node))
    with pytest.raises(LimitError, match=r"^the formula is too long to write out, over the limit"):
        to_latex(node)


def calls(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Calls of operators and functions that LaTeX has."""
    one = st.sampled_from(("neg", "sqrt", "sin", "log", "exp", "abs", "floor", "tanh"))
    two = st.sampled_from(("add", "sub", "mul", "div", "pow", "max"))
    return st.one_of(
        st.builds(lambda name, x: Call(name, (x,)), one, parts),
        st.builds(lambda name, x, y: Call(name, (x, y)), two, parts, parts),
    )


LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.sampled_from([Name("x"), Name("y"), Name("alpha"), Constant("pi"), Constant("e")]),
    st.builds(
        Number,
        st.sampled_from([Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2), Fraction(123), Fraction(1, 10**6)]),
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.recursive(LEAVES, calls, max_leaves=8))
def test_what_is_read_back_has_the_same_value(tree: Node) -> None:
    point = {"x": 0.75, "y": -1.5, "alpha": 2.25}
    try:
        found = [truth.value(one, point) for one in (tree, read(to_latex(tree) + r"\,", LIMITS).root)]
    except LimitError:  # a constant with more digits than anybody prints
        assume(False)
    values = [None if one is None else one.fraction() for one in found]
    assume(values[0] is not None)
    assert values[0] is not None
    assert values[1] is not None
    assert abs(values[0] - values[1]) <= EXACT * abs(values[0])
