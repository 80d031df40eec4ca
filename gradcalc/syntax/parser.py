"""Tokens to tree: a Pratt parser, written by hand so that every error knows its place."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcalc.errors import ExpressionSyntaxError, UnknownNameError, did_you_mean
from gradcalc.limits import Limits
from gradcalc.span import Span
from gradcalc.syntax.latex import looks_like_latex, tokenize_latex
from gradcalc.syntax.tokens import ROOTS, Token, tokenize
from gradcalc.syntax.tree import Call, Name, Node, Number, Program, Statement

COMPARISON, SUM, PRODUCT, PREFIX, POWER, POSTFIX = 5, 10, 20, 25, 30, 40
# PREFIX is looser than POWER, so -x**2 is -(x**2), as on paper.
INFIX = {
    "==": ("eq", COMPARISON), "!=": ("ne", COMPARISON), "<": ("lt", COMPARISON),
    "<=": ("le", COMPARISON), ">": ("gt", COMPARISON), ">=": ("ge", COMPARISON),
    "+": ("add", SUM), "-": ("sub", SUM), "*": ("mul", PRODUCT), "/": ("div", PRODUCT),
    "**": ("pow", POWER),
}  # fmt: skip
FRAMES_PER_LEVEL = 8  # Python frames that one level of nesting takes, generously


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The function names of the grammar; the `bare` ones may stand before an argument without parentheses."""

    functions: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()


def parse(source: str, vocabulary: Vocabulary, limits: Limits) -> Program:
    """The program that `source` spells.

    Raises ExpressionSyntaxError or UnknownNameError with the place, LimitError when it is too long or too deep.
    """
    latex = looks_like_latex(source)
    tokens = tokenize_latex(source, vocabulary.functions, limits) if latex else tokenize(source, limits)
    parser = Parser(source, tokens, vocabulary, limits)
    parser.rewritten = latex or not source.isascii()
    with deep_recursion(limits):
        return parser.program()


@contextmanager
def deep_recursion(limits: Limits) -> Iterator[None]:
    """Lets the parser nest as deep as the limits allow; its frames are Python's own, which take no machine stack."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, limits.depth * FRAMES_PER_LEVEL + 1000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


class Parser:
    """One pass over the tokens; `index` is the next one to read."""

    def __init__(self, source: str, tokens: list[Token], vocabulary: Vocabulary, limits: Limits) -> None:
        self.source = source
        self.tokens = tokens
        self.vocabulary = vocabulary
        self.limits = limits
        self.index = 0
        self.depth = 0
        self.brackets: list[str] = []  # what is open: `(` or `|`; inside parentheses a new line is only white space
        self.rewritten = False

    # -- tokens

    @property
    def token(self) -> Token:
        """The next token; new lines inside parentheses are passed over."""
        while self.brackets and self.tokens[self.index].text == "\n":
            self.index += 1
        return self.tokens[self.index]

    @property
    def previous(self) -> Token:
        """The token read last."""
        return self.tokens[self.index - 1]

    def advance(self) -> Token:
        """Read the next token."""
        token = self.token
        self.index += 1
        return token

    def at(self, text: str) -> bool:
        """Is the next token this operator?"""
        return self.token.kind == "operator" and self.token.text == text

    def skip_lines(self) -> None:
        """Pass over new lines where an operand must follow, so that `x +` may go on in the next line."""
        while self.tokens[self.index].text == "\n":
            self.index += 1

    def fail(self, message: str, span: Span | None = None, hint: str | None = None) -> ExpressionSyntaxError:
        """The error at `span`, or at the next token."""
        return ExpressionSyntaxError(message, span=span or self.token.span, source=self.source, hint=hint)

    def expected(self, what: str) -> ExpressionSyntaxError:
        """The error that names what should stand here, and what does."""
        found = "the end" if self.token.kind == "end" else f"`{self._typed(self.token)}`"
        return self.fail(f"expected {what}, found {found}")

    def _typed(self, token: Token) -> str:
        """The token as the user typed it."""
        text = self.source[token.span.start : token.span.end]
        return "a new line" if text == "\n" else text or token.text

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
                raise self.expected("an operator or the end")
        if not statements:
            raise ExpressionSyntaxError("the expression is empty", span=Span(0, len(self.source)), source=self.source)
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

    def assigned_name(self) -> Token | None:
        """The name of `name =`, both read; None where no definition begins."""
        name = self.token
        following = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if name.kind != "name" or following.text != "=" or name.text in ROOTS:
            return None
        self.advance()
        self.advance()
        self.skip_lines()
        return name

    # -- expressions

    def expression(self, strength: int) -> Node:
        """An expression whose operators bind at least as tightly as `strength`."""
        self.depth += 1
        self.limits.require(
            "depth", self.depth, f"the expression is nested over {self.depth - 1:,} deep", self.token.span
        )
        left = self.postfix(self.prefix())
        while True:
            operator = self.infix()
            if operator is None or operator[1] < strength:
                break
            left = self.combine(left, *operator)
        self.depth -= 1
        return left

    def infix(self) -> tuple[str, int] | None:
        """Function and strength of the operator that follows; an implicit product is `("", PRODUCT)`."""
        token = self.token
        if token.kind == "operator" and token.text in INFIX:
            return INFIX[token.text]
        if token.kind in ("name", "number") or self.at("(") or (self.at("|") and "|" not in self.brackets[-1:]):
            return "", PRODUCT
        if self.at("@") or self.at("["):
            raise self.fail("arrays are not part of the language yet")
        return None

    def combine(self, left: Node, function: str, strength: int) -> Node:
        """`left`, the operator that follows, and its right argument."""
        if function:
            operator = self.advance()
            self.skip_lines()
            # ** groups to the right and takes a sign (2**-x); a comparison does not chain.
            right = self.expression(strength if function == "pow" else strength + 1)
            if strength == COMPARISON and self.token.text in INFIX and INFIX[self.token.text][1] == COMPARISON:
                raise self.fail(
                    "comparisons do not chain", operator.span.join(self.token.span), "nest one `where` in another"
                )
        else:
            function = "mul"
            self.require_implicit_product()
            right = self.expression(PRODUCT + 1)
        return Call(function, (left, right), spanned(left).join(spanned(right)))

    def require_implicit_product(self) -> None:
        """Raises where two things side by side are not a product: `2 3`, `x 2`."""
        before, token = self.previous, self.token
        both = before.span.join(token.span)
        if token.kind == "number" and before.text not in (")", "|"):
            raise self.fail("two values side by side", both, "write an operator between them")
        self.rewritten = True

    def prefix(self) -> Node:
        """A number, a name, a call, a sign, a group, a root or an absolute value."""
        token = self.token
        if token.kind == "number":
            self.advance()
            return Number(Fraction(token.text), token.span)
        if token.kind == "name":
            return self.named(self.advance())
        if token.kind == "operator" and token.text in ("-", "+"):
            self.advance()
            self.skip_lines()
            operand = self.expression(PREFIX)
            span = token.span.join(spanned(operand))
            return Call("neg", (operand,), span) if token.text == "-" else operand
        if self.at("("):
            (inside,) = self.group("(", ")")
            return replace(inside, span=token.span.join(self.previous.span))  # an error shows the parentheses too
        if self.at("|"):
            (inside,) = self.group("|", "|")
            self.rewritten = True
            return Call("abs", (inside,), token.span.join(self.previous.span))
        if self.at("["):
            raise self.fail("arrays are not part of the language yet")
        raise self.expected("a value")

    def group(self, opening: str, closing: str, *, many: bool = False) -> tuple[Node, ...]:
        """What stands between a pair of brackets; several expressions, separated by commas, where `many`."""
        start = self.advance()
        self.brackets.append(opening)
        inside: list[Node] = []
        if not (many and self.at(closing)):
            inside.append(self.expression(0))
            while many and self.at(","):
                self.advance()
                inside.append(self.expression(0))
        if not self.at(closing):
            if self.token.kind in ("end", "separator"):
                raise self.fail(f"`{self._typed(start)}` is never closed", start.span)
            raise self.expected(f"`,` or `{closing}`" if many else f"an operator or `{closing}`")
        self.index += 1  # not advance(): behind the bracket a new line counts again
        self.brackets.pop()
        return tuple(inside)

    def postfix(self, operand: Node) -> Node:
        """`operand` with the factorial signs that follow it."""
        while self.at("!"):
            mark = self.advance()
            operand = Call("factorial", (operand,), spanned(operand).join(mark.span))
        return operand

    # -- names and calls

    def named(self, token: Token) -> Node:
        """What a name begins: a root, a call, a function on a bare argument, or a variable."""
        if token.text in ROOTS:
            operand = self.expression(POSTFIX)
            self.rewritten = True
            return Call(ROOTS[token.text], (operand,), token.span.join(spanned(operand)))
        if self.at("(") and token.text in self.vocabulary.functions:
            return self.call(token)
        if self.at("(") and self.token.span.start == token.span.end:
            raise self.not_a_function(token)
        if token.text in self.vocabulary.bare:
            return self.bare_call(token)
        return Name(token.text, token.span)

    def call(self, token: Token) -> Node:
        """`f(a, b)`."""
        arguments = self.group("(", ")", many=True)
        return Call(token.text, arguments, token.span.join(self.previous.span))

    def bare_call(self, token: Token) -> Node:
        """`sin x`, `sin 2x`, `sin^2 x` or `sin^2(x)`: as written on paper."""
        exponent = self.exponent(token) if self.at("**") else None
        if self.at("("):
            call = self.call(token)
        elif self.token.kind in ("number", "name") or self.at("|"):
            argument = self.bare_argument()
            call = Call(token.text, (argument,), token.span.join(spanned(argument)))
        else:
            raise self.fail(
                f"`{token.text}` is a function and needs an argument", token.span, f"write `{token.text}(x)`"
            )
        self.rewritten = True
        return call if exponent is None else Call("pow", (call, exponent), spanned(call))

    def exponent(self, token: Token) -> Node:
        """The exponent of `sin^2 x`; a negative one is ambiguous and refused."""
        self.advance()
        exponent = self.expression(POSTFIX)
        if not isinstance(exponent, Number):
            raise self.fail(
                f"a power of `{token.text}` itself is ambiguous",
                token.span.join(spanned(exponent)),
                f"write `{token.text}(x)**(…)`, or the name of the inverse function",
            )
        return exponent

    def bare_argument(self) -> Node:
        """The argument of `sin 2x y`: powers side by side, up to an operator or the next function."""
        argument = self.expression(POWER)
        while self.token.kind == "name" and self.token.text not in self.vocabulary.bare | set(ROOTS):
            following = self.tokens[self.index + 1]
            if following.text == "(" and self.token.text in self.vocabulary.functions:
                break
            factor = self.expression(POWER)
            argument = Call("mul", (argument, factor), spanned(argument).join(spanned(factor)))
        return argument

    def not_a_function(self, token: Token) -> UnknownNameError:
        """The error for a name before a parenthesis that no function has."""
        near = did_you_mean(token.text, self.vocabulary.functions) if len(token.text) > 1 else None
        if near:
            return UnknownNameError(f"unknown function `{token.text}`", span=token.span, source=self.source, hint=near)
        end = self._closing(self.token.span.start)
        product = f"{token.text}*{self.source[self.token.span.start : end]}"
        short = product if len(product) < 40 else f"{token.text}*(…)"
        return UnknownNameError(
            f"`{token.text}` is not a function",
            span=token.span,
            source=self.source,
            hint=f"for a product write `{short}`",
        )

    def _closing(self, start: int) -> int:
        """The position behind the parenthesis that closes the one at `start`."""
        level = 0
        for position in range(start, len(self.source)):
            level += {"(": 1, ")": -1}.get(self.source[position], 0)
            if level == 0:
                return position + 1
        return len(self.source)


def spanned(node: Node) -> Span:
    """The span of a node that came from text."""
    assert node.span is not None
    return node.span
