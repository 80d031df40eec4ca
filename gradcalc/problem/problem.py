"""What was asked: a resolved expression, the variables to derive by, and the point; and how it was read."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gradcalc.arrays.array import Array, Value
from gradcalc.arrays.shape import Shape
from gradcalc.base.floating import FORMATS, Format
from gradcalc.base.words import joined, untaken
from gradcalc.functions import CATALOGUE
from gradcalc.functions.forms import usage
from gradcalc.functions.printer import to_text
from gradcalc.syntax.tree import Call, Name, Node, children, postorder

DEFAULT_DTYPE = "float64"
USUAL = "exyz"  # letters of a formula, whatever else stands in it
LETTERS = ("f", "g", "h", "F", "result")  # of a function without a name


@dataclass(frozen=True, slots=True)
class Definition:
    """One statement of a program; `body` speaks of earlier definitions by name, `whole` has them put in.

    The last statement may go without a name.
    """

    name: str | None
    body: Node
    whole: Node


@dataclass(frozen=True, slots=True)
class Problem:
    """An expression with every name settled.

    `root` is the result with all definitions put in, each definition one shared node; `variables` are its free
    names in order of first appearance, `wrt` those to derive by. `point` gives each variable a number of `dtype`, or
    an array of them, or is None where no point was asked for; `meant` is each number that was rounded, as written.
    `shapes` holds the shapes of the array variables, `assumed` those among them that nobody gave; `arrays` says whether
    the expression deals in arrays at all. Of an equation, `root` is the left side minus the right one, and `of` the
    variable that it makes a function of those in `wrt`.
    """

    source: str
    root: Node
    definitions: tuple[Definition, ...]
    variables: tuple[str, ...]
    wrt: tuple[str, ...]
    order: int = 1
    dtype: str = DEFAULT_DTYPE
    point: Mapping[str, Value] | None = None
    rewritten: bool = False
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    assumed: Mapping[str, Shape] = field(default_factory=dict)
    arrays: bool = False
    meant: Mapping[str, Node] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()  # matrices that are declared to equal their transpose
    of: str | None = None

    def of_numbers(
        self, root: Node, variables: Sequence[str], wrt: Sequence[str], point: Mapping[str, float] | None
    ) -> Problem:
        """The same question about a function of numbers alone."""
        return replace(
            self,
            root=root,
            definitions=(),
            variables=tuple(variables),
            wrt=tuple(wrt),
            point=point,
            shapes={},
            arrays=False,
        )

    def at(self, root: Node, point: Mapping[str, Value], wrt: Sequence[str]) -> Problem:
        """The question for the derivatives of another tree, at another point, which may hold arrays."""
        shapes = {name: value.shape for name, value in point.items() if isinstance(value, Array)}
        return replace(self, root=root, variables=tuple(point), wrt=tuple(wrt), point=point, shapes=shapes, arrays=True)

    @property
    def format(self) -> Format:
        """The floating-point format of `dtype`."""
        return FORMATS[self.dtype]

    @property
    def names(self) -> tuple[str, ...]:
        """The variables, and what is derived by besides, each once."""
        return tuple(dict.fromkeys([*self.variables, *self.wrt]))

    @property
    def defined(self) -> dict[str, Node]:
        """What each name of a program stands for."""
        return {one.name: one.whole for one in self.definitions if one.name is not None}

    @property
    def numbers(self) -> Mapping[str, float]:
        """The point of a problem without arrays."""
        assert self.point is not None
        return {name: value for name, value in self.point.items() if isinstance(value, float)}


def nameless(taken: Container[object]) -> str:
    """What a function is called that the user gave no name: by the first of the books' letters that is not taken."""
    return untaken(LETTERS, taken)


def unused(problem: Problem) -> tuple[str, ...]:
    """The names of the statements that the result does not use."""
    used = {id(node) for node in postorder(problem.root)}
    return tuple(
        one.name
        for one in problem.definitions
        if one.name is not None and id(one.whole) not in used and not isinstance(one.whole, Name)
    )


def joint(variables: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The names that may have been meant as products of letters, and these: `xy`, `x*y`, or `Ax`, `A x`."""
    for name in variables:
        if _is_joint(name, variables):
            sign = " " if name[0].isupper() else "*"  # a matrix beside an array is multiplied as one
            yield name, sign.join(name)


def _is_joint(name: str, variables: Sequence[str]) -> bool:
    """May a product of letters have been meant: `xy`, or `Ax`? Each is a variable too, or one as everybody's."""
    if len(name) < 2 or not name.isalpha() or not name.isascii():
        return False
    matrices = len(name) == 2 and name[0].isupper()
    return matrices or all(letter in variables or letter in USUAL for letter in name)


def plain(problem: Problem) -> str:
    """The expression as it was understood, in gradcalc's own notation: `y = x**2; sin(y)`."""
    texts = [f"{one.name} = {to_text(one.body)}" if one.name else to_text(one.body) for one in problem.definitions]
    if problem.of is not None:
        texts[-1] = " = ".join(map(to_text, children(problem.definitions[-1].body)))
    return "; ".join(texts)


def reading(problem: Problem) -> str | None:
    """How the expression was understood, in plain notation, where that is not obvious."""
    meanings = _meanings(problem)
    if not (problem.rewritten or problem.assumed or meanings):
        return None
    text = plain(problem)
    if meanings:
        text += f", where {joined(meanings)}"
    shapes = [f"--shape {name}={','.join(map(str, shape))}" for name, shape in problem.assumed.items()]
    if not shapes:
        return text
    numbers = [name for name in problem.variables if not problem.shapes.get(name)]
    rest = f", and numbers for {', '.join(numbers)}" if numbers else ""
    return f"{text}, assuming {' '.join(shapes)}{rest}"


def _meanings(problem: Problem) -> list[str]:
    """What functions are taken for whose names mean others elsewhere."""
    used = dict.fromkeys(node.function for node in postorder(problem.root) if isinstance(node, Call))
    rows = (CATALOGUE[name] for name in used if name in CATALOGUE)
    return [f"{usage(row)} is {row.told}" for row in rows if row.told is not None]
