"""Text is cut into words, each in its plain spelling and with the place of what was typed."""

from __future__ import annotations

import pytest

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, GradcalcError, LimitError
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.letters import canonical
from gradcalc.syntax.tokens import tokenize

WORDS = [
    ("", ""),
    ("x", "name:x"),
    ("x_1", "name:x_1"),
    ("E", "name:E"),
    ("lambda", "name:lambda"),
    ("_", "name:_"),
    ("βeta", "name:βeta"),
    ("мир", "name:мир"),
    ("x1y", "name:x1y"),
    ("1x", "number:1 name:x"),
    ("3", "number:3"),
    ("3.5", "number:3.5"),
    (".5", "number:.5"),
    ("5.", "number:5."),
    ("1e-3", "number:1e-3"),
    ("2.5E+4", "number:2.5E+4"),
    ("2e", "number:2 name:e"),
    ("2e-x", "number:2 name:e operator:- name:x"),
    ("2ex", "number:2 name:ex"),
    ("1..2", "number:1. number:.2"),
    ("x**2", "name:x operator:** number:2"),
    ("x^2", "name:x operator:^ number:2"),
    ("x<=y", "name:x operator:<= name:y"),
    ("x!=y", "name:x operator:!= name:y"),
    ("x!!=y", "name:x operator:! operator:!= name:y"),
    ("x=y==z", "name:x operator:= name:y operator:== name:z"),
    ("x;y\nz", "name:x separator:; name:y separator:\n name:z"),
    ("x\r\ny", "name:x separator:\n name:y"),
    (" \t\u00a0\u3000x", "name:x"),
    ("x·y×z÷w−v", "name:x operator:· name:y operator:× name:z operator:/ name:w operator:- name:v"),
    ("x≤y≥z≠w", "name:x operator:<= name:y operator:>= name:z operator:!= name:w"),
    ("xˆ2", "name:x operator:^ number:2"),
    ("|x|", "operator:| name:x operator:|"),
    ("√x", "name:√ name:x"),
    ("π", "name:pi"),
    ("2π", "number:2 name:pi"),
    ("2πr", "number:2 name:pi name:r"),
    ("xπ", "name:x name:pi"),
    ("xπyπ", "name:x name:pi name:y name:pi"),
    ("x₁y", "name:x1 name:y"),
    ("½x", "operator:( number:1 operator:/ number:2 operator:) name:x"),
    ("π_1", "name:π_1"),
    ("𝑥+ｙ", "name:x operator:+ name:y"),
    ("x₁", "name:x1"),
    ("x\u0307", "name:ẋ"),
    ("ﬁ", "name:fi"),
    ("{x}", "operator:( name:x operator:)"),
    ("x_{max}", "name:x_max"),
    ("x_{1}^2", "name:x_1 operator:^ number:2"),
    ("x # y", "name:x"),
    ("# y\nx", "separator:\n name:x"),
    ("a:=2", "name:a operator::= number:2"),
    ("x.^2.*y", "name:x operator:.^ number:2 operator:.* name:y"),
    ("1./x", "number:1 operator:./ name:x"),
    ("1.5*x", "number:1.5 operator:* name:x"),
    ("x'*y", "name:x operator:' operator:* name:y"),
    ("2ij", "number:2 name:ij"),
    ("2d1", "number:2 name:d1"),
    ("1e5x", "number:1e5 name:x"),
    ("x²", "name:x operator:raised operator:( number:2 operator:)"),
    ("x²³", "name:x operator:raised operator:( number:23 operator:)"),
    ("x⁻¹", "name:x operator:raised operator:( operator:- number:1 operator:)"),
    ("eˣ⁺¹", "name:e operator:raised operator:( name:x operator:+ number:1 operator:)"),
]


def words(source: str) -> str:
    """Kind and text of every token before the last, which is the end."""
    *tokens, end = tokenize(source, Limits())
    assert (end.kind, end.span) == ("end", Span(len(source), len(source)))
    return " ".join(f"{token.kind}:{token.text}" for token in tokens)


@pytest.mark.parametrize(("source", "expected"), WORDS)
def test_text_is_cut_into_words(source: str, expected: str) -> None:
    assert words(source) == expected


PLACES = [
    ("2 * π*r^2", [(0, 1), (2, 3), (4, 5), (5, 6), (6, 7), (7, 8), (8, 9)]),
    ("x⁻²y", [(0, 1), (1, 3), (1, 3), (1, 3), (1, 3), (1, 3), (3, 4)]),
    ("a_{xy}+1", [(0, 6), (6, 7), (7, 8)]),
    ("x\u0307 ≤ 𝑦", [(0, 2), (3, 4), (5, 6)]),
]


@pytest.mark.parametrize(("source", "spans"), PLACES)
def test_a_token_keeps_the_place_of_what_was_typed(source: str, spans: list[tuple[int, int]]) -> None:
    assert [(token.span.start, token.span.end) for token in tokenize(source, Limits())[:-1]] == spans


REFUSED = [
    ("x & y", "unexpected `&`", "&", "write `where(x > 0, where(y > 0, a, b), b)`"),
    ("x+∞", "unexpected `∞`", "∞", "infinity is not a number here: write a large one, such as `1e6`"),
    ("f '", "unexpected `'`", "'", "leave the quotes out; behind a value, `'` transposes it"),
    ("f′", "unexpected `′`", "′", "write the function itself, its derivative is what comes out"),
    ("x😀", "unexpected `😀`", "😀", ways.LEAVE_OUT),
    ("sin(30°)", "unexpected `°`", "°", "angles are in radians: 30° is `30*pi/180`"),
    ("2½x", "unexpected `½`", "½", "write a sum: `2 + 1/2`"),
    ("٣", "unexpected `٣`", "٣", ways.LEAVE_OUT),
    ("x\x00", "unexpected character U+0000", "\x00", ways.LEAVE_OUT),
    ("x\x1b[0m", "unexpected character U+001B", "\x1b", ways.LEAVE_OUT),
    ("x\u202ey", "unexpected character U+202E", "\u202e", ways.LEAVE_OUT),
    ("x\u200by", "unexpected character U+200B", "\u200b", ways.LEAVE_OUT),
    ("x+\ud800", "unexpected character U+D800", "\ud800", ways.LEAVE_OUT),
    ("+\u0301x", "unexpected character U+0301", "\u0301", ways.LEAVE_OUT),
    ("xª", "unexpected `ª`", "ª", ways.LEAVE_OUT),
    ("2ﷺ", "unexpected `ﷺ`", "ﷺ", ways.LEAVE_OUT),
    ("1_000", "a number has no underscores", "1_000", "write `1000`"),
    ("0x1F", "numbers are decimal here", "0x1F", "write the number in base ten, or a product with `*`"),
    ("0b11", "numbers are decimal here", "0b11", "write the number in base ten, or a product with `*`"),
    ("1e1e1", "a number has one exponent", "1e1e1", "for a product write `1e1*e1`"),
    ("12e3e4 + 1", "a number has one exponent", "12e3e4", "for a product write `12e3*e4`"),
    ("2*1.0d0", "an exponent is written with e", "1.0d0", "write `1.0e0`"),
    ("1.d-3", "an exponent is written with e", "1.d-3", "write `1.e-3`"),
    ("1j", "complex numbers are not part of the language", "1j", "for a product write `1*j`"),
    ("a + 2.5J", "complex numbers are not part of the language", "2.5J", "for a product write `2.5*J`"),
    ("1i", "complex numbers are not part of the language", "1i", "for a product write `1*i`"),
    (
        'norm(A, "fro")',
        "texts are not part of the language",
        '"',
        "`norm(A)` is the Frobenius norm already, `nuclear_norm(A)` the nuclear one",
    ),
    ("einsum('i,i', x, y)", "texts are not part of the language", "'", "write products with `@`, and sums with `sum`"),
    ("x_{i,j}", "a subscript is one word of letters and digits", "x_{", ways.WORD),
    ("x_{}", "a subscript is one word of letters and digits", "x_{", ways.WORD),
]


@pytest.mark.parametrize(("source", "message", "place", "hint"), REFUSED)
def test_what_is_no_word_is_pointed_at(source: str, message: str, place: str, hint: str | None) -> None:
    start = source.index(place)
    with pytest.raises(ExpressionSyntaxError) as raised:
        tokenize(source, Limits())
    error = raised.value
    assert (error.message, error.hint, error.span) == (message, hint, Span(start, start + len(place)))


def test_an_accent_too_many_is_refused_before_it_takes_quadratic_time() -> None:
    with pytest.raises(GradcalcError, match=r"^unexpected character U\+0315\nhint: "):
        tokenize("x" + "\u0315\u0300" * 90_000, Limits())


BUDGETS = [
    ("x" * 11, Limits(characters=10), "the expression is 11 characters long, over the limit of 10 characters"),
    ("x+x+x", Limits(nodes=4), "the expression has too many parts, over the limit of 4 nodes"),
    ("1234567", Limits(digits=6), "the number has 7 digits, over the limit of 6 digits"),
    ("1e7", Limits(digits=6), "the number has 8 digits, over the limit of 6 digits"),
    ("1e0000000000000009", Limits(digits=6), "the number has 10 digits, over the limit of 6 digits"),
    ("1e-999999999999999", Limits(), "the number has 1,000,000,000,000 digits, over the limit of 4,000 digits"),
    ("x²²²²²²²", Limits(digits=6), "the number has 7 digits, over the limit of 6 digits"),
]


@pytest.mark.parametrize(("source", "limits", "message"), BUDGETS)
def test_a_budget_that_is_used_up_is_named(source: str, limits: Limits, message: str) -> None:
    with pytest.raises(LimitError) as raised:
        tokenize(source, limits)
    assert raised.value.message == message


NAMES = [
    ("x", "x"),
    ("π", "pi"),
    ("𝜋", "pi"),
    ("x₁", "x1"),
    ("", None),
    ("2x", None),
    ("x y", None),
    ("x²", None),
    ("x-y", None),
    ("ﷺ", None),
    ("x" + "\u0301" * 31, None),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_has_one_spelling(text: str, name: str | None) -> None:
    assert canonical(text) == name
