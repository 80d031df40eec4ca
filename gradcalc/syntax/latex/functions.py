"""Functions in LaTeX, with what stands on them: `\\sin^2 x`, `\\log_b x`, `\\arctan(x)`."""

from __future__ import annotations

import re
from abc import abstractmethod

from gradcalc.base.span import Span
from gradcalc.syntax.grammar import BESIDE
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, spanning
from gradcalc.syntax.latex.calls import NAMES, Calls, is_bracket

LOGARITHMS = ("log", "ln")
BARE = (*NAMES, "number")  # what an argument without brackets is made of
BY_AXIS = re.compile(r"axis_?(minus_)?([0-9]+)")


class Functions(Calls):
    """Applies a function to the bracket that follows it, or to a bare argument."""

    def factor(self, row: Row, place: int) -> int:
        """The factor at a place of a row, with what belongs to it; the place behind it."""
        atom = row[place]
        following = row[place + 1] if place + 1 < len(row) else None
        if atom.kind == "function":
            return self.applied(row, place)
        if atom.kind == "big":
            return self.big(row, place)
        if atom.kind in NAMES and following is not None and is_bracket(following):
            return self.before_bracket(row, place)
        self.require_no_expectation(atom, tables.RANDOM)
        if atom.kind == "fraction":
            self.require_quotient(row, place)
        if atom.kind == "number" and atom.text == "1" and atom.style:
            return self._ones(row, place)
        self.value(atom)
        return place + 1

    def _ones(self, row: Row, place: int) -> int:
        """`\\mathbf{1}^\\top x`, the sum of all elements; `\\mathbf{1}` in a sum; or an indicator."""
        atom, following = row[place], row[place + 1 : place + 2]
        alone = not following or following[0].kind == "operator"
        above = atom.above or []
        turned = len(above) == 1 and (above[0].text == "T" or self.is_transposition(above[0]))
        if atom.below is None and turned and not alone:
            end = self.product_end(row, place + 1)
            self.call("totalled", atom.span)
            self.expression(row[place + 1 : end])
            self.emit(Span(row[end - 1].span.end, row[end - 1].span.end), ")")
            return end
        if atom.bare and alone and (place == 0 or is_operator(row[place - 1], "+", "-", "=")):
            self.emit(atom.core, atom.text, kind="number")
            return place + 1
        return self.indicator(row, place)

    @abstractmethod
    def product_end(self, row: Row, place: int) -> int:
        """The place behind the factors that begin at a place."""

    @abstractmethod
    def indicator(self, row: Row, place: int) -> int:
        """`\\mathbf{1}[x > 0]`, `\\mathbb{1}_{x > 0}`."""

    @abstractmethod
    def big(self, row: Row, place: int) -> int:
        """A sum or a product over an index."""

    def applied(self, row: Row, place: int) -> int:
        """A function with its argument."""
        atom = row[place]
        if atom.text in ("max", "min") and atom.below and not BY_AXIS.fullmatch(self.text_below(atom)):
            return self.big(row, place)
        self.depth += 1
        self.limits.require("depth", self.depth, f"the expression is nested {self.depth:,} deep", atom.span)
        if atom.primes:
            raise self.error("a derivative is not part of the language", atom.span, "write the function itself")
        function, power = self._inverse(atom)
        following = row[place + 1] if place + 1 < len(row) else None
        if function in LOGARITHMS and atom.bare and following is not None:
            inner = tables.LETTER_FUNCTIONS.get((following.text, 1), following.text)
            if following.bare and inner in tables.LOGARITHMS_OF and not self._is_variable(following.text):
                function, place = tables.LOGARITHMS_OF[inner], place + 1
                following = row[place + 1] if place + 1 < len(row) else None
        bracketed = following is not None and (is_bracket(following) or following.kind == "group")
        after = following if bracketed and following is not None else None
        self.emit(atom.span, *"(" * bool(power and after and after.above))
        self.call(self._with_base(atom, function), atom.span)
        if after is not None:
            inside = after.rows[0]
            only = inside[0] if len(inside) == 1 and inside[0].kind == "group" and inside[0].bare else None
            self.expression(only.rows[0] if only else inside)  # as in max({0, x})
            place += 2
        else:
            place = self._bare(row, place)
        self._base(atom)
        self.emit(Span(row[place - 1].span.end, row[place - 1].span.end), ")")
        self.powers(atom if power else None, after)
        self.depth -= 1
        return place

    def text_below(self, atom: Atom) -> str:
        """What stands below a function, where that is words; nothing else."""
        plain = all(one.kind in ("text", "number", "word", "name") or is_operator(one, "-") for one in atom.below or [])
        return self.text(atom.below) if atom.below and plain else ""

    def _inverse(self, atom: Atom) -> tuple[str, Row | None]:
        """The function, and the power it is raised to; `\\sin^{-1}` is the inverse function."""
        power = atom.above
        if not power:
            return atom.text, None
        if len(power) == 1 and power[0].kind == "number":
            return atom.text, power
        minus_one = len(power) == 2 and is_operator(power[0], "-") and power[1].text == "1"
        if minus_one and atom.text in tables.INVERSES:
            return tables.INVERSES[atom.text], None
        typed = self.typed(Span(atom.span.start, spanning(power).start)).rstrip("^{ ")
        hint = f"write `{typed}(x)^{{…}}`, or the name of the inverse function"
        raise self.error(f"a power of `{typed}` itself is ambiguous", atom.span, hint)

    def _with_base(self, atom: Atom, function: str) -> str:
        """The function with the base of a logarithm in its name, where it has one there."""
        if atom.below is None:
            return function
        below = self.text(atom.below)
        if function in LOGARITHMS or BY_AXIS.fullmatch(below):
            return f"log{below}" if below in ("2", "10") and function in LOGARITHMS else function
        raise self.error(
            f"`{self.shown(atom.span)}` takes no `_` here", spanning(atom.below), "write the subscript on the argument"
        )

    def _base(self, atom: Atom) -> None:
        """The base of a logarithm, or the axis that a sum runs along, behind the argument."""
        if atom.below is None:
            return
        place, text = spanning(atom.below), self.text(atom.below)
        if (axis := BY_AXIS.fullmatch(text)) is not None:
            self.emit(place, ",")
            self.emit(place, "axis", kind="name")
            self.emit(place, "=", *"-" * bool(axis[1]))
            self.emit(place, axis[2], kind="number")
        elif text not in ("2", "10"):
            self.emit(place, ",")
            self.expression(atom.below)

    def _bare(self, row: Row, place: int) -> int:
        """The argument of `\\sin 2x`: factors up to an operator or the next function; the place behind it."""
        function = row[place]
        first = row[place + 1] if place + 1 < len(row) else None
        typed = function.text if self.typed(function.span)[0] == "{" else self.shown(function.span)
        if first is None or first.kind in ("operator", "text", "align", "break"):
            hint = f"write `{typed}({'x' if function.bare and function.text in self.vocabulary.bare else '…'})`"
            raise self.error(f"`{typed}` is a function and needs an argument", function.span, hint)
        if first.kind in ("function", "big") or self.is_called(row, place + 1):
            return self.factor(row, place + 1)
        self.value(first)
        place += 2
        simple = first.kind in BARE
        while place < len(row):
            atom = row[place]
            if is_operator(atom, "!"):
                self.emit(atom.span, "!")
            elif atom.kind in ("operator", "text", "align", "break", "function", "big"):
                break
            elif not simple or atom.kind not in BARE:
                place_of_both = function.span.join(atom.span)
                raise self.error(
                    f"it is unclear where the argument of `{typed}` ends", place_of_both, f"write `{typed}(…)`"
                )
            else:
                self.emit(Span(atom.span.start, atom.span.start), BESIDE)
                self.value(atom)
            place += 1
        return place
