"""What a name before a bracket is in LaTeX: a factor, a function that the text defines, `\\Gamma(x)`, a derivative."""

from __future__ import annotations

from gradcalc.base.errors import UnknownNameError, did_you_mean, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import SUPERSCRIPT, Vocabulary
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, parted, spanning
from gradcalc.syntax.latex.writer import Writer

DENSITY = "write the formula of the density itself"
NAMES = ("name", "word", "accent")


class Calls(Writer):
    """Tells factors from functions."""

    def __init__(self, source: str, vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, vocabulary, limits)
        self.defined: set[str] = set()  # functions that the text itself defines
        self.variables: set[str] = set()  # letters that stand for themselves somewhere

    def before_bracket(self, row: Row, place: int) -> int:
        """A letter before a bracket: a function where the text says so, else a factor. Raises where that is unclear."""
        atom, bracket = row[place], row[place + 1]
        self.require_no_expectation(atom)
        parts = self.named(atom)
        if self._is_letter_function(atom):
            return self._letter_function(row, place)
        if parts.name in self.defined:
            self.raised(lambda: self._called(parts.name, atom, bracket), bracket)
            return place + 2
        if any(is_operator(one, "mid") for one in bracket.rows[0]):
            raise self.error("probabilities are not part of the language", atom.span.join(bracket.span), DENSITY)
        shown = self.shown(atom.span)
        if atom.primes and not self._is_product(bracket):
            raise self.error("a derivative is not part of the language", atom.span, "write the function itself")
        if atom.kind == "word":
            hint = did_you_mean(atom.text, self.vocabulary.functions)
            raise UnknownNameError(f"unknown function `{atom.text}`", span=atom.span, source=self.source, hint=hint)
        if atom.text != "pi" and (atom.text in tables.UNDEFINED or not self._is_product(bracket)):
            self.require_readable(bracket)
            listed = any(is_operator(one, ",") for one in bracket.rows[0])
            product = shortened(f"{self.typed(atom.span)} \\cdot {self.typed(bracket.span)}")
            message = (
                "this may be a product"
                if not listed and atom.text not in tables.UNDEFINED
                else f"`{shown}` is not a function"
            )
            hint = f"define it before: `{shown}(x, y) = …`" if listed else f"for a product write `{product}`"
            raise self.error(message, atom.span, None if bracket.below else hint)
        self.value(atom)
        return place + 1

    def _is_variable(self, name: str) -> bool:
        return name in self.variables or self.is_given(name)

    def require_readable(self, bracket: Atom) -> None:
        """Raises what is wrong inside of a bracket."""
        count = len(self.tokens)
        for part in parted(bracket.rows[0], ","):
            if not part:
                raise self.error("expected a value, found nothing", bracket.span)
            self.expression(part)
        del self.tokens[count:]

    def _is_letter_function(self, atom: Atom) -> bool:
        """Is this letter a function before a bracket: `\\Gamma(x)`, `\\sigma(z)`, but not the variance `\\sigma^2`?"""
        squared = atom.text == "sigma" and atom.above is not None
        return atom.text in tables.LETTER_FUNCTIONS and not squared and not self._is_variable(atom.text)

    def is_called(self, row: Row, place: int) -> bool:
        """Does a letter stand there that is a function before its bracket?"""
        atom, following = row[place], row[place + 1] if place + 1 < len(row) else None
        if atom.kind not in NAMES or following is None or not is_bracket(following):
            return False
        return self._is_letter_function(atom) or self.named(atom).name in self.defined

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
        self.powers(None if order else atom, bracket)
        return place + 2

    def require_no_expectation(self, atom: Atom) -> None:
        if (atom.style == "mathbb" and atom.text in tables.EXPECTATIONS) or atom.text in tables.RANDOM:
            message = tables.EXPECTATIONS.get(atom.text, "probabilities are not part of the language")
            raise self.error(message, atom.span)

    def require_quotient(self, row: Row, place: int) -> None:
        """Raises at a derivative: `\\frac{d}{dx}`, `\\frac{dy}{dx}`."""
        fraction = row[place]
        above, below = fraction.rows
        if not is_derivative(fraction) or self.is_given("d"):
            return
        rest = row[place + 1 :]
        hint = "write the function itself"
        if rest and len(above) == 1:
            hint = f"write `{shortened(self.typed(spanning(rest)))}` and --wrt {self.text(below[1:2])}"
        raise self.error("a derivative is not part of the language", fraction.span, hint)

    def powers(self, function: Atom | None, bracket: Atom | None) -> None:
        """What is raised on the function itself, then what is raised on its bracket."""
        if function is not None and function.above:
            self.emit(function.exponent, SUPERSCRIPT)
            self.enclosed(function.above, function.exponent)
            self.emit(function.exponent, *")" * bool(bracket is not None and bracket.above))
        if bracket is not None and bracket.below:
            self._places([bracket.below], spanning(bracket.below))
        if bracket is not None and bracket.above:
            self.raised(lambda: None, bracket)


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
    """`d`, `dx`, `\\partial f`: the letter d, alone or before names."""
    letter = row[0].text if row and row[0].kind == "name" else ""
    return letter in ("d", "partial") and all(one.kind in NAMES for one in row[1:])
