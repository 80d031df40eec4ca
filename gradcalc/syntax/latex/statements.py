"""The lines of a LaTeX text as statements: `f(x) = …`, chains of equalities, conditions and full stops at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from gradcalc.base import ways
from gradcalc.base.errors import ExpressionSyntaxError
from gradcalc.syntax.foreign.heads import states_equation
from gradcalc.syntax.latex.atoms import Atom, Row, inside, is_operator, parted, spanning
from gradcalc.syntax.latex.calls import NAMES, is_bracket, is_derivative
from gradcalc.syntax.latex.cases import Cases
from gradcalc.syntax.letters import in_latex
from gradcalc.syntax.tokens import Token

CONTINUING = ("+", "-", "=", "·", "×", "*", "/", "<", ">", "<=", ">=", "∘", "**")
PUNCTUATION = (",", ".", ":")
UNKNOWNS = ("x", "y", "z", "r")  # whose powers stand in equations
ARITHMETIC = ("+", "-", "*", "/")
RELATIONS = ("<", ">", "<=", ">=", "!=", "in", "=")
Head = tuple[Atom | None, list[Atom]]  # the name, None where it cannot have one, and the parameters


class Statements(Cases):
    """Writes a whole text."""

    def program(self, row: Row, *, wrapped: bool = False) -> None:
        """Every statement of a text."""
        row = [atom for atom in row if atom.kind != "align"]
        while row and row[0].kind == "lines" and all(is_operator(one, *PUNCTUATION) for one in row[1:]):
            row, wrapped = [atom for atom in row[0].rows[0] if atom.kind != "align"], True
        statements = [part for line in self._lines(row, wrapped) for part in self._definitions(line)]
        self.variables = set(_variables(row))
        self.raised_indices = set(_raised_in_accents(row))
        for number, statement in enumerate(statements):
            if number:
                self.tokens.append(Token("separator", ";", statement[0].span))
            self._statement(statement)
        names = self.renamed()
        known = {one.text for one in self.tokens} & {*self.vocabulary.variables}
        names |= {spelled: one for one in self.vocabulary.variables if (spelled := in_latex(one)) not in known}
        self.tokens = [replace(one, text=names.get(one.text, one.text)) for one in self.tokens]

    def _lines(self, row: Row, wrapped: bool) -> Iterator[Row]:
        """The lines that are statements of their own; what goes on in the next line is put together."""
        line: Row = []
        broken = False
        for atom in row:
            if atom.kind == "break":
                broken = broken or atom.text != "\n" or not wrapped
                continue
            goes_on = line and (line[-1].kind == "function" or is_operator(line[-1], *CONTINUING))
            if broken and line and not goes_on and not is_operator(atom, *CONTINUING):
                yield line
                line = []
            broken = False
            line.append(atom)
        if line:
            yield line

    def _definitions(self, line: Row) -> Iterator[Row]:
        """The definitions in a line, `y = x^2, z = \\sin y`, without the conditions and words around them."""
        kept: Row = []
        for part in parted(_without_words(line), ","):
            part = _without_words(part)
            if not part:
                continue
            sides = parted(part, "=")
            if kept and _is_signature(kept):
                kept = part
            elif kept and len(sides) > 1 and self._head(sides[0]) is not None:
                yield kept
                kept = part
            elif kept and any(is_operator(one, *RELATIONS) for one in part):
                continue  # a condition
            elif kept:
                kept = [*kept, Atom("operator", ",", part[0].span), *part]
            else:
                kept = part
        if kept:
            yield kept

    def _statement(self, row: Row) -> None:
        row = self._mapped(row)
        members = parted(row, "=")
        head = self._head(members[0]) if len(members) > 1 else None
        if head is None or self._is_equation(members, head[1]):
            self._equal(members, row)
            return
        name, parameters = head
        if name is not None and parameters and _is_factor(name.text, members[1:], {one.text for one in parameters}):
            name = None  # f(t) = A sin(2 pi f t)
        for one in parameters:
            self.emit(one.span, self.named(one).name, kind="parameter")
        if name is not None:
            text = self.named(name).name
            self.emit(name.span, text, kind="name")
            self.emit(name.span, "=")
        self._equal(self._readable(members[1:]), row)
        if name is not None and parameters:
            self.defined.add(self.named(name).name)

    def _equal(self, members: list[Row], row: Row) -> None:
        for number, member in enumerate(members):
            if not member:
                raise self.error("expected a value, found nothing", row[0].span, ways.MISSING)
            self.emit(member[0].span, *"=" * (number > 0))
            self.expression(member)

    def _readable(self, members: list[Row]) -> list[Row]:
        """The sides of a chain that can be read, `g(x) = x^2` without `g(x)`; all of them where none can be."""
        if len(members) == 1:
            return members
        found = []
        for member in members:
            tokens, free = len(self.tokens), len(self.free)
            try:
                self.expression(member)
            except ExpressionSyntaxError:
                self.depth = 0
                self.bound.clear()
            else:
                found.append(member)
            del self.tokens[tokens:], self.free[free:]
        return found or members

    def _mapped(self, row: Row) -> Row:
        """`f: x \\mapsto x^2` as `f(x) = x^2`."""
        arrow = next((place for place, atom in enumerate(row) if is_operator(atom, "->")), None)
        if arrow is None:
            return row
        before = parted(row[:arrow], ":")
        parameter, body = before[-1], row[arrow + 1 :]
        names = [one for one in before[0] if one.kind in NAMES] if len(before) > 1 else []
        bracket = Atom("fence", "(", row[arrow].span, [parameter])
        head = [names[0] if names else Atom("function", "", row[arrow].span), bracket]
        return [*head, Atom("operator", "=", row[arrow].span), *body]

    def _head(self, row: Row) -> Head | None:
        """The name and the parameters that a left side defines; None where it defines nothing."""
        if not row:
            return None
        first, *rest = _with_one_name(row)
        if is_derivative(first) and not rest:
            return None, []
        if first.kind == "function" and not rest and self.typed(first.span).endswith("}"):
            return None, []  # \\text{MAE} = …
        if first.kind == "function" or (first.kind == "fence" and not is_bracket(first) and not rest):
            names = [one for one in inside([*first.rows[0]] if first.rows else rest) if one.kind == "name"]
            plain = all(one.kind in NAMES or is_bracket(one) for one in rest)
            return (None, names) if plain and (rest or first.rows) else None
        if first.kind not in NAMES or self.parts(first) is None or len(rest) > 1:
            return None
        if not rest:
            return (first if self._is_definable(first) else None), []
        if not is_bracket(rest[0]) or rest[0].above or rest[0].primes:
            return None
        derivative = bool(first.primes)  # f'(x) = …
        named = first if self._is_definable(first) and not derivative else None
        return named, self._parameters(rest[0])

    def _is_equation(self, members: list[Row], parameters: list[Atom]) -> bool:
        """Is this `\\sin(x + y) = x/2` or `y^2 = x^3`, and no definition? σ² = … and R² = … are such."""
        first = members[0][0]
        names = {one.text for member in members[1:] for one in inside(member) if one.kind in NAMES}
        if first.kind == "function":
            left = [one for one in inside(members[0][1:]) if not is_bracket(one)]
            own = {one.text for one in left if one.kind in NAMES}
            plain = not any(is_operator(one, *ARITHMETIC) for one in left)
            return states_equation(first.text, own, names if plain else names | {""}, self.vocabulary)
        power = first.above if len(members[0]) == 1 and self.mark_above(first) is None else None
        if power is None or first.below is not None:
            return False
        return first.text == "e" or (first.text in UNKNOWNS and not any(one.kind in NAMES for one in inside(power)))

    def _is_definable(self, atom: Atom) -> bool:
        parts = self.parts(atom)
        return parts is not None and parts.name not in self.vocabulary.bare and parts.name != "pi"

    def _parameters(self, bracket: Atom) -> list[Atom]:
        """The names between a pair of brackets."""
        inner = [Atom("operator", ",", one.span) if one.kind == "break" else one for one in bracket.rows[0]]
        found = [part[0] for part in parted(inner, ",", "mid") if len(part) == 1]
        return [one for one in found if one.kind in NAMES and self.parts(one) is not None]


def _with_one_name(row: Row) -> Row:
    """The left side `KE`, or `FL(x)`, with one name in place of capitals side by side."""
    end = next((place for place, one in enumerate(row) if one.kind != "name" or not one.text.isupper()), len(row))
    letters = row[:end]
    adjacent = all(one.span.end == other.span.start for one, other in pairwise(letters))
    if end < 2 or not adjacent or not all(one.bare for one in letters[:-1]) or letters[-1].above:
        return row
    last = letters[-1]
    word = "".join(one.text for one in letters)
    return [replace(last, kind="word", text=word, span=spanning(letters), core=spanning(letters)), *row[end:]]


def _without_words(row: Row) -> Row:
    """A line without the words and the punctuation around it; what stands behind words is a condition."""
    while row and (row[0].kind == "text" or is_operator(row[0], ",")):
        row = row[1:]
    cut = next((place for place, atom in enumerate(row) if atom.kind == "text"), len(row))
    row = row[:cut]
    while row and is_operator(row[-1], *PUNCTUATION):
        row = row[:-1]
    return row


def _is_signature(row: Row) -> bool:
    """Is this `f: \\mathbb{R} \\to \\mathbb{R}`, which says nothing of what f is?"""
    return any(is_operator(one, "->") for one in row) and all(
        one.kind in ("name", "operator") and (one.style == "mathbb" or number == 0 or one.kind == "operator")
        for number, one in enumerate(row)
    )


def _raised_in_accents(row: Row) -> Iterator[str]:
    """The letters that stand raised below an accent, as no exponents do."""
    for atom in inside(row):
        within = atom.rows[0] if atom.kind == "accent" else []
        if len(within) == 1 and len(within[0].above or []) == 1:
            yield (within[0].above or [])[0].text


def _is_factor(name: str, sides: list[Row], parameters: set[str]) -> bool:
    """Is the name of a function a factor in its own formula: `P(t) = P(1+r)^t`, but not `P(n) = P(n - 1)`?"""
    whole = [one for side in sides for one in side]
    if name in _variables(whole, bare=True):
        return True
    called = [other for one, other in pairwise(whole) if one.text == name and one.kind == "name" and is_bracket(other)]
    return bool(called) and not any(one.text in parameters for bracket in called for one in inside(bracket.rows[0]))


def _variables(row: Row, *, bare: bool = False) -> Iterator[str]:
    """The letters that stand for themselves somewhere, before no bracket; `bare` ones have nothing below them."""
    rows = [row]
    while rows:
        current = rows.pop()
        for place, atom in enumerate(current):
            rows += [*atom.rows, atom.above or []]
            following = current[place + 1] if place + 1 < len(current) else None
            subscripted = bare and atom.below is not None
            if atom.kind == "name" and not subscripted and not (following is not None and is_bracket(following)):
                yield atom.text
