"""The LaTeX that gradcalc writes as MathML, so that a formula has one notation and looks the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from gradcalc.render.html.elements import (
    FUNCTION,
    OPERAND,
    OPERATOR,
    SPACE,
    Item,
    between,
    escaped,
    fenced,
    letter,
    row,
    table,
    upright,
    words,
)
from gradcalc.render.html.symbols import (
    BLANKS,
    BOLD,
    CLOSING,
    FUNCTIONS,
    LETTERS,
    NAMESPACE,
    OPERATORS,
    SPECIAL,
    SYMBOLS,
)

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
ESCAPED = re.compile(r"\\backslash |\\sim |\\hat\{\}|\\.")
SCRIPTS = {"_": 0, "^": 1}


def inline(latex: str) -> str:
    """A formula in a line of text. It has no break: the caller shows what is too long in another way."""
    return f'<math xmlns="{NAMESPACE}">{Reader(latex).whole()}</math>'


class Reader:
    """Reads LaTeX, of which it knows what gradcalc writes; what it does not know stands there as text."""

    def __init__(self, latex: str) -> None:
        self.tokens = TOKEN.findall(latex)
        self.place = 0

    def whole(self) -> str:
        """All of it; a bracket that closes nothing is a character like others."""
        found: list[Item] = []
        while self.place < len(self.tokens):
            found += self.items(())
            if self.place < len(self.tokens):
                found.append(Item(f"<mtext>{escaped(self.next())}</mtext>", OPERAND))
        return row(found)

    # -- tokens

    def next(self) -> str:
        """The next token, which is taken; an empty one at the end."""
        self.place += 1
        return self.tokens[self.place - 1] if self.place <= len(self.tokens) else ""

    def ahead(self) -> str:
        """The next token."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def blank(self) -> bool:
        """Go over white space; whether there was any."""
        start = self.place
        while self.ahead().isspace():
            self.place += 1
        return self.place > start

    def raw(self, closing: str = "}") -> str:
        """The tokens in braces or brackets, as they are written."""
        opening, depth, start = self.next(), 1, self.place
        while depth and self.place < len(self.tokens):
            token = self.next()
            depth += (token == opening) - (token == closing)
        return "".join(self.tokens[start : self.place - (depth == 0)])

    def word(self) -> str:
        """The text of a word in braces; an escaped character stands for itself."""
        return ESCAPED.sub(lambda found: SPECIAL.get(found[0]) or found[0][1:], self.raw())

    # -- rows

    def items(self, ends: Sequence[str]) -> list[Item]:
        """The elements up to one of the `ends`, or to a bracket that closes something outside; that is not taken."""
        found: list[Item] = []
        spaced = False
        while (token := self.ahead()) and token not in ends and token not in CLOSING:
            if self.blank():
                spaced = True
                continue
            if token in SCRIPTS or token == "'":
                found[-1:] = [self.scripted(found[-1] if found else Item("<mrow></mrow>", OPERAND))]
                continue
            one = self.one(prefix=not found or found[-1].role in (OPERATOR, SPACE))
            found += [*between(found[-1] if found else None, one, spaced), one]
            spaced = False
        return found

    def one(self, *, prefix: bool = False) -> Item:
        """One element."""
        token = self.next()
        if token in COMMANDS:
            return COMMANDS[token](self)
        if token in LETTERS:
            return Item(letter(LETTERS[token]), OPERAND)
        if token in FUNCTIONS:
            return Item(f"<mi>{token[1:]}</mi>", FUNCTION)
        if token in SYMBOLS:
            return Item(f"<mi>{SYMBOLS[token]}</mi>", OPERAND)
        if token in BLANKS:
            return Item(f'<mspace width="{BLANKS[token]}"></mspace>', SPACE)
        if token in OPERATORS:
            form = ' form="prefix"' if prefix and token in "+-" else ""
            return Item(f"<mo{form}>{escape(OPERATORS[token])}</mo>", OPERAND if token == "!" else OPERATOR)
        if token[:1].isdigit():
            return Item(f"<mn>{token}</mn>", OPERAND)
        return Item(letter(token) if token.isalpha() else f"<mtext>{escaped(token)}</mtext>", OPERAND)

    def argument(self) -> str:
        """What a command or a script takes: a group in braces, or the next element."""
        self.blank()
        if self.ahead() != "{":
            return self.one(prefix=True).markup
        return self.group().markup

    def group(self) -> Item:
        """What stands in braces."""
        self.next()
        found = self.items(())
        self.next()
        return Item(row(found), found[0].role if len(found) == 1 else OPERAND)

    def scripted(self, base: Item) -> Item:
        """An element with what is raised and lowered at it; primes are raised."""
        scripts = ["", ""]
        while (token := self.ahead()) in SCRIPTS or token == "'":
            self.next()
            if token == "'":
                scripts[1] += "<mo>\N{PRIME}</mo>"
            else:
                scripts[SCRIPTS[token]] += self.argument()
        low, high = (f"<mrow>{one}</mrow>" if one.count("<mo>\N{PRIME}") > 1 else one for one in scripts)
        below, above = ("munder", "mover") if base.large else ("msub", "msup")
        name = below if not high else above if not low else f"{below}{above[1:]}"
        return Item(f"<{name}>{base.markup}{low}{high}</{name}>", base.role)

    # -- commands

    def fraction(self) -> Item:
        """`\\frac{a}{b}`."""
        return Item(f"<mfrac>{self.argument()}{self.argument()}</mfrac>", OPERAND)

    def root(self) -> Item:
        """`\\sqrt{x}`, `\\sqrt[3]{x}`."""
        degree = self.raw("]") if self.ahead() == "[" else None
        inside = self.argument()
        if degree is None:
            return Item(f"<msqrt>{inside}</msqrt>", OPERAND)
        return Item(f"<mroot>{inside}<mn>{escape(degree)}</mn></mroot>", OPERAND)

    def upright(self) -> Item:
        """`\\mathrm{new}`."""
        return Item(upright(self.word()), OPERAND)

    def operator(self) -> Item:
        """`\\operatorname{relu}`."""
        return Item(upright(self.word()), FUNCTION)

    def bold(self) -> Item:
        """`\\mathbf{1}`; MathML has bold letters of their own."""
        return Item(f"<mi>{escaped(self.word().translate(BOLD))}</mi>", OPERAND)

    def words(self) -> Item:
        """`\\text{if }`, with formulas between dollar signs."""
        parts = self.raw().split("$")
        shown = [Reader(one).whole() if place % 2 else words(one) for place, one in enumerate(parts) if one]
        prose = [inline(one) if place % 2 else escaped(one) for place, one in enumerate(parts) if one]
        return Item(f"<mrow>{''.join(shown)}</mrow>", SPACE, prose="".join(prose))

    def fenced(self) -> Item:
        """`\\left( … \\right)`."""
        opening = self.next()
        inside = self.items((r"\right",))
        closing = (self.next(), self.next())[1]
        return fenced(opening, inside, closing)

    def bracket(self) -> Item:
        """`\\bigl(`, whose other one may be on another line."""
        return Item(f'<mo stretchy="false">{escape(self.next())}</mo>', OPERAND)

    def norm(self) -> Item:
        """`\\lVert x\\rVert`."""
        inside = self.items((r"\rVert",))
        self.next()
        return fenced(r"\lVert", inside, r"\rVert")

    def environment(self) -> Item:
        """`\\begin{cases} … \\end{cases}`: rows of cells."""
        name = self.raw()
        opening, closing = ENVIRONMENTS.get(name, (".", "."))
        return fenced(opening, [Item(table(self.lines(), name), OPERAND)], closing)

    def lines(self) -> list[list[list[Item]]]:
        """The cells of the lines up to the end of an environment, whose name is taken too."""
        found: list[list[list[Item]]] = [[[]]]
        while self.place < len(self.tokens):
            found[-1][-1] += self.items(("&", r"\\", r"\end"))
            token = self.next()
            if token == r"\end":
                self.raw()
                break
            if token == r"\\":
                found.append([[]])
            elif token == "&":
                found[-1].append([])
        return found


ENVIRONMENTS = {"cases": (r"\{", "."), "bmatrix": ("[", "]"), "pmatrix": ("(", ")")}
COMMANDS: dict[str, Callable[[Reader], Item]] = {
    r"\frac": Reader.fraction, r"\sqrt": Reader.root, r"\mathrm": Reader.upright, r"\operatorname": Reader.operator,
    r"\mathbf": Reader.bold, r"\text": Reader.words, r"\left": Reader.fenced, r"\lVert": Reader.norm,
    r"\begin": Reader.environment, **dict.fromkeys((r"\bigl", r"\bigr"), Reader.bracket),
    r"\sum": lambda reader: Item("<mo>\N{N-ARY SUMMATION}</mo>", OPERATOR, large=True),
}  # fmt: skip
