"""Names in LaTeX: of variables, with Greek letters and subscripts, and of functions."""

from __future__ import annotations

import re
import unicodedata

from gradcalc.syntax.letters import GREEK

WORD = re.compile(r"([^\W\d_]+)_?(\w*)")
UNICODE_NAME = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (FINAL SIGMA|LAMDA|[A-Z]+)")
SPELLED = {"lamda": "lambda", "final sigma": "varsigma"}  # what LaTeX calls otherwise than Unicode
FUNCTIONS = {  # the others are set as words
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "cot": r"\cot", "sec": r"\sec", "csc": r"\csc",
    "asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh",
    "coth": r"\coth", "log": r"\ln", "log2": r"\log_{2}", "log10": r"\log_{10}", "max": r"\max", "min": r"\min",
    "amax": r"\max", "amin": r"\min", "gamma": r"\Gamma", "lgamma": r"\ln\Gamma", "digamma": r"\psi",
    "sigmoid": r"\sigma", "sign": r"\operatorname{sgn}", "trace": r"\operatorname{tr}", "det": r"\det",
    "logdet": r"\ln\det", "polygamma": r"\psi",
    "remainder": r"\operatorname{mod}",
}  # fmt: skip


def variable(name: str) -> str:
    """A variable: `x_{1}` for x1, `\\alpha` for alpha and for α, `W_{\\mathrm{in}}` for W_in."""
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
    return FUNCTIONS.get(name) or rf"\operatorname{{{_escaped(name)}}}"


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
