"""Names in LaTeX: of variables, with Greek letters and subscripts, and of functions."""

from __future__ import annotations

import re

from gradcalc.functions import CATALOGUE
from gradcalc.syntax.letters import GREEK, greek_name

SPECIAL = str.maketrans(  # what stands for something else in LaTeX; names of columns have any characters
    {one: rf"\{one}" for one in "_%&#${}"} | {"\\": r"\backslash ", "~": r"\sim ", "^": r"\hat{}"}
)
WORD = re.compile(r"([^\W\d_]+)_?(\w*)")


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
    greek = greek_name(stem)
    if greek in GREEK:
        return "\\" + greek
    return stem if len(stem) == 1 else word(stem)


def _escaped(text: str) -> str:
    return text.translate(SPECIAL)
