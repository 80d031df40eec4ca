"""Functions of other libraries that gradcalc lacks, with what to write instead."""

from __future__ import annotations

from gradcalc.functions.elsewhere import rows
from gradcalc.syntax.beyond import INTEGRALS, LIMITS, SERIES

STEP = "where(x > 0, 1, 0)"
POPULATION = "gradcalc's divides by n, this one by n - 1"

LACKING = rows(f"""
    threshold(x, t, v) = where(x > t, x, v)
    prelu(x, a) = where(x > 0, x, a * x)
    softmin(x) = softmax(-x)
    xlog1py(x, y) = x * log1p(y)
    logcosh log_cosh(x) = log(cosh(x))
    logmeanexp(x) = log(mean(exp(x)))
    mae(x, y) = mean(abs(x - y))
    rmse(x, y) = sqrt(mean((x - y)**2))
    lerp(x, y, t) = x + t * (y - x)
    dist(x, y) = norm(x - y)
    quad_form(x, p) = x.T @ p @ x
    sum_squares sum_of_squares sumsq(x) = sum(x**2)
    frobenius(x) = norm(x)
    rsqrt(x) = 1 / sqrt(x)
    sqr(x) = x**2
    cube(x) = x**3
    root nthroot surd(x, n) = x**(1 / n)
    expf(x) = exp(x)
    fma(x, y, z) = x * y + z
    Sinc(x) = sin(x) / x
    versin(x) = 1 - cos(x)
    haversin(x) = (1 - cos(x)) / 2
    sind(x) = sin(x * pi / 180)
    cosd(x) = cos(x * pi / 180)
    tand(x) = tan(x * pi / 180)
    cis conj real imag(x) = - -- complex numbers are not part of the language
    step unit_step(x) = {STEP}
    lg(x) = - -- write `log10(x)`, or `log2(x)`
    H(x) = {STEP} -- for a product write `H*(x)`
    N(x) = ndtr(x) -- for a product write `N*(x)`
    W(x) = lambertw(x) -- for a product write `W*(x)`
    binom comb nchoosek choose(n, k) = gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1))
    dnorm normpdf norm_pdf(x) = exp(-x**2 / 2) / sqrt(2 * pi)
    dnorm(x, m, s) = exp(-((x - m) / s)**2 / 2) / (s * sqrt(2 * pi))
    squeeze(x) = - -- leave it out
    dawsn erfi Si Ci Shi Chi Li(x) = -
    rank(x) = - -- it has no derivative
    numel length len(x) = - -- write the number of elements
    binomial(n, k) = gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1))
    crossprod(x, y) = x.T @ y
    sd(x) = sqrt(var(x)) -- {POPULATION}
    Variance torch.var(x) = var(x) -- {POPULATION}
    torch.std(x) = std(x) -- {POPULATION}
    torch.median(x) = median(x) -- of an even number gradcalc's is the mean of the two in the middle, this one the lower
    pairwise_distance(x, y) = norm(x - y)
    cosine_embedding_loss(x, y) = 1 - cosine_similarity(x, y)
    triplet_margin_loss(a, p, n) = relu(norm(a - p) - norm(a - n) + 1)
    layer_norm(x, n) = (x - mean(x)) / sqrt(var(x) + 0.00001)
    slogdet(a) = log(abs(det(a)))
    lstsq(a, b) = pinv(a) @ b
    linalg.cond(a) = spectral_norm(a) * spectral_norm(inv(a))
    tensordot(a, b) = sum(a * b)
    multi_dot(a) = - -- write products with `@`
    matrix_rank one_hot(a) = - -- it has no derivative
    dropout(x, p) = - -- random numbers are not part of the language
    bmm(x, y) = x @ y
    einsum(x) = - -- write products with `@`, and sums with `sum`
    eigvals eigh eig(a) = - -- eigvalsh has the eigenvalues of a symmetric matrix: write `eigvalsh(A)`
    svd(a) = - -- write `svdvals(A)` for the singular values
    qr logm sqrtm(a) = -
    quantile percentile convolve(x, q) = -
    airy spence ellipk ellipe(x) = -
    struve(n, x) = -
    hyp2f1(a, b, c, x) = -
    detach(x) = - -- a gradient that is stopped is `gradcalc nograd`
    item expand(x) = - -- leave it out
    argmax argmin argsort(x) = - -- it has no derivative
    sample(x) = - -- random numbers are not part of the language
    rand randn(n) = - -- random numbers are not part of the language
    integrate Integrate integral Integral antiderivative quad trapz(x) = - -- {INTEGRALS}
    int(x) = trunc(x)
    int(f, x) = - -- {INTEGRALS}
    int(f, x, a, b) = - -- {INTEGRALS}
    limit Limit lim(x) = - -- {LIMITS}
    series Series taylor Taylor maclaurin Maclaurin mtaylor(f) = - -- {SERIES}
    solve_ivp dsolve(x) = - -- differential equations are not part of the language
    simplify(x) = - -- leave it out: what comes out is simplified
    Sum(x) = - -- write every term, or `sum(x)` of an array
    Product(x) = - -- write every factor, or `prod(x)` of an array
    Piecewise piecewise(x) = - -- write `where(x > 0, a, b)`
""")
