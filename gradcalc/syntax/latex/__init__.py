"""LaTeX to the same tokens: `\\frac{a}{b}` becomes `((a)/(b))`, each token keeping the place of what was typed."""

from __future__ import annotations

from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.tokens import Token


def looks_like_latex(source: str) -> bool:
    """A backslash and a dollar sign occur in no other spelling of the language."""
    return "\\" in source or "$" in source


def tokenize_latex(source: str, functions: frozenset[str], limits: Limits) -> list[Token]:
    """The tokens of `source`, closed by an `end` token; braces are parentheses, adjacent letters a product.

    Raises ExpressionSyntaxError at LaTeX outside the language, LimitError when the text is too long or too deep.
    """
    limits.require("characters", len(source), f"the expression is {len(source):,} characters long")
    from gradcalc.syntax.latex.reader import Reader  # most texts are no LaTeX

    reader = Reader(source, functions, limits)
    while reader.position < reader.end:
        reader.step()
        limits.require("nodes", len(reader.tokens), "the expression has too many parts")
    reader.finish(Span(reader.end, reader.end))
    reader.tokens.append(Token("end", "", Span(len(source), len(source))))
    tokens: list[Token] = reader.tokens
    return tokens
