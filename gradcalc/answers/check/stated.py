"""What a left side says besides the variable: a point, `f'(2) = 4`, `df/dx|_{x=2} = 4`, or the order, `y'' = 6x`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcalc.answers.check.proposal import Gradient
from gradcalc.answers.check.sides import PRIME

NUMBER = r"\s*-?\s*(?:\d[\d./]*\s*\*?\s*(?:\\?pi|π)?|(?:\\?pi|π)(?:\s*/\s*\d+)?)\s*"
ARGUMENT = re.compile(
    rf"^(?P<left>\s*(?:\w+\s*{PRIME}|[d∂]\s*\w*\s*/\s*[d∂]\s*\w+))\s*\((?P<at>{NUMBER})\)(?P<right>\s*=(?!=).*)$",
    re.DOTALL,
)
BAR = re.compile(
    r"^\s*(?:\\left\s*\.)?(?P<left>[^|=]*?)\s*(?:\\right\s*)?(?:\\[bB]igg?r?\s*)?\|\s*_?\s*"
    r"(?:\{(?P<braces>[^{}]+)\}|(?P<at>[^{}=|]+=[^{}=|]+?))(?P<right>\s*=(?!=).*)$",
    re.DOTALL,
)
OF = r"(?:\([^()=]*\))?"
SECOND = re.compile(
    rf"""^\s*(?:
    \w+\s*(?:''|′′|’’|″|"|\^\{{?\\prime\s*\\prime\}}?){OF}  # y''
    |d\s*(?:\^\{{?2\}}?|²)\s*\w*{OF}\s*/\s*d\s*\w+\s*(?:\^\{{?2\}}?|²)  # d²y/dx²
    |\\frac\s*\{{\s*d\s*\^\{{?2\}}?\s*\w*{OF}\s*\}}\s*\{{\s*d\s*\w+\s*\^\{{?2\}}?\s*\}}{OF}
    )\s*=(?!=)""",
    re.VERBOSE,
)


def of_second_order(gradient: Gradient) -> str | None:
    """What a gradient says the second derivative is; None where it is of the first."""
    text = only_text(gradient)
    found = None if text is None else SECOND.match(text)
    return None if text is None or found is None else text[found.end() :]


def at_a_point(gradient: Gradient) -> tuple[Gradient, str | None]:
    """A gradient, and the point that it says it is at, if it is one text that does."""
    single = only_text(gradient)
    if single is None:
        return gradient, None
    text, point = stated(single)
    return (text, point) if point is not None else (gradient, None)


def only_text(gradient: Gradient) -> str | None:
    """The text of a gradient that is one; None of any other."""
    texts = [gradient] if isinstance(gradient, str) else gradient
    return texts[0] if isinstance(texts, Sequence) and len(texts) == 1 else None


def stated(text: str) -> tuple[str, str | None]:
    """A gradient without the point that its left side is at, and that point as for `--at`; None where it has none."""
    for pattern in (BAR, ARGUMENT):
        if (found := pattern.match(text)) is not None:
            point = next(one for one in (found.groupdict().get("braces"), found.groupdict().get("at")) if one)
            return found["left"] + found["right"], point.replace("\\", "").strip()
    return text, None
