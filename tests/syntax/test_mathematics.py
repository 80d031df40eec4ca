"""Letters that are functions, stars that transpose, double sums: what LaTeX leaves to whoever reads it."""

from __future__ import annotations

from typing import Any

import pytest

from gradcalc.base.errors import GradcalcError
from gradcalc.base.limits import Limits
from gradcalc.inputs.pose import pose
from gradcalc.problem.problem import plain

READ: list[tuple[str, str, dict[str, Any]]] = [
    # letters before a bracket
    (r"\zeta(x) + \zeta(s, a)", "zeta(x, 1) + zeta(s, a)", {}),
    (r"2\zeta(1+x) + \zeta", "2*zeta*(1 + x) + zeta", {}),
    (r"J_0(x) + J_{2}(\beta r)", "besselj(0, x) + besselj(2, beta*r)", {}),
    (r"J_\nu(x)^2", "besselj(nu, x)**2", {"wrt": "x"}),
    (r"J_{n+1}(x) - Y_n(x)", "besselj(n + 1, x) - bessely(n, x)", {"wrt": "x"}),
    (r"\pi J_1^2(x)", "pi*besselj(1, x)**2", {}),
    (r"I_0(\kappa) + K_{1}(\kappa)", "besseli(0, kappa) + besselk(1, kappa)", {}),
    (r"I = I_0(e^{v} - 1)", "I = I_0*(e**v - 1)", {}),
    (r"2\cdot I_x(a, b)", "2*betainc(a, b, x)", {"wrt": "x"}),
    (r"W_{-1}(x) + W_0(x) \cdot \alpha", "lambertw(x, -1) + lambertw(x, 0)*alpha", {}),
    (r"\mathrm{E}_1(x) + \operatorname{Ei}(x)", "expint(1, x) + expi(x)", {}),
    (r"\psi(x) + \psi_1(x) + \psi^{(2)}(x)", "digamma(x) + polygamma(1, x) + polygamma(2, x)", {}),
    (r"\psi_0(\frac{x}{2})", "digamma(x/2)", {}),
    (r"\Gamma(x)\Gamma(a, x)", "gamma(x)*(gammaincc(a, x)*gamma(a))", {"wrt": "x"}),
    (r"\gamma(a, x)", "gammainc(a, x)*gamma(a)", {"wrt": "x"}),
    (r"\mathrm{B}(x, y) + \alpha B(x, y)", "beta(x, y) + alpha*beta(x, y)", {}),
    (r"\Phi(x) + \Phi^{-1}(p)", "ndtr(x) + ndtri(p)", {}),
    (r"\operatorname{erf}^{-1}(x)", "erfinv(x)", {}),
    (r"\sigma_g(W x)", "sigmoid(W*x)", {}),
    (r"\operatorname{erf}(x)\operatorname{erfc}(x) + \operatorname{sgn}(x)", "erf(x)*erfc(x) + sign(x)", {}),
    (r"x \bmod 3", "remainder(x, 3)", {}),
    (r"\zeta(1+x)", "zeta*(1 + x)", {"wrt": "zeta"}),
    ("J_0(x) + J₁(x)", "besselj(0, x) + besselj(1, x)", {}),
    ("log_b(J_0(x))", "log(besselj(0, x))/log(b)", {}),
    ("J_1(x) = x^2; J_1(3)*x", "J_1 = x**2; 3**2*x", {}),
    (r"K_{1/2}(x) + \alpha", "besselk(1/2, x) + alpha", {}),
    ("Γ(x) + ζ(x) + Φ(x) + ψ(x) + B(x, y)", "gamma(x) + zeta(x, 1) + ndtr(x) + digamma(x) + beta(x, y)", {}),
    # a function's name that is a factor too
    (r"P(t) = P\left(1+r\right)^{t}", "P*(1 + r)**t", {}),
    (r"f(x) = f_0 e^{-x}", "f = f_0*e**(-x)", {}),
    (r"f(t) = A\sin(2\pi f t)", "A*sin(2*pi*f*t)", {}),
    ("f(t) = A*sin(2*pi*f*t)", "A*sin(2*pi*f*t)", {}),
    (r"f(x) = x^2 \\ g = f + 1", "f = x**2; g = f + 1", {}),
    ("f(x) = x^2; f(3) + x", "f = x**2; 3**2 + x", {}),
    # numbers and concentrations that are written like functions
    (r"0.023\,\mathrm{Re}^{0.8}\,\mathrm{Pr}^{0.4}", "0.023*Re**0.8*Pr**0.4", {}),
    (r"\frac{V_{\max}[S]}{K_m + [S]}", "V_max*S/(K_m + S)", {}),
    # stars and crosses
    (r"x^\ast A x", "x.T @ A @ x", {}),
    (r"x^{*} A x + \alpha", "x.T @ A @ x + alpha", {}),
    (r"\left(A^{*}A\right)^{-1}A^{*}b", "inv(A.T @ A) @ A.T @ b", {}),
    (r"x^{\ast} y", "x.T @ y", {"shape": ["x=n", "y=n"]}),
    (r"\alpha (A B)^\ast", "alpha*(A @ B).T", {}),
    (r"\|x - x^*\|^2", "norm(x - x_star)**2", {}),
    (r"\theta^* x", "theta_star*x", {}),
    (r"\alpha p^* q - p q^*", "alpha*p_star*q - p*q_star", {}),
    (r"x^{\ast} A x", "x_star @ A @ x", {"shape": ["x_star=n", "A=n,n", "x=n"]}),
    (r"\|a \times b\|", "norm(cross(a, b))", {}),
    (r"\vec{a}\cdot(\vec{b}\times\vec{c})", "a @ cross(b, c)", {}),
    ("x × y", "cross(x, y)", {"shape": ["x=3", "y=3"]}),
    ("x × y", "x*y", {}),
    (r"\|A\|_*", "nuclear_norm(A)", {}),
    # sums over two indices, and over what is called like a constant
    (r"\sum_{ij}(A_{ij}-u_i v_j)^2", "sum(sum((A - outer(u, v))**2, axis=1))", {}),
    (r"\sum_{ij}(A_{ij}-u_i v_j)^2", "sum(sum((A - outer(u, v))**2, axis=1))", {"shape": ["A=2,3", "u=2", "v=3"]}),
    (r"\sum_{i,j} (x_i - y_j)^2", "sum(sum((outer(x, ones(n)) - y)**2, axis=1))", {}),
    (r"\sum_{ij} w_{ij}(x_i - x_j)^2", "sum(sum(w*(outer(x, ones(m)) - x)**2, axis=1))", {}),
    (r"\sum_{i,j} \left(X_{ij} - \sum_k U_{ik} V_{jk}\right)^2", "sum(sum((X - U @ V.T)**2, axis=1))", {}),
    (r"\sum_{i,j=1}^{n} A_{ij} x_i x_j", "sum(x*(A @ x))", {}),
    (r"\sum_{i,j} M_{ij}(A_{ij} - u_i v_j - b_i)^2",
     "sum(sum(M*(A - outer(u, v) - outer(b, ones(n)))**2, axis=1))", {}),
    (r"\|A - u v^\top\|_F^2", "norm(A - outer(u, v))**2", {}),
    (r"\sum_k \pi_k \mu_k", "sum(pi_k*mu)", {}),
    (r"\log\frac{\pi_k}{\sum_j \pi_j} + \pi", "log(pi_j/sum(pi_j)) + pi", {}),
    (r"\max_{1\le i\le n} x_i", "amax(x)", {}),
    (r"\underset{i}{\max}\, x_i", "amax(x)", {}),
    (r"y \overset{\text{def}}{=} x^2", "y = x**2", {}),
    # what the shapes that are assumed settle
    (r"\operatorname{tr}(X) + \alpha \|X^{-1}\|", "trace(X) + alpha*norm(inv(X))", {}),
    (r"\lVert A(x - x_0) \rVert_2", "norm(A @ (x - x_0))", {}),  # elements are counted from 1
    (r"\theta_0 + \theta^{\top} x", "theta_0 + theta.T @ x", {}),
    (r"\frac{1}{2} m_{per\_m} (v_{final}^2 - v_{initial}^2)", "1/2*m_per_m*(v_final**2 - v_initial**2)", {}),
    (r"\max_{1 \le i \le n} x_i - \min_a Q_a", "amax(x) - amin(Q)", {}),
    (r"\text{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)V", "softmax(Q @ K.T/sqrt(d_k)) @ V", {}),
    (r"\mathrm{softmax}(W x + b)", "softmax(W @ x + b)", {}), (r"\mathrm{softmax}(z / \tau)", "softmax(z/tau)", {}),
    (r"\underbrace{x^2 + 1}_{\text{the data}, \alpha} + \overbrace{y}^{b}", "x**2 + 1 + y", {}),
    (r"\ln\mathopen{}\left(x\right)\mathclose{} \mathinner{\frac{x}{y}}", "log(x)*(x/y)", {}),
    (r"l \mbox{ } e^{-r} \text{ } r", "l*e**(-r)*r", {}), (r"\frac{a}{d x} + d x", "a/(d*x) + d*x", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "given"), READ)
def test_what_has_one_meaning_is_read(text: str, expected: str, given: dict[str, Any]) -> None:
    assert plain(pose(text, Limits(), **given)) == expected


REFUSED = [
    (r"W(x) + \alpha", "this may be a product", "W",
     r"for a product write `W \cdot (x)`, for the function `\operatorname{lambertw}(x)`"),
    (r"\sigma_{\max}(A)", "this may be a product", r"\sigma_{\max}",
     r"for a product write `\sigma_{\max} \cdot (A)`, for the function `\operatorname{spectral\_norm}(A)`"),
    (r"P(a, x) \cdot 2", "`P` is not a function", "P", r"write `\operatorname{gammainc}(a, x)`"),
    (r"P(n) = P(n-1) + \alpha", "`P` is defined by itself", "P",
     "give the new value another name; an equation, to derive implicitly, is written the other way round: "
     r"`P(n-1) + \alpha = P`"),
    ("N(d)", "gradcalc has no function `N`", "N(d)", "write `ndtr(d)`; for a product write `N*(x)`"),
    ("x^* A x", "expected a value, found `*`", "*", "write `x.T` where it is transposed, `x_star` for a name"),
    (r"\mathrm{Re}(z)", "complex numbers are not part of the language", r"\mathrm{Re}",
     "write both parts as formulas of their own"),
    (r"\alpha (A - A^*)", "it is unclear whether `*` transposes this", "A^*",
     "write `A.T` where it is transposed, or give A_star a value"),
    (r"A^{\dagger} b", r"it is unclear what `^{\dagger}` means", r"{\dagger}",
     r"write `A^{\top}` or `\operatorname{pinv}(A)`"),
    (r"A^{+} b", "it is unclear what `^{+}` means", "{+}",
     r"write `\operatorname{pinv}(A)` or `\max(A, 0)`"),
    (r"\|W\|_2^2", "it is unclear which norm of a matrix this is", r"\|W\|_2",
     "write `norm(W)` or `spectral_norm(W)`"),
    (r"\operatorname{tr}(A) e^{A}", "it is unclear what a matrix as an exponent is", "e^{A}",
     "write `expm(A)` or `e**A`"),
    (r"\sum_{i<j} (x_i-x_j)^2", "a sum over pairs is not part of the language", "i<j",
     r"write every term out, or bounds for each index: `\sum_{i=1}^{3} \sum_{j=1}^{3} x_i y_j`"),
    (r"\underset{x}{\arg\min}\ f(x)", r"`\arg` is not part of the language", r"\arg",
     "argmin and argmax have no derivative"),
    (r"\operatorname{Tr} e^{-x^2/2}", "it is unclear what a matrix as an exponent is", "e^{-x^2/2}",
     "write `expm(-matrix_power(x, 2)/2)` or `e**(-matrix_power(x, 2)/2)`"),
    *[(text, f"{what} over a variable is not part of the language", place, "write the function itself")
      for text, what, place in [
          (r"\min_{x} x^2 + 1", "a minimum", r"\min_{x} x^2"),
          (r"\max_\theta \theta(1 - \theta)", "a maximum", r"\max_\theta \theta(1 - \theta)"),
          (r"\min_{x, y} (x^2 + y^2)", "a minimum", r"\min_{x, y} (x^2 + y^2)"),
          (r"\min_{\lVert x \rVert \le 1} x^2", "a minimum", r"\lVert x \rVert \le 1"),
          (r"\underset{w}{\max} w - w^2", "a maximum", r"\underset{w}{\max} w")]],
    *[(text, f"`{word}` is not part of the language", word, "the extrema are among the points where the Lagrangian is "
       f"stationary: gradcalc critical '{lagrangian}'")
      for text, word, lagrangian in [
          ("maximize x*y subject to x + y = 10", "subject to", "x*y - lam*(x + y - 10)"),
          ("f(x, y) = x^2 - y, s.t. x*y = z + 1", "s.t.", "x^2 - y - lam*(x*y - (z + 1))"),
          (r"x y \text{ s.t. } x^{2} = 0", r"\text{ s.t. }", r"x y - \lambda (x^{2})")]],
    *[(text, f"`{what}` is not part of the language", place, "write the function itself")
      for text, what, place in [
          (r"\text{minimize } x^2", "minimize", r"\text{minimize }"),
          (r"\underset{w}{\mathrm{Maximise}} w", "Maximise", r"\mathrm{Maximise}"),
          (r"\operatorname*{arg\,min}_x x^2", r"arg\,min", r"\operatorname*{arg\,min}"),
          (r"\mathop{\mathrm{argmax}}_x x", "argmax", r"\mathrm{argmax}"), ("minimize x^2", "minimize", "minimize")]],
    (r"\operatorname{tr}(\sqrt{A B})", "the root of a matrix is not part of the language", r"\sqrt{A B}",
     "write `sqrt(A @ B)` for that of each element"),
    (r"\operatorname{tr}((A B)^{1/2})", "this power of a matrix is not part of the language", r"(A B)^{1/2}",
     "write `(A @ B)**(1/2)` for that of each element"),
    *[(text, "a differential is not part of the language", place,
       rf"leave it out, or write `d \cdot {name}` for a product")
      for text, place, name in [(r"x^2 \, dx", "dx", "x"), (r"x^2 \,\mathrm{d}x", r"\mathrm{d}x", "x"),
                                (r"\theta \mathrm{d} \theta", r"\mathrm{d} \theta", r"\theta")]],
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "place", "hint"), REFUSED)
def test_what_has_several_meanings_is_asked(text: str, message: str, place: str, hint: str) -> None:
    with pytest.raises(GradcalcError) as raised:
        pose(text, Limits())
    error = raised.value
    assert error.span is not None
    assert (error.message, text[error.span.start : error.span.end], error.hint) == (message, place, hint)
