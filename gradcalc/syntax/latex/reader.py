"""LaTeX to tokens, one character or command at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

from gradcalc.base.errors import did_you_mean
from gradcalc.base.span import Span
from gradcalc.syntax.latex.arguments import Frame
from gradcalc.syntax.latex.functions import Functions
from gradcalc.syntax.latex.tables import (
    BRACED,
    BRACKETS,
    CLOSERS,
    COMMAND,
    DIFFERENTIAL,
    FOREIGN,
    FRACTIONS,
    LETTERS,
    NUMBER,
    PARENTHESIS,
    SCIENTIFIC,
    SIZES,
    SPACES,
    STYLED,
    SYMBOLIC,
    SYMBOLS,
    WORDS,
)
from gradcalc.syntax.letters import (
    ROOTS,
    SPELLINGS,
    canonical,
    describe,
    is_name_start,
    marks_end,
    superscript_end,
)
from gradcalc.syntax.tokens import Token, operator_at, superscript


class Reader(Functions):
    """Reads what stands at the position, whatever it is."""

    def step(self) -> None:
        """Read what stands at the position."""
        start, letter = self.position, self.source[self.position]
        if letter == "\\":
            self._command()
        elif is_name_start(letter) and (matched := LETTERS.match(self.source, start, self.end)):
            self._letters(matched)
        elif matched := NUMBER.match(self.source, start, self.end):
            self._number(matched)
        elif (raised := superscript_end(self.source, start)) > start:
            self.tokens.extend(superscript(self.source, self._to(raised), self.limits))
        else:
            self._character(letter, self._to(start + 1))

    def finish(self, span: Span) -> None:
        """The end of a statement: nothing may be open."""
        self._close_bare(span)
        if self.pending or self.frames:
            opening = self.pending.span if self.pending else self.frames[-1].opening
            raise self._error(f"`{self._shown(opening)}` is never closed", opening)

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
        text = operator_at(self.source, span.start)
        if text is None:
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
        marked = marks_end(self.source, self.position)
        text += self._typed(self._to(marked))
        if self._peek() == "_":
            self.position += 1
            text += "_" + self._word(self._to(self.position, span.start))
        name = canonical(text)
        if name is None:
            raise self._error(f"unexpected {describe(text[0])}", span)
        self._emit(self._to(self.position, span.start), name, kind="name")

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
        text = text[1:] if text.startswith("\\") and text[1:] in SYMBOLS else text.replace("\\_", "_")
        if not text or canonical("_" + text) is None:
            raise self._error("expected one word of letters and digits", self._to(self.position, owner.start))
        if not matched:
            self._one_digit("_", Span(self.position - 1, self.position))
        return text

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
                f"unknown command `{self._shown(span)}`",
                span,
                did_you_mean("\\" + name, ["\\" + word for word in known]),
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
