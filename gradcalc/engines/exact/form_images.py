"""The closed form of what each function of primitives.py makes of numbers in closed form."""

from __future__ import annotations

from collections.abc import Callable

from gradcalc.engines.exact import form
from gradcalc.engines.exact import form_functions as functions
from gradcalc.engines.exact import form_powers as mark
from gradcalc.engines.exact.form import HALF, ONE, Form
from gradcalc.engines.exact.form_powers import PI

Images = Callable[..., Form]


def _log1p(u: Form) -> Form:
    return mark.log(form.add(ONE, u))


def _halved(u: Form) -> Form:
    return form.mul(HALF, u)


def _sinh(u: Form) -> Form:
    return _halved(form.sub(mark.exp(u), mark.exp(form.neg(u))))


def _cosh(u: Form) -> Form:
    return _halved(form.add(mark.exp(u), mark.exp(form.neg(u))))


def _area(constant: Form) -> Images:
    """The image of the inverse of a hyperbolic sine or cosine."""
    return lambda u: mark.log(form.add(u, mark.root(form.add(form.mul(u, u), constant), 2)))


def _softplus(u: Form) -> Form:
    return _log1p(mark.exp(u))


def _asin(u: Form) -> Form:
    return functions.angle(mark.root(form.sub(ONE, form.mul(u, u)), 2), u, ONE)


def _lambertw(u: Form, k: Form) -> Form:
    """Of -1/e, where the branches meet, it is -1."""
    meeting = form.add(u, mark.exp(form.neg(ONE)))
    return form.neg(ONE) if functions.equals(meeting, 0) else mark.opaque("lambertw", u, k)


def _odd(image: Images) -> Callable[[int, Form], Form]:
    """By the sign of its argument, the image of a function f for which f(-x) is -f(x)."""
    return lambda side, u: image(u) if side >= 0 else form.neg(image(form.neg(u)))


def _acos(side: int, u: Form) -> Form:
    return form.sub(form.mul(HALF, PI), SIGNED["asin"](side, u))


SIGNED: dict[str, Callable[[int, Form], Form]] = {
    "abs": lambda side, u: u if side >= 0 else form.neg(u),
    "asin": _odd(_asin),
    "acos": _acos,
    "atan": _odd(lambda u: functions.angle(ONE, u)),
    "erf": _odd(lambda u: mark.opaque("erf", u)),
    "erfc": lambda side, u: form.sub(ONE, SIGNED["erf"](side, u)),
    "cbrt": _odd(lambda u: mark.root(u, 3)),
    "lgamma": lambda side, u: mark.log(functions.gamma(u)) if side > 0 else mark.opaque("lgamma", u),
}
IMAGES: dict[str, Images] = {
    "add": form.add, "sub": form.sub, "mul": form.mul, "div": form.div, "neg": form.neg, "pow": mark.power,
    "exp": mark.exp,
    "expm1": lambda u: form.sub(mark.exp(u), ONE),
    "log": mark.log,
    "log1p": _log1p,
    "sqrt": lambda u: mark.root(u, 2),
    "hypot": lambda u, v: mark.root(form.add(form.mul(u, u), form.mul(v, v)), 2),
    "sin": functions.sin,
    "cos": functions.cos,
    "atan2": lambda y, x: functions.angle(x, y),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": lambda u: form.div(_sinh(u), _cosh(u)),
    "asinh": _area(ONE),
    "acosh": _area(form.neg(ONE)),
    "atanh": lambda u: _halved(mark.log(form.div(form.add(ONE, u), form.sub(ONE, u)))),
    "gamma": functions.gamma,
    "digamma": functions.digamma,
    "softplus": _softplus,
    "logsigmoid": lambda u: form.neg(_softplus(form.neg(u))),
    "logaddexp": lambda u, v: mark.log(form.add(mark.exp(u), mark.exp(v))),
    "logit": lambda u: mark.log(form.div(u, form.sub(ONE, u))),
    "erfcx": lambda u: form.mul(mark.exp(form.mul(u, u)), form.sub(ONE, mark.opaque("erf", u))),
    "gammaincc": lambda a, u: form.sub(ONE, mark.opaque("gammainc", a, u)),
    "lambertw": _lambertw,
}  # fmt: skip
