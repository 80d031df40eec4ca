"""What people ask of computer algebra and gradcalc does not do, and what it does instead."""

from __future__ import annotations

import re

from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, LimitError, UnknownNameError
from gradcalc.base.span import Span

INTEGRALS = (
    "gradcalc derives, it does not integrate; "
    "whether F is an antiderivative of f is told by gradcalc check 'F' --gradient 'f'"
)
LIMITS = (
    "limits are not part of the language; "
    "what a function does beside a point is told by gradcalc diff with --at or --range"
)
SERIES = (
    "gradcalc derives, it writes no series; "
    "the derivatives that its coefficients are made of come with --order N --at 0, the linear part with --tangent"
)
WORDS = {  # before something else: `lim x->0 …`, `int x^2 dx`
    **dict.fromkeys(("int", "integral", "integrate", "antiderivative"), INTEGRALS),
    **dict.fromkeys(("lim", "limit"), LIMITS),
    **dict.fromkeys(("series", "taylor", "maclaurin"), SERIES),
}
EXTREMA = {  # `\\min_x x^2`, by what the sum-like call is
    "largest": "a maximum over a variable is not part of the language",
    "smallest": "a minimum over a variable is not part of the language",
}
SOLUTIONS = "gradcalc derives, it does not solve equations; where a derivative is 0 is told by gradcalc critical"
REQUESTS = {  # names of functions elsewhere, and what is to be said of them
    INTEGRALS: ("Integrate", "NIntegrate", "Integral", "quad"), LIMITS: ("Limit",),
    SERIES: ("Series", "Taylor", "Maclaurin"),
}  # fmt: skip
KNOWN = WORDS | {name: hint for hint, names in REQUESTS.items() for name in names}
REQUEST = re.compile(rf"(?<![\w\\.])(?:{'|'.join(KNOWN)})(?=_|\s*[\[({{]|\s)")
SOLVING = re.compile(r"(?<![\w\\.])(?:solve|Solve|nsolve|fsolve)(?=\s*[\[(][^=]*=)")
BOUNDED = re.compile(r"(?:int|integral|lim)_\w?")  # `int_0^1 x dx`


def about_request(error: GradcalcError, source: str) -> GradcalcError:
    """The error in a text, or what is to be said of what the text asks for: `Limit[Sin[x]/x, x -> 0]`."""
    found = None if isinstance(error, LimitError) else REQUEST.search(source) or SOLVING.search(source)
    if found is None or (isinstance(error, UnknownNameError) and error.span and error.span.start == found.start()):
        return error.located(source)  # which says of that name what there is to say
    word = found[0]
    span, hint = Span(*found.span()), KNOWN.get(word, SOLUTIONS)
    return ExpressionSyntaxError(f"`{word}` is not part of the language", span=span, source=source, hint=hint)
