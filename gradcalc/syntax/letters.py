"""Characters: what they stand for, what a name is made of, and how an error shows them."""

from __future__ import annotations

import re
import unicodedata

SPELLINGS = {  # what people paste, and the plain operator it stands for
    "ˆ": "^", "·": "·", "⋅": "·", "∙": "·", "×": "×", "∗": "*", "⊙": "*", "⊗": "⊗", "÷": "/", "∕": "/", "⁄": "/",
    "−": "-", "–": "-", "‐": "-", "‑": "-",
    "≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=",
    "{": "(", "}": ")", "‖": "‖", "∥": "‖", "⟨": "⟨", "⟩": "⟩", "ᵀ": "ᵀ", "⊤": "⊤", "⊺": "⊤", "→": "->", "↦": "->",
}  # fmt: skip
ROOTS = {"√": "sqrt", "∛": "cbrt"}
CONSTANT_LETTERS = {"π": "pi"}
GREEK = frozenset({
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "varepsilon",
    "vartheta", "varkappa", "varpi", "varrho", "varsigma", "varphi", "digamma", "Gamma", "Delta", "Theta",
    "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
})  # fmt: skip
UNICODE_NAME = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (FINAL SIGMA|LAMDA|[A-Z]+)")
LATEX_NAMES = {"lamda": "lambda", "final sigma": "varsigma"}  # what LaTeX calls otherwise than Unicode
NUMBERED = re.compile(r"([^\W\d_]+)_?(\d+)")
PLAIN = re.compile(r"[A-Za-z0-9_]+")  # most of what names are made of
STEM = re.compile(r"[^\W\d_]+")
PI_AND_LETTERS = re.compile(r"π[^\W\d_]|[^\W\d_]π")  # no name
PI_BESIDE_LETTERS = re.compile(r"(?<=[^\W\d_π])(?=π)|(?<=π)(?=[^\W\d_π])")  # where the names end that are meant
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
MOST_MARKS = 30  # on one letter, as in Unicode's stream-safe text; to put more in order takes quadratic time
TRANSPOSED = "ᵀ"
EXPONENTS = frozenset(("No", "Lm", "Sm", "Ps", "Pe"))  # categories of ², ˣ, ⁺, ⁽ and ⁾; others (ª, ™) are no exponents


def is_name_start(letter: str) -> bool:
    """May a name begin with this character?"""
    if letter.isascii():
        return letter.isalpha() or letter == "_"
    return letter.isalpha() and letter not in SPELLINGS and not _is_raised(letter)


def is_mark(letter: str) -> bool:
    """Is this an accent or a subscript digit, to stand on a letter?"""
    return not letter.isascii() and (letter in SUBSCRIPTS or unicodedata.category(letter) in ("Mn", "Mc"))


def marks_end(source: str, start: int) -> int:
    """The position behind the accents and subscript digits at `start`."""
    end = start
    while end < min(len(source), start + MOST_MARKS) and is_mark(source[end]):
        end += 1
    return end


def name_end(source: str, start: int) -> int:
    """The position behind the name at `start`; `start` itself where none begins. `x₁y` is two names."""
    if start == len(source) or not is_name_start(source[start]):
        return start
    end = start
    while end < len(source):
        plain = PLAIN.match(source, end)
        if plain is None and not is_name_start(source[end]):
            break
        end = marks_end(source, end + 1 if plain is None else plain.end())
        if source[end - 1] in SUBSCRIPTS and source[end : end + 1].isalpha():
            break
    return end


def canonical(text: str) -> str | None:
    """A name in the one spelling that it has here: 𝑥 is x, x₁ is x1, π is pi. None where it is no name."""
    if name_end(text, 0) != len(text) or not text:
        return None
    name = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if name_end(name, 0) != len(name) or PI_AND_LETTERS.search(name):  # some letters come apart into spaces
        return None
    return CONSTANT_LETTERS.get(name, name)


def greek_name(letter: str) -> str:
    """What LaTeX calls a letter: theta for θ; itself where it is no Greek one."""
    matched = UNICODE_NAME.fullmatch(unicodedata.name(letter, "")) if len(letter) == 1 else None
    if matched is None:
        return letter
    name = LATEX_NAMES.get(matched[2].lower(), matched[2].lower())
    name = name.capitalize() if matched[1] == "CAPITAL" else name
    return name if name in GREEK else letter


def in_latex(name: str) -> str:
    """A name as LaTeX's letters and subscripts give it: theta_1 for θ1."""
    matched = NUMBERED.fullmatch(name)
    return greek_name(name) if matched is None else f"{greek_name(matched[1])}_{matched[2]}"


def is_word(name: str) -> bool:
    """Is this a word of several letters, apart from digits and subscripts, and no Greek letter's name?"""
    stem = STEM.match(name)
    return stem is not None and len(stem[0]) > 1 and stem[0] not in GREEK


def superscript_end(source: str, start: int) -> int:
    """The position behind the raised characters at `start`."""
    end = start
    while end < len(source) and _is_exponent(source[end]):
        end += 1
    return end


def _is_raised(letter: str) -> bool:
    return unicodedata.decomposition(letter).startswith("<super>")


def _is_exponent(letter: str) -> bool:
    return (
        not letter.isascii()
        and letter != TRANSPOSED
        and _is_raised(letter)
        and unicodedata.category(letter) in EXPONENTS
    )


def describe(letter: str) -> str:
    """A character for an error message: itself in backticks, or its number where it would not show."""
    if letter.isprintable() and not letter.isspace() and not unicodedata.category(letter).startswith("M"):
        return f"`{letter}`"
    return f"character U+{ord(letter):04X}"
