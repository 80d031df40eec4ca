"""Matrices and choices: `\\begin{pmatrix}`, `\\begin{cases} x & x > 0 \\\\ 0 & \\text{otherwise} \\end{cases}`."""

from __future__ import annotations

from dataclasses import dataclass

from gradcalc.base import ways
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, parted, spanning
from gradcalc.syntax.latex.calls import is_bracket
from gradcalc.syntax.latex.names import spelled
from gradcalc.syntax.latex.sums import Sums
from gradcalc.syntax.latex.values import NUCLEI, Values
from gradcalc.syntax.letters import TRANSPOSED

NEGATED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
WEAKER = {
    "<": ("<", "<=", "!="),
    ">": (">", ">=", "!="),
    "=": ("=", "<=", ">="),
    "<=": ("<=",),
    ">=": (">=",),
    "!=": ("!=",),
}
BOTH = {  # what follows from two together
    frozenset(("<=", "!=")): "<", frozenset((">=", "!=")): ">", frozenset(("<=", ">=")): "=",
}  # fmt: skip
ALL, ANY = ("and", "∧", ",", "&"), ("or", "∨")


@dataclass(frozen=True, slots=True)
class Comparison:
    """`x < 1`: two rows and a sign, and how they are spelled."""

    left: Row
    sign: str
    right: Row

    @property
    def spelled(self) -> tuple[str, str, str]:
        """One way to say it, whichever side comes first."""
        left, right = spelled(self.left), spelled(self.right)
        return (left, self.sign, right) if left <= right else (right, TURNED[self.sign], left)


Fact = tuple[str, str, str]
Condition = list[list[Comparison]]  # one of several conjunctions


class Cases(Sums):
    """Writes arrays and nested `where`."""

    def environment(self, atom: Atom) -> None:
        """A matrix, or a choice."""
        if atom.text in tables.CASES:
            self._cases(atom)
            return
        function = {"vmatrix": "det", "Vmatrix": "norm"}.get(atom.text)
        if function:
            self.call(function, atom.span)
        self._matrix(atom)
        self.emit(atom.span, *")" * bool(function))

    def _matrix(self, atom: Atom) -> None:
        """One column is a vector, one row a vector that is transposed."""
        count = atom.columns
        lines = [atom.rows[start : start + count] for start in range(0, len(atom.rows), max(count, 1))]
        nested = count > 1 and len(lines) > 1
        self.emit(atom.span, "[")
        for number, line in enumerate(lines):
            self.emit(atom.span, *"," * (number > 0), *"[" * nested)
            for place, cell in enumerate(line):
                self.emit(atom.span, *"," * (place > 0))
                if not cell:
                    raise self.error("an entry of the matrix is missing", atom.span, ways.ZERO)
                self.expression(cell)
            self.emit(atom.span, *"]" * nested)
        self.emit(atom.span, "]", *[TRANSPOSED] * (count > 1 and len(lines) == 1))

    def indicator(self, row: Row, place: int) -> int:
        """`\\mathbf{1}[x > 0]`, `\\mathbb{1}_{x > 0}`: 1 where a condition holds, else 0."""
        atom, following = row[place], row[place + 1] if place + 1 < len(row) else None
        bracket = following is not None and (is_bracket(following) or following.text == "\\{")
        condition = atom.below or (following.rows[0] if following is not None and bracket else [])
        if not any(is_operator(one, *NEGATED) for one in condition):
            self.value(atom)
            return place + 1
        one, zero = ([Atom("number", digit, atom.span)] for digit in "10")
        self._choice(atom, [(one, [self._conjunction(condition, atom)]), (zero, None)], [])
        return place + (1 if atom.below else 2)

    # -- choices

    def _cases(self, atom: Atom) -> None:
        count = max(atom.columns, 1)
        lines = [self._case(atom, atom.rows[start : start + count]) for start in range(0, len(atom.rows), count)]
        if not lines:
            raise self.error("the cases are empty", atom.span, ways.CASES)
        if any(condition is None for _, condition in lines[:-1]):
            raise self.error("only the last case goes without a condition", atom.span, ways.CASES)
        self._choice(atom, lines, [])

    def _case(self, atom: Atom, cells: list[Row]) -> tuple[Row, Condition | None]:
        """A value and its condition; None where that is `otherwise`."""
        value, condition = cells[0], [one for cell in cells[1:] for one in cell]
        if not condition:
            starts = [place for place, one in enumerate(value) if one.kind == "text" or is_operator(one, ",")]
            if starts:
                value, condition = value[: starts[0]], value[starts[0] :]
        value = _without_punctuation(value)
        if not value:
            raise self.error("a case has no value", atom.span, ways.CASES)
        otherwise = any(
            one.kind == "text" and one.text.strip(" .,").casefold() in tables.OTHERWISE for one in condition
        )
        condition = _without_punctuation([one for one in condition if one.kind != "text" or one.text in (*ALL, *ANY)])
        if otherwise or not condition:
            return value, None
        return value, [self._conjunction(part, atom) for part in _parted_by_words(condition, ANY)]

    def _conjunction(self, row: Row, atom: Atom) -> list[Comparison]:
        """`0 < x \\le 1 and y > 0` as comparisons of two sides each."""
        found: list[Comparison] = []
        for part in _parted_by_words(row, ALL):
            signs = [one for one in part if is_operator(one, *NEGATED)]
            sides = parted(part, *NEGATED)
            if not signs or not all(sides):
                place = spanning(part) if part else atom.span
                raise self.error("expected a comparison, or `\\text{otherwise}`", place, ways.CASES)
            found += [
                Comparison(left, sign.text, right) for left, sign, right in zip(sides, signs, sides[1:], strict=False)
            ]
        return found

    def _choice(self, atom: Atom, lines: list[tuple[Row, Condition | None]], facts: list[Fact]) -> None:
        """`where(condition, value, the other lines)`, knowing that no line before holds."""
        (value, condition), *rest = lines
        if condition is not None:
            condition = [[one for one in part if not _is_known(one, facts)] for part in condition]
        if condition is None or any(not part for part in condition):
            self.expression(value)
            return
        if not rest:
            hint = "say what holds otherwise: `… & \\text{otherwise}`"
            raise self.error("the cases leave something out", atom.span, hint)
        self.limits.require("nodes", len(self.tokens), "the cases have too many parts", atom.span)
        single = [part[0] for part in condition if len(part) == 1]
        known = facts + [_negated(one) for one in single]
        self._alternatives(atom, value, condition, (rest, known))

    def _alternatives(
        self,
        atom: Atom,
        value: Row,
        condition: Condition,
        rest: tuple[list[tuple[Row, Condition | None]], list[Fact]],
    ) -> None:
        """The first of several conditions, and where it does not hold the others."""
        if not condition:
            self._choice(atom, *rest)
            return
        (first, *more), *others = condition
        self.call("where", atom.span)
        self.expression(first.left)
        self.emit(atom.span, {"=": "=="}.get(first.sign, first.sign))
        self.expression(first.right)
        self.emit(atom.span, ",")
        if more:
            self._alternatives(atom, value, [more, *others], rest)
        else:
            self.expression(value)
        self.emit(atom.span, ",")
        self._alternatives(atom, value, others, rest)
        self.emit(atom.span, ")")


def _parted_by_words(row: Row, words: tuple[str, ...]) -> list[Row]:
    """The parts of a row between some words or signs."""
    parts: list[Row] = [[]]
    for atom in row:
        if atom.kind in ("text", "operator") and atom.text in words:
            parts.append([])
        else:
            parts[-1].append(atom)
    return [part for part in parts if part]


def _without_punctuation(row: Row) -> Row:
    """A row without commas, full stops and words around it."""
    while row and (is_operator(row[-1], ",", ".", ":") or row[-1].kind == "text"):
        row = row[:-1]
    while row and (is_operator(row[0], ",") or row[0].kind == "text"):
        row = row[1:]
    return row


def _negated(one: Comparison) -> Fact:
    left, sign, right = one.spelled
    return left, NEGATED[sign], right


def _is_known(one: Comparison, facts: list[Fact]) -> bool:
    """Does a comparison follow from what is known?"""
    left, sign, right = one.spelled
    known = {other[1] for other in facts if (left, right) == (other[0], other[2])}
    both = {BOTH[pair] for pair in BOTH if pair <= known}
    return any(sign in WEAKER[other] for other in known | both)


def _environment(values: Values, atom: Atom) -> None:
    assert isinstance(values, Cases)
    values.environment(atom)


NUCLEI["environment"] = _environment
NUCLEI["lines"] = lambda values, atom: values.enclosed(atom.rows[0], atom.span)
