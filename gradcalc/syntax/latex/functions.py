"""Functions in LaTeX, with what stands on them (`\\sin^2 x`, `\\log_b x`), and what a name before a bracket is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradcalc.base.errors import UnknownNameError, did_you_mean, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import BESIDE, SUPERSCRIPT, Vocabulary
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, spanning
from gradcalc.syntax.latex.writer import Writer

LOGARITHMS = ("log", "ln")
NAMES = ("name", "word", "accent")
SIMPLE = ("name", "word", "accent", "number")
BY_AXIS = re.compile(r"axis_?(minus_)?([0-9]+)")


class Functions(Writer):
    """Applies a function to the bracket that follows it, or to a bare argument."""

    def __init__(self, source: str, vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, vocabulary, limits)
        self.defined: set[str] = set()  # functions that the text itself defines
        self.variables: set[str] = set()  # letters that stand for themselves somewhere

    def factor(self, row: Row, place: int) -> int:
        """The factor at a place of a row, with what belongs to it; the place behind it."""
        atom = row[place]
        following = row[place + 1] if place + 1 < len(row) else None
        if atom.kind == "function":
            return self._applied(row, place)
        if atom.kind == "big":
            return self.big(row, place)
        if atom.kind in NAMES and following is not None and is_bracket(following):
            return self._before_bracket(row, place)
        self._require_no_expectation(atom)
        if atom.kind == "fraction":
            self._require_quotient(row, place)
        if atom.kind == "number" and atom.text == "1" and atom.style:
            return self.indicator(row, place)
        self.value(atom)
        return place + 1

    def indicator(self, row: Row, place: int) -> int:
        """`\\mathbf{1}[x > 0]`, `\\mathbb{1}_{x > 0}`."""
        raise NotImplementedError

    def big(self, row: Row, place: int) -> int:
        """A sum or a product over an index."""
        raise NotImplementedError

    # -- names before a bracket

    def _before_bracket(self, row: Row, place: int) -> int:
        """A letter before a bracket: a function where the text says so, else a factor. Raises where that is unclear."""
        atom, bracket = row[place], row[place + 1]
        parts = self.named(atom)
        if atom.text in tables.LETTER_FUNCTIONS and not self._is_variable(atom.text):
            return self._letter_function(row, place)
        if parts.name in self.defined:
            self.raised(lambda: self._called(parts.name, atom, bracket), bracket)
            return place + 2
        self._require_no_expectation(atom)
        shown = self.shown(atom.span)
        if atom.primes and not self._is_product(bracket):
            raise self.error("a derivative is not part of the language", atom.span, "write the function itself")
        if atom.kind == "word":
            hint = did_you_mean(atom.text, self.vocabulary.functions)
            raise UnknownNameError(f"unknown function `{atom.text}`", span=atom.span, source=self.source, hint=hint)
        if atom.text in tables.UNDEFINED or not self._is_product(bracket):
            product = shortened(f"{self.typed(atom.span)} \\cdot {self.typed(bracket.span)}")
            message = f"`{shown}` is not a function" if atom.text in tables.UNDEFINED else "this may be a product"
            raise self.error(message, atom.span, f"for a product write `{product}`")
        self.value(atom)
        return place + 1

    def _is_variable(self, name: str) -> bool:
        return name in self.variables or name in self.vocabulary.variables

    def _is_called(self, row: Row, place: int) -> bool:
        """Does a letter stand there that is a function before its bracket?"""
        atom, following = row[place], row[place + 1] if place + 1 < len(row) else None
        if atom.kind not in NAMES or following is None or not is_bracket(following):
            return False
        letter = atom.text in tables.LETTER_FUNCTIONS and not self._is_variable(atom.text)
        return letter or self.named(atom).name in self.defined

    def _is_product(self, bracket: Atom) -> bool:
        """Is what stands in the bracket no mere argument: `1 + x`, not `x`, `2` or `x, y`?"""
        inner = bracket.rows[0]
        return len(inner) > 1 and not any(is_operator(one, ",", "mid", "=") or one.kind == "break" for one in inner)

    def _called(self, name: str, atom: Atom, bracket: Atom) -> None:
        self.emit(atom.span, name, kind="name")
        self.enclosed(bracket.rows[0], Span(atom.span.end, atom.span.end))

    def _letter_function(self, row: Row, place: int) -> int:
        """`\\Gamma(x)`, `\\sigma(z)`, `\\psi^{(1)}(x)`."""
        atom, bracket = row[place], row[place + 1]
        order = self.mark_above(atom)
        self.emit(atom.span, *"(" * (bracket.above is not None))
        self.call("polygamma" if order else tables.LETTER_FUNCTIONS[atom.text], atom.span)
        if order:
            self.expression(order)
            self.emit(atom.span, ",")
        self.expression(bracket.rows[0])
        self.emit(bracket.span, ")")
        self._powers(None if order else atom, bracket)
        return place + 2

    def _require_no_expectation(self, atom: Atom) -> None:
        if (atom.style == "mathbb" and atom.text in tables.EXPECTATIONS) or atom.text in tables.RANDOM:
            message = tables.EXPECTATIONS.get(atom.text, "probabilities are not part of the language")
            raise self.error(message, atom.span)

    def _require_quotient(self, row: Row, place: int) -> None:
        """Raises at a derivative: `\\frac{d}{dx}`, `\\frac{dy}{dx}`."""
        fraction = row[place]
        above, below = fraction.rows
        if not is_derivative(fraction) or self._is_given("d"):
            return
        rest = row[place + 1 :]
        hint = "write the function itself"
        if rest and len(above) == 1:
            hint = f"write `{shortened(self.typed(spanning(rest)))}` and --wrt {self.text(below[1:2])}"
        raise self.error("a derivative is not part of the language", fraction.span, hint)

    def _is_given(self, name: str) -> bool:
        return name in self.vocabulary.variables

    # -- functions

    def _applied(self, row: Row, place: int) -> int:
        """A function with its argument."""
        atom = row[place]
        if atom.text in ("max", "min") and atom.below:
            return self.big(row, place)
        self.depth += 1
        self.limits.require("depth", self.depth, f"the expression is nested {self.depth:,} deep", atom.span)
        if atom.primes:
            raise self.error("a derivative is not part of the language", atom.span, "write the function itself")
        function, power = self._inverse(atom)
        following = row[place + 1] if place + 1 < len(row) else None
        if function in LOGARITHMS and atom.bare and following is not None:
            inner = tables.LETTER_FUNCTIONS.get(following.text, following.text)
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
        self._powers(atom if power else None, after)
        self.depth -= 1
        return place

    def _powers(self, function: Atom | None, bracket: Atom | None) -> None:
        """What is raised on the function itself, then what is raised on its bracket."""
        if function is not None and function.above:
            self.emit(function.exponent, SUPERSCRIPT)
            self.enclosed(function.above, function.exponent)
            self.emit(function.exponent, *")" * bool(bracket is not None and bracket.above))
        if bracket is not None and bracket.below:
            self._places([bracket.below], spanning(bracket.below))
        if bracket is not None and bracket.above:
            self.raised(lambda: None, bracket)

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
        raise self.error(f"`{self.shown(atom.span)}` takes no `_` here", spanning(atom.below))

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
        typed = self.shown(function.span)
        if first is None or first.kind in ("operator", "text", "align", "break"):
            hint = f"write `{typed}(x)`"
            raise self.error(f"`{typed}` is a function and needs an argument", function.span, hint)
        if first.kind in ("function", "big") or self._is_called(row, place + 1):
            return self.factor(row, place + 1)
        self.value(first)
        place += 2
        simple = first.kind in SIMPLE
        while place < len(row):
            atom = row[place]
            if is_operator(atom, "!"):
                self.emit(atom.span, "!")
            elif atom.kind in ("operator", "text", "align", "break", "function", "big"):
                break
            elif not simple or atom.kind not in SIMPLE:
                place_of_both = function.span.join(atom.span)
                raise self.error(
                    f"it is unclear where the argument of `{typed}` ends", place_of_both, f"write `{typed}(…)`"
                )
            else:
                self.emit(Span(atom.span.start, atom.span.start), BESIDE)
                self.value(atom)
            place += 1
        return place


def is_bracket(atom: Atom) -> bool:
    """Is this a pair of plain brackets, such as a function's argument stands in?"""
    return atom.kind == "fence" and atom.text in tables.PLAIN_FENCES


def is_derivative(atom: Atom) -> bool:
    """`\\frac{d}{dx}`, `\\frac{\\partial f}{\\partial x}`."""
    if atom.kind != "fraction":
        return False
    above, below = atom.rows
    return _is_differential(above) and _is_differential(below) and len(below) > 1


def _is_differential(row: Row) -> bool:
    """`d`, `dx`, `d^2`: the letter d, alone or before names."""
    names: Iterable[Atom] = row[1:]
    return (
        bool(row)
        and row[0].kind == "name"
        and row[0].text in ("d", "partial")
        and all(one.kind in NAMES for one in names)
    )
