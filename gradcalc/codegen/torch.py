"""An expression as a Python function on torch tensors, printed from the tree: the operations that the engine runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from gradcalc.arrays.infer import infer
from gradcalc.arrays.unfold import unfolded
from gradcalc.base.errors import UsageError
from gradcalc.base.floating import Format
from gradcalc.calculus.straight_line import without_names
from gradcalc.codegen import torch_arrays
from gradcalc.codegen.identifiers import identifiers
from gradcalc.codegen.language import sizes
from gradcalc.codegen.lines import Piece, block
from gradcalc.codegen.torch_functions import HELPERS, NATIVE, of_torch
from gradcalc.engines.torch import torch
from gradcalc.engines.torch.functions import SOMETIMES, Operation
from gradcalc.engines.torch.program import CONSTANTS, forward
from gradcalc.functions import ARRAY_FUNCTIONS, CATALOGUE
from gradcalc.functions.function import rule
from gradcalc.functions.printer import ATOM, BINARY, NEGATION
from gradcalc.problem.problem import Problem
from gradcalc.syntax.tree import Call, Constant, Node, Number

WHOLE = 2**53  # numbers from here on are written as floats


class Printer:
    """Prints trees; collects the functions that torch has no name for."""

    def __init__(self, form: Format, made: str = "torch.tensor") -> None:
        self.form = form
        self.made = made  # what makes a tensor of a number
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
        before, (piece,) = block([root], self, names, shared=False, first=len(lines))
        lines += before
        return self.as_tensor(piece)

    def as_tensor(self, piece: Piece) -> str:
        """The text of a tensor, whatever it was."""
        if piece.tensor:
            return piece.text
        whole = piece.text.lstrip("-").isdigit()
        return f"{self.made}({piece.text}.0)" if whole else f"{self.made}({piece.text})"

    def folded(self, order: Sequence[Node]) -> set[int]:
        """Only the largest constant parts are printed, each as one number."""
        return without_names(order)

    def assigned(self, name: str, piece: Piece) -> str:
        """The line that gives a piece a name."""
        return f"{name} = {piece.text}"

    def call(self, node: Call, arguments: list[Piece]) -> Piece:
        """A call of what is printed already, in torch's operations."""
        depth = 1 + max(piece.depth for piece in arguments)
        if node.function == "neg":
            return Piece(f"-{arguments[0].within(NEGATION)}", NEGATION, tensor=True, depth=depth)
        if node.function in BINARY:
            symbol, strength, left, right = BINARY[node.function]
            text = self.left(node, arguments[0], left) + symbol + arguments[1].within(right)
            return Piece(text, strength, tensor=True, depth=depth)
        return Piece(self.called(node, arguments), ATOM, tensor=True, depth=depth)

    def left(self, node: Call, piece: Piece, strength: int) -> str:
        """The left operand. Python divides a number by a tensor through the reciprocal, which rounds twice."""
        if node.function == "div" and not piece.tensor:
            return self.as_tensor(piece)
        return piece.within(strength)

    def called(self, node: Call, pieces: list[Piece]) -> str:
        """A function of tensors and, for one of arrays, of whole numbers."""
        row = ARRAY_FUNCTIONS.get(node.function)
        if row is None:
            return self._elementwise(node, pieces)
        inside = [self.as_tensor(piece) for piece in row.parted(pieces)[0]]
        numbers = sizes(node)
        if node.function not in torch_arrays.SPELLED:
            return self.function(
                node.function, [*inside, *map(str, numbers), *self.typed(node)], NATIVE.get(node.function)
            )
        if (helper := torch_arrays.helper(node.function, numbers)) is not None:
            self.function(helper, [], None)
        if node.function == "index" and pieces[0].strength < ATOM:
            inside = [f"({inside[0]})"]
        return torch_arrays.SPELLED[node.function](*inside, *numbers)

    def _elementwise(self, node: Call, pieces: list[Piece]) -> str:
        """A function of numbers; its last arguments are plain numbers of Python where torch's own takes them."""
        texts = [self.as_tensor(piece) for piece in pieces]
        plain = self._of_plain_numbers(node, pieces)
        if plain is None:
            return self.function(node.function, texts, NATIVE.get(node.function))
        settings = len(CATALOGUE[node.function].defaults)
        texts[-settings:] = [piece.text for piece in pieces[-settings:]]
        return self.function(f"{node.function}_loss", texts, plain)

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

    def number(self, node: Node) -> Piece:
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

    def function(self, name: str, arguments: list[str], operation: Operation | None) -> str:
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
            parameters, lines = ", ".join(names.values()), self.defined(row.definition, names)
        else:
            raise UsageError(f"there is no code in torch for `{name}`")
        return [f"def {name}({parameters}):", *(f"    {line}" for line in lines)]

    def defined(self, definition: str, names: Mapping[str, str]) -> list[str]:
        """The body of a helper."""
        return self.body([(None, rule(definition))], names)

    def typed(self, node: Call) -> list[str]:
        """What a function of sizes alone is told besides."""
        return []


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
