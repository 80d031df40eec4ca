"""An expression as a Python function on torch tensors, printed from the tree: the operations that the engine runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from gradcalc.arrays.infer import infer
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import Format
from gradcalc.codegen import torch_arrays
from gradcalc.codegen.identifiers import identifiers
from gradcalc.codegen.torch_functions import HELPERS, NATIVE, of_torch
from gradcalc.engines.torch import arrays, torch
from gradcalc.engines.torch.functions import SOMETIMES, Operation
from gradcalc.engines.torch.program import CONSTANTS, forward
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import ATOM, BINARY, NEGATION
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Constant, Name, Node, Number, children, postorder

DEEPEST = 40  # levels of one line; Python's own parser ends at 200 parentheses
WHOLE = 2**53  # numbers from here on are written as floats


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed node: how tightly it binds, whether it is a tensor or a plain number of Python, how deep it is."""

    text: str
    strength: int
    tensor: bool
    depth: int = 1

    def within(self, strength: int) -> str:
        """The text, in parentheses where it binds less tightly than that."""
        return self.text if self.strength >= strength else f"({self.text})"

    def as_tensor(self) -> str:
        """The text of a tensor, whatever it was."""
        if self.tensor:
            return self.text
        whole = self.text.lstrip("-").isdigit()
        return f"torch.tensor({self.text}.0)" if whole else f"torch.tensor({self.text})"


class Printer:
    """Prints trees; collects the functions that torch has no name for."""

    def __init__(self, form: Format) -> None:
        self.form = form
        self.helpers: dict[str, list[str]] = {}

    def body(self, definitions: Sequence[tuple[str | None, Node]], names: Mapping[str, str]) -> list[str]:
        """The lines of a function's body: an assignment for each definition, the last one returned."""
        lines: list[str] = []
        for name, root in definitions[:-1]:
            assert name is not None
            lines.append(f"{names[name]} = {self._root(root, names, lines)}")
        lines.append(f"return {self._root(definitions[-1][1], names, lines)}")
        return lines

    def _root(self, root: Node, names: Mapping[str, str], lines: list[str]) -> str:
        """A tree as text; what is nested too deep goes into lines of its own before it."""
        pieces: dict[int, Piece] = {}
        order = postorder(root)
        constant = _constants(order)
        for node in order:
            if id(node) in constant:  # only the largest constant parts are printed, each as one number
                continue
            piece = self._piece(node, pieces, names)
            if piece.depth >= DEEPEST:
                name = _unused(len(lines), names)
                lines.append(f"{name} = {piece.text}")
                piece = Piece(name, ATOM, tensor=True)
            pieces[id(node)] = piece
        return (pieces.get(id(root)) or self._number(root)).as_tensor()

    def _piece(self, node: Node, pieces: Mapping[int, Piece], names: Mapping[str, str]) -> Piece:
        if isinstance(node, Name):
            return Piece(names[node.name], ATOM, tensor=True)
        assert isinstance(node, Call)
        arguments = [pieces.get(id(argument)) or self._number(argument) for argument in node.arguments]
        depth = 1 + max(piece.depth for piece in arguments)
        if node.function == "neg":
            return Piece(f"-{arguments[0].within(NEGATION)}", NEGATION, tensor=True, depth=depth)
        if node.function in BINARY:
            symbol, strength, left, right = BINARY[node.function]
            text = _left(node, arguments[0], left) + symbol + arguments[1].within(right)
            return Piece(text, strength, tensor=True, depth=depth)
        return Piece(self._called(node, arguments), ATOM, tensor=True, depth=depth)

    def _called(self, node: Call, pieces: list[Piece]) -> str:
        """A function of tensors and, for one of arrays, of whole numbers."""
        row = ARRAY_FUNCTIONS.get(node.function)
        if row is None:
            return self._elementwise(node, pieces)
        inside = [piece.as_tensor() for piece in row.parted(pieces)[0]]
        numbers = arrays.numbers(node)
        if node.function not in torch_arrays.SPELLED:
            return self._function(node.function, [*inside, *map(str, numbers)], NATIVE.get(node.function))
        if (helper := torch_arrays.helper(node.function, numbers)) is not None:
            self._function(helper, [], None)
        if node.function == "index" and pieces[0].strength < ATOM:
            inside = [f"({inside[0]})"]
        return torch_arrays.SPELLED[node.function](*inside, *numbers)

    def _elementwise(self, node: Call, pieces: list[Piece]) -> str:
        """A function of numbers; its last arguments are plain numbers of Python where torch's own takes them."""
        texts = [piece.as_tensor() for piece in pieces]
        plain = self._of_plain_numbers(node, pieces)
        if plain is None:
            return self._function(node.function, texts, NATIVE.get(node.function))
        settings = len(CATALOGUE[node.function].defaults)
        texts[-settings:] = [piece.text for piece in pieces[-settings:]]
        return self._function(f"{node.function}_loss", texts, plain)

    def _of_plain_numbers(self, node: Call, pieces: list[Piece]) -> Operation | None:
        """What torch has for a function whose last arguments are plain numbers, as they are here."""
        sometimes = SOMETIMES.get(node.function)
        if sometimes is None or sometimes.plain is None:
            return None
        tensors = (
            torch.zeros((), requires_grad=True) if piece.tensor else forward(one, {}, self.form)[id(one)]
            for piece, one in zip(pieces, node.arguments, strict=True)
        )
        return sometimes.plain if sometimes.takes(*tensors) else None

    def _number(self, node: Node) -> Piece:
        """A constant as the number that the engine computes for it."""
        if isinstance(node, Number):
            value = self.form.nearest(node.value)
        elif isinstance(node, Constant):
            if self.form.name == "float64":
                return Piece(f"math.{node.name}", ATOM, tensor=False)
            value = self.form.nearest(Fraction(CONSTANTS[node.name]))
        else:
            found: Any = forward(node, {}, self.form)[id(node)].tolist()
            if not isinstance(found, float):  # an array, or what a comparison gives
                return Piece(f"torch.tensor({numbers(found)})", ATOM, tensor=True)
            value = found
        return Piece(literal(value), NEGATION if math.copysign(1.0, value) < 0 else ATOM, tensor=False)

    def _function(self, name: str, arguments: list[str], operation: Operation | None) -> str:
        """A call of an operation; a helper of that name is written where torch has no name for it."""
        if isinstance(operation, partial):
            arguments = [*arguments, *(f"{key}={one!r}" for key, one in operation.keywords.items())]
            operation = operation.func
        own = None if operation is None else of_torch(operation, name)
        if own is None and name not in self.helpers:
            self.helpers[name] = []  # taken, while the functions that it calls are written
            self.helpers[name] = self._helper(name)
        return f"{own or name}({', '.join(arguments)})"

    def _helper(self, name: str) -> list[str]:
        row = CATALOGUE.get(name)
        if name in HELPERS:
            parameters, *lines = HELPERS[name]
        elif row is not None and row.definition is not None and name not in NATIVE:
            names = identifiers(row.parameters)
            parameters, lines = ", ".join(names.values()), self.body([(None, rule(row.definition))], names)
        else:
            raise UsageError(f"there is no code in torch for `{name}`")
        return [f"def {name}({parameters}):", *(f"    {line}" for line in lines)]


def literal(value: float) -> str:
    """A number as Python reads it back."""
    if not math.isfinite(value):
        return f"float('{value}')"
    return str(int(value)) if value.is_integer() and abs(value) < WHOLE and str(value) != "-0.0" else repr(value)


def numbers(value: Any) -> str:
    """Nested lists of numbers, each a float, as Python reads them back."""
    if isinstance(value, list):
        return f"[{', '.join(map(numbers, value))}]"
    return repr(value) if not isinstance(value, float) or math.isfinite(value) else literal(value)


def function(problem: Problem, name: str, names: Mapping[str, str]) -> list[str]:
    """The lines that define the problem's expression as a function `name` of its variables, helpers first."""
    assert problem.point is not None
    printer = Printer(problem.format)
    body = printer.body(_unfolded(problem), names)
    parameters = ", ".join(names[variable] for variable in problem.point)
    own = [f"def {name}({parameters}):", *(f"    {line}" for line in body)]
    return [line for block in (*printer.helpers.values(), own) for line in ("", "", *block)]


def _unfolded(problem: Problem) -> list[tuple[str | None, Node]]:
    """The problem's definitions in functions that torch has, and in elementwise ones."""
    shapes = dict(problem.shapes)
    found = []
    for one in problem.definitions:
        found.append((one.name, unfolded(one.body, shapes, NATIVE)))
        shapes[one.name or ""] = infer(one.whole, problem.shapes)[id(one.whole)]
    return found


def _constants(order: Sequence[Node]) -> set[int]:
    """The ids of the nodes that no variable is part of."""
    found: set[int] = set()
    for node in order:
        if not isinstance(node, Name) and all(id(child) in found for child in children(node)):
            found.add(id(node))
    return found


def _left(node: Call, piece: Piece, strength: int) -> str:
    """The left operand. Python divides a number by a tensor through the reciprocal, which rounds twice."""
    if node.function == "div" and not piece.tensor:
        return piece.as_tensor()
    return piece.within(strength)


def _unused(index: int, names: Mapping[str, str]) -> str:
    """A name for a line of its own."""
    name = f"t{index + 1}"
    while name in names.values():
        name += "_"
    return name
