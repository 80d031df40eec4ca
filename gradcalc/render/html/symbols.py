"""The signs of the LaTeX that gradcalc writes, as characters."""

from __future__ import annotations

import string
import unicodedata

from gradcalc.syntax.letters import GREEK

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
VARIANTS = {  # Greek letters that LaTeX draws otherwise than the letter of their name
    "epsilon": "ϵ", "varepsilon": "ε", "vartheta": "ϑ", "varkappa": "ϰ", "varpi": "ϖ", "varrho": "ϱ",
    "varsigma": "ς", "phi": "ϕ", "varphi": "φ", "digamma": "ϝ",
}  # fmt: skip


def _greek(name: str) -> str:
    """The letter of a name: `α` for alpha, `Γ` for Gamma."""
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    letter = "LAMDA" if name.lower() == "lambda" else name.upper()
    return VARIANTS.get(name) or unicodedata.lookup(f"GREEK {size} LETTER {letter}")


LETTERS = {f"\\{name}": _greek(name) for name in GREEK}
NAMES = (
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "arcsin", "arccos", "arctan",
    "ln", "log", "det", "min", "max",
)  # fmt: skip
FUNCTIONS = frozenset(f"\\{name}" for name in NAMES)
SYMBOLS = {r"\infty": "∞", r"\top": "⊤", r"\nabla": "∇"}
OPERATORS = {one: one for one in "+=<>,:!()[]/|"} | {
    "-": "−", r"\cdot": "⋅", r"\times": "×", r"\odot": "⊙", r"\otimes": "⊗", r"\circ": "∘", r"\neq": "≠",
    r"\leq": "≤", r"\geq": "≥", r"\partial": "∂",
}  # fmt: skip
BLANKS = {r"\quad": "1em", r"\,": "0.17em", r"\ ": "0.3em"}
DELIMITERS = {
    r"\{": "{", r"\}": "}", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\lVert": "‖",
    r"\rVert": "‖", r"\langle": "⟨", r"\rangle": "⟩",
}  # fmt: skip
CLOSING = frozenset(("}", "&", r"\\", r"\right", r"\rVert", r"\end"))
SPECIAL = {"\\backslash ": "\\", r"\sim ": "~", r"\hat{}": "^"}  # in a word
BOLD = str.maketrans(
    {plain: chr(first + place) for first, letters in ((0x1D7CE, string.digits), (0x1D400, string.ascii_uppercase))
     for place, plain in enumerate(letters)}
)  # fmt: skip
