"""What a name before a bracket is in LaTeX: a factor, a function that the text defines, `\\Gamma(x)`, a derivative."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError, UnknownNameError, did_you_mean, shortened
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import SUPERSCRIPT, Vocabulary
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, parted, spanning
from gradcalc.syntax.latex.writer import Writer

PROBABILITIES = tables.EXPECTATIONS["P"]
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
        self.require_no_expectation(atom, tables.CALLED)
        ordered = self._ordered(atom, bracket)
        if ordered is not None and not (self._is_simple(atom) and self.named(atom).name in self.defined):
            self._emit_ordered(atom, bracket, *ordered)
            return place + 2
        parts = self.named(atom)
        if parts.name in self.defined:
            self.raised(lambda: self._called(parts.name, atom, bracket), bracket)
            return place + 2
        if (function := self._letter_function(atom, bracket)) is not None:
            return self.applied(
                [*row[:place], replace(atom, kind="function", text=function, below=None), *row[place + 1 :]], place
            )
        if any(is_operator(one, "mid") for one in bracket.rows[0]):
            raise self.error(PROBABILITIES, atom.span.join(bracket.span), tables.INSTEAD[PROBABILITIES])
        if atom.primes and not self._is_product(bracket):
            raise self.error("a derivative is not part of the language", atom.span, "write the function itself")
        if atom.kind == "word":
            hint = did_you_mean(atom.text, self.vocabulary.functions) or ways.FUNCTIONS
            raise UnknownNameError(f"unknown function `{atom.text}`", span=atom.span, source=self.source, hint=hint)
        if atom.text != "pi" and (atom.text in tables.UNDEFINED or not self._is_product(bracket)):
            raise self._unclear(atom, bracket, parts.name)
        self.value(atom)
        return place + 1

    def _unclear(self, atom: Atom, bracket: Atom, name: str) -> ExpressionSyntaxError:
        """The error where a letter before a bracket may be a factor or a function; or what is wrong inside."""
        self.require_readable(bracket)
        count = len(self.tokens)
        self.value(atom)  # raises what is wrong in it
        del self.tokens[count:]
        listed, shown = _commas(bracket) > 0, self.shown(atom.span)
        may_be = not listed and atom.text not in tables.UNDEFINED
        product = shortened(f"{self.typed(atom.span)} \\cdot {self.typed(bracket.span)}")
        hint = f"define it before: `{shown}(x, y) = …`" if listed else f"for a product write `{product}`"
        plain = all(one.kind in (*NAMES, "number") or is_operator(one, ",") for one in bracket.rows[0])
        if (meant := tables.MEANT.get(name)) and listed == (name in "PQ") and plain:
            other = f"`{meant % self.shown(spanning(bracket.rows[0]))}`"
            hint = f"write {other}" if listed else f"{hint}, for the function {other}"
        message = "this may be a product" if may_be else f"`{shown}` is not a function"
        return self.error(message, atom.span, "write a product with `*`" if bracket.below else hint)

    def _is_variable(self, name: str) -> bool:
        return name in self.variables or self.is_given(name)

    def require_readable(self, bracket: Atom) -> None:
        """Raises what is wrong inside of a bracket."""
        count = len(self.tokens)
        for part in parted(bracket.rows[0], ","):
            if not part:
                raise self.error("expected a value, found nothing", bracket.span, ways.MISSING)
            self.expression(part)
        del self.tokens[count:]

    def _letter_function(self, atom: Atom, bracket: Atom) -> str | None:
        """The function that a letter is before a bracket: `\\Gamma(x)`, `\\sigma_g(z)`; not the variance."""
        gate = [one.kind for one in atom.below or []] == ["name"]
        variance = atom.text == "sigma" and atom.above is not None
        if self._is_variable(atom.text) or variance or (atom.below and not (gate and atom.text == "sigma")):
            return None
        return tables.LETTER_FUNCTIONS.get((atom.text, _commas(bracket) + 1))

    def _ordered(self, atom: Atom, bracket: Atom) -> tuple[str, Row, int] | None:
        """`J_\\nu(x)`, `\\psi^{(1)}(x)`, `I_x(a, b)`: the function, what stands on its letter, and where it goes."""
        found = tables.ORDERED.get((atom.text, _commas(bracket) + 1))
        order = self._order(atom) if atom.text == "psi" and atom.below is None else atom.below
        if found is None or order is None or self.is_given(atom.text):
            return None
        if self._is_simple(atom) and self.is_given(self.named(atom).name):
            return None
        number = len(order) == 1 and order[0].kind == "number"
        plain = not any(is_operator(one, "+", "-") for one in bracket.rows[0])
        plain = plain and bracket.text == "("
        if atom.text in tables.CURRENTS and found[1] == 0 and (atom.text in self.variables or not plain):
            return None
        if (atom.text in ("E", "psi") and atom.below and not number) or (
            atom.text == "W" and self.text(order) not in ("0", "minus_1")
        ):
            return None
        return ("digamma", [], 0) if atom.text == "psi" and order[0].text == "0" else (found[0], order, found[1])

    def _is_simple(self, atom: Atom) -> bool:
        """Can a name be made of what stands below a letter?"""
        return all(one.kind in ("name", "number", "word") for one in atom.below or [])

    def _order(self, atom: Atom) -> Row | None:
        """The n of `\\psi^{(n)}`."""
        above = atom.above or []
        return above[0].rows[0] if len(above) == 1 and above[0].text == "(" and above[0].bare else None

    def _emit_ordered(self, atom: Atom, bracket: Atom, function: str, order: Row, place: int) -> None:
        """Write such a function, with what is raised on it and on its bracket."""
        raised = bool(atom.above) and self._order(atom) is None
        self.emit(atom.span, *"(" * (raised and bracket.above is not None))
        self.call(function, atom.span)
        arguments = [order, bracket.rows[0]] if place == 0 else [bracket.rows[0], order]
        for count, one in enumerate(filter(None, arguments)):
            self.emit(atom.span, *"," * count)
            self.expression(one)
        self.emit(bracket.span, ")")
        self.powers(atom if raised else None, bracket)

    @abstractmethod
    def applied(self, row: Row, place: int) -> int:
        """A function with its argument; the place behind them."""

    def is_called(self, row: Row, place: int) -> bool:
        """Does a letter stand there that is a function before its bracket?"""
        atom, following = row[place], row[place + 1] if place + 1 < len(row) else None
        if atom.kind not in NAMES or following is None or not is_bracket(following):
            return False
        known = self._letter_function(atom, following) or self._ordered(atom, following)
        return known is not None or self.named(atom).name in self.defined

    def _is_product(self, bracket: Atom) -> bool:
        """Is what stands in the bracket no mere argument: `1 + x`, or `[S]`, not `x`, `2` or `x, y`?"""
        inner = bracket.rows[0]
        if len(inner) == 1 and bracket.text in ("[", "\\lbrack"):
            return inner[0].kind in ("fraction", "word") or inner[0].text[:1].isupper()
        return len(inner) > 1 and not any(is_operator(one, ",", "mid", "=") or one.kind == "break" for one in inner)

    def _called(self, name: str, atom: Atom, bracket: Atom) -> None:
        self.emit(atom.span, name, kind="name")
        self.enclosed(bracket.rows[0], Span(atom.span.end, atom.span.end))

    def require_no_expectation(self, atom: Atom, words: Mapping[str, str]) -> None:
        """Raises at `\\mathbb{E}`, and at one of the words."""
        message = tables.EXPECTATIONS.get(atom.text) if atom.style == "mathbb" else words.get(atom.text)
        if message is not None:
            raise self.error(message, atom.span, tables.INSTEAD[message])

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


def _commas(bracket: Atom) -> int:
    return sum(is_operator(one, ",") for one in bracket.rows[0])


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
