"""Rows of atoms to tokens: factors side by side, fractions, roots, brackets, and what is raised."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable

from gradcalc.base import ways
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import BESIDE, SUPERSCRIPT
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, parted, spanning
from gradcalc.syntax.latex.names import STARS, Parts
from gradcalc.syntax.latex.values import NUCLEI, Values
from gradcalc.syntax.letters import TRANSPOSED

SIGNS = {"∘": "*"}
UNCLEAR = {  # what stands raised with more than one meaning, and how to write each
    "dagger": ("%s^{\\top}", "\\operatorname{pinv}(%s)"), "+": ("\\operatorname{pinv}(%s)", "\\max(%s, 0)"),
    "-": ("\\max(-%s, 0)", "\\min(%s, 0)"),
}  # fmt: skip
LETTERS = re.compile(r"\\?[A-Za-z]+( [A-Za-z]|\{[A-Za-z]+\})?")  # `x`, `\\hat x`, `\\mathbf{x}`
SIMPLE = ("name", "word", "accent", "number", "root")
CONDITIONAL = "a bar that pairs with no other is not part of the language"


class Writer(Values):
    """Writes rows of atoms."""

    def expression(self, row: Row) -> None:
        """A row of factors and operators."""
        self.depth += 1
        self.limits.require("depth", self.depth, f"the expression is nested {self.depth:,} deep")
        place, value = 0, False
        while place < len(row):
            atom = row[place]
            if atom.kind in ("operator", "text", "align", "break"):
                self._operator(atom)
                if is_operator(atom, "/"):
                    self._require_one_below(row[place + 1 : place + 3])
                value = value and (atom.kind in ("align", "break") or atom.text == "!")
                place += 1
            else:
                if value:
                    self.emit(Span(atom.span.start, atom.span.start), BESIDE)
                place = self.factor(row, place)
                value = True
        self.depth -= 1

    @abstractmethod
    def factor(self, row: Row, place: int) -> int:
        """The factor at a place of a row, with what belongs to it; the place behind it."""

    def _require_one_below(self, row: Row) -> None:
        """Raises at `x/2y`, where the y may stand below too."""
        tight = len(row) == 2 and row[0].span.end == row[1].span.start and all(one.kind in SIMPLE for one in row)
        if tight:
            both = spanning(row)
            hint = f"write `\\frac{{…}}{{{self.shown(both)}}}`, or `{self.shown(row[0].span)} \\cdot …`"
            raise self.error("it is unclear how much stands below the `/`", both, hint)

    def _operator(self, atom: Atom) -> None:
        if atom.kind == "text":
            raise self.error(f"`{atom.text}` is not part of the language", atom.core, ways.BEYOND)
        if is_operator(atom, "mid"):
            raise self.error(CONDITIONAL, atom.core, "write a product with `\\cdot`, or `\\lvert x \\rvert`")
        if is_operator(atom, "="):
            raise self.error("an equation stands inside of brackets", atom.core, "leave the brackets around it out")
        if is_operator(atom, "in", "and", "or", "sim"):
            raise self.error(f"`{self.shown(atom.span)}` is not part of the language", atom.core, ways.BEYOND)
        if atom.kind == "operator":
            self.emit(atom.core, SIGNS.get(atom.text, atom.text))

    # -- values and what is raised

    def value(self, atom: Atom) -> None:
        """An atom that is a value, with its scripts."""
        if atom.text == "I" and atom.style == "bold" and atom.below is not None:
            self.raised(lambda: self.filled(atom, "eye"), atom)
            return
        if self.parts(atom) is not None:
            parts = self.named(atom)
            place = atom.core if self.mark_above(atom) is None else atom.span
            self.raised(lambda: self._name(parts, place), atom, named=self.mark_above(atom) is not None)
            return
        if atom.primes:
            raise self.error("a derivative is not part of the language", atom.core, "write the function itself")
        norm = atom.kind == "fence" and tables.FENCES.get(atom.text) == "norm"
        below = None if norm or atom.kind == "number" else atom.below
        self.raised(lambda: self._element(atom, below), atom)

    def _name(self, parts: Parts, span: Span) -> None:
        """A name, and which element of it."""
        self.emit(span, parts.name, kind="name")
        self._places(parts.indices, span)

    def _places(self, places: list[Row], span: Span) -> None:
        for count, place in enumerate(places):
            self.emit(span, "," if count else "[")
            self.expression(place)
        self.emit(span, *"]" * bool(places))

    def _element(self, atom: Atom, below: Row | None) -> None:
        """A value that is no name, and which element of it."""
        nucleus = NUCLEI.get(atom.kind)
        if nucleus is None:
            raise self.error(f"expected a value, found `{self.shown(atom.core)}`", atom.core, ways.VALUE)
        nucleus(self, atom)
        if below is not None:
            places = parted(below, ",")
            if not all(
                place and all(one.kind == "number" or is_operator(one, ":") for one in place) for place in places
            ):
                raise self.error("a subscript stands directly behind a name", spanning(below), ways.BEHIND)
            self._places(places, spanning(below))

    def raised(self, base: Callable[[], None], atom: Atom, *, named: bool = False) -> None:
        """A base with what stands above the atom: an exponent, a transposition, degrees, or nothing."""
        above, span, place = atom.above, atom.core, atom.exponent
        if not above or named:
            base()
            return
        negative = len(above) == 2 and is_operator(above[0], "-") and self.is_transposition(above[1])
        if negative:
            self.call("inv", span)
            base()
            self.emit(place, ")", TRANSPOSED)
        elif len(above) == 1 and self.is_transposition(above[0]):
            base()
            self.emit(place, TRANSPOSED)
        elif len(above) == 1 and is_operator(above[0], "∘"):
            self.emit(span, "(")
            base()
            self._degrees(place)
        elif len(above) == 1 and above[0].bare and (above[0].text in STARS):
            base()
            self.emit(place, TRANSPOSED)
        elif len(above) == 1 and above[0].bare and (readings := UNCLEAR.get(above[0].text)):
            shown = self.shown(span) if LETTERS.fullmatch(self.shown(span)) else "…"
            hint = "write " + " or ".join(f"`{way % shown}`" for way in readings)
            raise self.error(f"it is unclear what `^{self.shown(place)}` means", place, hint)
        elif len(above) == 1 and above[0].kind == "operator":
            raise self.error(f"expected a value, found `{self.shown(above[0].span)}`", above[0].span, ways.VALUE)
        else:
            base()
            elementwise = is_operator(above[0], "∘")
            self.emit(place, "**" if elementwise else SUPERSCRIPT)
            self.enclosed(above[elementwise:], place)

    def is_transposition(self, atom: Atom) -> bool:
        """`\\top`, or an upright T."""
        upright = atom.style in ("upright", "mathsf") and atom.text in ("T", "t")
        return atom.bare and atom.kind == "name" and (atom.text in ("top", "intercal") or upright)

    def _degrees(self, place: Span) -> None:
        self.emit(place, "*")
        self.emit(place, "pi", kind="name")
        self.emit(place, "/")
        self.emit(place, "180", kind="number")
        self.emit(place, ")")
