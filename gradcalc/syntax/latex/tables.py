"""What the LaTeX reader knows by heart: commands, brackets and the shapes of its words."""

from __future__ import annotations

import re

from gradcalc.syntax.letters import GREEK

SYMBOLS = GREEK | {"ell", "hbar"}
SYMBOLIC = {  # commands that are one operator
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "leq": "<=", "le": "<=", "leqslant": "<=", "geq": ">=",
    "ge": ">=", "geqslant": ">=", "neq": "!=", "ne": "!=", "lt": "<", "gt": ">",
}  # fmt: skip
SPACES = frozenset([*",;:!> /\n", "quad", "qquad", "displaystyle", "limits", "thinspace"])
SIZES = frozenset(size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r"))
WORDS = frozenset({
    "mathrm", "mathit", "mathbf", "mathsf", "operatorname", "text", "textrm", "textit", "boldsymbol",
})  # fmt: skip
FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "cfrac"))
BRACKETS = {  # what opens, what closes it, and the function that the pair stands for
    "(": (")", ""), "[": ("]", ""), "\\{": ("\\}", ""), "\\lbrace": ("\\rbrace", ""), "\\lbrack": ("\\rbrack", ""),
    "|": ("|", "abs"), "\\vert": ("|", "abs"), "\\lvert": ("\\rvert", "abs"),
    "\\lfloor": ("\\rfloor", "floor"), "\\lceil": ("\\rceil", "ceil"),
}  # fmt: skip
CLOSERS = frozenset(closing for closing, _ in BRACKETS.values()) | {"}", "\\vert"}
FOREIGN = frozenset({
    "int", "iint", "iiint", "oint", "sum", "prod", "lim", "limsup", "liminf", "sup", "inf", "partial", "nabla",
    "infty", "begin", "end", "pm", "mp", "to", "rightarrow", "in", "dots", "ldots", "cdots", "forall", "exists",
    "circ", "prime", "binom", "hat", "bar", "vec", "dot", "ddot", "tilde", "overline", "underline", "middle",
    "det", "|", "mathbb", "mathcal", "mid", "mapsto", "Re", "Im",
})  # fmt: skip
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
SCIENTIFIC = re.compile(r"[eE][+-]?[0-9]")
LETTERS = re.compile(r"[^\W\d_]+")
GROUP = re.compile(r"\s*(?:(?:\\left|\\[bB]igg?l?)\s*(?![A-Za-z]))?(?:[({\[]|\\\{|\\lbrace|\\lbrack)")
PARENTHESIS = re.compile(r"\s*(?:(?:\\left|\\[bB]igg?l?)\s*)?\(")
BRACED = re.compile(r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
STYLED = re.compile(r"\\([A-Za-z]+)\s*\{([^{}]*)\}")
D = r"\{\s*(?:d|\\partial|\\mathrm\s*\{d\})"
DIFFERENTIAL = re.compile(rf"\s*{D}[^{{}}]*\}}\s*{D}\s*\\?[a-zA-Z][^{{}}]*\}}")
SIGNED = re.compile(r"[+-]?[0-9.]*[A-Za-z]?")
WRAPPERS = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}
