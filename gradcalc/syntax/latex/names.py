"""Names in LaTeX: a letter with its accents, what stands below it, primes and stars: `\\hat{y}_i` is `y_hat_i`."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradcalc.base import ways
from gradcalc.base.limits import Limits
from gradcalc.base.span import Span
from gradcalc.syntax.grammar import Vocabulary
from gradcalc.syntax.latex.atoms import Atom, Row, inside, is_operator, parted
from gradcalc.syntax.latex.marks import Text
from gradcalc.syntax.latex.tables import ACCENTS, LARGE
from gradcalc.syntax.letters import canonical

NAMED = ("name", "word")
SIGNS = {"+": "_plus_", "-": "_minus_", "*": "star", "·": "star", "_": "_"}
VALUELESS = {  # signs that stand above or below others only
    "infty": LARGE, "top": None, "intercal": None, "star": None, "dagger": None,
    "partial": "write the function itself, its derivative is what comes out",
}  # fmt: skip
CONSTANTS = ("e", "pi")
COUNTING = frozenset("ijklmn")  # letters that elements are counted by
STARS = ("*", "star", "ast")
ONE_WORD = "a subscript is one word of letters and digits"


@dataclass(slots=True)
class Parts:
    """What a name is made of; `indices` are the rows of what counts its elements inside a sum."""

    base: str
    style: str
    accents: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)  # what stands below, and raised in parentheses, primes and stars
    places: str = ""  # where each of them stands
    indices: list[Row] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)  # of an element, where nothing else stands below

    @property
    def stem(self) -> str:
        """The name without what stands below it."""
        return "_".join([self.base, *self.accents])

    @property
    def name(self) -> str:
        """The whole."""
        return "_".join([self.stem, *self.marks])

    @property
    def spelled(self) -> str:
        """All that tells the name from others."""
        style = "" if self.style == "upright" else self.style
        return " ".join([style, self.stem, self.places, *self.marks])


class Names(Text):
    """The names of a text, each with one way to write it."""

    def __init__(self, source: str, vocabulary: Vocabulary, limits: Limits) -> None:
        super().__init__(source, limits)
        self.vocabulary = vocabulary
        self.bound: list[str] = []  # the indices of the sums around
        self.spelled: dict[tuple[str, bool], str] = {}  # of names, and of those that are counted by an index
        self.elements: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.free: list[tuple[str, str, Span]] = []  # stem, subscript and place of names outside of sums
        self.counted: set[str] = set()  # what sums run over
        self.indices: set[str] = set()  # and by what
        self.raised_indices: set[str] = set()  # by what stands raised: the i of `\\hat{y^i}`, and so of `y^i`
        self.arrays: set[str] = set()  # names in bold letters
        self.constants: dict[str, str] = {}  # letters of constants that arrays have, and the names of these arrays
        self.starred: dict[str, str] = {}  # names with a star raised, and the same without it

    def is_given(self, name: str) -> bool:
        """Is this a variable because the user says so?"""
        return name in self.vocabulary.variables

    def named(self, atom: Atom) -> Parts:
        """The name that an atom is. Raises where it is none."""
        parts = self.parts(atom)
        if parts is None:
            raise self.error("an accent stands on a name", atom.span, ways.ACCENT)
        if parts.base in VALUELESS:
            message = f"`{self.shown(atom.core)}` is not part of the language"
            raise self.error(message, atom.core, VALUELESS[parts.base] or ways.BEYOND)
        if canonical(parts.name) is None:
            raise self.error("expected one word of letters and digits", atom.span, ways.WORD)
        counted = bool(parts.indices)
        if self.spelled.setdefault((parts.name, counted), parts.spelled) != parts.spelled:
            message = f"`{self.shown(atom.span)}` and another one would both be called `{parts.name}`"
            raise self.error(message, atom.span, ways.OTHER_LETTER)
        self._note(parts, atom)
        return parts

    def _note(self, parts: Parts, atom: Atom) -> None:
        """Keep in mind what a name may be an element of, and whether it is an array by its letters."""
        if parts.style == "bold":
            self.arrays.add(parts.name)
        if parts.marks[-1:] == ["star"] and parts.places.endswith("^") and not parts.indices:
            self.starred[parts.name] = parts.name.removesuffix("_star")
        if len(parts.indices) > 2:
            raise self.error("an element has two indices at most", atom.span, "write `A_{ij}`")
        if parts.indices and parts.name in self.bound:
            raise self.error(f"`{parts.name}` counts already", atom.span, "choose another letter")
        if parts.indices:
            self.counted.add(parts.name)
        elif parts.digits:
            if "0" not in parts.digits:  # elements are counted from 1; x_0 is a name of its own
                self.elements[parts.name] = parts.stem, tuple(parts.digits)
        else:
            self.free += [(parts.stem, mark, atom.span) for mark in parts.marks]
            self.free += [(f"{parts.stem}_{mark[:-1]}", mark[-1], atom.span) for mark in parts.marks if _is_pair(mark)]

    def parts(self, atom: Atom) -> Parts | None:
        """What a name is made of; None where the atom is no name."""
        if atom.kind in NAMED:
            parts = Parts(atom.text, atom.style)
        elif atom.kind in ("accent", "group") and len(atom.rows[0]) == 1:
            within = atom.rows[0][0]
            inner = self.parts(within)
            if inner is None or (within.above is not None and self.mark_above(within) is None):
                return None
            parts = inner
            if atom.kind == "accent" and ACCENTS[atom.text]:
                parts.accents.append(ACCENTS[atom.text])
        else:
            return None
        for row in (atom.below, self.mark_above(atom)):
            if row is not None:
                self._subscripts(parts, row, raised=row is not atom.below)
        if parts.indices and parts.name in CONSTANTS and not self.is_given(parts.name):
            letter = next(one.text for one in parts.indices[0] if self.is_bound([one]))
            parts.base = self.constants.setdefault(parts.base, f"{parts.base}_{letter}")  # the array of all pi_k
        parts.marks += [f"prime{atom.primes if atom.primes > 1 else ''}"] * (atom.primes > 0)
        return parts

    def mark_above(self, atom: Atom) -> Row | None:
        """What stands above a name and belongs to it: `(1)`, a star; None where it is an exponent."""
        above = atom.above
        if above is None or len(above) != 1:
            return None
        single = above[0]
        if single.text in self.raised_indices and self.is_bound(above):
            return above
        if is_operator(single, "*") or single.text in STARS:
            return [Atom("word", "star", single.span)]
        if single.kind == "fence" and single.text == "(" and single.bare and len(single.rows[0]) == 1:
            return single.rows[0]
        return None

    def _subscripts(self, parts: Parts, row: Row, *, raised: bool) -> None:
        pieces = [piece for piece in parted(row, ",") if piece]
        numbers = all(len(piece) == 1 and piece[0].kind == "number" for piece in pieces)
        if numbers and not raised and not parts.marks and pieces:
            parts.digits += [piece[0].text for piece in pieces]
        if any(is_operator(atom, ":") for atom in row) and not raised:
            parts.indices += pieces  # x_{2:3}
            return
        for piece in pieces:
            letters = [[atom] for atom in piece] if all(atom.kind == "name" for atom in piece) else [piece]
            if any(self.is_bound(one) for one in letters):
                parts.places += "".join("." if self.is_bound(one) else "_" for one in letters)
                parts.indices += [one for one in letters if self.is_bound(one)]
                piece = [atom for one in letters if not self.is_bound(one) for atom in one]
            if piece:
                parts.marks.append(self.text(piece))
                parts.places += "^" if raised else "_"

    def is_bound(self, row: Row) -> bool:
        """Does this count by the index of a sum around it?"""
        return any(atom.kind == "name" and atom.bare and atom.text in self.bound for atom in row)

    def text(self, row: Row) -> str:
        """What stands below a name, as a piece of a word: `max`, `t_minus_1`."""
        written = ""
        for atom in row:
            piece = self._piece(atom)
            long = len(piece) > 1 and written and not piece.startswith("_") and not written.endswith("_")
            written += ("_" if long and atom.kind != "number" else "") + piece
        if not written.strip("_"):
            raise self.error(ONE_WORD, row[0].span if row else Span(0, 0), ways.WORD)
        return written.strip("_")

    def _piece(self, atom: Atom) -> str:
        if atom.kind in ("name", "word", "number", "function", "text"):
            text = atom.text.replace(" ", "_").replace(".", "_")
        elif atom.kind == "operator" and atom.text in SIGNS:
            text = SIGNS[atom.text]
        elif atom.kind in ("group", "fence", "accent"):
            text = self.text(atom.rows[0])
        else:
            raise self.error(ONE_WORD, atom.span, ways.WORD)
        scripts = [self.text(row) for row in (atom.below, atom.above) if row is not None]
        return "_".join([text, *scripts, *["prime"] * atom.primes])

    def renamed(self) -> dict[str, str]:
        """Names that stand for all elements, x for the `x_i` of a softmax `e^{x_i} / \\sum_j e^{x_j}`.

        Raises at `y_i` outside of the sum over i, and where it is unclear which element `x_i` is.
        """
        letters = {mark for stem, mark, _ in self.free if self._array(stem) in self.counted}
        if len(letters) == 1 and letters <= COUNTING - self.indices:
            (letter,) = letters
            stems = {stem for stem, mark, _ in self.free if mark == letter}
            self.arrays |= set(map(self._array, stems))
            return {f"{stem}_{letter}": self._array(stem) for stem in stems} | {
                f"{stem}{letter}": stem for stem in stems if "_" in stem
            }
        self._require_elements()
        return {}

    def _array(self, stem: str) -> str:
        """The name of the array whose elements a letter with an index is."""
        return self.constants.get(stem, stem)

    def _require_elements(self) -> None:
        for stem, mark, span in self.free:
            if mark in self.indices:
                hint = "write parentheses around all that is summed"
                raise self.error(f"`{self.shown(span)}` stands outside of the sum over `{mark}`", span, hint)
            if self._array(stem) in self.counted:
                hint = "write a number in place of the letter"
                raise self.error(f"it is unclear which element of `{stem}` this is", span, hint)


def _is_pair(mark: str) -> bool:
    """Are these two letters that elements are counted by: the `ij` of `a_{ij}`?"""
    return len(mark) == 2 and COUNTING.issuperset(mark)


def spelled(row: Row) -> str:
    """One way to write a row, to tell whether two are the same."""
    return " ".join(
        f"{atom.kind} {atom.text} {atom.style} {len(atom.rows)} {atom.primes} "
        f"{None if atom.below is None else len(atom.below)} {None if atom.above is None else len(atom.above)}"
        for atom in inside(row)
    )
