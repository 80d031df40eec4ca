"""A program in Python: on numbers, or on the arrays of a library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradcalc.arrays.unfold import unfolded
from gradcalc.base.words import untaken
from gradcalc.calculus.straight_line import numbered
from gradcalc.codegen.identifiers import identifiers
from gradcalc.codegen.jax import JAX
from gradcalc.codegen.language import Language, Spelled, imported, with_helpers
from gradcalc.codegen.lines import Piece, Speller, block
from gradcalc.codegen.numpy import NUMPY
from gradcalc.codegen.program import Program, is_constant, named_sizes, wrapped
from gradcalc.codegen.python import PYTHON
from gradcalc.syntax.tree import Node

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Dialect:
    """How programs of a library look: what each function does with its inputs first, and numbers as large as one.

    `itself` differentiates a function of the program, where no formula does.
    """

    language: Language
    convert: str | None = None  # of an input's name
    full: str | None = None  # of an input's name and a number
    around: str | None = None  # a line above functions with branches
    itself: str | None = None  # of the function's name and the places of its inputs
    note: str | None = None  # on the file


DIALECTS = {
    "python": Dialect(PYTHON),
    "numpy": Dialect(NUMPY, "np.asarray({0}, dtype=float)", "np.full_like({0}, {1})", '@np.errstate(all="ignore")'),
    "jax": Dialect(
        JAX,
        "jnp.asarray({0}, dtype=float)",
        "jnp.full_like({0}, {1})",
        itself="jax.grad({0}, {1})",
        note="In double precision where jax_enable_x64 is set.",
    ),
}


def source(program: Program, to: str) -> str:
    """The program as a file: helpers, the function, its gradient. Raises UsageError at one without a spelling."""
    dialect = DIALECTS[to]
    language = dialect.language
    writer = Writer(program, dialect, lambda: Spelled(language), lambda root: spelled(root, program, language))
    body = "\n".join([*writer.function(), *writer.gradient()])
    blocks = [*with_helpers(language, body), body.strip("\n")]
    text = "\n\n\n".join(blocks)
    head = "\n".join(imported(language, text))
    return "\n".join([*wrapped(writer.title(), ""), "", *([head, "", ""] if head else [""]), text, ""])


def spelled(root: Node, program: Program, language: Language) -> Node:
    """The tree in what the language has."""
    whole = unfolded(root, program.shapes, {*language.functions, *language.operators}) if program.arrays else root
    return language.spelled_out(whole)


class Writer:
    """Writes the functions of a program in Python."""

    def __init__(
        self, program: Program, dialect: Dialect, speller: Callable[[], Speller], change: Callable[[Node], Node]
    ) -> None:
        self.program, self.dialect, self.speller = program, dialect, speller
        self.value, self.partials = program.over(change)
        self.names = identifiers([*program.inputs])
        self.name = untaken([program.name], {*self.names.values()})
        self.grad = f"grad_{self.name}"

    def title(self) -> list[str]:
        """What the file is."""
        note = [] if self.dialect.note is None else ["", self.dialect.note]
        return [f"{self.program.about}, and its gradient; written by gradcalc.", *note]

    def function(self) -> list[str]:
        """The definition of the function."""
        lines, (text,) = self.lines([self.value], [self.program.inputs[0]])
        return self.defined(self.name, [self.program.about], [*lines, f"return {text}"])

    def gradient(self) -> list[str]:
        """The definition of its gradient: a number or an array for one variable, a tuple of them for several."""
        known = {name: root for name, root in self.partials.items() if root is not None}
        lines, texts = self.lines([*known.values()], [*known])
        found = dict(zip(known, texts, strict=True))
        for name in self.partials:
            if name not in found:
                place = self.program.inputs.index(name)
                call = (self.dialect.itself or "").format(self.name, place)
                found[name] = f"{call}({', '.join(self.names.values())})"
        result = ", ".join(found[name] for name in self.partials)
        return ["", "", *self.defined(self.grad, self.program.derivatives, [*lines, f"return {result}"])]

    def lines(self, roots: Sequence[Node], shapes: Sequence[str]) -> tuple[list[str], list[str]]:
        """The lines that compute trees, and their texts; of a constant one a number as large as the input of a name."""
        roots = numbered(roots)
        spelled_names = {**self.names, **{size: size for size in named_sizes(roots, self.program.shapes)}}
        lines, pieces = block(roots, self.speller(), spelled_names, lazy=self.dialect.language.lazy)
        full = [
            self.full(piece, name) if is_constant(root) and self.filled(name) else piece.text
            for root, piece, name in zip(roots, pieces, shapes, strict=True)
        ]
        return [*self.first(roots), *lines], full

    def filled(self, name: str) -> bool:
        """Is a constant to be made as large as an input?"""
        return self.dialect.full is not None and not self.program.arrays

    def full(self, piece: Piece, name: str) -> str:
        """A number as large as an input."""
        return (self.dialect.full or "").format(self.names[name], piece.text)

    def first(self, roots: Sequence[Node]) -> list[str]:
        """The lines at the top: inputs as arrays of the library, and sizes by their names."""
        sizes = named_sizes(roots, self.program.shapes)
        converted = [
            f"{name} = {self.dialect.convert.format(name)}" for name in self.names.values() if self.dialect.convert
        ]
        return [*converted, *(f"{size} = {self.names[name]}.shape[{axis}]" for size, (name, axis) in sizes.items())]

    def defined(self, name: str, about: Sequence[str], lines: Sequence[str]) -> list[str]:
        """A definition with its docstring."""
        around = self.dialect.around
        above = [around] if around is not None and any("where(" in line or " / " in line for line in lines) else []
        head = f"def {name}({', '.join(self.names.values())}):"
        return [*above, head, *wrapped(about, INDENT), *(f"{INDENT}{line}" for line in lines)]
