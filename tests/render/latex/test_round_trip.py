"""What is printed as LaTeX is read as what was printed, for what people write and for every function."""

from __future__ import annotations

import re

import pytest

from gradcalc.base.limits import Limits
from gradcalc.functions import ARRAY_FUNCTIONS, NAMED
from gradcalc.inputs.pose import pose
from gradcalc.render.latex.trees import to_latex
from tests.syntax.corpora import Formula
from tests.syntax.normal import normal
from tests.syntax.test_corpora import READ, point, posed

SHAPES = ("A=3,3", "B=3,3", "x=3", "y=3")
DERIVED = {"where": "where(c > 0, x, y)"}
CALLS = [
    DERIVED.get(row.name, f"{row.name}({', '.join(row.parameters)})")
    for row in NAMED.values()
    if row.name not in ARRAY_FUNCTIONS
]
SCALARS = [text.format(call) for call in CALLS for text in ("{}", "2*{0}**2*t + ({0} + 1)!")]
ARRAYS = """
x @ y; 2*x @ y; -x @ y; (2*x) @ A @ y; 1/2*x.T @ A @ x; (x + y) @ A; x @ (y*2); x @ A; (x @ A) @ y; A @ x @ y
(A @ x).T @ y; A.T @ (A @ x - y); x*(A @ y); (x @ y)*x; (x @ y)/2; x/(x @ y); sum(x)*y; x.T @ x*A; x @ (A @ x)
A**2; x**2; A*B; x*y; A/B; abs(A); abs(x); sqrt(A); exp(A); exp(x); e**x; e**A; 2**x; sin(x)**2; sin(A)**2
A.T; x.T; inv(A); inv(A).T; solve(A, x); matrix_power(A, 3); det(A); logdet(A); log(det(A)); trace(A); expm(A)
outer(x, y); outer(x, y) @ A; kron(A, B) @ ones(9); A - B @ A; (A + B) @ (A - B); A @ B*2; 2*A @ B; (A*B) @ x
A*(B @ A); sum(A*B); -A; -(A @ B); inv(A.T @ A + eye(3)) @ A.T @ x; exp(-x @ A @ x/2); norm(A @ x - y)**2
sum(A); sum(A, axis=1); mean(x); prod(x); var(x); std(A, axis=0); amax(x); amin(A, axis=1); max(x, 0); min(x, y)
logsumexp(x); softmax(x); softmax(A, axis=1); cumsum(x); cumprod(x); sort(x); median(x); flip(x); diff(x)
norm(x); norm(A); norm1(x); norminf(x); nuclear_norm(A); spectral_norm(A); svdvals(A); eigvalsh(A); cholesky(A); pinv(A)
concat(x, y); reshape(A, 1, 9); tril(A); triu(A); cross(x, y); cdist(A, B); diag(x); diag(A); normalize(x)
log_softmax(x); cross_entropy(x, y); nll(x, y); cosine_similarity(x, y); sigmoid(A @ x + y); relu(A @ x)
x[2]; A[1, 2]; A[1]; x[2:3]; x[2:]; A[:, 1]; A[1:2, 2:3]; A[1] @ x; A[1, :] @ x; (A @ x)[2]; (x + y)[1]; x[1]**2
[x[1], 2, x[3]]; [[x[1], 2], [3, 4]]; where(x > 0, x, y); sum(max(0, 1 - y*(A @ x))); sum((A - outer(x, y))**2)
"""


def returns(text: str, latex_of: str | None = None) -> None:
    """Asserts that a text's LaTeX is read as the text is; `latex_of` is another text to print, where one is given."""
    shapes = [one for one in SHAPES if re.search(rf"\b{one[0]}\b", text)] if "A" in text or "x" in text else []
    problem = pose(text, Limits(), shape=shapes, wrt="w")
    printed = problem if latex_of is None else pose(latex_of, Limits(), shape=shapes, wrt="w")
    again = pose(f"${to_latex(printed.root, printed.shapes)}$", Limits(), shape=shapes, wrt="w")
    assert normal(again.root, again.shapes) == normal(problem.root, problem.shapes)


@pytest.mark.parametrize("text", [one.strip() for one in re.split(r"[;\n]", ARRAYS) if one.strip()])
def test_arrays_are_read_as_they_are_printed(text: str) -> None:
    returns(text)


@pytest.mark.parametrize("text", SCALARS)
def test_functions_are_read_as_they_are_printed(text: str) -> None:
    problem = pose(text, Limits(), wrt="w")
    again = pose(f"${to_latex(problem.root)}$", Limits(), wrt="w")
    assert normal(again.root, {}) == normal(problem.root, {})


@pytest.mark.parametrize("formula", READ[::3], ids=lambda one: one.text)
def test_what_people_write_is_read_as_it_is_printed(formula: Formula) -> None:
    problem = posed(formula)
    at = {name: one for name, one in point(formula).items() if name in problem.variables}
    again = pose(f"${to_latex(problem.root, problem.shapes)}$", Limits(), at=at)
    assert normal(again.root, again.shapes) == normal(problem.root, problem.shapes)


def test_another_formula_is_told_apart() -> None:
    with pytest.raises(AssertionError):
        returns("x @ y", "x @ (y*2)")
