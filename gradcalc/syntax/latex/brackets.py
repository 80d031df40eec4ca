"""Rows of LaTeX, and the brackets around them: `( … )`, `\\left[ … \\right]`, `{ … }`, `| … |`."""

from __future__ import annotations

from collections.abc import Collection

from gradcalc.base import ways
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, operator
from gradcalc.syntax.latex.bars import pairs
from gradcalc.syntax.latex.marks import Mark
from gradcalc.syntax.latex.scripts import Scripts


class Brackets(Scripts):
    """Reads what is enclosed, down to the limit of depth."""

    def __init__(self, source: str, marks: list[Mark], vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, marks, vocabulary, limits)
        self.closed = pairs(marks)
        self.depth = 0

    def row(self, *closers: str, opening: Span | None = None) -> Row:
        """Atoms up to one of the brackets that close them, or to the end. Raises at another one that closes.

        `opening` is the place of the bracket that is open, if it is one of `\\left`.
        """
        self.depth += 1
        self.limits.require("depth", self.depth, f"the expression is nested {self.depth:,} deep", self.mark.span)
        atoms: Row = []
        while self.mark.kind != "end" and self.key not in closers:
            if self.key == "\\right" or (self.key in tables.CLOSERS and self.key not in tables.BARS):
                raise self._closes_nothing(closers, opening)
            atom = self.atom()
            if atom is not None:
                atoms.append(self.scripts(atom))
        self.depth -= 1
        return self._over(atoms)

    def _closes_nothing(self, closers: Collection[str], opening: Span | None) -> Exception:
        span = self.mark.span
        if self.key == "\\right":
            span = span.join(self.marks[min(self.index + 1, len(self.marks) - 1)].span)
        shown = self.shown(span)
        if not closers:
            return self.error(f"`{shown}` closes nothing", span, ways.OPEN)
        bracket = "" if opening is None else tables.BRACKETS.get(self.typed(opening).removeprefix("\\left").strip(), "")
        place = span if opening is None else opening.join(span)
        return self._expected(next(iter(closers)) + bracket, shown, place)

    def _expected(self, wanted: str, found: str, place: Span) -> Exception:
        hint = ways.OWN_KIND if wanted.startswith("\\") else "write it there"
        return self.error(f"expected `{wanted}`, found `{found}`", place, hint)

    def _over(self, atoms: Row) -> Row:
        """`a \\over b` as a fraction."""
        for place, atom in enumerate(atoms):
            if atom.kind == "over":
                above, below = atoms[:place], atoms[place + 1 :]
                if not above or not below:
                    raise self.error("`\\over` stands between two expressions", atom.span, "write `\\frac{a}{b}`")
                return [Atom("fraction", "over", above[0].span.join(below[-1].span), [above, below])]
        return atoms

    def group(self, opening: Mark) -> Atom:
        row = self.row("}")
        whole = self.close(opening.span, "}")
        if len(row) == 1 and row[0].kind == "function" and row[0].bare:
            return Atom("function", row[0].text, whole)
        return Atom("group", "{", whole, [row])

    def close(self, opening: Span, closing: str, *, sized: bool = False) -> Span:
        """Read the bracket that closes; the place of the whole. Raises where it is another one, or none."""
        found, key = self.mark.span, self.key
        wanted = ("\\right" if sized else "") + closing
        if sized and key == "\\right":
            self.index += 1
            found, key = found.join(self.mark.span), self.key
            key = "\\right" + key
        if self.mark.kind == "end":
            opened = self.shown(opening)
            raise self.error(f"`{opened}` is never closed", opening, ways.closing(opened))
        if key != wanted:
            raise self._expected(wanted, self.shown(found), opening.join(found))
        self.index += 1
        return opening.join(found)

    def fence(self, opening: Span, bracket: str) -> Atom:
        """What stands in a pair of brackets that are not sized."""
        self.index += 1
        closing = tables.BRACKETS[bracket]
        row = self.row(closing)
        return Atom("fence", bracket, self.close(opening, closing), [row])

    def bar(self) -> Atom:
        """`|x|`, or the bar of `p(x | y)`, which pairs with none."""
        mark, end = self.mark, self.closed.get(self.index)
        if end is None:
            self.index += 1
            if self.index - 1 in self.closed.values():
                raise self.error(f"`{self.shown(mark.span)}` closes nothing", mark.span, ways.OPEN)
            return operator("mid", mark.span)
        self.index += 1
        row = self.row(*tables.BARS)
        if self.index != end:
            opened = self.shown(mark.span)
            raise self.error(f"`{opened}` is never closed", mark.span, ways.closing(opened))
        self.index += 1
        return Atom("fence", self.key_of(mark), mark.span.join(self.marks[end].span), [row])

    def left(self, mark: Mark) -> Atom:
        """`\\left( … \\right)`."""
        bracket = self.key
        opening = mark.span.join(self.mark.span)
        if bracket not in tables.BRACKETS and bracket not in tables.CLOSERS:
            hint = "write the value in place of the variable" if bracket == "." else ways.BRACKET
            raise self.error(f"`\\{mark.text}` needs a bracket", mark.span, hint)
        self.index += 1
        row = self.row("\\right", opening=opening)
        if bracket == "\\{" and len(row) == 1 and row[0].text in ("array", "aligned", "matrix"):
            whole = self.close(opening, ".", sized=True)
            return Atom("environment", "cases", whole, row[0].rows, columns=row[0].columns)
        whole = self.close(opening, tables.BRACKETS.get(bracket, bracket), sized=True)
        return Atom("fence", bracket, whole, [row])
