"""LaTeX to the same tokens: `\\frac{a}{b}` becomes `((a)/(b))`, each token keeping the place of what was typed.

Marks are cut from the text, read into rows of atoms as TeX has them, and written as tokens.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.recursion import deep_recursion
from gradcalc.syntax.tokens import Token

WRITTEN_SO = re.compile(r"[\\$]|(?<![^\W_])(?:sum|prod)_[{(]|\|\^[0-9]_")
BRACED = re.compile(r"[\^_]\{")
SUBSCRIPT = re.compile(r"_(?:\{[^{}]*\}|\w+)")
LETTERS = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Written:
    """The tokens of a text, closed by an `end` token, and what else LaTeX says.

    `elements` are the names that may be elements of arrays, x and 1 for `x_1`; `arrays` those in bold letters;
    `starred` those with a star raised, which may be arrays transposed: x for `x^*`.
    """

    tokens: list[Token]
    elements: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    arrays: frozenset[str] = frozenset()
    starred: Mapping[str, str] = field(default_factory=dict)
    rewritten: bool = False  # are these others than were typed?


def looks_like_latex(source: str, functions: Collection[str]) -> bool:
    """A backslash, a dollar sign and `sum_{` occur in no other spelling of the language.

    So do `^{` and `_{` beside single letters; beside longer words that are no functions they are plain text.
    """
    if WRITTEN_SO.search(source):
        return True
    return bool(BRACED.search(source)) and all(word in functions for word in LETTERS.findall(SUBSCRIPT.sub("", source)))


def tokenize_latex(source: str, vocabulary: Vocabulary, limits: Limits) -> Written:
    """The tokens of `source`; braces are parentheses, adjacent letters a product.

    Raises ExpressionSyntaxError at LaTeX outside the language, LimitError when the text is too long or too deep.
    """
    limits.require("characters", len(source), f"the expression is {len(source):,} characters long")
    from gradcalc.syntax.latex.marks import marks  # most texts are no LaTeX
    from gradcalc.syntax.latex.reader import Reader
    from gradcalc.syntax.latex.statements import Statements

    writer = Statements(source, vocabulary, limits)
    with deep_recursion(limits):
        row = Reader(source, marks(source, limits), vocabulary, limits).row()
        writer.program(row, wrapped=source.lstrip().startswith(("$", "\\[", "\\(")))
    writer.tokens.append(Token("end", "", Span(len(source), len(source))))
    return Written(writer.tokens, writer.elements, frozenset(writer.arrays), writer.starred)
