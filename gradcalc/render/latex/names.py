"""Names in LaTeX: of variables, with Greek letters and subscripts, and of functions."""

from __future__ import annotations

import re
from collections.abc import Collection

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
    if matched is None or (matched[2] and matched[1] in CATALOGUE and matched[1] not in GREEK):  # sum_w
        return word(name)
    stem, subscript = matched.groups()
    if "_" in subscript and is_word(name):
        return word(name)
    letter = _letter(stem)
    if not subscript:
        return letter
    return f"{letter}_{{{subscript if subscript.isdigit() or len(subscript) == 1 else word(subscript)}}}"


def function(name: str, variables: Collection[str] = ()) -> str:
    """A function: `\\sin`, `\\operatorname{relu}`; by its name too where a variable has its letter: `\\sigma`."""
    written = CATALOGUE[name].latex
    taken = written is not None and any(greek_name(one) == written.rpartition("\\")[2] for one in variables)
    return written if written and not taken else rf"\operatorname{{{_escaped(name)}}}"


def is_word(name: str) -> bool:
    """Is a variable written as a word, its subscript apart?"""
    stem = name.partition("_")[0]
    return len(stem.rstrip("0123456789")) > 1 and greek_name(stem) not in GREEK


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
