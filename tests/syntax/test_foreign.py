"""Formulas as they are typed elsewhere, or pasted from there: each is read in its one meaning, or refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.functions.printer import to_text
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import Problem, reading
from gradcalc.syntax.beyond import INTEGRALS, LIMITS, SERIES, SOLUTIONS

VECTORS = {"shape": ["x=n", "y=n"]}
SQUARE = {"shape": ["A=n,n", "x=n"]}
READ: list[tuple[str, str, dict[str, Any]]] = [
    # Python and its libraries
    ("np.exp(x)", "exp(x)", {}),
    ("F.softplus(x, beta=2)", "softplus(2*x)/2", {}),
    ("scipy.special.boxcox(x, 0.5)", "(x**0.5 - 1)/0.5", {}),
    ("scipy.special.rgamma(x)", "1/gamma(x)", {}),
    ("np.float_power(x, 3)", "x**3", {}),
    ("torch.linalg.vector_norm(x)", "norm(x)", {"shape": ["x=n"]}),
    ("F.normalize(x, p=2, dim=0) @ y", "normalize(x) @ y", {"shape": ["x=n", "y=n"]}),
    ("F.cosine_similarity(x, y, dim=-1)", "cosine_similarity(x, y)", {"shape": ["x=n", "y=n"]}),
    ("torch.triu(A, diagonal=1)", "triu(A, 1)", {"shape": ["A=n,n"]}),
    ("F.poisson_nll_loss(x, y)", "mean(exp(x) - y*x)", {"shape": ["x=n", "y=n"]}),
    ("torch.sin(x)", "sin(x)", {}),
    ("1/(1+np.exp(-x))", "1/(1 + exp(-x))", {}),
    ("jnp.where(x>0, jnp.sqrt(x), 0.)", "where(x > 0, sqrt(x), 0)", {}),
    ("math.exp(x)", "exp(x)", {}),
    ("Math.sin(x)*Math.PI", "sin(x)*pi", {}),
    ("tf.math.log(x)", "log(x)", {}),
    ("F.softplus(x)", "softplus(x)", {}),
    ("torch.nn.functional.softplus(x)", "softplus(x)", {}),
    ("scipy.special.expit(x)", "sigmoid(x)", {}),
    ("scipy.special.jv(2, x) + torch.special.bessel_y1(x)", "besselj(2, x) + bessely(1, x)", {}),
    ("special.exp1(x) + expn(2, x) + Ei(x)", "expint(1, x) + expint(2, x) + expi(x)", {}),
    ("torch.special.gammaincc(2, x)*torch.igamma(2, x)", "gammaincc(2, x)*gammainc(2, x)", {}),
    ("torch.special.zeta(x, 2) + torch.i0(x)", "zeta(x, 2) + i0(x)", {}),
    ("scipy.special.lambertw(x) + ProductLog(x)", "lambertw(x, 0) + lambertw(x, 0)", {}),
    ("BesselJ(0, x) + k0(x) + Zeta(x)", "besselj(0, x) + besselk(0, x) + zeta(x, 1)", {}),
    ("erfcinv(x) + norminv(x)", "-ndtri(x/2)/sqrt(2) + ndtri(x)", {}),
    ("np.linalg.norm(x)", "norm(x)", VECTORS),
    ("K.mean(K.square(y - p))", "mean((y - p)**2)", {}),
    ("tf.reduce_sum(tf.square(x))", "sum(x**2)", VECTORS),
    ("np.array([1, 2]) @ x", "[1, 2] @ x", {}),
    ("torch.tensor([1., 2.]) @ x", "[1, 2] @ x", {}),
    ("math.e**x + np.pi", "e**x + pi", {}),
    ("x.pow(2)", "x**2", {}),
    ("x.exp()", "exp(x)", {}),
    ("x.square().sum()", "sum(x**2)", VECTORS),
    ("A.t() @ x", "A.T @ x", SQUARE),
    ("A.mm(B)", "A @ B", {"shape": ["A=n,n", "B=n,n"]}),
    ("A.inverse() @ x", "inv(A) @ x", SQUARE),
    ("pow(x, y)", "x**y", {}),
    ("np.power(x, 3)", "x**3", {}),
    ("fabs(x)", "abs(x)", {}),
    ("np.absolute(x)", "abs(x)", {}),
    ("square(x) + reciprocal(x)", "x**2 + 1/x", {}),
    ("multiply(x, y)", "x*y", {}),
    ("np.exp2(x)", "2**x", {}),
    ("deg2rad(x)", "x*pi/180", {}),
    ("F.mse_loss(x, y)", "mean(mse(x, y))", VECTORS),
    ("sum(sum(x**2, dim=0))", "sum(sum(x**2, axis=0))", {"at": "x=[[1,2],[3,4]]"}),
    ("sum(x**2, dim=0)", "sum(x**2, axis=0)", VECTORS),
    ("x.sum(dim=-1)", "sum(x, axis=-1)", VECTORS),
    ("sum(x**2, axis=None)", "sum(x**2)", VECTORS),
    ("x/sum(x, dim=0, keepdim=True)", "x/sum(x, axis=0)", VECTORS),
    ("A/sum(A, axis=0, keepdims=True)", "A/sum(A, axis=0)", SQUARE),
    ("torch.softmax(x, dim=-1)", "softmax(x, axis=-1)", VECTORS),
    ("A.max(dim=1)", "amax(A, axis=1)", SQUARE),
    ("norm(x, p=2)", "norm(x)", VECTORS),
    ("norm(x, 1)", "norm1(x)", VECTORS),
    ("np.linalg.norm(x, ord=np.inf)", "norminf(x)", VECTORS),
    ("norm(x, 3)", "sum(abs(x)**3)**(1/3)", VECTORS),
    ("norm(A, axis=1)", "sqrt(sum(A**2, axis=1))", SQUARE),
    ("norm(A, p=1, dim=1)", "sum(abs(A), axis=1)", SQUARE),
    ("leaky_relu(x, negative_slope=0.2)", "leaky_relu(x, 0.2)", {}),
    ("F.elu(x, alpha=1.5)", "elu(x, 1.5)", {}),
    ("log(x, base=2)", "log(x)/log(2)", {}),
    ("var(x, unbiased=False)", "var(x)", VECTORS),
    ("lambda x: x**2", "x**2", {}),
    ("f = lambda x, y: x*y", "f = x*y", {}),
    ("def f(x): return x**2", "f = x**2", {}),
    ("def f(x):\n    return x**2", "f = x**2", {}),
    ("x if x > 0 else 0.01*x", "where(x > 0, x, 0.01*x)", {}),
    ("x**2  # squared", "x**2", {}),
    ("# the parabola\nx**2", "x**2", {}),
    ("norm.pdf(x) + scipy.stats.norm.cdf(x)", "exp(-x**2/2)/sqrt(2*pi) + ndtr(x)", {}),
    ("jax.nn.gelu(x) + F.gelu(x)", "gelu_tanh(x) + gelu(x)", {}),
    ("F.cross_entropy(z, torch.tensor(2))", "-log_softmax(z)[3]", {"shape": ["z=3"]}),
    ("cos_sim(x, y) + KL(x, y)", "cosine_similarity(x, y) + sum(rel_entr(x, y))", VECTORS),
    # tables, Fortran, BASIC
    ("=EXP(-B2/2)*SIN(B2)", "exp(-B2/2)*sin(B2)", {}),
    ("POWER(x, 2) + SQRT(ABS(y))", "x**2 + sqrt(abs(y))", {}),
    ("IF(x > 0, x, 0)", "where(x > 0, x, 0)", {}),
    ("x mod 3", "remainder(x, 3)", {}),
    ("mod*x + x mod (2)", "mod*x + x*mod*2", {"wrt": "mod"}),
    # C, JavaScript and R
    ("const f = x => x*x", "f = x*x", {}),
    ("let y = x^2", "y = x**2", {}),
    ("double y = x*x; y + 1", "y = x*x; y + 1", {}),
    ("t(x) %*% A %*% x", "x.T @ A @ x", {}),
    ("A %*% x", "A @ x", SQUARE),
    ("x > 0 ? x : 0.01*x", "where(x > 0, x, 0.01*x)", {}),
    ("x > 0 ? 1 : x < 0 ? -1 : 0", "where(x > 0, 1, where(x < 0, -1, 0))", {}),
    ("2*(x > 0 ? x : 0) + 1", "2*where(x > 0, x, 0) + 1", {}),
    ("M_PI*r^2", "pi*r**2", {}),
    ("x => x*x", "x*x", {}),
    ("(x, y) => x*y", "x*y", {}),
    ("f <- function(x) x^2", "f = x**2", {}),
    # Mathematica
    ("Sin[x]", "sin(x)", {}),
    ("Sin[x]^2", "sin(x)**2", {}),
    ("Log[x]", "log(x)", {}),
    ("Log[2, x]", "log(x)/log(2)", {}),
    ("ArcTan[x, y]", "atan2(y, x)", {}),
    ("Exp[-x^2/2]/Sqrt[2 Pi]", "exp(-x**2/2)/sqrt(2*pi)", {}),
    ("E^x Cos[x]", "e**x*cos(x)", {}),
    ("f[x_] := x^2 + Sin[x]", "f = x**2 + sin(x)", {}),
    ("If[x > 0, x, 0]", "where(x > 0, x, 0)", {}),
    ("Dot[{a, b}, {c, d}]", "dot([a, b], [c, d])", {}),
    ("Tr[Inverse[A]]", "trace(inv(A))", SQUARE),
    ("Total[x] + x[[1]]", "sum(x) + x[1]", VECTORS),
    ("A[1, 2] + D[2, 1]", "A[1, 2] + D[2, 1]", {"shape": ["A=2,2", "D=2,2"]}),
    # Matlab, Octave and Julia
    ("x'*A*x", "x.T @ A @ x", {"wrt": "x"}),
    ("(A*x - b)'*(A*x - b)", "(A @ x - b).T @ (A @ x - b)", {}),
    ("sum((A*x - b).^2)", "sum((A @ x - b)**2)", {"shape": ["A=m,n", "x=n", "b=m"]}),
    ("x.^2 .* y ./ z", "x**2*y/z", {}),
    ("x.^2.*y", "x**2*y", VECTORS),
    ("A^2*x .* x", "(matrix_power(A, 2) @ x)*x", SQUARE),
    ("x'*A^-1*x", "x.T @ inv(A) @ x", SQUARE),
    ("2.*x*y", "2*x*y", VECTORS),
    ("1./x", "1/x", {}),
    ("exp.(x) .+ 1", "exp(x) + 1", {}),
    ("@(x) x.^2", "x**2", {}),
    ("f = @(x, y) x*y", "f = x*y", {}),
    ("x -> x^2", "x**2", {}),
    ("[1, 2; 3, 4] @ x", "[[1, 2], [3, 4]] @ x", {}),
    ("[1 2; 3 4] @ x", "[[1, 2], [3, 4]] @ x", {}),
    ("[1; 2] @ x", "[1, 2] @ x", {}),
    ("[1 2 3] @ x", "[1, 2, 3] @ x", {}),
    # Maxima, and percent
    ("sin(%pi*x)", "sin(pi*x)", {}),
    ("%e^x", "e**x", {}),
    ("x % y", "remainder(x, y)", {"at": "x=7,y=3"}),
    ("2*x % 3 + 1", "remainder(2*x, 3) + 1", {}),
    ("x %y", "remainder(x, y)", {}),
    ("mod(x, y)", "remainder(x, y)", {}),
    ("np.fmod(x, y) + math.remainder(x, y)", "fmod(x, y) + (x - y*round(x/y))", {}),
    ("x.clamp(min=0)", "max(x, 0)", {}),
    ("np.clip(x, a_min=0, a_max=1)", "clamp(x, 0, 1)", {}),
    ("F.softshrink(x, lambd=1)", "softshrink(x, 1)", {}),
    ("F.huber_loss(x, y, delta=2)", "mean(huber(x, y, 2))", VECTORS),
    ("F.smooth_l1_loss(x, y)", "mean(smooth_l1(x, y, 1))", VECTORS),
    ("scipy.special.huber(2, x)", "huber(x, 0, 2)", {}),
    ("F.kl_div(x, y)", "mean(rel_entr(y, exp(x)))", VECTORS),
    ("scipy.special.kl_div(x, y)", "kl_div(x, y)", {}),
    ("torch.special.xlogy(x, y)", "xlogy(x, y)", {}),
    # on paper
    ("||x||", "norm(x)", VECTORS),
    ("||x||^2", "norm(x)**2", {"at": "x=[3,4]"}),
    ("||x - y||_1", "norm1(x - y)", VECTORS),
    ("||x||_2^2", "norm(x)**2", VECTORS),
    ("||x||_inf", "norminf(x)", VECTORS),
    ("‖x‖", "norm(x)", VECTORS),
    ("2||x|| ||y||", "2*norm(x)*norm(y)", VECTORS),
    ("||A||_F", "norm(A)", SQUARE),
    ("||x| - 1|", "abs(abs(x) - 1)", {}),
    ("|x||y|", "abs(x)*abs(y)", {}),
    ("|x + |y||", "abs(x + abs(y))", {}),
    ("⟨x, y⟩", "x @ y", VECTORS),
    ("x ⊙ y", "x*y", VECTORS),
    ("4ε [ (σ/r)¹² − (σ/r)⁶ ]", "4*ε*((σ/r)**12 - (σ/r)**6)", {}),
    ("(x + 1) [y - max(a, b)]", "(x + 1)*(y - max(a, b))", {}),
    ("2 [x, y] @ [3, 4]", "2*[x, y] @ [3, 4]", {}),
    ("y = x².", "y = x**2", {}),
    ("float(x)/2", "x/2", {}),
    ("f = @(x) 1+0.1*(x(1).^2-x(2).^2);", "f = 1 + 0.1*(x[1]**2 - x[2]**2)", {"at": "x=[3,4]"}),
    ("@(x, y) y*sin(x(2))", "y*sin(x[2])", {"at": "x=[3,4],y=1"}),
    ("x·y", "x @ y", VECTORS),
    ("a·b", "a*b", {}),
    ("x^T A x", "x.T @ A @ x", {}),
    ("-x^T A x", "-x.T @ A @ x", {}),
    ("-y^T log(softmax(z))", "-y.T @ log(softmax(z))", {}),
    ("-y' X b", "-y.T @ X @ b", {}),
    ("x^T A x", "x.T @ A @ x", {"wrt": "x", "at": "x=[1,2],A=[[1,2],[3,4]]"}),
    ("x^T y", "x.T @ y", {}),
    ("x x^T", "outer(x, x)", {}),
    ("2 x^T x + c", "2*x.T @ x + c", {}),
    ("(A x - b)^T (A x - b)", "(A @ x - b).T @ (A @ x - b)", {}),
    ("xᵀ A x", "x.T @ A @ x", {}),
    ("x^⊤ A x", "x.T @ A @ x", {}),
    ("A^T", "A.T", SQUARE),
    ("x^T", "x**T", {"at": "x=2,T=3"}),
    ("x^T", "x**T", {}),
    ("x^T", "x**T", {"wrt": "T"}),
    ("e^T", "e**T", {}),
    ("P*(1+r)^T", "P*(1 + r)**T", {}),
    ("f(x, T) = x^T x", "f = x**T*x", {}),
    ("sum((A x - b)^2)", "sum((A @ x - b)**2)", {"wrt": "x", "shape": ["A=m,n", "x=n", "b=m"]}),
    ("norm(A x - b)^2", "norm(A @ x - b)**2", {}),
    ("A x", "A*x", {}),
    ("A x", "A @ x", SQUARE),
    ("x A x", "x @ A @ x", SQUARE),
    ("trace(A B)", "trace(A @ B)", {}),
    ("y = A x; y^T y", "y = A @ x; y.T @ y", SQUARE),
    ("sum(A^2)", "sum(A**2)", SQUARE),
    ("|x|", "abs(x)", VECTORS),
    ("σ(x)", "sigmoid(x)", {}),
    ("sigma(w*x + b)", "sigmoid(w*x + b)", {}),
    ("log_2(x) + log_b(x)", "log(x)/log(2) + log(x)/log(b)", {}),
    ("log7(5x) + log_7 (x) + log2 (x)", "log(5*x)/log(7) + log(x)/log(7) + log2(x)", {}),
    ("f(x) = x^2", "f = x**2", {}),
    ("f(x, y) := x*y", "f = x*y", {}),
    ("f(e) = e^2", "f = e**2", {}),
    ("f(x) = x^2; f(3) + f(y) + f(x)", "f = x**2; 3**2 + y**2 + f", {}),
    ("f(x) = (x + 1)^2 = x^2 + 2x + 1", "f = (x + 1)**2", {}),
    ("cosh(x) = (e^x + e^-x)/2", "(e**x + e**(-x))/2", {}),
    ("y = x^2", "y = x**2", {}),
    # words side by side
    ("x y", "x*y", {}),
    ("2 pi r", "2*pi*r", {}),
    ("alpha x_1", "alpha*x_1", {}),
    ("beta*x", "beta*x", {}),
    ("theta_max foo", "theta_max*foo", {}),
    ("foo bar", "foo*bar", {"at": "foo=1,bar=2"}),
    ("d/dx", "d/dx", {"at": "d=1,dx=2"}),
    ("sinx", "sinx", {"at": "sinx=1"}),
    ("2*cost", "2*cost", {}),
    ("F.T @ F", "F.T @ F", {"shape": ["F=n,n"]}),
    ("K.sum(axis=0)", "sum(K, axis=0)", {"shape": ["K=n,n"]}),
    ("np.T @ np", "np.T @ np", {"at": "np=[1,2]"}),
]  # fmt: skip


def posed(text: str, given: dict[str, Any]) -> Problem:
    """The problem that a text poses."""
    if "shape" in given:
        known = [one for one in given["shape"] if re.search(rf"(?<![^\W\d_]){one[0]}(?![^\W\d_])", text)]
        given = {**given, "shape": known}
    return pose(text, Limits(), **given)


def statements(problem: Problem) -> str:
    """A program in plain spelling."""
    return "; ".join(
        f"{one.name} = {to_text(one.body)}" if one.name else to_text(one.body) for one in problem.definitions
    )


@pytest.mark.parametrize(("text", "expected", "given"), READ)
def test_a_formula_is_read(text: str, expected: str, given: dict[str, Any]) -> None:
    assert statements(posed(text, given)) == expected


@pytest.mark.parametrize(("text", "expected", "given"), READ)
def test_its_reading_is_read_again(text: str, expected: str, given: dict[str, Any]) -> None:
    if "at" in given:
        given = {**given, "wrt": None}
    assert statements(posed(expected, given)) == expected


PLAIN = ["# the parabola\nx**2", "x**2", "K.sum(axis=0)", "2*cost", "y = x^2"]  # as they are


@pytest.mark.parametrize(("text", "expected", "given"), [row for row in READ if row[0] not in PLAIN])
def test_its_reading_is_shown(text: str, expected: str, given: dict[str, Any]) -> None:
    shown = reading(posed(text, given))
    assert text.replace("^", "**").split(" #")[0].strip() == expected or (shown or "").startswith(expected)


REFUSED: list[tuple[str, dict[str, Any], str, str, str | None]] = [
    # what other libraries have
    ("threshold(x, 1, 2)", {"at": 6}, "gradcalc has no function `threshold`", "threshold(x, 1, 2)",
     "write `where(x > 1, x, 2)`"),
    ("torch.median(x)", {}, "gradcalc has no function `torch.median`", "torch.median(x)",
     "write `median(x)`; of an even number gradcalc's is the mean of the two in the middle, this one the lower"),
    ("torch.linalg.slogdet(A)", {}, "gradcalc has no function `slogdet`", "torch.linalg.slogdet(A)",
     "write `log(abs(det(A)))`"),
    ("torch.linalg.cond(A)", {}, "gradcalc has no function `linalg.cond`", "torch.linalg.cond(A)",
     "write `spectral_norm(A)*spectral_norm(inv(A))`"),
    ("quantile(x, q)", {}, "gradcalc has no function `quantile`", "quantile(x, q)",
     "gradcalc functions lists those that it has"),
    ("dawsn(x)", {}, "gradcalc has no function `dawsn`", "dawsn(x)", "gradcalc functions lists those that it has"),
    ("rsqrt(x)", {}, "gradcalc has no function `rsqrt`", "rsqrt(x)", "write `1/sqrt(x)`"),
    ("dnorm(x)", {}, "gradcalc has no function `dnorm`", "dnorm(x)", "write `exp(-x**2/2)/sqrt(2*pi)`"),
    ("H(x)*x", {}, "gradcalc has no function `H`", "H(x)", "write `where(x > 0, 1, 0)`; for a product write `H*(x)`"),
    ("H(x, y)", {}, "`H` is not a function", "H(x, y)", "define it before: `H(x, y) = …`"),
    ("torch.var(x)", {}, "gradcalc has no function `torch.var`", "torch.var(x)",
     "write `var(x)`; gradcalc's divides by n, this one by n - 1"),
    ("var(x, ddof=1)", {}, "`var` takes no `ddof`", "ddof=1", "the variance divides by n here"),
    ("sin(x, axis=0)", {}, "`sin` takes no `axis`", "axis=0", "write `sin(x)`"),
    ("np.foo(x)", {}, "unknown function `np.foo`", "np.foo", "gradcalc functions lists all there are"),
    ("np.newaxis", {}, "`np.newaxis` is not part of the language", "np.newaxis",
     "leave it out, or write the formula that it stands for"),
    ("np.inf*x", {}, "`inf` is not a number here", "np.inf", "write a large number, such as `1e6`"),
    ("(f g)'(-3)", {}, "a derivative is not part of the language", "(f g)'", "write the function itself"),
    ("-p log_2 p", {}, "`log_2` is a function elsewhere", "log_2 p",
     "write `log_2(…)`, or `log_2*…` for a product"),
    ("y' = 2x", {}, "a derivative is not part of the language", "y'",
     "write the function itself: its derivative is what comes out"),
    ("derivative of x^3", {}, "a derivative is not part of the language", "derivative of",
     'write gradcalc diff "x^3"'),
    ("lim x->0 sin(x)/x", {}, "`lim` is not part of the language", "lim", LIMITS),
    ("20% of x", {}, "`%` stands between two values", "%", "write `20/100*x`"),
    ("5 choose 2", {}, "`choose` is not part of the language", "choose",
     "write `gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1))`"),
    ("sum(x[i]**2 for i in range(3))", {}, "`for` is not part of the language", "for",
     "write `sum(x**2)` for all elements of x, or every term"),
    ("a*b^T", VECTORS | {"shape": ["a=n", "b=n"]}, "it is unclear which product of vectors this is", "a*b^T",
     "write `outer(a, b)` or `a*b`"),
    ("norm(A*x - b)^2", {"shape": ["A=3,2", "x=2", "b=3"]}, "shapes (3, 2) and (3,): do not broadcast", "A*x",
     "for the product of matrices write `A @ x`"),
    ("length(x)", VECTORS, "gradcalc has no function `length`", "length(x)", "write the number of elements"),
    ("LOG(x)", {}, "unknown function `LOG`", "LOG", "did you mean `log`?"),
    ("sum(x[1:]-x[:-1])", {"at": "x=[1,2,4]"}, "elements are counted from 1", "-1", "the first one is `x[1]`"),
    ("x[0]", VECTORS, "elements are counted from 1", "0", "the first one is `x[1]`"),
    ("x[-1]", VECTORS, "elements are counted from 1", "-1", "the first one is `x[1]`"),
    ("A/sum(A, axis=1, keepdims=True)", SQUARE, "dimensions that are kept are not part of the language",
     "sum(A, axis=1, keepdims=True)", "write `(A.T/sum(A, axis=1)).T` for rows, for instance"),
    # what gradcalc does not do
    ("d/dx sin(x)", {"at": 1}, "a derivative is not part of the language", "d/dx", "write `sin(x)` and --wrt x"),
    ("d/dx x^2 + 1", {}, "a derivative is not part of the language", "d/dx", "write `x^2 + 1` and --wrt x"),
    ("d^2/dx^2 sin(x)", {}, "a derivative is not part of the language", "d^2/dx", "write `sin(x)` and --wrt x"),
    ("d(x^2)/dx", {}, "a derivative is not part of the language", "d(x^2)/dx", "write `x^2` and --wrt x"),
    ("dy/dx", {}, "a derivative is not part of the language", "dy/dx", "write the function itself"),
    ("(d/dx) x", {}, "a derivative is not part of the language", "d/dx", "write the function itself"),
    ("f'(x)", {}, "a derivative is not part of the language", "f'", "write the function itself"),
    ("x'", {}, "`'` transposes an array, and this is none", "x'",
     "write the function itself: its derivative is what comes out; an array is transposed with `.T`"),
    ("diff(sin(x), x)", {}, "a derivative is not part of the language", "diff(sin(x), x)",
     'write gradcalc diff "sin(x)" --wrt x'),
    ("D[x^2, x]", {}, "a derivative is not part of the language", "D[x^2, x]", 'write gradcalc diff "x**2" --wrt x'),
    ("grad(x^2)", {}, "a derivative is not part of the language", "grad(x^2)", 'write gradcalc diff "x**2"'),
    ("integrate(x, x)", {}, "gradcalc has no function `integrate`", "integrate(x, x)",
     INTEGRALS),
    ("Integrate[x, x]", {}, "gradcalc has no function `integrate`", "Integrate[x, x]", INTEGRALS),
    ("int(x^2, x)", {}, "gradcalc has no function `int`", "int(x^2, x)", INTEGRALS),
    ("int(x)", {}, "gradcalc has no function `int`", "int(x)", "write `trunc(x)`"),
    ("int x^2 dx", {}, "`int` is not part of the language", "int", INTEGRALS),
    ("int_0^1 x^2 dx", {}, "`int` is not part of the language", "int", INTEGRALS),
    ("integral of x^2", {}, "`integral` is not part of the language", "integral", INTEGRALS),
    ("quad(lambda x: x**2, 0, 1)", {}, "`quad` is not part of the language", "quad", INTEGRALS),
    ("∫ x dx", {}, "unexpected `∫`", "∫", INTEGRALS),
    (r"\int_0^1 x^2 \, dx", {}, r"`\int` is not part of the language", r"\int", INTEGRALS),
    ("limit(1/x, x)", {}, "gradcalc has no function `limit`", "limit(1/x, x)", LIMITS),
    ("lim x->0 sin(x)/x", {}, "`lim` is not part of the language", "lim", LIMITS),
    ("lim(x->0) sin(x)/x", {}, "`lim` is not part of the language", "lim", LIMITS),
    ("lim_{x->0} sin(x)/x", {}, "`lim` is not part of the language", "lim", LIMITS),
    ("Limit[Sin[x]/x, x -> 0]", {}, "`Limit` is not part of the language", "Limit", LIMITS),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", {}, r"`\lim` is not part of the language", r"\lim", LIMITS),
    ("series(exp(x), x, 0, 5)", {}, "gradcalc has no function `series`", "series(exp(x), x, 0, 5)", SERIES),
    ("Series[Exp[x], {x, 0, 5}]", {}, "gradcalc has no function `series`", "Series[Exp[x], {x, 0, 5}]", SERIES),
    ("taylor(sin(x), x, 0, 5)", {}, "gradcalc has no function `taylor`", "taylor(sin(x), x, 0, 5)", SERIES),
    ("taylor series of sin(x)", {}, "`taylor` is not part of the language", "taylor", SERIES),
    ("solve(x^2 = 4, x)", {}, "`solve` is not part of the language", "solve", SOLUTIONS),
    ("argmax(x)", {}, "gradcalc has no function `argmax`", "argmax(x)", "it has no derivative"),
    ("abs(a + b*1j)", {}, "complex numbers are not part of the language", "1j", "for a product write `1*j`"),
    ("Sin[I x]", {}, "complex numbers are not part of the language", "I",
     "write both parts as formulas of their own"),
    ("%i*x", {}, "complex numbers are not part of the language", "%",
     "write both parts as formulas of their own"),
    # run together
    ("sinx", {}, "`sinx` is one name, and it has no value", "sinx", "write `sin(x)`, or --wrt sinx"),
    ("lnx", {"at": 2}, "`lnx` is one name, and it has no value", "lnx", "write `ln(x)`, or --wrt lnx"),
    ("2sinxcosx", {}, "`sinxcosx` is one name, and it has no value", "sinxcosx",
     "write `sin(x)*cos(x)`, or --wrt sinxcosx"),
    ("xlnx", {}, "`xlnx` is one name, and it has no value", "xlnx", "write `x*ln(x)`, or --wrt xlnx"),
    ("sin2x", {}, "`sin2x` is one name, and it has no value", "sin2x", "write `sin(2*x)`, or --wrt sin2x"),
    ("costheta", {}, "`costheta` is one name, and it has no value", "costheta",
     "write `cos(theta)`, or --wrt costheta"),
    ("import os", {}, "two words side by side", "import os", "for a product write `import*os`"),
    ("log det A", {}, "`det` is a function and needs an argument", "det", "write `det(A)`"),
    ("cos^3*(sin*(2*x))", {}, "`cos` is a function and needs an argument", "cos", "write `cos(x)`"),
    ("x(x+1)", {"at": 1}, "`x` is not a function", "x", "for a product write `x*(x+1)`"),
    ("f(x, y)", {}, "`f` is not a function", "f", "define it before: `f(x, y) = …`"),
    ("4/3*pi*r(t)^3", {}, "`r` is not a function", "r",
     "for a product write `r*(t)`; what changes with t is written alone, and its rate with --direction r=…"),
    # percent
    ("5%*x", {}, "`%` stands between two values", "%", "5% is 0.05; the remainder of x by y is `x % y`"),
    ("x % -3", {}, "`%` stands between two values", "%", "5% is 0.05; the remainder of x by y is `x % y`"),
    ("x%", {}, "`%` stands between two values", "%", "5% is 0.05; the remainder of x by y is `x % y`"),
    ("%x", {}, "`%` stands between two values", "%", "5% is 0.05; the remainder of x by y is `x % y`"),
    # more than one meaning
    ("b.T @ A^-1 @ b", {}, "it is unclear what a negative power of a matrix is", "A^-1", "write `inv(A)` or `1/A`"),
    ("A⁻¹ x", SQUARE, "it is unclear what a negative power of a matrix is", "A⁻¹", "write `inv(A)` or `1/A`"),
    ("trace(A^2)", SQUARE, "it is unclear what a power of a matrix is", "A^2",
     "write `matrix_power(A, 2)` or `A**2`"),
    ("|A|", SQUARE, "it is unclear what bars around a matrix are", "|A|", "write `det(A)` or `abs(A)`"),
    ("||A||_2", SQUARE, "it is unclear which norm of a matrix this is", "||A||",
     "write `norm(A)` or `spectral_norm(A)`"),
    ("x y", VECTORS, "two vectors side by side", "x y", "write `x.T @ y` or `x*y`"),
    ("x^T y^T", VECTORS, "two vectors side by side", "x^T y^T", "write `x.T @ y.T` or `x.T*y.T`"),
    ("A × A", SQUARE, "it is unclear which product of matrices this is", "A × A", "write `A @ A` or `A*A`"),
    ("x @ x^T", VECTORS, "it is unclear which product of vectors this is", "x @ x^T",
     "write `outer(x, x)` or `x @ x.T`"),
    ("x^T*A*x", {}, "it is unclear whether `T` transposes this", "x^T",
     "write `x.T` where it is transposed, or give T a value"),
    ("f(x, y) = x²y + xy²", {}, "`xy` is one name, and it has no value", "xy", "for a product write `x*y`"),
    ("[x y]", {}, "it is unclear whether these are two elements or a product", "x y",
     "write a comma or a `*` between them"),
    ("f(x) = x^2 = 4", {}, "it is unclear which side is the definition", "= 4", "leave one of the sides out"),
    ("sigma(x) + sigma", {}, "`sigma` is not a function", "sigma", "for a product write `sigma*(x)`"),
    ("where(x > 0 || y > 0, 1, 2)", {}, "`||` is not part of the language", "||",
     "write `where(x > 0, where(y > 0, a, b), b)`"),
    ("f(x) = x; f(x, y)", {}, "`f` takes 1, found 2", "f(x, y)", "write `f(x)`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "message", "place", "hint"), REFUSED)
def test_what_has_no_one_meaning_is_refused(
    text: str, given: dict[str, Any], message: str, place: str, hint: str | None
) -> None:
    error = refused(text, given)
    assert error.span is not None
    assert (error.message, text[error.span.start : error.span.end], error.hint) == (message, place, hint)


def refused(text: str, given: dict[str, Any]) -> GradcalcError:
    """The error that a text meets."""
    with pytest.raises(GradcalcError) as raised:
        posed(text, given)
    return raised.value


APART = [  # arrays whose elements are parted by commas: a space is then a product
    ("[r cos(t), r sin(t)]", "[r*cos(t), r*sin(t)]"),
    ("[x y, x + y]", "[x*y, x + y]"),
    ("[[a b, c], [d, a c]]", "[[a*b, c], [d, a*c]]"),
]


@pytest.mark.parametrize(("text", "read"), APART)
def test_a_space_between_commas_is_a_product(text: str, read: str) -> None:
    assert to_text(pose(text, Limits()).root) == read


def test_a_transposed_sum_before_a_sum_is_a_product() -> None:
    assert to_text(pose("(A x-b)^T(A x-b)", Limits()).root) == "(A @ x - b).T @ (A @ x - b)"
