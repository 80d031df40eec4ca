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
CONSTRAINED = re.compile(  # maximize f(x, y) = x*y subject to x + y = 1
    r"(?:\s*(?:find\s+the\s+)?(?:max|min)(?:imi[sz]e|imum)?\s+(?:of\s+)?)?"
    r"(?:\s*\w+\s*(?:\([\w\s,]*\))?\s*=)?(?P<f>[^=]+?)[\s,;]*"
    r"(?P<word>(?<!\w)(?:subject\s+to|s\.\s*t\.|such\s+that|with\s+the\s+constraint)"
    r"|\\text\{\s*(?:s\.t\.|subject to)\s*\})(?P<g>[^=<>]+)=(?P<c>[^=<>]+)",
    re.IGNORECASE | re.DOTALL,
)
MOST = 1000  # letters of what is a request in words, and not a formula
LAGRANGIAN = "the extrema are among the points where the Lagrangian is stationary: gradcalc critical '{}'"
BOUNDED = re.compile(r"(?:int|integral|lim)_\w?")  # `int_0^1 x dx`


def about_request(error: GradcalcError, source: str) -> GradcalcError:
    """The error in a text, or what is to be said of what the text asks for: `Limit[Sin[x]/x, x -> 0]`."""
    constrained = CONSTRAINED.fullmatch(source) if len(source) < MOST else None
    if constrained is not None and not isinstance(error, LimitError):
        span, hint = Span(*constrained.span("word")), LAGRANGIAN.format(_lagrangian(constrained))
        what = f"`{constrained['word']}` is not part of the language"
        return ExpressionSyntaxError(what, span=span, source=source, hint=hint)
    found = None if isinstance(error, LimitError) else REQUEST.search(source) or SOLVING.search(source)
    if found is None or (isinstance(error, UnknownNameError) and error.span and error.span.start == found.start()):
        return error.located(source)  # which says of that name what there is to say
    word = found[0]
    span, hint = Span(*found.span()), KNOWN.get(word, SOLUTIONS)
    return ExpressionSyntaxError(f"`{word}` is not part of the language", span=span, source=source, hint=hint)


def _lagrangian(found: re.Match[str]) -> str:
    """`x*y - lam*(x**2 + y**2 - 1)`, of the function and the constraint as they were written."""
    function, left, right = (found[part].strip() for part in ("f", "g", "c"))
    side = "" if right == "0" else f" - {right if right.isalnum() else f'({right})'}"
    multiplier = "\\lambda (" if "\\" in found.string else "lam*("
    return f"{function} - {multiplier}{left}{side})"
