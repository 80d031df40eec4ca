"""Functions of other libraries: what the same is called here, and the formula where gradcalc has no function for it."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.syntax.beyond import INTEGRALS, LIMITS, SERIES

STEP = "where(x > 0, 1, 0)"
POPULATION = "gradcalc's divides by n, this one by n - 1"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A function by the name that it has elsewhere, in gradcalc's own terms; `words` say what else is to be known."""

    name: str
    parameters: tuple[str, ...]
    formula: str | None = None
    words: str | None = None


def _rows(table: str) -> tuple[Elsewhere, ...]:
    """Rows of a table: `names(parameters)`, their formula or `-`, and words behind `--`."""
    rows: list[Elsewhere] = []
    for line in filter(None, map(str.strip, table.splitlines())):
        head, _, rest = line.partition(" = ")
        formula, _, words = rest.partition(" -- ")
        names, _, parameters = head.strip().removesuffix(")").partition("(")
        listed = tuple(filter(None, map(str.strip, parameters.split(","))))
        known = None if formula.strip() == "-" else formula.strip()
        rows += [Elsewhere(name, listed, known, words.strip() or None) for name in names.split()]
    return tuple(rows)


SAME = _rows("""
    hstack(a, b)     = concat(a.T, b.T).T
    float double(x)  = x
    power(x, y)      = x**y
    log(x, b)        = log(x) / log(b)
    Log(x)           = log(x)
    Log(b, x)        = log(x) / log(b)
    ArcTan(x)        = atan(x)
    ArcTan(x, y)     = atan2(y, x)
    PolyGamma(x)     = digamma(x)
    PolyGamma(n, x)  = polygamma(n, x)
    fabs(x)          = abs(x)
    absolute(x)      = abs(x)
    signum(x)        = sign(x)
    square(x)        = x**2
    reciprocal(x)    = 1 / x
    negative(x)      = -x
    exp2(x)          = 2**x
    exp10(x)         = 10**x
    subtract(x, y)   = x - y
    multiply(x, y)   = x * y
    divide(x, y)     = x / y
    true_divide(x, y) = x / y
    radians(x)       = x * pi / 180
    deg2rad(x)       = x * pi / 180
    degrees(x)       = x * 180 / pi
    rad2deg(x)       = x * 180 / pi
    reduce_sum(x)    = sum(x)
    reduce_mean(x)   = mean(x)
    reduce_prod(x)   = prod(x)
    reduce_max(x)    = max(x)
    reduce_min(x)    = min(x)
    reduce_logsumexp(x) = logsumexp(x)
    log_sum_exp(x)   = logsumexp(x)
    vdot inner(x, y) = dot(x, y)
    mse_loss(x, y)   = mean(mse(x, y))
    l1_loss(x, y)    = mean(abs(x - y))
    binary_cross_entropy(x, y) = mean(bce(x, y))
    norm(x, p)       = sum(abs(x)**p)**(1 / p)
    vector_norm(x)   = norm(x)
    vector_norm(x, p) = sum(abs(x)**p)**(1 / p)
    matrix_norm(x)   = norm(x)
    vecdot(x, y)     = dot(x, y)
    average(x)       = mean(x)
    ptp(x)           = max(x) - min(x)
    float_power(x, y) = x**y
    addmm addmv(c, a, b) = c + a @ b
    addcmul(x, y, z) = x + y * z
    addcdiv(x, y, z) = x + y / z
    softplus(x, b)   = softplus(b * x) / b
    log1pexp(x)      = softplus(x)
    rgamma(x)        = 1 / gamma(x)
    poch(x, n)       = gamma(x + n) / gamma(x)
    boxcox(x, l)     = (x**l - 1) / l
    cosm1(x)         = -2 * sin(x / 2)**2
    sinpi(x)         = sin(pi * x)
    cospi(x)         = cos(pi * x)
    pseudo_huber(d, x) = d**2 * (sqrt(1 + (x / d)**2) - 1)
    soft_margin_loss(x, y) = mean(softplus(-x * y))
    poisson_nll_loss(x, y) = mean(exp(x) - y * x)
    gaussian_nll_loss(x, y, v) = mean(log(v) + (x - y)**2 / v) / 2
    margin_ranking_loss(x, y, t) = mean(relu(-t * (x - y)))
    mod(x, y)        = remainder(x, y)
    clip_by_value(x, low, high) = clamp(x, low, high)
    clamp_min(x, low) = max(x, low)
    clamp_max(x, high) = min(x, high)
    rint(x)          = round(x)
    fix(x)           = trunc(x)
    math.remainder(x, y) = x - y * round(x / y)
    norm_cdf pnorm(x) = ndtr(x)
    qnorm norminv normppf norm_ppf(p) = ndtri(p)
    erfcinv(x)       = -ndtri(x / 2) / sqrt(2)
    bessel_j0 j0(x)  = besselj(0, x)
    bessel_j1 j1(x)  = besselj(1, x)
    bessel_y0 y0(x)  = bessely(0, x)
    bessel_y1 y1(x)  = bessely(1, x)
    modified_bessel_k0 k0(x) = besselk(0, x)
    modified_bessel_k1 k1(x) = besselk(1, x)
    scaled_modified_bessel_k0 k0e(x) = exp(x) * besselk(0, x)
    scaled_modified_bessel_k1 k1e(x) = exp(x) * besselk(1, x)
    jn BesselJ(n, x) = besselj(n, x)
    yn BesselY(n, x) = bessely(n, x)
    BesselI(n, x)    = besseli(n, x)
    BesselK(n, x)    = besselk(n, x)
    expint exp1 E1(x) = expint(1, x)
    lowergamma(a, x) = gammainc(a, x) * gamma(a)
    uppergamma(a, x) = gammaincc(a, x) * gamma(a)
    GammaRegularized(a, x) = gammaincc(a, x)
    BetaRegularized(x, a, b) = betainc(a, b, x)
    li(x)            = expi(log(x))
    huber_loss(x, y) = mean(huber(x, y, 1))
    huber_loss(x, y, d) = mean(huber(x, y, d))
    scipy.huber special.huber(d, x) = huber(x, 0, d)
    smooth_l1_loss(x, y) = mean(smooth_l1(x, y, 1))
    smooth_l1_loss(x, y, b) = mean(smooth_l1(x, y, b))
    hinge_loss(x, y) = mean(hinge(x, y))
    binary_cross_entropy_with_logits(x, y) = mean(bce_with_logits(x, y))
    F.cross_entropy(x, y) = cross_entropy(x, y) -- classes are counted from 1 here
    F.nll_loss nll_loss(x, y) = nll(x, y) -- classes are counted from 1 here
    flatten ravel(x) = reshape(x, -1)
    stack(x) = x
    stack(x, y) = [x, y]
    stack(x, y, z) = [x, y, z]
    stack(x, y, z, w) = [x, y, z, w]
    F.kl_div torch.kl_div(x, y) = mean(rel_entr(y, exp(x)))
    tg(x)            = tan(x)
    ctg cotg ctan(x) = cot(x)
    cosec(x)         = csc(x)
    arctg(x)         = atan(x)
    arcctg(x)        = acot(x)
    sh(x)            = sinh(x)
    ch(x)            = cosh(x)
    th(x)            = tanh(x)
    cth(x)           = coth(x)
    arsh(x)          = asinh(x)
    arch(x)          = acosh(x)
    arth(x)          = atanh(x)
    Rational(x, y)   = x / y
    mm mv(x, y)      = x @ y
    B Β(x, y)        = beta(x, y)
    Γ(x)             = gamma(x)
    ζ(x)             = zeta(x, 1)
    ψ(x)             = digamma(x)
    Φ(x)             = ndtr(x)
    plogis(x)        = sigmoid(x)
    jax.gelu(x)      = gelu_tanh(x)
    norm.pdf(x)      = exp(-x**2 / 2) / sqrt(2 * pi)
    norm.pdf(x, m, s) = exp(-((x - m) / s)**2 / 2) / (s * sqrt(2 * pi))
    norm.logpdf(x)   = -x**2 / 2 - log(2 * pi) / 2
    norm.cdf(x)      = ndtr(x)
    norm.cdf(x, m, s) = ndtr((x - m) / s)
    norm.logcdf(x)   = log_ndtr(x)
    norm.sf(x)       = ndtr(-x)
    norm.ppf(p)      = ndtri(p)
    LSE(x)           = logsumexp(x)
    vec(x)           = reshape(x.T, -1)
    KL(p, q)         = sum(rel_entr(p, q))
    cos_sim(x, y)    = cosine_similarity(x, y)
    POWER(x, y)      = x**y
    qlogis(x)        = logit(x)
""")
LACKING = _rows(f"""
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
CALLED = frozenset({"add", "sub", "mul", "div", "neg", "pow"})  # operators, by name
DERIVATIVES = frozenset({  # of u by x: a command does that
    "diff", "Diff", "derivative", "Derivative", "deriv", "grad", "gradient", "jacobian", "hessian", "D", "differentiate",
})  # fmt: skip
