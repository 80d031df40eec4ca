"""What a command of LaTeX applies to, and what stands below and above an atom: `\\frac12`, `x_i^2`, `f'`."""

from __future__ import annotations

from abc import abstractmethod
from itertools import takewhile

from gradcalc.base import ways
from gradcalc.base.errors import shortened
from gradcalc.base.span import Span
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row
from gradcalc.syntax.latex.marks import Mark
from gradcalc.syntax.latex.names import VALUELESS
from gradcalc.syntax.latex.words import Words
from gradcalc.syntax.letters import CONSTANT_LETTERS, canonical

RAISED_SIGNS = {"^": ("(", "*", "'"), "_": ("*",)}
NAMED = {"^": ("name", "word", "accent", "number"), "_": ("name", "word", "accent")}  # what a hint can repeat
TRANSPOSED = ("ᵀ", "⊤")
NO_ARGUMENT = frozenset({"\\", "right", "end", "left", "begin", "limits", "over", "middle"})


class Scripts(Words):
    """Reads arguments and scripts."""

    @abstractmethod
    def atom(self) -> Atom | None:
        """The next atom, without its scripts; None where there is only space."""

    @abstractmethod
    def group(self, opening: Mark) -> Atom:
        """What stands in braces, the first of which is read."""

    def argument(self, owner: Mark, script: str = "", base: str = "") -> Row:
        """What a command applies to: a group in braces, or one digit, letter or symbol."""
        while self.mark.kind == "command" and self.mark.text in tables.SPACES:
            self.index += 1
        mark = self.mark
        if self.key == "{":
            self.index += 1
            inside = self.group(mark)
            return inside.rows[0] if inside.rows else [inside]
        if mark.kind == "number" and mark.text[0] != ".":
            return [self._digit(mark, script, base)]
        if mark.kind == "letter":
            self.index += 1
            name = canonical(mark.text) or mark.text
            return [Atom("name", CONSTANT_LETTERS.get(name, name), mark.span)]
        if (mark.text in RAISED_SIGNS.get(script, ())) or (mark.kind == "command" and mark.text not in NO_ARGUMENT):
            atom = self.atom()
            return [] if atom is None else [atom]
        if script == "^" and mark.text in TRANSPOSED:
            self.index += 1
            return [Atom("name", "top", mark.span)]
        sign = mark.text if mark.text in ("+", "-") else ""
        simple = "".join(one.text for one in takewhile(_is_simple, self.marks[self.index + bool(sign) :]))
        fits = script and (simple.isdigit() or len(simple) == 1)
        hint = f"write `{base}{script}{{{shortened(sign + simple)}}}`" if fits else ways.ARGUMENT
        raise self.error(f"`{self.shown(owner.span)}` needs an argument in braces", owner.span, hint)

    def _digit(self, mark: Mark, script: str, base: str) -> Atom:
        """The first digit of a number. Raises where a script has more: `x^10` is x^1 0 on paper."""
        first = Span(mark.span.start, mark.span.start + 1)
        if len(mark.text) > 1 and script:
            hint = f"write `{base}{script}{{{shortened(mark.text)}}}`"
            raise self.error(f"`{script}` takes one digit only", mark.span, hint)
        if len(mark.text) > 1:
            self.marks[self.index] = Mark("number", mark.text[1:], Span(first.end, mark.span.end))
        else:
            self.index += 1
        return Atom("number", mark.text[:1], first)

    def scripts(self, atom: Atom) -> Atom:
        """The atom with what stands below and above it."""
        while True:
            mark, following = self.mark, self.marks[min(self.index + 1, len(self.marks) - 1)]
            if self.key in ("'", "\\prime"):
                self.index += 1
                atom.primes += 1
            elif mark.kind == "raised" and atom.above is None:
                self.index += 1
                atom.above, atom.exponent = self.raised(mark), mark.span
            elif self.key == "ᵀ" and atom.above is None:
                self.index += 1
                atom.above, atom.exponent = [Atom("name", "top", mark.span)], mark.span
            elif self.key in ("_", "^"):
                self.index += 1
                self.below += mark.text == "_"
                base = self.shown(atom.core) if self._is_repeated(atom, mark) else ""
                row = self.argument(mark, mark.text, base)
                self.below -= mark.text == "_"
                self._script(atom, mark, row, following.span)
            elif mark.kind == "command" and mark.text in ("limits", "nolimits"):
                self.index += 1
            else:
                break
            atom.span = atom.span.join(self.marks[self.index - 1].span)
            if mark.text not in ("^", "ᵀ") and mark.kind != "raised":
                atom.core = atom.core.join(self.marks[self.index - 1].span)
        return atom

    def _is_repeated(self, atom: Atom, mark: Mark) -> bool:
        """May a hint repeat what a script stands on: a name or a number, with one word below it at most?"""
        below = atom.below or []
        plain = len(below) < 2 and all(one.kind in ("name", "number", "word") for one in below)
        fits = atom.kind in NAMED[mark.text] and atom.text not in VALUELESS and atom.above is None and plain
        return fits and (not below or (mark.text == "^" and atom.kind != "number"))

    def _script(self, atom: Atom, mark: Mark, row: Row, start: Span) -> None:
        """Put what was read below or above an atom."""
        if not row:
            raise self.error(
                f"nothing stands in the braces of `{mark.text}`", mark.span, "write `x^{2}`, or leave the braces out"
            )
        if mark.text == "^":
            atom.exponent = start.join(self.marks[self.index - 1].span)
        if mark.text == "^" and len(row) == 1 and row[0].kind == "prime":
            atom.primes += 1
        elif (atom.below if mark.text == "_" else atom.above) is not None:
            raise self.error(f"two `{mark.text}` at one place", mark.span, "write braces around what they belong to")
        elif mark.text == "_":
            atom.below = row
        else:
            atom.above = row


def _is_simple(mark: Mark) -> bool:
    return mark.kind in ("letter", "number")
