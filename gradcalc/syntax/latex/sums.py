"""Sums, products and extremes over an index: `\\sum_{i=1}^{3} x_i^2`, `\\prod_k a_k`, `\\max_i x_i`."""

from __future__ import annotations

from gradcalc.base import ways
from gradcalc.base.span import Span
from gradcalc.syntax.beyond import EXTREMA
from gradcalc.syntax.grammar import OPTIMA_HINT
from gradcalc.syntax.latex.atoms import Atom, Row, inside, is_operator, parted, spanning
from gradcalc.syntax.latex.calls import NAMES, is_bracket
from gradcalc.syntax.latex.functions import Functions
from gradcalc.syntax.latex.names import COUNTING

OVER = {"summation": "summation", "product": "product", "max": "largest", "min": "smallest"}
MULTIPLYING = ("·", "*", "×", "/", "∘", "!", "**")
Index = tuple[Atom, Row, Row]  # the letter, where it begins, and where it ends
PAIRS = ("<", ">", "<=", ">=", "!=")


class Sums(Functions):
    """Writes `summation(body, i, low, high)`; what its terms are is settled later."""

    def big(self, row: Row, place: int) -> int:
        """A sum or a product with all that it runs over: factors up to the next plus, minus or relation."""
        atom = row[place]
        end = self.product_end(row, place + 1)
        body = row[place + 1 : end]
        if len(body) == 0:
            raise self.error(f"`{self.shown(atom.span)}` needs what it runs over", atom.span, ways.SUM)
        indices = self._indices(atom, body)
        for _ in indices:
            self.call(OVER[atom.text], atom.span)
        self.bound += [index.text for index, _, _ in indices]
        self.indices |= {index.text for index, _, _ in indices}
        bracketed = len(body) == 1 and is_bracket(body[0]) and body[0].bare
        bracketed = bracketed and not any(is_operator(one, ",") for one in body[0].rows[0])
        self.expression(body[0].rows[0] if bracketed else body)
        for index, low, high in reversed(indices):
            self.bound.pop()
            self.emit(atom.span, ",")
            self.emit(index.span, index.text, kind="name")
            for bound in (low, high) if low else ():
                self.emit(atom.span, ",")
                self.expression(bound)
            self.emit(Span(row[end - 1].span.end, row[end - 1].span.end), ")")
        return end

    def _indices(self, atom: Atom, body: Row) -> list[Index]:
        """What a sum counts by. Raises where it has no end, or is no sum over numbers."""
        typed = self.typed(Span(atom.span.start, atom.span.start + 4))
        if atom.below is None:
            return [(self._counting(atom, body), [], [])]
        if atom.above and any(one.text == "infty" for one in inside(atom.above)):
            raise self.error(
                "infinite sums are not part of the language", atom.span, "write a number in place of infinity"
            )
        found = [index for piece in parted(atom.below, ",") for index in self._index(piece, atom)]
        if len(found) > 1 and found[-1][1] and not any(low for _, low, _ in found[:-1]):
            return [(letter, *found[-1][1:]) for letter, _, _ in found]  # i, j = 1
        if any(bool(low) != bool(high) for _, low, high in found) or (atom.above and len(found) > 1):
            raise self.error(f"`{typed}` has one bound without the other", atom.span, ways.SUM)
        return found

    def _counting(self, atom: Atom, body: Row) -> Atom:
        """The i of `\\sum x_i y_i`: the one letter that names are counted by. Raises where there is none."""
        subscripts = [letter for one in inside(body) if one.kind in NAMES for letter in one.below or []]
        letters = {letter.text: letter for letter in subscripts if self._is_letter(letter)}
        if len(letters) != 1 or atom.above:
            raise self.error("a sum names what it counts by", atom.span, "write `\\sum_{i=1}^{3} x_i`")
        return next(iter(letters.values()))

    def _is_letter(self, atom: Atom) -> bool:
        """Is this one of the letters that things are counted by, and no index of a sum around?"""
        return atom.kind == "name" and atom.bare and atom.text in COUNTING and atom.text not in self.bound

    def _index(self, piece: Row, atom: Atom) -> list[Index]:
        """`i`, `i = 1`, `1 \\le i \\le n`, or letters side by side."""
        between = parted(piece, "<=")
        if len(between) == 3 and len(between[1]) == 1 and self._is_letter(between[1][0]) and not atom.above:
            return [(between[1][0], between[0], between[2])]
        told = EXTREMA.get(OVER[atom.text])
        if told is not None and any(one.kind != "name" for one in parted(piece, "=")[0]):
            raise self.error(told, spanning(piece), OPTIMA_HINT)
        if any(is_operator(one, *PAIRS) for one in piece):
            hint = "write every term out, or bounds for each index: `\\sum_{i=1}^{3} \\sum_{j=1}^{3} x_i y_j`"
            raise self.error("a sum over pairs is not part of the language", spanning(piece), hint)
        sides = parted(piece, "=")
        letters = sides[0]
        constants = any(one.text in ("e", "pi") for one in letters)
        if not letters or constants or len(sides) > 2 or any(one.kind != "name" or not one.bare for one in letters):
            place = spanning(atom.below or [atom])
            raise self.error("a sum runs over a letter", place, "write `\\sum_{i=1}^{3} x_i`, or `\\sum_i x_i`")
        return [(letter, sides[1] if len(sides) > 1 else [], atom.above or []) for letter in letters]

    def product_end(self, row: Row, place: int) -> int:
        """The place behind the factors that a sum runs over; a sign may stand before them."""
        start = place
        while place < len(row):
            atom = row[place]
            sign = place == start and is_operator(atom, "+", "-")
            if atom.kind in ("text", "align", "break") or (
                atom.kind == "operator" and atom.text not in MULTIPLYING and not sign
            ):
                break
            place += 1
        return place
