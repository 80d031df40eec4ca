"""LaTeX to the same tokens: `\\frac{a}{b}` becomes `((a)/(b))`, each token keeping the place of what was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from gradcalc.errors import ExpressionSyntaxError, did_you_mean
from gradcalc.limits import Limits
from gradcalc.span import Span
from gradcalc.syntax.tokens import (
    CONSTANT_LETTERS,
    OPERATORS,
    ROOTS,
    SPELLINGS,
    SUPERSCRIPT,
    SUPERSCRIPTS,
    Token,
    describe,
    is_name_part,
    is_name_start,
)

SYMBOLS = frozenset({
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "varepsilon",
    "vartheta", "varkappa", "varpi", "varrho", "varsigma", "varphi", "digamma", "Gamma", "Delta", "Theta",
    "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "hbar",
})  # fmt: skip
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


def looks_like_latex(source: str) -> bool:
    """A backslash occurs in no other spelling of the language."""
    return "\\" in source


def tokenize_latex(source: str, functions: frozenset[str], limits: Limits) -> list[Token]:
    """The tokens of `source`, closed by an `end` token; braces are parentheses, adjacent letters a product.

    Raises ExpressionSyntaxError at LaTeX outside the language, LimitError when the text is too long or too deep.
    """
    limits.require("characters", len(source), f"the expression is {len(source):,} characters long")
    reader = Reader(source, functions, limits)
    while reader.position < reader.end:
        reader.step()
        limits.require("nodes", len(reader.tokens), "the expression has too many parts")
    reader.finish(Span(reader.end, reader.end))
    reader.tokens.append(Token("end", "", Span(len(source), len(source))))
    return reader.tokens


@dataclass(slots=True)
class Frame:
    """A bracket that is open; `then` writes what its end stands for. A bare argument (`\\sin 2x`) has no `closing`."""

    opening: Span
    closing: str
    then: Callable[[Span], None]
    sized: bool = False  # opened by \left
    compound: bool = False  # a bare argument that began with a fraction, a root or an absolute value


@dataclass(slots=True)
class Applied:
    """A function that waits for its argument, with what stands on it: `\\log_2^3`."""

    name: str
    span: Span
    scripts: dict[str, list[Token]] = field(default_factory=dict)


class Reader:
    """One pass over the text, with a stack of its own; `position` is the next character."""

    def __init__(self, source: str, functions: frozenset[str], limits: Limits) -> None:
        self.source, self.functions, self.limits = source, functions, limits
        self.tokens: list[Token] = []
        self.frames: list[Frame] = []
        self.pending: Applied | None = None  # its argument is the group that opens next
        self.position, self.end = self._unwrapped()

    def step(self) -> None:
        """Read what stands at the position."""
        start, letter = self.position, self.source[self.position]
        if letter == "\\":
            self._command()
        elif is_name_start(letter) and (matched := LETTERS.match(self.source, start, self.end)):
            self._letters(matched)
        elif matched := NUMBER.match(self.source, start, self.end):
            self._number(matched)
        elif matched := SUPERSCRIPT.match(self.source, start, self.end):
            text = matched.group().translate(SUPERSCRIPTS)
            self._emit(self._to(matched.end()), "**", *([text] if text.isdigit() else ["(", text[0], text[1:], ")"]))
        else:
            self._character(letter, self._to(start + 1))

    def finish(self, span: Span) -> None:
        """The end of a statement: nothing may be open."""
        self._close_bare(span)
        if self.pending or self.frames:
            opening = self.pending.span if self.pending else self.frames[-1].opening
            raise self._error(f"`{self._typed(opening)}` is never closed", opening)

    # -- characters

    def _character(self, letter: str, span: Span) -> None:
        if letter in ";\n":
            if letter == ";":
                self.finish(span)
            self._close_bare(span)
            self.tokens.append(Token("separator", letter, span))
        elif letter in BRACKETS or letter in CLOSERS or letter == "{":
            self._bracket(letter, span)
        elif letter == "^":
            self._superscript(span)
        elif letter == "_":
            raise self._error("a subscript stands directly behind a name", span)
        elif letter in ROOTS:
            self._times(span)
            self.tokens.append(Token("name", letter, span))
        elif not (letter.isspace() or letter in "~&"):
            self._operator(letter, span)

    def _operator(self, letter: str, span: Span) -> None:
        text = next((text for text in OPERATORS if self.source.startswith(text, span.start)), letter)
        if text not in OPERATORS and text not in SPELLINGS:
            raise self._error(f"unexpected {describe(letter)}", span)
        span = self._to(span.start + len(text), span.start)
        if text != "!":
            self._close_bare(span)
        self._emit(span, SPELLINGS.get(text, text))

    def _number(self, matched: re.Match[str]) -> None:
        span = self._to(matched.end())
        if SCIENTIFIC.match(self.source, span.end, self.end):
            hint = "write `2 \\cdot 10^{-3}`, or `2 e` with a space for a product"
            raise self._error("a number with an exponent is unclear in LaTeX", Span(span.start, span.end + 2), hint)
        size = len(matched.group())
        self.limits.require("digits", size, f"the number has {size:,} digits", span)
        self._factor(span)
        self._emit(span, matched.group())

    def _letters(self, matched: re.Match[str]) -> None:
        run, start = matched.group(), matched.start()
        before_parenthesis = PARENTHESIS.match(self.source, matched.end(), self.end)
        if run in self.functions and (before_parenthesis or len(run) >= 3):
            self._function(run, self._to(matched.end()))
        else:
            self._name(run[0], self._to(start + 1))

    def _name(self, text: str, span: Span) -> None:
        """A name, with the accents and subscripts behind it."""
        self._factor(span)
        while (mark := self._peek()) and not mark.isascii() and is_name_part(mark) and not is_name_start(mark):
            text += mark
            self.position += 1
        if self._peek() == "_":
            self.position += 1
            text += "_" + self._word(self._to(self.position, span.start))
        text = unicodedata.normalize("NFKC", text)
        self._emit(self._to(self.position, span.start), CONSTANT_LETTERS.get(text, text), kind="name")

    def _word(self, owner: Span) -> str:
        """The word of a subscript or of `\\mathrm`: `{max}`, or one letter, digit or Greek letter."""
        matched = BRACED.match(self.source, self.position, self.end)
        if matched:
            text = matched.group(1).strip()
            if (styled := STYLED.fullmatch(text)) and styled[1] in WORDS:
                text = styled[2].strip()
        else:
            matched = COMMAND.match(self.source, self.position, self.end)
            text = matched.group() if matched else self._peek()
        self.position = matched.end() if matched else min(self.position + 1, self.end)
        text = text[1:] if text[1:] in SYMBOLS else text.replace("\\_", "_")
        if not text or not all(map(is_name_part, text)):
            raise self._error("expected one word of letters and digits", self._to(self.position, owner.start))
        if not matched:
            self._one_digit("_", Span(self.position - 1, self.position))
        return text

    # -- commands

    def _command(self) -> None:
        matched = COMMAND.match(self.source, self.position, self.end)
        span = self._to(matched.end() if matched else self.end)
        name = self._typed(span)[1:]
        for names, read in READERS:
            if name in names:
                read(self, name, span)
                return
        if name in self.functions:
            self._function(name, span)
        elif "\\" + name in BRACKETS or "\\" + name in CLOSERS:
            self._bracket("\\" + name, span)
        elif name in FOREIGN:
            raise self._error(f"`\\{name}` is not part of the language", span)
        else:
            known = {word for names, _ in READERS for word in names} | self.functions
            raise self._error(
                f"unknown command `\\{name}`", span, did_you_mean("\\" + name, ["\\" + word for word in known])
            )

    def _space(self, name: str, span: Span) -> None:
        """White space."""

    def _symbolic(self, name: str, span: Span) -> None:
        self._close_bare(span)
        self._emit(span, SYMBOLIC[name])

    def _separator(self, name: str, span: Span) -> None:
        self.finish(span)
        self.tokens.append(Token("separator", ";", span))

    def _styled(self, name: str, span: Span) -> None:
        word = self._word(span)
        span = self._to(self.position, span.start)
        if word in self.functions:
            self._function(word, span)
        elif not is_name_start(word[0]):
            raise self._error("a name begins with a letter", span)
        else:
            self._name(word, span)

    def _sized(self, name: str, span: Span) -> None:
        """`\\left(`, `\\right)`, `\\big|`: the bracket behind the command, with the place of both."""
        self._skip()
        matched = COMMAND.match(self.source, self.position, self.end)
        bracket = matched.group() if matched else self._peek()
        span = self._to(self.position + len(bracket), span.start)
        if bracket not in BRACKETS and bracket not in CLOSERS:
            raise self._error(f"`\\{name}` needs a bracket", span)
        self._bracket(bracket, span, {"left": "open", "right": "close"}.get(name, name[3:] and name[-1:]))

    def _fraction(self, name: str, span: Span) -> None:
        if matched := DIFFERENTIAL.match(self.source, self.position, self.end):
            hint = "write the function itself"
            raise self._error("a derivative is not part of the language", Span(span.start, matched.end()), hint)
        self._times(span)
        self._emit(span, "(", "(")

        def middle(closing: Span) -> None:
            self._emit(closing, ")", "/", "(")
            self._argument(span, lambda last: self._emit(last, ")", ")"))

        self._argument(span, middle)

    def _root(self, name: str, span: Span) -> None:
        self._times(span)
        mark = len(self.tokens)

        def indexed(closing: Span) -> None:
            index = self._cut(mark)
            word = {"": "sqrt", "2": "sqrt", "3": "cbrt"}.get("".join(token.text for token in index), "")
            if word:
                self._emit(span, word, kind="name")
            self._emit(span, *("(" if word else "(("))
            self._argument(span, lambda last: radicand(last, [] if word else index))

        def radicand(closing: Span, index: list[Token]) -> None:
            self._emit(closing, ")")
            if index:
                self._emit(closing, "**", "(", "1", "/", "(")
                self.tokens.extend(index)
                self._emit(closing, ")", ")", ")")

        self._skip()
        if self._peek() == "[":
            self._push(Frame(self._to(self.position + 1), "]", indexed))
        else:
            indexed(span)

    # -- functions

    def _function(self, name: str, span: Span) -> None:
        if self._after_value():
            self._close_bare(span)
        self._scripts(Applied(name, span))

    def _scripts(self, applied: Applied) -> None:
        """What stands on the function, then its argument."""
        self._skip()
        mark, script, start = len(self.tokens), self._peek(), self.position
        if script not in ("_", "^") or not script:
            self._apply(applied)
            return
        if script in applied.scripts or (script == "_" and applied.name != "log"):
            raise self._error(f"`{self._typed(applied.span)}` takes no `{script}` here", Span(start, start + 1))

        def read(closing: Span) -> None:
            applied.scripts[script] = self._cut(mark)
            self._scripts(applied)

        self.position += 1
        self._argument(Span(start, start + 1), read, script)

    def _apply(self, applied: Applied) -> None:
        typed, power = self._typed(applied.span), [t for t in applied.scripts.get("^", []) if t.text not in ("(", ")")]
        if "^" in applied.scripts and [token.kind for token in power] != ["number"]:
            place = Span(applied.span.start, len(self.source[: self.position].rstrip()))
            hint = f"write `{typed}(x)^{{…}}`, or the name of the inverse function"
            raise self._error(f"a power of `{typed}` itself is ambiguous", place, hint)
        applied.scripts["^"] = power
        base = "".join(token.text for token in applied.scripts.get("_", []) if token.text not in ("(", ")"))
        if base in ("2", "10"):
            applied.name += base
            del applied.scripts["_"]
        if GROUP.match(self.source, self.position, self.end):
            self.pending = applied
        else:
            self._open(applied)
            self._push(Frame(applied.span, "", lambda last: self._applied(applied, last)))

    def _open(self, applied: Applied) -> None:
        self._times(applied.span, function=True)
        self._emit(applied.span, *("(" for script in applied.scripts.values() if script))
        self._emit(applied.span, applied.name, kind="name")
        self._emit(Span(applied.span.end, applied.span.end), "(")

    def _applied(self, applied: Applied, closing: Span) -> None:
        self._emit(closing, ")")
        if base := applied.scripts.get("_"):
            self._emit(closing, "/")
            self._emit(closing, "log", kind="name")
            self._emit(closing, "(")
            self.tokens.extend(base)
            self._emit(closing, ")", ")")
        if power := applied.scripts.get("^"):
            self._emit(closing, "**")
            self.tokens.extend(power)
            self._emit(closing, ")")

    # -- brackets

    def _bracket(self, bracket: str, span: Span, side: str = "") -> None:
        """Open or close; `|` alone closes where a value stands before it and a `|` is open."""
        bar = (
            next((frame.closing for frame in reversed(self.frames) if frame.closing), "") == "|" and self._after_value()
        )
        opens = bracket in BRACKETS or bracket == "{"
        if bracket in ("|", "\\vert"):
            opens = {"open": True, "l": True, "close": False, "r": False}.get(side, not bar)
        sized = side in ("open", "close")
        if not opens:
            self._close("|" if bracket == "\\vert" else bracket, span, sized)
            return
        closing, function = BRACKETS.get(bracket, ("}", ""))
        applied, self.pending = self.pending, None
        if applied and not function:
            self._open(applied)
            self._push(Frame(span, closing, lambda last: self._applied(applied, last), sized))
            return
        if function or bracket == "{":
            self._times(span)
        else:
            self._factor(span, compound=True)
        if function:
            self._emit(span, function, kind="name")
        self._emit(span, "(")
        self._push(Frame(span, closing, lambda last: self._emit(last, ")"), sized))

    def _close(self, bracket: str, span: Span, sized: bool) -> None:
        self._close_bare(span)
        if not self.frames:
            raise self._error(f"`{self._typed(span)}` closes nothing", span)
        frame = self.frames[-1]
        if frame.closing != bracket or frame.sized != sized:
            wanted = ("\\right" if frame.sized else "") + frame.closing
            raise self._error(f"expected `{wanted}`, found `{self._typed(span)}`", frame.opening.join(span))
        self.frames.pop()
        frame.then(span)

    def _close_bare(self, span: Span) -> None:
        """End the arguments that have no bracket, such as that of `\\sin 2x`."""
        while self.frames and not self.frames[-1].closing:
            frame = self.frames[-1]
            if not self._after_value():
                typed = self._typed(frame.opening)
                raise self._error(
                    f"`{typed}` is a function and needs an argument", frame.opening, f"write `{typed}(x)`"
                )
            self.frames.pop()
            end = self.tokens[-1].span.end
            frame.then(Span(end, end))

    def _push(self, frame: Frame) -> None:
        self.frames.append(frame)
        depth = len(self.frames)
        self.limits.require("depth", depth, f"the expression is nested over {depth - 1:,} deep", frame.opening)

    # -- arguments

    def _superscript(self, span: Span) -> None:
        self._emit(span, "**")
        self._skip()
        if self._peek() in ("{", "(", "\\"):
            return  # the next group or command is the exponent
        self._argument(span, lambda last: None, "^")

    def _argument(self, owner: Span, then: Callable[[Span], None], script: str = "") -> None:
        """What a command applies to: a group in braces, or one digit, letter or Greek letter."""
        self._skip()
        start, letter = self.position, self._peek()
        matched = COMMAND.match(self.source, start, self.end)
        if letter == "{":
            self._push(Frame(self._to(start + 1), "}", then))
            return
        if matched and matched.group()[1:] in SYMBOLS:
            self._emit(self._to(matched.end()), matched.group()[1:], kind="name")
        elif letter.isalpha():
            self._emit(self._to(start + 1), CONSTANT_LETTERS.get(letter, letter), kind="name")
        elif letter.isascii() and letter.isdigit():
            self._emit(self._to(start + 1), letter)
            if script:
                self._one_digit(script, self.tokens[-1].span)
        else:
            rest = SIGNED.match(self.source, start, self.end)
            hint = f"write `{script}{{{rest.group()}}}`" if script and rest and rest.group() else None
            raise self._error(f"`{self._typed(owner)}` needs an argument in braces", owner, hint)
        then(self.tokens[-1].span)

    def _one_digit(self, script: str, span: Span) -> None:
        """Raises where a second digit follows: `x^10` is x^1 0 on paper."""
        digits = NUMBER.match(self.source, span.start, self.end)
        if digits and digits.end() > span.end:
            raise self._error(
                f"`{script}` takes one digit only", Span(*digits.span()), f"write `{script}{{{digits.group()}}}`"
            )

    # -- tokens

    def _emit(self, span: Span, *texts: str, kind: str = "") -> None:
        for text in texts:
            self.tokens.append(Token(kind or ("number" if text[0] in ".0123456789" else "operator"), text, span))

    def _cut(self, mark: int) -> list[Token]:
        """Take back the tokens since `mark`, to write them elsewhere."""
        cut = self.tokens[mark:]
        del self.tokens[mark:]
        return cut

    def _after_value(self) -> bool:
        last = self.tokens[-1] if self.tokens else Token("operator", "", Span(0, 0))
        return last.kind == "number" or (last.kind == "name" and last.text not in ROOTS) or last.text in (")", "!")

    def _times(self, span: Span, function: bool = False) -> None:
        """The product sign before something that is no plain factor."""
        if not function:
            self._factor(span, compound=True)
        if self._after_value():
            self._emit(Span(span.start, span.start), "*")

    def _factor(self, span: Span, compound: bool = False) -> None:
        """Raises where it is unclear whether this still belongs to the bare argument before it."""
        frame = self.frames[-1] if self.frames and not self.frames[-1].closing else None
        if frame and self._after_value() and (compound or frame.compound):
            typed = self._typed(frame.opening)
            raise self._error(
                f"it is unclear where the argument of `{typed}` ends", frame.opening.join(span), f"write `{typed}(…)`"
            )
        if frame and compound and self.tokens[-1].text == "(":
            frame.compound = True

    # -- text

    def _unwrapped(self) -> tuple[int, int]:
        """The part of the text between its dollar signs, or all of it."""
        start = len(self.source) - len(self.source.lstrip())
        end = max(start, len(self.source.rstrip()))
        for opening, closing in WRAPPERS.items():
            if self.source.startswith(opening, start):
                inner = start + len(opening)
                if end - len(closing) < inner or not self.source.endswith(closing, start, end):
                    raise self._error(f"`{opening}` is never closed", Span(start, inner))
                return inner, end - len(closing)
        return start, end

    def _to(self, end: int, start: int | None = None) -> Span:
        """Go on to `end`; the span that ends there."""
        span = Span(self.position if start is None else start, end)
        self.position = end
        return span

    def _peek(self) -> str:
        return self.source[self.position : min(self.position + 1, self.end)]

    def _skip(self) -> None:
        while self._peek().isspace():
            self.position += 1

    def _typed(self, span: Span) -> str:
        return self.source[span.start : span.end]

    def _error(self, message: str, span: Span, hint: str | None = None) -> ExpressionSyntaxError:
        return ExpressionSyntaxError(message, span=span, source=self.source, hint=hint)


READERS: tuple[tuple[frozenset[str], Callable[[Reader, str, Span], None]], ...] = (
    (SYMBOLS, Reader._name),
    (SPACES, Reader._space),
    (frozenset(SYMBOLIC), Reader._symbolic),
    (frozenset("\\"), Reader._separator),
    (WORDS, Reader._styled),
    (SIZES | {"left", "right"}, Reader._sized),
    (FRACTIONS, Reader._fraction),
    (frozenset({"sqrt"}), Reader._root),
)
