"""Tokens to tree: a Pratt parser, written by hand so that every error knows its place."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from gradcalc.base import ways
from gradcalc.base.errors import shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax import calls, suffixes
from gradcalc.syntax.cursor import Cursor
from gradcalc.syntax.foreign import translated
from gradcalc.syntax.grammar import (
    CHOICE,
    CHOICES,
    COMMA,
    COMPARISON,
    COMPARISONS,
    INFIX,
    NESTED,
    PREFIX,
    PRODUCT,
    WHERE,
    Vocabulary,
)
from gradcalc.syntax.latex import Written, looks_like_latex, tokenize_latex
from gradcalc.syntax.letters import is_word
from gradcalc.syntax.recursion import deep_recursion
from gradcalc.syntax.tokens import Token, tokenize
from gradcalc.syntax.tree import Call, Name, Node, Number, Program, Statement, free_names, postorder, spanned

POWERS = ("pow", "raised", "superscript")

__all__ = ["Parser", "Vocabulary", "deep_recursion", "parse", "tokens_of"]


def parse(source: str, vocabulary: Vocabulary, limits: Limits) -> Program:
    """The program that `source` spells.

    Raises ExpressionSyntaxError or UnknownNameError with the place, LimitError when it is too long or too deep.
    """
    written = _written(source, vocabulary, limits)
    with deep_recursion(limits):
        parser = Parser(source, written.tokens, vocabulary, limits)
        spelled = "\\" in source or not source.isascii() or any(map(parser.is_rewritten, written.tokens))
        parser.rewritten = written.rewritten or spelled
        return replace(parser.program(), elements=written.elements, arrays=written.arrays, starred=written.starred)


def tokens_of(source: str, vocabulary: Vocabulary, limits: Limits) -> list[Token]:
    """The tokens of a text in either of its notations."""
    return _written(source, vocabulary, limits).tokens


def _written(source: str, vocabulary: Vocabulary, limits: Limits) -> Written:
    if looks_like_latex(source, vocabulary.functions):
        return tokenize_latex(source, vocabulary, limits)
    typed = tokenize(source, limits)
    tokens = translated(typed, source, vocabulary)
    return Written(tokens, rewritten=tokens != typed)


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
                raise self.expected("an operator or the end", ways.STATEMENT, COMMA if self.at(",") else None)
        if not statements:
            raise self.fail("the expression is empty", Span(0, len(self.source)), "write one, such as `x**2`")
        parameters = frozenset(token.text for token in self.tokens if token.kind == "parameter")
        return Program(self.source, tuple(statements), self.rewritten, parameters)

    def statement(self) -> Statement:
        """`name = expression`, `f(x) = expression`, an expression alone, or an equation of two."""
        parameters = []
        while self.token.kind == "parameter":
            parameters.append(self.advance())
        name = self.assigned_name()
        body = self.expression(0)
        if self.at("=") and not (name or parameters):
            return self.equation(body)
        if self.at("="):
            self.equalities(body)
        if name is None:
            return Statement(None, body, spanned(body))
        if parameters:
            self.defined[name.text] = (tuple(one.text for one in parameters), body)
        return Statement(name.text, body, name.span.join(spanned(body)), name.span)

    def equation(self, left: Node) -> Statement:
        """The rest of `x**2 + y**2 = 25`, whose left side is no bare name. Raises at a second equals sign."""
        if isinstance(left, Call) and left.function == "prime":
            hint = "write the function itself: its derivative is what comes out"
            raise self.fail("a derivative is not part of the language", spanned(left), hint)
        self.advance()
        self.skip_lines()
        right = self.expression(0)
        if self.at("="):
            raise self.fail("an equation has one equals sign, and this is the second", hint="leave one side out")
        span = spanned(left).join(spanned(right))
        return Statement(None, Call("sub", (left, right), span), span, equation=True)

    def equalities(self, body: Node) -> None:
        """The rest of `f(x) = a = b`, which says the same again. Raises where it may say something else."""
        sign = self.token
        while self.at("="):
            self.advance()
            other = self.expression(0)
            if isinstance(body, Name) or not free_names(postorder(other)):
                hint = "leave one of the sides out"
                raise self.fail("it is unclear which side is the definition", sign.span.join(spanned(other)), hint)
        self.rewritten = True

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
        if token.text in CHOICES.values():
            return None
        if token.kind == "operator" and token.text in INFIX:
            return INFIX[token.text]
        if token.text in CHOICES and token.kind in ("operator", "name"):
            return "where", CHOICE
        if token.kind in ("name", "number", "call") or self.at("(", "[") or self.at_bar():
            return "", PRODUCT
        return None

    def combine(self, left: Node, function: str, strength: int) -> Node:
        """`left`, the operator that follows, and its right argument."""
        if not function:
            return self.implicit_product(left)
        operator = self.advance()
        self.skip_lines()
        if strength == CHOICE:
            return self.choice(left, operator)
        # ** groups to the right and takes a sign (2**-x); a comparison does not chain.
        right = self.expression(strength if function in POWERS else strength + 1)
        if strength == COMPARISON and self.at(*COMPARISONS):
            place = operator.span.join(self.token.span)
            raise self.fail(
                "comparisons do not chain",
                place,
                NESTED,
            )
        return Call(function, (left, right), spanned(left).join(spanned(right)))

    def choice(self, left: Node, sign: Token) -> Node:
        """`c ? a : b`, or `a if c else b`."""
        middle = self.expression(0)
        if self.token.text != CHOICES[sign.text]:
            raise self.expected(f"`{CHOICES[sign.text]}`", WHERE)
        self.advance()
        self.skip_lines()
        last = self.expression(CHOICE)
        self.rewritten = True
        condition, yes = (left, middle) if sign.text == "?" else (middle, left)
        return Call("where", (condition, yes, last), spanned(left).join(spanned(last)))

    def implicit_product(self, left: Node) -> Node:
        """`left` times what stands beside it. Raises where that is no product: `2 3`, `x 2`, `x and y`, `import os`."""
        before, token = self.previous, self.token
        self.require_no_request(before)
        for word in (before, token):
            self.require_no_word(word)
        both = before.span.join(token.span)
        if token.kind == "number" and self.typed(before) not in (")", "}", "|"):
            raise self.fail("two values side by side", both, "write an operator between them")
        if self.brackets[-1:] == ["["] and before.span.end < token.span.start and not self.has_commas():
            raise self.fail(
                "it is unclear whether these are two elements or a product", both, "write a comma or a `*` between them"
            )
        self.rewritten = True
        right = self.expression(PRODUCT + 1)
        calls.require_own(self, before, both)
        if isinstance(right, Name) and before.kind == "name" and self._are_words(before, right):
            product = shortened(f"{before.text}*{right.name}")
            functions = {before.text, right.name} & self.vocabulary.functions
            hint = "write a function as `f(x)`" if functions else f"for a product write `{product}`"
            raise self.fail("two words side by side", both, hint)
        return Call("beside", (left, right), spanned(left).join(spanned(right)))

    def _are_words(self, before: Token, after: Name) -> bool:
        """Are these two words rather than the letters of a formula? What is given a value is a variable anyway."""
        return all(is_word(name) and name not in self.vocabulary.variables for name in (before.text, after.name))

    def prefix(self) -> Node:
        """A number, a name, a call, a sign, a group, a root or an absolute value."""
        token = self.token
        if token.kind == "number":
            self.advance()
            return Number(Fraction(token.text), token.span)
        if token.kind == "call":
            return calls.call(self, self.advance())
        if token.kind == "name":
            if "_" in token.text:
                self.require_no_request(token)
            return calls.named(self, self.advance())
        if self.at("-", "+"):
            return self.signed()
        if self.at("("):
            (inside,) = self.group("(", ")")
            return replace(inside, span=token.span.join(self.previous.span))  # an error shows the parentheses too
        if self.at("|"):
            (inside,) = self.group("|", "|")
            self.rewritten = True
            return Call("bars", (inside,), token.span.join(self.previous.span))
        if self.at("["):
            items = self.group("[", "]", self.item)
            place = token.span.join(self.previous.span)
            if not items:
                raise self.fail("an array has at least one element", place, "write `[x, y]`")
            return Call("array", items, place)
        nothing = token.kind in ("separator", "end") or self.typed(token).startswith("$")
        raise self.expected("a value", ways.MISSING if nothing else ways.VALUE)

    def signed(self) -> Node:
        """`-x` or `+x`."""
        sign = self.advance()
        self.skip_lines()
        operand = self.expression(PREFIX)
        return Call("neg", (operand,), sign.span.join(spanned(operand))) if sign.text == "-" else operand
