"""LaTeX's marks to rows of atoms, command by command."""

from __future__ import annotations

from collections.abc import Callable, Collection

from gradcalc.base import ways
from gradcalc.base.errors import did_you_mean, shortened
from gradcalc.base.span import Span
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, operator
from gradcalc.syntax.latex.brackets import Brackets
from gradcalc.syntax.latex.marks import Mark
from gradcalc.syntax.letters import ROOTS, SPELLINGS, canonical


class Reader(Brackets):
    """One pass over the marks; `index` is the next one to read."""

    def atom(self) -> Atom | None:
        """The next atom, without its scripts; None where there is only space."""
        mark = self.mark
        if mark.kind == "command":
            return self._command()
        if mark.kind == "letter":
            return self.letters()
        if mark.kind == "sign":
            return self._sign()
        self.index += 1
        if mark.kind == "line":
            return Atom("break", mark.text, mark.span)
        if mark.kind == "raised":
            raise self.error(f"expected a value, found `{self.shown(mark.span)}`", mark.span, ways.VALUE)
        self.limits.require("digits", len(mark.text), f"the number has {len(mark.text):,} digits", mark.span)
        return Atom("number", mark.text, mark.span)

    def _sign(self) -> Atom:
        mark = self.mark
        if mark.text in tables.BARS:
            return self.bar()
        if mark.text in tables.BRACKETS:
            return self.fence(mark.span, mark.text)
        self.index += 1
        if mark.text == "{":
            return self.group(mark)
        if mark.text in ROOTS:
            return Atom("root", mark.text, mark.span, [self.argument(mark)])
        if mark.text in ("_", "^"):
            where = "a subscript" if mark.text == "_" else "an exponent"
            raise self.error(f"{where} stands directly behind a name", mark.span, ways.BEHIND)
        if mark.text == "&":
            return Atom("align", "&", mark.span)
        return operator(SPELLINGS.get(mark.text, mark.text), mark.span)

    def _command(self) -> Atom | None:
        mark = self.mark
        name = mark.text
        if "\\" + name in tables.SAME_BRACKET:
            return self.bar()
        if "\\" + name in tables.BRACKETS:
            return self.fence(mark.span, "\\" + name)
        self.index += 1
        for names, read in READERS:
            if name in names:
                return read(self, mark)
        if name in tables.REFUSED:
            raise self.refused(mark)
        function = tables.FUNCTIONS.get(name, name)
        if function in self.functions:
            return Atom("function", function, mark.span)
        known = {word for names, _ in READERS for word in names if word.isalpha()}
        known |= {word for word in self.known if word.isalpha()}
        hint = did_you_mean("\\" + name, ["\\" + word for word in known]) or "leave it out, or write what it stands for"
        raise self.error(f"unknown command `{self.shown(mark.span)}`", mark.span, hint)

    def refused(self, mark: Mark) -> Exception:
        """The error at what gradcalc does not do."""
        return self.error(
            f"`\\{mark.text}` is not part of the language", mark.span, tables.REFUSED[mark.text] or ways.BEYOND
        )

    def _symbol(self, mark: Mark) -> Atom:
        """A letter; `\\Delta x` is one name, as it is a difference of x."""
        following = self.mark
        letter = following.kind == "letter" or (following.kind == "command" and following.text in tables.SYMBOLS)
        if mark.text != "Delta" or "Delta" in self.given or not letter:
            return Atom("name", mark.text, mark.span)
        self.index += 1
        name = canonical(following.text) or following.text
        return Atom("name", f"Delta_{name}", mark.span.join(following.span))

    def _space(self, mark: Mark) -> None:
        """White space."""

    def _swallowed(self, mark: Mark) -> None:
        """A label, or a number beside an equation: of no meaning."""
        self.raw(mark)

    def _operator(self, mark: Mark) -> Atom:
        return operator(tables.OPERATORS[mark.text], mark.span)

    def _break(self, mark: Mark) -> Atom:
        return Atom("break", "\\\\", mark.span)

    def _boxed(self, mark: Mark) -> Atom:
        row = self.argument(mark)
        return Atom("group", "{", mark.span.join(self.marks[self.index - 1].span), [row])

    def _spaced(self, mark: Mark) -> Atom | None:
        """What is spaced as an operator is; `\\mathopen{}` has nothing in it, and is there for the space."""
        atom = self._boxed(mark)
        return atom if atom.rows[0] else None

    def _braced(self, mark: Mark) -> Atom:
        """`\\underbrace{x^2}_{label}`: what it is called has no meaning."""
        atom = self._boxed(mark)
        if self.mark.text == tables.BRACES[mark.text]:
            self.index += 1
            if self.key == "{":
                self.raw(mark)
            else:
                self.index += 1
        return atom

    def _accent(self, mark: Mark) -> Atom:
        row = self.argument(mark)
        return Atom("accent", mark.text, mark.span.join(self.marks[self.index - 1].span), [row])

    def _fraction(self, mark: Mark) -> Atom:
        above = self.argument(mark)
        below = self.argument(mark)
        kind = "binomial" if mark.text in tables.BINOMIALS else "fraction"
        return Atom(kind, mark.text, mark.span.join(self.marks[self.index - 1].span), [above, below])

    def _stacked(self, mark: Mark) -> Atom:
        """`\\underset{x}{\\max}`, `\\overset{\\text{def}}{=}`: what stands above has no meaning."""
        script = self.argument(mark)
        row = self.argument(mark)
        span = mark.span.join(self.marks[self.index - 1].span)
        if len(row) != 1 or not (mark.text == "underset" or row[0].kind == "operator"):
            raise self.error(f"`\\{mark.text}` is not part of the language", span, "write what stands below alone")
        row[0].span, row[0].below = span, script if mark.text == "underset" else None
        return row[0]

    def _root(self, mark: Mark) -> Atom:
        rows: list[Row] = []
        if self.key == "[":
            opening = self.mark.span
            self.index += 1
            rows.append(self.row("]"))
            self.close(opening, "]")
        rows.insert(0, self.argument(mark))
        return Atom("root", "√", mark.span.join(self.marks[self.index - 1].span), rows)

    def _big(self, mark: Mark) -> Atom:
        return Atom("big", tables.BIG[mark.text], mark.span)

    def _over_command(self, mark: Mark) -> Atom:
        return Atom("over", "over", mark.span)

    def _middle(self, mark: Mark) -> Atom:
        if self.mark.kind == "end":
            raise self.error("`\\middle` needs a bracket", mark.span, ways.BRACKET)
        self.index += 1
        return operator("mid", mark.span)

    def _environment(self, mark: Mark) -> Atom:
        """`\\begin{cases} … \\end{cases}`: its cells, line by line, or its lines."""
        name = self.raw(mark).strip().removesuffix("*")
        known = tables.MATRICES | tables.LINES | tables.CASES | {"vmatrix", "Vmatrix"}
        if name not in known:
            hint = did_you_mean(name, known) or ways.BEYOND
            raise self.error(f"`{shortened(name)}` is not part of the language", mark.span, hint)
        if name in ("array", "alignat", "alignedat", "IEEEeqnarray"):
            self.raw(mark)
        row = self.row("\\end")
        whole = self._end(mark, name)
        if name in tables.LINES:
            return Atom("lines", name, whole, [row])
        cells = _cells(row)
        columns = max(map(len, cells), default=0)
        if any(len(line) != columns for line in cells) and name not in tables.CASES:
            raise self.error("the rows of a matrix have one length", whole, ways.ZERO)
        return Atom("environment", name, whole, [cell for line in cells for cell in line], columns=columns)

    def _end(self, mark: Mark, name: str) -> Span:
        closing = self.mark
        if closing.kind == "end":
            raise self.error(f"`\\begin{{{name}}}` is never closed", mark.span, ways.closing(name))
        self.index += 1
        ended = self.raw(closing).strip().removesuffix("*")
        place = closing.span.join(self.marks[self.index - 1].span)
        if ended != name:
            raise self.error(f"expected `\\end{{{name}}}`, found `{self.shown(place)}`", place, ways.OWN_KIND)
        return mark.span.join(place)

    def _prime(self, mark: Mark) -> Atom:
        return Atom("prime", "'", mark.span)


def _cells(row: Row) -> list[list[Row]]:
    """The lines of an environment, each with its cells; an empty last line is none."""
    lines: list[list[Row]] = [[[]]]
    for atom in row:
        if atom.kind == "break" and atom.text == "\\\\":
            lines.append([[]])
        elif atom.kind == "align":
            lines[-1].append([])
        elif atom.kind != "break":
            lines[-1][-1].append(atom)
    return [line for line in lines if any(line)]


READERS: tuple[tuple[Collection[str], Callable[[Reader, Mark], Atom | None]], ...] = (
    (tables.SYMBOLS, Reader._symbol),
    (tables.SPACES | tables.SIZES, Reader._space),
    (tables.OPERATORS, Reader._operator),
    (frozenset("\\"), Reader._break),
    (tables.STYLES | {"operatorname*"}, Reader.styled),
    (tables.FRACTIONS | tables.BINOMIALS, Reader._fraction),
    (frozenset({"sqrt"}), Reader._root),
    (frozenset({"underset", "overset", "stackrel"}), Reader._stacked),
    (tables.BIG, Reader._big),
    (tables.ACCENTS, Reader._accent),
    (frozenset({"left"}), Reader.left),
    (frozenset({"middle"}), Reader._middle),
    (frozenset({"begin"}), Reader._environment),
    (frozenset({"over"}), Reader._over_command),
    (tables.BOXES, Reader._boxed),
    (tables.SPACED, Reader._spaced),
    (tables.BRACES, Reader._braced),
    (tables.SWALLOWED, Reader._swallowed),
    (frozenset({"prime"}), Reader._prime),
    (frozenset({"rm", "bf", "it", "cal", "sf"}), Reader.switched),
    (frozenset({"top", "intercal", "infty", "star", "dagger", "partial"}), Reader._symbol),
)
