"""Names in LaTeX: of variables, with Greek letters and subscripts, and of functions."""

from __future__ import annotations

import re
import unicodedata

from gradcalc.functions import CATALOGUE
from gradcalc.syntax.letters import GREEK

WORD = re.compile(r"([^\W\d_]+)_?(\w*)")
UNICODE_NAME = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (FINAL SIGMA|LAMDA|[A-Z]+)")
SPELLED = {"lamda": "lambda", "final sigma": "varsigma"}  # what LaTeX calls otherwise than Unicode


def variable(name: str) -> str:
    """A variable: `x_{1}` for x1, `\\alpha` for alpha and for α, `W_{\\mathrm{in}}` for W_in."""
    if name.endswith("'"):
        return variable(name[:-1]) + "'"
    matched = WORD.fullmatch(name)
    if matched is None:
        return word(name)
    stem, subscript = matched.groups()
    letter = _letter(stem)
    if not subscript:
        return letter
    return f"{letter}_{{{subscript if subscript.isdigit() or len(subscript) == 1 else word(subscript)}}}"


def function(name: str) -> str:
    """A function: `\\sin`, `\\operatorname{relu}`."""
    return CATALOGUE[name].latex or rf"\operatorname{{{_escaped(name)}}}"


def word(text: str) -> str:
    """A word in upright letters."""
    return rf"\mathrm{{{_escaped(text)}}}"


def _letter(stem: str) -> str:
    """One letter, a Greek letter by its name, or a word."""
    matched = UNICODE_NAME.fullmatch(unicodedata.name(stem, "")) if len(stem) == 1 else None
    greek = matched[2].lower() if matched else stem
    greek = SPELLED.get(greek, greek)
    greek = greek.capitalize() if matched and matched[1] == "CAPITAL" else greek
    if greek in GREEK:
        return "\\" + greek
    return stem if len(stem) == 1 else word(stem)


def _escaped(text: str) -> str:
    return text.replace("_", r"\_")
