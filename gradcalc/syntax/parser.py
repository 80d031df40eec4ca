"""Tokens to tree: a Pratt parser, written by hand so that every error knows its place."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax import calls, suffixes
from gradcalc.syntax.cursor import Cursor
from gradcalc.syntax.grammar import COMMA, COMPARISON, COMPARISONS, INFIX, LOGIC, PREFIX, PRODUCT, Vocabulary
from gradcalc.syntax.latex import looks_like_latex, tokenize_latex
from gradcalc.syntax.recursion import deep_recursion
from gradcalc.syntax.tokens import Token, tokenize
from gradcalc.syntax.tree import Call, Node, Number, Program, Statement, spanned

__all__ = ["Parser", "Vocabulary", "deep_recursion", "parse", "tokens_of"]


def parse(source: str, vocabulary: Vocabulary, limits: Limits) -> Program:
    """The program that `source` spells.

    Raises ExpressionSyntaxError or UnknownNameError with the place, LimitError when it is too long or too deep.
    """
    parser = Parser(source, tokens_of(source, vocabulary, limits), vocabulary, limits)
    parser.rewritten = looks_like_latex(source) or not source.isascii() or "{" in source
    with deep_recursion(limits):
        return parser.program()


def tokens_of(source: str, vocabulary: Vocabulary, limits: Limits) -> list[Token]:
    """The tokens of a text in either of its notations."""
    if looks_like_latex(source):
        return tokenize_latex(source, vocabulary.functions, limits)
    return tokenize(source, limits)


class Parser(Cursor):
    """One pass over the tokens; an operator stronger than `strength` belongs to the expression that is being read."""

    def __init__(self, source: str, tokens: list[Token], vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, tokens, vocabulary, limits)
        self.depth = 0

    # -- statements

    def program(self) -> Program:
        """Statements separated by `;` or new lines."""
        statements: list[Statement] = []
        while True:
            while self.token.kind == "separator":
                self.advance()
            if self.token.kind == "end":
                break
            statements.append(self.statement())
            if self.token.kind not in ("separator", "end"):
                raise self.expected("an operator or the end", COMMA if self.at(",") else None)
        if not statements:
            raise self.fail("the expression is empty", Span(0, len(self.source)))
        return Program(self.source, tuple(statements), self.rewritten)

    def statement(self) -> Statement:
        """`name = expression`, or an expression alone."""
        name = self.assigned_name()
        if name is not None:
            body = self.expression(0)
            return Statement(name.text, body, name.span.join(spanned(body)), name.span)
        body = self.expression(0)
        if self.at("="):
            raise self.fail(
                "only a name can be defined", spanned(body), "write `name = expression`, or `==` to compare"
            )
        return Statement(None, body, spanned(body))

    # -- expressions

    def expression(self, strength: int) -> Node:
        """An expression whose operators bind at least as tightly as `strength`."""
        self.depth += 1
        self.limits.require("depth", self.depth, f"the expression is nested {self.depth:,} deep", self.token.span)
        left = suffixes.read(self, self.prefix())
        while (operator := self.infix()) is not None and operator[1] >= strength:
            left = self.combine(left, *operator)
        self.depth -= 1
        return left

    def infix(self) -> tuple[str, int] | None:
        """Function and strength of the operator that follows; an implicit product is `("", PRODUCT)`."""
        token = self.token
        if token.kind == "operator" and token.text in INFIX:
            return INFIX[token.text]
        if token.kind in ("name", "number") or self.at("(", "[") or self.at_bar():
            return "", PRODUCT
        return None

    def combine(self, left: Node, function: str, strength: int) -> Node:
        """`left`, the operator that follows, and its right argument."""
        if not function:
            return self.implicit_product(left)
        operator = self.advance()
        self.skip_lines()
        # ** groups to the right and takes a sign (2**-x); a comparison does not chain.
        right = self.expression(strength if function == "pow" else strength + 1)
        if strength == COMPARISON and self.at(*COMPARISONS):
            place = operator.span.join(self.token.span)
            raise self.fail("comparisons do not chain", place, "nest one `where` in another")
        return Call(function, (left, right), spanned(left).join(spanned(right)))

    def implicit_product(self, left: Node) -> Node:
        """`left` times what stands beside it. Raises where that is no product: `2 3`, `x 2`, `x and y`."""
        before, token = self.previous, self.token
        for word in (before, token):
            if word.text in LOGIC:
                raise self.fail(f"`{word.text}` is not part of the language", word.span, LOGIC[word.text])
        if token.kind == "number" and self.typed(before) not in (")", "}", "|"):
            both = before.span.join(token.span)
            raise self.fail("two values side by side", both, "write an operator between them")
        self.rewritten = True
        right = self.expression(PRODUCT + 1)
        return Call("mul", (left, right), spanned(left).join(spanned(right)))

    def prefix(self) -> Node:
        """A number, a name, a call, a sign, a group, a root or an absolute value."""
        token = self.token
        if token.kind == "number":
            self.advance()
            return Number(Fraction(token.text), token.span)
        if token.kind == "name":
            return calls.named(self, self.advance())
        if self.at("-", "+"):
            return self.signed()
        if self.at("("):
            (inside,) = self.group("(", ")")
            return replace(inside, span=token.span.join(self.previous.span))  # an error shows the parentheses too
        if self.at("|"):
            (inside,) = self.group("|", "|")
            self.rewritten = True
            return Call("abs", (inside,), token.span.join(self.previous.span))
        if self.at("["):
            items = self.group("[", "]", self.item)
            if not items:
                raise self.fail("an array has at least one element", token.span.join(self.previous.span))
            return Call("array", items, token.span.join(self.previous.span))
        raise self.expected("a value")

    def signed(self) -> Node:
        """`-x` or `+x`."""
        sign = self.advance()
        self.skip_lines()
        operand = self.expression(PREFIX)
        return Call("neg", (operand,), sign.span.join(spanned(operand))) if sign.text == "-" else operand
