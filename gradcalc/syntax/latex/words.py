"""Letters and words of LaTeX: `x`, `\\mathrm{mass}`, `\\operatorname{softmax}`, `\\text{otherwise}`, `\\mathbf{x}`."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NoReturn

from gradcalc.base import ways
from gradcalc.base.errors import shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.apart import functions_inside
from gradcalc.syntax.grammar import OPTIMA, OPTIMA_HINT, WORDS, Vocabulary
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row
from gradcalc.syntax.latex.bars import key
from gradcalc.syntax.latex.marks import Mark, Text
from gradcalc.syntax.letters import CONSTANT_LETTERS, GREEK, canonical

OF_OPTIMA = frozenset({*OPTIMA, "argmin", "argmax"})
LONGEST_RUN = 30  # letters side by side that may be a function's name
SHORTEST_WORD = 4  # letters side by side that are hardly a product
SHORTEST_FUNCTION = 3  # letters of one that needs no backslash and no parenthesis


class Words(Text, ABC):
    """Reads what is made of letters."""

    def __init__(self, source: str, marks: list[Mark], vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, limits)
        self.marks, self.bare = marks, vocabulary.bare
        self.given, self.known = vocabulary.variables, vocabulary.functions
        self.functions = vocabulary.functions | {name for name in vocabulary.foreign if len(name) > 1}
        self.index = 0
        self.below = 0  # how many subscripts are open, in which letters side by side are a word

    @property
    def mark(self) -> Mark:
        """The next mark."""
        return self.marks[self.index]

    @property
    def key(self) -> str:
        """The next mark as the bracket that it may be."""
        return key(self.mark)

    @staticmethod
    def key_of(mark: Mark) -> str:
        """A mark as the bracket that it may be."""
        return key(mark)

    @abstractmethod
    def argument(self, owner: Mark, script: str = "", base: str = "") -> Row:
        """What a command applies to."""

    def letters(self) -> Atom:
        """A letter; a run of letters where it is a function's name, or the word of a sum."""
        first = self.mark
        run = "".join(one.text for one in self._run())
        following = self.marks[self.index + len(run)] if len(run) <= LONGEST_RUN else first
        if run in tables.BIG and following.text == "_":
            return self._word("big", tables.BIG[run], len(run))
        if run in self.functions and (following.text == "(" or len(run) >= SHORTEST_FUNCTION):
            return self._word("function", run, len(run))
        self._require_letters(run, first)
        self.index += 1
        name = canonical(first.text)
        if name is None:
            raise self.error(f"unexpected `{first.text}`", first.span, ways.LEAVE_OUT)
        return Atom("name", CONSTANT_LETTERS.get(name, name), first.span)

    def _require_letters(self, run: str, first: Mark) -> None:
        """Raises at a word among letters that would each be a factor: `loss`, `sinx`."""
        before = self.marks[self.index - 1] if self.index else first
        if self.below:
            return
        if len(run) == 2 and run[0] == "d" and self.index and "d" not in self.given and self._ends(2):
            self._refuse_differential(Span(first.span.start, first.span.start + 2), run[1])
        if before.kind == "letter" and before.span.end == first.span.start:
            return
        span = Span(first.span.start, first.span.start + len(run))
        meant = functions_inside(run, self.bare)
        if meant is not None:
            raise self.error("letters side by side are a product", span, f"write `{meant}`")
        ends = any(run[start:] in self.functions for start in range(1, len(run) - 1))  # ylog(x)
        if len(run) >= SHORTEST_WORD and not ends:
            raise self.error("letters side by side are a product", span, self._meant(run))

    def _refuse_differential(self, span: Span, name: str) -> NoReturn:
        """Raises at the `dx` behind an integrand."""
        message = "a differential is not part of the language"
        raise self.error(message, span, f"leave it out, or write `d \\cdot {name}` for a product")

    def _ends(self, count: int) -> bool:
        """Does the formula end behind so many marks, but for a full stop?"""
        behind = self.marks[self.index + count :]
        return all(one.kind == "end" or one.text in (".", ",") for one in behind)

    def _meant(self, run: str) -> str:
        """What to write for letters that are hardly a product."""
        function = self._function(run)
        if function is not None:
            return f"write `\\mathrm{{{run}}}(…)`"
        if run in WORDS or run.casefold() in tables.PROSE | tables.OTHERWISE:
            return WORDS.get(run, ways.PRODUCT)
        if run in GREEK or canonical(run) is None:
            return f"write `\\{run}`" if run in GREEK else ways.PRODUCT
        return f"write `\\mathrm{{{shortened(run)}}}` for one name"

    def _run(self) -> Iterable[Mark]:
        """The letters side by side, of one character each."""
        position = self.mark.span.start
        for mark in self.marks[self.index : self.index + LONGEST_RUN + 1]:
            if mark.kind != "letter" or mark.span.start != position or len(mark.text) != 1:
                return
            position = mark.span.end
            yield mark

    def _word(self, kind: str, text: str, length: int) -> Atom:
        span = self.mark.span.join(self.marks[self.index + length - 1].span)
        self.index += length
        return Atom(kind, text, span)

    def raw(self, owner: Mark) -> str:
        """The text of a group in braces, as it stands there."""
        opening = self.mark
        if key(opening) != "{":
            raise self.error(f"`{self.shown(owner.span)}` needs an argument in braces", owner.span, ways.ARGUMENT)
        level = 0
        while self.mark.kind != "end":
            level += (key(self.mark) == "{") - (key(self.mark) == "}")
            self.index += 1
            if level == 0:
                return self.source[opening.span.end : self.marks[self.index - 1].span.start]
        raise self.error("`{` is never closed", opening.span, ways.closing("{"))

    def styled(self, mark: Mark) -> Atom | None:
        """`\\mathrm{mass}`, `\\mathbf{x}`: a word, a function, or letters in a style; None for white space."""
        start = self.index
        if key(self.mark) == "{":
            word = self.raw(mark)
            span = mark.span.join(self.marks[self.index - 1].span)
            if word and not word.strip():
                return None
            if (
                word == "d"
                and mark.text in tables.UPRIGHT
                and self.mark.kind in ("letter", "command")
                and self._ends(1)
            ):
                self._refuse_differential(span.join(self.mark.span), self.shown(self.mark.span))
            if (found := self._styled_word(mark, word.strip(), span)) is not None:
                return found
            self.index = start
        row = self.argument(mark)
        span = mark.span.join(self.marks[self.index - 1].span)
        style = STYLES.get(mark.text, mark.text)
        for atom in row:
            atom.style = style or atom.style
        if len(row) != 1:
            return Atom("group", "{", span, [row])
        row[0].span = span
        return row[0]

    def _styled_word(self, mark: Mark, word: str, span: Span) -> Atom | None:
        """A word that stands for itself: of several letters in upright ones, a function in any."""
        plain = word.replace("\\_", "_")
        if "".join(filter(str.isalpha, plain)).casefold() in OF_OPTIMA:
            raise self.error(f"`{shortened(word)}` is not part of the language", span, OPTIMA_HINT)
        function = self._function(plain)
        if function is not None:
            return Atom("function", function, span)
        if plain.casefold().rstrip(".,") in tables.PROSE or (" " in plain and mark.text in tables.UPRIGHT):
            return Atom("text", plain, span)
        if mark.text in tables.OTHER_STYLES | tables.BOLD and (len(plain) < SHORTEST_FUNCTION or plain.isupper()):
            return None
        named = canonical(plain) if len(plain) > 1 else None
        return None if named is None else Atom("word", named, span)

    def _function(self, word: str) -> str | None:
        """The function that a word names: `softmax`, `ReLU`."""
        known = tables.FUNCTIONS.get(word, word)
        if known in self.functions:
            return known
        lower = word.casefold().replace("-", "_")
        others = {one.replace("_", ""): one for one in self.functions} if len(lower) > SHORTEST_FUNCTION else {}
        return lower if lower in self.functions - LOSSES and len(lower) > 2 else others.get(lower.replace("_", ""))

    def switched(self, mark: Mark) -> Atom | None:
        """`{\\rm word}`, as it was written of old: the letters that follow, in a style."""
        run = list(self._run()) if self.mark.kind == "letter" else []
        if self.mark.kind == "command" and self.mark.text in tables.SYMBOLS:
            return self.styled(Mark("command", SWITCHED[mark.text], mark.span))  # {\\bf \\Sigma}
        if not run:
            raise self.error(f"`{self.shown(mark.span)}` stands before letters", mark.span, "write `\\mathbf{x}`")
        self.index += len(run)
        span = mark.span.join(run[-1].span)
        style = SWITCHED[mark.text]
        word = "".join(one.text for one in run)
        found = self._styled_word(Mark("command", style, mark.span), word, span)
        if found is not None:
            return found
        row = [Atom("name", one.text, one.span, style=STYLES.get(style, style)) for one in run]
        return row[0] if len(row) == 1 else Atom("group", "{", span, [row])

    def raised(self, mark: Mark) -> Row:
        """Digits and letters in superscript, as atoms at their place."""
        text = unicodedata.normalize("NFKC", mark.text).replace("−", "-")
        kinds = {"+": "operator", "-": "operator", "(": "operator", ")": "operator"}
        atoms: Row = []
        for letter in text:
            if letter.isdigit() and atoms and atoms[-1].kind == "number":
                atoms[-1].text += letter
            else:
                kind = kinds.get(letter, "number" if letter.isdigit() else "name")
                atoms.append(Atom(kind, letter, mark.span))
        return atoms


STYLES = {
    **dict.fromkeys(tables.UPRIGHT, "upright"), **dict.fromkeys(tables.SLANTED, ""),
    **dict.fromkeys(tables.BOLD, "bold"),
}  # fmt: skip
SWITCHED = {"rm": "mathrm", "bf": "mathbf", "it": "mathit", "cal": "mathcal", "sf": "mathsf"}
LOSSES = frozenset({"mse", "bce"})  # whose means are meant where they are words
