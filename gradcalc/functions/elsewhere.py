"""Functions of other libraries that gradcalc has by another name, or as a formula."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A function by the name that it has elsewhere, in gradcalc's own terms; `words` say what else is to be known."""

    name: str
    parameters: tuple[str, ...]
    formula: str | None = None
    words: str | None = None


def rows(table: str) -> tuple[Elsewhere, ...]:
    """Rows of a table: `names(parameters)`, their formula or `-`, and words behind `--`."""
    found: list[Elsewhere] = []
    for line in filter(None, map(str.strip, table.splitlines())):
        head, _, rest = line.partition(" = ")
        formula, _, words = rest.partition(" -- ")
        names, _, parameters = head.strip().removesuffix(")").partition("(")
        listed = tuple(filter(None, map(str.strip, parameters.split(","))))
        known = None if formula.strip() == "-" else formula.strip()
        found += [Elsewhere(name, listed, known, words.strip() or None) for name in names.split()]
    return tuple(found)


SAME = rows("""
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
CALLED = frozenset({"add", "sub", "mul", "div", "neg", "pow"})  # operators, by name
DERIVATIVES = frozenset({  # of u by x: a command does that
    "diff", "Diff", "derivative", "Derivative", "deriv", "grad", "gradient", "jacobian", "hessian", "D", "differentiate",
})  # fmt: skip
