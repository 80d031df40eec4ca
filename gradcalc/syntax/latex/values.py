"""Values of LaTeX to tokens: numbers, brackets, fractions, roots, norms, binomial coefficients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from gradcalc.base import ways
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.latex import tables
from gradcalc.syntax.latex.atoms import Atom, Row, is_operator, parted
from gradcalc.syntax.latex.names import Names
from gradcalc.syntax.tokens import Token


class Values(Names, ABC):
    """Writes values, one token after the other."""

    def __init__(self, source: str, vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, vocabulary, limits)
        self.tokens: list[Token] = []
        self.depth = 0

    def emit(self, span: Span, *texts: str, kind: str = "operator") -> None:
        """Tokens at one place."""
        self.tokens += [Token(kind, text, span) for text in texts]

    def call(self, function: str, span: Span) -> None:
        """A function and the parenthesis behind it."""
        self.emit(span, function, kind="call")
        self.emit(span, "(")

    def enclosed(self, row: Row, span: Span) -> None:
        """A row in parentheses. Raises where it is empty."""
        self.emit(span, "(")
        self.expression(row)
        self.emit(span, ")")

    @abstractmethod
    def expression(self, row: Row) -> None:
        """A row of factors and operators."""

    def _number(self, atom: Atom) -> None:
        if atom.style in ("bold", "mathbb") or atom.below is not None:
            self.filled(atom, {"1": "ones", "0": "zeros"}.get(atom.text))
        else:
            self.emit(atom.core, atom.text, kind="number")

    def filled(self, atom: Atom, function: str | None) -> None:
        """`\\mathbf{1}_{m \\times n}`, `\\mathbf{I}_{n}`."""
        if atom.below is None or function is None or not atom.style:
            raise self.error(f"`{self.shown(atom.core)}` needs its size", atom.core, "write `\\mathbf{1}_{3}`")
        self.call(function, atom.core)
        for place, size in enumerate(parted(atom.below, "×", ",")):
            self.emit(atom.core, *"," * (place > 0))
            self.expression(size)
        self.emit(atom.core, ")")

    def _group(self, atom: Atom) -> None:
        if not atom.rows[0]:
            raise self.error("expected a value, found nothing", atom.core, ways.MISSING)
        self.enclosed(atom.rows[0], atom.core)

    def _fence(self, atom: Atom) -> None:
        function = tables.FENCES.get(atom.text)
        if function is None or not atom.rows[0]:
            self._group(atom)
        elif function == "norm":
            self._norm(atom)
        else:
            self.call(function, atom.core)
            self._listed(atom, 2 if function == "angled" else 1)
            self.emit(atom.core, ")")

    def _listed(self, atom: Atom, count: int) -> None:
        """The arguments in a pair of brackets; those of an inner product have a comma or a bar between them."""
        parts = parted(atom.rows[0], ",", "mid") if count > 1 else [atom.rows[0]]
        self._require_one(atom if count == 1 else None)
        if len(parts) != count:
            message = tables.EXPECTATIONS["E"]
            raise self.error(message, atom.core, tables.INSTEAD[message])
        for place, part in enumerate(parts):
            self.emit(atom.core, *"," * (place > 0))
            self.expression(part)

    def _require_one(self, atom: Atom | None) -> None:
        """Raises where a comma stands between bars."""
        comma = next((one for one in (atom.rows[0] if atom else []) if is_operator(one, ",")), None)
        if comma is not None:
            raise self.error("one value stands between bars", comma.span, "write bars around each value: `|x| + |y|`")

    def _norm(self, atom: Atom) -> None:
        """`\\|x\\|_1`."""
        self._require_one(atom)
        below = self.text(atom.below) if atom.below else ""
        if below not in tables.NORMS:
            hint = "write `\\lVert x\\rVert_{2}`, or 1, \\infty or F below it"
            raise self.error(f"this norm is not part of the language: `{below}`", atom.core, hint)
        self.call(tables.NORMS[below], atom.core)
        self.expression(atom.rows[0])
        self.emit(atom.core, ")")

    def _fraction(self, atom: Atom) -> None:
        above, below = atom.rows
        self.emit(atom.core, "(")
        self.enclosed(above, atom.core)
        self.emit(atom.core, "/")
        self.enclosed(below, atom.core)
        self.emit(atom.core, ")")

    def _binomial(self, atom: Atom) -> None:
        """n! / (k! (n - k)!)."""
        n, k = atom.rows
        self.emit(atom.core, "(")
        self._factorial(n, atom.core)
        self.emit(atom.core, "/", "(")
        self._factorial(k, atom.core)
        self.emit(atom.core, "*")
        self.call("factorial", atom.core)
        self.enclosed(n, atom.core)
        self.emit(atom.core, "-")
        self.enclosed(k, atom.core)
        self.emit(atom.core, ")", ")", ")")

    def _factorial(self, row: Row, span: Span) -> None:
        self.call("factorial", span)
        self.expression(row)
        self.emit(span, ")")

    def _root(self, atom: Atom) -> None:
        """A square root, a cube root, or another one as a power."""
        index = "".join(one.text for one in atom.rows[1]) if len(atom.rows) > 1 else ""
        function = {"": "sqrt", "2": "sqrt", "3": "cbrt"}.get("3" if atom.text == "∛" else index)
        if function:
            self.call(function, atom.core)
            self.expression(atom.rows[0])
            self.emit(atom.core, ")")
            return
        self.emit(atom.core, "(")
        self.enclosed(atom.rows[0], atom.core)
        self.emit(atom.core, "**", "(")
        self.emit(atom.core, "1", kind="number")
        self.emit(atom.core, "/")
        self.enclosed(atom.rows[1], atom.core)
        self.emit(atom.core, ")", ")")


def _not_alone(values: Values, atom: Atom) -> None:
    raise values.error("an accent stands on a name", atom.core, ways.ACCENT)


NUCLEI: dict[str, Callable[[Values, Atom], None]] = {
    "number": Values._number, "group": Values._group, "fence": Values._fence, "fraction": Values._fraction,
    "binomial": Values._binomial, "root": Values._root, "accent": _not_alone,
}  # fmt: skip
